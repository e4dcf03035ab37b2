package comparison

import (
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

var _ views.Headed = (*Comparison)(nil)

// TestHeadOfAComparison: what is compared with what, and at the right what it cannot be relied on for.
func TestHeadOfAComparison(t *testing.T) {
	env := viewstest.Env(t)
	head := func(v *Comparison, width int) string {
		grid := draw.NewGrid(width, 1)
		v.Head(grid.All(), env)
		viewstest.CheckSize(t, grid)
		return strings.TrimRight(grid.Plain(), "| \n")
	}
	good, failed := openCompare(t, pairOf(t, manySteps(0), manySteps(300))), openCompare(t, pairOf(t, goodOrder, badOrder))
	lost := openCompare(t, pairOf(t, goodDashboard, badDashboard+"web lost 20ms +30ms parent=77\n"))
	for _, test := range []struct {
		v     *Comparison
		width int
		want  []string
	}{
		{good, 120, []string{" import   baseline 820 ms · 21 spans   ⇄   bad 1.12 s · 21 spans   Δ +300 ms   100 % of spans matched"}},
		{failed, 120, []string{" POST /order   baseline 480 ms", "bad 60 ms ✗", "△ 53 % of spans matched"}},
		{failed, 80, []string{" POST /order   baseline 480 ms   ⇄   bad 60 ms ✗", "△ 53 % of spans matched"}},
		{failed, 70, []string{" POST /order   baseline 480 ms ⇄ bad 60 ms ✗ ", "△ 53 % of spans matched"}},
		{lost, 120, []string{"△ bad trace incomplete · 25 % of spans matched"}},
		{openCompare(t, pairOf(t, goodDashboard, mailTrace)), 120, []string{"△ different operations · "}},
	} {
		text := head(test.v, test.width)
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("the head is %q, want %q", text, want)
			}
		}
		if last := test.want[len(test.want)-1]; strings.HasPrefix(last, "△") && !strings.HasSuffix(last, " ") && !strings.HasSuffix(text, last) {
			t.Errorf("the head %q does not end in %q", text, last)
		}
	}
	unlike := openCompare(t, pairOf(t, goodDashboard, mailTrace))
	for width := 20; width < 220; width++ { // both sides are there, whatever else has room
		for _, test := range []struct {
			v         *Comparison
			good, bad string
		}{{good, "820 ms", "1.12 s"}, {failed, "480 ms", "60 ms ✗"}, {lost, "412 ms", "3.21 s"}, {unlike, "412 ms", "5 ms"}} {
			text := head(test.v, width)
			before, after, _ := strings.Cut(text, "⇄")
			if !strings.Contains(before, test.good) || !strings.Contains(after, test.bad) {
				t.Errorf("at %d columns the head %q lacks a side", width, text)
			}
			if width >= 60 && (!strings.Contains(before, "baseline ") || !strings.Contains(after, "bad ")) {
				t.Errorf("at %d columns the head %q does not name the sides", width, text)
			}
		}
	}
	for width, want := range map[int]string{
		80:  " baseline GET /…oard 412 ms   ⇄   bad produ…mail 5 ms    △ different operations",
		120: " baseline GET /api/dashboard 412 ms   ⇄   bad producer mail 5 ms         △ different operations · 11 % of spans matched",
	} {
		if text := head(unlike, width); text != want {
			t.Errorf("at %d columns the head is %q, want %q", width, text, want)
		}
	}
	env.Mask, env.Secrets = func(_, value string) (string, bool) { return value, false }, true
	if text := head(failed, 120); !strings.HasSuffix(text, "△ 53 % of spans matched  masked") {
		t.Errorf("with masked secrets the head is %q", text)
	}
	for width := 1; width < 220; width += 3 {
		for _, v := range []*Comparison{good, failed, lost, New()} {
			head(v, width)
		}
	}
}

// TestMarksOfTheMergedBar: the heavy bar is the bad trace, the thin one the baseline, and a mark stands where the baseline
// ended within the bad trace.
func TestMarksOfTheMergedBar(t *testing.T) {
	v := openCompare(t, pairOf(t, `
web root 0ms +100ms
  web slower 0ms +20ms
  web faster 20ms +40ms
  web failed 60ms +20ms
  web gone 80ms +20ms
`, `
web root 0ms +100ms
  web slower 0ms +40ms
  web faster 40ms +10ms
  web failed 60ms +20ms error="no"
  web new 80ms +20ms
`))
	text := viewstest.Plain(v, viewstest.Env(t), 120, 40)
	bars, col := map[string]string{}, v.drawn.side[views.Good]
	for line := range strings.Lines(text) {
		for _, name := range []string{"slower", "faster", "failed", "gone", "new"} {
			if strings.Contains(line, "     "+name+" ") && strings.Contains(line, " ms ") {
				bars[name] = strings.TrimSpace(string([]rune(line)[col.x+col.names:][:col.bars]))
			}
		}
	}
	for name, ok := range map[string]func(bar string) bool{
		"slower": func(bar string) bool { return strings.Contains(bar, "━┿━") },
		"faster": func(bar string) bool { return strings.HasPrefix(bar, "─") && strings.Contains(bar, "━") },
		"failed": func(bar string) bool { return strings.HasSuffix(bar, "✗") && strings.Contains(bar, "━") },
		"gone":   func(bar string) bool { return strings.Contains(bar, "─") && !strings.ContainsAny(bar, "━╱") },
		"new":    func(bar string) bool { return strings.ContainsAny(bar, "━╸╺") && !strings.Contains(bar, "─") },
	} {
		if !ok(bars[name]) {
			t.Errorf("the bar of %s is %q:\n%s", name, bars[name], text)
		}
	}
}

// TestBarsOfAnIdenticalPair: the bars of two equal traces show no difference, wherever within a cell the calls end.
func TestBarsOfAnIdenticalPair(t *testing.T) {
	env := viewstest.Env(t)
	rows := 0
	for _, file := range []string{"retry-storm.jsonl.gz", "n-plus-one.jsonl.gz", "shared-dependency.jsonl.gz", "clock-skew.jsonl.gz"} {
		set := viewstest.OpenDemo(t, file)
		for i := range min(set.Len(), 6) {
			v := openCompare(t, pairTraces(set.Trace(i), set.Trace(i)))
			viewstest.Do(v, views.OpenAll)
			v.drawn = layOut(140, 40, 0, shapeMerged, v.need)
			v.layNames()
			v.tree.Row = -1
			col := v.drawn.side[views.Good]
			for k := range v.rows.list {
				grid := draw.NewGrid(140, 1)
				v.frame(env).row(grid.All(), k)
				bar := string([]rune(grid.Plain())[col.x+col.names:][:col.bars])
				if rows++; strings.ContainsAny(bar, "─╴╶┿") {
					t.Errorf("%s: the bar of equal calls is %q", file, bar)
				}
			}
		}
	}
	if rows < 100 {
		t.Errorf("%d rows were looked at", rows)
	}
}

// TestShapeByWidth: one tree below 160 columns and two from there on, either by its key.
func TestShapeByWidth(t *testing.T) {
	v := openCompare(t, pairOf(t, goodOrder, badOrder))
	merged := func(width int) bool {
		viewstest.Frame(v, viewstest.Env(t), width, 40)
		return v.drawn.merged
	}
	if !merged(80) || !merged(159) || merged(160) || merged(200) {
		t.Error("the shape does not follow the width")
	}
	merged(120)
	viewstest.Do(v, views.Merged)
	if merged(120) || !merged(100) {
		t.Error("the key does not set the trees side by side where there is room")
	}
	merged(200)
	viewstest.Do(v, views.Merged)
	if !merged(200) {
		t.Error("the key does not bring one tree back")
	}
	merged(80)
	if why := viewstest.Why(v, views.Merged); why != "merged view (window too narrow for side-by-side)" {
		t.Errorf("at 80 columns the key says %q", why)
	}
}

// TestFoldedRowsHideNoContributor: a run of unchanged calls ends where one contributed.
func TestFoldedRowsHideNoContributor(t *testing.T) {
	v := openCompare(t, pairOf(t, manySteps(0), manySteps(300)))
	for _, r := range v.rows.list {
		if made := v.rows.part(r); r.kind == runRow && (made != 0 || !strings.HasSuffix(v.rows.headingText(r), " unchanged calls")) {
			t.Errorf("the run %q made %d ns of the difference", v.rows.headingText(r), made)
		}
	}
	if at, _ := v.row(); v.rows.part(at) != v.rows.c.Delta {
		t.Errorf("the row that made all made %d of %d", v.rows.part(at), v.rows.c.Delta)
	}
}

// TestClosedRowsCountErrors: what failed beneath a closed row is counted in both layouts.
func TestClosedRowsCountErrors(t *testing.T) {
	v := New()
	set := viewstest.OpenDemo(t, "retry-storm.jsonl.gz")
	bad := set.Find(trace.ParseTraceID("f8e7fb9171354c534b099d4c28daf819"))
	v.SetComparison(pairTraces(compare.Baselines(set, bad, nil)[0].Trace, bad))
	viewstest.Do(v, views.Top, views.Fold)
	for _, width := range []int{100, 120, 200} {
		grid := draw.NewGrid(width, 40)
		v.Draw(grid.All(), viewstest.Env(t))
		const want = "+6✗" // POST /checkout and five times POST /charge: a client's and a server's span are one call
		if text := grid.Plain(); !strings.Contains(text, want) {
			t.Errorf("%d columns: no %s beneath the closed root:\n%s", width, want, text)
		}
	}
}

// TestOutsideTheRoot: the axis is the root's time, and a row says how far outside it a call ran.
func TestOutsideTheRoot(t *testing.T) {
	const trace = `
web root 0ms +100ms kind=server
  web work 10ms +50ms
  web mail 3600100ms +20ms kind=consumer
`
	v := openCompare(t, pairOf(t, trace, strings.Replace(trace, "work 10ms +50ms", "work 10ms +80ms", 1)))
	viewstest.Do(v, views.OpenAll)
	for _, s := range []shape{shapeMerged, shapeSides} {
		v.shape = s
		text := viewstest.Plain(v, viewstest.Env(t), 160, 40)
		if !strings.Contains(text, "100 ms") || !strings.Contains(text, "1 h 00 m later ▸") {
			t.Errorf("the row does not say how much later the mail was sent:\n%s", text)
		}
	}
}
