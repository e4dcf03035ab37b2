package spans

import (
	"slices"
	"strings"
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/table"
	"tracefall/views/viewstest"
)

// manyColumns is a table with five attributes.
func manyColumns(t testing.TB) *Spans {
	s := shown(t, tracetest.Set(t, `
trace 1
checkout "POST /api/v1/orders/{id}/items" 0ms +100ms kind=server zone=eu net.peer.name=orders-1.prod.svc.cluster.local db.rows=12.5 host.name=ip-10-2-2-17 app.tenant=acme
  checkout "authorize the payment" 10ms +1ms error="connection timed out" zone=us net.peer.name=pay-2.prod db.rows=3 host.name=ip-10-2-2-18 app.tenant=acme
`))
	for _, key := range []string{"zone", "net.peer.name", "db.rows", "host.name", "app.tenant"} {
		addColumn(t, s, key)
	}
	return s
}

// onScreen lists the columns that are drawn in so many cells.
func onScreen(t testing.TB, s *Spans, w int) []string {
	viewstest.Frame(s, viewstest.Env(t), w, 20)
	var list []string
	for _, p := range s.Placed {
		list = append(list, s.Specs[p.Column].Title)
	}
	return list
}

// TestAttributesGiveWay checks at every width which columns go where there is little room: start and self time, then the
// attributes chosen last; that they are counted, and that the others come into sight.
func TestAttributesGiveWay(t *testing.T) {
	s := manyColumns(t)
	if got := onScreen(t, s, 80); !slices.Contains(got, "STATUS") || !slices.Contains(got, "zone") || !slices.Contains(got, "net.peer.name") || slices.Contains(got, "app.tenant") {
		t.Errorf("in 80 cells there are %v", got)
	}
	for w := 50; w <= 200; w++ {
		viewstest.Do(s, views.Left, views.Left, views.Left, views.Left, views.Left)
		seen := map[string]bool{}
		for range len(s.keys) {
			got := onScreen(t, s, w)
			plain, beside := viewstest.Plain(s, viewstest.Env(t), w, 20), s.beside(viewstest.Env(t).Theme)
			if s.skip+s.more > 0 && !slices.ContainsFunc(beside, func(text string) bool { return strings.Contains(plain, text) }) {
				t.Errorf("%d cells: nothing says that %d and %d columns are not on screen", w, s.skip, s.more)
			}
			attributes := slices.DeleteFunc(slices.Clone(got), func(title string) bool { return !slices.Contains(s.keys, title) })
			if want := s.keys[s.skip : len(s.keys)-s.more]; !slices.Equal(attributes, want) || len(want) == 0 {
				t.Errorf("%d cells: %v, want %v", w, attributes, want)
			}
			for _, title := range attributes {
				seen[title] = true
			}
			if s.more == 0 {
				break
			}
			viewstest.Do(s, views.Right)
		}
		if len(seen) != len(s.keys) {
			t.Errorf("%d cells: only %v come into sight", w, seen)
		}
	}
	if got := onScreen(t, s, 200); s.skip+s.more > 0 || !slices.Contains(got, "START") {
		t.Errorf("in 200 cells there are %v", got)
	}
}

// TestNamesOfSortedColumnsAreWhole checks at every width that the column by which is sorted has room for its name and the arrow.
func TestNamesOfSortedColumnsAreWhole(t *testing.T) {
	s := manyColumns(t)
	for w := 60; w <= 200; w++ {
		for col := range columnAttribute {
			s.Sort = col
			if text := viewstest.Plain(s, viewstest.Env(t), w, 20); !strings.Contains(text, s.Specs[col].Title+" ▾") {
				t.Fatalf("%d cells, sorted by %s:\n%s", w, s.Specs[col].Title, text)
			}
		}
	}
}

// TestSortAfterAColumnIsGone sorts by the next column before a frame was drawn without the one that was taken away.
func TestSortAfterAColumnIsGone(t *testing.T) {
	s := manyColumns(t)
	onScreen(t, s, 200)
	s.toggle(s.keys[len(s.keys)-1])
	for range len(s.Placed) + 1 {
		s.SortNext()
		if int(s.Sort) >= len(s.Specs) {
			t.Fatalf("sorted by column %d of %d", s.Sort, len(s.Specs))
		}
	}
}

// TestNumbersOfSpansAreAligned checks at every width that points of durations and of numbers stand one above the other.
func TestNumbersOfSpansAreAligned(t *testing.T) {
	s, points := manyColumns(t), 0
	for w := 60; w <= 200; w++ {
		lines := strings.Split(viewstest.Plain(s, viewstest.Env(t), w, 20), "\n")[2:]
		for _, p := range s.Placed {
			if s.Specs[p.Column].Right && p.Column < columnAttribute {
				points += viewstest.CheckPoints(t, lines, p.X+p.W-1)
			}
		}
		if at := slices.IndexFunc(s.Placed, func(p table.Placed[column]) bool { return s.Specs[p.Column].Title == "db.rows" }); at >= 0 {
			if end := s.Placed[at].X + s.Placed[at].W; string([]rune(lines[0])[end-4:end]) != "12.5" || string([]rune(lines[1])[end-4:end]) != " 3  " {
				t.Errorf("%d cells: the numbers are not aligned:\n%s\n%s", w, lines[0], lines[1])
			}
		}
	}
	if points < 400 {
		t.Errorf("only %d numbers were looked at", points)
	}
}

// TestSelfTimeStaysBesideLongStatuses draws spans that failed in many words: these are cut before self time goes.
func TestSelfTimeStaysBesideLongStatuses(t *testing.T) {
	s := shown(t, tracetest.Set(t, `
trace 1
reservation-service "POST /api/v1/orders/{id}/items" 0ms +100ms kind=server
  payment-service "authorize the payment" 10ms +1ms error="circuit breaker is open"
`))
	if got := onScreen(t, s, 80); !slices.Contains(got, "SELF") || !slices.Contains(got, "STATUS") {
		t.Errorf("in 80 cells there are %v", got)
	}
	if got := viewstest.Plain(s, viewstest.Env(t), 120, 20); !strings.Contains(got, "✗ circuit breaker open") {
		t.Errorf("a status is cut where there is room:\n%s", got)
	}
}
