package app

import (
	"fmt"
	"strings"

	"tracefall/diagnose"
	"tracefall/views/draw"
)

// verdictMarkdown prints a verdict for an incident channel: no headings and no tables, which chats do not show, but
// bold titles, lists and code.
func verdictMarkdown(p *printer, v *verdict, verbose bool) {
	levels := v.levels(verbose)
	list := v.grouped(levels.shown)
	p.write("**" + draw.MarkdownText(v.counted()) + "** · " + draw.MarkdownText(verdictHead(p, v)) + "\n")
	for n, f := range list {
		if n == mostShown && !verbose {
			break
		}
		findingMarkdown(p, n+1, f, levels, v, verbose)
	}
	if more := len(v.findings) - printed(list, verbose); more > 0 {
		p.write(fmt.Sprintf("\n%s not shown.\n", draw.CountNoun(more, "finding is", "findings are")))
	}
	if spots := v.report.BlindSpots; len(spots) > 0 {
		p.write("\n**What could not be seen**\n\n")
		for _, b := range spots {
			p.write("- " + draw.MarkdownCode(b.Detector) + " " + draw.MarkdownText(b.Reason) + "\n")
		}
	}
	r := remarks{v.notes, v.notices()}
	if len(r.notices)+len(r.notes) > 0 {
		p.write("\n**Notes**\n\n")
	}
	p.listMarkdown(r)
}

// counted says how many findings there are: "3 findings: 1 critical, 2 high".
func (v *verdict) counted() string {
	if len(v.findings) == 0 {
		return "no findings"
	}
	var parts []string
	for _, c := range severities(v.findings) {
		parts = append(parts, c.String())
	}
	return draw.CountNoun(len(v.findings), "finding", "findings") + ": " + strings.Join(parts, ", ")
}

// findingMarkdown prints one finding.
func findingMarkdown(p *printer, n int, f occurrence, levels levels, v *verdict, verbose bool) {
	glyph, _ := severityMark(p, f.Severity)
	p.write(fmt.Sprintf("\n**%d. %s %s** · %s · confidence %.2f\n\n", n, glyph, draw.MarkdownText(f.Title), f.Severity, f.Confidence))
	p.write(draw.MarkdownText(f.Message) + "\n\n")
	item := func(label, text string) {
		if text != "" {
			p.write("- " + label + ": " + text + "\n")
		}
	}
	where, ids := findingPlace(p, f.Finding)
	item("where", draw.MarkdownText(where))
	item("trace", markdownIDs(ids))
	item("again", draw.MarkdownText(again(f.again, verbose)))
	if f.Severity >= levels.detailed {
		item("checks", draw.MarkdownText(strings.Join(checkList(p, f.Checks), itemGap)))
		item("limits", draw.MarkdownText(strings.Join(f.Limits, "; ")))
		item("usual remedies", draw.MarkdownText(strings.Join(f.Remedies, "; ")))
		item("also seen as", strings.Join(f.Also, ", "))
	}
	if command := v.opening(f.Finding); command != "" && f.Severity >= diagnose.High {
		item("open", draw.MarkdownCode(command))
	}
}

// markdownIDs writes the ids of place as code.
func markdownIDs(ids string) string {
	id, span, ok := strings.Cut(ids, " · span ")
	switch {
	case ids == "":
		return ""
	case !ok:
		return draw.MarkdownCode(id)
	}
	return draw.MarkdownCode(id) + " · span " + draw.MarkdownCode(span)
}
