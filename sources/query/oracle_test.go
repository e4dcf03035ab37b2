package query_test

import (
	"fmt"
	"strconv"
	"time"

	"tracefall/sources/query"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
)

// slow is the obvious evaluator: for each span it walks the tree, reads what is asked for as text and decides.
// It shares the parser with the fast one and nothing else.
func slow(q *query.Query, set *trace.Set, derived eval.Derived) []eval.TraceMatch {
	var all []eval.TraceMatch
	for i := range set.Len() {
		o := &oracle{t: set.Trace(i), event: -1, link: -1}
		o.self = make([]int64, o.t.Len())
		o.critical = make([]bool, o.t.Len())
		derived.Self(o.t, o.self)
		derived.Critical(o.t, o.critical)
		o.marks = derived.Findings(o.t)
		spans := o.spans(q.Root)
		groups := [][]int{spans}
		for _, s := range q.Stages {
			groups = o.stage(s, groups)
		}
		m := eval.TraceMatch{Trace: i}
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
	marks       []eval.Mark
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
func (o *oracle) spans(t *query.Term) []int {
	var found []int
	switch t.Kind {
	case query.KindPipeline:
		groups := [][]int{o.spans(t.Terms[0])}
		for _, s := range t.Stages {
			groups = o.stage(s, groups)
		}
		for i := range o.t.Len() {
			for _, g := range groups {
				if has(g, i) {
					found = append(found, i)
				}
			}
		}
	case query.KindBoth, query.KindEither:
		for i := range o.t.Len() {
			here := false
			for _, kid := range t.Terms {
				set := o.spans(kid)
				if len(set) == 0 && t.Kind == query.KindBoth {
					return nil
				}
				here = here || has(set, i)
			}
			if here {
				found = append(found, i)
			}
		}
	case query.KindStructure:
		left, right := o.spans(t.Terms[0]), o.spans(t.Terms[1])
		for i := range o.t.Len() {
			related, partner := false, false
			for _, j := range left {
				related = related || o.related(t.Relation, j, i)
			}
			for _, j := range right {
				partner = partner || o.related(t.Relation, i, j)
			}
			if has(right, i) && related != t.Negated || t.Union && has(left, i) && partner {
				found = append(found, i)
			}
		}
	default:
		for i := o.t.First(); i < o.t.Len(); i++ {
			if o.Holds(t, i) {
				found = append(found, i)
			}
		}
	}
	return found
}

// related reports whether a is the parent, ancestor, … of b.
func (o *oracle) related(r query.Relation, a, b int) bool {
	switch r {
	case query.RelationParent:
		return o.t.Parent(b) == a
	case query.RelationAncestor:
		for p := o.t.Parent(b); p >= 0; p = o.t.Parent(p) {
			if p == a {
				return true
			}
		}
		return false
	case query.RelationChild:
		return o.related(query.RelationParent, b, a)
	case query.RelationDescendant:
		return o.related(query.RelationAncestor, b, a)
	default:
		p := o.t.Parent(a)
		return a != b && p >= o.t.First() && p == o.t.Parent(b)
	}
}

func (o *oracle) Holds(t *query.Term, i int) bool {
	switch t.Kind {
	case query.KindAll:
		return true
	case query.KindAnd:
		for _, kid := range t.Terms {
			if !o.Holds(kid, i) {
				return false
			}
		}
		return true
	case query.KindOr:
		for _, kid := range t.Terms {
			if o.Holds(kid, i) {
				return true
			}
		}
		return false
	case query.KindNot:
		return !o.Holds(t.Terms[0], i)
	case query.KindRelative:
		for j := o.t.First(); j < o.t.Len(); j++ {
			if o.Holds(t.Terms[0], j) && o.related(t.Relation, j, i) {
				return true
			}
		}
		return false
	case query.KindSome:
		return o.some(t, i)
	case query.KindText:
		return o.freeText(t.Values[0].Text, i)
	case query.KindCalc:
		return o.calculated(t, i)
	default:
	}
	if t.Ref.Instead != query.FieldNone && t.Kind != query.KindCompareRefs {
		return o.twin(t, i)
	}
	values := o.values(t.Ref, i)
	switch {
	case t.Kind == query.KindHas:
		return len(values) > 0
	case t.Kind == query.KindCompareRefs:
		return o.pairs(t, values, o.values(t.Other, i))
	}
	match := false
	for _, v := range values {
		match = match || o.matches(t, v)
	}
	if t.Op == query.OpNe || t.Op == query.OpNotRegex || t.Kind == query.KindNotIn {
		return len(values) > 0 && !match
	}
	return match
}

func (o *oracle) some(t *query.Term, i int) bool {
	inner := *o
	if t.Level == "event" {
		for inner.event = range o.t.Span(i).Events() {
			if inner.Holds(t.Terms[0], i) {
				return true
			}
		}
		return false
	}
	for inner.link = range o.t.Span(i).Links() {
		if inner.Holds(t.Terms[0], i) {
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
func (o *oracle) values(r query.Ref, i int) []fact {
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
	if r.Instead != query.FieldNone {
		var all []fact
		for _, one := range o.readings(r) {
			all = append(all, o.values(one, i)...)
		}
		return all
	}
	if r.Field != query.FieldNone {
		return o.fields(r.Field, s, events, links)
	}
	var lists []trace.Attrs
	switch r.Level {
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
	keys := []string{r.Key}
	if r.Level == "" {
		keys = append(keys, query.SameNames(r.Key)...)
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

func (o *oracle) fields(f query.Field, s trace.Span, events []trace.Event, links []trace.Link) []fact {
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
	case query.FieldDuration:
		return duration(s.Duration())
	case query.FieldService:
		return text(s.Service())
	case query.FieldName:
		return []fact{{s.Name(), "text"}}
	case query.FieldError:
		return flag(s.Error())
	case query.FieldStatus:
		return text(s.Status().String())
	case query.FieldStatusMessage:
		return text(s.StatusMessage())
	case query.FieldKind:
		return text(s.Kind().String())
	case query.FieldStart:
		return instant(s.Start())
	case query.FieldEnd:
		return instant(s.Finish())
	case query.FieldTraceID:
		return text(o.t.ID().String())
	case query.FieldSpanID:
		return text(s.ID().String())
	case query.FieldParentID:
		if s.ParentID().IsZero() {
			return nil
		}
		return text(s.ParentID().String())
	case query.FieldTraceState:
		return text(s.TraceState())
	case query.FieldScopeName:
		return text(s.Scope().Name())
	case query.FieldScopeVersion:
		return text(s.Scope().Version())
	case query.FieldEventName:
		for _, e := range events {
			facts = append(facts, fact{e.Name(), "text"})
		}
	case query.FieldEventTime:
		for _, e := range events {
			facts = append(facts, instant(e.Time())...)
		}
	case query.FieldEventSince:
		for _, e := range events {
			facts = append(facts, duration(e.Time()-s.Start())...)
		}
	case query.FieldLinkTrace:
		for _, l := range links {
			facts = append(facts, text(l.TraceID().String())...)
		}
	case query.FieldLinkSpan:
		for _, l := range links {
			facts = append(facts, text(l.SpanID().String())...)
		}
	case query.FieldLinkState:
		for _, l := range links {
			facts = append(facts, text(l.TraceState())...)
		}
	case query.FieldDepth:
		n := 0
		for p := o.t.Parent(s.Index()); p >= o.t.First(); p = o.t.Parent(p) {
			n++
		}
		return number(n)
	case query.FieldChildren:
		n := 0
		for j := range o.t.Len() {
			if o.t.Parent(j) == s.Index() {
				n++
			}
		}
		return number(n)
	case query.FieldNestedLeft:
		return number(o.nested(s.Index())[0])
	case query.FieldNestedRight:
		return number(o.nested(s.Index())[1])
	case query.FieldNestedParent:
		switch p := o.t.Parent(s.Index()); {
		case p >= o.t.First():
			return number(o.nested(p)[0])
		case s.ParentID().IsZero():
			return number(-1)
		}
		return number(0)
	case query.FieldOrphan:
		return flag(s.Has(trace.FlagOrphan))
	case query.FieldSelf:
		return duration(o.self[s.Index()])
	case query.FieldCritical:
		return flag(o.critical[s.Index()])
	case query.FieldFinding:
		for _, mark := range o.marks {
			if mark.Span == s.Index() {
				facts = append(facts, fact{mark.Detector, "text"})
			}
		}
	case query.FieldTraceDuration:
		return duration(o.t.Duration())
	case query.FieldTraceSpans:
		return number(o.t.SpanCount())
	case query.FieldTraceServices:
		return number(o.t.Services())
	case query.FieldTraceErrors:
		return number(o.t.Errors())
	case query.FieldTraceStart:
		return instant(o.t.Start())
	case query.FieldTraceEnd:
		return instant(o.t.Finish())
	case query.FieldRootService:
		return text(root.Service())
	case query.FieldRootName:
		return text(root.Name())
	case query.FieldRootKind:
		return text(root.Kind().String())
	case query.FieldRootStatus:
		return text(root.Status().String())
	case query.FieldRootError:
		return flag(root.Error())
	case query.FieldRootDuration:
		return duration(root.Duration())
	default:
	}
	return facts
}
