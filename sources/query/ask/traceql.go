package ask

import (
	"encoding/base64"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
)

// Tempo takes integers, floating-point numbers and texts for three different values, so that a number is asked for as each.
// Its regular expressions match texts only, and the whole of them. A comparison never holds where the attribute is missing,
// nor does !( … ), which is why nothing is denied but by the opposite comparison.

// Why Tempo may leave out what is asked.
const (
	noBytes     = "misses attributes of bytes"
	textsOnly   = "searches texts only, not numbers"
	cutInBlocks = "misses a trace that is stored in several blocks"
)

// condition is a condition of TraceQL about one span.
type condition struct {
	text   string
	choice bool // joined by ||, so that it needs parentheses beside &&
}

// traceql is the dialect of conditions within { }.
type traceql struct{ refused []string }

// names are how TraceQL calls the fields that hold text.
var names = map[query.Field]string{
	query.FieldService: "resource.service.name", query.FieldName: "name", query.FieldStatusMessage: "statusMessage",
	query.FieldScopeName: "instrumentation:name", query.FieldScopeVersion: "instrumentation:version",
	query.FieldEventName: "event:name", query.FieldRootService: "rootServiceName", query.FieldRootName: "rootName",
}

// ids are how it calls those that hold an id.
var ids = map[query.Field]string{
	query.FieldSpanID: "span:id", query.FieldLinkTrace: "link:traceID", query.FieldLinkSpan: "link:spanID",
}

// quantities are how it calls those that hold a duration.
var quantities = map[query.Field]string{
	query.FieldDuration: "duration", query.FieldEventSince: "event:timeSinceStart", query.FieldTraceDuration: "traceDuration",
}

// scopes are how it calls the levels of attributes.
var scopes = map[expression.Level][]string{
	"":                       {"span.", "resource."},
	expression.LevelSpan:     {"span."},
	expression.LevelResource: {"resource."},
	expression.LevelScope:    {"instrumentation."},
	expression.LevelEvent:    {"event."},
	expression.LevelLink:     {"link."},
}

// anyOf makes a condition of several of which one must hold.
func anyOf(texts ...string) condition {
	return condition{strings.Join(texts, " || "), len(texts) > 1}
}

// Narrowing is the TraceQL that narrows the values of a key to spans of a query, "" for none. Only comparisons that must
// hold can stand in it.
func Narrowing(q *query.Query) string {
	var all []string
	for _, t := range conjuncts(q.Root) {
		if t.Kind != query.KindCompare {
			continue
		}
		choices := choicesTraceQL(t)
		if t.Ref.Field == query.FieldNone && len(scopes[t.Ref.Level]) > 1 {
			choices = attributeTraceQL(t, []string{"."}) // wherever it is, in one comparison
		}
		if len(choices) > 0 && !choices[0].expr.choice {
			all = append(all, choices[0].expr.text)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "{ " + strings.Join(all, " && ") + " }"
}

// leaf returns the ways to ask for a comparison without what the server refused.
func (d traceql) leaf(t *query.Term) []choice[condition] {
	return slices.DeleteFunc(choicesTraceQL(t), func(c choice[condition]) bool {
		return slices.ContainsFunc(d.refused, func(refused string) bool { return strings.Contains(c.expr.text, refused) })
	})
}

// choicesTraceQL is the table of terms.
func choicesTraceQL(t *query.Term) []choice[condition] {
	switch f := t.Ref.Field; {
	case f == query.FieldNone:
		return attributeTraceQL(t, scopes[t.Ref.Level])
	case f == query.FieldError:
		return failedTraceQL(t)
	case f == query.FieldStatus || f == query.FieldKind:
		return wordsTraceQL(t)
	case names[f] != "":
		return textTraceQL(t, names[f])
	case ids[f] != "":
		return idTraceQL(t, ids[f])
	case quantities[f] != "":
		return quantityTraceQL(t, quantities[f])
	}
	return nil
}

// failedTraceQL asks for failed spans: those of status error, and those of which the tag says so.
func failedTraceQL(t *query.Term) []choice[condition] {
	words := wordsOf(t)
	if len(words) != 1 {
		return nil
	}
	if words[0] == "false" {
		return []choice[condition]{{expr: anyOf("status != error")}}
	}
	return []choice[condition]{{expr: anyOf("status = error", "span.error = true", `span.error =~ ".+"`, "span.error != 0", "span.error != 0.0")}}
}

// wordsTraceQL asks for words of a closed vocabulary.
func wordsTraceQL(t *query.Term) []choice[condition] {
	name := "status"
	if t.Ref.Field == query.FieldKind {
		name = "kind"
	}
	all, words := t.Ref.Type().Words(), wordsOf(t)
	switch len(words) {
	case 0, len(all):
		return nil
	case len(all) - 1:
		for _, word := range all {
			if !slices.Contains(words, word) {
				return []choice[condition]{{expr: anyOf(name + " != " + word), exact: true}}
			}
		}
	}
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = name + " = " + word
	}
	return []choice[condition]{{expr: anyOf(texts...), exact: true}}
}

// textTraceQL asks for a field that holds text.
func textTraceQL(t *query.Term, name string) []choice[condition] {
	c := choice[condition]{exact: t.Ref.Field != query.FieldStatusMessage && t.Ref.Element() == ""}
	switch t.Ref.Field {
	case query.FieldRootService, query.FieldRootName:
		c.exact, c.reason = false, cutInBlocks
	case query.FieldEventName:
		if t.Negative() { // of several events, none may have the name
			return nil
		}
	default:
	}
	negative := t.Negative()
	if pattern, ok := searches(t); ok {
		c.expr = anyOf(name + searchSign(negative) + whole(pattern))
		return []choice[condition]{c}
	}
	if _, ok := equals(t.Positive()); !ok {
		return nil
	}
	sign, join := " = ", " || "
	if negative {
		sign, join = " != ", " && "
	}
	texts := make([]string, len(t.Values))
	for i, v := range t.Values {
		texts[i] = name + sign + strconv.Quote(v.Text)
	}
	c.expr = condition{strings.Join(texts, join), !negative && len(texts) > 1}
	return []choice[condition]{c}
}

func searchSign(negative bool) string {
	if negative {
		return " !~ "
	}
	return " =~ "
}

// whole writes a regular expression that is searched for as one that matches the whole of a text, in several lines too.
func whole(pattern string) string {
	return strconv.Quote(`(?s:.*)(?:` + pattern + `)(?s:.*)`)
}

// idTraceQL asks for an id that is written the same with and without zeros in front.
func idTraceQL(t *query.Term, name string) []choice[condition] {
	values, ok := equals(t)
	texts := make([]string, len(values))
	for i, v := range values {
		ok = ok && v.Text != "" && v.Text[0] != '0'
		texts[i] = name + " = " + strconv.Quote(v.Text)
	}
	if !ok {
		return nil
	}
	return []choice[condition]{{expr: anyOf(texts...), exact: t.Ref.Element() == ""}}
}

// quantityTraceQL asks for durations.
func quantityTraceQL(t *query.Term, name string) []choice[condition] {
	c := choice[condition]{exact: true}
	op, join := t.Op, " || "
	switch {
	case t.Kind == query.KindHas:
		return nil
	case t.Kind == query.KindNotIn:
		op = query.OpNe
	}
	if op == query.OpNe {
		join = " && "
	}
	switch t.Ref.Field {
	case query.FieldEventSince:
		if c.exact = false; op == query.OpNe {
			return nil
		}
	case query.FieldTraceDuration:
		c.exact, c.reason = false, cutInBlocks
		switch op { // Tempo's is never shorter: it counts the spans outside the root
		case query.OpGt, query.OpGte:
		case query.OpEq:
			op = query.OpGte
		default:
			return nil
		}
	default:
	}
	texts := make([]string, len(t.Values))
	for i, v := range t.Values {
		d, ok := query.ReadDuration(v.Text)
		if !ok || d < 0 {
			return nil
		}
		texts[i] = name + " " + op.String() + " " + durationTraceQL(d)
	}
	c.expr = condition{strings.Join(texts, join), join == " || " && len(texts) > 1}
	return []choice[condition]{c}
}

// durationTraceQL writes a duration in one unit.
func durationTraceQL(d time.Duration) string {
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "us"}} {
		if d%unit.d == 0 {
			return strconv.FormatInt(int64(d/unit.d), 10) + unit.name
		}
	}
	return strconv.FormatInt(int64(d), 10) + "ns"
}

// attributeTraceQL asks for an attribute under each of its names, in scopes such as "span.".
func attributeTraceQL(t *query.Term, scopes []string) []choice[condition] {
	var keys []string
	for _, scope := range scopes {
		for _, name := range namesOf(t.Ref) {
			keys = append(keys, scope+keyTraceQL(name))
		}
	}
	has := choice[condition]{expr: ofEach(keys, " != nil"), reason: noBytes}
	if pattern, ok := searches(t); ok && !t.Negative() {
		return []choice[condition]{{expr: ofEach(keys, " =~ "+whole(pattern)), reason: textsOnly}, has}
	}
	if values, ok := equals(t); ok {
		c := choice[condition]{exact: t.Ref.Element() == ""}
		var tests []string
		for _, v := range values {
			s := storedAs(v)
			if composite(v.Text) || v.Quoted && s.reason != "" || bytesText(v.Text) {
				return []choice[condition]{has} // a list is compared by its elements
			}
			if c.reason == "" {
				c.reason = s.reason
			}
			tests = append(tests, valuesTraceQL(v, s)...)
		}
		c.exact = c.exact && c.reason == ""
		c.expr = ofEach(keys, tests...)
		return []choice[condition]{c, has}
	}
	if tests := orderTraceQL(t); tests != nil {
		return []choice[condition]{{expr: ofEach(keys, tests...)}, has}
	}
	return []choice[condition]{has}
}

// bytesText reports whether a text looks like bytes in base64.
func bytesText(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil && strings.HasSuffix(text, "=")
}

// ofEach makes each test of each key, of which one must hold.
func ofEach(keys []string, tests ...string) condition {
	var texts []string
	for _, key := range keys {
		for _, test := range tests {
			texts = append(texts, key+test)
		}
	}
	return anyOf(texts...)
}

// keyTraceQL writes the key of an attribute, between quotes where it is not made of letters, digits, points and lines.
func keyTraceQL(key string) string {
	plain := !strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '.' && r != '_'
	})
	if plain && key != "" && (key[0] < '0' || key[0] > '9') && key[0] != '.' {
		return key
	}
	return strconv.Quote(key)
}

// exactly bounds the whole numbers that a double holds exactly.
const exactly = 1 << 53

// valuesTraceQL returns the tests for a constant beside an attribute, one for each type that can hold it.
func valuesTraceQL(v query.Literal, s stored) []string {
	tests := []string{" = " + strconv.Quote(s.text)}
	if s.text != v.Text {
		tests = append(tests, " = "+strconv.Quote(v.Text))
	}
	n, number := query.ReadNumber(v.Text)
	switch {
	case v.Text == "true" || v.Text == "false":
		tests = append(tests, " = "+v.Text)
	case !number || v.Quoted && numberText(n) != v.Text:
	case n.Whole && (n.Int >= exactly || n.Int <= -exactly):
		tests = append(tests, " = "+s.text)
	default:
		if whole := int64(n.Float); float64(whole) == n.Float && math.Abs(n.Float) < exactly {
			tests = append(tests, " = "+strconv.FormatInt(whole, 10))
		}
		tests = append(tests, " = "+floatTraceQL(n.Float))
	}
	return tests
}

// floatTraceQL writes a number so that it reads as no integer.
func floatTraceQL(f float64) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// orderTraceQL returns the tests for an order of numbers or durations, which a text may be too; nil for one of texts.
func orderTraceQL(t *query.Term) []string {
	if t.Kind != query.KindCompare || t.Values[0].Quoted || t.Negative() {
		return nil
	}
	texts := ` =~ ".*"`
	text := t.Values[0].Text
	if _, ok := query.ReadDuration(text); ok {
		return []string{texts}
	}
	n, ok := query.ReadNumber(text)
	if !ok || math.Abs(n.Float) >= exactly {
		return nil
	}
	bound := math.Floor(n.Float)
	if t.Op == query.OpGte || t.Op == query.OpLt {
		bound = math.Ceil(n.Float)
	}
	sign := " " + t.Op.String() + " "
	return []string{sign + strconv.FormatInt(int64(bound), 10), sign + floatTraceQL(n.Float), texts}
}

// some asks for a span, as a condition takes any of its events for each part.
func (d traceql) some(_ expression.Level, inner said[condition]) (c condition, ok, exact bool) {
	return inner.expr, true, false
}

func (d traceql) not(condition) (c condition, ok bool) { return condition{}, false }

func (d traceql) either(all []condition) (c condition, ok bool) {
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = one.text
	}
	joined := anyOf(texts...)
	joined.choice = joined.choice || all[0].choice
	return joined, true
}

func (d traceql) every(all []condition) (c condition, leftOut []int, exact bool) {
	if len(all) == 1 {
		return all[0], nil, true
	}
	texts := make([]string, len(all))
	for i, one := range all {
		if texts[i] = one.text; one.choice {
			texts[i] = "(" + one.text + ")"
		}
	}
	return condition{text: strings.Join(texts, " && ")}, nil, true
}
