//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
)

// The whole program: the binary in a pseudo-terminal, with an emulator that reads what it writes.

// patience is how long anything may take before a test gives up, however busy the machine is: only what fails waits so
// long. quiet is how long the program must have written nothing to count as done.
const (
	patience = 2 * time.Minute
	quiet    = 120 * time.Millisecond
)

// played is the program in a terminal.
type played struct {
	t       *testing.T
	cmd     *exec.Cmd
	tty     *os.File // what the terminal reads and writes
	slave   *os.File // what the program does
	vt      *vt.Emulator
	before  *term.State
	output  chan []byte
	held    []byte       // not given to the emulator yet
	raw     bytes.Buffer // everything that was written
	written int          // bytes since the last mark
	copied  int          // where in raw the last copy that was looked at began
	turn    bool         // which marker press uses
}

// newEmulator returns a terminal that counts wide characters as two cells. What it would answer is dropped: most tests
// are about a terminal that says nothing of itself.
func newEmulator(t *testing.T, w, h int) *vt.Emulator {
	e := vt.NewEmulator(w, h)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, e)
	}()
	t.Cleanup(func() { // its Close writes what its Read reads
		if pipe, ok := e.InputPipe().(io.Closer); ok {
			_ = pipe.Close()
			<-drained
		}
	})
	shift := func(by int) func(ansi.Params) bool {
		return func(params ansi.Params) bool {
			n, _, _ := params.Param(0, 1)
			at := e.CursorPosition()
			var cells []*uv.Cell
			for x := at.X; x < e.Width(); x++ {
				cells = append(cells, e.CellAt(x, at.Y).Clone())
			}
			for x := at.X; x < e.Width(); x++ {
				e.SetCell(x, at.Y, nil)
			}
			for i, c := range cells {
				if to := at.X + i + by*n; c.Width > 0 && to >= at.X {
					e.SetCell(to, at.Y, c)
				}
			}
			return true
		}
	}
	e.RegisterCsiHandler('@', shift(1)) // its own ICH and DCH lose wide characters
	e.RegisterCsiHandler('P', shift(-1))
	return e
}

// start runs the program with arguments in a terminal of w×h cells.
func start(t *testing.T, w, h int, args ...string) *played {
	t.Helper()
	return startWith(t, w, h, nil, args...)
}

// startWith is start with more in the environment.
func startWith(t *testing.T, w, h int, env []string, args ...string) *played {
	t.Helper()
	return startCommand(t, w, h, env, "tracefall", args...) // see TestMain
}

// startCommand is startWith for any command.
func startCommand(t *testing.T, w, h int, env []string, name string, args ...string) *played {
	t.Helper()
	binary, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	s := &played{t: t, cmd: exec.Command(binary, args...), vt: newEmulator(t, w, h), output: make(chan []byte, 1024)}
	s.cmd.Env = append(cleanEnv(), "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "HOME="+t.TempDir())
	s.cmd.Env = append(s.cmd.Env, env...)
	master, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { _ = master.Close(); _ = slave.Close() })
	if err := pty.Setsize(master, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		t.Fatal(err)
	}
	if s.before, err = term.GetState(slave.Fd()); err != nil {
		t.Fatal(err)
	}
	s.tty, s.slave = master, slave
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = slave, slave, slave
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	go func() {
		defer close(s.output)
		for {
			buf := make([]byte, 32<<10)
			n, err := master.Read(buf)
			if n > 0 {
				s.output <- buf[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	return s
}

// cleanEnv is the environment without what changes how the program looks.
func cleanEnv() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "TERM", "COLORTERM", "NO_COLOR", "TMUX", "STY", "LC_ALL", "LC_CTYPE", "LANG", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TRACEFALL_THEME", "COLUMNS":
		default:
			env = append(env, kv)
		}
	}
	return env
}

// take feeds the emulator what the program wrote.
func (s *played) take(data []byte) {
	s.raw.Write(data)
	s.written += len(data)
	// The emulator takes the end of a write for the end of a character. What the terminal's line discipline cuts within
	// one waits for the rest; frames end in ASCII but for a glyph at their very end.
	data = append(s.held, data...)
	whole := len(data)
	if data[whole-1] >= utf8.RuneSelf {
		whole = bytes.LastIndexFunc(data, func(r rune) bool { return r < utf8.RuneSelf })
	}
	whole = max(whole, 0)
	s.held = bytes.Clone(data[whole:])
	_, _ = s.vt.Write(data[:whole]) // an emulator in memory
}

// settle reads until the program has been quiet for a while. What must not depend on time uses sync or wait.
func (s *played) settle() {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for {
		select {
		case data, ok := <-s.output:
			if !ok {
				return
			}
			s.take(data)
			timer.Reset(quiet)
		case <-timer.C:
			return
		}
	}
}

// until reads until something holds for the screen.
func (s *played) until(what string, holds func(screen string) bool) {
	s.t.Helper()
	deadline := time.After(patience)
	for !holds(s.vt.String()) {
		select {
		case data, ok := <-s.output:
			if !ok {
				s.t.Fatalf("the program ended while waiting for %s:\n%s", what, s.raw.String())
			}
			s.take(data)
		case <-deadline:
			s.t.Fatalf("%s does not happen:\n%s", what, s.vt.String())
		}
	}
}

// wait reads until the screen shows a text.
func (s *played) wait(text string) {
	s.t.Helper()
	s.until("the text "+text, func(screen string) bool { return strings.Contains(screen, text) })
}

// gone reads until the screen does not show a text any more.
func (s *played) gone(text string) {
	s.t.Helper()
	s.until("the end of the text "+text, func(screen string) bool { return !strings.Contains(screen, text) })
}

// send sends keys.
func (s *played) send(keys string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// press sends keys and waits until the program has drawn what they come to: it sends a key that is not bound after
// them, and the answer to that is the message of the last line. It is one of two, so that each answer is a new one.
func (s *played) press(keys string) {
	s.t.Helper()
	s.turn = !s.turn
	marker, answer := "\x1c", `ctrl-\ is not bound`
	if s.turn {
		marker, answer = "\x1d", `ctrl-] is not bound`
	}
	s.send(keys + marker)
	s.until("the answer to "+answer, func(screen string) bool {
		lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
		return strings.Contains(lines[len(lines)-1], answer)
	})
}

// resize changes the terminal's size.
func (s *played) resize(w, h int) {
	s.t.Helper()
	s.settle() // nothing for the old size is under way
	mark := s.raw.Len()
	s.vt.Resize(w, h)
	if err := pty.Setsize(s.tty, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Process.Signal(syscall.SIGWINCH); err != nil {
		s.t.Fatal(err)
	}
	s.until("the new frame", func(string) bool { return strings.Contains(s.raw.String()[mark:], "\x1b[2J") })
	s.press("")
}

// redrawn checks that what the terminal shows after all the small changes is what a whole new frame shows: nothing
// was left behind, no line has the wrong width. The last line has the message of press.
func (s *played) redrawn(after string) {
	s.t.Helper()
	before := body(s.vt.String())
	s.press("\x0c")
	if got := body(s.vt.String()); got != before {
		s.t.Errorf("after %q the screen is not what a whole frame is (-screen +whole frame):\n%s", after,
			cmp.Diff(strings.Split(before, "\n"), strings.Split(got, "\n")))
	}
}

// body is the screen without its last line.
func body(screen string) string {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	return strings.Join(lines[:len(lines)-1], "\n")
}

// end waits for the program and checks that the terminal is as it was. It returns the exit status.
func (s *played) end() int {
	s.t.Helper()
	done := make(chan error, 1)
	go func() { done <- s.cmd.Wait() }()
	deadline := time.After(patience)
	var err error
	for waiting := true; waiting; {
		select {
		case data := <-s.output:
			s.take(data)
		case err = <-done:
			waiting = false
		case <-deadline:
			s.t.Fatalf("the program does not end:\n%s", s.vt.String())
		}
	}
	s.drain()
	if s.vt.IsAltScreen() || s.vt.CursorHidden() {
		s.t.Errorf("the terminal is left with its other screen %v, cursor hidden %v", s.vt.IsAltScreen(), s.vt.CursorHidden())
	}
	if saved, back := strings.Count(s.raw.String(), "\x1b[22;2t"), strings.Count(s.raw.String(), "\x1b[23;2t"); saved != back {
		s.t.Errorf("the window's title was saved %d times and brought back %d times", saved, back)
	}
	for _, off := range []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?1002l", "\x1b[?2004l"} {
		on := off[:len(off)-1] + "h"
		if strings.HasSuffix(off, "h") {
			on = off[:len(off)-1] + "l"
		}
		if strings.LastIndex(s.raw.String(), off) < strings.LastIndex(s.raw.String(), on) {
			s.t.Errorf("%q was sent and never taken back by %q", on, off)
		}
	}
	if after, stateErr := term.GetState(s.tty.Fd()); stateErr != nil || *after != *s.before {
		s.t.Errorf("the line discipline is not as it was (%v): %+v, was %+v", stateErr, after, s.before)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	s.t.Fatal(err)
	return -1
}

// drain reads all that was written before now: the program has ended, and what the test itself writes comes last.
func (s *played) drain() {
	s.t.Helper()
	const mark = "\x1b]999;end\x07" // means nothing to the emulator
	if _, err := s.slave.WriteString(mark); err != nil {
		s.t.Fatal(err)
	}
	s.until("the end of what was written", func(string) bool { return strings.HasSuffix(s.raw.String(), mark) })
	s.raw.Truncate(s.raw.Len() - len(mark))
}
