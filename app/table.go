package app

import (
	"strings"

	"tracefall/views/draw"
)

// Cells between two columns.
const columnGap = 2

// table prints rows under their headings: aligned text, in which the last column is cut at the width, or Markdown,
// in which nothing is cut. right says which columns are aligned to the right.
func (p *printer) table(headings []string, right []bool, each func(row func(...string))) {
	if p.format == formatMarkdown {
		p.markdownRow(headings)
		rule := make([]string, len(headings))
		for i := range rule {
			if rule[i] = "---"; right[i] {
				rule[i] = "---:"
			}
		}
		p.markdownRow(rule)
		each(func(cells ...string) { p.markdownRow(cells) })
		return
	}
	widths := make([]int, len(headings))
	measure := func(cells ...string) {
		for i, c := range cells {
			widths[i] = max(widths[i], draw.Width(c))
		}
	}
	measure(headings...)
	each(measure)
	write := func(cells ...string) {
		p.line(func(a draw.Area) {
			x := 0
			for i, c := range cells {
				switch {
				case i == len(cells)-1:
					a.TextEllipsis(x, 0, a.W()-x, c, draw.Ink{})
				case right[i]:
					a.TextRight(x, 0, widths[i], c, draw.Ink{})
				default:
					a.Text(x, 0, c, draw.Ink{})
				}
				x += widths[i] + columnGap
			}
		})
	}
	write(headings...)
	each(write)
}

func (p *printer) markdownRow(cells []string) {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString("| " + draw.MarkdownText(c) + " ")
	}
	p.write(b.String() + "|\n")
}

// fence begins or ends a block of Markdown that is shown as it is.
func (p *printer) fence() { p.write("```\n") }
