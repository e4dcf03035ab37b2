package waterfall

import (
	"strconv"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views/prompt"
)

// MatchText tells for every span of a trace whether it contains a text, whatever the case: in its service, its
// operation, its status message, in the keys and values of its attributes and events, or in its id. A text like
// http.method=GET is also found across an attribute's key and value. It is nil for an empty text. It costs tens
// of nanoseconds a span; run it as a job.
func MatchText(t *trace.Trace, text string) []bool {
	if text == "" {
		return nil
	}
	m := textMatcher{set: t.Set(), needle: strings.ToLower(text), known: make([]uint8, t.Set().Symbols())}
	m.keyPart, m.valuePart, m.hasPair = strings.Cut(m.needle, "=")
	m.isID = isHex(m.needle)
	matches := make([]bool, t.Len())
	for i := t.First(); i < t.Len(); i++ {
		matches[i] = m.Span(t.Span(i))
	}
	return matches
}

// textMatcher remembers which symbols contain the text, so that each is looked at once.
type textMatcher struct {
	set                *trace.Set
	needle             string // lower case
	keyPart, valuePart string // around the first "=", where there is one
	hasPair, isID      bool
	known              []uint8
	buf                [40]byte
}

const (
	symbolUnknown = iota
	symbolMatches
	symbolDiffers
)

func (m *textMatcher) Span(s trace.Span) bool {
	if m.symbol(s.NameSymbol()) || m.symbol(s.ServiceSymbol()) || m.attrs(s.Attrs()) {
		return true
	}
	if m.isID && m.id(s.ID()) {
		return true
	}
	if s.Status() != trace.StatusUnset && prompt.ContainsFold(s.StatusMessage(), m.needle) {
		return true
	}
	for k := range s.Events() {
		if e := s.Event(k); prompt.ContainsFold(e.Name(), m.needle) || m.attrs(e.Attrs()) {
			return true
		}
	}
	return false
}

func (m *textMatcher) symbol(sym trace.Symbol) bool {
	if m.known[sym] == symbolUnknown {
		m.known[sym] = symbolDiffers
		if prompt.ContainsFold(m.set.Text(sym), m.needle) {
			m.known[sym] = symbolMatches
		}
	}
	return m.known[sym] == symbolMatches
}

func (m *textMatcher) attrs(attrs trace.Attrs) bool {
	for i := range attrs.Len() {
		if m.symbol(attrs.KeySymbol(i)) || m.value(attrs.Value(i)) {
			return true
		}
		if m.hasPair && prompt.HasSuffixFold(attrs.Key(i), m.keyPart) && m.valueStarts(attrs.Value(i)) {
			return true
		}
	}
	return false
}

func (m *textMatcher) value(v trace.Value) bool {
	if sym, ok := v.Symbol(); ok && v.Type() != trace.TypeBytes {
		return m.symbol(sym)
	}
	text, number := m.Text(v)
	return prompt.ContainsFold(text, m.needle) || strings.Contains(string(number), m.needle)
}

func (m *textMatcher) valueStarts(v trace.Value) bool {
	text, number := m.Text(v)
	if number != nil {
		return strings.HasPrefix(string(number), m.valuePart)
	}
	return prompt.HasPrefixFold(text, m.valuePart)
}

// Text writes a value: numbers into the matcher's buffer. Bytes have no text to search.
func (m *textMatcher) Text(v trace.Value) (text string, number []byte) {
	switch v.Type() {
	case trace.TypeString, trace.TypeJSON:
		return v.Text(), nil
	case trace.TypeInt:
		return "", strconv.AppendInt(m.buf[:0], v.Int(), 10)
	case trace.TypeFloat:
		return "", strconv.AppendFloat(m.buf[:0], v.Float(), 'g', -1, 64)
	case trace.TypeBool:
		return strconv.FormatBool(v.Bool()), nil
	case trace.TypeNone, trace.TypeBytes:
	}
	return "", nil
}

// id tells whether the hexadecimal digits of an id contain the text.
func (m *textMatcher) id(id trace.SpanID) bool {
	if id.Text != "" {
		return prompt.ContainsFold(id.Text, m.needle)
	}
	const digits = "0123456789abcdef"
	var hex [16]byte
	for i := range hex {
		hex[15-i] = digits[id.N>>(4*i)&0xf]
	}
	return strings.Contains(string(hex[:]), m.needle)
}

// leastHex is how many hexadecimal digits are taken for a part of an id; fewer would find every other span.
const leastHex = 6

func isHex(s string) bool {
	return len(s) >= leastHex && strings.Trim(s, "0123456789abcdef") == ""
}
