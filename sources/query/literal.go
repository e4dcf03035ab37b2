package query

import (
	"fmt"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tracefall/sources/trace"
)

// number is a constant or a stored text that reads as a number: an integer where it is written as one that fits.
type number struct {
	integer bool
	i       int64
	f       float64
}

// readNumber reads decimal numbers as people and JSON write them; no hexadecimal, no "inf".
func readNumber(text string) (number, bool) {
	if text == "" || len(text) > 64 {
		return number{}, false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return number{}, false
		}
	}
	if !strings.ContainsAny(text, ".eE") { // an error would be an allocation
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return number{true, i, float64(i)}, true
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	return number{f: f}, err == nil
}

// readDuration reads a duration with a unit, as Go writes it: 1.5s, 200ms, 1h30m.
func readDuration(text string) (time.Duration, bool) {
	if text == "" || len(text) > 64 || text[len(text)-1] < 'a' || text[0] > '9' {
		return 0, false
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// writeDuration is the canonical spelling: Go's without units that count nothing.
func writeDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = text[:len(text)-2]
	}
	if strings.HasSuffix(text, "h0m") {
		text = text[:len(text)-2]
	}
	return text
}

// readTime reads an instant that nanoseconds since the epoch can hold.
func readTime(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() < 1678 || at.Year() > 2261 {
		return time.Time{}, false
	}
	return at.UTC(), true
}

// problem is why a literal or an operator does not fit; the zero problem is none.
type problem struct{ message, suggestion string }

// fit brings a constant into the canonical form of the type it is compared with, or says why it cannot be.
func fit(r ref, o op, v literal) (literal, problem) {
	typ := r.typ()
	name := formatRef(r)
	switch {
	case o.ordered() && !typ.ordered():
		return v, problem{fmt.Sprintf("%s is %s and has no order; use = or !=", name, typeNames[typ]), ""}
	case o.textual() && !typ.textual():
		return v, problem{fmt.Sprintf("%s is %s; %s compares text", name, typeNames[typ], o), ""}
	case o == opContains:
		return literal{text: v.text}, problem{}
	case o == opRegex || o == opNotRegex:
		return literal{text: v.text}, checkPattern(v.text)
	}
	switch typ {
	case typeAny:
		if o.ordered() && !v.quoted && (v.text == "true" || v.text == "false") {
			return v, problem{v.text + " has no order; use = or !=", ""}
		}
		return v, problem{}
	case typeText:
		if !v.quoted && r.refusesUnquoted(v.text) {
			return v, problem{fmt.Sprintf("%s is text and %s is %s; quotes make it text", name, v.text, typeNames[readsAs(v.text)]), quote(v.text)}
		}
		return literal{text: v.text}, problem{}
	case typeFinding:
		return literal{text: v.text}, problem{}
	case typeID:
		return literal{text: canonicalID(r.field, v.text)}, problem{}
	case typeDuration:
		return fitDuration(name, v)
	case typeTime:
		at, ok := readTime(v.text)
		if !ok {
			return v, problem{name + " is a time, written as 2026-08-16T18:56:20.123Z", ""}
		}
		return literal{text: formatTime(at)}, problem{}
	case typeNumber:
		if _, ok := readNumber(v.text); !ok {
			return v, problem{fmt.Sprintf("%s is a number, %q is not", name, cut(v.text)), ""}
		}
		return literal{text: v.text}, problem{}
	default:
	}
	return fitWord(name, typ, v)
}

func canonicalID(f field, text string) string {
	if f == fieldTraceID || f == fieldLinkTrace {
		return trace.ParseTraceID(text).String()
	}
	return trace.ParseSpanID(text).String()
}

func fitDuration(name string, v literal) (literal, problem) {
	if d, ok := readDuration(v.text); ok {
		return literal{text: writeDuration(d)}, problem{}
	}
	if _, ok := readNumber(v.text); ok {
		return v, problem{name + " needs a unit: ns, us, ms, s, m or h", v.text + "ms"}
	}
	return v, problem{fmt.Sprintf("%s is a duration such as 200ms or 1.5s, %q is not", name, cut(v.text)), ""}
}

// fitWord reads a word of a closed vocabulary.
func fitWord(name string, typ fieldType, v literal) (literal, problem) {
	word := strings.ToLower(v.text)
	switch typ {
	case typeKind:
		if k, ok := trace.ParseKind(v.text); ok {
			return literal{text: k.String()}, problem{}
		}
	case typeStatus:
		if s, ok := trace.ParseStatus(v.text); ok {
			return literal{text: s.String()}, problem{}
		}
	default:
		if word == "true" || word == "false" {
			return literal{text: word}, problem{}
		}
	}
	all := typ.words()
	if _, ok := readNumber(v.text); ok && typ == typeStatus {
		return v, problem{name + " is " + oneOf(all) + "; the number is in http.status_code", ""}
	}
	return v, problem{fmt.Sprintf("%s is %s; %q is not", name, oneOf(all), cut(v.text)), nearest(word, all)}
}

func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// longestPattern bounds, in bytes, what compiling a regular expression can cost.
const longestPattern = 4096

// checkPattern tells whether RE2 takes a pattern.
func checkPattern(pattern string) problem {
	if len(pattern) > longestPattern {
		return problem{fmt.Sprintf("a regular expression has at most %d bytes", longestPattern), ""}
	}
	if _, err := syntax.Parse(pattern, syntax.Perl); err != nil {
		text := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		return problem{"the regular expression (RE2) is not valid: " + cut(text), ""}
	}
	return problem{}
}

// cut shortens hostile text for a message.
func cut(text string) string {
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

// isWordRune tells whether r may stand in a key without quotes.
func isWordRune(r rune) bool {
	switch r {
	case '_', '.', '-', '/', '@':
		return true
	case utf8.RuneError:
		return false
	}
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark)
}

// isValueRune tells whether r may stand in a value without quotes.
func isValueRune(r rune) bool {
	return isWordRune(r) || r < utf8.RuneSelf && strings.ContainsRune(`:+%#$*?^[]\;`, r)
}

// isTermRune tells whether r may stand in a word of phrase and fulltext (RFC 0005 §5.3).
func isTermRune(r rune) bool { return unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark) }

// isBareKey tells whether a key needs no quotes as far as its characters go.
func isBareKey(key string) bool {
	if key == "" || key[0] == '-' || key[0] == '.' {
		return false
	}
	for _, r := range key {
		if !isWordRune(r) {
			return false
		}
	}
	return utf8.ValidString(key)
}

// isBareValue tells whether a value needs no quotes.
func isBareValue(text string) bool {
	if text == "" || text == "nil" {
		return false
	}
	for _, r := range text {
		if !isValueRune(r) {
			return false
		}
	}
	return utf8.ValidString(text)
}
