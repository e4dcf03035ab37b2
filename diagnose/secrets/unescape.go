package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// hasEscapes reports whether unescape would change something.
func hasEscapes(v string) bool {
	for i := range len(v) {
		switch v[i] {
		case '%', '\\', '&':
			if _, n := escape(v[i:]); n > 1 {
				return true
			}
		}
	}
	return false
}

// escape returns the byte that a text begins with, escaped or not, and how many bytes stand for it.
func escape(v string) (c byte, length int) {
	switch {
	case v[0] == '%' && len(v) > 2 && lex.Hex(v[1]) && lex.Hex(v[2]):
		return hex(v[1])<<4 | hex(v[2]), 3
	case v[0] == '\\' && len(v) > 5 && strings.HasPrefix(v, `\u00`) && lex.Hex(v[4]) && lex.Hex(v[5]) && v[4] < '8':
		return hex(v[4])<<4 | hex(v[5]), 6
	case v[0] == '&' && len(v) > 3 && strings.IndexByte("lgaq#", v[1]) >= 0:
		for _, e := range entities {
			if strings.HasPrefix(v, e.name) {
				return e.c, len(e.name)
			}
		}
	}
	return v[0], 1
}

// entities are the characters that XML names.
var entities = []struct {
	name string
	c    byte
}{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}, {"&#34;", '"'}, {"&#x22;", '"'}, {"&#x27;", '\''}, {"&#61;", '='}}

// unescape returns the text without one layer of the escapes that hide names, operators and quotes, \u0022 and \u003d of
// JSON, %3D and %22 of URLs, &lt; and &quot; of XML, and for each byte of it, and for its end, where it stands in the value.
func unescape(v string) (plain string, at []int32) {
	b := make([]byte, 0, len(v))
	at = make([]int32, 0, len(v)+1)
	for i := 0; i < len(v); {
		c, n := v[i], 1
		if c == '%' || c == '\\' || c == '&' {
			c, n = escape(v[i:])
		}
		b = append(b, c)
		at = append(at, int32(i))
		i += n
	}
	return string(b), append(at, int32(len(v)))
}

func hex(c byte) byte {
	if lex.Digit(c) {
		return c - '0'
	}
	return (c | 0x20) - 'a' + 10
}
