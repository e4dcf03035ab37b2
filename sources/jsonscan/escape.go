package jsonscan

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// AppendUnescaped appends what a string token says. As with encoding/json, lone surrogates and invalid UTF-8
// become U+FFFD.
func AppendUnescaped(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c, size := raw[i], 1
		switch {
		case c >= utf8.RuneSelf:
			var r rune
			r, size = utf8.DecodeRune(raw[i:])
			dst = utf8.AppendRune(dst, r)
		case c != '\\':
			dst = append(dst, c)
		default:
			dst, size = AppendEscape(dst, raw[i:])
		}
		i += max(size, 1)
	}
	return dst
}

// AppendEscape appends the character that the escape sequence at the start of text stands for, and returns how many
// bytes of the text say it, which is 0 where JSON has no such escape. A surrogate pair is one sequence; half of one is
// U+FFFD.
func AppendEscape(dst, text []byte) (_ []byte, size int) {
	if len(text) < 2 {
		return dst, 0
	}
	switch c := text[1]; c {
	case '"', '\\', '/':
		return append(dst, c), 2
	case 'u':
		r, ok := hexRune(text)
		if !ok {
			return dst, 0
		}
		if pair, ok := hexRune(text[escapeLength:]); ok && utf16.DecodeRune(r, pair) != utf8.RuneError {
			return utf8.AppendRune(dst, utf16.DecodeRune(r, pair)), 2 * escapeLength
		}
		return utf8.AppendRune(dst, r), escapeLength
	default:
		if i := strings.IndexByte("bfnrt", c); i >= 0 {
			return append(dst, "\b\f\n\r\t"[i]), 2
		}
	}
	return dst, 0
}

// escapeLength is how long an escape with hexadecimal digits is.
const escapeLength = len(`\u0000`)

// hexRune reads the escape with hexadecimal digits that text begins with; ok is false where it does not.
func hexRune(text []byte) (r rune, ok bool) {
	if len(text) < escapeLength || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:escapeLength] {
		if HexDigit[c] < 0 {
			return 0, false
		}
		r = r<<4 | rune(HexDigit[c])
	}
	return r, true
}

// HexDigit is the value of a hexadecimal digit of either case, -1 for any other byte.
var HexDigit = func() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	for i, c := range "0123456789abcdef" {
		table[c] = int8(i)
		if c >= 'a' {
			table[c-'a'+'A'] = int8(i)
		}
	}
	return table
}()
