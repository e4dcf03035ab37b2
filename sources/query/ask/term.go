package ask

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
)

// conjuncts returns the terms that must all hold for a span.
func conjuncts(t *query.Term) []*query.Term {
	if t.Kind == query.KindAnd {
		return t.Terms
	}
	return []*query.Term{t}
}

// everywhere are the fields that every span has: what denies a comparison with one is the opposite comparison.
var everywhere = []query.Field{query.FieldDuration, query.FieldName, query.FieldError, query.FieldStatus, query.FieldKind}

// opposites are the comparisons that hold where others do not.
var opposites = map[query.Op]query.Op{
	query.OpEq: query.OpNe, query.OpNe: query.OpEq, query.OpGt: query.OpLte, query.OpLte: query.OpGt,
	query.OpGte: query.OpLt, query.OpLt: query.OpGte, query.OpRegex: query.OpNotRegex, query.OpNotRegex: query.OpRegex,
}

// opposite returns the comparison that holds where another does not, nil where none does.
func opposite(t *query.Term) *query.Term {
	if !slices.Contains(everywhere, t.Ref.Field) || t.Ref.Instead != query.FieldNone {
		return nil
	}
	copied := *t
	switch o, ok := opposites[t.Op]; {
	case t.Kind == query.KindIn:
		copied.Kind = query.KindNotIn
	case t.Kind == query.KindNotIn:
		copied.Kind = query.KindIn
	case t.Kind == query.KindCompare && ok:
		copied.Op = o
	default:
		return nil
	}
	return &copied
}

// serviceName is the attribute of a resource that Jaeger keeps as the service and not as an attribute.
const serviceName = "service.name"

// meanings returns what a name can mean that stands for more than it says; nil for any other name.
func meanings(r query.Ref) []query.Ref {
	own, service := r, query.Ref{Field: query.FieldService}
	own.Instead = query.FieldNone
	switch {
	case r.Instead == query.FieldKind:
		return []query.Ref{own, {Field: r.Instead}, {Key: query.KindTag}}
	case r.Instead != query.FieldNone:
		return []query.Ref{own, {Field: r.Instead}}
	case r.Field != query.FieldNone || r.Key != serviceName:
	case r.Level == expression.LevelResource:
		return []query.Ref{service}
	case r.Level == "":
		return []query.Ref{{Level: expression.LevelSpan, Key: serviceName}, service}
	}
	return nil
}

// readings returns the terms that a term can mean. Which one it is may depend on the spans, so that either is asked for. It
// is nil where that cannot be asked.
func readings(t *query.Term, refs []query.Ref) []*query.Term {
	var all []*query.Term
	for _, one := range refs {
		as, ok := t.ReadAs(one)
		if !ok && t.Negative() {
			return nil // it holds wherever the field is, whatever that holds
		}
		if ok {
			all = append(all, as)
		}
	}
	return all
}

// sayable reports whether JSON can hold what a term names.
func sayable(t *query.Term) bool {
	return utf8.ValidString(t.Ref.Key) && !slices.ContainsFunc(t.Values, func(v query.Literal) bool { return !utf8.ValidString(v.Text) })
}

// rootFields are the fields of the root span, which is a span of the trace like any other.
var rootFields = map[query.Field]query.Field{
	query.FieldRootService: query.FieldService, query.FieldRootName: query.FieldName, query.FieldRootKind: query.FieldKind,
	query.FieldRootStatus: query.FieldStatus, query.FieldRootError: query.FieldError, query.FieldRootDuration: query.FieldDuration,
}

// ofRoot returns the term that the root span satisfies where a term about the root holds, nil for any other.
func ofRoot(t *query.Term) *query.Term {
	f, ok := rootFields[t.Ref.Field]
	if !ok || t.Kind == query.KindCompareRefs {
		return nil
	}
	copied := *t
	copied.Ref = query.Ref{Field: f}
	return &copied
}

// namesOf are the names under which an attribute is asked for: the one that is written first.
func namesOf(r query.Ref) []string {
	if r.Level != "" {
		return []string{r.Key}
	}
	return append([]string{r.Key}, query.SameNames(r.Key)...)
}

// equals returns the constants one of which a term asks for; ok is false for a term of another sort.
func equals(t *query.Term) (values []query.Literal, ok bool) {
	return t.Values, t.Kind == query.KindIn || t.Kind == query.KindCompare && t.Op == query.OpEq
}

// searches returns the regular expression that a term searches for, RE2 and unanchored; ok is false for a term of another
// sort.
func searches(t *query.Term) (pattern string, ok bool) {
	if t.Kind != query.KindCompare || !t.Op.Textual() {
		return "", false
	}
	pattern = t.Values[0].Text
	if t.Op == query.OpContains {
		pattern = regexp.QuoteMeta(pattern)
	}
	if t.Fold {
		pattern = "(?i:" + pattern + ")"
	}
	return pattern, true
}

// wordsOf returns the words of a closed vocabulary for which a term holds.
func wordsOf(t *query.Term) []string {
	return slices.DeleteFunc(slices.Clone(t.Ref.Type().Words()), func(word string) bool {
		holds := t.Kind == query.KindHas
		if pattern, ok := searches(t); ok {
			re, err := regexp.Compile(pattern)
			holds = err == nil && re.MatchString(word)
		} else {
			holds = holds || slices.Contains(query.Texts(t.Values), word)
		}
		return holds == t.Negative()
	})
}

// A stored is how a server writes the value that a constant asks for.
type stored struct {
	text   string // as text
	reason string // why a value that is equal here may be written otherwise there
}

// storedAs returns how servers write the value of a constant beside an attribute, where they compare texts.
func storedAs(v query.Literal) stored {
	n, number := query.ReadNumber(v.Text)
	_, duration := query.ReadDuration(v.Text)
	switch {
	case number && !v.Quoted:
		text := numberText(n)
		return stored{text, "misses " + strconv.Quote(otherSpelling(text))}
	case duration && !v.Quoted:
		return stored{v.Text, "misses other spellings of the duration"}
	case number && strings.ContainsAny(v.Text, "eE"):
		return stored{v.Text, "large numbers may be stored in another spelling"}
	case composite(v.Text):
		return stored{v.Text, "lists and maps may be stored in another spelling"}
	}
	return stored{text: v.Text}
}

// composite reports whether a text may be that of a list or a map.
func composite(text string) bool { return strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") }

// numberText writes a number as OTLP's attributes are turned into text: without an exponent as far as that is usual.
func numberText(n query.Number) string {
	if n.Whole {
		return strconv.FormatInt(n.Int, 10)
	}
	format := byte('f')
	if size := math.Abs(n.Float); size != 0 && (size < 1e-6 || size >= 1e21) {
		format = 'e'
	}
	return strconv.FormatFloat(n.Float, format, -1, 64)
}

// otherSpelling returns a text that is equal as a number.
func otherSpelling(text string) string {
	if strings.Contains(text, ".") {
		return text + "0"
	}
	return text + ".0"
}

// span is a range of durations, both ends within it; 0 for no end.
type span struct{ least, most time.Duration }

// durationRange widens a comparison with a duration to whole microseconds, as some storages keep no more, and to bounds
// that are inclusive. A span without duration may be kept as one of a nanosecond. ok is false where nothing is left to ask.
func durationRange(o query.Op, d time.Duration) (r span, exact, ok bool) {
	whole := d.Truncate(time.Microsecond)
	up := max(whole, time.Microsecond)
	if whole < d {
		up = max(whole+time.Microsecond, time.Microsecond)
	}
	switch o {
	case query.OpGt, query.OpGte:
		r.least = whole
	case query.OpLt, query.OpLte:
		r.most = up
	case query.OpEq:
		r = span{max(whole, 0), up}
	default:
		return r, false, false
	}
	exact = (o == query.OpGte || o == query.OpLte) && up == d
	return r, exact, r.least > 0 || r.most > 0
}

// durationRanges are those of a term about durations.
func durationRanges(t *query.Term) (all []span, exact, ok bool) {
	if t.Kind != query.KindCompare && t.Kind != query.KindIn {
		return nil, false, false
	}
	exact = true
	for _, v := range t.Values {
		d, read := query.ReadDuration(v.Text)
		r, same, sayable := durationRange(t.Op, d)
		if !read || !sayable {
			return nil, false, false
		}
		all, exact = append(all, r), exact && same
	}
	return all, exact, true
}

// printable writes a text without quotes where it is one word.
func printable(text string) string {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return !query.IsTermRune(r) && !strings.ContainsRune("_.-/:@", r) }) {
		return strconv.Quote(text)
	}
	return text
}

// textOf is the canonical text of a term.
func textOf(t *query.Term) string {
	if text := (&query.Query{Root: t}).String(); text != "" {
		return text
	}
	return "{ }"
}

// denial is the term that holds where another does not.
func denial(t *query.Term) *query.Term {
	return &query.Term{Kind: query.KindNot, Terms: []*query.Term{t}, At: t.At, End: t.End}
}
