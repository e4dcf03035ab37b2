package app

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/app/terminal"
	"tracefall/views/draw"
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
	cancel()
	if o.Backends != nil {
		o.Backends.Wait()
	}
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
