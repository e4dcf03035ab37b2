package comparison

import (
	"strings"
	"testing"
	"tracefall/views"
	"tracefall/views/timeline"
	"tracefall/views/viewstest"
)

func TestCompareZoomsOnOneScale(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	r, _ := v.row()
	good, bad := v.rows.calls[r.node].side[views.Good], v.rows.calls[r.node].side[views.Bad]
	viewstest.Do(v, views.ZoomSpan)
	want := timeline.Window{From: min(good.first, bad.first), To: max(good.last, bad.last)}
	if v.zoom[views.Good].Window != want || v.zoom[views.Bad].Window != want {
		t.Fatalf("the windows are %+v, want both traces' calls %+v", v.zoom, want)
	}
	if _, right := v.Status(viewstest.Env(t)); !strings.Contains(right, "zoom ") {
		t.Errorf("the status says %q", right)
	}
	viewstest.Do(v, views.ZoomSpan)
	if v.isZoomed() {
		t.Error("the second time does not go back")
	}
	viewstest.Do(v, views.ZoomIn, views.PanRight)
	if v.zoom[views.Good].Window != v.zoom[views.Bad].Window || v.zoom[views.Bad].Window.Width() >= v.whole(views.Bad).Width() {
		t.Errorf("the windows are %+v, want the same half of the whole", v.zoom)
	}
	if action := viewstest.Act(v, views.Back); action != nil || v.isZoomed() {
		t.Errorf("back does %v, want the whole time first", action)
	}
	if viewstest.Act(v, views.Back) != (views.Leave{}) {
		t.Error("back a second time does not leave")
	}
}

func TestCompareZoomsEachSideOnItsOwnScale(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	viewstest.Do(v, views.Scale, views.ZoomSpan)
	r, _ := v.row()
	for side := range v.zoom {
		s := v.rows.calls[r.node].side[side]
		if want := (timeline.Window{From: s.first, To: s.last}); v.zoom[side].Window != want {
			t.Errorf("%v shows %+v, want its own calls %+v", views.Side(side), v.zoom[side].Window, want)
		}
	}
	viewstest.Do(v, views.Scale)
	if v.isZoomed() {
		t.Error("another scale keeps the windows of the old one")
	}
}

// A call that one side lacks, or that comes so late that the scale leaves it out, cannot break the window.
func TestCompareZoomsToAnything(t *testing.T) {
	late := goodDashboard + "  mail deliver 300s +1s kind=consumer\n"
	for _, own := range []bool{false, true} {
		v := openCompare(t, pairOf(t, late, badDashboard))
		viewstest.Do(v, views.OpenAll)
		if own {
			viewstest.Do(v, views.Scale)
		}
		for v.tree.Row = range v.rows.list {
			viewstest.Do(v, views.ZoomSpan)
			for side := range v.zoom {
				w, whole := v.zoom[side].Window, v.whole(views.Side(side))
				if w.From < whole.From || w.To > whole.To || w.From >= w.To {
					t.Fatalf("row %d: the window is %+v of %+v", v.tree.Row, w, whole)
				}
			}
			viewstest.Frame(v, viewstest.Env(t), 120, 40)
			viewstest.Frame(v, viewstest.Env(t), 80, 24)
			viewstest.Do(v, views.ZoomReset)
		}
	}
}
