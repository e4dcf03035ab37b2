package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isWordRune reports whether r may stand in a key without quotes.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_.-/@", r)
	}
	return IsTermRune(r)
}

// isValueRune reports whether r may stand in a value without quotes.
func isValueRune(r rune) bool {
	return isWordRune(r) || r < utf8.RuneSelf && strings.ContainsRune(`:+%#$*?^[]\;`, r)
}

// IsTermRune reports whether r may stand in a word of phrase and fulltext (RFC 0005 §5.3).
func IsTermRune(r rune) bool { return unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark) }

// consists reports whether a text has no other characters than those that accept takes.
func consists(text string, accept func(rune) bool) bool { return runEnd(text, accept) == len(text) }

// runEnd returns how long the run of characters that accept takes is, with which a text begins.
func runEnd(text string, accept func(rune) bool) int {
	if end := strings.IndexFunc(text, func(r rune) bool { return !accept(r) }); end >= 0 {
		return end
	}
	return len(text)
}

// isBareKey reports whether a key needs no quotes as far as its characters go.
func isBareKey(key string) bool {
	return key != "" && key[0] != '-' && key[0] != '.' && consists(key, isWordRune)
}

// isBareValue reports whether a value needs no quotes.
func isBareValue(text string) bool {
	return text != "" && text != "nil" && consists(text, isValueRune)
}

// escaped are the characters that have an escape between quotes, and escapes what stands behind its backslash.
const (
	escaped = "\"\\\n\t\r"
	escapes = `"\ntr`
)

// quote writes text between quotes so that it reads back byte for byte. Everything that a terminal could take
// for more than a character is escaped.
func quote(text string) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 0, len(text)+2)
	b = append(b, '"')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch at := strings.IndexRune(escaped, r); {
		case at >= 0:
			b = append(b, '\\', escapes[at])
		case r == utf8.RuneError && size == 1 || r < ' ' || r == 0x7f:
			b = append(b, '\\', 'x', digits[text[i]>>4], digits[text[i]&15])
		case !unicode.IsPrint(r) && r <= 0xffff:
			b = append(b, '\\', 'u', digits[r>>12], digits[r>>8&15], digits[r>>4&15], digits[r&15])
		default:
			b = append(b, text[i:i+size]...)
		}
		i += size
	}
	return string(append(b, '"'))
}

// Shorten shortens hostile text for a message.
func Shorten(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	end := most
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

func quoteShort(text string) string { return quote(Shorten(text)) }
