package report

import (
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Remarks are printed below a comparison: what was picked or left out, and the notices of reading.
type Remarks struct {
	Notes   []string
	Notices []trace.Notice
}

func printRemarks(p *Printer, r Remarks) {
	if len(r.Notes)+len(r.Notices) > 0 {
		p.Text("")
	}
	p.notes(r.Notes)
	p.notices(r.Notices)
}

// remarksMarkdown is remarks in Markdown.
func remarksMarkdown(p *Printer, r Remarks) {
	if len(r.Notes)+len(r.Notices) > 0 {
		p.write("\n")
	}
	p.listMarkdown(r)
}

// listMarkdown prints remarks as the items of a list.
func (p *Printer) listMarkdown(r Remarks) {
	for _, note := range r.Notes {
		p.write("- " + draw.MarkdownText(note) + "\n")
	}
	for _, n := range r.Notices {
		p.write("- " + draw.MarkdownText(n.String()) + "\n")
	}
}
