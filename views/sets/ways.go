package sets

import (
	"fmt"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/views/draw"
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
func (s *compared) wayOf(item int) setWay {
	if at := item - len(s.c.Shapes); at >= 0 {
		p := &s.c.Paces[at]
		w := setWay{kind: "faster", k: [2]int{p.Good, p.Bad}, of: p.Of, cost: p.Cost, q: p.Times.LeastQ(), message: p.Message}
		if p.Cost > 0 {
			w.kind, w.gained = "slower", true
		}
		w.sum = fmt.Sprintf("%d × %s", p.Bad, draw.DurationSigned(int64(p.Times.Mean[1]-p.Times.Mean[0])))
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

// costs are those of all ways in a table: in the precision of the largest.
func (s *compared) costs() (times draw.Durations) {
	for i := range s.c.Shapes {
		times.Longest = max(times.Longest, compare.Abs(s.c.Shapes[i].Cost))
	}
	for i := range s.c.Paces {
		times.Longest = max(times.Longest, compare.Abs(s.c.Paces[i].Cost))
	}
	return times
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
	return draw.PercentOf(float64(w.k[side]) / float64(max(w.of[side], 1)))
}

// setShare is the width of a share in percent.
const setShare = 5

// setShares is the width of those of both sides with an arrow between.
const setShares = setShare + 3 + setShare

// setWayRoom is the width from which it is shown how the cost of a way comes about.
const setWayRoom = 100
