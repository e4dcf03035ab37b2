package session

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

// Report says in one line that the program crashed, and writes the stack to a file where one is named.
func (c *Crash) Report(path string) error {
	if path == "" {
		return fmt.Errorf("%w; run again with --debug FILE to get the stack trace", c)
	}
	if err := os.WriteFile(path, append([]byte(c.Error()+"\n\n"), c.Stack...), 0o600); err != nil {
		return fmt.Errorf("%w; stack trace not written: %w", c, err)
	}
	return fmt.Errorf("%w; stack trace in %s", c, path)
}

// Crash is a panic, as an error.
type Crash struct {
	cause any
	Stack []byte
}

func (c *Crash) Error() string { return fmt.Sprintf("internal error: %v", c.cause) }

// FileChanged reports whether the panic was a fault of memory: a mapped file that became shorter under the program.
func (c *Crash) FileChanged() bool {
	_, ok := c.cause.(interface{ Addr() uintptr })
	return ok
}

// Guard runs work and returns a panic as a *Crash. A fault of memory is one too, instead of the end of the
// process.
func Guard[T any](work func() (T, error)) (value T, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = &Crash{cause, debug.Stack()}
		}
	}()
	return work()
}

// Throttle returns a function that calls f at most once in a time, not before a first delay; the calls between are
// dropped.
func Throttle[T any](after, every time.Duration, f func(T)) func(T) {
	next := time.Now().Add(after)
	return func(value T) {
		if now := time.Now(); !now.Before(next) {
			next = now.Add(every)
			f(value)
		}
	}
}
