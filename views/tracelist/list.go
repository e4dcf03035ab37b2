package tracelist

import (
	"fmt"
	"slices"
	"time"

	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/prompt"
	"tracefall/views/table"
)

// List is the screen of all traces: a header, durations over time, the query, a table. Its rows are traces of a
// set, in the order of a column; the cursor stays on its trace, known by its id, whatever is loaded, sorted or
// filtered meanwhile.
type List struct {
	cursor
	header
	grid
	prompt.Line

	ready  *Arrangement // of what is shown next, nil for none
	byTime bool         // sorted by duration because nothing was found
	half   *Filter      // the answer to a word that is not finished yet: it has no rows, and those before stay meanwhile

	plot  scatter
	plotY int // its first line on the screen, -1 where it was not drawn

	bindings []views.Binding
}

// LoadProgress is how far loading is. The zero value says that nothing is being loaded.
type LoadProgress struct {
	Loading      bool
	Input        string
	Bytes, Total int64  // read, and of how many; Total 0 where that is not known
	Text         string // how far asking a backend is, in place of bytes; "" where a file is read
}

// Source is a backend whose window of time the list shows.
type Source struct {
	Name     string   // with its host
	Window   string   // as the clock shows it
	Brief    string   // the name alone, for where there is no room
	More     bool     // there are traces that were not asked for
	Down     string   // down to which time everything came, where there are more
	Partial  bool     // slices of the window did not come whole
	Notes    []string // what may be missing, in a line each
	Going    string   // how far asking for older ones is, "" where it pauses
	Answered []string // who answered what of the query, the most important first; nil as long as that is not known
}

// Filter is the answer to a query.
type Filter struct {
	Set    *trace.Set // the set that was asked
	Query  string
	Traces []int // of the set, ascending: those with a matching span
	Spans  []int // how many spans of each match; nil where not known
	Took   time.Duration
	Notes  []string // lines such as "no span has retry.cuont; did you mean retry.count (41 spans)?"
	Apart  int      // traces whose spans satisfy all terms between them, where no span satisfies all

	spans int // sum of Spans, once it was given to the list
}

// New returns a list without traces, sorted by their findings, the gravest first: as long as there are none, by
// duration.
func New() *List {
	return &List{cursor: cursor{markedRow: -1}, grid: grid{Columns: table.Columns[Column]{Specs: specs[:], Sort: ColumnFindings, Descending: true}}}
}

// SetFailures says which inputs could not be read, in a line each.
func (l *List) SetFailures(lines []string) { l.failed = lines }

var _ views.OfSet = (*List)(nil)

// SetSet shows the traces of a set. Where a query is in force its old answer stays until SetFilter brings the one
// for this set: the program asks again.
func (l *List) SetSet(set *trace.Set) {
	if l.filter != nil {
		l.newer = set
		l.from, l.to = set.Bounds()
		return
	}
	l.adopt(set)
	l.update()
}

// newest returns the set loaded last, which rows may not be made of yet; nil before the first.
func (l *List) newest() *trace.Set {
	if l.newer != nil {
		return l.newer
	}
	return l.set
}

// adopt makes a set the one that rows are made of.
func (l *List) adopt(set *trace.Set) {
	l.newer = nil
	if l.unread.next != nil {
		l.unread = *l.unread.next
	}
	if set == l.set {
		return
	}
	found := l.reported.In(set)
	l.set, l.rows, l.known = set, l.rows[:0], false
	l.findings, l.diagnosing = found, views.Diagnosing{}
	l.from, l.to = set.Bounds()
	if l.reported.Set == set {
		l.found(l.reported)
	}
}

// SetFilter shows the answer to a query, nil for all traces.
func (l *List) SetFilter(f *Filter) {
	l.Asked()
	l.half = nil
	if f != nil {
		f.spans = 0
		for _, n := range f.Spans {
			f.spans += n
		}
		l.Notes = prompt.Notes{Took: f.Took, Lines: f.Notes, Apart: f.Apart}
		if len(f.Traces) == 0 && l.Popup.Open() && (f.Set == nil || f.Set == l.set) {
			l.half = f
			return
		}
	}
	l.filter, l.known = f, false
	switch {
	case f != nil && f.Set != nil:
		l.adopt(f.Set)
	case f == nil && l.newer != nil:
		l.adopt(l.newer)
	}
	if f == nil && l.Sort == ColumnMatched {
		l.Sort, l.Descending = ColumnFindings, true
	}
	l.update()
}

// SetQuery puts a query into its line, as if it had been typed; the answer comes by SetFilter.
func (l *List) SetQuery(text string) { l.Line.Set(text) }

// SetQueryError says what is wrong with the query. The traces shown stay, and the counts are theirs.
func (l *List) SetQueryError(e prompt.Error) { l.Wrong, l.half = e, nil }

// Shown returns the query whose matches are the rows, "" where they are all traces.
func (l *List) Shown() string {
	if l.filter == nil {
		return ""
	}
	return l.filter.Query
}

// SetDiagnosing says how far the detectors are, until their findings come.
func (l *List) SetDiagnosing(p views.Diagnosing) { l.diagnosing = p }

// SetFindings shows what the detectors found; findings about another set are dropped, but those about a set that waits for
// the answer to a query are shown with it: either may come first. Groups divide by what was found in them: those that were
// open stay so.
func (l *List) SetFindings(f Findings) {
	switch f.Set {
	case l.set:
		was := l.inOpen(&l.shown)
		l.found(f)
		l.arrangeAll(was)
	case l.newer:
		l.reported = f
	}
}

// found takes what the detectors found in the set that rows are made of.
func (l *List) found(f Findings) {
	l.findings, l.diagnosing, l.known = f, views.Diagnosing{}, false
	l.reported = f
	if l.byTime && l.Sort == ColumnDuration && l.Descending {
		l.Sort = ColumnFindings // as before there were none
	}
	by := l.Sort
	l.Sort = l.sortOf(l.Sort)
	l.byTime = l.Sort != by
}

// SetMarked says which trace is the baseline, nil for none.
func (l *List) SetMarked(t *trace.Trace) {
	l.marked = t
	l.findMarked()
}

// SetColumns chooses the columns and their order by name: start, duration, range, spans, errors, services, matched,
// root, findings, critical-path, trace-id. None chooses by the width of the terminal. Without the roots every trace is a line of its own.
func (l *List) SetColumns(names []string) error {
	var columns []Column
	for _, name := range names {
		i := slices.IndexFunc(specs[:], func(c table.Spec) bool { return c.Name == name })
		if i < 0 {
			return fmt.Errorf("unknown column %q: expected some of %s", name, columnNames())
		}
		columns = append(columns, Column(i))
	}
	l.chosen, l.apart = columns, columns != nil && !slices.Contains(columns, ColumnRoot)
	l.update()
	return nil
}

// SortBy sorts by a column; descending is from the largest, the latest, the last letter.
func (l *List) SortBy(c Column, descending bool) {
	l.Sort, l.Descending = c, descending
	l.update()
}

// Set returns the set that the rows are made of, nil before the first.
func (l *List) Set() *trace.Set { return l.set }

// Rows returns how many traces are shown.
func (l *List) Rows() int { return len(l.rows) }

// update makes the rows anew after the set, the filter or the order changed. The cursor stays on the trace it was
// put on, and in the same line of the screen where that is possible.
func (l *List) update() { l.arrangeAll(nil) }

// arrangeAll is update where was says which traces stood in open groups; nil: those with the same names stay open.
func (l *List) arrangeAll(was []bool) {
	if a := l.ready; a != nil && a.fits(l) {
		l.take(a)
	} else {
		l.order(l.Sort, l.Descending)
		l.arrange(&l.shown)
	}
	l.ready = nil
	l.reopen(&l.shown, was)
	l.unread.arrange(l.Sort, l.Descending)
	l.unread.place(&l.shown, &l.groups)
	for _, u := range l.unread.rows {
		l.mostSpans, l.mostErrors = max(l.mostSpans, u.Spans), max(l.mostErrors, u.Errors)
	}
	l.plot.stale = true
	l.widest = l.measure()
	l.findMarked()
	l.header.count(&l.shown, &l.unread)
	l.follow()
}

// SetUnread shows traces that were not read, the newest first, and the query that they were listed for. Where the answer
// to a query for a newer set is awaited they are shown with it.
func (l *List) SetUnread(rows []Unread, query string) {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Service, rows[i].Name = secrets.Masked(rows[i].Service), secrets.Masked(rows[i].Name)
	}
	if len(rows)+len(l.unread.rows) == 0 && l.unread.next == nil {
		l.unread.query = query
		return
	}
	next := unread{rows: rows, query: query}
	if l.listed = len(rows); l.newer != nil {
		l.unread.next = &next
		return
	}
	l.unread = next
	l.update()
}
