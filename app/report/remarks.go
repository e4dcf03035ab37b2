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

// remarks prints remarks, in Markdown as a list.
func (p *Printer) remarks(r Remarks) {
	if len(r.Notes)+len(r.Notices) > 0 {
		p.Text("")
	}
	if p.Format == Markdown {
		p.listMarkdown(r)
		return
	}
	p.notes(r.Notes)
	p.notices(r.Notices)
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
