package report

import (
	"fmt"
	"slices"
	"strings"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// verdictText prints a verdict for a terminal: a head, the findings ranked, detectors with limited data, notices.
func verdictText(p *Printer, v *Verdict, verbose bool) {
	p.Text(verdictHead(p, v))
	countsLine(p, v)
	list, detailed := v.selected(verbose)
	explained := map[string]bool{} // detectors whose fixes and caveats were printed
	for n, f := range list {
		p.Text("")
		findingText(p, n+1, f, verbose)
		if f.Severity >= detailed {
			findingDetails(p, f.Finding, verbose || !explained[f.Detector])
			explained[f.Detector] = true
		}
	}
	if len(list) > 0 {
		p.Text("")
	}
	if more := v.notShown(list); more != "" {
		p.paragraph(0, 0, "", more+": --verbose shows all, with checks", draw.Ink{})
	}
	if len(list) > 0 {
		if command := v.opening(list[0].Finding); command != "" {
			p.Command("Open the first: ", command)
		}
	}
	blindSpots(p, v.Report.BlindSpots)
	p.notes(v.Notes)
	p.notices(v.notices())
}

// verdictHead says what was looked at.
func verdictHead(p *Printer, v *Verdict) string {
	errors := 0
	for i := range v.Set.Len() {
		errors += v.Set.Trace(i).Errors()
	}
	from, to := v.Set.Bounds()
	text := fmt.Sprintf("%s · %s · %s · %s", draw.CountNoun(v.Set.Len(), "trace", "traces"), draw.CountNoun(v.Set.SpanCount(), "span", "spans"),
		draw.CountNoun(errors, "error", "errors"), p.ClockFor(from).Range(from, to))
	if v.Traces != v.Set.Len() || len(v.Notes) > 0 {
		text += " · " + session.TracesMatch(v.Traces)
	}
	return text
}

// severityMarks are the cells that the signs before the counts of severities take at most.
const severityMarks = 10

// countsLine says how many findings there are, and of which severities.
func countsLine(p *Printer, v *Verdict) {
	counts := diagnose.Count(v.Findings)
	if counts.Least(rule.Info) == 0 {
		text := diagnose.NoIssues
		if len(v.Report.BlindSpots) > 0 {
			text += " (limited data: see below)" // few findings does not mean a healthy trace
		}
		p.Text(text)
		return
	}
	text, gap := counts.String()+":", " "
	if draw.Width(text)+len(gap)+draw.Width(counts.Severities(rule.Critical, rule.Info)) > p.width-severityMarks {
		p.Text(text)
		text, gap = "", ""
	}
	p.line(func(a draw.Area) {
		x := a.TextEllipsis(0, 0, a.W(), text, draw.Ink{})
		for s, n := range slices.Backward(counts.By[:]) {
			if n == 0 {
				continue
			}
			glyph, ink := mark(p, rule.Severity(s))
			x += a.TextEllipsis(x, 0, a.W()-x, gap, draw.Ink{})
			x += a.TextEllipsis(x, 0, a.W()-x, glyph+" "+draw.Count(n)+" "+rule.Severity(s).String(), ink)
			gap = draw.SegmentGap
		}
	})
}

// findingText prints one finding: its number, its headline, its evidence in a sentence, where.
func findingText(p *Printer, n int, f occurrence, verbose bool) {
	glyph, ink := mark(p, f.Severity)
	severity := f.Severity.String()
	whole := severity + fmt.Sprintf(" · confidence %.2f", f.Confidence)
	p.line(func(a draw.Area) {
		x := a.Text(0, 0, glyph, ink)
		a.TextRight(x, 0, findingIndent-2-x, fmt.Sprint(n), draw.Ink{})
		room := a.W() - findingIndent
		headline := f.headline()
		for _, right := range [...]string{whole, severity} {
			if draw.Width(headline)+2+draw.Width(right) <= room {
				a.TextRight(findingIndent, 0, room, right, p.theme.Dim)
				break
			}
		}
		a.TextEllipsis(findingIndent, 0, room, headline, p.theme.Strong)
	})
	p.paragraph(findingIndent, 0, "", f.Message, draw.Ink{})
	where, ids := findingPlace(p, f.Finding)
	p.labelled("span", where)
	p.labelled("trace", ids)
	p.labelled("also in", again(f.again, verbose))
}

// findingDetails prints checks, and, where asked for, caveats and common fixes, which are the same for all findings of a
// detector.
func findingDetails(p *Printer, f *rule.Finding, general bool) {
	p.labelledItems("checks", checkList(p, f.Checks))
	if general {
		p.labelled("common fixes", strings.Join(f.Remedies, "; "))
		p.labelled("caveats", strings.Join(f.Limits, "; "))
	}
	p.labelled("also found by", strings.Join(f.Also, ", "))
}

// findingPlace says at which span of which trace a finding is shown: its operation and time, and the ids.
func findingPlace(p *Printer, f *rule.Finding) (where, ids string) {
	if f.Trace == nil {
		return "", ""
	}
	s := f.Trace.Span(f.Anchor)
	where = p.ClockFor(f.Trace.Start()).Time(s.Start())
	if name := views.SpanText(s); name != "" {
		where = name + " · " + where
	}
	ids = f.Trace.ID().String()
	if id := idOf(f.Trace, f.Anchor); id != "" {
		ids += " · span " + id
	}
	return where, ids
}

// again counts the other traces with the same finding; all lists their ids.
func again(list []*rule.Finding, all bool) string {
	if len(list) == 0 {
		return ""
	}
	seen := map[*trace.Trace]bool{nil: true}
	var ids []string
	for _, f := range list {
		if !seen[f.Trace] {
			seen[f.Trace] = true
			ids = append(ids, f.Trace.ID().String())
		}
	}
	text := draw.CountNoun(len(ids), "other trace", "other traces")
	if len(list) > len(ids) {
		text += fmt.Sprintf(" (%s)", draw.CountNoun(len(list), "time", "times"))
	}
	if all {
		text += ": " + strings.Join(ids, " ")
	}
	return text
}

// checkList writes the checks: confirmed, not confirmed, or not visible in this data. A check that is not confirmed is no
// failure.
func checkList(p *Printer, checks []rule.Check) []string {
	parts := make([]string, len(checks))
	for i, c := range checks {
		mark := p.theme.Glyphs.OK
		switch {
		case c.Passed:
		case c.Unseen:
			mark = "?"
		case p.theme.ASCII:
			mark = "-"
		default:
			mark = "–"
		}
		parts[i] = mark + " " + c.Name
	}
	return parts
}

// mark returns the sign and the colour of a severity.
func mark(p *Printer, s rule.Severity) (string, draw.Ink) {
	return views.LevelGlyph(views.LevelOf(s), p.theme)
}

// limitedData titles the detectors with limited data.
func limitedData(spots []rule.BlindSpot) string {
	detectors := rule.Distinct(spots, func(b rule.BlindSpot) string { return b.Detector })
	return fmt.Sprintf("Detectors with limited data (%d)", len(detectors))
}

// blindSpots lists the detectors with limited data.
func blindSpots(p *Printer, spots []rule.BlindSpot) {
	if len(spots) == 0 {
		return
	}
	p.Text("")
	p.line(func(a draw.Area) { a.TextEllipsis(0, 0, a.W(), limitedData(spots), p.theme.Strong) })
	width := 0
	for _, b := range spots {
		width = max(width, draw.Width(b.Detector))
	}
	for _, b := range spots {
		p.paragraph(2, width+columnGap, b.Detector, b.Reason, draw.Ink{})
	}
}

// opening is the command that opens a finding in the explorer, "" where standard input is gone. Many inputs are not
// spelt out.
func (v *Verdict) opening(f *rule.Finding) string {
	const most = 80
	r := v.Opens
	r.Trace, r.Span = f.Trace, -1
	if f.Trace != nil && idOf(f.Trace, f.Anchor) != "" {
		r.Span = f.Anchor
	}
	switch {
	case slices.Contains(r.Inputs, "-"):
		return ""
	case len(strings.Join(r.Inputs, " ")) > most:
		r.Inputs = nil
		return strings.Replace(r.Command(), "tracefall", "tracefall INPUT…", 1)
	}
	return r.Command()
}
