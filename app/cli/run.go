package cli

import (
	"context"
	"errors"
	"syscall"

	"tracefall/app/session"
)

// The exit statuses.
const (
	exitOK       = 0
	exitFindings = 1 // findings, a difference, no match
	exitUsage    = 2 // an input or usage error
)

// errNoMatch says that a query matched nothing. It is an answer, not a mistake, and is not printed as one.
var errNoMatch = errors.New("no match")

// Run runs the program and returns its exit status. Errors are one line each on standard error.
func Run(ctx context.Context, w session.World) int {
	root := newRoot(&w)
	root.SetArgs(w.Args)
	root.SetIn(w.Stdin)
	root.SetOut(w.Stdout)
	root.SetErr(w.Stderr)
	_, err := session.Guard(func() (any, error) { return nil, root.ExecuteContext(ctx) })
	s, signalled := errors.AsType[session.Signalled](err)
	c, crashed := errors.AsType[*session.Crash](err)
	switch {
	case signalled:
		return 128 + int(s)
	case errors.Is(err, session.ErrFailedInputs):
		return exitUsage
	case crashed && c.FileChanged():
		err = errors.New("a file became shorter while it was read: copy it and open the copy")
	case err == nil, errors.Is(err, syscall.EPIPE):
		return exitOK
	case errors.Is(err, errNoMatch), errors.Is(err, errFindings), errors.Is(err, errDifference):
		return exitFindings
	case errors.Is(err, context.Canceled):
		return exitUsage
	}
	session.Complain(w.Stderr, err)
	return exitUsage
}
