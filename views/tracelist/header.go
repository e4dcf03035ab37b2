package tracelist

import (
	"fmt"
	"path"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// header is what the first line says: what is opened, how far loading and diagnosing are.
type header struct {
	newer      *trace.Set // loaded, but the answer to the query is still that of the set shown
	inputs     []string
	load       LoadProgress
	failed     []string // inputs that could not be read, in a line each
	diagnosing views.Diagnosing
}

// draw draws what is loaded and, at the right, what was found or how far loading is.
func (h *header) draw(a draw.Area, set *trace.Set, findings *Findings, env *views.Env) {
	a = a.Inset(1, 0)
	right := h.right(set, findings, env.Theme)
	if n := table.WidthOf(right); n > 0 && n < a.W()*2/3 {
		var corner draw.Area
		a, corner = a.Right(n)
		table.DrawRuns(corner, right)
		if h.load.Loading && h.load.Total > 0 { // into the blanks that right left for it
			corner.Progress(0, 0, loadBar, min(h.load.Bytes, h.load.Total), h.load.Total, env.Theme.ProgressFull, env.Theme.ProgressEmpty)
		}
		a, _ = a.Right(2)
	}
	facts := h.facts(set, env)
	names := h.names(set)
	// What is least missed goes first: the program's name, then facts from the last on.
	brand := "tracefall  "
	width := func() int { return draw.Width(brand + strings.Join(append([]string{""}, facts...), " · ")) }
	if draw.Width(names)+width() > a.W() {
		brand = ""
	}
	for len(facts) > 1 && min(draw.Width(names), 16)+width() > a.W() {
		facts = facts[:len(facts)-1]
	}
	x := a.Text(0, 0, brand, env.Theme.Title)
	room := max(a.W()-width(), 8)
	x += a.TextMiddle(x, 0, room, names, env.Theme.Strong)
	for _, fact := range facts {
		x += a.TextEllipsis(x, 0, a.W()-x, " · "+fact, env.Theme.Text)
	}
}

// facts returns what is said about the traces, the most important first.
func (h *header) facts(set *trace.Set, env *views.Env) []string {
	if set == nil || set.Len() == 0 {
		return nil
	}
	traces := draw.Amount(set.Len(), "trace")
	if h.load.Loading {
		traces += " so far"
	}
	from, to := set.Bounds()
	return []string{traces, draw.Amount(set.SpanCount(), "span"), env.Clock.Range(from, to)}
}

const loadBar = 12 // cells

// right returns the right end of the line.
func (h *header) right(set *trace.Set, findings *Findings, theme *style.Theme) []table.Run {
	var runs []table.Run
	if n := len(h.failed); n > 0 {
		runs = append(runs, table.Run{Text: theme.Glyphs.Error + " " + draw.Amount(n, "input") + " not read", Ink: theme.Error})
		if h.load.Loading || findings.Of != nil || h.diagnosing.Total > 0 {
			runs = append(runs, table.Run{Text: "  ", Ink: theme.Text})
		}
	}
	if set != nil {
		if n := set.TruncatedInputs(); n > 0 {
			text := theme.Glyphs.Warning + " file truncated  "
			if len(set.Inputs()) > 1 {
				text = theme.Glyphs.Warning + " " + draw.Amount(n, "file") + " truncated  "
			}
			runs = append(runs, table.Run{Text: text, Ink: theme.Warn})
		}
	}
	if text := backendText(set); text != "" {
		runs = append(runs, table.Run{Text: theme.Glyphs.Warning + " " + text, Ink: theme.Warn}, table.Run{Text: "  ", Ink: theme.Text})
	}
	switch {
	case h.load.Loading && h.load.Total > 0:
		done := min(h.load.Bytes, h.load.Total)
		runs = append([]table.Run{{Text: strings.Repeat(" ", loadBar+1), Ink: theme.Text}}, runs...)
		runs = append(runs, table.Run{Text: fmt.Sprintf("%5s of %s", draw.Percent(done, h.load.Total), draw.Bytes(h.load.Total)), Ink: theme.Text})
	case h.load.Loading:
		runs = append(runs, table.Run{Text: "reading, " + draw.Bytes(h.load.Bytes), Ink: theme.Text})
	case h.diagnosing.Total > 0:
		runs = append(runs, table.Run{Text: h.diagnosing.Text(), Ink: theme.Dim})
	case findings.Of != nil && findings.Total == 0:
		runs = append(runs, table.Run{Text: theme.Glyphs.OK + " no findings", Ink: theme.OK})
	case findings.Of != nil:
		if findings.Critical > 0 {
			runs = append(runs, table.Run{Text: theme.Glyphs.Critical + " " + draw.Count(findings.Critical) + " critical  ", Ink: theme.Error})
		}
		runs = append(runs, table.Run{Text: draw.Amount(findings.Total, "finding"), Ink: theme.Text})
	}
	return runs
}

// backendText says that the tracing backend had more to say than the traces, which the import report has in full.
func backendText(set *trace.Set) string {
	text := ""
	if set != nil {
		for _, n := range set.Notices() {
			if n.Kind == trace.NoticePartial {
				return views.PartialAnswer
			}
			if n.Kind == trace.NoticeAnswer {
				text = "message of the backend"
			}
		}
	}
	return text
}

// names names the inputs in a few words.
func (h *header) names(set *trace.Set) string {
	names := h.inputs
	switch {
	case len(names) > 0:
	case set != nil && len(set.Inputs()) > 0:
		names = set.Inputs()
	case h.load.Input != "":
		names = []string{h.load.Input}
	}
	switch len(names) {
	case 0:
		return "no input"
	case 1:
		return path.Base(names[0])
	case 2:
		return path.Base(names[0]) + ", " + path.Base(names[1])
	}
	return fmt.Sprintf("%s and %d more", path.Base(names[0]), len(names)-1)
}
