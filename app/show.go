package app

import (
	"math"
	"slices"
	"strconv"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/timing"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/waterfall"
)

// traceDetailJSON is what `show` prints for a trace. Field names and their order are stable.
type traceDetailJSON struct {
	Version  int          `json:"version"`
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

// choice is a trace to print, and of its spans those that a query matched; nil for no query.
type choice struct {
	trace   *trace.Trace
	matches []bool
}

// withAncestors returns which spans to keep: the matches and all above them; nil for all.
func (c choice) withAncestors() []bool {
	if c.matches == nil {
		return nil
	}
	keep := slices.Clone(c.matches)
	for i := len(keep) - 1; i > 0; i-- {
		if p := c.trace.Parent(i); keep[i] && p >= 0 {
			keep[p] = true
		}
	}
	return keep
}

// shown is how much of its traces `show` prints.
type shown struct {
	depth      int            // of the deepest spans
	attributes bool           // with all that a span says, in JSON
	clocks     *clocks.Clocks // of the set, for JSON
}

// printTrace prints a trace: its document, or its waterfall as the screen draws it, without a cursor.
func printTrace(p *printer, c choice, how *shown) error {
	switch p.format {
	case formatJSON:
		return p.json(showJSON(c.trace, c.withAncestors(), how, p.mask))
	case formatMarkdown:
		p.fence()
		defer p.fence()
	case formatText, formatSARIF: // which show has not
	}
	w := waterfall.New()
	w.SetTrace(c.trace)
	if c.matches != nil {
		w.SetMatches(c.matches, true)
	}
	if how.depth < math.MaxInt {
		w.FoldBelow(how.depth)
	}
	env := &views.Env{Theme: p.theme, Clock: p.clockFor(c.trace.Start())}
	return w.Print(p.width, env, p.lines)
}

// showJSON makes the document of a trace: the spans that keep allows, all of them where it is nil.
func showJSON(t *trace.Trace, keep []bool, how *shown, mask masking) traceDetailJSON {
	times := timing.New(t, how.clocks)
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
		if keep != nil && !keep[i] || s.Depth() > how.depth {
			continue
		}
		one := spanJSON{
			SpanID: s.ID().String(), Depth: s.Depth(), Service: mask.text(s.Service()), Name: mask.text(s.Name()),
			Kind: s.Kind().String(), Error: s.Error(), Start: nanos(s.Start()), Duration: s.Duration(),
			Self: self[i], CriticalTime: path.Time(i), Critical: steps[i], Flags: s.Flags().Names(), ClockOffset: times.Offset(i),
		}
		if p := s.ParentID(); !p.IsZero() {
			one.ParentID = p.String()
		}
		if one.Critical == nil {
			one.Critical = [][2]string{}
		}
		if one.Flags == nil {
			one.Flags = []string{}
		}
		if how.attributes {
			one.describe(s, mask)
		}
		doc.Spans = append(doc.Spans, one)
	}
	return doc
}

// describe adds what --attributes asks for.
func (one *spanJSON) describe(s trace.Span, mask masking) {
	scope := attrsJSON{attrs: s.Scope().Attrs(), mask: mask, name: mask.text(s.Scope().Name()), version: mask.text(s.Scope().Version())}
	for _, text := range s.Warnings() {
		one.Warnings = append(one.Warnings, mask.text(text))
	}
	one.Attributes = &attrsJSON{attrs: s.Attrs(), mask: mask}
	one.Resource = &attrsJSON{attrs: s.Resource().Attrs(), mask: mask}
	one.Scope = &scope
	one.Status, one.StatusMessage = s.Status().String(), mask.text(s.StatusMessage())
	one.Events, one.Links = []eventJSON{}, []linkJSON{}
	for i := range s.Events() {
		e := s.Event(i)
		one.Events = append(one.Events, eventJSON{mask.text(e.Name()), nanos(e.Time()), attrsJSON{attrs: e.Attrs(), mask: mask}})
	}
	for _, l := range s.Links() {
		one.Links = append(one.Links, linkJSON{l.TraceID().String(), l.SpanID().String(), attrsJSON{attrs: l.Attrs(), mask: mask}})
	}
}

// nanos writes a time as OTLP does: a string, for readers whose numbers are floating-point.
func nanos(t int64) string { return strconv.FormatInt(t, 10) }
