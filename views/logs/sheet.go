package logs

import (
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// sheet is the line under the cursor, laid out for a width.
type sheet struct {
	table.Page
	of    int // the number of the line, plus one
	width int
	clock views.Clock
	theme *style.Theme
	masks bool
	lines [][]table.Run
}

// untabbed makes blanks of tabs: those of stack traces are many.
var untabbed = strings.NewReplacer("\t", "    ")

// fieldWidth is how many cells the names of fields take at most.
const fieldWidth = 28

// lay lays out the line under the cursor, unless that is done.
func (l *Logs) lay(width int, env *views.Env) {
	n := l.selected()
	if s := &l.sheet; s.of == n+1 && s.width == width && s.clock == env.Clock && s.theme == env.Theme && s.masks == l.masks {
		return
	}
	one, theme := l.line(), env.Theme
	s := sheet{of: n + 1, width: width, clock: env.Clock, theme: theme, masks: l.masks}
	add := func(runs ...table.Run) { s.lines = append(s.lines, runs) }
	head := []table.Run{{Text: env.Clock.DateTime(one.Time), Ink: theme.Strong}, {Text: "  " + draw.Offset(one.Time-l.of.Start()), Ink: theme.Dim}}
	if text := one.Severity.String(); text != "" {
		head = append(head, table.Run{Text: "  " + text, Ink: severityInk(one.Severity, theme)})
	}
	if one.service != "" {
		head = append(head, table.Run{Text: "  " + one.service, Ink: theme.Service(one.service)})
	}
	switch {
	case one.span >= 0:
		head = append(head, table.Run{Text: "  span " + env.Masked(l.of.Span(one.span).Name()), Ink: theme.Dim})
	case !one.Span.IsZero():
		head = append(head, table.Run{Text: "  span " + env.Masked(one.Span.String()) + " (not in the trace)", Ink: theme.Dim})
	}
	add(head...)
	for _, text := range draw.Wrap(untabbed.Replace(one.text(l.masks)), width) {
		add(table.Run{Text: text, Ink: textInk(one.Severity, theme)})
	}
	names := 0
	for _, f := range one.Fields {
		names = max(names, min(draw.Width(f.Name), fieldWidth))
	}
	for _, f := range one.Fields {
		value := f.Value
		if env.Mask != nil {
			value, _ = env.Mask(f.Name, value)
		}
		name := env.Masked(f.Name)
		name = draw.Middle(name, names)
		name += strings.Repeat(" ", max(names-draw.Width(name), 0)+columnGap)
		for _, text := range draw.Wrap(untabbed.Replace(value), max(width-names-columnGap, textLeast/2)) {
			add(table.Run{Text: name, Ink: theme.Key}, table.Run{Text: text, Ink: theme.Value})
			name = strings.Repeat(" ", names+columnGap)
		}
	}
	l.sheet = s
}

// drawSheet draws the line under the cursor, whole.
func (l *Logs) drawSheet(screen draw.Area, at table.Box, env *views.Env) {
	l.beside = at
	a := at.In(screen)
	l.lay(a.W()-2, env)
	l.sheet.DrawLines(a, len(l.sheet.lines), env, func(y, n int) {
		table.DrawRuns(a.Sub(0, y, a.W()-1, 1), l.sheet.lines[n])
	})
	if l.inSheet {
		a.TextRight(0, 0, a.W()-1, l.sheet.Shown(len(l.sheet.lines)), env.Theme.Accent)
	}
}
