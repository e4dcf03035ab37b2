//go:build unix

package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tracefall/app/session"
)

// TestWriteToWritesAsAShellWould covers what a redirection promises.
func TestWriteToWritesAsAShellWould(t *testing.T) {
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	hello := func(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put := func(name string, mode fs.FileMode) string {
		if err := os.WriteFile(at(name), []byte("what was there before"), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(at(name), mode); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	holds := func(path, want string, mode fs.FileMode) {
		t.Helper()
		text, err := os.ReadFile(path)
		info, statErr := os.Stat(path)
		if err := errors.Join(err, statErr); err != nil {
			t.Fatal(err)
		}
		if string(text) != want || info.Mode().Perm() != mode {
			t.Errorf("%s holds %q with mode %o, want %q with %o", filepath.Base(path), text, info.Mode().Perm(), want, mode)
		}
	}
	write := func(path string) {
		t.Helper()
		if err := writeTo(nil, path, hello); err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}

	write(at("new"))
	holds(at("new"), "hello", 0o640)

	write(put("private", 0o600))
	holds(at("private"), "hello", 0o600)
	write(put("open", 0o666))
	holds(at("open"), "hello", 0o666)

	if err := errors.Join(os.Symlink("linked", at("link")), os.Symlink(at("link"), at("link2"))); err != nil {
		t.Fatal(err)
	}
	write(at("link2")) // which dangles
	holds(at("linked"), "hello", 0o640)
	if info, err := os.Lstat(at("link")); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced by a file: %v %v", info, err)
	}

	if err := os.Link(put("one", 0o644), at("other")); err != nil {
		t.Fatal(err)
	}
	write(at("one"))
	holds(at("other"), "hello", 0o644)

	if err := syscall.Mkfifo(at("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		text, err := os.ReadFile(at("fifo"))
		if err != nil {
			text = []byte(err.Error())
		}
		read <- string(text)
	}()
	write(at("fifo"))
	if got := <-read; got != "hello" {
		t.Errorf("the FIFO's reader got %q", got)
	}
	if info, err := os.Lstat(at("fifo")); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("the FIFO is gone: %v %v", info, err)
	}
	write("/dev/null")

	if err := writeTo(nil, dir, hello); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a directory gives %v", err)
	}
	if err := writeTo(nil, at("no/such"), hello); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a directory that is not there gives %v", err)
	}
	if os.Geteuid() != 0 { // root may write anything
		if err := writeTo(nil, put("readonly", 0o444), hello); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("a file that cannot be written gives %v", err)
		}
		holds(at("readonly"), "what was there before", 0o444)
	}
	onlyNamed(t, dir)
}

// onlyNamed fails where a temporary file is left.
func onlyNamed(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

func TestWriteToLeavesNothingWhenItFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	endless := func(end func()) func(io.Writer) error {
		return func(w io.Writer) error {
			end()
			for limit := time.Now().Add(2 * time.Minute); time.Now().Before(limit); {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return err
				}
			}
			return nil
		}
	}
	kill := func(s syscall.Signal) func(io.Writer) error {
		return endless(func() {
			if err := syscall.Kill(os.Getpid(), s); err != nil {
				t.Error(err)
			}
		})
	}
	for name, test := range map[string]struct {
		write func(io.Writer) error
		want  error
	}{
		"an error":  {func(w io.Writer) error { _, _ = w.Write([]byte("half")); return broken }, broken},
		"interrupt": {kill(syscall.SIGINT), session.Signalled(syscall.SIGINT)},
		"terminate": {kill(syscall.SIGTERM), session.Signalled(syscall.SIGTERM)},
		"hang up":   {kill(syscall.SIGHUP), session.Signalled(syscall.SIGHUP)},
	} {
		if err := writeTo(nil, path, test.write); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != "before" {
			t.Errorf("%s: the file holds %d bytes, %v; want what was there before", name, len(text), err)
		}
		onlyNamed(t, dir)
	}
}
