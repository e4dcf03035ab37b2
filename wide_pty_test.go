//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/app/apptest"
)

// spansOf writes a trace of n spans that are called so, and returns its file.
func spansOf(t *testing.T, n int, name string) string {
	t.Helper()
	type span map[string]any
	var spans []span
	for i := range n {
		s := span{"traceID": "1", "spanID": fmt.Sprintf("%x", i+1), "operationName": fmt.Sprintf("%s %d", name, i), "processID": "p",
			"startTime": 1700000000000000 + i*1000, "duration": 500}
		if i == 0 {
			s["duration"] = n * 1000
		} else {
			s["references"] = []span{{"refType": "CHILD_OF", "traceID": "1", "spanID": "1"}}
		}
		spans = append(spans, s)
	}
	data, err := json.Marshal(map[string]any{"data": []any{map[string]any{
		"traceID": "1", "spans": spans, "processes": map[string]any{"p": map[string]any{"serviceName": name}}}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "wide.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWideBytes measures what a key costs over text of two cells a character, emoji and combining marks, and that the
// screen is what it should be after all the small changes.
func TestWideBytes(t *testing.T) {
	beside(t)
	t.Parallel() // it mostly waits
	const spans = 60
	for _, test := range []struct {
		name, text string
		clusters   bool // the terminal says that it measures them, as the emulator does
	}{
		{"ASCII", "payment", false}, {"CJK", "決済サービス支払い", false}, {"Hangul", "결제 서비스", false},
		{"emoji", "🙂 checkout 👩‍👩‍👧 🇩🇪", false}, {"emoji by clusters", "🙂 checkout 👩‍👩‍👧 🇩🇪", true},
		{"combining marks", "e\u0301tat de la cle\u0301", false}, {"Devanagari", "भुगतान सेवा", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := startWith(t, 120, 40, overSSH, spansOf(t, spans, test.text))
			if test.clusters {
				s.Send("\x1b[?2027;2$y")
			}
			s.opened()
			at := 1
			step := func() int {
				s.t.Helper()
				s.Written = 0
				s.Send("j")
				at++
				s.Wait(fmt.Sprintf("span %d of %d", at, spans))
				return s.Written
			}
			var down, scroll []int
			for range 20 {
				down = append(down, step())
			}
			for at < 45 {
				step()
			}
			for range 10 {
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
			s.Press("gg  kj>>")
			s.Redrawn("moving, folding and zooming")
			s.Send("\x03")
			s.End()
		})
	}
}

// firstWithin is what a first screen may take from the start of the program, where the machine does nothing else.
const firstWithin = 500 * time.Millisecond

// TestSilentPipe opens a pipe that nothing comes from: the first screen is there all the same, and says that it reads. On a
// machine that is busy it takes as much longer as that of a file does.
func TestSilentPipe(t *testing.T) {
	silent, end, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer end.Close()
	first := func(command, shows string) (*apptest.Played, time.Duration) {
		cmd := exec.Command("sh", "-c", command)
		cmd.Env, cmd.ExtraFiles = apptest.Environ(t.TempDir()), []*os.File{silent}
		began := time.Now()
		s := apptest.Play(t, 80, 24, cmd)
		s.Wait(shows)
		return s, time.Since(began)
	}
	ofPipe, ofFile, allowed := time.Hour, time.Hour, firstWithin
	for n := 0; n < runs && ofPipe > allowed; n++ {
		s, took := first("exec tracefall - <&3", "reading")
		ofPipe = min(ofPipe, took)
		frames := map[string]bool{}
		s.Until("a sign that moves", func(screen string) bool {
			lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
			if sign := []rune(lines[len(lines)-1]); len(sign) > 0 && strings.ContainsRune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", sign[0]) {
				frames[string(sign[0])] = true
			}
			return len(frames) > 1
		})
		s.Send("\x03")
		s.End()
		if ofPipe > firstWithin {
			s, took := first("exec tracefall testdata/traces/shop.otlp.json", "row 1 of")
			ofFile = min(ofFile, took)
			allowed = ofFile + firstWithin
			s.Send("\x03")
			s.End()
		}
	}
	if ofPipe > allowed {
		t.Errorf("the first screen took %v, at most %v; that of a file took %v", ofPipe, allowed, ofFile)
	}
}

// TestBackground answers the question for the background: until then titles have the terminal's own colour, then that of the
// theme for a dark or a light one.
func TestBackground(t *testing.T) {
	beside(t)
	t.Parallel()
	for _, test := range []struct {
		answer, title string
	}{{"\x1b]11;rgb:0000/0000/0000\x07", "38;2;240;240;240"}, {"\x1b]11;rgb:ffff/ffff/ffff\x07", "38;2;17;17;17"}} {
		s := start(t, 120, 40, "testdata/traces/shop.otlp.json")
		s.opened()
		mark := len(s.Raw())
		if strings.Contains(s.Raw(), test.title) {
			t.Errorf("the title is in %s before the terminal has answered", test.title)
		}
		s.Send(test.answer + "\x0c")
		s.Until("after "+test.answer[2:]+" the title in "+test.title, func(string) bool { return strings.Contains(s.Raw()[mark:], test.title) })
		s.Send("\x03")
		s.End()
	}
}

// TestPrintedColours prints to terminals that can show less.
func TestPrintedColours(t *testing.T) {
	beside(t)
	t.Parallel()
	for _, test := range []struct {
		name string
		env  []string
		has  string
		not  []string
	}{
		{"linux", []string{"TERM=linux", "COLORTERM="}, "\x1b[91m", []string{"38;2;", "38;5;"}},
		{"linux, a theme by name", []string{"TERM=linux", "COLORTERM=", "TRACEFALL_THEME=dark"}, "\x1b[", []string{"38;2;", "38;5;"}},
		{"256 colours", []string{"COLORTERM="}, "38;5;196", []string{"38;2;"}},
		{"no colour", []string{"NO_COLOR=1"}, "\x1b[1m", []string{"38;", "\x1b[3", "\x1b[9"}},
		{"all colours", nil, "38;2;", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := startCommand(t, 120, 40, test.env, "sh", "-c", "tracefall diagnose testdata/demo/retry-storm.jsonl.gz; echo done; read line")
			s.Wait("done")
			got := s.Raw()
			if !strings.Contains(got, test.has) {
				t.Errorf("%q is missing in %q", test.has, got)
			}
			for _, never := range test.not {
				if strings.Contains(got, never) {
					t.Errorf("%q in %q", never, got)
				}
			}
		})
	}
}
