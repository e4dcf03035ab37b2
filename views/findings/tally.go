package findings

import (
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// tally is how many findings there are, by severity, and how many traces have one that is more than information.
type tally struct {
	of     [rule.Critical + 1]int
	rows   int // all, with those that are only information
	traces int
}

// found returns how many findings are more than information.
func (t *tally) found() int { return t.rows - t.of[rule.Info] }

// tallyOf counts rows: what is the same in several traces counts once, as the worst of them.
func tallyOf(rows []findingRow) tally {
	t := tally{rows: len(rows)}
	seen := map[*trace.Trace]bool{}
	for _, r := range rows {
		worst := rule.Info
		for _, f := range r.same {
			worst = max(worst, f.Severity)
			if f.Severity == rule.Info {
				continue // it is in most traces
			}
			seen[f.Trace] = true
			if f.File {
				for _, e := range f.Evidence {
					seen[e.Trace] = true
				}
			}
		}
		t.of[worst]++
	}
	delete(seen, nil)
	t.traces = len(seen)
	return t
}

// levels are the severities of each sign, the loudest first.
var levels = [...][]rule.Severity{{rule.Critical, rule.High}, {rule.Medium, rule.Low}, {rule.Info}}

// runs writes the counts: each sign with the severities that it stands for, or in short with their sum.
func (t *tally) runs(short bool, theme *style.Theme) []table.Run {
	var runs []table.Run
	for _, severities := range &levels {
		var parts []string
		sum := 0
		for _, s := range severities {
			if sum += t.of[s]; t.of[s] > 0 {
				parts = append(parts, draw.Count(t.of[s])+" "+s.String())
			}
		}
		if short && sum > 0 {
			parts = []string{draw.Count(sum)}
		}
		if len(parts) == 0 {
			continue
		}
		glyph, ink := views.LevelGlyph(views.LevelOf(severities[0]), theme)
		runs = append(runs, table.Run{Text: "  " + glyph, Ink: ink}, table.Run{Text: " " + strings.Join(parts, draw.SegmentGap), Ink: theme.Text})
	}
	return runs
}
