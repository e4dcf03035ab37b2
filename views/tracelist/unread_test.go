package tracelist

import (
	"fmt"
	"slices"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// listed are traces that were not read, one a second from a second on, each longer than the one before.
func listed(n, from int) []Unread {
	var rows []Unread
	for i := range n {
		at := int64(from + n - 1 - i)
		rows = append(rows, Unread{
			ID: trace.TraceID{Hi: 7, Lo: uint64(at)}, Start: viewstest.Epoch + at*1e9, Took: at*40e6 + 7e6,
			Service: "frontend", Name: fmt.Sprintf("GET /basket/%d?token=hunter2hunter2", at), Spans: 900 + i, Errors: i % 2, Services: 4, Undecided: i%3 == 0,
		})
	}
	return rows
}

// halfRead is a list of four traces that were read and some that were not, as a backend answered a query.
func halfRead(t *testing.T) *List {
	l, set := New(), tracetest.Set(t, slowServices)
	l.SetSet(set)
	l.SetFindings(derived(findingsOf(set), "payment-service"))
	l.SetSource(&Source{Name: "prod · tempo.corp", Window: "14:02–15:02 UTC", Answered: []string{"server: error", "here: children>2", "214 ms", "3 requests"}})
	l.SetQuery("error=true children>2")
	l.SetFilter(&Filter{Set: set, Query: "error=true children>2", Traces: []int{0, 1, 3}, Spans: []int{1, 1, 2}})
	l.SetUnread(listed(30, 2), "error=true children>2")
	return l
}

func TestUnreadFrames(t *testing.T) {
	l := halfRead(t)
	viewstest.Act(l, views.Down)
	viewstest.CheckFrames(t, "list-unread", l, viewstest.Env(t))
	l.SortBy(ColumnDuration, true)
	viewstest.CheckFrames(t, "list-unread-duration", l, viewstest.Env(t))
}

// TestUnreadStandInOrder sorts and opens groups: every line is found again, what was not read stands in its place where the
// list is sorted by start or duration, and else behind everything.
func TestUnreadStandInOrder(t *testing.T) {
	set := viewstest.ListSet(t, 60, "incident.jsonl")
	l := New()
	l.SetSet(set)
	l.SetUnread(listed(40, 0), "")
	for _, c := range []Column{ColumnStart, ColumnDuration, ColumnSpans, ColumnFindings} {
		for _, descending := range []bool{false, true} {
			for _, open := range []bool{false, true} {
				l.SortBy(c, descending)
				l.openAll(open)
				if l.length() != l.lines+40 {
					t.Fatalf("%d lines, %d of them of traces", l.length(), l.lines)
				}
				var keys []int64
				behind := false
				for line := range l.length() {
					e := l.entryAt(line)
					key := int64(0)
					switch {
					case e.unread != nil && !l.Select(e.unread.ID) || e.unread == nil && l.lineOf(e.row) != line && e.inside:
						t.Fatalf("line %d is lost", line)
					case e.unread != nil && l.Row != line:
						t.Fatalf("line %d is found at %d", line, l.Row)
					case e.inside:
						continue
					case e.unread != nil:
						key = map[bool]int64{true: e.unread.Start, false: e.unread.Took}[c == ColumnStart]
						behind = true
					default:
						first := e.row
						if e.group >= 0 {
							first = int(l.list[e.group].from)
						}
						one := set.Trace(int(l.rows[first]))
						key = map[bool]int64{true: one.Start(), false: one.Duration()}[c == ColumnStart]
						if behind && c != ColumnStart && c != ColumnDuration {
							t.Fatalf("sorted by %s: line %d is a trace behind those that were not read", specs[c].Name, line)
						}
					}
					keys = append(keys, key)
				}
				if descending {
					slices.Reverse(keys)
				}
				if (c == ColumnStart || c == ColumnDuration) && !slices.IsSorted(keys) {
					t.Errorf("sorted by %s, descending %v: %v", specs[c].Name, descending, keys)
				}
			}
		}
	}
}

// TestCursorOnUnread: it stays on its trace when that is read, and in its line when it goes away.
func TestCursorOnUnread(t *testing.T) {
	l := halfRead(t)
	l.SortBy(ColumnStart, true)
	rows := listed(30, 2)
	for range 5 {
		viewstest.Act(l, views.Down)
	}
	was, line := l.selectedUnread(), l.Row
	if was == nil || viewstest.Act(l, views.Enter) != (views.OpenUnread{ID: was.ID}) {
		t.Fatalf("%+v is under the cursor", was)
	}
	id := was.ID
	gone := slices.DeleteFunc(slices.Clone(rows), func(r Unread) bool { return r.ID == id })
	l.SetUnread(gone, "error=true children>2")
	if now := l.selectedUnread(); l.Row != line || now == nil || now.ID == id {
		t.Errorf("line %d, was %d: %+v", l.Row, line, now)
	}
	viewstest.Plain(l, viewstest.Env(t), 120, 40)
	if got := l.Wanted(3); len(got) == 0 || got[0] != l.selectedUnread().ID {
		t.Errorf("wanted %v first, the cursor is on %v", got, l.selectedUnread().ID)
	}
	l.SetSet(tracetest.Set(t, "a b 0ms +1ms\n")) // a newer set, whose matches are not known
	l.SetUnread(gone[:3], "error=true children>2")
	if n := len(l.unread.rows); n != 29 || l.Wanted(100) != nil {
		t.Errorf("%d rows and %v wanted before the answer for the newer set", n, l.Wanted(100))
	}
	l.SetFilter(&Filter{Set: l.newer, Query: "error=true children>2", Spans: []int{}})
	if n := len(l.unread.rows); n != 3 || len(l.Wanted(100)) != 3 {
		t.Errorf("%d rows with it", n)
	}
}
