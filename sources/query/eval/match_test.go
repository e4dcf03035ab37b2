package eval

import (
	"regexp"
	"strings"
	"testing"
)

// TestRequiredText checks the shortcut of regular expressions: what it finds, and that it never loses a match.
func TestRequiredText(t *testing.T) {
	for _, c := range []struct{ pattern, want string }{
		{"items/999[0-9]+", "items/999"}, {"^pay", "pay"}, {"(abc)+d?", "abc"}, {"a|b", ""}, {"(?i)abc", ""}, {"x*abc.*longer", "longer"},
		{"", ""}, {"[a-c]+", ""}, {"a{2}", ""}, {"\ufffd", ""}, {"(", ""},
	} {
		if got := requiredText(c.pattern); got != c.want {
			t.Errorf("%s requires %q, want %q", c.pattern, got, c.want)
		}
	}
}

func FuzzRequiredText(f *testing.F) {
	f.Add("^(ab)+c|d", "ababc")
	f.Add("(?i)x.y?", "XaY")
	f.Add("\xff", "\xff")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		re, err := regexp.Compile(pattern)
		if err != nil || !re.MatchString(text) {
			t.Skip()
		}
		if needed := requiredText(pattern); !strings.Contains(text, needed) {
			t.Errorf("%q matches %q without %q", text, pattern, needed)
		}
	})
}
