package report

import (
	"fmt"
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/views/draw"
)

// verdictMarkdown prints a verdict for an incident channel: no headings and no tables, which chats do not show, but
// bold titles, lists and code.
func verdictMarkdown(p *Printer, v *Verdict, verbose bool) {
	list, detailed := v.selected(verbose)
	p.write("**" + draw.MarkdownText(v.counted()) + "** · " + draw.MarkdownText(verdictHead(p, v)) + "\n")
	for n, f := range list {
		findingMarkdown(p, n+1, f, detailed, v, verbose)
	}
	if more := v.notShown(list); more != "" {
		p.write("\n" + more + ".\n")
	}
	if spots := v.Report.BlindSpots; len(spots) > 0 {
		p.write("\n**" + limitedData(spots) + "**\n\n")
		for _, b := range spots {
			p.write("- " + draw.MarkdownCode(b.Detector) + " " + draw.MarkdownText(b.Reason) + "\n")
		}
	}
	r := Remarks{v.Notes, v.notices()}
	if len(r.Notices)+len(r.Notes) > 0 {
		p.write("\n**Notes**\n\n")
	}
	p.listMarkdown(r)
}

// findingMarkdown prints one finding.
func findingMarkdown(p *Printer, n int, f occurrence, detailed rule.Severity, v *Verdict, verbose bool) {
	glyph, _ := mark(p, f.Severity)
	p.write(fmt.Sprintf("\n**%d. %s %s** · %s · confidence %.2f\n\n", n, glyph, draw.MarkdownText(f.headline()), f.Severity, f.Confidence))
	p.write(draw.MarkdownText(f.Message) + "\n\n")
	item := func(label, text string) {
		if text != "" {
			p.write("- " + label + ": " + text + "\n")
		}
	}
	where, ids := findingPlace(p, f.Finding)
	item("span", draw.MarkdownText(where))
	item("trace", markdownIDs(ids))
	item("also in", draw.MarkdownText(again(f.again, verbose)))
	if f.Severity >= detailed {
		item("checks", draw.MarkdownText(strings.Join(checkList(p, f.Checks), itemGap)))
		item("common fixes", draw.MarkdownText(strings.Join(f.Remedies, "; ")))
		item("caveats", draw.MarkdownText(strings.Join(f.Limits, "; ")))
		item("also found by", strings.Join(f.Also, ", "))
	}
	if command := v.opening(f.Finding); command != "" && f.Severity >= rule.High {
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
