package querytest

import "math/rand/v2"

// Writer makes random queries out of the grammar.
type Writer struct {
	*rand.Rand
	Keys   []string // of attributes, as they are written in a query; nil for those of Set
	Values []string // as they are written in a query, beside those of Set
}

// NewWriter makes the queries of a seed.
func NewWriter(seed uint64) Writer { return Writer{Rand: rand.New(rand.NewPCG(seed, 2))} }

func (w Writer) of(choices ...string) string { return choices[w.IntN(len(choices))] }

func (w Writer) ref() string {
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
		return w.of("", "", "", "span.", "resource.", "scope.", "event.") + w.key()
	}
}

// key writes the key of an attribute.
func (w Writer) key() string {
	if len(w.Keys) > 0 {
		return w.of(w.Keys...)
	}
	return w.of("a", "b", "http.status_code", "http.response.status_code", `"odd key"`)
}

func (w Writer) value() string {
	if len(w.Values) > 0 && w.IntN(2) == 0 {
		return w.of(w.Values...)
	}
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
func (w Writer) term(depth int, some bool) string {
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
func (w Writer) calc(depth int) string {
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
func (w Writer) condition(depth int) string {
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
func (w Writer) scalar(depth int) string {
	if depth > 0 && w.IntN(2) == 0 {
		return w.of("", "(") + w.scalar(depth-1) + w.of(" + ", " - ", " * ", " / ") + w.scalar(depth-1) + w.of("", ")")
	}
	return w.of("count()", "count()", "max(duration)", "avg(.a)", "sum(.b * 2)", "min(childCount)", "2", "1s", "1.5")
}

// traceql writes a query of TraceQL.
func (w Writer) traceql() string {
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

// Query writes a query; what it writes may be none.
func (w Writer) Query() string {
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
