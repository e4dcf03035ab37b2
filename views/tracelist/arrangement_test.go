package tracelist

import (
	"slices"
	"testing"

	"tracefall/views"
	"tracefall/views/viewstest"
)

// TestArrangedBeside: a list that is given an arrangement shows what one does that arranges its traces itself, and uses it; one
// that fits no more is dropped.
func TestArrangedBeside(t *testing.T) {
	set, other := viewstest.ListSet(t, 200, "x"), viewstest.ListSet(t, 50, "y")
	env := viewstest.Env(t)
	filter := &Filter{Set: set, Query: "q", Traces: []int{1, 2, 3, 5, 8, 13, 21, 34, 55, 89}}
	found := findingsOf(set)
	for _, test := range []struct {
		name    string
		arrange func(Arranger) *Arrangement
		before  func(*List)
		show    func(*List)
		dropped bool
	}{
		{name: "set", arrange: func(a Arranger) *Arrangement { return a.OfSet(set) }, show: func(l *List) { l.SetSet(set) }},
		{name: "findings", before: func(l *List) { l.SetSet(set) }, arrange: func(a Arranger) *Arrangement { return a.OfFindings(found) },
			show: func(l *List) { l.SetFindings(found) }},
		{name: "filter", before: func(l *List) { l.SetSet(set) }, arrange: func(a Arranger) *Arrangement { return a.OfFilter(filter) },
			show: func(l *List) { l.SetFilter(filter) }},
		{name: "filter of another set", before: func(l *List) {
			l.SetSet(other)
			l.SetFilter(&Filter{Set: other, Query: "q", Traces: []int{1}})
			l.SetSet(set)
		},
			arrange: func(a Arranger) *Arrangement { return a.OfFilter(filter) }, show: func(l *List) { l.SetFilter(filter) }},
		{name: "another set", arrange: func(a Arranger) *Arrangement { return a.OfSet(other) }, show: func(l *List) { l.SetSet(set) }, dropped: true},
		{name: "sorted meanwhile", arrange: func(a Arranger) *Arrangement { return a.OfSet(set) },
			show: func(l *List) { l.Sort = ColumnStart; l.SetSet(set) }, dropped: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, plain := New(), New()
			if test.before != nil {
				test.before(l)
				test.before(plain)
			}
			shown := slices.Clone(l.rows)
			a := test.arrange(l.Arranger())
			if !slices.Equal(shown, l.rows) {
				t.Error("arranging beside the list changed its rows")
			}
			rows := a.rows
			l.Use(a)
			test.show(l)
			test.show(plain)
			if got, want := viewstest.Plain(l, env, 120, 40), viewstest.Plain(plain, env, 120, 40); got != want || !slices.Equal(l.rows, plain.rows) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if used := &rows[0] == &l.rows[0]; used == test.dropped || l.ready != nil {
				t.Errorf("used: %v", used)
			}
			viewstest.Do(l, views.Bottom)
			l.SortBy(ColumnDuration, false)
			plain.SortBy(ColumnDuration, false)
			if !slices.Equal(l.rows, plain.rows) || l.lines != plain.lines {
				t.Error("sorted again it is another list")
			}
		})
	}
}
