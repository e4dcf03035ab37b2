package app

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// The formats of commands that print.
const (
	formatText     = "text"
	formatMarkdown = "markdown"
	formatJSON     = "json"
)

// format is a flag that takes one of the formats.
type format string

// String returns the format's name.
func (f *format) String() string { return string(*f) }

// Type names the flag's values in the help.
func (f *format) Type() string { return "FORMAT" }

// Set takes a format by its name.
func (f *format) Set(name string) error {
	known := []string{formatText, formatMarkdown, formatJSON}
	if !slices.Contains(known, name) {
		return fmt.Errorf("expected one of %s", strings.Join(known, ", "))
	}
	*f = format(name)
	return nil
}

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

// printJSON prints one document on one line. What a terminal would obey is escaped in it.
func printJSON(w io.Writer, document any) error {
	e := json.NewEncoder(&unseen{w: w})
	e.SetEscapeHTML(false)
	return e.Encode(document)
}

// printer prints lines of text that fit a width, drawn as the screens draw them.
type printer struct {
	w      io.Writer
	grid   *draw.Grid
	width  int
	theme  *style.Theme
	colour bool
	err    error // the first; later lines are not printed
}

// newPrinter returns a printer for text; width 0 means that of the terminal.
func newPrinter(w *World, theme *style.Theme, width int) *printer {
	_, terminal := fd(w.Stdout)
	if term := w.Env("TERM"); term == "dumb" || term == "" {
		terminal = false // it would show the sequences
	}
	if width <= 0 {
		width = terminalWidth(w.Stdout, w.Env)
	}
	p := &printer{w: w.Stdout, grid: draw.NewGrid(width, 1), width: width, theme: theme, colour: terminal}
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
