package flame

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"tracefall/views/draw"
)

// ranks are the operations that have most of their own below a node, wherever they are called: most self time, or what
// changed most.
type ranks struct {
	g    *graph
	top  int32
	by   measure
	list []rank
	at   int     // that the cursor went to last, of the list
	all  float64 // what all operations of the graph have of their own: the whole of the shares, as in statistics
}

// rank is an operation: all of its frames.
type rank struct {
	key    int32
	node   int32 // its widest frame
	amount float64
}

// mostRanks is how many operations are kept.
const mostRanks = 12

// rankBy returns what operations are ranked by beside a graph of a measure: durations contain each other, so self time
// stands for them.
func rankBy(m measure) measure {
	if m == byTotal {
		return bySelf
	}
	return m
}

// of makes the ranks those of what a walk is zoomed to, from scratch where they were others.
func (r *ranks) of(w *walk) {
	if r.g == w.graph && r.top == w.zoom() && r.by == w.by {
		return
	}
	*r = ranks{g: w.graph, top: w.zoom(), by: w.by}
	g, weight := w.graph, &w.graph.by[rankBy(w.by)]
	own := weight.own
	if weight.delta != nil {
		own = weight.delta
	}
	byKey := make([]rank, len(g.names))
	inside := make([]bool, len(own))
	for n := range own {
		up := g.tree.Nodes[n].Parent
		inside[n] = int32(n) == r.top || up >= 0 && inside[up]
		key := g.tree.Nodes[n].Key
		if !inside[n] || key < 0 {
			continue
		}
		k := &byKey[key]
		if k.node == 0 || weight.width[n] > weight.width[k.node] {
			k.key, k.node = key, int32(n)
		}
		k.amount += own[n]
	}
	for _, n := range own {
		r.all += n
	}
	byKey = slices.DeleteFunc(byKey, func(k rank) bool { return k.node == 0 || k.amount == 0 })
	slices.SortFunc(byKey, func(a, b rank) int {
		return cmp.Or(cmp.Compare(math.Abs(b.amount), math.Abs(a.amount)), cmp.Compare(a.node, b.node))
	})
	r.list = slices.Clone(byKey[:min(len(byKey), mostRanks)])
}

// title is what stands above the ranks: what they are shares of, too.
func (r *ranks) title() string {
	by := rankBy(r.by)
	if r.g.sides == 2 {
		return "LARGEST CHANGES BY " + strings.ToUpper(measureNames[by])
	}
	title := strings.ToUpper(measureNames[by]) + " BY OPERATION"
	if r.top != r.g.base {
		title += ", IN THIS FRAME"
	}
	if by == byCount {
		return title + draw.SegmentGap + "% of " + draw.CountNoun(int(r.all), "span", "spans")
	}
	return title + draw.SegmentGap + "% of " + by.format(r.all) + " " + measureNames[by]
}
