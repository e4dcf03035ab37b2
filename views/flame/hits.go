package flame

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// hits are the frames that a search found.
type hits struct {
	names []bool  // by key: the operation matches; nil where nothing is looked for
	nodes []int32 // the widest first
	takes float64 // what those take that lie below no other; of two sides how wide they are
}

// findHits looks for a text in services and operations.
func findHits(w *walk, text string) hits {
	text = prompt.LowerASCII(strings.TrimSpace(text))
	if text == "" || w.graph == nil {
		return hits{}
	}
	h := hits{names: make([]bool, len(w.graph.names))}
	for key, name := range w.graph.names {
		h.names[key] = strings.Contains(prompt.LowerASCII(name.service+" "+name.operation), text)
	}
	h.weigh(w)
	return h
}

// has reports whether a node was found.
func (h *hits) has(g *graph, node int32) bool {
	key := g.tree.Nodes[node].Key
	return key >= 0 && int(key) < len(h.names) && h.names[key]
}

// weigh lists what was found, by the measure in force.
func (h *hits) weigh(w *walk) {
	h.nodes, h.takes = nil, 0
	if h.names == nil {
		return
	}
	width := w.graph.by[w.by].width
	inside := make([]bool, len(width)) // the node or one above it was found
	for n := 1; n < len(inside); n++ {
		up := inside[w.graph.tree.Nodes[n].Parent]
		inside[n] = up
		if h.has(w.graph, int32(n)) {
			inside[n] = true
			h.nodes = append(h.nodes, int32(n))
			switch {
			case up:
			case w.graph.sides == 1:
				h.takes += w.amount(int32(n), 0)
			default:
				h.takes += width[n]
			}
		}
	}
	slices.SortStableFunc(h.nodes, func(a, b int32) int { return cmp.Compare(width[b], width[a]) })
}

// text says how much a search found.
func (h *hits) text(w *walk) string {
	if len(h.nodes) == 0 {
		return "no frame matches"
	}
	share := w.shareOf(h.takes)
	if w.graph.sides == 2 {
		share = percent(h.takes, w.graph.by[w.by].width[w.graph.base]) + " of " + w.whole()
	}
	return draw.Amount(len(h.nodes), "frame") + ", " + share
}

// failures lists the frames with errors that no frame below them has, the widest first: where errors begin.
func failures(w *walk) []int32 {
	g, width := w.graph, w.graph.by[w.by].width
	above := make([]bool, len(width)) // some node below failed
	var list []int32
	for n := len(above) - 1; n > 0; n-- {
		failed := g.failed(int32(n)) > 0
		if failed && !above[n] {
			list = append(list, int32(n))
		}
		if failed || above[n] {
			above[g.tree.Nodes[n].Parent] = true
		}
	}
	slices.SortStableFunc(list, func(a, b int32) int { return cmp.Or(cmp.Compare(width[b], width[a]), cmp.Compare(a, b)) })
	return list
}
