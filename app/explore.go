package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	tea "charm.land/bubbletea/v2"

	"tracefall/views/draw"
)

// Options are what the explorer is opened with.
type Options struct {
	Settings

	where, trace, span, fold, view, by, compare, finding string

	shown      look       // how the waterfall is drawn
	note       string     // of diff, for the screen: what was picked
	askedSets  *askedSets // the sets that diff compares on the screen, nil for none
	diffReveal bool       // it shows secrets
	incident   *incident  // of the demo that is opened alone, nil for none
	noMouse    bool
	debug      string // the file for the stack of a crash, "" for none
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
		tea.WithOutput(newTerminal(o.world.Stdout, m.standIns)),
		tea.WithEnvironment(o.world.Environ),
		tea.WithoutSignalHandler(), // Bubble Tea's own does not know SIGHUP
	)
	m.jobs.send = program.Send
	ended := quitOnSignal(program)
	_, err = program.Run()
	if s := ended(); s != 0 {
		return signalled(s)
	}
	switch {
	case m.crash != nil:
		return m.crash.report(o.debug)
	case err != nil && !errors.Is(err, tea.ErrProgramKilled):
		return err
	}
	return nil
}

// quitOnSignal ends the program in order, with the terminal restored, on the signals that would end it without.
// The function that it returns stops listening and tells which signal came, 0 for none.
func quitOnSignal(program *tea.Program) func() syscall.Signal {
	signals := make(chan os.Signal, 1)
	came := make(chan syscall.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for s := range signals {
			if number, ok := s.(syscall.Signal); ok {
				select {
				case came <- number:
				default:
				}
			}
			program.Quit()
		}
	}()
	return func() syscall.Signal {
		signal.Stop(signals)
		close(signals)
		select {
		case s := <-came:
			return s
		default:
			return 0
		}
	}
}

// signalled is the end by a signal: the status is the shell's convention for it, and there is nothing to say.
type signalled syscall.Signal

func (s signalled) Error() string { return syscall.Signal(s).String() }

// report says in one line that the program crashed, and writes the stack to a file where one is named.
func (c *crash) report(path string) error {
	if path == "" {
		return fmt.Errorf("%w; run it again with --debug FILE to have the stack written there", c)
	}
	if err := os.WriteFile(path, append([]byte(c.Error()+"\n\n"), c.stack...), 0o600); err != nil {
		return fmt.Errorf("%w; the stack could not be written: %w", c, err)
	}
	return fmt.Errorf("%w; the stack is in %s", c, path)
}
