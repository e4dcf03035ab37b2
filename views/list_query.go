package views

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/views/draw"
)

// place returns the place of a trace among the matches.
func (f *ListFilter) place(i int) (int, bool) { return slices.BinarySearch(f.Traces, i) }

// Typing implements Screen.
func (l *List) Typing() bool { return l.query.typing }

// Type implements Screen. Pages of the table turn while the query is typed.
func (l *List) Type(key tea.KeyPressMsg) Action {
	q := &l.query
	was, action := q.key(key)
	if was == typedNothing && l.half != nil && !q.popup.open() {
		l.SetFilter(l.half) // the word was meant as it stands
	}
	switch was {
	case typedText:
		return l.ask(false)
	case typedDone:
		return l.ask(true)
	case typedBack:
		if q.input.Text() == q.before {
			return nil
		}
		q.input.SetText(q.before)
		return l.ask(false)
	case typedOther:
		switch key.Keystroke() {
		case "pgup":
			l.moveBy(PageUp)
		case "pgdown":
			l.moveBy(PageDown)
		}
	case typedNothing:
	}
	return action
}

func (l *List) ask(done bool) Action {
	l.query.asked()
	return Query{Text: l.query.input.Text(), Done: done}
}

// clearQuery asks for all traces.
func (l *List) clearQuery() Action {
	l.query.set("")
	return l.ask(true)
}

// SetVocabulary gives the completion of the query what the spans hold.
func (l *List) SetVocabulary(v *query.Vocabulary) { l.query.setVocabulary(v) }

// SetHistory gives the query line the queries of the past, the latest last.
func (l *List) SetHistory(past []string) { l.query.past.past = past }

// TypingHints are the keys that mean something while the query is typed, the most useful first.
func (l *List) TypingHints() []KeyHint { return l.query.hints() }

// drawQuery draws the query and how much it matches. Its line is y of the screen.
func (l *List) drawQuery(a draw.Area, y int, env *Env) {
	q := &l.query
	placeholder := "to query, such as duration>1s error=true"
	if q.typing {
		placeholder = "such as duration>1s error=true"
	}
	a = a.Inset(1, 0)
	need := draw.Width(env.Theme.Glyphs.Prompt) + 1 + max(draw.Width(q.input.Text())+2, min(a.W()/2, 20))
	q.draw(a, 1, y, env, placeholder, l.counts(a.W()-need))
}

// counts says how much is shown of how much, in at most width cells; "" where there is no room.
func (l *List) counts(width int) string {
	set := l.newest()
	if set == nil || set.Len() == 0 {
		return ""
	}
	filter := l.filter
	if l.half != nil {
		filter = l.half
	}
	if filter == nil {
		return firstFitting(width, "all "+amount(set.Len(), "trace"))
	}
	of := l.set
	traces := fmt.Sprintf("%s of %s", draw.Count(len(filter.Traces)), amount(of.Len(), "trace"))
	short := fmt.Sprintf("%s of %s", draw.Count(len(filter.Traces)), draw.Count(of.Len()))
	if l.pending != nil {
		traces += " so far"
	}
	took := l.query.notes.took()
	if took != "" {
		took = " · " + took
	}
	if filter.Spans == nil {
		return firstFitting(width, traces+took, traces, short)
	}
	n := 0
	for _, k := range filter.Spans {
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
