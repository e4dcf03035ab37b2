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
			v.drawn = layOut(width, 40, 0, v.shape)
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
					check(line, l.delta.x+l.signs, sideDuration, ofSeconds)
					check(line, l.delta.x+l.signs+sideDuration, l.durs-sideDuration, ofSeconds)
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
