package query

import (
	"cmp"
	"fmt"
	"math"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tracefall/sources/trace"
)

// Number is a constant or a stored text that reads as a number: an integer where it is written as one that fits.
type Number struct {
	Whole bool
	Int   int64
	Float float64
}

// WholeNumber is the number of an integer.
func WholeNumber(i int64) Number { return Number{Whole: true, Int: i, Float: float64(i)} }

// ReadNumber reads decimal numbers as people and JSON write them; no hexadecimal, no "inf".
func ReadNumber(text string) (Number, bool) {
	if text == "" || len(text) > 64 {
		return Number{}, false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return Number{}, false
		}
	}
	if !strings.ContainsAny(text, ".eE") { // an error would be an allocation
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return WholeNumber(i), true
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	return Number{Float: f}, err == nil
}

// ReadDuration reads a duration with a unit, as Go writes it: 1.5s, 200ms, 1h30m.
func ReadDuration(text string) (time.Duration, bool) {
	if text == "" || len(text) > 64 || text[len(text)-1] < 'a' || text[0] > '9' {
		return 0, false
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// WriteDuration is the canonical spelling: Go's without units that count nothing.
func WriteDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = text[:len(text)-2]
	}
	if strings.HasSuffix(text, "h0m") {
		text = text[:len(text)-2]
	}
	return text
}

// ReadTime reads an instant that nanoseconds since the epoch can hold.
func ReadTime(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() < 1678 || at.Year() > 2261 {
		return time.Time{}, false
	}
	return at.UTC(), true
}

// problem is why a literal or an operator does not fit; the zero problem is none.
type problem struct{ message, suggestion string }

// fit brings a constant into the canonical form of the type it is compared with, or says why it cannot be.
func fit(r Ref, o Op, v Literal) (Literal, problem) {
	typ := r.Type()
	name := FormatRef(r)
	switch {
	case o.ordered() && !typ.ordered():
		return v, problem{fmt.Sprintf("%s is %s and has no order; use = or !=", name, typeNames[typ]), ""}
	case o.Textual() && !typ.Textual():
		return v, problem{fmt.Sprintf("%s is %s; %s compares text", name, typeNames[typ], o), ""}
	case o == OpContains:
		return Literal{Text: v.Text}, problem{}
	case o == OpRegex || o == OpNotRegex:
		return Literal{Text: v.Text}, checkPattern(v.Text)
	}
	switch typ {
	case TypeAny:
		if o.ordered() && !v.Quoted && (v.Text == "true" || v.Text == "false") {
			return v, problem{v.Text + " has no order; use = or !=", ""}
		}
		return v, problem{}
	case TypeText:
		if !v.Quoted && r.refusesUnquoted(v.Text) {
			return v, problem{fmt.Sprintf("%s is text and %s is %s; quotes make it text", name, v.Text, typeNames[readsAs(v.Text)]), quote(v.Text)}
		}
		return Literal{Text: v.Text}, problem{}
	case TypeFinding:
		return Literal{Text: v.Text}, problem{}
	case TypeID:
		return Literal{Text: canonicalID(r.Field, v.Text)}, problem{}
	case TypeDuration:
		return fitDuration(name, v)
	case TypeTime:
		at, ok := ReadTime(v.Text)
		if !ok {
			return v, problem{name + " is a time, written as 2026-08-16T18:56:20.123Z", ""}
		}
		return Literal{Text: formatTime(at)}, problem{}
	case TypeNumber:
		if _, ok := ReadNumber(v.Text); !ok {
			return v, problem{fmt.Sprintf("%s is a number, %q is not", name, Shorten(v.Text)), ""}
		}
		return Literal{Text: v.Text}, problem{}
	default:
	}
	return fitWord(name, typ, v)
}

func canonicalID(f Field, text string) string {
	if f == FieldTraceID || f == FieldLinkTrace {
		return trace.ParseTraceID(text).String()
	}
	return trace.ParseSpanID(text).String()
}

func fitDuration(name string, v Literal) (Literal, problem) {
	if d, ok := ReadDuration(v.Text); ok {
		return Literal{Text: WriteDuration(d)}, problem{}
	}
	if _, ok := ReadNumber(v.Text); ok {
		return v, problem{name + " needs a unit: ns, us, ms, s, m or h", v.Text + "ms"}
	}
	return v, problem{fmt.Sprintf("%s is a duration such as 200ms or 1.5s, %q is not", name, Shorten(v.Text)), ""}
}

// fitWord reads a word of a closed vocabulary.
func fitWord(name string, typ FieldType, v Literal) (Literal, problem) {
	word := strings.ToLower(v.Text)
	switch typ {
	case TypeKind:
		if k, ok := trace.ParseKind(v.Text); ok {
			return Literal{Text: k.String()}, problem{}
		}
	case TypeStatus:
		if s, ok := trace.ParseStatus(v.Text); ok {
			return Literal{Text: s.String()}, problem{}
		}
	default:
		if word == "true" || word == "false" {
			return Literal{Text: word}, problem{}
		}
	}
	all := typ.Words()
	if _, ok := ReadNumber(v.Text); ok && typ == TypeStatus {
		return v, problem{name + " is " + oneOf(all) + "; the number is in http.status_code", ""}
	}
	return v, problem{fmt.Sprintf("%s is %s; %q is not", name, oneOf(all), Shorten(v.Text)), Nearest(word, all)}
}

func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// longestPattern bounds, in bytes, what compiling a regular expression can cost.
const longestPattern = 4096

// checkPattern reports whether RE2 takes a pattern.
func checkPattern(pattern string) problem {
	if len(pattern) > longestPattern {
		return problem{fmt.Sprintf("a regular expression has at most %d bytes", longestPattern), ""}
	}
	if _, err := syntax.Parse(pattern, syntax.Perl); err != nil {
		text := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		return problem{"the regular expression (RE2) is not valid: " + Shorten(text), ""}
	}
	return problem{}
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

// isWordRune reports whether r may stand in a key without quotes.
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

// isValueRune reports whether r may stand in a value without quotes.
func isValueRune(r rune) bool {
	return isWordRune(r) || r < utf8.RuneSelf && strings.ContainsRune(`:+%#$*?^[]\;`, r)
}

// IsTermRune reports whether r may stand in a word of phrase and fulltext (RFC 0005 §5.3).
func IsTermRune(r rune) bool { return unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark) }

// isBareKey reports whether a key needs no quotes as far as its characters go.
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

// isBareValue reports whether a value needs no quotes.
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

// timeText writes nanoseconds since the epoch as the language does.
func timeText(ns int64) string { return formatTime(time.Unix(0, ns)) }

// String is the text of a number, as trace.Value writes it.
func (n Number) String() string {
	if n.Whole {
		return strconv.FormatInt(n.Int, 10)
	}
	return strconv.FormatFloat(n.Float, 'g', -1, 64)
}

// incomparable is what order returns for NaN.
const incomparable = 2

// Compare compares numbers: exactly where both are integers.
func Compare(a, b Number) int {
	switch {
	case a.Whole && b.Whole:
		return cmp.Compare(a.Int, b.Int)
	case math.IsNaN(a.Float) || math.IsNaN(b.Float):
		return incomparable
	}
	return cmp.Compare(a.Float, b.Float)
}

// ReadAs returns a term about a twin as one about what it is read as; ok is false where its constants do not fit that,
// so that it cannot hold.
func (t *Term) ReadAs(r Ref) (as *Term, ok bool) {
	copied := *t
	copied.Ref = r
	copied.Values = slices.Clone(t.Values)
	if t.Kind == KindPhrase || t.Kind == KindFulltext {
		return &copied, r.Field == FieldNone
	}
	for i, v := range t.Values {
		o := t.Op
		if t.Kind != KindCompare {
			o = OpEq
		}
		fitted, wrong := fit(r, o, v)
		if wrong != (problem{}) {
			return nil, false
		}
		copied.Values[i] = fitted
	}
	return &copied, true
}
