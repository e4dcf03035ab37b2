//go:build unix

package main

import (
	"encoding/base64"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// sent returns the next thing that the program sends to the clipboard. It waits for all of it: that the screen says so
// may come before.
func (s *played) sent() string {
	s.t.Helper()
	encoded := ""
	s.until("a copy to the clipboard", func(string) bool {
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

// TestTheNightItMustWin plays the session that the program is made for, key by key: from the list to the cause, to
// what differs from a good request, to a block for the incident channel, and back to that very view.
func TestTheNightItMustWin(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		s := start(t, size[0], size[1], "testdata/demo/retry-storm.jsonl.gz")
		s.wait("retry storm ×5") // the list says what is wrong
		s.wait("critical")
		s.press("\r")
		s.wait("▲ retry storm ×5") // the worst finding, in its banner
		s.wait("1/5")                  // and on its rows
		s.press("r")
		s.wait("root-cause error")
		s.send("c")
		s.wait("the critical path runs through")
		s.wait("━━━━")
		s.send("=")
		s.wait("Choose a baseline")
		s.wait("no error, 90.3 ms")
		s.send("\r")
		s.wait("⇄")
		s.wait("1 call → 5, 5 failed (503)")
		s.wait("+4.87 s")
		s.send("Y")
		s.wait("sent to the terminal")
		block := s.sent()
		for _, want := range []string{"1 call → 5, 5 failed (503)", "+4.87 s of +4.93 s (99 %)", "```\ntracefall testdata/demo/retry-storm.jsonl.gz --trace f8e7fb9171354c534b099d4c"} {
			if !strings.Contains(block, want) {
				t.Errorf("the block for the channel lacks %q:\n%s", want, block)
			}
		}
		s.press("") // all that was to be drawn is drawn
		view := body(s.vt.String())
		s.press("b\r") // the waterfall of the good trace
		s.wait("api-gateway · 90.3 ms")
		s.press("q") // and back to the comparison
		s.wait("1 call → 5, 5 failed (503)")
		s.press("q") // to the bad trace, as it was
		s.wait("root-cause error")
		s.send("qqq")
		if code := s.end(); code != 0 {
			t.Errorf("exit status %d, want 0", code)
		}
		_, command, _ := strings.Cut(block, "```\n")
		command, _, _ = strings.Cut(command, "\n")
		again := start(t, size[0], size[1], strings.Fields(command)[1:]...)
		again.wait("1 call → 5, 5 failed (503)")
		again.until("the view that "+command+" opens again:\n"+view+"\n", func(screen string) bool { return body(screen) == view })
		again.send("\x03")
		again.end()
	}
}

// TestFindingsOfTheFile goes from the list to all findings, to the rows of one, and back.
func TestFindingsOfTheFile(t *testing.T) {
	s := start(t, 120, 40, "testdata/demo/retry-storm.jsonl.gz")
	s.wait("retry storm ×5")
	s.send("a")
	s.wait("Common fixes")
	s.press("\r")
	s.wait("▲ retry storm ×5")
	s.press("s")
	s.wait("critical path 5.02 s")
	s.press("\r")
	s.wait("/ service=payment-service")
	s.press("q")
	s.wait("Detectors with limited data")
	s.send("\x03")
	s.end()
}

// TestSecretsAreMasked looks at a token, copies it, and reveals it.
func TestSecretsAreMasked(t *testing.T) {
	const token = "eyJhbGci"
	s := start(t, 120, 40, "testdata/demo/sensitive-data.jsonl.gz",
		"--trace", "9b08dde0e91db9b4f71eb86f45ef17a4", "--span", "68aea567317c0936")
	s.wait("token in span attributes")
	s.press("\r/authorization\r")
	s.wait("masked: V reveals")
	s.send("yv")
	s.wait("authorization, masked")
	if got := s.sent(); got != "****" {
		t.Errorf("the masked value is copied as %q", got)
	}
	if strings.Contains(s.raw.String(), token) {
		t.Error("the token was sent to the terminal")
	}
	s.send("V")
	s.wait(token)
	s.send("yv")
	s.wait("authorization (")
	if got := s.sent(); !strings.HasPrefix(got, "Bearer "+token) {
		t.Errorf("the revealed value is copied as %q", got)
	}
	s.press("V")
	s.gone(token)
	s.send("\x03")
	s.end()
}

// TestClockOffsets prints the offsets of clocks that are proven to be off.
func TestClockOffsets(t *testing.T) {
	out, err := exec.Command("tracefall", "show", "testdata/demo/clock-skew.jsonl.gz", "--format", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`"clock_offset_nano":-?[1-9]`).Match(out) {
		t.Error("no span has a clock offset")
	}
	if !strings.Contains(string(out), `"clock_offset_nano":0,`) {
		t.Error("every span has a clock offset, want none for the host of the first span")
	}
}

// TestScreensOfTheExample plays the incident of docs/example.md and finds its screens, line by line.
func TestScreensOfTheExample(t *testing.T) {
	page, err := os.ReadFile("docs/example.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```\n") // text and screens by turns
	if len(blocks) != 9 {
		t.Fatalf("the example has %d parts, want three screens and a command", len(blocks))
	}
	t.Chdir("testdata/demo")
	s := start(t, 100, 22, "retry-storm.jsonl.gz")
	shows := func(block string) {
		t.Helper()
		s.until("a screen of docs/example.md", func(screen string) bool {
			lines := map[string]bool{}
			for line := range strings.SplitSeq(screen, "\n") {
				lines[strings.TrimRight(line, " ")] = true
			}
			for line := range strings.SplitSeq(strings.TrimSuffix(block, "\n"), "\n") {
				if !lines[line] {
					return false
				}
			}
			return true
		})
	}
	shows(blocks[1])
	s.press("\rrc")
	shows(blocks[3])
	s.send("=")
	s.wait("Choose a baseline")
	s.send("\r")
	shows(blocks[5])
	s.send("Y")
	s.wait("sent to the terminal")
	if sent := s.sent(); !strings.Contains(sent, blocks[7]) {
		t.Errorf("%q is not what Y sends:\n%s", blocks[7], sent)
	}
	s.send("\x03")
	s.end()
}
