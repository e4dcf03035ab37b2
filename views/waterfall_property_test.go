package views

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

var waterfallCommands = []Command{
	Down, Up, PageDown, PageUp, HalfDown, HalfUp, Top, Bottom, Left, Right, Enter, Fold, FoldLevel, OpenLevel, FoldAll,
	OpenAll, Group, ZoomSpan, ZoomIn, ZoomOut, ZoomReset, PanLeft, PanRight, NextError, PrevError, NextMatch, PrevMatch,
	NextWarn, PrevWarn, Wider, Narrower, Search, CopyValue, CopyLine, CopySpanID, CopyTrace, Back,
	NextFinding, PrevFinding, RootCause, CriticalPath, ClockOffsets, Gaps, ShowFindings, ShowStatistics,
}

func TestWaterfallDrawsAtAnySize(t *testing.T) {
	env := testEnv(t)
	for name, tr := range map[string]*trace.Trace{
		"checkout": checkoutTrace(t), "broken": brokenTrace(t), "gaps": gapsTrace(t), "skewed": skewedWaterfall(t).Trace(), "deep": deepTrace(t, 200), "wide": wideTrace(t, 3000),
	} {
		rng := rand.New(rand.NewPCG(1, 2))
		w := NewWaterfall()
		w.SetTrace(tr)
		for width := 1; width <= 130; width++ {
			for range 3 {
				randomStep(rng, w, tr)
			}
			height := 1 + rng.IntN(45)
			checkSize(t, frame(w, env, width, height))
			w.Status(env)
			checkState(t, w)
			if t.Failed() {
				t.Fatalf("%s at %d×%d", name, width, height)
			}
		}
		for height := 1; height <= 45; height++ {
			checkSize(t, frame(w, env, 1+rng.IntN(130), height))
		}
	}
}

// randomStep does something a person could do.
func randomStep(rng *rand.Rand, w *Waterfall, tr *trace.Trace) {
	switch rng.IntN(16) {
	case 0:
		matches := make([]bool, tr.Len())
		for i := range matches {
			matches[i] = rng.IntN(10) == 0
		}
		w.SetMatches(matches, rng.IntN(2) == 0)
	case 1:
		w.SetMatches(nil, false)
	case 2:
		w.Mouse(Mouse{X: rng.IntN(140) - 5, Y: rng.IntN(50) - 3, Wheel: max(rng.IntN(7)-5, 0), Double: rng.IntN(3) == 0})
	case 3:
		w.Select(rng.IntN(tr.Len()+2) - 1)
	case 4:
		w.SetTrace(tr)
	case 5:
		w.SetFindings(randomFindings(rng, tr))
	case 6:
		w.SetFacts(factsOf(tr))
	case 7:
		w.SetClocks(facts.NewClocks(tr.Set()))
	default:
		if w.Typing() {
			typeText(w, "a")
			typeKey(w, 13, 0)
			return
		}
		w.Do(waterfallCommands[rng.IntN(len(waterfallCommands))])
	}
}

// randomFindings is what no detector would say.
func randomFindings(rng *rand.Rand, tr *trace.Trace) []*diagnose.Finding {
	var list []*diagnose.Finding
	for range rng.IntN(4) {
		other := rng.IntN(2)
		f := &diagnose.Finding{
			Detector: []string{"error-origin", "n-plus-one"}[other], Relations: diagnose.Relations{Origin: other == 0}, Title: "t\x1b[2Jitle", Message: strings.Repeat("message ", rng.IntN(9)),
			Severity: diagnose.Severity(rng.IntN(5)), Trace: tr, Anchor: rng.IntN(tr.Len()), Fingerprint: strconv.Itoa(rng.IntN(9)),
		}
		f.Numbers.Avoidable = rng.Int64N(max(tr.Duration(), 1))
		f.Numbers.Critical = rng.Int64N(max(tr.Duration(), 1))
		at := rng.IntN(tr.Len())
		for k := range rng.IntN(60) {
			f.Evidence = append(f.Evidence, evidence(tr, diagnose.Role(rng.IntN(5)), (at+k)%tr.Len())...)
		}
		list = append(list, f)
	}
	return list
}

// checkState checks that the rows cover every span exactly once and the cursor is on screen.
func checkState(t *testing.T, w *Waterfall) {
	t.Helper()
	if w.cursor < w.top || w.cursor >= w.top+w.page || w.cursor >= len(w.st.rows) {
		t.Errorf("the cursor is on row %d, the screen shows %d rows from %d of %d", w.cursor, w.page, w.top, len(w.st.rows))
	}
	next := 0
	for k, r := range w.st.rows {
		if r.kind == gapRow {
			continue
		}
		if int(r.span) != next {
			t.Errorf("row %d begins at span %d, want %d", k, r.span, next)
			return
		}
		switch {
		case r.kind == groupRow && w.st.isOpen(r):
		case w.st.isOpen(r):
			next = int(r.span) + 1
		default:
			next = int(r.end)
		}
	}
	if next != w.st.t.Len() {
		t.Errorf("the rows end before span %d of %d", next, w.st.t.Len())
	}
	if whole := w.whole(); w.zoom.window.from < whole.from || w.zoom.window.to > whole.to || w.zoom.window.from >= w.zoom.window.to {
		t.Errorf("the window is %+v of %+v", w.zoom.window, whole)
	}
}

func TestSpanCountsAgreeWithALoop(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 40 {
		list := make([]bool, n)
		for i := range list {
			list[i] = rng.IntN(3) == 0
		}
		c := countSpans(list, n)
		for i := -1; i < n; i++ {
			next := slices.Index(list[i+1:], true)
			if next >= 0 {
				next += i + 1
			}
			if got := c.next(i); got != next {
				t.Errorf("next(%d) of %v is %d, want %d", i, list, got, next)
			}
		}
		for i := 0; i <= n; i++ {
			prev := i - 1
			for prev >= 0 && !list[prev] {
				prev--
			}
			if got := c.prev(i); got != prev {
				t.Errorf("prev(%d) of %v is %d, want %d", i, list, got, prev)
			}
		}
	}
}
