package waterfall

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// saidErrors adds up what the rows say about errors: "✗" is one, "4✗" four, and "+3" behind or before three beneath.
func saidErrors(t *testing.T, w *Waterfall) int {
	t.Helper()
	f := w.frame(viewstest.Env(t))
	sum := 0
	number := func(text string) int {
		n, err := strconv.Atoi(strings.TrimPrefix(text, "+"))
		if err != nil {
			t.Errorf("%q is no number of errors", text)
		}
		return n
	}
	for _, r := range w.rows.list {
		if r.kind == groupRow && w.rows.open.Has(int(r.span)) {
			continue // its members say it themselves
		}
		for _, b := range f.badges(r, w.rows.t.Span(int(r.span))) {
			before, behind, ok := strings.Cut(b.Text, "✗")
			if !ok {
				continue
			}
			if before == "" {
				before = "1"
			}
			if behind != "" {
				sum += number(behind)
			}
			sum += number(before)
		}
	}
	return sum
}

// The head, the marked rows, however they are folded and grouped, the statistics and error=true count the same errors.
func TestErrorsHaveOneCount(t *testing.T) {
	check := func(t *testing.T, tr *trace.Trace, of *facts.Facts) {
		t.Helper()
		n := tr.Errors()
		stats := 0
		for _, s := range facts.Stats(slices.Values([]facts.Portion{{Facts: of}}), facts.ByService()) {
			stats += s.Errors
		}
		if stats != n {
			t.Errorf("%s: the statistics count %d errors, the trace %d", tr.ID(), stats, n)
		}
		w := openWaterfall(t, tr)
		w.SetFacts(of)
		if head := headText(w, viewstest.Env(t), 250); n > 0 && !strings.Contains(head, " ✗ "+strconv.Itoa(n)+" ") {
			t.Errorf("%s: the head is %q with %d errors", tr.ID(), head, n)
		}
		for how, commands := range map[string][]views.Command{"open": nil, "grouped": {views.Group}, "closed": {views.FoldAll}, "one row": {views.FoldAll, views.Top, views.Fold}} {
			viewstest.Do(w, views.OpenAll)
			viewstest.Do(w, commands...)
			if got := saidErrors(t, w); got != n {
				t.Errorf("%s, %s: the rows say %d errors, the trace %d", tr.ID(), how, got, n)
			}
		}
	}
	files, err := filepath.Glob("../../testdata/demo/*.gz")
	if err != nil || len(files) == 0 {
		t.Fatal("no demo incidents", err)
	}
	for _, file := range files {
		set := viewstest.OpenDemo(t, filepath.Base(file))
		ops := facts.NewOps(set)
		for i := range set.Len() {
			check(t, set.Trace(i), facts.New(set.Trace(i), ops))
		}
	}
	for _, tr := range []*trace.Trace{viewstest.CheckoutTrace(t), viewstest.BrokenTrace(t)} { // with a 503 that is not marked as an error
		check(t, tr, viewstest.FactsOf(tr))
	}
}

func TestErrorsOfGroupAndBeneathAreOneBadge(t *testing.T) {
	w := openWaterfall(t, viewstest.CheckoutTrace(t))
	viewstest.Do(w, views.Group)
	text := viewstest.Plain(w, viewstest.Env(t), 120, 30)
	if !strings.Contains(text, "×5 4✗+4") {
		t.Errorf("4 of 5 calls failed, and 4 spans beneath them:\n%s", text)
	}
	viewstest.Do(w, views.FoldAll, views.Top, views.Fold)
	if text = viewstest.Plain(w, viewstest.Env(t), 120, 30); !strings.Contains(text, " ✗+8 ") {
		t.Errorf("the root failed, and 8 spans beneath it:\n%s", text)
	}
}
