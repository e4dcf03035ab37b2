package compare

import (
	"cmp"
	"slices"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/patterns"
)

// fewKids is up to how many children a list is searched rather than indexed.
const fewKids = 12

// exact pairs equal operations; grouping has left none twice.
func (m *matching) exact() {
	var places map[int32]int
	if max(len(m.good.kids), len(m.bad.kids)) > fewKids {
		places = make(map[int32]int, len(m.bad.kids))
		for k := range m.bad.kids {
			places[m.bad.call(k).Key] = k
		}
	}
	paired := 0
	for i := range m.good.kids {
		key := m.good.call(i).Key
		k, ok := places[key]
		for n := 0; places == nil && !ok && n < len(m.bad.kids); n++ {
			k, ok = n, m.bad.call(n).Key == key
		}
		if ok {
			m.pair(i, k)
			paired++
		}
	}
	m.unpaired = paired < len(m.good.kids) && paired < len(m.bad.kids)
}

// The bounds of relaxed matching.
const (
	relaxedLeast = 0.6
	levelLeast   = 0.8
	relaxedMost  = 200 // unmatched children a side; more are paired by exact keys only
	renamedLeast = 0.5 // of the calls below, where only one child of each side is left
)

// candidate is a pair of places that could match.
type candidate struct {
	i, k  int
	score float64
}

// relax pairs what is left by likeness. Where both sides make one call after the other, the pairs that keep the
// order and are alike the most come first; then the best pairs, in order of the calls among equals.
func (m *matching) relax() {
	if !m.unpaired {
		return
	}
	gs, bs := m.good.open(), m.bad.open()
	if len(gs) == 0 || len(bs) == 0 || len(gs) > relaxedMost || len(bs) > relaxedMost {
		return
	}
	scores := make([]float64, len(gs)*len(bs))
	var list []candidate
	for x, i := range gs {
		for y, k := range bs {
			if s := m.a.likeness(m.good.kids[i], m.bad.kids[k]); s >= relaxedLeast {
				scores[x*len(bs)+y] = s
				list = append(list, candidate{i, k, s})
			}
		}
	}
	if len(list) > 1 && oneByOne(m.a.good, m.good.kids) && oneByOne(m.a.bad, m.bad.kids) {
		m.inOrder(gs, bs, scores)
	}
	slices.SortFunc(list, func(x, y candidate) int {
		if m.a.mirrored {
			return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.k, y.k), cmp.Compare(x.i, y.i))
		}
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.i, y.i), cmp.Compare(x.k, y.k))
	})
	for n, c := range list {
		if m.good.to[c.i] >= 0 || m.bad.to[c.k] >= 0 {
			continue
		}
		if n+1 < len(list) && list[n+1].score == c.score && (list[n+1].i == c.i || list[n+1].k == c.k) {
			m.a.ambiguous++
		}
		m.pair(c.i, c.k)
	}
	m.lastOfEach()
}

// oneByOne reports whether calls are made one after the other.
func oneByOne(t *calltree.Tree, kids []int32) bool {
	spans := make([]int, len(kids))
	for n, k := range kids {
		spans[n] = t.Calls[k].Members[0]
	}
	how, _ := patterns.Arrange(t.Facts, spans)
	return how == patterns.Sequential
}

// inOrder pairs by the heaviest alignment that keeps the order (Needleman and Wunsch, gaps free).
func (m *matching) inOrder(gs, bs []int, scores []float64) {
	wide := len(bs) + 1
	best := make([]float64, (len(gs)+1)*wide)
	for x := range gs {
		for y := range bs {
			at := (x+1)*wide + y + 1
			best[at] = max(best[at-1], best[at-wide])
			if s := scores[x*len(bs)+y]; s > 0 {
				best[at] = max(best[at], best[at-wide-1]+s)
			}
		}
	}
	for x, y := len(gs), len(bs); x > 0 && y > 0; {
		at := x*wide + y
		switch above, left := best[at] == best[at-wide], best[at] == best[at-1]; {
		case above && !(left && m.a.mirrored):
			x--
		case left:
			y--
		default:
			x, y = x-1, y-1
			m.pair(gs[x], bs[y])
		}
	}
}

// lastOfEach pairs the only children of both sides that are left, when they are the same sort of call to the same
// place and make mostly the same calls: renamed beyond likeness.
func (m *matching) lastOfEach() {
	gs, bs := m.good.open(), m.bad.open()
	if len(gs) != 1 || len(bs) != 1 {
		return
	}
	g, b := m.good.call(gs[0]), m.bad.call(bs[0])
	x, y := m.a.good.Op(m.good.kids[gs[0]]), m.a.bad.Op(m.bad.kids[bs[0]])
	if x.Service == y.Service && x.Class == y.Class && x.Peer == y.Peer && len(g.Kids) > 0 && len(b.Kids) > 0 &&
		m.a.overlap(g, b) >= renamedLeast {
		m.pair(gs[0], bs[0])
	}
}
