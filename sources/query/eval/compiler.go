package eval

import (
	"fmt"
	"slices"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// compiler builds a Program.
type compiler struct {
	*Program
	err  *query.SyntaxError
	m    *machine          // for what is decided while compiling
	uses map[query.Ref]int // places in keys

	found map[query.Ref]bool // attributes that were looked for: see carried
}

func (c *compiler) fail(t *query.Term, message, suggestion string) {
	if c.err == nil {
		text, at, end := c.query.Text, t.At, t.End
		if text == "" {
			text, at, end = c.query.String(), 0, 0
		}
		c.err = &query.SyntaxError{Query: text, Offset: at, Length: end - at, Message: message, Suggestion: suggestion}
	}
}

// mostSlots bounds the memory of caches, a byte a symbol each; terms beyond it compare every time.
const mostSlots = 64

// slot reserves a cache of verdicts by symbol.
func (c *compiler) slot() int {
	if c.slots == mostSlots {
		return -1
	}
	c.slots++
	return c.slots - 1
}

// check refuses a field that nothing here can answer.
func (c *compiler) check(t *query.Term, r query.Ref) {
	switch r.Field {
	case query.FieldResourceSchema, query.FieldScopeSchema:
		c.fail(t, query.FormatRef(r)+" is not kept when a file is read", "")
	case query.FieldSelf, query.FieldCritical, query.FieldFinding:
		if c.derived == nil || !c.derived.Supplies(query.FormatRef(r)) {
			c.fail(t, query.FormatRef(r)+" needs the analysis of the traces, which is not at hand here", "")
			return
		}
		c.whole = true
		if r.Field == query.FieldFinding && (t.Kind == query.KindCompare && !t.Op.Textual() || t.Kind == query.KindIn || t.Kind == query.KindNotIn) {
			c.checkDetectors(t)
		}
	case query.FieldChildren:
		c.whole = true
	default:
	}
}

func (c *compiler) checkDetectors(t *query.Term) {
	names := c.derived.Detectors()
	for _, v := range t.Values {
		if !slices.Contains(names, v.Text) {
			c.fail(t, fmt.Sprintf("there is no detector %s", query.Shorten(v.Text)), query.Nearest(v.Text, names))
		}
	}
}

// useKey registers an attribute for the notes and returns its symbols.
func (c *compiler) useKey(r query.Ref) (symbols []trace.Symbol, written bool, use int) {
	names := []string{r.Key}
	if r.Level == "" {
		names = append(names, query.SameNames(r.Key)...)
	}
	for i, name := range names {
		if s, ok := c.set.Symbol(name); ok {
			symbols = append(symbols, s)
			written = written || i == 0
		}
	}
	if use, known := c.uses[r]; known {
		return symbols, written, use
	}
	c.uses[r] = len(c.keys)
	c.keys = append(c.keys, keyUse{r, symbols, names})
	return symbols, written, len(c.keys) - 1
}

// scratch returns a machine for what is decided while compiling.
func (c *compiler) scratch() *machine {
	if c.m == nil {
		c.m = &machine{}
	}
	c.m.p = c.Program
	for len(c.m.caches) < c.slots {
		c.m.caches = append(c.m.caches, nil)
	}
	return c.m
}

// tell notes what is known before the program runs, once.
func (c *compiler) tell(kind NoteKind, text string) {
	note := Note{kind, text}
	if !slices.Contains(c.told, note) {
		c.told = append(c.told, note)
	}
}

// carried reports whether some span of the set has an attribute. It looks at the spans only where the set holds the key
// at all, and stops at the first.
func (c *compiler) carried(r query.Ref) bool {
	key, ok := c.set.Symbol(r.Key)
	if !ok {
		return false
	}
	found, known := c.found[r]
	if !known {
		found = r.Level != expression.LevelSpan && c.onResource(key) || r.Level != expression.LevelResource && c.onSpan(key)
		c.found[r] = found
	}
	return found
}

func (c *compiler) onResource(key trace.Symbol) bool {
	for i := range c.set.Resources() {
		if c.set.Resource(i).Attrs().Find(key) != (trace.Value{}) {
			return true
		}
	}
	return false
}

func (c *compiler) onSpan(key trace.Symbol) bool {
	for i := range c.set.Len() {
		t := c.set.Trace(i)
		for j := t.First(); j < t.Len(); j++ {
			if t.Span(j).Attrs().Find(key) != (trace.Value{}) {
				return true
			}
		}
	}
	return false
}

// A twin is a name that stands for an attribute and for a field. There are two sorts:
//
//   - span.duration and its like name the attribute duration of the span, as TraceQL reads it. Where no span of the
//     set has that attribute they mean the field, as Jaeger's filter reads it.
//   - otel.status_code and its like are tags in which exporters write fields. They are read as the field and, where a
//     span still has the tag, as that.

// resolve returns what a reference means in the set of the program: itself, or for a twin what it is read as.
func (c *compiler) resolve(r query.Ref) []query.Ref {
	if r.Instead == query.FieldNone {
		return []query.Ref{r}
	}
	own := r
	own.Instead = query.FieldNone
	asField := query.Ref{Field: r.Instead}
	switch tag := (query.Ref{Key: query.KindTag}); {
	case c.carried(own) && r.Level == "":
		return []query.Ref{own, asField}
	case r.Level == "":
	case c.carried(own):
		c.tell(NoteReadAs, fmt.Sprintf("%s is the attribute here; %s is the field", query.FormatRef(r), query.FormatRef(asField)))
		return []query.Ref{own}
	case r.Level == expression.LevelSpan && r.Instead == query.FieldKind:
		if c.carried(tag) {
			return []query.Ref{tag, asField}
		}
	default:
		c.tell(NoteReadAs, fmt.Sprintf("no span has the attribute %s; %s is read as the field %s", r.Key, query.FormatRef(r), query.FormatRef(asField)))
	}
	return []query.Ref{asField}
}
