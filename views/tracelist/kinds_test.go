package tracelist

import (
	stdcmp "cmp"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
	"tracefall/views/viewstest"
)

// TestTheGravestComeFirst asks for the order of a fresh list, and what one key makes of it.
func TestTheGravestComeFirst(t *testing.T) {
	env := viewstest.Env(t)
	set := viewstest.ListSet(t, 300, "x")
	l := New()
	l.SetSet(set)
	l.apart = true
	l.update()
	longest := func(what string) {
		t.Helper()
		if !slices.IsSortedFunc(durations(l), func(a, b int64) int { return stdcmp.Compare(b, a) }) {
			t.Errorf("%s: the longest traces are not first", what)
		}
	}
	longest("nothing is known yet")
	l.SetFindings(findingsOf(set))
	key := func(row uint32) int64 {
		if f := l.worst(int(row)); f != nil {
			return int64(f.Severity)<<40 + f.Numbers.Avoidable
		}
		return 0
	}
	if !slices.IsSortedFunc(l.rows, func(a, b uint32) int { return stdcmp.Compare(key(b), key(a)) }) || key(l.rows[0]) == 0 {
		t.Error("the gravest findings are not first")
	}
	viewstest.Frame(l, env, 120, 40)
	viewstest.Act(l, views.SortNext)
	longest("one key")
}

// TestHeadNamesTheOrderOfTheRows shows a list before and after the findings that it is sorted by are known.
func TestHeadNamesTheOrderOfTheRows(t *testing.T) {
	set := tracetest.Set(t, shops)
	l := New()
	l.SetSet(set)
	env := viewstest.Env(t)
	if text := viewstest.Plain(l, env, 120, 40); !strings.Contains(text, "DURATION ▾") || strings.Contains(text, "FINDING ▾") {
		t.Errorf("before the detectors are done:\n%s", text)
	}
	l.SetFindings(found(set, "slow", "slow", "", "", ""))
	if text := viewstest.Plain(l, env, 120, 40); strings.Contains(text, "DURATION ▾") || !strings.Contains(text, "FINDING ▾") {
		t.Errorf("afterwards:\n%s", text)
	}
}

// TestGroupsSayWhatTheirDurationIs looks for the name of the median in front of those of several traces, and of no other. Where
// the findings need the room the last line says it of the row under the cursor.
func TestGroupsSayWhatTheirDurationIs(t *testing.T) {
	env := viewstest.Env(t)
	for _, w := range []int{80, 120, 200} {
		l := New()
		l.SetSet(viewstest.ListSet(t, 30, "x"))
		viewstest.Frame(l, env, w, 50)
		viewstest.Act(l, views.OpenAll)
		_, table, _ := strings.Cut(viewstest.Plain(l, env, w, 60), "   ROOT")
		groups := 0
		for n, row := range strings.Split(table, "\n")[1 : l.lines+1] {
			several := l.sumOf(l.entryAt(n)) != nil
			if several {
				groups++
			}
			l.Row = n
			if where, _ := l.Status(env); strings.Contains(where, "p50 ") != several {
				t.Errorf("at %d columns, of several traces: %v: the last line says %s", w, several, where)
			}
			if strings.Contains(row, "p50 ") != (several && w >= narrow) {
				t.Errorf("at %d columns, of several traces: %v: %s", w, several, row)
			}
		}
		if groups == 0 || groups == l.lines {
			t.Fatalf("%d of %d lines are groups", groups, l.lines)
		}
	}
}

// TestHealthyListsHaveNoFindings gives the room of the findings to the rest, and the order its name.
func TestHealthyListsHaveNoFindings(t *testing.T) {
	set := viewstest.ListSet(t, 30, "x")
	l := New()
	l.SetSet(set)
	env := viewstest.Env(t)
	if text := viewstest.Plain(l, env, 120, 40); !strings.Contains(text, "FINDING") {
		t.Errorf("before the detectors are done:\n%s", text)
	}
	l.SetFindings(Findings{Set: set, Worst: func(int) *rule.Finding { return nil }})
	if text := viewstest.Plain(l, env, 120, 40); strings.Contains(text, "FINDING") || !strings.Contains(text, "DURATION ▾") {
		t.Errorf("nothing was found:\n%s", text)
	}
}

// TestWhatIsSortedByStays sorts a narrow list by a column that it has no room for otherwise.
func TestWhatIsSortedByStays(t *testing.T) {
	env := viewstest.Env(t)
	l := New()
	l.SetSet(viewstest.ListSet(t, 30, "x"))
	if text := viewstest.Plain(l, env, 80, 24); strings.Contains(text, "START") {
		t.Errorf("80 columns have room for the start:\n%s", text)
	}
	l.SortBy(ColumnStart, true)
	if text := viewstest.Plain(l, env, 80, 24); !strings.Contains(text, "START") || !strings.Contains(text, "ROOT") {
		t.Errorf("sorted by the start, which is not shown:\n%s", text)
	}
}

// TestNamesOfSortedColumnsAreWhole checks at every width that the column by which is sorted has room for its name and the arrow.
func TestNamesOfSortedColumnsAreWhole(t *testing.T) {
	env := viewstest.Env(t)
	l := New()
	l.SetSet(viewstest.ListSet(t, 30, "x"))
	for w := 60; w <= 200; w++ {
		for _, c := range []Column{ColumnDuration, ColumnErrors, ColumnStart, ColumnSpans, ColumnServices, ColumnRoot} {
			l.SortBy(c, true)
			if text := viewstest.Plain(l, env, w, 24); slices.ContainsFunc(l.Placed, func(p table.Placed[Column]) bool { return p.Column == c }) && !strings.Contains(text, specs[c].Title+" ▾") {
				t.Fatalf("%d cells, sorted by %s:\n%s", w, specs[c].Title, text)
			}
		}
	}
}

// TestGroupsTakeTheMouse opens a group by a click on its sign.
func TestGroupsTakeTheMouse(t *testing.T) {
	l := New()
	l.SetSet(viewstest.ListSet(t, 30, "x"))
	viewstest.Frame(l, viewstest.Env(t), 120, 40)
	closed := l.lines
	l.Mouse(views.Mouse{X: 1, Y: l.First + 1})
	if l.Row != 1 || !l.list[l.entryAt(1).group].open || l.lines <= closed {
		t.Errorf("line %d of %d, the group is open: %v", l.Row, l.lines, l.list[l.entryAt(1).group].open)
	}
	l.Mouse(views.Mouse{X: 1, Y: l.First + 1})
	if l.lines != closed {
		t.Errorf("%d lines after another click, want %d", l.lines, closed)
	}
}

// TestStatusIsShort leaves the line to the keys.
func TestStatusIsShort(t *testing.T) {
	l := New()
	set := viewstest.ListSet(t, 10_000, "x")
	l.SetSet(set)
	l.SetFindings(findingsOf(set))
	env := viewstest.Env(t)
	viewstest.Frame(l, env, 80, 24)
	for range 30 {
		viewstest.Act(l, views.Down)
		left, right := l.Status(env)
		if l.sumOf(l.entryAt(l.Row)) != nil && draw.Width(left+right) > 80*2/5 {
			t.Errorf("%q takes more than two fifths of 80 columns", left+right)
		}
	}
}
