package app

import (
	"context"
	"errors"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tracefall/app/session"
	"tracefall/app/terminal"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Options are what the explorer is opened with.
type Options struct {
	session.Settings
	asked

	Where      string            // the query
	Note       string            // of diff, for the screen: what was picked
	AskedSets  *AskedSets        // the sets that diff compares on the screen, nil for none
	DiffReveal bool              // it shows secrets
	Incident   *session.Incident // of the demo that is opened alone, nil for none
	Watch      bool              // the backend is asked again every few seconds
	NoMouse    bool
	Debug      string // the file for the stack of a crash, "" for none
}

// Explore opens the explorer and returns when the person has left it.
func Explore(ctx context.Context, o *Options, inputs []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m, err := newModel(ctx, o, inputs)
	if err != nil {
		return err
	}
	m.standIns = &draw.StandIns{}
	program := tea.NewProgram(m,
		tea.WithContext(ctx),
		tea.WithOutput(terminal.New(o.World.Stdout, m.standIns)),
		tea.WithEnvironment(o.World.Environ),
		tea.WithoutSignalHandler(), // Bubble Tea's own does not know SIGHUP
	)
	m.jobs.send = program.Send
	signalled, stop := session.UntilSignal()
	defer stop()
	context.AfterFunc(signalled, program.Quit) // in order, with the terminal restored
	_, err = program.Run()
	if signalled.Err() != nil {
		return context.Cause(signalled)
	}
	switch {
	case m.crash != nil:
		return m.crash.Report(o.Debug)
	case err != nil && !errors.Is(err, tea.ErrProgramKilled):
		return err
	}
	return nil
}

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
