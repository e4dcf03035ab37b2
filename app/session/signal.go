package session

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Signalled is the end by a signal: the status is the shell's convention for it, and there is nothing to say.
type Signalled syscall.Signal

func (s Signalled) Error() string { return syscall.Signal(s).String() }

// UntilSignal returns a context that ends with the first of the signals that would end the program, which is its cause
// then, as Signalled; and a function that stops listening.
func UntilSignal() (context.Context, func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	ctx, end := context.WithCancelCause(context.Background())
	go func() {
		if number, ok := (<-signals).(syscall.Signal); ok { // not when the channel is closed
			end(Signalled(number))
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
	}
}
