package views

import (
	"strings"
	"testing"
)

func TestCompareZoomsOnOneScale(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	r, _ := v.row()
	good, bad := v.index.calls[r.node].side[goodSide], v.index.calls[r.node].side[badSide]
	do(v, ZoomSpan)
	want := timeWindow{min(good.first, bad.first), max(good.last, bad.last)}
	if v.zoom[goodSide].window != want || v.zoom[badSide].window != want {
		t.Fatalf("the windows are %+v, want both traces' calls %+v", v.zoom, want)
	}
	if _, right := v.Status(testEnv(t)); !strings.Contains(right, "zoom ") {
		t.Errorf("the status says %q", right)
	}
	do(v, ZoomSpan)
	if v.isZoomed() {
		t.Error("the second time does not go back")
	}
	do(v, ZoomIn, PanRight)
	if v.zoom[goodSide].window != v.zoom[badSide].window || v.zoom[badSide].window.width() >= v.whole(badSide).width() {
		t.Errorf("the windows are %+v, want the same half of the whole", v.zoom)
	}
	if action := v.Do(Back); action != nil || v.isZoomed() {
		t.Errorf("back does %v, want the whole time first", action)
	}
	if v.Do(Back) != (Leave{}) {
		t.Error("back a second time does not leave")
	}
}

func TestCompareZoomsEachSideOnItsOwnScale(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	do(v, Scale, ZoomSpan)
	r, _ := v.row()
	for side := range v.zoom {
		s := v.index.calls[r.node].side[side]
		if want := (timeWindow{s.first, s.last}); v.zoom[side].window != want {
			t.Errorf("%v shows %+v, want its own calls %+v", diffSideName(side), v.zoom[side].window, want)
		}
	}
	do(v, Scale)
	if v.isZoomed() {
		t.Error("another scale keeps the windows of the old one")
	}
}

// A call that one side lacks, or that comes so late that the scale leaves it out, cannot break the window.
func TestCompareZoomsToAnything(t *testing.T) {
	late := goodDashboard + "  mail deliver 300s +1s kind=consumer\n"
	for _, own := range []bool{false, true} {
		v := openCompare(t, pairOf(t, late, badDashboard))
		do(v, OpenAll)
		if own {
			do(v, Scale)
		}
		for v.cursor = range v.tree.rows {
			do(v, ZoomSpan)
			for side := range v.zoom {
				w, whole := v.zoom[side].window, v.whole(diffSideName(side))
				if w.from < whole.from || w.to > whole.to || w.from >= w.to {
					t.Fatalf("row %d: the window is %+v of %+v", v.cursor, w, whole)
				}
			}
			frame(v, testEnv(t), 120, 40)
			frame(v, testEnv(t), 80, 24)
			do(v, ZoomReset)
		}
	}
}
