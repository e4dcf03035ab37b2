//go:build unix

package main

import (
	"regexp"
	"strings"
	"testing"
)

// shownKey returns the key that a screen shows for something, in its last line or among the tabs above, "" for none.
func shownKey(screen, what string) string {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	hint := regexp.MustCompile(`(?:^|  |▌| )(\S+) ` + regexp.QuoteMeta(what) + `(?:  |▌| \d| *$)`)
	for _, line := range append([]string{lines[len(lines)-1]}, lines[:min(len(lines), 8)]...) {
		if found := hint.FindStringSubmatch(line); found != nil {
			return strings.TrimPrefix(found[1], "▌")
		}
	}
	return ""
}

// keystrokes are what a terminal sends for the keys that footers and help name.
func keystrokes(key string) string {
	if code, special := map[string]string{"enter": "\r", "esc": escape, "tab": "\t", "space": " ", "pgdn": "\x1b[6~", "ctrl-f": "\x06"}[key]; special {
		return code
	}
	return key
}

// choose presses the key that the screen shows for something, as soon as it shows one.
func (s *played) choose(what string) {
	s.t.Helper()
	key := ""
	s.Until("a key for "+what, func(screen string) bool {
		key = shownKey(screen, what)
		return key != ""
	})
	s.Send(keystrokes(key))
}

// lookUp finds a key in the help, opened and closed by the keys that the screen shows, and presses it.
func (s *played) lookUp(text string) {
	s.t.Helper()
	s.choose("help")
	s.Wait("Keys and symbols")
	key := ""
	for page := 0; key == ""; page++ {
		if page == 12 {
			s.t.Fatalf("the help has no key for %q:\n%s", text, s.Screen())
		}
		for line := range strings.SplitSeq(s.Screen(), "\n") {
			if keys, _, found := strings.Cut(line, "  "+text); found && strings.TrimSpace(keys) != "" && len(strings.Fields(keys)) < 5 {
				key = strings.Fields(keys)[0]
			}
		}
		if key == "" {
			before := s.Screen()
			s.choose("page down")
			s.Until("the next page of the help", func(screen string) bool { return screen != before })
		}
	}
	s.choose("back")
	s.Gone("Keys and symbols")
	s.Send(keystrokes(key))
}

// TestTheSessionIsReadFromTheScreen plays the session that the program is made for in a terminal of 80×24, and presses no key
// that the screen does not show: each is read from the last line, the tabs or the help before.
func TestTheSessionIsReadFromTheScreen(t *testing.T) {
	beside(t)
	t.Parallel()
	s := start(t, 80, 24, "testdata/demo/retry-storm.jsonl.gz", "testdata/demo/n-plus-one.jsonl.gz")
	s.Wait("retry storm ×5") // the list says what is wrong
	s.Wait("N+1 ×50")
	s.choose("open")
	s.Wait("waterfall")
	s.Wait("5.02 s")
	s.choose("root cause")
	s.Wait("root-cause error")
	s.lookUp("Critical path")
	s.lookUp("Search with a query")
	s.Send("error=true")
	s.choose("run")
	s.Wait("13 of 16 spans")
	s.lookUp("Filter to matches")
	s.choose("findings")
	s.Wait("retry storm ×5")
	s.choose("waterfall")
	s.lookUp("Compare with a baseline")
	s.Wait("no error")
	s.choose("compare")
	s.Wait("5 failed (503)")
	s.lookUp("Copy as Markdown")
	if block := s.Copied(); !strings.Contains(block, "tracefall testdata/demo/retry-storm.jsonl.gz") {
		t.Errorf("the block for the channel has no command:\n%s", block)
	}
	s.choose("map")
	s.Wait("payment-service")
	s.choose("comparison")
	s.Wait("5 failed (503)")
	for range 4 { // the comparison, the filter, the search, the trace
		if strings.Contains(s.Screen(), "1 traces") {
			break
		}
		before := s.Screen()
		s.lookUp("Cancel / clear search")
		s.Until("what was before", func(screen string) bool { return screen != before })
	}
	s.Wait("N+1 ×50")
	s.lookUp("Close pane or screen")
	if code := s.End(); code != 0 {
		t.Errorf("exit status %d, want 0", code)
	}
}
