package report

import (
	"math"
	"slices"

	"tracefall/app/session"
	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/timing"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/waterfall"
)

// traceDetailJSON is what `show` prints for a trace. Field names and their order are stable.
type traceDetailJSON struct {
	Version int `json:"version"`
	answeredJSON
	TraceID  string       `json:"trace_id"`
	Duration int64        `json:"duration_nano"`
	Spans    []spanJSON   `json:"spans"`
	Notices  []noticeJSON `json:"notices"`
}

type spanJSON struct {
	SpanID       string      `json:"span_id"`
	ParentID     string      `json:"parent_id"`
	Depth        int         `json:"depth"`
	Service      string      `json:"service"`
	Name         string      `json:"name"`
	Kind         string      `json:"kind"`
	Error        bool        `json:"error"`
	Start        string      `json:"start_unix_nano"`
	Duration     int64       `json:"duration_nano"`
	Self         int64       `json:"self_nano"`
	CriticalTime int64       `json:"critical_nano"`
	Critical     [][2]string `json:"critical"`
	ClockOffset  int64       `json:"clock_offset_nano"`
	Flags        []string    `json:"flags"`

	Warnings   []string    `json:"warnings,omitzero"`
	Attributes *attrsJSON  `json:"attributes,omitempty"`
	Resource   *attrsJSON  `json:"resource,omitempty"`
	Scope      *attrsJSON  `json:"scope,omitempty"`
	Events     []eventJSON `json:"events,omitzero"`
	Links      []linkJSON  `json:"links,omitzero"`

	Status        string `json:"status,omitempty"` // unset, ok or error
	StatusMessage string `json:"status_message,omitempty"`
}

type eventJSON struct {
	Name       string    `json:"name"`
	Time       string    `json:"time_unix_nano"`
	Attributes attrsJSON `json:"attributes"`
}

type linkJSON struct {
	TraceID    string    `json:"trace_id"`
	SpanID     string    `json:"span_id"`
	Attributes attrsJSON `json:"attributes"`
}

// Choice is a trace to print, and of its spans those that a query matched; nil for no query.
type Choice struct {
	Trace   *trace.Trace
	Matches []bool
}

// withAncestors returns which spans to keep: the matches and all above them; nil for all.
func (c Choice) withAncestors() []bool {
	if c.Matches == nil {
		return nil
	}
	keep := slices.Clone(c.Matches)
	for i := len(keep) - 1; i > 0; i-- {
		if p := c.Trace.Parent(i); keep[i] && p >= 0 {
			keep[p] = true
		}
	}
	return keep
}

// TraceOptions is how much of its traces `show` prints.
type TraceOptions struct {
	Depth      int            // of the deepest spans
	Attributes bool           // with all that a span says, in JSON
	Clocks     *clocks.Clocks // of the set, for JSON
	Ops        *facts.Ops     // of the set, for text
}

// PrintTrace prints a trace: its document, or its waterfall as the screen draws it, without a cursor.
func PrintTrace(p *Printer, c Choice, how *TraceOptions) error {
	switch p.Format {
	case JSON:
		doc := showJSON(c.Trace, c.withAncestors(), how, p.mask)
		p.answered(&doc.answeredJSON, &doc.Notices)
		return p.json(doc)
	case Markdown:
		p.fence()
		defer p.fence()
	case Text, SARIF, Mermaid, DOT: // which show has not but for text
	}
	w := waterfall.New()
	w.SetTrace(c.Trace)
	if how.Ops != nil {
		w.SetFacts(facts.New(c.Trace, how.Ops))
		w.SetClocks(how.Ops.Clocks())
	}
	if c.Matches != nil {
		w.SetMatches(c.Matches, true)
	}
	if how.Depth < math.MaxInt {
		w.FoldBelow(how.Depth)
	}
	env := &views.Env{Theme: session.ServiceColours(p.theme, c.Trace.Set()), Clock: p.ClockFor(c.Trace.Start())}
	return w.Print(p.width, env, p.lines)
}

// showJSON makes the document of a trace: the spans that keep allows, all of them where it is nil.
func showJSON(t *trace.Trace, keep []bool, how *TraceOptions, mask session.Masking) traceDetailJSON {
	times := timing.New(t, how.Clocks)
	path, self := timing.Critical(times), timing.SelfTimes(times)
	steps := make([][][2]string, t.Len())
	for _, s := range path.Steps { // each by its span's own clock, as all times of the span
		by := times.Offset(s.Span)
		steps[s.Span] = append(steps[s.Span], [2]string{nanos(s.Start - by), nanos(s.End - by)})
	}
	doc := traceDetailJSON{
		Version: schemaVersion, TraceID: t.ID().String(), Duration: t.Duration(),
		Spans: []spanJSON{}, Notices: noticesJSON(t.Set().Notices()),
	}
	for i := range t.Len() {
		s := t.Span(i)
		if keep != nil && !keep[i] || s.Depth() > how.Depth {
			continue
		}
		one := spanJSON{
			SpanID: s.ID().String(), Depth: s.Depth(), Service: mask.Text(s.Service()), Name: mask.Text(s.Name()),
			Kind: s.Kind().String(), Error: s.Error(), Start: nanos(s.Start()), Duration: s.Duration(),
			Self: self[i], CriticalTime: path.Time(i), Critical: listed(steps[i]), Flags: listed(s.Flags().Names()), ClockOffset: times.Offset(i),
		}
		if p := s.ParentID(); !p.IsZero() {
			one.ParentID = p.String()
		}
		if how.Attributes {
			one.describe(s, mask)
		}
		doc.Spans = append(doc.Spans, one)
	}
	return doc
}

// describe adds what --attributes asks for.
func (one *spanJSON) describe(s trace.Span, mask session.Masking) {
	of := func(attrs trace.Attrs) attrsJSON { return attrsJSON{attrs: attrs, mask: mask} }
	attributes, resource, scope := of(s.Attrs()), of(s.Resource().Attrs()), of(s.Scope().Attrs())
	scope.front = object{{"otel.scope.name", mask.Text(s.Scope().Name())}, {"otel.scope.version", mask.Text(s.Scope().Version())}}
	one.Attributes, one.Resource, one.Scope = &attributes, &resource, &scope
	for _, text := range s.Warnings() {
		one.Warnings = append(one.Warnings, mask.Text(text))
	}
	one.Status, one.StatusMessage = s.Status().String(), mask.Text(s.StatusMessage())
	one.Events = make([]eventJSON, s.Events())
	for i := range one.Events {
		e := s.Event(i)
		one.Events[i] = eventJSON{mask.Text(e.Name()), nanos(e.Time()), of(e.Attrs())}
	}
	one.Links = listOf(s.Links(), func(l trace.Link) linkJSON { return linkJSON{l.TraceID().String(), l.SpanID().String(), of(l.Attrs())} })
}
