//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"tracefall/app/apptest"
)

const (
	esc   = "\x1b"
	enter = "\r"
)

// exports lists the trace files to open: the project's own, and those beside it where they are there.
func exports(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, dir := range []string{"testdata/traces", "../shared/traces"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			fmt.Fprintf(os.Stderr, "NOT RUN: %s opens no files of %s: %v\n", t.Name(), dir, err)
			continue
		}
		for _, e := range entries {
			if ext := filepath.Ext(e.Name()); ext != ".md" && ext != ".tsv" {
				files = append(files, filepath.Join(dir, e.Name()))
			}
		}
	}
	if len(files) == 0 {
		t.Fatal("no trace files")
	}
	return files
}

// opened waits for the first screen and goes on to a waterfall where that is a list.
func (s *played) opened() {
	s.t.Helper()
	s.Until("the first screen with everything", func(screen string) bool {
		return strings.Contains(screen, "SERVICE  OPERATION") ||
			strings.Contains(screen, "row 1 of") && !strings.Contains(screen, "so far")
	})
	s.diagnosed()
	if strings.Contains(s.Screen(), "row 1 of") {
		s.Press("jk")
		s.Redrawn("opening the list")
		s.Send(enter)
		s.Wait("SERVICE  OPERATION")
	}
	s.Press("") // the frame may be there in parts
}

// diagnosed waits for the detectors: what they find changes the screen whenever they are through.
func (s *played) diagnosed() {
	s.t.Helper()
	s.Send("a")
	s.Until("the panel of findings", func(screen string) bool {
		return strings.Contains(screen, "▌8") && !strings.Contains(screen, "have not finished")
	})
	s.Send("q")
	s.Until("the first screen again", func(screen string) bool {
		return strings.Contains(screen, "SERVICE  OPERATION") || strings.Contains(screen, "row 1 of")
	})
}

// TestEveryFile opens every file at two sizes, moves, folds, zooms, looks at details, and leaves.
func TestEveryFile(t *testing.T) {
	beside(t)
	t.Parallel()
	for i, path := range exports(t) {
		w, h := 80, 24
		if i%2 == 1 {
			w, h = 120, 40
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			lookAround(t, w, h, path)
		})
	}
}

// lookAround opens a file and uses what there is, and checks now and then that the screen is what it should be.
func lookAround(t *testing.T, w, h int, path string) {
	s := start(t, w, h, path)
	s.opened()
	for _, keys := range []string{"jjGgjj", "  z-+<>", "0{}oo[]tt", enter + "\tj\t", "eEnN", "D", "q?", "q"} {
		s.Press(keys)
		s.Redrawn(keys)
	}
	s.Send(":abc")
	s.Wait("─ Command palette ─")
	s.Send(esc)
	s.Gone("─ Command palette ─")
	s.Press("")
	s.Redrawn("closing the palette")
	s.Resize(120, 40)
	s.Redrawn("resizing to 120×40")
	s.Resize(80, 24)
	s.Redrawn("resizing to 80×24")
	s.Send("qqqqq")
	if code := s.End(); code != 0 {
		t.Errorf("exit status %d, want 0", code)
	}
}

// TestCopy sends a trace's id to the clipboard and looks for it in the bytes that the terminal got.
func TestCopy(t *testing.T) {
	beside(t)
	t.Parallel()
	s := start(t, 120, 40, "testdata/traces/shop.otlp.json")
	s.opened()
	s.Send("yt")
	s.Wait("sent to the terminal: trace id (32 bytes)")
	id := s.Copied()
	if len(id) != 32 {
		t.Errorf("sent %q, want a trace id", id)
	}
	s.Send("yc")
	s.Wait("sent to the terminal: tracefall testdata/traces/shop.otlp.json --trace " + id)
	s.Send("\x03")
	s.End()
}

// took is the line of a query with how long its answer took, which is another time every time.
var took = regexp.MustCompile(`(?m)^( / .*?) {2,}(.*) · (?:< )?[\d.]+ m?s *$`)

// view is the screen without its last line and how long a query took.
func view(screen string) string { return took.ReplaceAllString(apptest.Body(screen), "$1 $2") }

// TestReopen opens the very view that the key Y names: cursor, folds, time, critical path, finding, statistics.
func TestReopen(t *testing.T) {
	beside(t)
	t.Parallel()
	for _, test := range []struct {
		name  string
		steps []string // keys, and what they make the screen show, in turn
	}{
		{"cursor and folds", []string{"jj jj", "▸ checkout-service"}},
		{"zoom and critical path", []string{"jjz-czc", "GET /carts/{id}"}},
		{"groups and a finding", []string{"o", "×5 5✗+5", "f", "▲ retry storm"}},
		{"a query that hides", []string{"/error=true\r", "13 of 16 spans", "\x06", " spans match, "}},
		{"statistics", []string{"s", "4 groups", "ll", "NORMALISED OPERATION"}},
		{"findings", []string{"a", "▌ ▲ retry storm", "j", "▌ ▲ root-cause error"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, 120, 40, "testdata/demo/retry-storm.jsonl.gz", "--view", "waterfall")
			s.opened()
			for n := 0; n < len(test.steps); n += 2 {
				s.Press(test.steps[n])
				s.Wait(test.steps[n+1])
			}
			s.Press("")
			s.reopens(t, view)
		})
	}
}

// TestSuspend stops the program as a shell's job and goes on with it, in another size; where no shell looks after
// jobs it says so instead.
func TestSuspend(t *testing.T) {
	t.Parallel()
	const file = "testdata/traces/shop.otlp.json"
	s := startCommand(t, 80, 24, nil, "sh", "-c", "set -m; tracefall "+file+"; echo stopped; read line; fg; echo ended")
	s.opened()
	s.Press("jj")
	before := s.Screen()
	s.Send("\x1a")
	s.Wait("stopped")
	if other, hidden := s.Shown(); other || hidden {
		t.Errorf("the shell gets a terminal with its other screen %v, cursor hidden %v", other, hidden)
	}
	if now, was := s.Mode(); now != was {
		t.Errorf("the shell's line discipline is not as it was: %+v, was %+v", now, was)
	}
	s.Send("\n")
	s.Wait("SERVICE  OPERATION")
	s.Press("")
	if got := s.Screen(); apptest.Body(got) != apptest.Body(before) {
		t.Errorf("goes on with\n%s\nwant\n%s", got, before)
	}
	s.Send("qq")
	s.Wait("ended")
	s.End()

	alone := start(t, 80, 24, file)
	alone.opened()
	alone.Send("\x1a")
	alone.Wait("no job control in this shell")
	alone.Send("qq")
	if code := alone.End(); code != 0 {
		t.Errorf("exit status %d, want 0", code)
	}
}

// TestSignals ends the program by signals and checks that the terminal is as it was.
func TestSignals(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			s := start(t, 80, 24, "testdata/traces/shop.otlp.json")
			s.opened()
			if err := s.Command.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if code, want := s.End(), 128+int(signal); code != want {
				t.Errorf("exit status %d, want %d", code, want)
			}
		})
	}
}

// TestBytes measures what a key costs on the line between the program and the terminal.
func TestBytes(t *testing.T) {
	beside(t)
	s := startWith(t, 120, 40, overSSH, "testdata/demo", "--trace", "49e84be367a6b175b96a3b9d52653271")
	s.Wait("▸ getComments") // what the finding is about is one row, to be opened
	s.Send("jjjj ")
	s.Wait("▾ getComments")
	at := 4
	step := func() int {
		s.t.Helper()
		s.Written = 0
		s.Send("j")
		at++
		s.Wait(fmt.Sprintf("span %d of 105", at))
		return s.Written
	}
	var down, scroll []int
	for range 30 {
		down = append(down, step())
	}
	s.Send(strings.Repeat("j", 10)) // beyond the last row on the screen, in one packet: ten keys, not one
	at += 10
	s.Wait(fmt.Sprintf("span %d of 105", at))
	for range 30 {
		scroll = append(scroll, step())
	}
	s.Settle() // of the last frame a part may be missing
	s.Written = 0
	s.Settle()
	idle := s.Written
	slices.Sort(down)
	slices.Sort(scroll)
	cursorDown, scrollRow := down[len(down)/2], scroll[len(scroll)/2]
	t.Logf("bytes: cursor down %d (%d–%d), scroll one row %d (%d–%d), idle %d",
		cursorDown, down[0], down[len(down)-1], scrollRow, scroll[0], scroll[len(scroll)-1], idle)
	if cursorDown > 600 || scrollRow > 700 || idle != 0 {
		t.Errorf("bytes: cursor down %d (at most 600), scroll one row %d (at most 700), idle %d (0)", cursorDown, scrollRow, idle)
	}
	s.Send("\x03")
	s.End()
}

// TestHostileText checks that escape sequences of a file do not reach the terminal.
func TestHostileText(t *testing.T) {
	beside(t)
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hostile.json")
	hostile := `{"data":[{"traceID":"1","processes":{"p":{"serviceName":"svc\u001b]0;owned\u0007"}},"spans":[{"traceID":"1","spanID":"1",` +
		`"operationName":"\u001b[2Jwiped\u009b31m","processID":"p","startTime":1700000000000000,"duration":5000,` +
		`"tags":[{"key":"k\u001b[31m","type":"string","value":"\u001b]52;c;aGFja2Vk\u0007"}]}]}]}`
	if err := os.WriteFile(path, []byte(hostile), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, 120, 40, path)
	s.opened()
	s.Press(enter)
	for _, never := range []string{"\x1b[2Jwiped", "\x1b]0;owned", "\x1b]52;c;aGFja2Vk", "\u009b31m", "k\x1b[31m"} {
		if strings.Contains(s.Raw(), never) {
			t.Errorf("%q reached the terminal", never)
		}
	}
	if !utf8.ValidString(s.Raw()) {
		t.Error("what was written is not UTF-8")
	}
	s.Send("\x03")
	s.End()
}

// TestDumbTerminal checks that a terminal that can show nothing gets what diagnose prints.
func TestDumbTerminal(t *testing.T) {
	beside(t)
	s := startWith(t, 80, 24, []string{"TERM=dumb"}, "testdata/traces/shop.otlp.json")
	if code := s.End(); code != 0 {
		t.Errorf("exit status %d, want 0", code)
	}
	if got := s.Raw(); !strings.Contains(got, "3 traces") {
		t.Errorf("it does not say what was read:\n%s", got)
	}
	if got := s.Raw(); strings.Contains(got, "\x1b") {
		t.Errorf("escape sequences for a dumb terminal: %q", got)
	}
	if got := s.Raw(); !strings.Contains(got, `terminal type "dumb" cannot show the explorer`) {
		t.Errorf("it is not said why there is no explorer:\n%s", got)
	}
}
