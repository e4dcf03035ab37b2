package logs

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/logline"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// Bindings implements views.Screen.
func (l *Logs) Bindings() []views.Binding { return views.Once(&l.bindings, l.bind) }

// bind makes the bindings.
func (l *Logs) bind() []views.Binding {
	b := views.Binder{None: l.whyEmpty}
	b.Moves(l.step)
	b.Bind(views.Enter, l.open, l.whyNowhere)
	b.QuietPair(views.Right, views.Left, func(sheet bool) { l.inSheet = sheet })
	b.Quiet(views.OtherPane, func() { l.inSheet = !l.inSheet })
	b.Pair(views.NextError, views.PrevError, l.toError)
	b.Bind(views.CopyLine, func() views.Action { return views.Copy{What: "line", Text: l.written(l.line())} }, l.whyNoLine)
	b.Bind(views.CopyValue, func() views.Action { return views.Copy{What: "text", Text: l.line().text(l.masks)} }, l.whyNoLine)
	b.Bind(views.CopySpanID, func() views.Action { return views.Copy{What: "span id", Text: l.line().Span.String()} },
		l.whyNoLine, views.When(func() bool { return l.line().Span.IsZero() }, "the line names no span"))
	b.None = views.When(func() bool { return l.of == nil }, "no trace is open")
	b.Bind(views.CopyTrace, views.Copies("trace id", func() string { return l.of.ID().String() }))
	b.Quiet(views.Search, func() { l.search.Start(l.Row) }, l.whyNothing)
	b.Bind(views.SpanLogs, l.toggleSpan, l.whyNothing, views.When(func() bool { return l.span < 0 && (l.line() == nil || l.line().span < 0) }, "the line belongs to no span"))
	b.None = nil
	b.Bind(views.Back, l.goBack)
	list := views.Offers(b.List, views.Reveal, views.Refresh)
	return views.Footer(list, views.ShowHelp, views.Enter, views.SpanLogs, views.Search, views.NextError, views.OtherPane, views.Refresh, views.Back)
}

// whyNothing says why there are no lines at all, "" where there are some.
func (l *Logs) whyNothing() string {
	if l.lines != nil && len(l.lines.all) > 0 {
		return ""
	}
	switch l.state {
	case asking:
		return "the log store has not answered yet"
	case failed:
		return "the log store did not answer"
	case stopped:
		return "asking the log store was stopped"
	case notAsked, answered:
	}
	return "no log lines for this trace"
}

// whyEmpty says why no row is shown, "" where there are some.
func (l *Logs) whyEmpty() string {
	switch {
	case len(l.rows) > 0:
		return ""
	case l.whyNothing() != "":
		return l.whyNothing()
	case l.search.Input.Text() != "":
		return "no line matches"
	}
	return "no log lines of this span"
}

// whyNoLine says why there is nothing to copy.
func (l *Logs) whyNoLine() string {
	if l.line() == nil {
		return "the row is no line"
	}
	return ""
}

// whyNowhere says why enter does nothing.
func (l *Logs) whyNowhere() string {
	switch one := l.line(); {
	case one == nil || one.span >= 0:
		return "" // it asks for more
	case one.Span.IsZero():
		return "the line names no span"
	}
	return "the span of the line is not in the trace"
}

// step moves among the rows, or in the line that is shown whole.
func (l *Logs) step(c views.Command) {
	if l.inSheet {
		l.sheet.Scroll(c, len(l.sheet.lines))
		return
	}
	l.Move(c, l.count())
}

// open goes to the span of the line, or asks for more lines.
func (l *Logs) open() views.Action {
	if one := l.line(); one != nil {
		return views.OpenTrace{Trace: l.of, Span: one.span}
	}
	if l.state == asking {
		return views.Say{Text: "already asking"}
	}
	return l.ask(min(4*l.limit, mostLines))
}

// toggleSpan shows only the lines of the span that logged the line under the cursor, or all.
func (l *Logs) toggleSpan() views.Action {
	if l.span >= 0 {
		l.ShowSpan(-1)
		return nil
	}
	l.ShowSpan(l.line().span)
	return nil
}

// toError goes to the next line of an error, around the end.
func (l *Logs) toError(forward bool) views.Action {
	row := l.Next(len(l.rows), forward, func(row int) bool { return l.lines.all[l.rows[row]].Severity >= logline.Error })
	switch row {
	case -1:
		return views.Say{Text: "no line shown is an error"}
	case l.Row:
		return views.Say{Text: "the only error"}
	}
	l.Row, l.inSheet = row, false
	l.Clamp(l.count())
	return nil
}

// goBack undoes what is closest.
func (l *Logs) goBack() views.Action {
	switch {
	case l.state == asking:
		l.state = stopped
		return views.AskLogs{Trace: l.of}
	case l.inSheet:
		l.inSheet = false
	case l.search.Input.Text() != "":
		l.search.Input.SetText("")
		l.filter()
	case l.span >= 0:
		l.ShowSpan(-1)
	default:
		return views.Leave{}
	}
	return nil
}

// Typing implements views.Screen.
func (l *Logs) Typing() bool { return l.search.On }

// Type implements views.Screen: each key filters. Up and down move among the rows meanwhile.
func (l *Logs) Type(key tea.KeyPressMsg) views.Action {
	switch was, step := l.search.Key(key); was {
	case prompt.TypedText, prompt.TypedBack:
		l.filter()
	case prompt.TypedOther:
		l.Row += step
		l.Clamp(l.count())
	case prompt.TypedNothing, prompt.TypedDone:
	}
	return nil
}

// Mouse implements views.Screen: a click selects, a double click goes to the span, the wheel scrolls what is under it.
func (l *Logs) Mouse(m views.Mouse) views.Action {
	inSheet := l.beside.Contains(m.X, m.Y)
	switch {
	case inSheet && m.Wheel != 0:
		l.sheet.Turn(m.Wheel, len(l.sheet.lines))
	case inSheet:
		l.inSheet = true
	case m.Wheel != 0 || l.at.Contains(m.X, m.Y):
		if l.Click(m, l.count()) {
			l.inSheet = false
			if m.Double {
				return views.Do(l.Bindings(), views.Enter)
			}
		}
	}
	return nil
}

// Status implements views.Screen.
func (l *Logs) Status(*views.Env) (where, counts string) {
	switch {
	case l.state == asking:
		return "asking the log store", ""
	case l.whyEmpty() != "":
		return l.whyEmpty(), ""
	case l.line() == nil:
		return "more lines", ""
	}
	return "line " + draw.Count(l.Row+1) + " of " + draw.Count(len(l.rows)), ""
}

// written is a line as it is copied: when, how severe, whose, what.
func (l *Logs) written(one *line) string {
	var parts []string
	clock := views.Clock{}
	if l.env != nil {
		clock = l.env.Clock
	}
	for _, part := range []string{clock.DateTime(one.Time), one.Severity.String(), one.service, one.text(l.masks)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// markdownLines is how many lines a block of Markdown has at most: it is for a chat.
const markdownLines = 40

// Markdown writes the lines that are shown for a chat or a ticket. It ends in a newline; without lines it is empty.
func (l *Logs) Markdown() string {
	if len(l.rows) == 0 {
		return ""
	}
	var text strings.Builder
	for _, n := range l.rows[:min(len(l.rows), markdownLines)] {
		text.WriteString(draw.Clean(l.written(&l.lines.all[n])) + "\n")
	}
	if more := len(l.rows) - markdownLines; more > 0 {
		fmt.Fprintf(&text, "and %s\n", draw.CountNoun(more, "line", "lines"))
	}
	return fmt.Sprintf("**%s**: %s\n\n%s", draw.MarkdownText(views.RootText(l.of)), draw.CountNoun(len(l.rows), "log line", "log lines"), draw.MarkdownBlock(text.String()))
}
