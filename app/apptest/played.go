//go:build unix

package apptest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
)

// Patience is how long anything may take before a test gives up, however busy the machine is: only what fails waits so
// long. quiet is how long the program must have written nothing to count as done.
const (
	Patience = 2 * time.Minute
	quiet    = 120 * time.Millisecond
)

// Played is the whole program in a pseudo-terminal, with an emulator that reads what it writes.
type Played struct {
	Command *exec.Cmd
	Written int // bytes, since a test set it to 0

	t      testing.TB
	tty    *os.File // what the terminal reads and writes
	slave  *os.File // what the program does
	vt     *vt.Emulator
	before *term.State
	output chan []byte
	came   []byte       // not looked at yet
	held   []byte       // not given to the emulator yet: a part of a character
	raw    bytes.Buffer // everything that was written and is looked at
	torn   bool         // the emulator has a part of a frame only: one is longer than what the line discipline hands on at once
	copied int          // where in raw the last copy that was looked at began
	turn   bool         // which marker Press uses
	synced bool         // the program was told that frames can be drawn at once
}

// A terminal that draws all between two of these at once says so when it is asked. The program asks where it is not run over
// SSH, see Bubble Tea's shouldQuerySynchronizedOutput.
const (
	askSync   = "\x1b[?2026$p"
	canSync   = "\x1b[?2026;2$y"
	beginSync = "\x1b[?2026h"
	endSync   = "\x1b[?2026l"
)

// wipe is how a frame begins that takes nothing for drawn.
const wipe = "\x1b[2J"

// Play runs a command in a terminal of w×h cells, until the test ends.
func Play(t testing.TB, w, h int, cmd *exec.Cmd) *Played {
	t.Helper()
	s := &Played{Command: cmd, t: t, vt: newEmulator(t, w, h), output: make(chan []byte, 1024)}
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
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
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

// Environ is the environment without what changes how the program looks and draws, and with a terminal that shows everything,
// which is not over SSH. A program with the race detector does not wait for a second at its end.
func Environ(home string) []string {
	env := []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "HOME=" + home, "GORACE=atexit_sleep_ms=0"}
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "TERM", "COLORTERM", "NO_COLOR", "TMUX", "STY", "LC_ALL", "LC_CTYPE", "LANG", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TRACEFALL_THEME", "COLUMNS", "SSH_TTY", "GORACE":
		default:
			env = append(env, kv)
		}
	}
	return env
}

// Screen is what the terminal shows, a line each.
func (s *Played) Screen() string { return s.vt.String() }

// Raw is everything that the program wrote.
func (s *Played) Raw() string { return s.raw.String() + string(s.came) }

// step looks at what came, as far as the end of a frame: what comes at once may be several of them, and the one that is waited
// for not the last. It reports whether there was anything.
func (s *Played) step() bool {
	if len(s.came) == 0 {
		return false
	}
	before := s.raw.Bytes()
	before = before[max(len(before)-len(endSync)+1, 0):] // where the end of a frame may have begun
	n := len(s.came)
	if end := bytes.Index(slices.Concat(before, s.came), []byte(endSync)); end >= 0 {
		n = end + len(endSync) - len(before)
		s.torn = false
	} else if bytes.Contains(slices.Concat(before, s.came), []byte(beginSync)) {
		s.torn = true
	}
	data := s.came[:n]
	s.came = s.came[n:]
	s.raw.Write(data)
	s.Written += n
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
	if !s.synced && bytes.Contains(s.raw.Bytes(), []byte(askSync)) {
		s.synced = true
		_, _ = s.tty.WriteString(canSync) // a program that has ended reads nothing
	}
	return true
}

// take looks at all that came.
func (s *Played) take(data []byte) {
	s.came = append(s.came, data...)
	for s.step() {
	}
}

// Settle reads until the program has been quiet for a while. What must not depend on time uses Press or Wait.
func (s *Played) Settle() {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	s.take(nil)
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

// Until reads until something holds for the screen, of which it looks at whole frames only, and at each.
func (s *Played) Until(what string, holds func(screen string) bool) {
	s.t.Helper()
	deadline := time.After(Patience)
	for s.torn || !holds(s.vt.String()) {
		if s.step() {
			continue
		}
		select {
		case data, ok := <-s.output:
			if !ok {
				s.t.Fatalf("the program ended while waiting for %s:\n%s", what, s.raw.String())
			}
			s.came = data
		case <-deadline:
			s.t.Fatalf("%s does not happen:\n%s", what, s.vt.String())
		}
	}
}

// Wait reads until the screen shows a text.
func (s *Played) Wait(text string) {
	s.t.Helper()
	s.Until("the text "+text, func(screen string) bool { return strings.Contains(screen, text) })
}

// Gone reads until the screen does not show a text any more.
func (s *Played) Gone(text string) {
	s.t.Helper()
	s.Until("the end of the text "+text, func(screen string) bool { return !strings.Contains(screen, text) })
}

// Send sends keys.
func (s *Played) Send(keys string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// Press sends keys and waits until the program has drawn what they come to: it sends a key that is not bound after
// them, and the answer to that is the message in the last line, or above it where that has no room. It is one of two, so that
// each answer is a new one.
func (s *Played) Press(keys string) {
	s.t.Helper()
	s.turn = !s.turn
	marker, answer := "\x1c", `ctrl-\ is not bound`
	if s.turn {
		marker, answer = "\x1d", `ctrl-] is not bound`
	}
	s.Send(keys + marker)
	s.Until("the answer to "+answer, func(screen string) bool {
		lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
		return strings.Contains(strings.Join(lines[max(len(lines)-2, 0):], "\n"), answer)
	})
}

// Resize changes the terminal's size.
func (s *Played) Resize(w, h int) {
	s.t.Helper()
	s.Settle() // nothing for the old size is under way
	mark := s.raw.Len()
	s.vt.Resize(w, h)
	if err := pty.Setsize(s.tty, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Command.Process.Signal(syscall.SIGWINCH); err != nil {
		s.t.Fatal(err)
	}
	s.Until("the new frame", func(string) bool { return strings.Contains(s.raw.String()[mark:], wipe) })
	s.Press("")
}

// Redrawn checks that what the terminal shows after all the small changes is what a whole new frame shows: nothing
// was left behind, no line has the wrong width. The last line has the message of Press.
func (s *Played) Redrawn(after string) {
	s.t.Helper()
	before := Body(s.vt.String())
	mark := s.raw.Len()
	s.Send("\x0c")
	s.Until("the whole frame", func(string) bool { return strings.Contains(s.raw.String()[mark:], wipe) })
	if !s.synced {
		s.Press("") // of the frame there may be a part
	}
	if got := Body(s.vt.String()); got != before {
		s.t.Errorf("after %q the screen is not what a whole frame is (-screen +whole frame):\n%s", after,
			cmp.Diff(strings.Split(before, "\n"), strings.Split(got, "\n")))
	}
}

// Body is the screen without its last line.
func Body(screen string) string {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	return strings.Join(lines[:len(lines)-1], "\n")
}

// Copied returns the next thing that the program sends to the clipboard. It waits for all of it: that the screen says so
// may come before.
func (s *Played) Copied() string {
	s.t.Helper()
	encoded := ""
	s.Until("a copy to the clipboard", func(string) bool {
		_, rest, begun := strings.Cut(s.raw.String()[s.copied:], "\x1b]52;c;")
		text, _, ended := strings.Cut(rest, "\x07")
		encoded = text
		return begun && ended
	})
	s.copied += strings.Index(s.raw.String()[s.copied:], "\x1b]52;c;"+encoded) + len("\x1b]52;c;")
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		s.t.Fatalf("sent %q: %v", encoded, err)
	}
	return string(text)
}

// Mode returns how the line discipline is set now, and how it was before the program started.
func (s *Played) Mode() (now, before term.State) {
	s.t.Helper()
	state, err := term.GetState(s.tty.Fd())
	if err != nil {
		s.t.Fatal(err)
	}
	return *state, *s.before
}

// Shown reports whether the terminal shows its other screen, and whether it hides its cursor.
func (s *Played) Shown() (other, hidden bool) { return s.vt.IsAltScreen(), s.vt.CursorHidden() }

// raced is the exit status of a program that the race detector reported something of.
const raced = 66

// End waits for the program and checks that the terminal is as it was. It returns the exit status.
func (s *Played) End() int {
	s.t.Helper()
	done := make(chan error, 1)
	go func() { done <- s.Command.Wait() }()
	deadline := time.After(Patience)
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
	if other, hidden := s.Shown(); other || hidden {
		s.t.Errorf("the terminal is left with its other screen %v, cursor hidden %v", other, hidden)
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
	if now, before := s.Mode(); now != before {
		s.t.Errorf("the line discipline is not as it was: %+v, was %+v", now, before)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		s.t.Fatal(err)
	case exit.ExitCode() == raced:
		s.t.Errorf("the race detector found something:\n%s", s.raw.String())
	}
	return exit.ExitCode()
}

// drain reads all that was written before now: the program has ended, and what the test itself writes comes last. An answer that
// the program did not read any more may be shown after that.
func (s *Played) drain() {
	s.t.Helper()
	const mark = "\x1b]999;end\x07" // means nothing to the emulator
	if _, err := s.slave.WriteString(mark); err != nil {
		s.t.Fatal(err)
	}
	s.Until("the end of what was written", func(string) bool { return strings.Contains(s.raw.String(), mark) })
	s.raw.Truncate(strings.Index(s.raw.String(), mark))
}
