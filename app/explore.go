package app

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

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
	ended := quitOnSignal(program)
	_, err = program.Run()
	if signal := ended(); signal != nil {
		return signal
	}
	switch {
	case m.crash != nil:
		return m.crash.Report(o.Debug)
	case err != nil && !errors.Is(err, tea.ErrProgramKilled):
		return err
	}
	return nil
}

// quitOnSignal ends the program in order, with the terminal restored, on the signals that would end it without.
// The function that it returns stops listening and tells which signal came first, as signalled; nil for none.
func quitOnSignal(program *tea.Program) func() error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	ended, end := context.WithCancelCause(context.Background())
	go func() {
		for s := range signals {
			if number, ok := s.(syscall.Signal); ok {
				end(session.Signalled(number))
			}
			program.Quit()
		}
	}()
	return func() error {
		signal.Stop(signals)
		close(signals)
		return context.Cause(ended)
	}
}
