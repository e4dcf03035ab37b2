package session

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"tracefall/sources/trace"
	"tracefall/views/style"
)

// The themes that auto chooses from.
const (
	ThemeDark    = "dark"
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

// ByEnvironment returns what auto chooses where the environment says how bright the terminal's background is. COLORFGBG is
// set by rxvt, Konsole and others: the numbers of the colours of text and background, with something between them in some.
// Light are white and what is bright, but for bright black.
func ByEnvironment(theme *style.Theme, env func(string) string) *style.Theme {
	value := env("COLORFGBG")
	n, err := strconv.Atoi(value[strings.LastIndexByte(value, ';')+1:])
	switch {
	case !theme.Auto || err != nil || !strings.Contains(value, ";"):
		return theme
	case n == 7 || n > 8 && n < 16:
		return AutoTheme(theme, ThemeLight)
	case n >= 0 && n <= 8:
		return AutoTheme(theme, ThemeDark)
	}
	return theme
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
