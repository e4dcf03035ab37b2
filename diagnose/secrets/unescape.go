package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// mostLayers is how often a text is unescaped: JSON in a URL in JSON.
const mostLayers = 3

// escaped searches the text again without the escapes that hide names, operators and quotes: \u0022 and \u003d of JSON,
// %3D and %22 of URLs, &lt; and &quot; of XML. What it finds is noted where it stands in the value.
func (s *search) escaped() {
	if s.layer >= mostLayers || !hasEscapes(s.v) {
		return
	}
	plain, at := unescape(s.v)
	if plain == s.v {
		return
	}
	below := search{key: s.key, v: plain, layer: s.layer + 1}
	below.text()
	for _, p := range below.found {
		s.add(p.Kind, int(at[p.From]), int(at[p.To]), p.Sure)
	}
}

// hasEscapes reports whether unescape would change something.
func hasEscapes(v string) bool {
	for i := range len(v) {
		switch v[i] {
		case '%':
			if i+2 < len(v) && lex.Hex(v[i+1]) && lex.Hex(v[i+2]) {
				return true
			}
		case '\\':
			if strings.HasPrefix(v[i:], `\u00`) {
				return true
			}
		case '&':
			if entity(v[i:]) >= 0 {
				return true
			}
		}
	}
	return false
}

// entity returns which of entities a text begins with, -1 for none.
func entity(v string) int {
	if len(v) < 4 || v[1] != 'l' && v[1] != 'g' && v[1] != 'a' && v[1] != 'q' && v[1] != '#' {
		return -1
	}
	for n := range entities {
		if strings.HasPrefix(v, entities[n].name) {
			return n
		}
	}
	return -1
}

// entities are the characters that XML names.
var entities = []struct {
	name string
	c    byte
}{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}, {"&#34;", '"'}, {"&#x22;", '"'}, {"&#x27;", '\''}, {"&#61;", '='}}

// unescape returns the text without one layer of escapes, and for each byte of it, and for its end, where it stands in
// the value.
func unescape(v string) (plain string, at []int32) {
	b := make([]byte, 0, len(v))
	at = make([]int32, 0, len(v)+1)
	for i := 0; i < len(v); {
		c, n := v[i], 1
		switch {
		case c == '%' && i+2 < len(v) && lex.Hex(v[i+1]) && lex.Hex(v[i+2]):
			c, n = hex(v[i+1])<<4|hex(v[i+2]), 3
		case c == '\\' && i+5 < len(v) && v[i+1] == 'u' && v[i+2] == '0' && v[i+3] == '0' && lex.Hex(v[i+4]) && lex.Hex(v[i+5]) && v[i+4] < '8':
			c, n = hex(v[i+4])<<4|hex(v[i+5]), 6
		case c == '&':
			if e := entity(v[i:]); e >= 0 {
				c, n = entities[e].c, len(entities[e].name)
			}
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
