package tracelist

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"tracefall/diagnose/units"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// Unread is a trace that a backend listed without its spans.
type Unread struct {
	ID                      trace.TraceID
	Start, Took             int64 // ns
	Service, Name           string
	Spans, Errors, Services int  // Services is 0 where that is not known
	Undecided               bool // whether it matches what the backend was asked shows when it is read
}

// unread is where such traces stand among the lines of those that were read: in their order where the list is sorted by
// start or duration, which are known of both, else behind them.
//
//	lines of traces   a  b  c        at   0  2  3
//	unread            x  y  z
//	the list          x  a  b  y  c  z
type unread struct {
	rows  []Unread // in the order of the list
	at    []int    // of each: the line of the traces before which it stands
	query string   // for which the backend listed them

	by         Column
	descending bool

	next *unread // to be shown with the newer set, nil for none
}

// arrange sorts the rows as the traces are sorted.
func (u *unread) arrange(by Column, descending bool) {
	u.by, u.descending = by, descending
	key := (*Unread).start
	if u.by = by; by == ColumnDuration || by == ColumnRange {
		key = (*Unread).took
	}
	slices.SortStableFunc(u.rows, func(a, b Unread) int {
		if !u.merged() {
			return cmp.Compare(b.Start, a.Start)
		}
		return u.compare(key(&a), key(&b))
	})
}

// merged reports whether the rows stand among the traces.
func (u *unread) merged() bool {
	return u.by == ColumnStart || u.by == ColumnDuration || u.by == ColumnRange
}

func (u *unread) compare(a, b uint64) int {
	if u.descending {
		a, b = b, a
	}
	return cmp.Compare(a, b)
}

func (u *Unread) start() uint64 { return signed(u.Start) }

func (u *Unread) took() uint64 { return signed(u.Took) }

// place finds where the rows stand among the lines of the traces, in one pass over both.
func (u *unread) place(s *shown, g *groups) {
	u.at = u.at[:0]
	if len(u.rows) == 0 {
		return
	}
	row := 0
	if u.merged() {
		of, key := s.sortKey(u.by), (*Unread).start
		if u.by != ColumnStart {
			key = (*Unread).took
		}
		before := func(line int, first uint32) {
			for ; row < len(u.rows) && u.compare(key(&u.rows[row]), of(int(s.rows[first]))) < 0; row++ {
				u.at = append(u.at, line)
			}
		}
		for line := range s.rows {
			if len(g.list) > 0 {
				break
			}
			before(line, uint32(line))
		}
		for _, one := range g.list {
			before(int(one.line), one.from)
		}
	}
	for ; row < len(u.rows); row++ {
		u.at = append(u.at, g.lines)
	}
}

// shift returns the line of the list that a line of the traces is.
func (u *unread) shift(line int) int {
	return line + sort.Search(len(u.at), func(k int) bool { return u.at[k] > line })
}

// on returns what stands in a line of the list: a row, or the line of the traces.
func (u *unread) on(line int) (row *Unread, of int) {
	k := sort.Search(len(u.at), func(k int) bool { return u.at[k]+k >= line })
	if k < len(u.at) && u.at[k]+k == line {
		return &u.rows[k], 0
	}
	return nil, line - k
}

// find returns the line of a trace that was not read, -1 where there is none.
func (u *unread) find(id trace.TraceID) int {
	k := slices.IndexFunc(u.rows, func(r Unread) bool { return r.ID == id })
	if k < 0 {
		return -1
	}
	return u.at[k] + k
}

// extend widens the times between which something started.
func (u *unread) extend(from, to int64) (int64, int64) {
	for i, r := range u.rows {
		if i == 0 && to == 0 {
			from, to = r.Start, r.Start
		}
		from, to = min(from, r.Start), max(to, r.Start)
	}
	return from, to
}

// text returns what is known of a trace in a column, "" for nothing.
func (u *Unread) text(c Column) string {
	switch c {
	case ColumnDuration:
		return wholeMilliseconds(u.Took)
	case ColumnSpans:
		return draw.Count(u.Spans)
	case ColumnErrors:
		return draw.Count(u.Errors)
	case ColumnServices:
		if u.Services > 0 {
			return draw.Count(u.Services)
		}
	case ColumnTraceID:
		return u.ID.String()
	case ColumnStart, ColumnMatched, ColumnRoot, ColumnFindings, ColumnRange, ColumnPath:
	}
	return ""
}

// wholeMilliseconds writes a duration no finer than servers tell it, with blanks for the decimals that other rows have.
func wholeMilliseconds(ns int64) string {
	if ns >= units.Second {
		return draw.Durations{Longest: ns}.Text(ns)
	}
	return strconv.FormatInt(ns/units.Millisecond, 10) + " ms  "
}

// line returns what is known of a trace, as text to be copied.
func (u *Unread) line(clock views.Clock) string {
	return strings.Join([]string{
		clock.DateTime(u.Start), strings.TrimSpace(u.text(ColumnDuration)), draw.Amount(u.Spans, "span"), draw.Amount(u.Errors, "error"),
		draw.Clean(strings.TrimSpace(u.Service + " " + u.Name)), views.NotRead, u.ID.String(),
	}, "  ")
}

// undecided reports whether nobody knows yet if a trace matches the query.
func (u *unread) undecided(r *Unread, f *Filter) bool {
	return f != nil && (r.Undecided || f.Query != u.query)
}
