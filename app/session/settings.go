package session

import (
	"time"

	"github.com/charmbracelet/colorprofile"

	"tracefall/app/config"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/style"
)

// Settings are what flags, environment and configuration come to, for every command and the explorer.
type Settings struct {
	World  *World
	Config config.Config
	Theme  *style.Theme
	Clock  views.ClockMode

	Backends *Backends  // that inputs can name
	Answered []*Request // what backends were asked for a command that prints, in this order
}

// LocalZone is the zone of the person at the terminal.
func LocalZone() *time.Location { return time.Local }

// Thresholds returns what holds: the defaults, and what the configuration says instead.
func (s *Settings) Thresholds() rule.Thresholds {
	if s.Config.Thresholds == nil {
		return diagnose.DefaultThresholds()
	}
	return s.Config.Thresholds
}

// ClockFor returns how times are shown; relative ones count from zero.
func (s *Settings) ClockFor(zero int64) views.Clock {
	return views.Clock{Mode: s.Clock, Zone: LocalZone(), Zero: zero}
}

// The themes that auto chooses from, beside the default for dark terminals.
const (
	ThemeLight   = "light"
	ThemeSixteen = "16"
)

// AutoTheme returns the theme that auto has chosen.
func AutoTheme(auto *style.Theme, name string) *style.Theme {
	theme, err := auto.Named(name)
	if err != nil {
		return auto
	}
	theme.Auto = true
	return &theme
}

// OnTerminal returns the theme for what a terminal can show. Of 16 colours the names are used where the theme was left to
// the terminal, as they suit whatever its background is.
func OnTerminal(theme *style.Theme, p colorprofile.Profile) *style.Theme {
	switch {
	case p == colorprofile.ANSI && theme.Auto:
		return AutoTheme(theme, ThemeSixteen)
	case p == colorprofile.ANSI256:
		indexed := theme.Indexed()
		return &indexed
	}
	return theme
}

// ServiceColours returns the theme with a colour of its own for each service of a set, as long as there are colours.
func ServiceColours(theme *style.Theme, set *trace.Set) *style.Theme {
	names := make([]string, set.Resources())
	for i := range names {
		names[i] = set.Resource(i).Service()
	}
	own := theme.For(names)
	return &own
}
