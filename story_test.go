//go:build unix

package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"tracefall/app/apptest"
)

// TestTheNightItMustWin plays the session that the program is made for, key by key: from the list to the cause, to
// what differs from a good request, to a block for the incident channel, and back to that very view.
func TestTheNightItMustWin(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		s := start(t, size[0], size[1], "testdata/demo/retry-storm.jsonl.gz")
		s.Wait("retry storm ×5") // the list says what is wrong
		s.Wait("critical")
		s.Press("\r")
		s.Wait("▲ retry storm ×5") // the worst finding, in its banner
		s.Wait("1/5")              // and on its rows
		s.Press("r")
		s.Wait("root-cause error")
		s.Send("c")
		s.Wait("critical path: 16 of 16 spans")
		s.Wait("━━━━")
		s.Send("=")
		s.Wait("Choose a baseline")
		s.Wait("near the median")
		s.Send("\r")
		s.Wait("⇄")
		s.Wait("1 call → 5, 5 failed (503)")
		s.Wait("+4.87 s")
		s.Send("Y")
		s.Wait("sent to the terminal")
		block := s.Copied()
		for _, want := range []string{"1 call → 5, 5 failed (503)", "+4.87 s of +4.93 s (99 %)", "```\ntracefall testdata/demo/retry-storm.jsonl.gz --trace f8e7fb9171354c534b099d4c"} {
			if !strings.Contains(block, want) {
				t.Errorf("the block for the channel lacks %q:\n%s", want, block)
			}
		}
		s.Press("") // all that was to be drawn is drawn
		view := apptest.Body(s.Screen())
		s.Press("b\r") // the waterfall of the good trace
		s.Wait("api-gateway · 90.3 ms")
		s.Press("q") // and back to the comparison
		s.Wait("1 call → 5, 5 failed (503)")
		s.Press("q") // to the bad trace, as it was
		s.Wait("root-cause error")
		s.Send("qqq")
		if code := s.End(); code != 0 {
			t.Errorf("exit status %d, want 0", code)
		}
		again := reopen(t, size[0], size[1], block)
		again.shows(view, apptest.Body)
		again.Send("\x03")
		again.End()
	}
}

// TestFindingsOfTheFile goes from the list to all findings, to the rows of one, and back.
func TestFindingsOfTheFile(t *testing.T) {
	t.Parallel()
	s := start(t, 120, 40, "testdata/demo/retry-storm.jsonl.gz")
	s.Wait("retry storm ×5")
	s.Send("a")
	s.Wait("Common fixes")
	s.Press("\r")
	s.Wait("▲ retry storm ×5")
	s.Press("s")
	s.Wait("critical path 5.02 s")
	s.Press("\r")
	s.Wait("/ service=payment-service")
	s.Press("q")
	s.Wait("Detectors with limited data")
	s.Send("\x03")
	s.End()
}

// TestSecretsAreMasked looks at a token, copies it, and reveals it.
func TestSecretsAreMasked(t *testing.T) {
	beside(t)
	t.Parallel()
	const token = "eyJhbGci"
	s := start(t, 120, 40, "testdata/demo/sensitive-data.jsonl.gz",
		"--trace", "9b08dde0e91db9b4f71eb86f45ef17a4", "--span", "68aea567317c0936")
	s.Wait("token in span attributes")
	s.Press("\r/authorization\r")
	s.Wait("masked: V reveals")
	s.Send("yv")
	s.Wait("authorization, masked")
	if got := s.Copied(); got != "****" {
		t.Errorf("the masked value is copied as %q", got)
	}
	if strings.Contains(s.Raw(), token) {
		t.Error("the token was sent to the terminal")
	}
	s.Send("V")
	s.Wait(token)
	s.Send("yv")
	s.Wait("authorization (")
	if got := s.Copied(); !strings.HasPrefix(got, "Bearer "+token) {
		t.Errorf("the revealed value is copied as %q", got)
	}
	s.Press("V")
	s.Gone(token)
	s.Send("\x03")
	s.End()
}

// TestClockOffsets prints the offsets of clocks that are proven to be off.
func TestClockOffsets(t *testing.T) {
	beside(t)
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
	beside(t)
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
		s.Until("a screen of docs/example.md", func(screen string) bool {
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
	s.Press("\rrc")
	shows(blocks[3])
	s.Send("=")
	s.Wait("Choose a baseline")
	s.Send("\r")
	shows(blocks[5])
	s.Send("Y")
	s.Wait("sent to the terminal")
	if sent := s.Copied(); !strings.Contains(sent, blocks[7]) {
		t.Errorf("%q is not what Y sends:\n%s", blocks[7], sent)
	}
	s.Send("\x03")
	s.End()
}
