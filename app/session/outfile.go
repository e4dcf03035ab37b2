package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// WriteFile writes a document to a file as a shell's redirection would: a new file has the permissions that the umask leaves,
// an existing one keeps its own and must be writable, links are followed, and what is no regular file (a FIFO, a device) is
// written into. Unlike a redirection a regular file appears whole or not at all: also when a signal ends the program, which
// then is the error.
func WriteFile(path string, write func(io.Writer) error) error {
	err := writeFile(path, write)
	_, signalled := errors.AsType[Signalled](err)
	switch {
	case err == nil, signalled:
		return err
	case errors.Is(err, syscall.EISDIR):
		return fmt.Errorf("%s: is a directory, expected a file to write", path)
	}
	return fmt.Errorf("%s: cannot be written: %w", path, bare(err))
}

// WriteNew writes a document to a new file that only the user can read, and returns its name: path, or where that is there
// already path with a number before its extension. What could not be written whole is removed.
func WriteNew(path string, write func(io.Writer) error) (string, error) {
	extension := filepath.Ext(path)
	name := path
	for n := 2; ; n++ {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, extension), n, extension)
			continue
		}
		if err == nil {
			if err = errors.Join(Buffered(f, write), f.Close()); err == nil {
				return name, nil
			}
			_ = os.Remove(name) // it says less than the error that is returned
		}
		return "", fmt.Errorf("%s: cannot be written: %w", name, bare(err))
	}
}

// Buffered writes through a buffer.
func Buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

func writeFile(path string, write func(io.Writer) error) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return syscall.EISDIR
	case err == nil && (!info.Mode().IsRegular() || isDescriptor(path)):
		return writeInto(path, os.O_WRONLY|os.O_APPEND, write)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	target, linkErr := followLinks(path)
	if linkErr != nil {
		return linkErr
	}
	mode := fs.FileMode(0o666)
	if err == nil {
		f, err := os.OpenFile(target, os.O_WRONLY, 0) // whether it may be written, which replacing it would not ask
		if err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		mode = info.Mode().Perm()
	}
	return replaceFile(target, info, mode, write)
}

// isDescriptor reports whether a path names an open file of this process: to replace that would not reach whoever
// opened it.
func isDescriptor(path string) bool {
	return strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/")
}

// mostLinks is how many symbolic links are followed: what Linux allows.
const mostLinks = 40

// followLinks returns the path at the end of a chain of symbolic links; nothing need be there.
func followLinks(path string) (string, error) {
	for range mostLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil //nolint:nilerr // no link, or nothing is there: the end of the chain
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", syscall.ELOOP
}

// writeInto writes into what exists.
func writeInto(path string, flag int, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	err = Buffered(f, write)
	return errors.Join(err, f.Close())
}

// replaceFile writes beside a file and then takes its place. Where that is not possible or would not be the same, in a
// directory that cannot be written or for a file with several names, what was written is copied into the file.
func replaceFile(target string, old fs.FileInfo, mode fs.FileMode, write func(io.Writer) error) (err error) {
	f, beside, err := besideFile(target, old, mode)
	if err != nil {
		return err
	}
	signalled, stop := UntilSignal()
	defer stop()
	defer func() {
		if err != nil || !beside {
			_ = os.Remove(f.Name()) // it says less than the error that is returned
		}
	}()
	err = Buffered(&stoppable{f, signalled}, write)
	if err == nil && beside && old != nil {
		err = f.Chmod(mode) // the umask does not count for what exists
	}
	if err == nil && !beside {
		_, err = f.Seek(0, io.SeekStart)
		if err == nil {
			err = writeInto(target, os.O_WRONLY|os.O_TRUNC, func(w io.Writer) error { _, err := io.Copy(w, f); return err })
		}
	}
	err = errors.Join(err, f.Close())
	if signalled.Err() != nil {
		return context.Cause(signalled)
	}
	if err == nil && beside {
		err = os.Rename(f.Name(), target)
	}
	return err
}

// besideFile makes a new file next to target, or among the temporary files where it cannot or must not take its place.
func besideFile(target string, old fs.FileInfo, mode fs.FileMode) (f *os.File, beside bool, err error) {
	if old == nil || !severalNames(old) {
		for n := 0; ; n++ {
			name := filepath.Join(filepath.Dir(target), ".tracefall-"+strconv.Itoa(os.Getpid())+"-"+strconv.Itoa(n))
			f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
			switch {
			case err == nil:
				return f, true, nil
			case errors.Is(err, fs.ErrExist):
				continue
			case old == nil || !errors.Is(err, fs.ErrPermission):
				return nil, false, err
			}
			break
		}
	}
	f, err = os.CreateTemp("", "tracefall-*")
	return f, false, err
}

// stoppable ends writing once a signal came.
type stoppable struct {
	w         io.Writer
	signalled context.Context
}

func (s *stoppable) Write(p []byte) (int, error) {
	if s.signalled.Err() != nil {
		return 0, context.Cause(s.signalled)
	}
	return s.w.Write(p)
}

// bare takes the operation and the path off an error: the path may be that of a temporary file.
func bare(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return l.Err
	}
	return err
}
