package cli

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"tracefall/app"
	"tracefall/app/config"
	"tracefall/app/session"
	"tracefall/views/style"
)

// options are the flags of the command line, and the settings they give together with environment and configuration.
type options struct {
	app.Options
	global *pflag.FlagSet

	configFile, theme, time string
	spool                   string
	ascii                   bool
	draw, zoom              string
	backend                 session.BackendFlags
}

// settle works out what holds: flags before environment before configuration file.
func (o *options) settle() error {
	var err error
	if o.Config, err = config.Read(o.configFile, app.CommandNames); err != nil {
		return err
	}
	if err := o.settleReading(); err != nil {
		return err
	}
	o.World.Reading.Formats = o.Config.Formats
	colourless := ""
	if o.World.Env("NO_COLOR") != "" {
		colourless = "none"
	}
	ascii := o.Config.ASCII || !speaksUnicode(o.World.Env)
	if o.global.Changed("ascii") {
		ascii = o.ascii
	}
	theme, err := style.New(cmp.Or(o.theme, colourless, o.World.Env("TRACEFALL_THEME"), o.Config.Theme), ascii)
	if err != nil {
		return err
	}
	if theme, err = theme.With(o.Config.Style); err != nil {
		return err
	}
	o.Theme = &theme
	o.NoMouse = o.NoMouse || o.Config.Mouse != nil && !*o.Config.Mouse
	if o.Clock, err = config.ParseClock(cmp.Or(o.time, o.Config.Time)); err != nil {
		return err
	}
	o.Backends, err = session.NewBackends(&o.Settings, o.backend)
	return err
}

// namesBackend reports whether flags or environment name a backend, so that no input needs to.
func (o *options) namesBackend() bool {
	b := o.backend
	return cmp.Or(b.Backend, b.Jaeger, b.Tempo, b.URL, o.World.Env("TRACEFALL_BACKEND")) != ""
}

// inputs reads the arguments of a command that needs inputs, and adds what they ask for to its query.
func (o *options) inputs(args []string, where string) ([]string, string, error) {
	return o.Backends.Inputs(args, where, true)
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
	o.World.Reading.SpoolLimit = int64(n)
	return nil
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
