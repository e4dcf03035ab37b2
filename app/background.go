package app

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tracefall/app/session"
	"tracefall/views/style"
)

// The theme auto: the terminal is asked how bright its background is, nothing waits for the answer, and a terminal that
// gives none keeps what it has. Dark terminals are sent the same frames as if nobody had asked, light ones one more.

// background keeps the theme that auto chooses.
type background struct{ *session.Settings }

// ask returns the question, nil where the theme is settled. What the environment says holds until then.
func (b *background) ask() tea.Cmd {
	if !b.Theme.Auto {
		return nil
	}
	if lightByEnv(b.World.Env("COLORFGBG")) {
		b.wear(session.ThemeLight)
	}
	return tea.RequestBackgroundColor
}

// profiled takes what the terminal can show.
func (b *background) profiled(p colorprofile.Profile) { b.Theme = session.OnTerminal(b.Theme, p) }

// lit takes the colour of the background.
func (b *background) lit(msg tea.BackgroundColorMsg) {
	if !b.Theme.Auto || b.Theme.Name == session.ThemeSixteen {
		return
	}
	name := session.ThemeLight
	if msg.IsDark() {
		name = style.Auto
	}
	b.wear(name)
}

// wear changes the theme that auto has chosen.
func (b *background) wear(name string) { b.Theme = session.AutoTheme(b.Theme, name) }

// choose takes the theme that the person asked for, and asks the terminal where that is auto.
func (b *background) choose(name string) tea.Cmd {
	theme, err := style.New(name, b.Theme.ASCII)
	if err != nil {
		return nil // only names of themes are offered
	}
	b.Theme = &theme
	return b.ask()
}

// lightByEnv reports what COLORFGBG says, as rxvt, Konsole and others set it: the numbers of the colours of text and
// background, with something between them in some. Light are white and what is bright, but for bright black.
func lightByEnv(value string) bool {
	_, last, ok := strings.Cut(value, ";")
	if !ok {
		return false
	}
	n, err := strconv.Atoi(last[strings.LastIndexByte(last, ';')+1:])
	return err == nil && (n == 7 || n > 8 && n < 16)
}
