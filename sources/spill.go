package sources

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/dustin/go-humanize"
)

// spillFrom is how many bytes are kept in memory; more go to a temporary file, so that a large compressed file
// does not fill it.
const spillFrom = 64 << 20

// spill gathers bytes in memory and, when they become many, in a file that nobody else sees.
type spill struct {
	dir   string // for the file; "": the system's
	limit int    // bytes kept in memory; 0: spillFrom
	most  int64  // bytes in all; 0: no bound
	blank bool   // nothing but NUL bytes came so far
	mem   []byte
	file  *os.File
	n     int
}

// spillError is a problem with the temporary file, not with the input.
type spillError struct {
	dir  string
	err  error
	most int64 // bytes that were allowed
}

// errTooLarge and errBlank end what would fill the disk before anybody knows whether it is a trace.
var (
	errTooLarge = errors.New("more than may be spooled")
	errBlank    = errors.New("nothing but NUL bytes")
)

// blankMost is how many NUL bytes may come before anything else: a file whose writer was cut off holds some.
const blankMost = 64 << 20

func (e *spillError) Error() string {
	switch {
	case errors.Is(e.err, errTooLarge):
		return fmt.Sprintf("needs more than %s of temporary space in %s: raise it with --spool-limit SIZE", sizeText(e.most), e.dir)
	case errors.Is(e.err, errBlank):
		return fmt.Sprintf("begins with %s of NUL bytes, expected a trace export", sizeText(blankMost))
	}
	reason := e.err
	var path *os.PathError
	if errors.As(e.err, &path) {
		reason = path.Err
	}
	return fmt.Sprintf("no space to decompress in %s: %v; set TMPDIR to a directory with free space", e.dir, reason)
}

func sizeText(n int64) string { return humanize.IBytes(uint64(n)) }

func (e *spillError) Unwrap() error { return e.err }

func (s *spill) fault(err error) error { return &spillError{s.Place(), err, s.most} }

// Place is the directory of the file.
func (s *spill) Place() string { return cmp.Or(s.dir, os.TempDir()) }

func (s *spill) size() int { return s.n }

// head returns what is in memory: the beginning, or nothing once that went to a file. It stays as it is.
func (s *spill) head() []byte { return s.mem[:len(s.mem):len(s.mem)] }

// Write keeps a copy of p.
func (s *spill) Write(p []byte) (int, error) {
	if s.limit == 0 {
		s.limit = spillFrom
	}
	if s.file == nil && s.n+len(p) > s.limit {
		if err := s.Open(); err != nil {
			return 0, s.fault(err)
		}
	}
	if s.most > 0 && int64(s.n+len(p)) > s.most {
		return 0, s.fault(errTooLarge)
	}
	if s.blank = (s.blank || s.n == 0) && len(bytes.Trim(p, "\x00")) == 0; s.blank && s.n+len(p) > blankMost {
		return 0, s.fault(errBlank)
	}
	s.n += len(p)
	if s.file == nil {
		s.mem = append(s.mem, p...)
		return len(p), nil
	}
	n, err := s.file.Write(p)
	if err != nil {
		err = s.fault(err)
	}
	return n, err
}

func (s *spill) Open() error {
	f, err := os.CreateTemp(s.dir, "tracefall-*")
	if err != nil {
		return err
	}
	s.file = f
	if err := unlinked(f); err != nil {
		return errors.Join(err, s.discard())
	}
	_, err = f.Write(s.mem)
	s.mem = nil
	return err
}

// discard lets go of the file.
func (s *spill) discard() error {
	if s.file == nil {
		return nil
	}
	name := s.file.Name()
	err := s.file.Close()
	s.file = nil
	if rmErr := os.Remove(name); rmErr != nil && !errors.Is(rmErr, os.ErrNotExist) {
		err = errors.Join(err, rmErr)
	}
	return err
}

// Finish returns what was written and how to let go of it.
func (s *spill) Finish() ([]byte, func() error, error) {
	if s.file == nil {
		return s.mem, func() error { return nil }, nil
	}
	data, release, err := mapFile(s.file, s.n)
	if err != nil {
		data, err = os.ReadFile(s.file.Name())
		return data, func() error { return nil }, errors.Join(err, s.discard())
	}
	return data, release, s.discard()
}
