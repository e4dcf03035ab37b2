package app

import (
	"strings"
	"testing"
)

func TestClipboard(t *testing.T) {
	env := func(name, value string) func(string) string {
		return func(n string) string {
			if n == name {
				return value
			}
			return ""
		}
	}
	plain := "\x1b]52;c;aGVsbG8=\x07"
	for _, c := range []struct{ name, value, want string }{
		{"X", "", plain},
		{"TMUX", "/tmp/tmux-0/default,1,0", plain + "\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x07\x1b\\"},
		{"STY", "1.pts", "\x1bP" + plain + "\x1b\\"},
	} {
		got, err := clipboard("hello", env(c.name, c.value))
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
	got, err := clipboard(strings.Repeat("x", 3000), env("STY", "1"))
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(got, "\x1b\\"), "\x1b\\") {
		if body, ok := strings.CutPrefix(part, "\x1bP"); !ok || len(body) > screenChunk {
			t.Errorf("a piece of %d bytes for screen, want at most %d: %.20q", len(part), screenChunk, part)
		}
	}
	if _, err := clipboard(strings.Repeat("x", clipboardMost+1), env("X", "")); err == nil {
		t.Error("a text beyond the limit was sent")
	}
}
