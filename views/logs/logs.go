package logs

import (
	"slices"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/prompt"
	"tracefall/views/table"
)

// How many lines are asked for at first, and at most.
const (
	FirstLimit = 1000
	mostLines  = 16 * FirstLimit
)

// Logs is the tab.
type Logs struct {
	of    *trace.Trace
	why   func(t *trace.Trace) string // why a trace has no log store, "" where it has one
	state state
	limit int    // lines that were asked for
	place string // who was asked: "loki · logs.corp"
	wrong string // why there is no answer
	notes []Note // the gravest is the last
	more  bool   // there may be more lines
	lines *Lines

	span   int   // whose lines alone are shown, -1 for all
	rows   []int // the lines that are shown
	search prompt.Search
	masks  bool // the rows were chosen by what is shown of secrets

	table.Scroller
	columns
	sheet    sheet
	inSheet  bool
	at       table.Box // where rows and sheet were drawn last
	beside   table.Box
	env      *views.Env // of the last frame
	bindings []views.Binding
}

// state is how far asking is.
type state uint8

const (
	notAsked state = iota
	asking
	answered
	failed
	stopped
)

// New returns a tab that asks nothing yet. Why says why a trace has no log store, "" where it has one.
func New() *Logs { return &Logs{span: -1, masks: true} }

// SetWhyNot gives the function that says why a trace has no log store; its text is "" where it has one.
func (l *Logs) SetWhyNot(why func(t *trace.Trace) string) { l.why = why }

// WhyNot implements views.OfScopes.
func (l *Logs) WhyNot(of []views.Scope) string {
	if text := views.WhyEmpty(of); text != "" {
		return text
	}
	if l.why == nil || of[0].Trace == nil {
		return views.NotHere
	}
	return l.why(of[0].Trace)
}

// Show implements views.OfScopes: the lines are asked for when the tab shows a trace for the first time.
func (l *Logs) Show(of []views.Scope) views.Action {
	t := of[0].Trace
	if l.WhyNot(of) != "" || t == l.of {
		return nil
	}
	if l.of != nil && t.ID() == l.of.ID() && l.state == answered && sameExtent(t, l.of) {
		l.of = t
		return nil // it was loaded anew, but is the same
	}
	*l = Logs{of: t, why: l.why, span: -1, masks: l.masks, bindings: l.bindings}
	return l.Again()
}

// sameExtent reports whether two traces take the same time and have as many spans.
func sameExtent(a, b *trace.Trace) bool {
	from, to := a.Extent()
	from2, to2 := b.Extent()
	return from == from2 && to == to2 && a.Len() == b.Len()
}

// Again asks for the lines anew.
func (l *Logs) Again() views.Action {
	if l.of == nil {
		return nil
	}
	return l.ask(max(l.limit, FirstLimit))
}

// ask asks for so many lines.
func (l *Logs) ask(limit int) views.Action {
	l.state, l.limit, l.wrong = asking, limit, ""
	return views.AskLogs{Trace: l.of, Limit: limit}
}

// SetPlace says who is asked.
func (l *Logs) SetPlace(place string) { l.place = place }

// Note is one thing that is worth knowing about the lines of an answer.
type Note struct {
	Text string
	Warn bool // lines are missing
}

// SetLines shows the lines that came, and notes, the gravest last. With more there may be more lines.
func (l *Logs) SetLines(lines *Lines, notes []Note, more bool) {
	l.state, l.lines, l.notes, l.more = answered, lines, notes, more
	l.filter()
}

// SetFailed says why there is no answer. The lines that came before stay.
func (l *Logs) SetFailed(text string) { l.state, l.wrong = failed, text }

// Count returns how many lines of a trace there are, and whether they are known.
func (l *Logs) Count(t *trace.Trace) (n int, known bool) {
	if t == nil || t != l.of || l.lines == nil {
		return 0, false
	}
	return len(l.lines.all), true
}

// ShowSpan shows only the lines of a span, all of them with -1.
func (l *Logs) ShowSpan(span int) {
	if l.of == nil || span >= l.of.Len() {
		span = -1
	}
	l.span = span
	l.filter()
}

// filter chooses the lines that are shown. The cursor stays on its line.
func (l *Logs) filter() {
	at := l.selected()
	l.rows = l.rows[:0]
	l.sheet = sheet{}
	if l.lines == nil {
		return
	}
	words := strings.Fields(strings.ToLower(l.search.Input.Text()))
	for n := range l.lines.all {
		one := &l.lines.all[n]
		if (l.span < 0 || one.span == l.span) && one.contains(words, l.masks) {
			l.rows = append(l.rows, n)
		}
	}
	l.Row, l.inSheet = 0, false
	if at >= 0 {
		if row, found := slices.BinarySearch(l.rows, at); found || row < len(l.rows) {
			l.Row = row
		}
	}
	l.Clamp(l.count())
}

// count is how many rows there are: lines, and the one that asks for more.
func (l *Logs) count() int {
	if l.more && l.limit < mostLines && len(l.rows) > 0 {
		return len(l.rows) + 1
	}
	return len(l.rows)
}

// selected returns the number of the line under the cursor, -1 for none.
func (l *Logs) selected() int {
	if l.Row < 0 || l.Row >= len(l.rows) {
		return -1
	}
	return l.rows[l.Row]
}

// line returns the line under the cursor, nil for none.
func (l *Logs) line() *line {
	if n := l.selected(); n >= 0 && l.lines != nil && n < len(l.lines.all) {
		return &l.lines.all[n]
	}
	return nil
}
