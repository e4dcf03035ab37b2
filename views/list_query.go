package views

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/views/draw"
)

// listQuery is the line in which the query is typed.
type listQuery struct {
	input  Input
	typing bool
	before string // what it was when typing began: esc goes back to it
	bad    int    // where the query is wrong, -1 for nowhere
	err    string
}

// place returns the place of a trace among the matches.
func (f *ListFilter) place(i int) (int, bool) { return slices.BinarySearch(f.Traces, i) }

// Typing implements Screen.
func (l *List) Typing() bool { return l.query.typing }

// startQuery begins typing.
func (l *List) startQuery() {
	l.query.typing = true
	l.query.before = l.query.input.Text()
}

// Type implements Screen. Up and down move in the table while the query is typed.
func (l *List) Type(key tea.KeyPressMsg) Action {
	q := &l.query
	switch key.Keystroke() {
	case "enter":
		q.typing = false
		return l.ask(true)
	case "esc", "ctrl+c", "ctrl+g":
		q.typing = false
		if q.input.Text() == q.before {
			return nil
		}
		q.input.SetText(q.before)
		return l.ask(true)
	case "up", "ctrl+p":
		l.moveBy(Up)
		return nil
	case "down", "ctrl+n":
		l.moveBy(Down)
		return nil
	case "pgup":
		l.moveBy(PageUp)
		return nil
	case "pgdown":
		l.moveBy(PageDown)
		return nil
	}
	if _, changed := q.input.Key(key); changed {
		return l.ask(false)
	}
	return nil
}

func (l *List) ask(done bool) Action {
	l.query.bad, l.query.err = -1, ""
	return Query{Text: l.query.input.Text(), Done: done}
}

// clearQuery asks for all traces.
func (l *List) clearQuery() Action {
	l.query.input.SetText("")
	return l.ask(true)
}

// drawQuery draws the query and how much it matches, or what is wrong with it.
func (l *List) drawQuery(a draw.Area, env *Env) {
	a = a.Inset(1, 0)
	theme, q := env.Theme, &l.query
	prompt, a := a.Left(draw.Width(theme.Glyphs.Prompt) + 1)
	ink := theme.Dim
	if q.typing || q.input.Text() != "" {
		ink = theme.Prompt
	}
	prompt.Text(0, 0, theme.Glyphs.Prompt, ink)
	q.input.Placeholder = "to query, such as duration>1s error=true"
	if q.typing {
		q.input.Placeholder = "such as duration>1s error=true"
	}
	bad := q.bad
	if q.err == "" {
		bad = -1
	}
	need := max(draw.Width(q.input.Text())+2, min(a.W()/2, 20))
	counts := l.counts(a.W() - need)
	a, right := a.Right(draw.Width(counts))
	right.Text(0, 0, counts, theme.Dim)
	q.input.Draw(a, env, q.typing && env.Focused, bad)
}

// drawQueryError draws what is wrong with the query.
func (l *List) drawQueryError(a draw.Area, env *Env) {
	a.Inset(1, 0).TextEllipsis(0, 0, a.W()-2, env.Theme.Glyphs.Error+" "+l.query.err, env.Theme.Error)
}

// counts says how much is shown of how much, in at most width cells; "" where there is no room.
func (l *List) counts(width int) string {
	set := l.newest()
	if set == nil || set.Len() == 0 {
		return ""
	}
	if l.filter == nil {
		return firstFitting(width, "all "+amount(set.Len(), "trace"))
	}
	of := l.set
	traces := fmt.Sprintf("%s of %s", draw.Count(len(l.filter.Traces)), amount(of.Len(), "trace"))
	short := fmt.Sprintf("%s of %s", draw.Count(len(l.filter.Traces)), draw.Count(of.Len()))
	if l.pending != nil {
		traces += " so far"
	}
	took := ""
	if l.filter.Took >= time.Millisecond {
		took = " · " + draw.Duration(l.filter.Took.Round(time.Millisecond).Nanoseconds())
	}
	if l.filter.Spans == nil {
		return firstFitting(width, traces+took, traces, short)
	}
	n := 0
	for _, k := range l.filter.Spans {
		n += k
	}
	spans := fmt.Sprintf(" · %s of %s", draw.Count(n), amount(of.SpanCount(), "span"))
	return firstFitting(width, traces+spans+took, traces+spans, traces, short)
}

// firstFitting returns the first text that fits into width cells, "" for none.
func firstFitting(width int, texts ...string) string {
	for _, text := range texts {
		if draw.Width(text) <= width {
			return text
		}
	}
	return ""
}
