package compare

import (
	"cmp"
	"slices"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/patterns"
	"tracefall/sources/spelling"
)

// matching pairs the children of two matched nodes.
type matching struct {
	a         *aligner
	good, bad side
	unpaired  bool // something is left after exact matching
}

// side is one of the two lists being matched.
type side struct {
	t      *calltree.Tree
	kids   []int32
	to     []int   // by place in kids: place on the other side, -1 none
	inside []bool  // by place: inside a level that the other side has
	levels *levels // nil for none
}

// of lists the children of a node, in the memory of the last matching.
func (s *side) of(t *calltree.Tree, node int32) {
	s.t, s.kids, s.levels = t, t.Calls[node].Kids, nil
	n := len(s.kids)
	s.to, s.inside = slices.Grow(s.to[:0], n)[:n], slices.Grow(s.inside[:0], n)[:n]
	for i := range s.to {
		s.to[i] = -1
	}
	clear(s.inside)
}

func (s *side) call(i int) *calltree.Call { return &s.t.Calls[s.kids[i]] }

// open lists the places of children that have no counterpart yet and are no level.
func (s *side) open() []int {
	var list []int
	for i, k := range s.to {
		if k < 0 && !s.inside[i] && s.levels.of(s.kids[i]) == nil {
			list = append(list, i)
		}
	}
	return list
}

func (m *matching) pair(i, k int) { m.good.to[i], m.bad.to[k] = k, i }

// fewKids is up to how many children a list is searched rather than indexed.
const fewKids = 12

// exact pairs equal operations; grouping has left none twice.
func (m *matching) exact() {
	paired := 0
	if len(m.good.kids) <= fewKids && len(m.bad.kids) <= fewKids {
		for i := range m.good.kids {
			for k := range m.bad.kids {
				if m.good.call(i).Key == m.bad.call(k).Key {
					m.pair(i, k)
					paired++
					break
				}
			}
		}
	} else {
		places := make(map[int32]int, len(m.bad.kids))
		for k := range m.bad.kids {
			places[m.bad.call(k).Key] = k
		}
		for i := range m.good.kids {
			if k, ok := places[m.good.call(i).Key]; ok {
				m.pair(i, k)
				paired++
			}
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
	if len(list) > 1 && m.sequential() {
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

// sequential reports whether both sides make their calls one after the other.
func (m *matching) sequential() bool {
	return oneByOne(m.a.good, m.good.kids) && oneByOne(m.a.bad, m.bad.kids)
}

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

// The weights of likeness: the name counts most, then the service, class and peer, and what is called.
const (
	weightName    = 0.45
	weightService = 0.25
	weightPeer    = 0.15
	weightBelow   = 0.15
	nameLeast     = 0.8 // Levenshtein ratio under which names have nothing in common
)

// likeness scores two calls with different operations, 0 to 1. Scores under relaxedLeast are not worked out.
func (a *aligner) likeness(good, bad int32) float64 {
	x, y := a.good.Op(good), a.bad.Op(bad)
	score := 0.0
	if x.Service == y.Service {
		score += weightService
	}
	if x.Class == y.Class && x.Peer == y.Peer {
		score += weightPeer
	}
	if score+weightName+weightBelow < relaxedLeast {
		return score
	}
	ratio := similarity(x.Label(), y.Label())
	if ratio >= nameLeast {
		score += weightName * ratio
	}
	if score+weightBelow < relaxedLeast {
		return score
	}
	return score + weightBelow*a.overlap(&a.good.Calls[good], &a.bad.Calls[bad])
}

// overlap is the Jaccard index of the operations that two calls make themselves; two leaves are alike.
func (a *aligner) overlap(g, b *calltree.Call) float64 {
	if len(g.Kids) == 0 && len(b.Kids) == 0 {
		return 1
	}
	seen := make(map[int32]bool, len(g.Kids))
	for _, k := range g.Kids {
		seen[a.good.Calls[k].Key] = true
	}
	both := 0
	for _, k := range b.Kids {
		if seen[a.bad.Calls[k].Key] {
			both++
		}
	}
	return float64(both) / float64(len(g.Kids)+len(b.Kids)-both)
}

// similarity is 1 − the Levenshtein distance over the length of the longer text, on bytes; 0 where it is below
// nameLeast.
func similarity(a, b string) float64 {
	if a == b {
		return 1
	}
	const most = 256 // of either text; longer ones differ enough within it
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	longer := max(len(a), len(b))
	allowed := longer / 5 // 1 − nameLeast
	if longer-min(len(a), len(b)) > allowed || lettersApart(a, b) > 2*allowed {
		return 0
	}
	apart := spelling.Distance([]byte(a), []byte(b), allowed+1, false)
	if apart > allowed {
		return 0
	}
	return 1 - float64(apart)/float64(longer)
}

// lettersApart is how many letters of both texts have no partner in the other, wherever they stand: at most twice
// the Levenshtein distance, and soon known.
func lettersApart(a, b string) int {
	var counts [256]int
	for i := range len(a) {
		counts[a[i]]++
	}
	for i := range len(b) {
		counts[b[i]]--
	}
	apart := 0
	for _, n := range counts {
		apart += max(n, -n)
	}
	return apart
}
