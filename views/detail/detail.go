// Package detail is everything that a trace says about one span: first what was called, how it ended and where the time
// went, then its attributes by namespace, its events, links and resource. It fills the area it is given, be that a pane at
// the right, one below, or the screen.
//
//	SetSpan, SetFacts --> entries --laid out for the width--> sheet --Draw--> the lines on screen
//
// Long values are wrapped, never cut for good: of very long ones the beginning is shown until enter asks for all.
package detail

import (
	"maps"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/prompt"
	"tracefall/views/tree"
)

// Detail shows everything a trace says about one span.
type Detail struct {
	sheet
	tree.Cursor // in its lines
	t           *trace.Trace
	span        int
	facts       *facts.Facts    // of the trace, nil until they are known
	logs        []logline.Line  // of logsOf, by time; nil until they are known
	logsOf      *trace.Trace    // whose log lines they are
	fields      *semconv.Fields // of the set of the trace
	fieldsOf    *trace.Set      // whose fields they are

	search prompt.Search // for lines
	before map[part]bool // what was folded when a search began

	bindings []views.Binding
	keep     place       // where to put the cursor when lines are laid out
	head     int         // height of the header in the last frame
	clock    views.Clock // that the entries are written with
	masked   bool        // secrets are masked in the entries
}

// section is a part of the detail that folds.
type section uint8

const (
	sectionOverview section = iota
	sectionWarnings
	sectionConversation
	sectionAttributes
	sectionEvents
	sectionLinks
	sectionResource
	sectionScope
	sectionSpan
	sectionCount
)

var sectionTitles = [sectionCount]string{
	"OVERVIEW", "DATA WARNINGS", "CONVERSATION", "ATTRIBUTES", "EVENTS", "LINKS", "RESOURCE", "SCOPE", "SPAN",
}

// place names a place of the detail so that it is found again in another span: the same attribute of the
// next call.
type place struct {
	set    bool
	part   part
	title  bool
	key    string
	line   int // within the entry
	screen int // line on the screen
}

// New returns a detail without a span.
func New() *Detail {
	d := &Detail{span: -1}
	d.closed = map[part]bool{}
	d.Cursor.Of = &d.sheet
	return d
}

// SetSpan shows a span of a trace. The cursor stays on the same section and key where the span has it.
func (d *Detail) SetSpan(t *trace.Trace, span int) {
	if t == d.t && span == d.span {
		return
	}
	if t == nil || span < 0 || span >= t.Len() {
		t, span = nil, -1
	}
	d.keepPlace()
	d.t, d.span = t, span
	d.sheet = sheet{closed: d.closed}
	d.search.Found = nil
}

// SetFacts takes what was derived from the trace, for self time and critical path; without it the detail leaves them out.
func (d *Detail) SetFacts(f *facts.Facts) {
	if d.facts == f {
		return
	}
	d.facts = f
	d.makeAgain()
}

// SetLogs takes what was logged during a trace, by time: the detail lists the lines of a span with its events.
func (d *Detail) SetLogs(t *trace.Trace, lines []logline.Line) {
	d.logs, d.logsOf = lines, t
	d.makeAgain()
}

// makeAgain drops what was made of the span; the cursor stays on its section and key.
func (d *Detail) makeAgain() {
	if d.entries != nil {
		d.keepPlace()
		d.entries, d.lines, d.full = nil, nil, nil
	}
}

// Span returns the span that is shown, -1 for none.
func (d *Detail) Span() int { return d.span }

// empty reports whether there is nothing to move among.
func (d *Detail) empty() bool { return d.t == nil || len(d.lines) == 0 }

// keepPlace remembers where the cursor is.
func (d *Detail) keepPlace() {
	if d.Row == 0 || d.Row >= len(d.lines) {
		if len(d.lines) > 0 {
			d.keep = place{}
		}
		return
	}
	e, first := d.of(d.Row), d.Row
	for first > 0 && d.lines[first-1].entry == d.lines[d.Row].entry {
		first--
	}
	d.keep = place{true, e.part(), e.kind.titles(), e.key, d.Row - first, d.Row - d.Top}
}

// restorePlace puts the cursor where it was, or to the beginning.
func (d *Detail) restorePlace() {
	d.Row, d.Top = 0, 0
	if !d.keep.set {
		return
	}
	for i, l := range d.lines {
		e := &d.entries[l.entry]
		if e.part() != d.keep.part || e.kind.titles() != d.keep.title || e.key != d.keep.key {
			continue
		}
		d.Row = i
		for range d.keep.line {
			if d.Row+1 < len(d.lines) && d.lines[d.Row+1].entry == l.entry {
				d.Row++
			}
		}
		d.Top = d.Row - d.keep.screen
		return
	}
}

// prepare makes entries and lines for a width and a clock, when they are not there yet.
func (d *Detail) prepare(width int, env *views.Env) {
	if d.entries == nil || d.clock != env.Clock || d.masked != (env.Mask != nil) {
		if d.entries != nil {
			d.keepPlace()
		}
		d.clock, d.masked = env.Clock, env.Mask != nil
		if set := d.t.Set(); d.fieldsOf != set {
			d.fieldsOf, d.fields = set, semconv.NewFields(set)
		}
		m := entryMaker{s: d.t.Span(d.span), env: env, fields: d.fields, facts: d.facts}
		if d.logsOf != nil && d.logsOf.ID() == d.t.ID() { // it may have been loaded anew
			m.logs = d.logs
		}
		d.entries, d.width = m.make(), 0
	}
	if d.width == width {
		return
	}
	if d.lines != nil {
		d.keepPlace()
	}
	d.width = width
	d.layOut()
	d.restorePlace()
	d.find()
}

// layAgain lays out after a change of what is folded or shown in full; the cursor stays with its entry.
func (d *Detail) layAgain() {
	d.keepPlace()
	d.layOut()
	d.restorePlace()
	d.find()
	d.Follow()
}

// find lists the lines that contain what is searched for.
func (d *Detail) find() { d.search.Found = d.with(d.needle()) }

// needle is what is searched for, in lower case.
func (d *Detail) needle() string { return strings.ToLower(d.search.Input.Text()) }

// show puts the cursor on a line that may be far away: then with what is around it.
func (d *Detail) show(line int) {
	d.Reach(line)
	d.To(line)
}

// setClosed folds or opens a part and goes to its title.
func (d *Detail) setClosed(of part, closed bool) {
	d.closed = maps.Clone(d.closed)
	if closed {
		d.closed[of] = true
	} else {
		delete(d.closed, of)
	}
	d.Row = d.title(of, d.Row)
	d.layAgain()
	d.To(d.title(of, d.Row))
}
