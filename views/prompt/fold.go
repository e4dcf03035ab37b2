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

// ContainsFold tells whether s contains a text given in lower case, whatever the case.
func ContainsFold(s, lower string) bool {
	return IndexFold(s, lower) >= 0
}

// IndexFold returns the first place in s of a text given in lower case, whatever the case, -1 for none. Where
// lower case changes the length of s the place may be off.
func IndexFold(s, lower string) int {
	if lower == "" {
		return 0
	}
	if !ascii(lower) {
		return strings.Index(strings.ToLower(s), lower)
	}
	first, upper := lower[0], upperByte(lower[0])
	for i := 0; i+len(lower) <= len(s); i++ {
		if c := s[i]; (c == first || c == upper) && equalFoldASCII(s[i:i+len(lower)], lower) {
			return i
		}
	}
	return -1
}

func HasPrefixFold(s, lower string) bool {
	if !ascii(lower) {
		return strings.HasPrefix(strings.ToLower(s), lower)
	}
	return len(s) >= len(lower) && equalFoldASCII(s[:len(lower)], lower)
}

func HasSuffixFold(s, lower string) bool {
	if !ascii(lower) {
		return strings.HasSuffix(strings.ToLower(s), lower)
	}
	return len(s) >= len(lower) && equalFoldASCII(s[len(s)-len(lower):], lower)
}

// equalFoldASCII compares texts of one length, the second in lower case.
func equalFoldASCII(s, lower string) bool {
	for i := range len(lower) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func upperByte(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
