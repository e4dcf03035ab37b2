package ask_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// The engines of this file answer a request as real ones were seen to, in the narrowest way that is allowed: what is found
// only by some storages is not found.

// engine says whether a server finds a trace by a request.
type engine func(t *testing.T, of *trace.Trace, p ask.Part) bool

// attribute is an attribute as an engine stores it.
type attribute struct {
	level, key string
	value      trace.Value
	element    int // of events and links
}

// service reports whether Jaeger keeps an attribute as the service, and not as an attribute.
func (a attribute) service() bool { return a.level == "resource" && a.key == "service.name" }

// attributes lists the attributes of a span and of all that belongs to it.
func attributes(s trace.Span) []attribute {
	all := make([]attribute, 0, 32)
	for _, level := range levels {
		all = appendAttributes(all, s, level)
	}
	return all
}

// appendAttributes adds the attributes of a span at one level.
func appendAttributes(all []attribute, s trace.Span, level string) []attribute {
	add := func(element int, attrs trace.Attrs) {
		for key, v := range attrs.All() {
			all = append(all, attribute{level, key, v, element})
		}
	}
	switch level {
	case "span":
		add(0, s.Attrs())
	case "resource":
		add(0, s.Resource().Attrs())
	case "scope":
		add(0, s.Scope().Attrs())
	case "event":
		for i := range s.Events() {
			add(i, s.Event(i).Attrs())
		}
	case "link":
		for i, l := range s.Links() {
			add(i, l.Attrs())
		}
	}
	return all
}

// asString is how OTLP's values become text; lists and maps are written by each storage in its own way.
func asString(v trace.Value) string {
	switch v.Type() {
	case trace.TypeJSON:
		return "\x00" + v.String()
	case trace.TypeFloat:
		format := byte('f')
		if size := math.Abs(v.Float()); size != 0 && (size < 1e-6 || size >= 1e21) {
			format = 'e'
		}
		return strconv.FormatFloat(v.Float(), format, -1, 64)
	default:
		return v.String()
	}
}

// anySpan reports whether one span of a trace satisfies a test.
func anySpan(of *trace.Trace, holds func(trace.Span) bool) bool {
	for i := of.First(); i < of.Len(); i++ {
		if holds(of.Span(i)) {
			return true
		}
	}
	return false
}

// within reports whether a duration lies within inclusive bounds, in storages of nanoseconds and of microseconds. The first
// keep a span without duration as one of a nanosecond.
func within(ns int64, least, most time.Duration) bool {
	for _, d := range []time.Duration{time.Duration(max(ns, 1)), time.Duration(ns).Truncate(time.Microsecond)} {
		if d < least || most > 0 && d > most {
			return false
		}
	}
	return true
}

// findsTags is Jaeger with tags: one span has them all, each on itself, its resource or an event.
func findsTags(_ *testing.T, of *trace.Trace, p ask.Part) bool {
	return anySpan(of, func(s trace.Span) bool {
		if !hasParameters(s, p) {
			return false
		}
		all := attributes(s)
		return hasTags(p, func(key, text string) bool {
			return slices.ContainsFunc(all, func(a attribute) bool {
				return a.key == key && asString(a.value) == text && a.level != "scope" && a.level != "link" && !a.service()
			})
		})
	})
}

// findsTagsGenerously is Jaeger with tags, without the gaps for which terms are marked.
func findsTagsGenerously(_ *testing.T, of *trace.Trace, p ask.Part) bool {
	return anySpan(of, func(s trace.Span) bool {
		if !hasParameters(s, p) {
			return false
		}
		all := attributes(s)
		return hasTags(p, func(key, text string) bool {
			return key == "error" && text == "true" && s.Error() || key == query.KindTag && text == s.Kind().String() ||
				slices.ContainsFunc(all, func(a attribute) bool {
					return a.key == key && sameValue(a.value.String(), text) && a.level != "scope" && a.level != "link" && !a.service()
				})
		})
	})
}

// sameValue reports whether two texts are equal, as they are or as numbers or durations.
func sameValue(a, b string) bool {
	n, ok := query.ReadNumber(a)
	m, ok2 := query.ReadNumber(b)
	d, ok3 := query.ReadDuration(a)
	e, ok4 := query.ReadDuration(b)
	return a == b || ok && ok2 && query.Compare(n, m) == 0 || ok3 && ok4 && d == e
}

func hasTags(p ask.Part, has func(key, text string) bool) bool {
	for key, text := range p.Tags {
		if !has(key, text) {
			return false
		}
	}
	return true
}

// findsVictoria is VictoriaTraces, which keeps attributes of resources apart, and finds none of events.
func findsVictoria(_ *testing.T, of *trace.Trace, p ask.Part) bool {
	return anySpan(of, func(s trace.Span) bool {
		if !hasParameters(s, p) {
			return false
		}
		all := attributes(s)
		return hasTags(p, func(key, text string) bool {
			return slices.ContainsFunc(all, func(a attribute) bool {
				stored := asString(a.value)
				if stored == "" {
					stored = "-"
				}
				return stored == text && !a.service() && (a.level == "span" && a.key == key || a.level == "resource" && "resource_attr:"+a.key == key)
			})
		})
	})
}

func hasParameters(s trace.Span, p ask.Part) bool {
	return (p.Service == "" || p.Service == s.Service()) && (p.Operation == "" || p.Operation == s.Name()) &&
		within(s.Duration(), p.DurationMin, p.DurationMax)
}

// call and operand are a filter as a server reads it.
type call struct {
	Op   string
	Args []operand
}

type operand struct {
	Attr, Field, Nested *struct{ Key, Name, Level string }
	Scalar              *struct{ Value string }
	Call                *call
}

// filterServer is Jaeger with its filter, after RFC 0005.
type filterServer struct {
	t        *testing.T
	loose    bool // reads untyped constants as numbers too, and finds the status and the kind by tags
	generous bool // has none of the gaps for which terms are marked
}

func findsFilter(t *testing.T, of *trace.Trace, p ask.Part) bool {
	return filterServer{t: t}.finds(of, p)
}

func findsLoosely(t *testing.T, of *trace.Trace, p ask.Part) bool {
	return filterServer{t: t, loose: true}.finds(of, p)
}

func findsFilterGenerously(t *testing.T, of *trace.Trace, p ask.Part) bool {
	return filterServer{t, true, true}.finds(of, p)
}

func (f filterServer) finds(of *trace.Trace, p ask.Part) bool {
	if len(p.Filter) == 0 {
		return true
	}
	var top call
	if err := json.Unmarshal(p.Filter, &top); err != nil {
		f.t.Fatalf("%s: %v", p.Filter, err)
	}
	return anySpan(of, func(s trace.Span) bool { return f.holds(top, s, attributes(s), -1) })
}

func (f filterServer) holds(c call, s trace.Span, all []attribute, event int) bool {
	switch c.Op {
	case "and", "or":
		for _, arg := range c.Args {
			if f.holds(*arg.Call, s, all, event) != (c.Op == "and") {
				return c.Op == "or"
			}
		}
		return c.Op == "and"
	case "not":
		return !f.holds(*c.Args[0].Call, s, all, event)
	case "some":
		if c.Args[0].Nested.Level != "event" {
			for i := range s.Links() {
				if f.holds(*c.Args[1].Call, s, slices.DeleteFunc(slices.Clone(all), func(a attribute) bool { return a.level == "link" && a.element != i }), event) {
					return true
				}
			}
			return false
		}
		for i := range s.Events() {
			if f.holds(*c.Args[1].Call, s, slices.DeleteFunc(slices.Clone(all), func(a attribute) bool { return a.level == "event" && a.element != i }), i) {
				return true
			}
		}
		return false
	}
	if field := c.Args[0].Field; field != nil && field.Name == "duration" {
		bound, err := time.ParseDuration(c.Args[1].Scalar.Value)
		if err != nil || c.Op != "gte" && c.Op != "lte" {
			f.t.Fatalf("%s of a duration: %v", c.Op, err)
		}
		if c.Op == "gte" {
			return within(s.Duration(), bound, 0)
		}
		return within(s.Duration(), 0, bound)
	}
	return f.compares(c, f.values(c.Args[0], s, all, event))
}

// values are the texts that a reference holds.
func (f filterServer) values(arg operand, s trace.Span, all []attribute, event int) []string {
	var texts []string
	if field := arg.Field; field != nil {
		switch field.Level + "." + field.Name {
		case "resource.service":
			texts = append(texts, s.Service())
		case "span.name":
			return []string{s.Name()}
		case "span.status":
			return []string{s.Status().String()}
		case "scope.name":
			texts = append(texts, s.Scope().Name())
		case "scope.version":
			texts = append(texts, s.Scope().Version())
		case "event.name":
			for i := range s.Events() {
				if event < 0 || event == i {
					texts = append(texts, s.Event(i).Name())
				}
			}
			return texts
		default:
			f.t.Fatalf("no storage serves %s.%s", field.Level, field.Name)
		}
		return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
	}
	ref := arg.Attr
	for _, a := range all {
		if a.key == ref.Key && !a.service() && (a.level == ref.Level || ref.Level == "" && (a.level == "span" || a.level == "resource")) {
			text := asString(a.value)
			if f.generous {
				text = a.value.String()
			}
			texts = append(texts, text)
		}
	}
	switch {
	case f.generous && ref.Key == "error" && s.Error():
		texts = append(texts, "true")
	case f.loose && ref.Key == "error" && s.Status() == trace.StatusError:
		texts = append(texts, "true")
	case f.loose && ref.Key == query.KindTag:
		texts = append(texts, s.Kind().String())
	}
	return texts
}

// compares applies an operator to the values of its reference: a negative one needs one, and holds when none is equal.
func (f filterServer) compares(c call, values []string) bool {
	one := func(holds func(string) bool) bool { return slices.ContainsFunc(values, holds) }
	if c.Op == "exists" {
		return len(values) > 0
	}
	constant := c.Args[1].Scalar.Value
	equal := func(text string) bool {
		return text == constant || f.loose && c.Args[0].Attr != nil && sameValue(text, constant)
	}
	switch c.Op {
	case "eq":
		return one(equal)
	case "ne":
		return len(values) > 0 && !one(equal)
	case "regex":
		if strings.ContainsAny(regexp.MustCompile(`\\[^A-Za-z0-9]`).ReplaceAllString(constant, ""), `^$\`) {
			f.t.Fatalf("not every storage takes the pattern %s", constant)
		}
		return one(regexp.MustCompile(constant).MatchString)
	}
	f.t.Fatalf("no storage serves %s", c.Op)
	return false
}

// findsTraceQL is Tempo, and findsTraceQLGenerously without the gaps for which terms are marked.
func findsTraceQL(t *testing.T, of *trace.Trace, p ask.Part) bool {
	return foundByTraceQL(t, of, p, false)
}

func findsTraceQLGenerously(t *testing.T, of *trace.Trace, p ask.Part) bool {
	return foundByTraceQL(t, of, p, true)
}

func foundByTraceQL(t *testing.T, of *trace.Trace, p ask.Part, generous bool) bool {
	if p.TraceQL == "" {
		return true
	}
	r := &tempo{t: t, text: p.TraceQL, of: of, re: map[string]*regexp.Regexp{}, generous: generous}
	found := r.expression()
	if r.pos != len(r.text) {
		t.Fatalf("TraceQL ends at %d: %s", r.pos, r.text)
	}
	return slices.Contains(found, true)
}

func (r *tempo) String() string { return fmt.Sprintf("%q at %d", r.text, r.pos) }
