package prompt

import (
	"strings"
	"unicode/utf8"
)

// LowerASCII is strings.ToLower for ASCII only, so that places in the result are places in s.
func LowerASCII(s string) string {
	upper := func(r rune) bool { return 'A' <= r && r <= 'Z' }
	if strings.IndexFunc(s, upper) < 0 {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// ContainsFold reports whether s contains a text given in lower case, whatever the case.
func ContainsFold(s, lower string) bool { return IndexFold(s, lower) >= 0 }

// IndexFold returns the first place in s of a text given in lower case, whatever the case, -1 for none. Where
// lower case changes the length of s the place may be off.
func IndexFold(s, lower string) int {
	if strings.IndexFunc(lower, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		return strings.Index(strings.ToLower(s), lower)
	}
	return strings.Index(LowerASCII(s), lower)
}
