package findings

import (
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// drawSheet draws what is known of the row under the cursor.
func (f *Findings) drawSheet(screen draw.Area, at table.Box, env *views.Env) {
	a := at.In(screen)
	f.beside = at
	f.width, f.tight, f.env = a.W(), a.H() < tightBelow, env
	f.laySheet()
	s := &f.sheet
	s.Fit(a.H(), len(s.lines))
	s.DrawRows(a, at.Y, len(s.lines), -1, f.inSheet && env.Focused, env, func(line draw.Area, n int) {
		l := s.lines[n]
		right := table.WidthOf(l.right)
		if right > 0 {
			table.DrawRuns(line.Sub(line.W()-1-right, 0, right, 1), l.right)
			right++
		}
		table.DrawRuns(line.Sub(0, 0, line.W()-1-right, 1), l.runs)
	})
}

// laySheet makes the lines of the sheet where they are not those of the row under the cursor, of the width and the
// environment of the last frame.
func (f *Findings) laySheet() {
	s := &f.sheet
	if f.env == nil || f.Row >= len(f.rows) {
		*s = sheet{}
		return
	}
	if s.laid && s.at == f.Row && s.width == f.width && s.tight == f.tight && s.env.Theme == f.env.Theme && s.env.Clock == f.env.Clock && (s.env.Mask == nil) == (f.env.Mask == nil) {
		return
	}
	next := sheet{laid: true, width: f.width, tight: f.tight, at: f.Row, env: f.env}
	if s.at == f.Row {
		next.Scroller, next.allEvidence, next.allTraces = s.Scroller, s.allEvidence, s.allTraces
	}
	*s = next
	s.build(f.rows[f.Row], about{of: f.of, blind: f.blind, rule: f.rule, thresholds: f.thresholds, showRule: f.showRule, facts: f.facts})
}

// build lays out a row of the list.
func (s *sheet) build(r findingRow, of about) {
	if r.same == nil {
		s.limits(r.limited)
		return
	}
	f := r.same[0]
	s.heading(r)
	if !s.tight {
		s.add()
	}
	s.text(s.env.Masked(f.Message), s.env.Theme.Text)
	s.cost(f)
	s.evidence(f, of)
	s.fixes(f)
	s.checks(f, of.blind)
	s.list("Caveats", s.env.Theme.Glyphs.Point, f.Limits)
	s.others(r)
	s.when(f, of)
}
