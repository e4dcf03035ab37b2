package findings

import (
	"fmt"
	"strings"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// about is what a sheet is written of, beside the row.
type about struct {
	of         *trace.Trace // nil for all traces
	blind      []rule.BlindSpot
	rule       func(detector string) string
	thresholds func(detector string) []diagnose.Threshold
	showRule   bool
	facts      factsOf
	times      draw.Durations // of the evidence
}

// heading adds the title with the place, then how much it matters and how certain it is.
func (s *sheet) heading(r findingRow) {
	theme, f, where := s.env.Theme, r.same[0], r.where
	whereRuns := func() []table.Run {
		runs := []table.Run{{Text: where.service, Ink: theme.Service(where.service)}}
		if where.operation != "" {
			runs = append(runs, table.Run{Text: " " + where.operation, Ink: theme.Text})
		}
		return runs
	}
	for n, lines := 0, draw.WrapWords(r.title, max(s.width-1, 8)); n < len(lines); n++ {
		s.add(table.Run{Text: lines[n], Ink: theme.Strong})
	}
	if last := len(s.lines) - 1; where.text() != "" && last >= 0 {
		switch n := draw.Width(where.text()); {
		case draw.Width(s.lines[last].runs[0].Text)+draw.Width(draw.SegmentGap)+n < s.width:
			s.lines[last].runs = append(s.lines[last].runs, append([]table.Run{{Text: draw.SegmentGap, Ink: theme.Dim}}, whereRuns()...)...)
		case n < s.width:
			s.add(whereRuns()...)
		default:
			s.text(where.service, theme.Service(where.service))
			s.text(where.operation, theme.Text)
		}
	}
	glyph, ink := views.LevelGlyph(views.LevelOf(r.worst), theme)
	s.add(table.Run{Text: glyph + " " + r.worst.String(), Ink: ink}, table.Run{Text: fmt.Sprintf("%sconfidence %.2f", draw.SegmentGap, f.Confidence), Ink: theme.Dim})
}

// cost adds what was measured.
func (s *sheet) cost(f *rule.Finding) {
	theme, n := s.env.Theme, f.Numbers
	var saving, calls string
	share := views.ShareText(f)
	if n.Avoidable > 0 {
		saving = "potential saving ≤ " + draw.Duration(n.Avoidable)
	}
	if n.Count > 1 {
		calls = draw.Count(n.Count) + " calls"
		if n.Sum > 0 {
			calls += ", " + draw.Duration(n.Sum) + " total"
		}
		if n.Union > 0 && n.Union != n.Sum {
			calls += ", " + draw.Duration(n.Union) + " with overlaps counted once"
		}
	}
	switch {
	case n.Critical <= 0:
	case n.Critical == n.Sum && calls != "":
		calls += ", all on the critical path"
	default:
		calls = strings.TrimPrefix(calls+", "+draw.Duration(n.Critical)+" on the critical path", ", ")
	}
	if saving == "" && calls == "" {
		return
	}
	s.label("Cost")
	if share != "" {
		whole := share + " of the critical path"
		if draw.Width(saving)+len(", ")+draw.Width(whole) < s.width-s.margin() {
			saving += ", " + whole
		} else {
			s.say(saving, theme.Strong)
			saving = whole
		}
	}
	s.say(saving, theme.Strong)
	s.say(calls, theme.Dim)
}

// fixes adds what usually helps, and which other detectors saw the same.
func (s *sheet) fixes(f *rule.Finding) {
	s.list("Common fixes", s.env.Theme.Glyphs.Point, f.Remedies)
}

// unseen and unconfirmed are the signs of checks that could not be made, and that did not hold: neither is a failure.
const (
	unseen      = "?"
	unconfirmed = "–"
)

// checks adds what was looked at: confirmed, not confirmed, and what cannot be seen in this data.
func (s *sheet) checks(f *rule.Finding, blind []rule.BlindSpot) {
	theme := s.env.Theme
	var hidden []string
	for _, spot := range blind {
		if spot.Detector == f.Detector {
			hidden = append(hidden, spot.Reason)
		}
	}
	if len(f.Checks)+len(hidden) == 0 {
		return
	}
	s.label("Checks", s.checkLegend(f, len(hidden))...)
	for _, passed := range [...]bool{true, false} {
		sign, signInk, ink := theme.Glyphs.OK, theme.OK, theme.Text
		if !passed {
			sign, signInk, ink = unconfirmed, theme.Dim, theme.Dim
		}
		for _, c := range f.Checks {
			if c.Passed == passed {
				s.item(sign, signInk, c.Name, ink)
			}
		}
	}
	for _, text := range hidden {
		s.item(unseen, theme.Dim, text, theme.Dim)
	}
}

// checkLegend says what the signs of the checks below mean, those that are there.
func (s *sheet) checkLegend(f *rule.Finding, hidden int) []table.Run {
	theme := s.env.Theme
	confirmed := 0
	for _, c := range f.Checks {
		if c.Passed {
			confirmed++
		}
	}
	var parts []string
	if confirmed > 0 {
		parts = append(parts, theme.Glyphs.OK+" confirmed")
	}
	if confirmed < len(f.Checks) {
		parts = append(parts, unconfirmed+" not confirmed")
	}
	if hidden > 0 {
		parts = append(parts, unseen+" cannot be seen")
	}
	return []table.Run{{Text: "  " + strings.Join(parts, "  "), Ink: theme.Dim}}
}

// when adds when the detector fires, at which numbers and where these are from: only its key until that is asked for.
func (s *sheet) when(f *rule.Finding, of about) {
	text := of.rule(f.Detector)
	if text == "" {
		return
	}
	theme, glyph, hint := s.env.Theme, s.env.Theme.Glyphs.Folded, "thresholds and sources"
	if of.showRule {
		glyph, hint = theme.Glyphs.Open, f.Detector
	}
	if key := s.env.Key(views.ShowRule); key != "" && !of.showRule {
		hint = key + " shows " + hint
	}
	if s.head = ""; !s.tight {
		s.add()
	}
	label := glyph + " Rule"
	label += strings.Repeat(" ", max(s.margin()-draw.Width(label), 2))
	s.lines = append(s.lines, sheetLine{runs: []table.Run{{Text: label, Ink: theme.Key}, {Text: hint, Ink: theme.Dim}}, does: doesRule})
	if !of.showRule {
		return
	}
	s.say(text, theme.Text)
	name, value := 0, 0
	list := of.thresholds(f.Detector)
	for _, t := range list {
		name, value = max(name, draw.Width(t.Name)), max(value, draw.Width(t.Value))
	}
	for _, t := range list {
		source := t.Source
		if t.Changed {
			source = "from the configuration"
		}
		head := fmt.Sprintf("%-*s  %*s", name, t.Name, value, t.Value)
		rest := max(s.width-1-s.margin()-draw.Width(head)-2, 0)
		lines := draw.WrapWords(source, max(rest, 16))
		if rest < 16 || len(lines) == 0 {
			s.part(table.Run{Text: head, Ink: theme.Text})
			s.item("", theme.Dim, source, theme.Dim)
			continue
		}
		for _, line := range lines {
			s.part(table.Run{Text: head, Ink: theme.Text}, table.Run{Text: "  " + line, Ink: theme.Dim})
			head = strings.Repeat(" ", draw.Width(head))
		}
	}
}

// limits lays out the footnote: which detectors had little to go on, and why.
func (s *sheet) limits(list []limited) {
	theme := s.env.Theme
	s.add(table.Run{Text: "Detectors with limited data", Ink: theme.Strong})
	s.text("These detectors could see only a part. Few findings do not prove a healthy trace.", theme.Dim)
	for _, l := range list {
		s.label(l.detector)
		from := len(s.lines)
		s.say(s.env.Masked(l.reason), theme.Text)
		if len(l.same) == 0 {
			continue
		}
		f := l.same[0]
		for _, limit := range f.Limits {
			s.item(theme.Glyphs.Point, theme.Dim, limit, theme.Dim)
		}
		if n := tracesOf(l.same); n > 1 {
			s.say(alsoIn(n-1), theme.Dim)
		}
		for k := from; k < len(s.lines); k++ {
			s.lines[k].trace, s.lines[k].span, s.lines[k].finding = f.Trace, f.Anchor, f
		}
	}
}
