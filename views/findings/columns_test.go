package findings

import (
	"strings"
	"testing"

	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// TestCostsStandOnTheirPoints checks the costs of the list and the durations of the evidence beside it.
func TestCostsStandOnTheirPoints(t *testing.T) {
	lines := strings.Split(viewstest.Plain(foundPanel(t), viewstest.Env(t), 120, 40), "\n")
	for _, c := range []struct {
		what  string
		end   int
		least int
	}{
		{"costs", draw.Width(lines[1][:strings.Index(lines[1], "COST")]) + len("COST") - 1, 2},
		{"durations of the evidence", 120 - len(" x "), 6},
	} {
		if n := viewstest.CheckPoints(t, lines, c.end); n < c.least {
			t.Errorf("%d %s were looked at, want %d or more:\n%s", n, c.what, c.least, strings.Join(lines, "\n"))
		}
	}
}

// TestNamesTakeTheRoomOfACost checks that a finding without a cost is not cut while the columns of the cost are empty in its row.
func TestNamesTakeTheRoomOfACost(t *testing.T) {
	f := foundPanel(t)
	f.list[1].Title = "root-cause error: circuit breaker open"
	f.list[1].Service, f.list[1].File, f.list[2].Title = "bank-adapter", true, "no fail-fast ×12 (no circuit breaker)"
	f.SetFindings(f.of, f.list, testSpots, 24)
	shown := viewstest.Plain(f, viewstest.Env(t), 120, 40)
	for _, want := range []string{"root-cause error: circuit breaker open  bank-adapter ", "no fail-fast ×12  ", "3.60 s  72 %"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not in\n%s", want, shown)
		}
	}
}

// TestSheetNamesThePlaceWhole checks that the place of a finding is not cut where it is longer than a line of the sheet.
func TestSheetNamesThePlaceWhole(t *testing.T) {
	f := foundPanel(t)
	f.list[0].WhereService = "productcatalogservice-of-the-north-west"
	f.list[0].Where = f.list[0].WhereService + " POST /charge"
	f.SetFindings(f.of, f.list, testSpots, 24)
	shown := viewstest.Plain(f, viewstest.Env(t), 120, 40)
	for _, want := range []string{"│ productcatalogservice-of-the-north-west ", "│ POST /charge "} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not in\n%s", want, shown)
		}
	}
}

// TestNamesEndBeforeTheTraces checks that a row without a cost is full up to the gap before how many traces it is in.
func TestNamesEndBeforeTheTraces(t *testing.T) {
	f := manyFindings(t)
	l := f.widths.within(64)
	for _, r := range f.rows {
		if title, where := l.names(r); r.same[0].Numbers.Avoidable == 0 {
			if end := rowStart + title + columnGap + where + numberGap + len("×2") - 1; end != l.end-1 {
				t.Errorf("the row of %q ends in cell %d, want %d: %+v", r.same[0].Title, end, l.end-1, l)
			}
		}
	}
}
