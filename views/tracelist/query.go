package tracelist

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// Type implements Screen. Pages of the table turn while the query is typed.
func (l *List) Type(key tea.KeyPressMsg) views.Action {
	q := &l.Line
	was, action := q.Key(key)
	if was == prompt.TypedNothing && l.half != nil && !q.Popup.Open() {
		l.SetFilter(l.half) // the word was meant as it stands
	}
	switch was {
	case prompt.TypedText:
		return l.ask(false)
	case prompt.TypedDone:
		return l.ask(true)
	case prompt.TypedBack:
		if q.Input.Text() == q.Before {
			return nil
		}
		q.Input.SetText(q.Before)
		return l.ask(false)
	case prompt.TypedOther:
		switch key.Keystroke() {
		case "pgup":
			l.move(views.PageUp)
		case "pgdown":
			l.move(views.PageDown)
		}
	case prompt.TypedNothing:
	}
	return action
}

func (l *List) ask(done bool) views.Action {
	l.Asked()
	return views.Query{Text: l.Input.Text(), Done: done}
}

// drawQuery draws the query and how much it matches. Its line is y of the screen.
func (l *List) drawQuery(a draw.Area, y int, env *views.Env) {
	q := &l.Line
	a = a.Inset(1, 0)
	need := draw.Width(env.Theme.Glyphs.Prompt) + 1 + max(draw.Width(q.Input.Text())+2, min(a.W()/2, 20))
	q.Draw(a, 1, y, env, "duration>1s error=true", l.counts(a.W()-need))
}

// counts says how much is shown of how much, in at most width cells; "" where there is no room.
func (l *List) counts(width int) string {
	set := l.newest()
	if set == nil || set.Len() == 0 && l.length() == 0 {
		return ""
	}
	if l.source != nil && len(l.source.Answered) > 0 && !l.On {
		return l.answered(width)
	}
	filter := l.filter
	if l.half != nil {
		filter = l.half
	}
	if filter == nil {
		return draw.FirstFitting(width, draw.Amount(set.Len(), "trace"))
	}
	of := l.set
	traces := fmt.Sprintf("%s of %s", draw.Count(len(filter.Traces)), draw.Amount(of.Len(), "trace"))
	short := fmt.Sprintf("%s of %s", draw.Count(len(filter.Traces)), draw.Count(of.Len()))
	if l.newer != nil {
		traces += " so far"
	}
	took := l.Notes.TookText()
	if took != "" {
		took = draw.SegmentGap + took
	}
	if filter.Spans == nil {
		return draw.FirstFitting(width, traces+took, traces, short)
	}
	spans := draw.SegmentGap + draw.Count(filter.spans) + " of " + draw.Amount(of.SpanCount(), "span")
	return draw.FirstFitting(width, traces+spans+took, traces+spans, traces, short)
}

// answered says how many of a backend's traces match, and who answered what.
func (l *List) answered(width int) string {
	matches := draw.Amount(l.newest().Len(), "trace")
	if l.filter != nil {
		matches = draw.CountNoun(len(l.filter.Traces), "matches", "match")
	}
	if l.newer != nil {
		matches += " so far" // of what was loaded before: the answer for this is awaited
	}
	if n := len(l.unread.rows); n > 0 {
		matches += draw.SegmentGap + draw.Count(n) + " " + views.NotRead
		if l.filter != nil && l.newer == nil && len(l.filter.Traces) < l.set.Len() {
			gone := draw.CountNoun(l.set.Len()-len(l.filter.Traces), "does not match", "do not match")
			if full := matches + draw.SegmentGap + gone; draw.Width(full) <= width {
				matches = full
			}
		}
	}
	for n := len(l.source.Answered); n >= 0; n-- { // what is least missed stands last
		text := strings.Join(append([]string{matches}, l.source.Answered[:n]...), draw.SegmentGap)
		if draw.Width(text) <= width {
			return text
		}
	}
	return ""
}
