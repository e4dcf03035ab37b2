package query

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tracefall/sources/trace"
)

// slow is the obvious evaluator: for each span it walks the tree, reads what is asked for as text and decides.
// It shares the parser with the fast one and nothing else.
func slow(q *Query, set *trace.Set, derived Derived) []TraceMatch {
	var all []TraceMatch
	for i := range set.Len() {
		o := &oracle{t: set.Trace(i), event: -1, link: -1}
		o.self = make([]int64, o.t.Len())
		o.critical = make([]bool, o.t.Len())
		derived.Self(o.t, o.self)
		derived.Critical(o.t, o.critical)
		o.marks = derived.Findings(o.t)
		spans := o.spans(q.root)
		groups := [][]int{spans}
		for _, s := range q.stages {
			groups = o.stage(s, groups)
		}
		m := TraceMatch{Trace: i}
		for j := range o.t.Len() {
			for _, g := range groups {
				for _, k := range g {
					if k == j {
						m.Spans = append(m.Spans, int32(j))
					}
				}
			}
		}
		if len(m.Spans) > 0 {
			all = append(all, m)
		}
	}
	return all
}

type oracle struct {
	t           *trace.Trace
	self        []int64
	critical    []bool
	marks       []Mark
	event, link int // within event(…) and link(…), else -1
}

func has(list []int, i int) bool {
	for _, j := range list {
		if i == j {
			return true
		}
	}
	return false
}

// spans selects what a tree of spansets or a term selects.
func (o *oracle) spans(t *term) []int {
	var found []int
	switch t.kind {
	case kindBoth, kindEither:
		for i := range o.t.Len() {
			here := false
			for _, kid := range t.terms {
				set := o.spans(kid)
				if len(set) == 0 && t.kind == kindBoth {
					return nil
				}
				here = here || has(set, i)
			}
			if here {
				found = append(found, i)
			}
		}
	case kindStructure:
		left, right := o.spans(t.terms[0]), o.spans(t.terms[1])
		for i := range o.t.Len() {
			related, partner := false, false
			for _, j := range left {
				related = related || o.related(t.relation, j, i)
			}
			for _, j := range right {
				partner = partner || o.related(t.relation, i, j)
			}
			if has(right, i) && related != t.negated || t.union && has(left, i) && partner {
				found = append(found, i)
			}
		}
	default:
		for i := o.t.First(); i < o.t.Len(); i++ {
			if o.holds(t, i) {
				found = append(found, i)
			}
		}
	}
	return found
}

// related tells whether a is the parent, ancestor, … of b.
func (o *oracle) related(r relation, a, b int) bool {
	switch r {
	case relationParent:
		return o.t.Parent(b) == a
	case relationAncestor:
		for p := o.t.Parent(b); p >= 0; p = o.t.Parent(p) {
			if p == a {
				return true
			}
		}
		return false
	case relationChild:
		return o.related(relationParent, b, a)
	case relationDescendant:
		return o.related(relationAncestor, b, a)
	default:
		p := o.t.Parent(a)
		return a != b && p >= o.t.First() && p == o.t.Parent(b)
	}
}

func (o *oracle) holds(t *term, i int) bool {
	switch t.kind {
	case kindAll:
		return true
	case kindAnd:
		for _, kid := range t.terms {
			if !o.holds(kid, i) {
				return false
			}
		}
		return true
	case kindOr:
		for _, kid := range t.terms {
			if o.holds(kid, i) {
				return true
			}
		}
		return false
	case kindNot:
		return !o.holds(t.terms[0], i)
	case kindRelative:
		for j := o.t.First(); j < o.t.Len(); j++ {
			if o.holds(t.terms[0], j) && o.related(t.relation, j, i) {
				return true
			}
		}
		return false
	case kindSome:
		return o.some(t, i)
	case kindText:
		return o.freeText(t.values[0].text, i)
	}
	values := o.values(t.ref, i)
	switch {
	case t.kind == kindHas:
		return len(values) > 0
	case t.kind == kindCompareRefs:
		return o.pairs(t, values, o.values(t.other, i))
	}
	match := false
	for _, v := range values {
		match = match || o.matches(t, v)
	}
	if t.op == opNe || t.op == opNotRegex || t.kind == kindNotIn {
		return len(values) > 0 && !match
	}
	return match
}

func (o *oracle) some(t *term, i int) bool {
	inner := *o
	if t.level == "event" {
		for inner.event = range o.t.Span(i).Events() {
			if inner.holds(t.terms[0], i) {
				return true
			}
		}
		return false
	}
	for inner.link = range o.t.Span(i).Links() {
		if inner.holds(t.terms[0], i) {
			return true
		}
	}
	return false
}

// fact is a value as the oracle sees it: its text, and of what sort it is.
type fact struct {
	text string
	sort string // "text", "number", "duration", "time"
}

// values returns all values of a reference.
func (o *oracle) values(r ref, i int) []fact {
	s := o.t.Span(i)
	var events []trace.Event
	for j := range s.Events() {
		if o.event < 0 || o.event == j {
			events = append(events, s.Event(j))
		}
	}
	var links []trace.Link
	for j, l := range s.Links() {
		if o.link < 0 || o.link == j {
			links = append(links, l)
		}
	}
	if r.field != fieldNone {
		return o.fields(r.field, s, events, links)
	}
	var lists []trace.Attrs
	switch r.level {
	case "":
		lists = []trace.Attrs{s.Attrs(), s.Resource().Attrs()}
	case "span":
		lists = []trace.Attrs{s.Attrs()}
	case "resource":
		lists = []trace.Attrs{s.Resource().Attrs()}
	case "scope":
		lists = []trace.Attrs{s.Scope().Attrs()}
	case "event":
		for _, e := range events {
			lists = append(lists, e.Attrs())
		}
	case "link":
		for _, l := range links {
			lists = append(lists, l.Attrs())
		}
	}
	keys := []string{r.key}
	if r.level == "" {
		keys = append(keys, SameNames(r.key)...)
	}
	var facts []fact
	for _, list := range lists {
		for _, k := range keys {
			for key, v := range list.All() {
				if k == key {
					facts = append(facts, factOf(v))
				}
			}
		}
	}
	return facts
}

func factOf(v trace.Value) fact {
	if _, ok := v.Number(); ok {
		return fact{v.String(), "number"}
	}
	return fact{v.String(), "text"}
}

func (o *oracle) fields(f field, s trace.Span, events []trace.Event, links []trace.Link) []fact {
	text := func(v string) []fact {
		if v == "" {
			return nil
		}
		return []fact{{v, "text"}}
	}
	flag := func(v bool) []fact { return []fact{{fmt.Sprint(v), "text"}} }
	number := func(n int) []fact { return []fact{{strconv.Itoa(n), "number"}} }
	duration := func(ns int64) []fact { return []fact{{time.Duration(ns).String(), "duration"}} }
	instant := func(ns int64) []fact { return []fact{{time.Unix(0, ns).UTC().Format(time.RFC3339Nano), "time"}} }
	root := o.t.Root()
	var facts []fact
	switch f {
	case fieldDuration:
		return duration(s.Duration())
	case fieldService:
		return text(s.Service())
	case fieldName:
		return []fact{{s.Name(), "text"}}
	case fieldError:
		return flag(s.Error())
	case fieldStatus:
		return text(s.Status().String())
	case fieldStatusMessage:
		return text(s.StatusMessage())
	case fieldKind:
		return text(s.Kind().String())
	case fieldStart:
		return instant(s.Start())
	case fieldEnd:
		return instant(s.Finish())
	case fieldTraceID:
		return text(o.t.ID().String())
	case fieldSpanID:
		return text(s.ID().String())
	case fieldParentID:
		if s.ParentID().IsZero() {
			return nil
		}
		return text(s.ParentID().String())
	case fieldTraceState:
		return text(s.TraceState())
	case fieldScopeName:
		return text(s.Scope().Name())
	case fieldScopeVersion:
		return text(s.Scope().Version())
	case fieldEventName:
		for _, e := range events {
			facts = append(facts, fact{e.Name(), "text"})
		}
	case fieldEventTime:
		for _, e := range events {
			facts = append(facts, instant(e.Time())...)
		}
	case fieldEventSince:
		for _, e := range events {
			facts = append(facts, duration(e.Time()-s.Start())...)
		}
	case fieldLinkTrace:
		for _, l := range links {
			facts = append(facts, text(l.TraceID().String())...)
		}
	case fieldLinkSpan:
		for _, l := range links {
			facts = append(facts, text(l.SpanID().String())...)
		}
	case fieldLinkState:
		for _, l := range links {
			facts = append(facts, text(l.TraceState())...)
		}
	case fieldDepth:
		n := 0
		for p := o.t.Parent(s.Index()); p >= o.t.First(); p = o.t.Parent(p) {
			n++
		}
		return number(n)
	case fieldChildren:
		n := 0
		for j := range o.t.Len() {
			if o.t.Parent(j) == s.Index() {
				n++
			}
		}
		return number(n)
	case fieldOrphan:
		return flag(s.Has(trace.FlagOrphan))
	case fieldSelf:
		return duration(o.self[s.Index()])
	case fieldCritical:
		return flag(o.critical[s.Index()])
	case fieldFinding:
		for _, mark := range o.marks {
			if mark.Span == s.Index() {
				facts = append(facts, fact{mark.Detector, "text"})
			}
		}
	case fieldTraceDuration:
		return duration(o.t.Duration())
	case fieldTraceSpans:
		return number(o.t.SpanCount())
	case fieldTraceServices:
		return number(o.t.Services())
	case fieldTraceErrors:
		return number(o.t.Errors())
	case fieldTraceStart:
		return instant(o.t.Start())
	case fieldTraceEnd:
		return instant(o.t.Finish())
	case fieldRootService:
		return text(root.Service())
	case fieldRootName:
		return text(root.Name())
	case fieldRootKind:
		return text(root.Kind().String())
	case fieldRootStatus:
		return text(root.Status().String())
	case fieldRootError:
		return flag(root.Error())
	case fieldRootDuration:
		return duration(root.Duration())
	}
	return facts
}

var numeral = regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

// rational reads a numeral: whole numbers exactly, others as the nearest double.
func rational(text string) *big.Rat {
	if !numeral.MatchString(text) || len(text) > 64 {
		return nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return new(big.Rat).SetInt64(n)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return new(big.Rat).SetFloat64(f)
}

func unitTime(text string) (time.Duration, bool) {
	if text == "" || strings.ContainsAny(text[len(text)-1:], "0123456789.") {
		return 0, false
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// matches compares one value with the constants of a term; of a negative term, with what must not be.
func (o *oracle) matches(t *term, v fact) bool {
	switch t.kind {
	case kindIn, kindNotIn:
		for _, c := range t.values {
			if compareFact(t.ref, v, c, opEq) {
				return true
			}
		}
		return false
	case kindPhrase, kindFulltext:
		return phraseIn(t, v.text)
	}
	c := t.values[0]
	switch t.op {
	case opRegex, opNotRegex:
		pattern := c.text
		if t.fold {
			pattern = "(?i)" + pattern
		}
		return regexp.MustCompile(pattern).MatchString(v.text)
	case opContains:
		if t.fold {
			return strings.Contains(lowerLetters(v.text), lowerLetters(c.text))
		}
		return strings.Contains(v.text, c.text)
	case opNe:
		return compareFact(t.ref, v, c, opEq)
	}
	return compareFact(t.ref, v, c, t.op)
}

func lowerLetters(text string) string {
	b := []byte(text)
	for i := range b {
		if 'A' <= b[i] && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

func phraseIn(t *term, text string) bool {
	words := " " + strings.Join(strings.FieldsFunc(lowerLetters(text), func(r rune) bool { return !isTermRune(r) }), " ") + " "
	if t.kind == kindPhrase {
		return strings.Contains(words, lowerLetters(" "+strings.Join(texts(t.values), " ")+" "))
	}
	for _, v := range t.values {
		if !strings.Contains(words, lowerLetters(" "+v.text+" ")) {
			return false
		}
	}
	return true
}

// compareFact is the spec's rule for one value and one constant.
func compareFact(r ref, v fact, c literal, o op) bool {
	constant := fact{c.text, "text"}
	isText := c.quoted || r.typ() == typeText || r.typ() == typeID || r.typ() == typeKind || r.typ() == typeStatus || r.typ() == typeFinding || r.typ() == typeBool
	if !isText {
		if _, ok := unitTime(c.text); ok {
			constant.sort = "duration"
		} else if rational(c.text) != nil {
			constant.sort = "number"
		} else if r.typ() == typeTime {
			constant.sort = "time"
		}
	}
	if constant.sort == "text" {
		v.sort = "text"
	}
	if constant.sort == "duration" && o == opEq && v.text == c.text {
		return true
	}
	return decide(v, constant, o)
}

// decide compares two values of one sort, or a text that reads as the sort of the other.
func decide(a, b fact, o op) bool {
	sort := a.sort
	if sort == "text" {
		sort = b.sort
	}
	if b.sort != "text" && b.sort != sort {
		return false
	}
	n := 0
	switch sort {
	case "text":
		n = strings.Compare(a.text, b.text)
	case "number":
		x, y := rational(a.text), rational(b.text)
		if x == nil || y == nil {
			return false
		}
		// As soon as one is no whole number both are doubles.
		if !x.IsInt() || !y.IsInt() || strings.ContainsAny(a.text+b.text, ".eE") {
			f, _ := x.Float64()
			g, _ := y.Float64()
			n = new(big.Rat).SetFloat64(f).Cmp(new(big.Rat).SetFloat64(g))
		} else {
			n = x.Cmp(y)
		}
	case "duration":
		x, ok := unitTime(a.text)
		y, ok2 := unitTime(b.text)
		if !ok || !ok2 {
			return false
		}
		n = int(min(1, max(-1, int64(x)-int64(y))))
	case "time":
		x, err := time.Parse(time.RFC3339Nano, a.text)
		y, err2 := time.Parse(time.RFC3339Nano, b.text)
		if err != nil || err2 != nil {
			return false
		}
		n = x.Compare(y)
	}
	switch o {
	case opEq:
		return n == 0
	case opNe:
		return n != 0
	case opGt:
		return n > 0
	case opGte:
		return n >= 0
	case opLt:
		return n < 0
	default:
		return n <= 0
	}
}

func (o *oracle) pairs(t *term, left, right []fact) bool {
	found := false
	for _, a := range left {
		for _, b := range right {
			if t.op == opNe {
				found = found || decide(a, b, opEq)
			} else {
				found = found || decide(a, b, t.op)
			}
		}
	}
	if t.op == opNe {
		return len(left) > 0 && len(right) > 0 && !found
	}
	return found
}

func (o *oracle) freeText(text string, i int) bool {
	s := o.t.Span(i)
	seen := []string{s.Name(), s.Service(), s.StatusMessage()}
	lists := []trace.Attrs{s.Attrs(), s.Resource().Attrs()}
	for j := range s.Events() {
		seen = append(seen, s.Event(j).Name())
		lists = append(lists, s.Event(j).Attrs())
	}
	for _, list := range lists {
		for key, v := range list.All() {
			seen = append(seen, key, v.String())
		}
	}
	for _, v := range seen {
		if strings.Contains(lowerLetters(v), lowerLetters(text)) {
			return true
		}
	}
	return false
}

// stage applies a step of a pipeline to groups of spans.
func (o *oracle) stage(s stage, groups [][]int) [][]int {
	var out [][]int
	for _, g := range groups {
		switch s.kind {
		case stageFilter:
			var kept []int
			for _, i := range g {
				if has(o.spans(s.term), i) {
					kept = append(kept, i)
				}
			}
			out = append(out, kept)
		case stageBy:
			parts := map[string][]int{}
			for _, i := range g {
				key := ""
				if values := o.values(s.ref, i); len(values) > 0 {
					key = "=" + values[0].text
				}
				parts[key] = append(parts[key], i)
			}
			for _, part := range parts {
				out = append(out, part)
			}
		case stageAggregate:
			if o.aggregate(s, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

func (o *oracle) aggregate(s stage, g []int) bool {
	if len(g) == 0 {
		return false
	}
	limit := readDatum(s.value.text)
	if s.fn == aggregateCount {
		return s.op.holds(compareFloats(float64(len(g)), limit))
	}
	var numbers []float64
	for _, i := range g {
		for _, v := range o.values(s.ref, i) {
			if s.ref.typ() == typeDuration {
				d, _ := time.ParseDuration(v.text)
				numbers = append(numbers, float64(d))
				break
			}
			if r := rational(v.text); r != nil {
				f, _ := r.Float64()
				numbers = append(numbers, f)
				break
			}
		}
	}
	if len(numbers) == 0 {
		return false
	}
	sum, least, most := 0.0, numbers[0], numbers[0]
	for _, n := range numbers {
		sum, least, most = sum+n, min(least, n), max(most, n)
	}
	result := map[aggregate]float64{aggregateAvg: sum / float64(len(numbers)), aggregateMin: least, aggregateMax: most, aggregateSum: sum}[s.fn]
	return s.op.holds(compareFloats(result, limit))
}

func readDatum(text string) float64 {
	if d, ok := unitTime(text); ok {
		return float64(d)
	}
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
