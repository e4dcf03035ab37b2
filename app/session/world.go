package session

import (
	"context"
	"fmt"
	"io"
	"io/fs"

	"tracefall/sources"
	"tracefall/views/draw"
)

// Open reads the inputs of a command that prints. Inputs that cannot be read are said on standard error; the
// error is ErrFailedInputs then, and the result holds what the others gave.
func (w *World) Open(ctx context.Context, inputs []string) (*sources.Result, error) {
	show := newProgressLine(w.Stderr)
	opt := w.Reading
	opt.Progress = func(p sources.Progress) { show.say(func() string { return ProgressText(p) }) }
	result, err := OpenInputs(ctx, inputs, w.Stdin, w.Demo, opt)
	show.clear()
	if err != nil {
		return nil, err
	}
	for _, failure := range result.Failures {
		Complain(w.Stderr, failure)
		err = ErrFailedInputs
	}
	return result, err
}

// World is everything outside that the program is run with.
type World struct {
	Args    []string // without the program's name
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Env     func(string) string
	Environ []string
	Demo    fs.FS // the built-in demo incidents

	Reading sources.Options // what flags and configuration say about reading
}

// Complain prints an error as one line, or one line each where several are joined. It may quote hostile text.
func Complain(w io.Writer, err error) {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range all.Unwrap() {
			Complain(w, one)
		}
		return
	}
	_, _ = fmt.Fprintf(w, "tracefall: %s\n", draw.Clean(err.Error())) // nowhere left to complain to
}
