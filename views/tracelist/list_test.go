package tracelist

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/table"
	"tracefall/views/viewstest"
)

var (
	_ views.Headed = (*List)(nil)
)

// durations returns the durations of the rows, top to bottom.
func durations(l *List) []int64 {
	var ds []int64
	for _, i := range l.rows {
		ds = append(ds, l.set.Trace(int(i)).Duration())
	}
	return ds
}

func TestListSorts(t *testing.T) {
	set := viewstest.ListSet(t, 500, "x")
	l := ungrouped()
	l.SetSet(set)
	if !slices.IsSortedFunc(durations(l), func(a, b int64) int { return int(min(max(b-a, -1), 1)) }) {
		t.Error("the longest traces are not first")
	}
	for c := ColumnStart; c <= ColumnTraceID; c++ {
		for _, descending := range []bool{false, true} {
			l.SortBy(c, descending)
			seen := slices.Clone(l.rows)
			slices.Sort(seen)
			if len(slices.Compact(seen)) != set.Len() {
				t.Fatalf("column %d: the rows are no permutation", c)
			}
			if c == ColumnMatched || c == ColumnFindings {
				continue // all the same
			}
			cell := func(row int) string { return sortText(l, int(l.rows[row]), c) }
			for row := 1; row < len(l.rows); row++ {
				a, b := cell(row-1), cell(row)
				if descending {
					a, b = b, a
				}
				if a > b {
					t.Fatalf("%s, descending %t: row %d (%s) is before row %d (%s)", specs[c].Name, descending, row-1, a, row, b)
				}
				if a == b && l.rows[row-1] > l.rows[row] {
					t.Fatalf("%s: equal rows %d and %d left the order of the set", specs[c].Name, row-1, row)
				}
			}
		}
	}
}

// sortText is what a column sorts by, as text in the same order.
func sortText(l *List, i int, c Column) string {
	t := l.set.Trace(i)
	switch c {
	case ColumnStart:
		return fmt.Sprintf("%020d", t.Start())
	case ColumnDuration:
		return fmt.Sprintf("%020d", t.Duration())
	case ColumnSpans:
		return fmt.Sprintf("%020d", t.SpanCount())
	case ColumnErrors:
		return fmt.Sprintf("%020d", t.Errors())
	case ColumnServices:
		return fmt.Sprintf("%020d", t.Services())
	case ColumnRoot:
		return t.Root().Service() + "\x00" + t.Root().Name()
	default:
	}
	return t.ID().String()
}

func TestSortByKeyAgreesWithSort(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n := rng.IntN(300)
		rows, keys := make([]uint32, n), make([]uint64, n)
		byRow := make(map[uint32]uint64)
		for i := range n {
			rows[i], keys[i] = uint32(i), rng.Uint64()>>rng.IntN(64)
			if rng.IntN(3) == 0 {
				keys[i] = 5
			}
			byRow[rows[i]] = keys[i]
		}
		want := slices.Clone(rows)
		slices.SortStableFunc(want, func(a, b uint32) int {
			switch {
			case byRow[a] < byRow[b]:
				return -1
			case byRow[a] > byRow[b]:
				return 1
			}
			return 0
		})
		if diff := cmp.Diff(want, table.SortByKey(rows, keys)); diff != "" {
			t.Fatalf("differs from the stable sort:\n%s", diff)
		}
	}
}

func TestListCursorKeepsItsTrace(t *testing.T) {
	env := viewstest.Env(t)
	part, whole := viewstest.ListSet(t, 40, "x"), viewstest.ListSet(t, 400, "x")
	l := ungrouped()
	l.SetSet(part)
	viewstest.Plain(l, env, 80, 24)
	l.SetSet(viewstest.ListSet(t, 60, "x"))
	if l.Row != 0 {
		t.Error("nobody moved the cursor: it stays in the first row")
	}
	l = ungrouped()
	l.SetSet(whole)
	viewstest.Plain(l, env, 80, 24)
	for range 7 {
		viewstest.Act(l, views.Down)
	}
	id, line := l.Selected().ID(), l.Row-l.Top
	check := func(what string) {
		t.Helper()
		if l.Selected() == nil || l.Selected().ID() != id {
			t.Errorf("%s: the cursor left its trace", what)
		}
	}
	l.SortBy(ColumnStart, false)
	check("sorted")
	viewstest.Act(l, views.SortFlip)
	check("turned around")
	if l.Row > 10 && l.Row < len(l.rows)-20 && l.Row-l.Top != line {
		t.Errorf("the row went from line %d to %d of the screen", line, l.Row-l.Top)
	}
	f := filterOf(whole, 1)
	l.SetFilter(f)
	check("a filter with it")
	none := &Filter{Set: whole}
	l.SetFilter(none)
	if l.Selected() != nil {
		t.Error("a trace is selected where none is shown")
	}
	l.SetFilter(nil)
	check("after a filter without it")
	l.SetSet(viewstest.ListSet(t, 400, "the same traces again"))
	check("another set with the same trace")
}

// While a query is in force, a fuller set is shown only when it was asked too.
func TestListWaitsForTheAnswer(t *testing.T) {
	part, whole := viewstest.ListSet(t, 40, "x"), viewstest.ListSet(t, 400, "x")
	l := New()
	l.SetSet(part)
	l.SetFilter(filterOf(part, 2))
	l.SetSet(whole)
	if l.Set() != part || l.Rows() != 20 {
		t.Errorf("%d rows, want the 20 of the set that was asked", l.Rows())
	}
	if text := headText(t, l, 120) + viewstest.Plain(l, viewstest.Env(t), 120, 30); !strings.Contains(text, "400 traces") || !strings.Contains(text, "20 of 40 traces so far") {
		t.Errorf("the header has to count what is loaded, the query line what was asked:\n%s", text)
	}
	l.SetFilter(filterOf(whole, 2))
	if l.Set() != whole || l.Rows() != 200 {
		t.Errorf("%d rows, want the 200 of the new set", l.Rows())
	}
	l.SetSet(part)
	l.SetFilter(nil)
	if l.Set() != part || l.Rows() != 40 {
		t.Errorf("%d rows, want all 40 of the newest set", l.Rows())
	}
}

func TestListQuery(t *testing.T) {
	env := viewstest.Env(t)
	l := New()
	set := viewstest.ListSet(t, 100, "x")
	l.SetSet(set)
	viewstest.Act(l, views.Search)
	if !l.Typing() {
		t.Fatal("search does not begin typing")
	}
	if got := l.Type(viewstest.Press("er")); got != (views.Query{Text: "er"}) {
		t.Errorf("got %#v, want the query so far", got)
	}
	if got := l.Type(viewstest.Press("esc")); got != nil || !l.Typing() || l.Popup.Open() {
		t.Errorf("esc closes the completion first: %#v", got)
	}
	l.SetQueryError(prompt.Error{Offset: 0, Length: 2, Message: "unknown field er"})
	text := viewstest.Plain(l, env, 80, 24)
	if !strings.Contains(text, "✗ unknown field er") || strings.Count(text, "api-gateway") == 0 {
		t.Error("an error in the query has to show, and leave the rows where they are")
	}
	if got := l.Type(viewstest.Press("enter")); got != (views.Query{Text: "er", Done: true}) || l.Typing() {
		t.Errorf("got %#v, want the finished query", got)
	}
	l.SetFilter(filterOf(set, 10))
	if text := viewstest.Plain(l, env, 80, 24); !strings.Contains(text, "10 of 100 traces") || strings.Contains(text, "unknown field") {
		t.Errorf("the counts are missing, or the error stayed:\n%s", text)
	}
	viewstest.Act(l, views.Search)
	l.Type(viewstest.Press("x"))
	if l.Popup.Open() {
		t.Error("a word that nothing begins with is completed")
	}
	if got := l.Type(viewstest.Press("esc")); got != (views.Query{Text: "er"}) {
		t.Errorf("esc gave %#v, want the query from before", got)
	}
	if got := viewstest.Act(l, views.Back); got != (views.Query{Done: true}) {
		t.Errorf("back gave %#v, want no query", got)
	}
	l.SetFilter(nil)
	if got := viewstest.Act(l, views.Back); got != (views.Leave{}) {
		t.Errorf("back gave %#v, want to leave", got)
	}
}

// TestListFindings walks the traces that the detectors say something of.
func TestListFindings(t *testing.T) {
	l := ungrouped()
	set := viewstest.ListSet(t, 12, "x")
	l.SetSet(set)
	if got := viewstest.Why(l, views.NextFinding); got != "the detectors are not done" {
		t.Errorf("before there are findings: %q", got)
	}
	worst := int(l.rows[7])
	l.SetFindings(Findings{Set: set, Worst: func(i int) *rule.Finding {
		if i == worst {
			return &rule.Finding{Title: "retry storm"}
		}
		return nil
	}})
	if got := viewstest.Act(l, views.NextFinding); got != nil || int(l.rows[l.Row]) != worst {
		t.Errorf("at row %d with %v, want row 7", l.Row, got)
	}
	if got := viewstest.Act(l, views.PrevFinding); got != (views.Say{Text: "the only trace with a finding"}) {
		t.Errorf("said %v", got)
	}
	l.SetFindings(Findings{Set: set, Worst: func(int) *rule.Finding { return nil }})
	if got := viewstest.Act(l, views.NextFinding); got != (views.Say{Text: "no trace with a finding is shown"}) {
		t.Errorf("without findings said %v", got)
	}
}

func TestListErrors(t *testing.T) {
	l := ungrouped()
	set := viewstest.ListSet(t, 300, "x")
	l.SetSet(set)
	l.SortBy(ColumnStart, false)
	var failed, visited []uint32
	for _, i := range l.rows {
		if set.Trace(int(i)).Errors() > 0 {
			failed = append(failed, i)
		}
	}
	var said views.Action
	for range failed {
		said = viewstest.Act(l, views.NextError)
		visited = append(visited, l.rows[l.Row])
	}
	if diff := cmp.Diff(failed, visited); diff != "" || said != nil {
		t.Errorf("errors in order (-want +got), said %v:\n%s", said, diff)
	}
	if got := viewstest.Act(l, views.NextError); got != (views.Say{Text: "went on from the top"}) || l.rows[l.Row] != failed[0] {
		t.Errorf("got %#v, want to go around", got)
	}
	if got := viewstest.Act(l, views.PrevError); got != (views.Say{Text: "went on from the bottom"}) {
		t.Errorf("got %#v, want to go around", got)
	}
	var healthy []int
	for i := range set.Len() {
		if set.Trace(i).Errors() == 0 {
			healthy = append(healthy, i)
		}
	}
	l.SetFilter(&Filter{Set: set, Traces: healthy})
	if got := viewstest.Why(l, views.NextError); got != "no trace shown has an error" {
		t.Errorf("Can says %q", got)
	}
}

func TestListActions(t *testing.T) {
	env := viewstest.Env(t)
	l := ungrouped()
	if got := viewstest.Why(l, views.Enter); got != "there are no traces" {
		t.Errorf("Can says %q", got)
	}
	if viewstest.Act(l, views.Enter) != nil {
		t.Error("something opened from an empty list")
	}
	set := viewstest.ListSet(t, 50, "x")
	l.SetSet(set)
	viewstest.Plain(l, env, 100, 30)
	first := l.Selected()
	if got := viewstest.Act(l, views.Enter); got != (views.OpenTrace{Trace: first, Span: -1}) {
		t.Errorf("enter gave %#v", got)
	}
	if got := viewstest.Act(l, views.CopyTrace); got != (views.Copy{What: "trace id", Text: first.ID().String()}) {
		t.Errorf("copy gave %#v", got)
	}
	line, ok := viewstest.Act(l, views.CopyLine).(views.Copy)
	if !ok || !strings.Contains(line.Text, first.ID().String()) || !strings.Contains(line.Text, first.Root().Name()) {
		t.Errorf("the copied line is %#v", line)
	}
	if viewstest.Why(l, views.ZoomIn) != views.NotHere {
		t.Error("a list does not zoom")
	}
}

func TestListMouse(t *testing.T) {
	env := viewstest.Env(t)
	l := ungrouped()
	l.SetSet(viewstest.ListSet(t, 200, "x"))
	viewstest.Plain(l, env, 120, 30)
	table := l.First
	l.Mouse(views.Mouse{X: 20, Y: table + 4})
	if l.Row != 4 {
		t.Errorf("the click selected row %d, want 4", l.Row)
	}
	if got, ok := l.Mouse(views.Mouse{X: 20, Y: table + 5, Double: true}).(views.OpenTrace); !ok || got.Trace != l.Selected() || l.Row != 5 {
		t.Errorf("a double click opened %#v", got)
	}
	l.Mouse(views.Mouse{Wheel: 10})
	if l.Top != 10 || l.Row < l.Top || l.Row >= l.Top+l.Height {
		t.Errorf("after the wheel the rows begin at %d with the cursor at %d", l.Top, l.Row)
	}
	start := l.Placed[2].X
	l.Mouse(views.Mouse{X: start, Y: l.Columns.Head})
	if l.Sort != ColumnStart || !l.Descending {
		t.Error("a click on START sorts by it, the latest first")
	}
	l.Mouse(views.Mouse{X: start, Y: l.Columns.Head})
	if l.Descending {
		t.Error("another click turns the order around")
	}
	p := &l.plot
	for at, c := range p.cells {
		if c.count > 0 && at/p.w == 0 {
			l.Mouse(views.Mouse{X: plotLabels + at%p.w, Y: l.plotY})
			if got := l.Selected(); got.Duration() != c.duration {
				t.Errorf("the click in the plot selected a trace of %d ns, want %d", got.Duration(), c.duration)
			}
		}
	}
}

// TestListNarrow asks for the names where there is room for little else.
func TestListNarrow(t *testing.T) {
	l := New()
	l.SetSet(viewstest.ListSet(t, 20, "x"))
	for _, width := range []int{30, 40, 60} {
		grid := draw.NewGrid(width, 10)
		l.Draw(grid.All(), viewstest.Env(t))
		if got := grid.Plain(); !strings.Contains(got, "ROOT") || !strings.Contains(got, "DURATION") {
			t.Errorf("%d cells:\n%s", width, got)
		}
	}
}

func TestListColumns(t *testing.T) {
	env := viewstest.Env(t)
	l := New()
	l.SetSet(viewstest.ListSet(t, 20, "x"))
	if err := l.SetColumns([]string{"trace-id", "errors"}); err != nil {
		t.Fatal(err)
	}
	text := viewstest.Plain(l, env, 80, 24)
	if !strings.Contains(text, "TRACE ID") || strings.Contains(text, "ROOT") || !strings.Contains(text, l.Selected().ID().String()) {
		t.Errorf("not the columns that were asked for:\n%s", text)
	}
	err := l.SetColumns([]string{"start", "cost"})
	if err == nil || !strings.Contains(err.Error(), `unknown column "cost"`) || !strings.Contains(err.Error(), "trace-id") {
		t.Errorf("got %v, want what is unknown and what there is", err)
	}
	if err := l.SetColumns(nil); err != nil {
		t.Error(err)
	}
	if text := viewstest.Plain(l, env, 80, 24); !strings.Contains(text, "ROOT") {
		t.Error("the columns of the width did not come back")
	}
}

// Hostile names reach the screen as visible cells and the clipboard as text.
func TestListHostile(t *testing.T) {
	b := trace.NewBuilder()
	b.Input("\x1b]0;x\a.json")
	service := b.String(b.Symbol([]byte("service.name")), []byte("pay\x1b[31m\u202ement"))
	b.Add(&trace.RawSpan{
		Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: 1}, Name: b.Symbol([]byte("a\nb")), Start: viewstest.Epoch, Duration: 5,
		Origin: b.Origin(b.Resource([]trace.Attr{service}, 0), b.Scope(0, 0, nil, 0)),
	})
	l := New()
	l.SetSet(b.Build())
	env := viewstest.Env(t)
	for _, text := range []string{viewstest.Plain(l, env, 120, 20), viewstest.Act(l, views.CopyLine).(views.Copy).Text} {
		if strings.ContainsAny(text, "\x1b\a\u202e") || strings.Contains(text, "a\nb") {
			t.Errorf("control characters came through: %q", text)
		}
	}
}

func TestListAnything(t *testing.T) {
	env := viewstest.Env(t)
	sets := []*trace.Set{viewstest.ListSet(t, 3, "a"), viewstest.ListSet(t, 200, "b"), viewstest.ListSet(t, 0, "c")}
	for seed := range uint64(6) {
		viewstest.CheckAnything(t, env, seed, 300, func() views.Screen { return New() }, func(s views.Screen, rng *rand.Rand) {
			l := s.(*List)
			set := sets[rng.IntN(len(sets))]
			switch rng.IntN(7) {
			case 0:
				l.SetSet(set)
			case 1:
				l.SetFilter(filterOf(set, rng.IntN(5)+1))
			case 2:
				l.SetFilter(nil)
			case 3:
				l.SetProgress(LoadProgress{Loading: rng.IntN(2) == 0, Bytes: rng.Int64(), Total: rng.Int64N(3) * rng.Int64()})
			case 4:
				l.SetFindings(findingsOf(set))
			case 5:
				l.SetQueryError(prompt.Error{Offset: rng.IntN(20) - 1, Length: rng.IntN(9), Message: "expected a value \x1b[31m after ="})
			case 6:
				env.Clock.Mode = views.ClockMode(rng.IntN(3))
			}
		})
	}
}

// TestFindingsBeforeTheAnswer loads a newer set while a query is in force: what is found in it may be there before what matches
// in it, and is shown with that.
func TestFindingsBeforeTheAnswer(t *testing.T) {
	older, newer := tracetest.Set(t, shops), tracetest.Set(t, shops)
	for _, findingsFirst := range []bool{true, false} {
		l := ungrouped()
		l.SetSet(older)
		l.SetFindings(found(older, "slow", "slow", "slow", "slow", "slow"))
		l.SetFilter(&Filter{Set: older, Query: "q", Traces: []int{0, 1}})
		l.SetSet(newer)
		if findingsFirst {
			l.SetFindings(found(newer, "", "retry", "", "", ""))
			if got := l.worst(0); got == nil || got.Title != "slow" {
				t.Errorf("the rows are of the older set, and their finding is %v", got)
			}
		}
		l.SetSource(&Source{Answered: []string{"server: q"}})
		if got, want := l.counts(80), "2 match so far · server: q"; got != want {
			t.Errorf("the line of the query says %q, want %q", got, want)
		}
		l.SetFilter(&Filter{Set: newer, Query: "q", Traces: []int{0, 1}})
		if !findingsFirst {
			l.SetFindings(found(newer, "", "retry", "", "", ""))
		}
		if l.findings.Set != newer || l.worst(0) != nil || l.worst(1) == nil || l.worst(1).Title != "retry" {
			t.Errorf("findings before the answer: %v: the list shows %v and %v", findingsFirst, l.worst(0), l.worst(1))
		}
		if first := l.set.Trace(int(l.rows[0])); first != newer.Trace(1) {
			t.Errorf("findings before the answer: %v: the trace with a finding is not first", findingsFirst)
		}
	}
}
