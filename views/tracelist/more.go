package tracelist

import (
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// Want is what a person who went down to the end of the list wants of the traces that were not asked for.
type Want uint8

// What a person can want.
const (
	WantNothing Want = iota
	WantMore         // the next
	WantAll          // all there are
)

// Wants returns what was wanted since the last call. Nothing waits for it: the rows stay as they are until more come.
func (l *List) Wants() Want {
	w := l.wants
	l.wants = WantNothing
	return w
}

// move moves the cursor. At the end of a backend's traces, down asks for more, and to the end for all of them.
func (l *List) move(by views.Command) {
	atEnd := l.Row == l.lines-1
	l.cursor.move(by)
	if l.source == nil || !l.source.More || l.Row < l.lines-1 {
		return
	}
	switch by {
	case views.Bottom:
		l.wants = WantMore
		if atEnd {
			l.wants = WantAll
		}
	case views.Down, views.PageDown, views.HalfDown:
		l.wants = WantMore
	default:
	}
}

// SetGoing says how far asking for older traces is.
func (l *List) SetGoing(text string) {
	if l.source != nil && l.source.Going != "" {
		l.source.Going = text
	}
}

// Forget forgets what was found, before something else is opened.
func (l *List) Forget() {
	l.findings, l.reported, l.diagnosing, l.before = Findings{}, Findings{}, views.Diagnosing{}, nil
}

// Hold keeps the cursor on the trace that it is on now, also where nobody put it there.
func (l *List) Hold() { l.hold() }

// SetBefore says what there was before the backend was asked again: what is new since is counted in the first line.
func (l *List) SetBefore(set *trace.Set) {
	l.before = set
	l.countFresh()
}

func (l *List) countFresh() {
	l.fresh = 0
	if l.before == nil || l.set == nil || l.set == l.before {
		return
	}
	for _, i := range l.rows {
		if l.before.Find(l.set.Trace(int(i)).ID()) == nil {
			l.fresh++
		}
	}
}

// drawMore says in the line under the rows what was not asked for, and how it is. It returns the area above.
func (l *List) drawMore(a draw.Area, env *views.Env) draw.Area {
	if l.source == nil || !l.source.More && l.source.Going == "" || a.H() < 3 {
		return a
	}
	rest, line := a.Bottom(1)
	if at := min(l.lines, rest.H()); l.lines > 0 {
		line = a.Sub(0, at, a.W(), 1) // right under the last row
	}
	text := env.Theme.Glyphs.Ellipsis + " " + l.source.Going
	if l.source.Going == "" {
		text = env.Theme.Glyphs.Ellipsis + " older than " + l.source.Down
		if key := env.Key(views.Bottom); key != "" && l.lines > 0 {
			text += ": scroll, or " + key + " for all"
		}
	}
	line.TextEllipsis(listLeft, 0, line.W()-listLeft-1, text, env.Theme.Dim)
	return rest
}

// In returns findings for a later set, in which traces have other places: those of traces that are as they were. So rows
// keep their order until the detectors are through with it.
func (f Findings) In(set *trace.Set) Findings {
	if f.Worst == nil || f.Set == nil {
		return Findings{}
	}
	places := make(map[trace.TraceID]int, f.Set.Len())
	for i := range f.Set.Len() {
		places[f.Set.Trace(i).ID()] = i
	}
	was := make([]int, set.Len()) // from 1; 0 for none
	for i := range set.Len() {
		t := set.Trace(i)
		if at, ok := places[t.ID()]; ok && f.Set.Trace(at).SpanCount() == t.SpanCount() {
			was[i] = at + 1
		}
	}
	return Findings{
		Set: set, Counts: f.Counts,
		Worst: func(i int) *rule.Finding {
			if was[i] == 0 {
				return nil
			}
			return f.Worst(was[i] - 1)
		},
	}
}
