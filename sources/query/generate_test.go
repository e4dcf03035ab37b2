package query_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// The generated traces and queries draw on the same few keys and values, so that they meet.
var (
	someKeys   = []string{"a", "b", "http.status_code", "http.response.status_code", "odd key"}
	someValues = []string{"1", "2", "x", "X", "abc", "1.0", "-3", "5e2", "true", "150ms", "0.15s", "", "xyz abc", "500", strings.Repeat("long ", 9) + "abc"}
)

// generated builds small traces of every shape: orphans, several roots, events, links, scopes, all value types.
func generated(t testing.TB, seed uint64, traces int) *trace.Set {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 1))
	b := trace.NewBuilder()
	sym := func(s string) trace.Symbol { return b.Symbol([]byte(s)) }
	attr := func() trace.Attr {
		key := sym(someKeys[rnd.IntN(len(someKeys))])
		switch rnd.IntN(6) {
		case 0:
			return trace.Int(key, int64(rnd.IntN(5)-1)*125)
		case 1:
			return trace.Float(key, float64(rnd.IntN(8))/2)
		case 2:
			return trace.Bool(key, rnd.IntN(2) == 0)
		case 3:
			if rnd.IntN(4) == 0 {
				return b.JSON(key, []byte(`["x","abc"]`))
			}
			return b.Bytes(key, []byte("abc"))
		default:
			return b.String(key, []byte(someValues[rnd.IntN(len(someValues))]))
		}
	}
	attrs := func(most int) []trace.Attr {
		var list []trace.Attr
		for range rnd.IntN(most + 1) {
			list = append(list, attr())
		}
		return list
	}
	var origins []uint32
	for i := range 5 {
		list := attrs(2)
		if i > 0 {
			list = append(list, b.String(sym("service.name"), fmt.Appendf(nil, "s%d", i%3)))
		}
		scope := b.Scope(sym([]string{"", "lib", "other"}[i%3]), sym([]string{"", "1"}[i%2]), attrs(1), 0)
		origins = append(origins, b.Origin(b.Resource(list, 0), scope))
	}
	const epoch = 1_772_460_131_000_000_000
	var raw trace.RawSpan
	for i := range traces {
		n := 1 + rnd.IntN(9)
		for j := range n {
			raw.Reset()
			raw.Trace = trace.TraceID{Lo: uint64(i) + 1}
			raw.ID = trace.SpanID{N: uint64(j) + 1}
			switch {
			case rnd.IntN(12) == 0:
				raw.Parent = trace.SpanID{N: 999}
			case j > 0 && rnd.IntN(12) > 0:
				raw.Parent = trace.SpanID{N: uint64(rnd.IntN(j)) + 1}
			}
			raw.Name = sym([]string{"GET /x", "query", "abc", ""}[rnd.IntN(4)])
			raw.Kind = trace.Kind(rnd.IntN(6))
			raw.Status = trace.Status(rnd.IntN(3))
			if rnd.IntN(3) == 0 {
				raw.Message = b.String(0, []byte("abc failed"))
			}
			raw.Start = epoch + int64(rnd.IntN(5))*500_000_000
			raw.Duration = int64(rnd.IntN(5)) * 500_000_000
			raw.Origin = origins[rnd.IntN(len(origins))]
			raw.Attrs = append(raw.Attrs, attrs(4)...)
			if rnd.IntN(10) == 0 {
				raw.Attrs = append(raw.Attrs, b.String(sym("error"), []byte("x")))
			}
			for range rnd.IntN(3) {
				raw.Events = append(raw.Events, trace.RawEvent{Time: raw.Start + int64(rnd.IntN(3))*1_000_000, Name: sym([]string{"exception", "x", ""}[rnd.IntN(3)]), Attrs: attrs(2)})
			}
			if rnd.IntN(4) == 0 {
				raw.Links = append(raw.Links, trace.RawLink{Trace: trace.TraceID{Lo: 7}, Span: trace.SpanID{N: uint64(rnd.IntN(3))}, State: sym([]string{"", "x"}[rnd.IntN(2)]), Attrs: attrs(1)})
			}
			if rnd.IntN(4) == 0 {
				raw.State = sym("x=1")
			}
			b.Add(&raw)
		}
	}
	set := b.Build()
	if err := tracetest.Check(set); err != nil {
		t.Fatal(err)
	}
	return set
}

// writer makes random queries out of the grammar.
type writer struct{ *rand.Rand }

func (w writer) of(choices ...string) string { return choices[w.IntN(len(choices))] }

func (w writer) ref() string {
	switch w.IntN(3) {
	case 0:
		return w.of("duration", "service", "name", "error", "status", "statusMessage", "kind", "startTime", "endTime", "trace.id",
			"spanID", "parentSpanID", "traceState", "scope.name", "scope.version", "depth", "children", "orphan", "self", "critical",
			"finding", "trace.duration", "trace.spans", "trace.services", "trace.errors", "trace.start", "trace.end", "root.service",
			"root.name", "root.kind", "root.status", "root.error", "root.duration")
	case 1:
		return w.of("event.name", "event.time", "event.timeSinceStart", "link.traceID", "link.spanID", "link.traceState",
			"event.a", "event.b", "link.a", "link.b")
	default:
		return w.of("", "", "", "span.", "resource.", "scope.", "event.") + w.of("a", "b", "http.status_code", "http.response.status_code", `"odd key"`)
	}
}

func (w writer) value() string {
	switch w.IntN(8) {
	case 0:
		return w.of("1s", "500ms", "0s", "150ms", "1.5s")
	case 1:
		return w.of("2026-03-02T14:02:11Z", "2026-03-02T14:02:12.5Z")
	case 2:
		return w.of("true", "false", "error", "ok", "unset", "client", "server", "retry-storm", "n-plus-one", "s1", "s2", "query", "lib", "exception")
	case 3:
		return `"` + w.of(someValues...) + `"`
	case 4:
		return w.of("x", "abc", "X", "^a", "b$", "[xX]", "1", "7")
	default:
		return w.of("0", "1", "2", "3", "125", "500", "-125", "1.5", "0.5", "5e2", "1.0", "250")
	}
}

// term writes a term; what is no query is tried again by the caller.
func (w writer) term(depth int, some bool) string {
	if depth > 0 {
		switch w.IntN(9) {
		case 0:
			return w.term(depth-1, some) + w.of(" ", " AND ", " && ") + w.term(depth-1, some)
		case 1:
			return "(" + w.term(depth-1, some) + w.of(" OR ", " || ") + w.term(depth-1, some) + ")"
		case 2:
			return w.of("NOT ", "-", "!") + "(" + w.term(depth-1, some) + ")"
		case 3:
			if !some {
				return w.of("parent", "ancestor", "child", "descendant", "sibling") + "(" + w.term(depth-1, false) + ")"
			}
		case 4:
			if !some {
				return w.of("event", "link") + "(" + w.term(depth-1, true) + ")"
			}
		}
	}
	switch w.IntN(10) {
	case 0:
		return "has:" + w.ref()
	case 1:
		return w.ref() + w.of(" in (", " not in (") + w.value() + ", " + w.value() + ")"
	case 2:
		return w.ref() + w.of("=", "!=", "<", ">=") + "field(" + w.ref() + ")"
	case 3:
		if !some {
			return w.of(`"abc"`, `"X"`, `"5"`, `"exception"`, `"S1"`, `"o"`)
		}
	case 4:
		return w.ref() + w.of(" phrase", " fulltext") + " (abc)"
	}
	if w.IntN(8) == 0 {
		return w.ref() + " " + w.of("in [", "not in [", "= [", "!= [", "=~ [") + w.value() + ", " + w.value() + "]"
	}
	return w.ref() + w.of("=", "=", "=", "!=", "!=", ">", ">=", "<", "<=", "=~", "!~", "~", "~i ", "=~i ") + w.value()
}

// calc writes a calculation as TraceQL has it.
func (w writer) calc(depth int) string {
	if depth > 0 {
		switch w.IntN(4) {
		case 0, 1:
			return w.calc(depth-1) + w.of(" + ", " - ", " * ", " / ", " % ", " ^ ") + w.calc(depth-1)
		case 2:
			return w.of("(", "-(", "(-") + w.calc(depth-1) + ")"
		}
	}
	switch w.IntN(4) {
	case 0:
		return w.of("0", "1", "2", "-3", "1.5", "125", "1s", "500ms", "2m", "1d", "1kB", "true", `"abc"`)
	case 1:
		return w.of("duration", "traceDuration", "childCount", "nestedSetLeft", "nestedSetRight", "nestedSetParent", "event:timeSinceStart", "name", "kind", "status")
	default:
		return w.of(".", "span.", "resource.", "parent.", "parent.span.", "parent.resource.", "event.", "link.") + w.of("a", "b", "http.status_code", `"odd key"`, "duration", "kind")
	}
}

// condition writes a condition of TraceQL.
func (w writer) condition(depth int) string {
	if depth > 0 {
		switch w.IntN(5) {
		case 0:
			return w.condition(depth-1) + w.of(" && ", " || ", " ") + w.condition(depth-1)
		case 1:
			return w.of("!(", "(", "NOT (") + w.condition(depth-1) + ")" + w.of("", "", " = true", " != true")
		case 2:
			return w.term(1, false)
		}
	}
	switch w.IntN(6) {
	case 0:
		return w.of("!", "") + w.of(".a", "span.b", "true", "false", "parent.a", "orphan")
	case 1:
		return w.calc(0) + w.of(" =~ ", " !~ ") + w.of(`"abc"`, `".*b.*"`, `"a|x"`, `"^x"`, `"1.*"`)
	}
	return w.calc(2) + w.of(" = ", " != ", " > ", " >= ", " < ", " <= ") + w.calc(2)
}

// scalar writes a calculation with aggregates.
func (w writer) scalar(depth int) string {
	if depth > 0 && w.IntN(2) == 0 {
		return w.of("", "(") + w.scalar(depth-1) + w.of(" + ", " - ", " * ", " / ") + w.scalar(depth-1) + w.of("", ")")
	}
	return w.of("count()", "count()", "max(duration)", "avg(.a)", "sum(.b * 2)", "min(childCount)", "2", "1s", "1.5")
}

// traceql writes a query of TraceQL.
func (w writer) traceql() string {
	text := "{ " + w.condition(2) + " }"
	for range w.IntN(3) {
		text += " | " + w.of("coalesce()", "select(.a, name)", "by(.a)", "by("+w.calc(1)+")", "{ "+w.condition(1)+" }",
			w.scalar(2)+w.of(" > ", " != ", " <= ")+w.scalar(1), w.scalar(1)+" < "+w.scalar(1))
	}
	switch w.IntN(4) {
	case 0:
		text = "(" + text + ")" + w.of(" && ", " || ", " > ", " >> ", " &<< ", " !~ ") + "{ " + w.condition(1) + " }"
	case 1:
		text += w.of(" with (a=1)", " // why", "")
	}
	return text
}

func (w writer) query() string {
	if w.IntN(3) == 0 {
		return w.traceql()
	}
	text := w.term(3, false)
	switch w.IntN(6) {
	case 0:
		text = "{" + text + "} " + w.of(">", ">>", "<", "<<", "~", "!>", "!>>", "!<", "!<<", "!~", "&>", "&>>", "&<", "&<<", "&~", "&&", "||") + " {" + w.term(2, false) + "}"
		if w.IntN(3) == 0 {
			text = w.of("{", "({a=1} || {") + w.term(1, false) + w.of("} > ", "} && ") + "(" + text + ")"
		}
	case 1:
		text += w.of(" | by("+w.ref()+")", "") + " | " + w.of("count() > 1", "max(duration) >= 1s", "avg(a) < 100", "sum(http.status_code) > 3", "min(depth) != 0") + w.of("", " | {a=1}")
	}
	return text
}
