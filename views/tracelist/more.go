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
func (h *header) Wants() Want {
	w := h.wants
	h.wants = WantNothing
	return w
}

// reached takes a move of the cursor that ended in the last line, where it may have been before: down asks for more of a
// backend's traces, and to the end for all of them.
func (h *header) reached(by views.Command, before bool) {
	if h.source == nil || !h.source.More {
		return
	}
	switch by {
	case views.Bottom:
		h.wants = WantMore
		if before {
			h.wants = WantAll
		}
	case views.Down, views.PageDown, views.HalfDown:
		h.wants = WantMore
	default:
	}
}

// SetGoing says how far asking for older traces is.
func (h *header) SetGoing(text string) {
	if h.source != nil && h.source.Going != "" {
		h.source.Going = text
	}
}

// SetBefore says which traces were there before the backend was asked again, read or not: what is new since is counted in the
// first line. Nil: it was not asked again.
func (h *header) SetBefore(there func(trace.TraceID) bool) { h.before, h.fresh = there, 0 }

// count counts the traces shown that were not there before.
func (h *header) count(s *shown, u *unread) {
	h.fresh = 0
	if h.before == nil || s.set == nil {
		return
	}
	for _, i := range s.rows {
		if !h.before(s.set.Trace(int(i)).ID()) {
			h.fresh++
		}
	}
	for i := range u.rows {
		if !h.before(u.rows[i].ID) {
			h.fresh++
		}
	}
}

// drawMore says in the line under so many rows what was not asked for, and how it is. It returns the area above.
func (h *header) drawMore(a draw.Area, lines int, env *views.Env) draw.Area {
	if h.source == nil || !h.source.More && h.source.Going == "" || a.H() < 3 {
		return a
	}
	rest, line := a.Bottom(1)
	if at := min(lines, rest.H()); lines > 0 {
		line = a.Sub(0, at, a.W(), 1) // right under the last row
	}
	text := env.Theme.Glyphs.Ellipsis + " " + h.source.Going
	if h.source.Going == "" {
		text = env.Theme.Glyphs.Ellipsis + " older than " + h.source.Down
		if key := env.Key(views.Bottom); key != "" && lines > 0 {
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
