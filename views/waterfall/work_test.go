package waterfall

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/timing"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// randomTrace has spans of random times, mostly inside their parents.
func randomTrace(t *testing.T, rng *rand.Rand, n int) *trace.Trace {
	m := viewstest.NewMaker()
	ids := []uint64{m.Span(0, "s", "root", 0, 100)}
	for range n {
		m.Span(ids[rng.IntN(len(ids))], "s", "x", rng.Int64N(110)-5, rng.Int64N(40))
		ids = append(ids, ids[len(ids)-1]+1)
	}
	return m.Trace(t)
}

// TestBrightAndThinSumToTheSpan compares, µs by µs, what is drawn heavy with whether any child runs then.
func TestBrightAndThinSumToTheSpan(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 3))
		tr := randomTrace(t, rng, rng.IntN(90))
		w := openWaterfall(t, tr)
		if seed%2 == 0 {
			w.SetFacts(viewstest.FactsOf(tr))
		}
		f := w.frame(viewstest.Env(t))
		for i := range tr.Len() {
			s := tr.Span(i)
			heavy, self := f.heavy(i, s.Start()), int64(0)
			for at := s.Start(); at < s.Finish(); at += 1000 {
				waits := false
				for c := i + 1; c < s.End(); c = tr.End(c) {
					waits = waits || tr.Span(c).Start() <= at && tr.Span(c).Finish() > at
				}
				if !waits {
					self += 1000
				}
				if heavy == nil {
					if waits {
						t.Fatalf("seed %d: all of span %d is heavy, but a child runs at %d", seed, i, at-tr.Start())
					}
					continue
				}
				if got := heavy(at + 1000); got != self {
					t.Fatalf("seed %d: span %d is heavy for %d ns until %d, want %d", seed, i, got, at+1000-tr.Start(), self)
				}
			}
			if got := w.work.self(i); got != self {
				t.Fatalf("seed %d: the self time of span %d is %d, want %d", seed, i, got, self)
			}
		}
	}
}

// TestCriticalSegmentsAreTheSpansOwn checks that with the path drawn heavy is what the path runs through in the span itself.
func TestCriticalSegmentsAreTheSpansOwn(t *testing.T) {
	for seed := range uint64(50) {
		tr := randomTrace(t, rand.New(rand.NewPCG(seed, 4)), 60)
		w := openWaterfall(t, tr)
		w.SetFacts(viewstest.FactsOf(tr))
		viewstest.Do(w, views.CriticalPath)
		f, all := w.frame(viewstest.Env(t)), int64(0)
		for i := range tr.Len() {
			s := tr.Span(i)
			heavy := f.heavy(i, s.Start())
			if got := heavy(s.Finish()); got != w.facts.Path.Time(i) {
				t.Fatalf("seed %d: span %d is heavy for %d ns, want %d", seed, i, got, w.facts.Path.Time(i))
			}
			all += w.facts.Path.Time(i)
		}
		if all != tr.Duration() {
			t.Fatalf("seed %d: %d ns are heavy in all, want the trace's %d", seed, all, tr.Duration())
		}
	}
}

// TestManyStretchesAreSearched compares what is summed up with what is counted.
func TestManyStretchesAreSearched(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	var list []timing.Segment
	for at := int64(0); at < 1000; at += 10 {
		list = append(list, timing.Segment{Start: at + rng.Int64N(4), End: at + 5 + rng.Int64N(5)})
	}
	few, many := stretches{list: list}, newStretches(list)
	one, other := few.until(7), many.until(7)
	for at := int64(-5); at < 1020; at += 1 + rng.Int64N(40) {
		if a, b := one(at), other(at); a != b {
			t.Fatalf("before %d there are %d ns, and %d by search", at, a, b)
		}
	}
	if few.total() != many.total() {
		t.Errorf("in all there are %d ns, and %d by search", few.total(), many.total())
	}
}

// The time of a call to a host whose clock is off is waiting all the same, on recorded times as on corrected ones.
func TestWaitingForAHostWhoseClockIsOffIsThin(t *testing.T) {
	w := skewedWaterfall(t)
	for _, corrected := range []bool{false, true} {
		lines := bodyLines(w, viewstest.Env(t), 120, 20)[w.drawn.bodyY():]
		if text := lines[1]; !strings.Contains(text, "POST /reserve") || strings.Count(text, "─") < 15 || !strings.Contains(text, "20.0 ms") {
			t.Errorf("corrected %v: the call is drawn as %s", corrected, text)
		}
		if got := squeezed(barOf(w, viewstest.Env(t), 2)); corrected && got != "━─━" {
			t.Errorf("the corrected call on the other host is drawn as %q", got)
		}
		viewstest.Do(w, views.ClockOffsets)
	}
}

func barOf(w *Waterfall, env *views.Env, row int) string {
	line := []rune(bodyLines(w, env, 120, 30)[w.drawn.bodyY()+row])
	return string(line[w.drawn.barsX : w.drawn.barsX+w.drawn.bars])
}

func TestBarsShowWorkWaitsAndFailures(t *testing.T) {
	m := viewstest.NewMaker()
	root := m.Span(0, "web", "page", 0, 1_000_000)
	call := m.Span(root, "web", "GET", 200_000, 600_000, viewstest.Failed("no"), viewstest.Attr("http.request.method", "GET"), viewstest.Attr("url.path", "/price"), viewstest.Attr("http.response.status_code", 503))
	m.Span(call, "price", "GET /price", 300_000, 500_000)
	tr := m.Trace(t)
	w, env := openWaterfall(t, tr), viewstest.Env(t)
	w.SetFacts(viewstest.FactsOf(tr))
	for row, want := range []string{"━─━", "━─✗ 503", "━"} {
		if got := squeezed(barOf(w, env, row)); got != want {
			t.Errorf("bar %d is %q, want %q", row, got, want)
		}
	}
}

// squeezed leaves of a bar one of each run of glyphs, and no grid lines, blanks at its ends or halves.
func squeezed(bar string) string {
	bar = strings.Trim(strings.NewReplacer("┊", " ", "╾", "━", "╼", "━", "╺", "━", "╸", "━", "╶", "─", "╴", "─").Replace(bar), " ")
	for _, glyph := range []string{"━", "─"} {
		for strings.Contains(bar, glyph+glyph) {
			bar = strings.ReplaceAll(bar, glyph+glyph, glyph)
		}
	}
	return bar
}

// TestBarsHaveTheColourOfTheirService: bright where the span works, faint where it waits, never reversed, and of an error red
// is only its sign.
func TestBarsHaveTheColourOfTheirService(t *testing.T) {
	w, env := foundWaterfall(t), viewstest.Env(t)
	viewstest.Frame(w, env, 120, 40)
	f := w.frame(env)
	for k, r := range w.rows.list[:16] {
		s := w.rows.t.Span(int(r.span))
		ink := env.Theme.Service(s.Service())
		grid := draw.NewGrid(w.drawn.bars, 1)
		f.drawBar(grid.All(), r, s)
		for _, run := range viewstest.Runs(grid) {
			switch {
			case strings.ContainsAny(run.Text, "─╴╶"):
				viewstest.WantInk(t, run, ink.With(draw.Faint))
			case strings.ContainsAny(run.Text, "━╸╺╾╼"):
				viewstest.WantInk(t, run, ink)
			case strings.Contains(run.Text, env.Theme.Glyphs.Error):
				viewstest.WantInk(t, run, env.Theme.Error)
			}
		}
		if k == 0 && len(viewstest.Runs(grid)) < 2 {
			t.Error("the root's bar has one look only")
		}
	}
}

func TestRootCauseIsLoudestFromTheStart(t *testing.T) {
	w, env := foundWaterfall(t), viewstest.Env(t)
	w.SetClocks(clocks.New(w.Trace().Set()))
	bank := viewstest.Called(w.Trace(), "Authorize card with the acquiring bank")[0]
	loud := env.Theme.Error.With(draw.Bold | draw.Reverse)
	for _, width := range []int{60, 80, 120, 200} {
		grid := bodyGrid(w, env, width, 40)
		found := 0
		for _, run := range viewstest.Runs(grid) {
			if viewstest.HasInk(run, loud) {
				found++
				if row := w.rows.find(bank, spanRow); run.Y != w.drawn.bodyY()+row-w.tree.Top {
					t.Errorf("at %d cells line %d is as loud as the root cause: %q", width, run.Y, run.Text)
				}
			}
		}
		text := strings.Split(grid.Plain(), "\n")[w.drawn.bodyY()+w.rows.find(bank, spanRow)]
		if found == 0 || !strings.HasPrefix(text, " ◉") {
			t.Errorf("at %d cells the root cause is drawn as %q", width, text)
		}
	}
	if text := viewstest.Plain(w, env, 200, 40); strings.Count(text, causeWords) != 1 || strings.Count(text, "◉") != 1 {
		t.Errorf("the root cause is not named once:\n%s", text)
	}
}
