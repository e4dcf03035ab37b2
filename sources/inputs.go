package sources

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// InputError says in one line why an input could not be read.
type InputError struct {
	Input   string // as it was named, or found in a directory
	Problem string
	Err     error // the cause; nil where there is none
}

// Error returns "input: problem".
func (e *InputError) Error() string { return e.Input + ": " + e.Problem }

// Unwrap returns the cause.
func (e *InputError) Unwrap() error { return e.Err }

// expanded is what an input stands for.
type expanded struct {
	files []string
	odd   []*InputError // FIFOs, sockets and devices that were met and are not opened: one would wait for its writer
	dir   bool          // the input is a directory
}

// expand turns an input as it was named into names of files: a directory into the files below it, a glob into
// what it matches, for shells that leave it alone. A FIFO or a device is opened only where it is named itself.
func expand(input string) (x expanded, failure *InputError) {
	if input == "-" {
		return expanded{files: []string{input}}, nil
	}
	info, err := os.Stat(input)
	switch {
	case err == nil && info.IsDir():
		x.dir = true
		if err := x.walk(input); err != nil {
			return x, &InputError{Input: input, Problem: describe(err), Err: err}
		}
		return x, nil
	case err == nil:
		return expanded{files: []string{input}}, nil
	case !strings.ContainsAny(input, "*?["):
		return x, &InputError{Input: input, Problem: describe(err), Err: err}
	}
	list, globErr := filepath.Glob(input)
	if globErr != nil {
		return x, &InputError{Input: input, Problem: "is neither a file nor a pattern: " + globErr.Error(), Err: globErr}
	}
	for _, name := range list {
		info, err := os.Stat(name)
		switch {
		case err != nil:
			x.files = append(x.files, name) // reading it says why
		case !info.IsDir():
			x.Add(name, info.Mode())
		}
	}
	if len(x.files) == 0 {
		problem := "no file matches this pattern"
		if len(x.odd) > 0 {
			problem = "no regular file matches this pattern; " + x.odd[0].Error()
		}
		return x, &InputError{Input: input, Problem: problem, Err: err}
	}
	return x, nil
}

// Add takes a file that was met, by what it is.
func (x *expanded) Add(name string, mode fs.FileMode) {
	var what string
	switch {
	case mode.IsRegular():
		x.files = append(x.files, name)
		return
	case mode&fs.ModeNamedPipe != 0:
		what = "a FIFO"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	default:
		what = "a device"
	}
	x.odd = append(x.odd, &InputError{Input: name, Problem: "is " + what + ", read only if named explicitly"})
}

// walk lists the files below a directory in lexical order, without hidden ones. A directory below it that cannot be
// read is listed as if it were a file, so that reading it says why; the root must be readable.
func (x *expanded) walk(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == root:
			return err
		case err != nil:
			x.files = append(x.files, path)
			return nil //nolint:nilerr // reading it fails again, as the comment says
		case path != root && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				x.Add(path, info.Mode())
			}
		default:
			x.Add(path, d.Type())
		}
		return nil
	})
}

// emptyDirectory is the failure of a directory in which no file is a trace.
func emptyDirectory(input string, skipped []*InputError) *InputError {
	if len(skipped) == 0 {
		return &InputError{Input: input, Problem: "is an empty directory, expected trace exports"}
	}
	return &InputError{Input: input, Problem: fmt.Sprintf(
		"is a directory without trace exports (%d files, first: %s)", len(skipped), skipped[0])}
}

// skippedFiles is the notice about files of a directory that are no traces, or cannot be read. It names the latter
// first: other files are expected in a directory, traces that are missing are not.
func skippedFiles(input string, skipped []*InputError) trace.Notice {
	unread := 0
	ordered := make([]*InputError, 0, len(skipped))
	for _, failure := range skipped {
		if failure.Err != nil {
			ordered = slices.Insert(ordered, unread, failure)
			unread++
		} else {
			ordered = append(ordered, failure)
		}
	}
	n := trace.Notice{Kind: decode.NoticeFiles, Input: input, Count: len(ordered)}
	for _, failure := range ordered[:min(len(ordered), decode.NotedPlaces)] {
		n.Places = append(n.Places, failure.Error())
	}
	switch first := ordered[0].Error(); {
	case len(ordered) == 1:
		n.Message = "1 file skipped: " + first
	case unread > 0:
		n.Message = fmt.Sprintf("%d files skipped, %d of them not readable, first: %s", len(ordered), unread, first)
	default:
		n.Message = fmt.Sprintf("%d files skipped, first: %s", len(ordered), first)
	}
	return n
}
