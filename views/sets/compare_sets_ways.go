package sets

import (
	"fmt"
	"strconv"

	"tracefall/diagnose/compare/population"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// setWay is a row about a way that traces went: one whose share changed, or on which traces took another time.
type setWay struct {
	kind    string
	k, of   [2]int // traces, of those of the entry operation
	gained  bool   // or slower: something to look at
	cost    int64  // ns, 0 where it has none
	sum     string // how the cost comes about
	q       float64
	message string
}

// wayOf returns the way of an item: first the shapes, then the paces.
func (s *Sets) wayOf(item int) setWay {
	if at := item - len(s.c.Shapes); at >= 0 {
		p := &s.c.Paces[at]
		w := setWay{kind: "faster", k: [2]int{p.Good, p.Bad}, of: p.Of, cost: p.Cost, q: p.Times.LeastQ(), message: p.Message}
		if p.Cost > 0 {
			w.kind, w.gained = "slower", true
		}
		w.sum = fmt.Sprintf("%d × %s", p.Bad, durationSigned(p.Times.Mean[1]-p.Times.Mean[0]))
		return w
	}
	shape := &s.c.Shapes[item]
	w := setWay{kind: shape.Kind.String(), k: [2]int{shape.Good, shape.Bad}, of: shape.Of, cost: shape.Cost, q: shape.Q, message: shape.Message}
	w.gained = shape.Kind == population.Appeared || shape.Kind == population.More
	if shape.Cost != 0 {
		w.sum = number(shape.Extra) + " more × " + draw.DurationSigned(shape.Longer)
	}
	return w
}

// line is the way as text.
func (w setWay) line() string {
	text := fmt.Sprintf("%s: %d of %d → %d of %d traces, %s; ", w.kind, w.k[0], w.of[0], w.k[1], w.of[1], qText(w.q))
	if w.sum != "" {
		text += w.sum + " = " + draw.DurationSigned(w.cost) + "; "
	}
	return text + w.message
}

// share is which part of the traces of a side went the way.
func (w setWay) share(side int) string {
	return percentText(float64(w.k[side]) / float64(max(w.of[side], 1)))
}

// setShare is the width of a share in percent.
const setShare = 5

// setWayRoom is the width from which it is shown how the cost of a way comes about.
const setWayRoom = 100

// drawWay draws a way: how many went it, what it cost, and what is different.
func (s *Sets) drawWay(a draw.Area, item int, theme *style.Theme) {
	w := s.wayOf(item)
	ink := theme.Removed
	if w.gained {
		ink = theme.Added
	}
	a.TextEllipsis(2, 0, setLabel-2, w.kind, ink)
	a.TextRight(setLabel, 0, setShare, w.share(0), theme.Text)
	x := setLabel + setShare + 1
	x += a.Text(x, 0, theme.Glyphs.Link+" ", theme.Text)
	a.TextRight(x, 0, setShare, w.share(1), theme.Text)
	x += setShare
	cost := ""
	if w.cost != 0 {
		cost = draw.DurationSigned(w.cost)
	}
	a.TextRight(x, 0, views.DeltaWidth, cost, views.DeltaInk(w.cost, theme))
	x += views.DeltaWidth + 2
	x += a.TextEllipsis(x, 0, a.W()-x, w.message, theme.Text) + 2
	if a.W() >= setWayRoom && w.sum != "" {
		a.TextEllipsis(x, 0, a.W()-x, w.sum, theme.Dim)
	}
}

// waysText says how many ways there were, and whether their shares differ in all.
func (s *Sets) waysText() string {
	t := &s.c.ShapeTest
	switch {
	case t.Ways < 2 || s.c.Descriptive:
		return ""
	case t.Q < setLevel:
		return "of " + strconv.Itoa(t.Ways) + "; their shares differ, " + qText(t.Q)
	case len(s.c.Shapes) > 0: // too few traces a way to test all together
		return "of " + strconv.Itoa(t.Ways)
	}
	return "of " + strconv.Itoa(t.Ways) + "; their shares differ by no more than chance"
}

// samplerText says how traces were sampled, and what that does to shares.
func (s *Sets) samplerText(i int) string {
	x := &s.c.Samplers[i]
	text := fmt.Sprintf("%s: %d of %d good, %d of %d bad", draw.Escape(x.Text), x.Traces[views.Good], s.c.Of[views.Good].Traces, x.Traces[views.Bad], s.c.Of[views.Bad].Traces)
	if x.Tail {
		return text + "; chosen after they ended, so failed and slow traces are more than their share of the traffic"
	}
	return text
}

// durationSigned writes a difference that was computed.
func durationSigned(ns float64) string { return draw.DurationSigned(int64(ns)) }
