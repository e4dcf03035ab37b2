package app

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// format is how an answer is printed.
type format string

const (
	formatText     format = "text"
	formatMarkdown format = "markdown"
	formatJSON     format = "json"
	formatSARIF    format = "sarif" // what code-scanning services read; of a verdict
)

// schemaVersion is the version of every JSON document that is printed. Fields are added within a version, never
// renamed or removed.
const schemaVersion = 1

// noticeJSON is a notice as all commands print it.
type noticeJSON struct {
	Kind    string `json:"kind"`
	Input   string `json:"input"`
	Count   int    `json:"count"`
	Message string `json:"message"`
}

func noticesJSON(notices []trace.Notice) []noticeJSON {
	out := make([]noticeJSON, 0, len(notices))
	for _, n := range notices {
		out = append(out, noticeJSON{string(n.Kind), n.Input, n.Count, n.Message})
	}
	return out
}

// json prints one document on one line. What a terminal would obey is escaped in it.
func (p *printer) json(document any) error {
	e := json.NewEncoder(&unseen{w: p.world.Stdout})
	e.SetEscapeHTML(false)
	return e.Encode(document)
}

// printer prints answers in one of the formats. Text fits a width and is drawn as the screens draw it.
type printer struct {
	*Settings
	format
	mask masking

	w      io.Writer
	grid   *draw.Grid
	width  int
	theme  *style.Theme
	colour bool
	err    error // the first; later lines are not printed
}

// newPrinter returns a printer; width 0 means that of the terminal.
func newPrinter(s *Settings, f format, width int, mask masking) *printer {
	w, theme := s.world, s.look
	out := colorprofile.NewWriter(w.Stdout, w.Environ)
	if theme.Auto && out.Profile == colorprofile.ANSI {
		theme = chosen(theme, themeSixteen)
	}
	if width <= 0 {
		width = terminalWidth(w.Stdout, w.Env)
	}
	p := &printer{Settings: s, format: f, mask: mask, w: out, grid: draw.NewGrid(width, 1), width: width, theme: theme, colour: out.Profile > colorprofile.NoTTY}
	p.grid.SetASCII(theme.ASCII)
	return p
}

// line prints one line that draw fills.
func (p *printer) line(paint func(draw.Area)) {
	p.grid.Resize(p.width, 1)
	paint(p.grid.All())
	_ = p.lines(p.grid) // kept in p.err
}

// text prints a line of plain text, cut at the width.
func (p *printer) text(s string) {
	p.line(func(a draw.Area) { a.TextEllipsis(0, 0, a.W(), s, draw.Ink{}) })
}

// lines prints everything that was drawn into a grid.
func (p *printer) lines(g *draw.Grid) error {
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
func (p *printer) write(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, text)
	}
}

// count writes "1 trace", "1,204 traces".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return draw.Count(n) + " " + many
}
