package session

import (
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"

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

// Version returns what the build says: a tag, or the revision it was made from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}
