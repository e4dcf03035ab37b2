//go:build unix

package main

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"tracefall/app/apptest"
)

// played is the program in a terminal.
type played struct {
	*apptest.Played
	t *testing.T
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

// overSSH is where bytes count: the program does not ask there whether frames can be drawn at once, and writes nothing for it.
var overSSH = []string{"SSH_TTY=/dev/pts/0"}

// startCommand is startWith for any command.
func startCommand(t *testing.T, w, h int, env []string, name string, args ...string) *played {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(apptest.Environ(t.TempDir()), env...)
	return &played{apptest.Play(t, w, h, cmd), t}
}

// await waits for something that shows nowhere on the screen.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(apptest.Patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s does not happen", what)
		}
	}
}

// reopen runs the command of a block of Markdown that the program copied, in a terminal of the same size.
func reopen(t *testing.T, w, h int, markdown string) *played {
	t.Helper()
	_, command, _ := strings.Cut(markdown, "```\n")
	command, _, _ = strings.Cut(command, "\n")
	return startCommand(t, w, h, nil, "sh", "-c", "exec "+command)
}

// shows waits for a view, of which all but what differs every time is compared.
func (s *played) shows(seen string, view func(screen string) string) {
	s.t.Helper()
	s.Until("the same view as\n"+seen+"\n", func(screen string) bool { return view(screen) == seen })
}

// reopens ends the program and opens the view that the key Y names: it is the same.
func (s *played) reopens(t *testing.T, view func(screen string) string) {
	t.Helper()
	seen := view(s.Screen())
	s.Send("Y")
	s.Wait("sent to the terminal: Markdown")
	markdown := s.Copied()
	s.Send("\x03")
	s.End()
	again := reopen(t, 120, 40, markdown)
	again.shows(seen, view)
	again.Send("\x03")
	again.End()
}
