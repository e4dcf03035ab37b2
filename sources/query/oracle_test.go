package query

import (
	"fmt"
	"strconv"
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
	case kindPipeline:
		groups := [][]int{o.spans(t.terms[0])}
		for _, s := range t.stages {
			groups = o.stage(s, groups)
		}
		for i := range o.t.Len() {
			for _, g := range groups {
				if has(g, i) {
					found = append(found, i)
				}
			}
		}
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
	case kindCalc:
		return o.calculated(t, i)
	default:
	}
	if t.ref.instead != fieldNone && t.kind != kindCompareRefs {
		return o.twin(t, i)
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
	if r.instead != fieldNone {
		var all []fact
		for _, one := range o.readings(r) {
			all = append(all, o.values(one, i)...)
		}
		return all
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
	case fieldNestedLeft:
		return number(o.nested(s.Index())[0])
	case fieldNestedRight:
		return number(o.nested(s.Index())[1])
	case fieldNestedParent:
		switch p := o.t.Parent(s.Index()); {
		case p >= o.t.First():
			return number(o.nested(p)[0])
		case s.ParentID().IsZero():
			return number(-1)
		}
		return number(0)
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
	default:
	}
	return facts
}
