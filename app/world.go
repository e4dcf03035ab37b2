package app

import (
	"fmt"
	"io"
	"io/fs"

	"tracefall/sources"
	"tracefall/views/draw"
)

// World is everything outside that the program is run with.
type World struct {
	Args    []string // without the program's name
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Env     func(string) string
	Environ []string
	Demo    fs.FS // the built-in demo incidents

	reading sources.Options // what flags and configuration say about reading
}

// complain prints an error as one line, or one line each where several are joined. It may quote hostile text.
func complain(w io.Writer, err error) {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range all.Unwrap() {
			complain(w, one)
		}
		return
	}
	_, _ = fmt.Fprintf(w, "tracefall: %s\n", draw.Clean(err.Error())) // nowhere left to complain to
}
