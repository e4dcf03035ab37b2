package waterfall

import (
	"strings"
	"testing"

	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// loggedWaterfall shows checkoutTrace with what was logged during it.
func loggedWaterfall(t *testing.T) *Waterfall {
	t.Helper()
	w := foundWaterfall(t)
	tr := w.Trace()
	line := func(name string, after int64, s logline.Severity) logline.Line {
		l := logline.Line{Time: tr.Start() + after*1_000_000, Severity: s}
		if name != "" {
			l.Span = tr.Span(viewstest.Called(tr, name)[0]).ID()
		}
		return l
	}
	w.SetLogs(tr, []logline.Line{
		line("", 60, logline.Info), line("GetCart", 100, logline.Info), line("POST /charge", 600, logline.Warn),
		line("POST /charge", 1_090, logline.Error), line("getUserPosts", 4_800, logline.Debug), line("getUserPosts", 4_801, logline.Error),
		line("POST /api/checkout", 5_020, logline.Error),
		{Time: tr.Start() + 3_000_000_000, Severity: logline.Error, Span: trace.ParseSpanID("beef")},
	})
	return w
}

// wantMarks checks the marks of the row of a span.
func wantMarks(t *testing.T, w *Waterfall, span, n int) {
	t.Helper()
	lines := bodyLines(w, viewstest.Env(t), 120, 40)
	row := lines[w.drawn.bodyY()+w.rows.find(span, spanRow)-w.tree.Top]
	if _, bars, _ := strings.Cut(row, "│"); strings.Count(bars, "≡") != n {
		got := strings.Count(bars, "≡")
		t.Errorf("span %d has %d marks, want %d: %s", span, got, n, row)
	}
}

func TestLogLinesAreMarksOnTheirSpans(t *testing.T) {
	w := loggedWaterfall(t)
	charges := viewstest.Called(w.Trace(), "POST /charge")
	wantMarks(t, w, 0, 3) // besides its own a line without a span, and one of a span that is not there
	wantMarks(t, w, viewstest.Called(w.Trace(), "GetCart")[0], 1)
	wantMarks(t, w, viewstest.Called(w.Trace(), "getUserPosts")[0], 1) // two in one cell
	wantMarks(t, w, charges[0], 2)
	for width := 80; width < 200; width++ { // what was logged as the span ended is in the cell of its sign at some
		lines := bodyLines(w, viewstest.Env(t), width, 40)[w.drawn.bodyY():]
		for _, row := range []string{lines[0], lines[w.rows.find(charges[0], spanRow)]} {
			if !strings.Contains(row, "≡✗") {
				t.Errorf("at %d cells the sign of the error does not stand behind the mark: %s", width, row)
			}
		}
	}
	wantMarks(t, w, charges[1], 0)
	env := viewstest.Env(t)
	inks := map[string]bool{}
	for _, run := range viewstest.Runs(bodyGrid(w, env, 120, 40)) {
		if strings.Contains(run.Text, "≡") {
			switch {
			case viewstest.HasInk(run, env.Theme.Error):
				inks["error"] = true
			case viewstest.HasInk(run, env.Theme.Warn):
				inks["warn"] = true
			case viewstest.HasInk(run, env.Theme.Dim):
				inks["dim"] = true
			}
		}
	}
	if len(inks) != 3 {
		t.Errorf("the marks have the inks %v, want those of errors, warnings and others", inks)
	}
	viewstest.Do(w, views.FoldAll, views.Top, views.Fold)
	wantMarks(t, w, 0, 7) // a closed row has those beneath it
}

// TestRowsCountTheirLogLines checks the counts beside the names, in the colour of the most severe line.
func TestRowsCountTheirLogLines(t *testing.T) {
	w, env := loggedWaterfall(t), viewstest.Env(t)
	env.Focused = false
	frame := bodyGrid(w, env, 120, 40)
	viewstest.WantText(t, frame, "≡1", env.Theme.Dim)
	viewstest.WantText(t, frame, "≡2", env.Theme.Error)
	viewstest.WantText(t, frame, "≡3", env.Theme.Error)
	if narrow := bodyLines(w, env, 80, 30); strings.Contains(strings.Join(narrow, "\n"), "≡2") {
		t.Errorf("names are cut for counts:\n%s", strings.Join(narrow, "\n"))
	}
	viewstest.Do(w, views.FoldAll, views.Top, views.Fold)
	viewstest.WantText(t, bodyGrid(w, env, 120, 40), "≡8", env.Theme.Error) // with those beneath
}

func TestLogLinesStayWithTheirTrace(t *testing.T) {
	w := loggedWaterfall(t)
	lines := w.logs.lines
	again := viewstest.CheckoutTrace(t)
	w.SetTrace(again)
	wantMarks(t, w, viewstest.Called(again, "GetCart")[0], 1)
	w.SetTrace(viewstest.OpenDemo(t, "n-plus-one.jsonl.gz").Trace(0))
	if len(w.logs.marks) != 0 {
		t.Errorf("another trace has %d marks", len(w.logs.marks))
	}
	w.SetTrace(again)
	if len(w.logs.marks) != len(lines) {
		t.Errorf("back at the trace there are %d marks, want %d", len(w.logs.marks), len(lines))
	}
}

func TestLogFrames(t *testing.T) {
	viewstest.CheckFrames(t, "waterfall-logs", loggedWaterfall(t), viewstest.Env(t))
	viewstest.CheckASCII(t, "waterfall-logs-ascii", 100, 30, loggedWaterfall(t))
}
