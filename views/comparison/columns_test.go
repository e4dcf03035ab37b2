package comparison

import (
	"regexp"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/units"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// columnTime is a duration as columns write it: the decimal point of those under a minute is the fifth cell from the right.
var columnTime = regexp.MustCompile(`^(?:Σ )?[+-]?(?:\d+\.\d\d s|\d+\.\d [mµ]s|\d+ ns|0 s|\d+ [mhd] \d+ [smh])$`)

// TestColumnsAlign: durations and contributions end at the right end of their columns, with as many decimals in all rows.
func TestColumnsAlign(t *testing.T) {
	env, seen := viewstest.Env(t), 0
	demoPairs(t, func(name string, c *compare.Comparison) {
		v := New()
		v.SetComparison(c)
		check := func(line []rune, x, w int, coarse bool) {
			t.Helper()
			text := strings.TrimLeft(string(line[x:x+w]), " ")
			if !strings.ContainsAny(text, "0123456789") {
				return // missing, or nothing to say
			}
			seen++
			if fine := regexp.MustCompile(`\d{3}\.\d µs`); !columnTime.MatchString(text) || coarse && fine.MatchString(text) {
				t.Fatalf("%s: a column says %q in the line\n%s", name, text, string(line))
			}
		}
		ofSeconds := max(c.Length(false), c.Length(true)) >= units.Second
		moreSeconds := max(c.Slower, -c.Faster) >= units.Second
		for _, width := range []int{80, 120, 200} {
			v.drawn = layOut(width, 40, 0, v.shape, v.need)
			v.layNames()
			v.tree.Row = -1
			l := &v.drawn
			for k := range v.rows.list {
				grid := draw.NewGrid(width, 1)
				v.frame(env).row(grid.All(), k)
				line := []rune(grid.Plain())
				switch at := v.rows.list[k]; {
				case at.kind == runRow || at.kind == callsRow:
				case l.merged:
					check(line, l.delta.x+l.signs, l.base, ofSeconds)
					check(line, l.delta.x+l.signs+l.base, l.durs-l.base, ofSeconds)
					check(line, l.delta.x+l.signs+l.durs, l.deltas, moreSeconds)
				default:
					for side, col := range l.side {
						if v.rows.spanOf(at, views.Side(side)) >= 0 {
							check(line, col.x+col.names+col.bars, col.durs, ofSeconds)
						}
					}
					check(line, l.delta.x+1+l.signs, l.deltas, moreSeconds)
				}
			}
			for k := range v.why.entries {
				grid := draw.NewGrid(width, 1)
				v.why.drawEntry(grid.All(), k, env.Theme)
				if !v.why.entries[k].first {
					check([]rune(grid.Plain()), rankWidth, views.DeltaWidth, moreSeconds)
				}
			}
		}
	})
	if seen < 10_000 {
		t.Errorf("%d numbers were looked at: the pairs prove little", seen)
	}
}

// TestDurationsAreWhole: columns of durations are as wide as what is in them, at any width.
func TestDurationsAreWhole(t *testing.T) {
	env := viewstest.Env(t)
	const good, long = "web root 0ms +900ms\n  web call 1ms +2ms repeat=2\n", "web root 0ms +54900000ms\n  web call 1ms +27000000ms repeat=2\n"
	for _, test := range []struct {
		c    *compare.Comparison
		want []string
	}{
		{pairOf(t, good, long), []string{"Σ 4.0 ms", "Σ 15 h 00 m"}},
		{pairOf(t, long, good), []string{"Σ 15 h 00 m", "Σ 4.0 ms"}},
		{pairOf(t, goodOrder, badOrder), []string{"not executed"}},
	} {
		v := New()
		v.SetComparison(test.c)
		viewstest.Do(v, views.OpenAll)
		for _, width := range []int{70, 80, 120, 200} {
			text := viewstest.Plain(v, env, width, 40)
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("at %d columns nothing says %q:\n%s", width, want, text)
				}
			}
		}
	}
}

// TestNoColumnWithoutShares: where percents of the difference say nothing, as of traces that took equally long, names get
// the cells.
func TestNoColumnWithoutShares(t *testing.T) {
	env := viewstest.Env(t)
	for _, test := range []struct {
		name, good, bad string
		shares          bool
	}{
		{"one call slower", goodDashboard, badDashboard, true},
		{"as much slower as faster", "web root 0ms +90ms\n  web a 0ms +60ms\n  web b 60ms +20ms\n", "web root 0ms +90ms\n  web a 0ms +20ms\n  web b 20ms +60ms\n", false},
	} {
		v := New()
		v.SetComparison(pairOf(t, test.good, test.bad))
		for _, width := range []int{80, 120, 200} {
			if text := viewstest.Plain(v, env, width, 40); strings.Contains(text, "SHARE") != test.shares {
				t.Errorf("%s at %d columns: want a column of shares %v:\n%s", test.name, width, test.shares, text)
			}
		}
	}
}
