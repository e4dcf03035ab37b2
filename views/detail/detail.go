package detail

import (
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/waterfall"
)

// Detail shows everything a trace says about one span. It fills the area it is given, be that a pane at the right,
// one below, or the screen.
//
//	SetSpan --> entries --lay out for the width--> lines --Draw--> lines[top:top+height]
//
// Long values are wrapped, never cut for good: of very long ones the beginning is shown until enter asks for all.
type Detail struct {
	t       *trace.Trace
	span    int
	entries []detailEntry
	full    map[int]bool // entries shown to their end
	closed  [sectionCount]bool

	lines  []detailLine
	width  int // that the lines are laid out for; 0: they are not
	cursor int // line
	top    int
	page   int
	keep   place       // where to put the cursor when lines are laid out
	head   int         // height of the header in the last frame
	clock  views.Clock // that the entries are written with
	masked bool        // secrets are masked in the entries

	search search
}

// section is a part of the detail that folds.
type section uint8

const (
	sectionStatus section = iota
	sectionDoubts
	sectionAttributes
	sectionEvents
	sectionTiming
	sectionLinks
	sectionResource
	sectionScope
	sectionSpan
	sectionCount
)

var sectionTitles = [sectionCount]string{
	"STATUS", "IN DOUBT", "ATTRIBUTES", "EVENTS", "TIMING", "LINKS", "RESOURCE", "SCOPE", "SPAN",
}

// place names a place of the detail so that it is found again in another span: the same attribute of the
// next call.
type place struct {
	set     bool
	section section
	title   bool
	key     string
	line    int // within the entry
	screen  int // line on the screen
}

// New returns a detail without a span.
func New() *Detail { return &Detail{span: -1, page: 1} }

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
	d.entries, d.lines, d.full, d.width = nil, nil, nil, 0
	d.search.found = nil
}

// Span returns the span that is shown, -1 for none.
func (d *Detail) Span() int { return d.span }

// keepPlace remembers where the cursor is.
func (d *Detail) keepPlace() {
	if d.cursor == 0 || d.cursor >= len(d.lines) {
		if len(d.lines) > 0 {
			d.keep = place{}
		}
		return
	}
	l := d.lines[d.cursor]
	e := &d.entries[l.entry]
	first := d.cursor
	for first > 0 && d.lines[first-1].entry == l.entry {
		first--
	}
	d.keep = place{true, e.section, e.kind == entryTitle, e.key, d.cursor - first, d.cursor - d.top}
}

// restorePlace puts the cursor where it was, or to the beginning.
func (d *Detail) restorePlace() {
	d.cursor, d.top = 0, 0
	if !d.keep.set {
		return
	}
	for i, l := range d.lines {
		e := &d.entries[l.entry]
		if e.section != d.keep.section || (e.kind == entryTitle) != d.keep.title || e.key != d.keep.key {
			continue
		}
		d.cursor = i
		for range d.keep.line {
			if d.cursor+1 < len(d.lines) && d.lines[d.cursor+1].entry == l.entry {
				d.cursor++
			}
		}
		d.top = d.cursor - d.keep.screen
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
		d.entries, d.width = makeEntries(d.t.Span(d.span), env), 0
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
	d.Find()
}

// layAgain lays out after a change of what is folded or shown in full; the cursor stays with its entry.
func (d *Detail) layAgain() {
	d.keepPlace()
	d.layOut()
	d.restorePlace()
	d.Find()
	d.follow()
}

// show puts the cursor on a line that may be far away: then with what is around it.
func (d *Detail) show(line int) {
	d.cursor = line
	if line < d.top || line >= d.top+d.page {
		d.top = line - d.page/waterfall.LookAround
	}
	d.follow()
}

// follow scrolls as little as is needed to have the cursor on the screen.
func (d *Detail) follow() {
	n := len(d.lines)
	d.cursor = min(max(d.cursor, 0), max(n-1, 0))
	d.top = min(max(d.top, d.cursor-d.page+1), d.cursor)
	d.top = max(min(d.top, n-d.page), 0)
}
