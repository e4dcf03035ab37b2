package app

import (
	"fmt"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"tracefall/views"
	"tracefall/views/style"
)

// options is what the command line says, and what it comes to together with environment and configuration.
type options struct {
	Options
	global *pflag.FlagSet

	configFile, theme, time string
	spool                   string
	ascii                   bool
	draw, zoom              string
}

// settle works out what holds: flags before environment before configuration file.
func (o *options) settle() error {
	var err error
	if o.config, err = readConfig(o.configFile, commandNames()); err != nil {
		return err
	}
	if err := o.settleReading(); err != nil {
		return err
	}
	o.world.reading.Formats = o.config.formats
	name := o.config.Theme
	if env := o.world.Env("TRACEFALL_THEME"); env != "" {
		name = env
	}
	if o.world.Env("NO_COLOR") != "" {
		name = "none"
	}
	if o.theme != "" {
		name = o.theme
	}
	ascii := o.config.ASCII || !speaksUnicode(o.world.Env)
	if o.global.Changed("ascii") {
		ascii = o.ascii
	}
	theme, err := style.New(name, ascii)
	if err != nil {
		return err
	}
	o.look = &theme
	if o.config.Mouse != nil && !*o.config.Mouse {
		o.noMouse = true
	}
	mode := o.config.Time
	if o.time != "" {
		mode = o.time
	}
	o.clock, err = parseClock(mode)
	return err
}

// settleReading works out how inputs are read.
func (o *options) settleReading() error {
	if o.spool == "" {
		return nil
	}
	n, err := humanize.ParseBytes(o.spool)
	if err != nil || n == 0 || n > math.MaxInt64 {
		return fmt.Errorf("--spool-limit %q: expected a size such as 500MB or 20GiB", o.spool)
	}
	o.world.reading.SpoolLimit = int64(n)
	return nil
}

// clockModes are the names of the ways to show a time, in the order of views.ClockMode.
var clockModes = [...]string{"utc", "local", "relative"}

func parseClock(name string) (views.ClockMode, error) {
	if name == "" {
		return views.ClockUTC, nil
	}
	for i, known := range clockModes {
		if name == known {
			return views.ClockMode(i), nil
		}
	}
	return 0, fmt.Errorf("unknown time mode %q: expected one of %s", name, strings.Join(clockModes[:], ", "))
}

// speaksUnicode reports whether the locale allows more than ASCII. A locale that is not set does: containers and
// bastions often have none, and their terminals speak UTF-8 all the same.
func speaksUnicode(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(env(name)); locale != "" {
			return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
		}
	}
	return true
}
