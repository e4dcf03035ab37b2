package app

import (
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Cells of a printed finding.
const (
	findingIndent = 5  // of everything below the title
	findingLabel  = 16 // of what is behind it: "usual remedies"
)

// printVerdict prints what the detectors found, without the secrets that messages quote.
func printVerdict(p *printer, v *verdict, verbose bool) error {
	for i := range v.findings {
		v.findings[i] = p.mask.finding(v.findings[i])
	}
	switch p.format {
	case formatJSON:
		return p.json(diagnoseJSON(v))
	case formatSARIF:
		return p.json(diagnoseSARIF(v))
	case formatMarkdown:
		verdictMarkdown(p, v, verbose)
	default:
		verdictText(p, v, verbose)
	}
	return p.err
}

// verdictText prints a verdict for a terminal: a head, the findings ranked, what could not be seen, notices.
func verdictText(p *printer, v *verdict, verbose bool) {
	p.text(verdictHead(p, v))
	countsLine(p, v)
	levels := v.levels(verbose)
	list := v.grouped(levels.shown)
	told := map[string]bool{} // detectors whose remedies were printed
	for n, f := range list {
		if n == mostShown && !verbose {
			break
		}
		p.text("")
		findingText(p, n+1, f, verbose)
		if f.Severity >= levels.detailed {
			findingDetails(p, f.Finding, verbose || !told[f.Detector])
			told[f.Detector] = true
		}
	}
	if len(list) > 0 {
		p.text("")
	}
	if more := len(v.findings) - printed(list, verbose); more > 0 {
		p.paragraph(0, 0, "", draw.CountNoun(more, "finding is", "findings are")+" not shown; --verbose shows all, with their checks", draw.Ink{})
	}
	if len(list) > 0 {
		if command := v.opening(list[0].Finding); command != "" {
			p.command("open the first: ", command)
		}
	}
	blindSpots(p, v.report.BlindSpots)
	p.notes(v.notes)
	p.notices(v.notices())
}

// verdictHead says what was looked at.
func verdictHead(p *printer, v *verdict) string {
	errors := 0
	for i := range v.set.Len() {
		errors += v.set.Trace(i).Errors()
	}
	from, to := v.set.Bounds()
	text := fmt.Sprintf("%s · %s · %s · %s", draw.CountNoun(v.set.Len(), "trace", "traces"), draw.CountNoun(v.set.SpanCount(), "span", "spans"),
		draw.CountNoun(errors, "error", "errors"), p.clockFor(from).Range(from, to))
	if v.traces != v.set.Len() || len(v.notes) > 0 {
		text += " · " + match(v.traces)
	}
	return text
}

// countsLine says how many findings there are of each severity.
func countsLine(p *printer, v *verdict) {
	if len(v.findings) == 0 {
		p.text(nothingFound(v))
		return
	}
	p.line(func(a draw.Area) {
		x := a.TextEllipsis(0, 0, a.W(), draw.CountNoun(len(v.findings), "finding", "findings")+":", draw.Ink{})
		for _, c := range severities(v.findings) {
			glyph, ink := severityMark(p, c.severity)
			x += 1 + a.TextEllipsis(x+1, 0, a.W()-x-1, glyph+" "+c.String(), ink)
		}
	})
}

// nothingFound says so, and that it is no clean bill where something could not be seen.
func nothingFound(v *verdict) string {
	if len(v.report.BlindSpots) > 0 {
		return "no findings; not everything could be seen"
	}
	return "no findings"
}

// printed counts the findings that a list shows.
func printed(list []occurrence, all bool) int {
	n := 0
	for i, f := range list {
		if i < mostShown || all {
			n += 1 + len(f.again)
		}
	}
	return n
}

// findingText prints one finding: its number, what it says, where.
func findingText(p *printer, n int, f occurrence, verbose bool) {
	glyph, ink := severityMark(p, f.Severity)
	right := fmt.Sprintf("%s · confidence %.2f", f.Severity, f.Confidence)
	p.line(func(a draw.Area) {
		x := a.Text(0, 0, glyph, ink)
		a.TextRight(x, 0, findingIndent-2-x, fmt.Sprint(n), draw.Ink{})
		room := a.W() - findingIndent
		if draw.Width(f.Title)+2+draw.Width(right) <= room {
			a.TextRight(findingIndent, 0, room, right, p.theme.Dim)
		}
		a.TextEllipsis(findingIndent, 0, room, f.Title, p.theme.Strong)
	})
	p.paragraph(findingIndent, 0, "", f.Message, draw.Ink{})
	where, ids := findingPlace(p, f.Finding)
	p.labelled("where", where)
	p.labelled("trace", ids)
	p.labelled("again", again(f.again, verbose))
}

// findingDetails prints what a finding stands on. What is the same for all findings of a detector is told when asked
// for.
func findingDetails(p *printer, f *diagnose.Finding, general bool) {
	p.labelledItems("checks", checkList(p, f.Checks))
	if general {
		p.labelled("limits", strings.Join(f.Limits, "; "))
		p.labelled("usual remedies", strings.Join(f.Remedies, "; "))
	}
	p.labelled("also seen as", strings.Join(f.Also, ", "))
}

// labelled prints a property of a finding, nothing for "".
func (p *printer) labelled(label, text string) {
	if text != "" {
		p.paragraph(findingIndent, findingLabel, label, text, draw.Ink{})
	}
}

// labelledItems prints a list, as many items a line as fit, none of them broken where it fits by itself.
func (p *printer) labelledItems(label string, items []string) {
	line := ""
	for i, item := range items {
		if line != "" && draw.Width(line)+len(itemGap)+draw.Width(item) > p.width-findingIndent-findingLabel {
			p.paragraph(findingIndent, findingLabel, label, line, draw.Ink{})
			label, line = "", ""
		}
		if line != "" {
			line += itemGap
		}
		if line += item; i == len(items)-1 {
			p.paragraph(findingIndent, findingLabel, label, line, draw.Ink{})
		}
	}
}

// itemGap is between the items of a list in one line.
const itemGap = "   "

// findingPlace says at which span of which trace a finding is shown: its operation and time, and the ids.
func findingPlace(p *printer, f *diagnose.Finding) (where, ids string) {
	if f.Trace == nil {
		return "", ""
	}
	s := f.Trace.Span(f.Anchor)
	where = p.clockFor(f.Trace.Start()).Time(s.Start())
	if name := strings.TrimSpace(secrets.ServiceName(s) + " " + secrets.SpanName(s)); name != "" {
		where = name + " · " + where
	}
	ids = f.Trace.ID().String()
	if id := idOf(f.Trace, f.Anchor); id != "" {
		ids += " · span " + id
	}
	return where, ids
}

// again says how often a finding comes back, and where when all is asked for.
func again(list []*diagnose.Finding, all bool) string {
	if len(list) == 0 {
		return ""
	}
	seen := map[*trace.Trace]bool{}
	var ids []string
	for _, f := range list {
		if f.Trace != nil && !seen[f.Trace] {
			seen[f.Trace] = true
			ids = append(ids, f.Trace.ID().String())
		}
	}
	text := fmt.Sprintf("%s more, in %s", draw.CountNoun(len(list), "time", "times"), draw.CountNoun(len(ids), "trace", "traces"))
	if all {
		text += ": " + strings.Join(ids, " ")
	}
	return text
}

// checkList writes what was looked at, and whether it held.
func checkList(p *printer, checks []diagnose.Check) []string {
	parts := make([]string, len(checks))
	for i, c := range checks {
		mark := p.theme.Glyphs.OK
		if !c.Passed {
			mark = p.theme.Glyphs.Error
		}
		parts[i] = mark + " " + c.Name
	}
	return parts
}

// severity returns the sign and the colour of a severity.
func severityMark(p *printer, s diagnose.Severity) (string, draw.Ink) {
	switch {
	case s >= diagnose.High:
		return p.theme.Glyphs.Critical, p.theme.Error
	case s >= diagnose.Low:
		return p.theme.Glyphs.Warning, p.theme.Warn
	}
	return p.theme.Glyphs.Info, p.theme.Info
}

// blindSpots says what the detectors could not see.
func blindSpots(p *printer, spots []diagnose.BlindSpot) {
	if len(spots) == 0 {
		return
	}
	p.text("")
	p.line(func(a draw.Area) { a.TextEllipsis(0, 0, a.W(), "What could not be seen", p.theme.Strong) })
	width := 0
	for _, b := range spots {
		width = max(width, draw.Width(b.Detector))
	}
	for _, b := range spots {
		p.paragraph(2, width+columnGap, b.Detector, b.Reason, draw.Ink{})
	}
}

// paragraph prints text that is broken into as many lines as it takes, behind a label of a certain width.
func (p *printer) paragraph(indent, labelWidth int, label, text string, ink draw.Ink) {
	for n, line := range draw.Wrap(draw.Clean(text), max(p.width-indent-labelWidth, 20)) {
		p.line(func(a draw.Area) {
			if n == 0 {
				a.TextEllipsis(indent, 0, labelWidth, label, p.theme.Dim)
			}
			a.Text(indent+labelWidth, 0, line, ink)
		})
	}
}

// notes prints a paragraph each.
func (p *printer) notes(notes []string) {
	for _, note := range notes {
		p.paragraph(0, 2, p.theme.Glyphs.Info, note, draw.Ink{})
	}
}

// notices prints a paragraph each: where there is no screen of diagnostics nothing may be cut.
func (p *printer) notices(notices []trace.Notice) {
	for _, n := range notices {
		p.paragraph(0, 2, p.theme.Glyphs.Warning, n.String(), draw.Ink{})
	}
}

// command prints a command line. What does not fit is continued as a shell reads it.
func (p *printer) command(before, command string) {
	lines := draw.Wrap(draw.Clean(before+command), max(p.width-2, 20))
	for n, line := range lines {
		if n < len(lines)-1 {
			line += ` \`
		}
		p.line(func(a draw.Area) { a.Text(0, 0, line, draw.Ink{}) })
	}
}

// opening is the command that opens a finding in the explorer, "" where standard input is gone. Many inputs are not
// spelt out.
func (v *verdict) opening(f *diagnose.Finding) string {
	const most = 80
	r := v.opens
	r.trace, r.span = f.Trace, -1
	if f.Trace != nil && idOf(f.Trace, f.Anchor) != "" {
		r.span = f.Anchor
	}
	switch {
	case slices.Contains(r.inputs, "-"):
		return ""
	case len(strings.Join(r.inputs, " ")) > most:
		r.inputs = nil
		return strings.Replace(r.command(), "tracefall", "tracefall INPUT…", 1)
	}
	return r.command()
}
