package report

import (
	"io"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"tracefall/app/session"
	"tracefall/app/terminal"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Format is how an answer is printed.
type Format string

// The formats.
const (
	Text     Format = "text"
	Markdown Format = "markdown"
	JSON     Format = "json"
	SARIF    Format = "sarif"   // what code-scanning services read; of a verdict
	Mermaid  Format = "mermaid" // of a service map
	DOT      Format = "dot"     // of a service map, for Graphviz
)

// Printer prints answers in one of the formats. Text fits a width and is drawn as the screens draw it.
type Printer struct {
	*session.Settings
	Format
	mask session.Masking

	w      io.Writer
	grid   *draw.Grid
	width  int
	theme  *style.Theme
	colour bool
	err    error // the first; later lines are not printed
}

// NewPrinter returns a printer; width 0 means that of the terminal.
func NewPrinter(s *session.Settings, f Format, width int, mask session.Masking) *Printer {
	w, theme := s.World, s.Theme
	out := colorprofile.NewWriter(w.Stdout, w.Environ)
	theme = session.OnTerminal(session.ByEnvironment(theme, w.Env), out.Profile)
	if width <= 0 {
		width = terminal.Width(w.Stdout, w.Env)
	}
	p := &Printer{Settings: s, Format: f, mask: mask, w: out, grid: draw.NewGrid(width, 1), width: width, theme: theme, colour: out.Profile > colorprofile.NoTTY}
	p.grid.SetASCII(theme.ASCII)
	return p
}

// line prints one line that draw fills.
func (p *Printer) line(paint func(draw.Area)) {
	p.grid.Resize(p.width, 1)
	paint(p.grid.All())
	_ = p.lines(p.grid) // kept in p.err
}

// Text prints a line of plain text, cut at the width.
func (p *Printer) Text(s string) {
	p.line(func(a draw.Area) { a.TextEllipsis(0, 0, a.W(), s, draw.Ink{}) })
}

// lines prints everything that was drawn into a grid.
func (p *Printer) lines(g *draw.Grid) error {
	frame := g.Plain()
	if p.colour {
		frame = g.String()
	}
	for line := range strings.SplitSeq(frame, "\n") {
		p.write(strings.TrimRight(line, " ") + "\n")
	}
	return p.err
}

// write prints text as it is. It was cleaned already.
func (p *Printer) write(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, text)
	}
}

// Cells of a printed finding.
const (
	findingIndent = 5  // of everything below the title
	findingLabel  = 16 // of what is behind it: "also found by"
)

// labelled prints a property of a finding, nothing for "".
func (p *Printer) labelled(label, text string) {
	if text != "" {
		p.paragraph(findingIndent, findingLabel, label, text, draw.Ink{})
	}
}

// labelledItems prints a list, as many items a line as fit, none of them broken where it fits by itself.
func (p *Printer) labelledItems(label string, items []string) {
	var lines []string
	for _, item := range items {
		if n := len(lines) - 1; n >= 0 && draw.Width(lines[n]+itemGap+item) <= p.width-findingIndent-findingLabel {
			lines[n] += itemGap + item
		} else {
			lines = append(lines, item)
		}
	}
	for _, line := range lines {
		p.labelled(label, line)
		label = ""
	}
}

// itemGap is between the items of a list in one line.
const itemGap = "   "

// paragraph prints text that is broken into as many lines as it takes, behind a label of a certain width.
func (p *Printer) paragraph(indent, labelWidth int, label, text string, ink draw.Ink) {
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
func (p *Printer) notes(notes []string) {
	for _, note := range notes {
		p.paragraph(0, 2, p.theme.Glyphs.Info, note, draw.Ink{})
	}
}

// notices prints a paragraph each: where there is no screen of diagnostics nothing may be cut.
func (p *Printer) notices(notices []trace.Notice) {
	for _, n := range notices {
		p.paragraph(0, 2, p.theme.Glyphs.Warning, n.String(), draw.Ink{})
	}
}

// Command prints a command line. What does not fit is continued as a shell reads it.
func (p *Printer) Command(before, command string) {
	lines := draw.Wrap(draw.Clean(before+command), max(p.width-2, 20))
	for n, line := range lines {
		if n < len(lines)-1 {
			line += ` \`
		}
		p.line(func(a draw.Area) { a.Text(0, 0, line, draw.Ink{}) })
	}
}

// Cells between two columns.
const columnGap = 2

// table prints rows under their headings: aligned text, in which the last column is cut at the width, or Markdown,
// in which nothing is cut. right says which columns are aligned to the right.
func (p *Printer) table(headings []string, right []bool, each func(row func(...string))) {
	if p.Format == Markdown {
		p.markdownRow(headings)
		rule := make([]string, len(headings))
		for i := range rule {
			if rule[i] = "---"; right[i] {
				rule[i] = "---:"
			}
		}
		p.write("| " + strings.Join(rule, " | ") + " |\n") // as it is: escaped it rules no table
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

func (p *Printer) markdownRow(cells []string) {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString("| " + draw.MarkdownText(c) + " ")
	}
	p.write(b.String() + "|\n")
}

// fence begins or ends a block of Markdown that is shown as it is.
func (p *Printer) fence() { p.write("```\n") }
