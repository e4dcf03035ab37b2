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

// sheet is a row of the list laid out for a width: one sentence, the cost, the evidence, common fixes, checks, caveats, and
// when the rule fires.
type sheet struct {
	table.Scroller
	lines []sheetLine
	laid  bool
	width int  // that they are laid out for
	tight bool // no air between the parts: there are few lines on screen
	at    int  // row of the list
	env   *views.Env

	head string // the label that waits for its first line, where labels stand beside

	allEvidence, allTraces bool // not only the first of them
}

// sheetLine is a line of the sheet; trace and span are where enter goes.
type sheetLine struct {
	runs    []table.Run
	right   []table.Run
	trace   *trace.Trace
	span    int
	finding *rule.Finding
	does    lineAction
}

// lineAction is what enter does on a line that goes nowhere.
type lineAction uint8

const (
	doesNothing lineAction = iota
	doesEvidence
	doesTraces
	doesRule
)

// about is what a sheet is written of, beside the row.
type about struct {
	of         *trace.Trace // nil for all traces
	blind      []rule.BlindSpot
	rule       func(detector string) string
	thresholds func(detector string) []diagnose.Threshold
	showRule   bool
}

// drawSheet draws what is known of the row under the cursor.
func (f *Findings) drawSheet(screen draw.Area, at table.Box, env *views.Env) {
	a := at.In(screen)
	f.beside = at
	f.width, f.tight, f.env = a.W(), a.H() < tightBelow, env
	f.laySheet()
	s := &f.sheet
	s.Fit(a.H(), len(s.lines))
	if !f.inSheet {
		s.Top = 0
	}
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
	s.build(f.rows[f.Row], about{f.of, f.blind, f.rule, f.thresholds, f.showRule})
}

// build lays out a row of the list.
func (s *sheet) build(r findingRow, of about) {
	if r.same == nil {
		s.limits(r.limited)
		return
	}
	f := r.same[0]
	s.heading(f)
	if !s.tight {
		s.add()
	}
	s.text(s.env.Masked(f.Message), s.env.Theme.Text)
	s.cost(f)
	s.evidence(f, of.of)
	s.fixes(f)
	s.checks(f, of.blind)
	s.list("Caveats", s.env.Theme.Glyphs.Point, f.Limits)
	s.others(r)
	s.when(f, of)
}

func (s *sheet) add(runs ...table.Run) { s.lines = append(s.lines, sheetLine{runs: runs}) }

// Sizes of the sheet, in cells and lines.
const (
	indent     = 2  // of what stands below its label
	labelWidth = 14 // of the labels that stand beside
	besideFrom = 64 // from this width on they do
	tightBelow = 16 // with fewer lines there is no air between the parts
)

// margin returns how far what is said in a part is indented, in cells.
func (s *sheet) margin() int {
	if s.width >= besideFrom {
		return labelWidth
	}
	return indent
}

// label begins a part of the sheet, with what is said of it: in a line of its own, or beside what follows.
func (s *sheet) label(text string, more ...table.Run) {
	if !s.tight {
		s.add()
	}
	s.head = ""
	if s.width >= besideFrom && draw.Width(text) < labelWidth {
		s.head = text
		if len(more) > 0 {
			more[0].Text = strings.TrimLeft(more[0].Text, " ")
			s.part(more...)
		}
		return
	}
	s.add(append([]table.Run{{Text: text, Ink: s.env.Theme.Key}}, more...)...)
}

// lead returns what stands before a line of a part: its label or blanks.
func (s *sheet) lead() table.Run {
	text := s.head + strings.Repeat(" ", max(s.margin()-draw.Width(s.head), 0))
	s.head = ""
	return table.Run{Text: text, Ink: s.env.Theme.Key}
}

// part adds a line of a part.
func (s *sheet) part(runs ...table.Run) { s.add(append([]table.Run{s.lead()}, runs...)...) }

// text adds a text in lines of the whole width.
func (s *sheet) text(text string, ink draw.Ink) {
	for _, line := range draw.WrapWords(text, max(s.width-1, 8)) {
		s.add(table.Run{Text: line, Ink: ink})
	}
}

// say adds a text in lines to a part.
func (s *sheet) say(text string, ink draw.Ink) {
	for _, line := range draw.WrapWords(text, max(s.width-1-s.margin(), 8)) {
		s.part(table.Run{Text: line, Ink: ink})
	}
}

// item adds a text behind a sign to a part.
func (s *sheet) item(sign string, signInk draw.Ink, text string, ink draw.Ink) {
	for _, line := range draw.WrapWords(text, max(s.width-1-s.margin()-2, 8)) {
		s.part(table.Run{Text: sign + " ", Ink: signInk}, table.Run{Text: line, Ink: ink})
		sign = " "
	}
}

// list adds a part of several items, none where there are none.
func (s *sheet) list(label, sign string, items []string) {
	if len(items) == 0 {
		return
	}
	s.label(label)
	for _, text := range items {
		s.item(sign, s.env.Theme.Dim, text, s.env.Theme.Text)
	}
}

// heading adds the title with the place, then how much it matters and how certain it is.
func (s *sheet) heading(f *rule.Finding) {
	theme := s.env.Theme
	title, where := draw.Clean(f.Title), whereOf(f)
	whereRuns := func() []table.Run {
		runs := []table.Run{{Text: where.service, Ink: theme.Service(where.service)}}
		if where.operation != "" {
			runs = append(runs, table.Run{Text: " " + where.operation, Ink: theme.Text})
		}
		return runs
	}
	for n, lines := 0, draw.WrapWords(title, max(s.width-1, 8)); n < len(lines); n++ {
		s.add(table.Run{Text: lines[n], Ink: theme.Strong})
	}
	if last := len(s.lines) - 1; where.text() != "" && last >= 0 {
		if draw.Width(s.lines[last].runs[0].Text)+len(" · ")+draw.Width(where.text()) < s.width {
			s.lines[last].runs = append(s.lines[last].runs, append([]table.Run{{Text: draw.SegmentGap, Ink: theme.Dim}}, whereRuns()...)...)
		} else {
			s.add(whereRuns()...)
		}
	}
	glyph, ink := views.LevelGlyph(views.LevelOf(f.Severity), theme)
	s.add(table.Run{Text: glyph + " " + f.Severity.String(), Ink: ink}, table.Run{Text: fmt.Sprintf(" · confidence %.2f", f.Confidence), Ink: theme.Dim})
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
	s.text("These detectors could see only a part. Few findings does not mean a healthy trace.", theme.Dim)
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

// alsoIn says in how many other traces a finding is.
func alsoIn(n int) string { return "also in " + draw.CountNoun(n, "other trace", "other traces") }
