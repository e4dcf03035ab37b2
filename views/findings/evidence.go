package findings

import (
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// How many spans of a finding, or traces that have it, are listed: at first, and when all are asked for. The waterfall
// shows all spans.
const (
	firstListed = 6
	mostListed  = 100
)

// titlesFrom is how wide a sheet is at least for a cut title to say something beside time, trace and duration.
const titlesFrom = 60

// roleNames name the parts that spans play, of one and of several.
var roleNames = [...][2]string{
	rule.RoleParent:   {"parent", "parents"},
	rule.RoleCause:    {"cause", "causes"},
	rule.RoleOffender: {"affected span", "affected spans"},
	rule.RoleWrite:    {"write", "writes"},
	rule.RoleBaseline: {"baseline", "baselines"},
}

// evidence adds the spans that the finding rests on, with what they are and how long they take; the label says what their
// signs mean.
func (s *sheet) evidence(f *rule.Finding, of about) {
	if len(f.Evidence) == 0 {
		return
	}
	theme := s.env.Theme
	var legend [][]table.Run
	for role := range rule.Role(len(roleNames)) {
		if n := f.Count(role); n > 0 {
			glyph, ink := views.RoleGlyph(role, views.LevelOf(f.Severity), theme)
			legend = append(legend, []table.Run{{Text: glyph, Ink: ink}, {Text: " " + draw.CountNoun(n, roleNames[role][0], roleNames[role][1]), Ink: theme.Dim}})
		}
	}
	s.legend("Evidence", legend)
	for _, e := range f.Evidence {
		if there(e) {
			of.times.Longest = max(of.times.Longest, e.Trace.Span(e.Span).Duration())
		}
	}
	s.first(len(f.Evidence), s.allEvidence, "span", doesEvidence, func(k int) sheetLine {
		after := ""
		if k > 0 {
			after = serviceOf(f.Evidence[k-1])
		}
		return s.evidenceLine(f, f.Evidence[k], after, of)
	})
}

// serviceOf returns the service of a span, "" where there is no such span.
func serviceOf(e rule.Evidence) string {
	if !there(e) {
		return ""
	}
	return e.Trace.Span(e.Span).Service()
}

// there reports whether a span that a finding rests on is one.
func there(e rule.Evidence) bool { return e.Trace != nil && e.Span >= 0 && e.Span < e.Trace.Len() }

// evidenceLine is the line of a span; one that is not there has no trace. The service is named where it is another than
// that of the line before, after.
func (s *sheet) evidenceLine(f *rule.Finding, e rule.Evidence, after string, of about) sheetLine {
	if !there(e) {
		return sheetLine{}
	}
	theme, span := s.env.Theme, e.Trace.Span(e.Span)
	glyph, ink := views.RoleGlyph(e.Role, views.LevelOf(f.Severity), theme)
	runs := []table.Run{s.lead(), {Text: glyph + " ", Ink: ink}}
	if of.of == nil && f.File {
		runs = append(runs, table.Run{Text: views.ShortID(e.Trace.ID()) + " ", Ink: theme.Dim})
	}
	at := of.facts.place(e.Trace, e.Span)
	if at.service != "" && span.Service() != after {
		runs = append(runs, table.Run{Text: at.service + " ", Ink: theme.Service(at.service)})
	}
	operation := theme.Text
	mark := table.Run{Text: "  ", Ink: theme.Text}
	if span.Error() {
		operation, mark = theme.Error, table.Run{Text: " " + theme.Glyphs.Error, Ink: theme.Error}
	}
	right := []table.Run{{Text: timeColumn(of.times, span.Duration()), Ink: theme.Text}, mark}
	const offsets = 60 // from this width on there is room for when they start
	if s.width >= offsets {
		right = append([]table.Run{{Text: draw.Offset(span.Start()-e.Trace.Start()) + "  ", Ink: theme.Dim}}, right...)
	}
	name := at.operation
	if !strings.Contains(name, " ") { // the end of a path tells more than its middle
		name = draw.Middle(name, s.width-2-table.WidthOf(right)-1-table.WidthOf(runs))
	}
	runs = append(runs, table.Run{Text: name, Ink: operation})
	return sheetLine{runs: runs, right: right, trace: e.Trace, span: e.Span, finding: f}
}

// first adds lines for the first of n things, or for all of them, and one that says how many more there are, on which enter
// shows them. What has no trace makes no line.
func (s *sheet) first(n int, all bool, noun string, does lineAction, line func(k int) sheetLine) {
	most := firstListed
	if all {
		most = mostListed
	}
	if n == most+1 {
		most = n // the line that says so takes as much room
	}
	for k := range min(n, most) {
		if l := line(k); l.trace != nil {
			s.lines = append(s.lines, l)
		}
	}
	if n <= most {
		return
	}
	text := s.env.Theme.Glyphs.Ellipsis + " " + draw.CountNoun(n-most, "more "+noun, "more "+noun+"s")
	l := sheetLine{runs: []table.Run{s.lead(), {Text: text, Ink: s.env.Theme.Dim}}}
	if key := s.env.Key(views.Enter); key != "" && !all {
		l.does = does
		l.runs = append(l.runs, table.Run{Text: ": " + key + " shows them", Ink: s.env.Theme.Dim})
	}
	s.lines = append(s.lines, l)
}

// others adds the other traces that have the same finding, and which detectors saw the same spans.
func (s *sheet) others(r findingRow) {
	theme := s.env.Theme
	if also := r.same[0].Also; len(also) > 0 {
		s.list("Also found by", theme.Glyphs.Point, also)
	}
	if len(r.same) < 2 {
		return
	}
	s.label(alsoIn(tracesOf(r.same) - 1))
	var times draw.Durations
	for _, f := range r.same[1:] {
		if f.Trace != nil {
			times.Longest = max(times.Longest, f.Trace.Duration())
		}
	}
	s.first(len(r.same)-1, s.allTraces, "trace", doesTraces, func(k int) sheetLine {
		f := r.same[k+1]
		if f.Trace == nil {
			return sheetLine{}
		}
		title := views.Title(f.Title, s.width-s.margin()-36)
		if s.width < titlesFrom && title != f.Title {
			title = "" // the list names what they have in common
		}
		return sheetLine{
			runs: []table.Run{
				s.lead(), {Text: s.env.Clock.Time(f.Trace.Start()) + "  ", Ink: theme.Dim}, {Text: views.ShortID(f.Trace.ID()) + "  ", Ink: theme.Dim},
				{Text: title, Ink: theme.Text},
			},
			right: []table.Run{{Text: timeColumn(times, f.Trace.Duration()) + "  ", Ink: theme.Text}},
			trace: f.Trace, span: f.Anchor, finding: f,
		}
	})
}
