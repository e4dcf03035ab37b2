package compare

import (
	"cmp"
	"slices"

	"tracefall/diagnose/facts"
)

// Presence says on which side of a comparison a call is.
type Presence uint8

// The presences.
const (
	Matched Presence = iota
	Added            // only in the bad trace
	Missing          // only in the good trace
)

// Node is a row of the aligned tree. Nodes lie in one pre-order array.
type Node struct {
	Presence   Presence
	Op         facts.Op // of the good side where it is there, else of the bad
	Good       []int    // span indexes in the good trace, one a call
	Bad        []int    // likewise in the bad trace
	Depth      int
	Parent     int  // index, -1 for the root
	End        int  // index after the subtree
	Relaxed    bool // matched although the operations differ: renamed, or another peer
	Moved      int  // index of the node that it moved to or from, -1 for none
	NotReached bool // missing because what comes before it failed
	Level      bool // a level that only one side has, around calls that match

	good, bad int32 // nodes of the trees, -1 for none
}

// aligner walks two trees at once.
type aligner struct {
	good, bad *tree
	nodes     []Node
	ambiguous int
}

// work is a pair of nodes still to be written down; -1 is no node.
type work struct {
	good, bad int32
	parent    int
	relaxed   bool
	level     bool
	kids      []work // decided already, for a level; else found by matching
	decided   bool
}

// align writes the aligned tree. The roots match whatever they are.
func align(good, bad *tree) *aligner {
	a := &aligner{good: good, bad: bad}
	same := keyOf(good.calls[0].op) == keyOf(bad.calls[0].op)
	stack := []work{{good: 0, bad: 0, parent: -1, relaxed: !same}}
	for len(stack) > 0 {
		w := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		at := a.write(w)
		kids := w.kids
		if !w.decided {
			kids = a.children(w.good, w.bad)
		}
		for k := len(kids) - 1; k >= 0; k-- {
			kids[k].parent = at
			stack = append(stack, kids[k])
		}
	}
	a.ends()
	a.moved()
	return a
}

func (a *aligner) write(w work) int {
	n := Node{good: w.good, bad: w.bad, Parent: w.parent, Relaxed: w.relaxed, Level: w.level, Moved: -1}
	if w.parent >= 0 {
		n.Depth = a.nodes[w.parent].Depth + 1
	}
	if w.bad >= 0 {
		n.Presence, n.Op, n.Bad = Added, a.bad.calls[w.bad].op, a.bad.calls[w.bad].members
	}
	if w.good >= 0 {
		n.Presence, n.Op, n.Good = Missing, a.good.calls[w.good].op, a.good.calls[w.good].members
	}
	if w.good >= 0 && w.bad >= 0 {
		n.Presence = Matched
	}
	a.nodes = append(a.nodes, n)
	return len(a.nodes) - 1
}

// ends fills in the subtree ends: going backwards, each node pushes its own to its parent.
func (a *aligner) ends() {
	for i := len(a.nodes) - 1; i >= 0; i-- {
		n := &a.nodes[i]
		n.End = max(n.End, i+1)
		if n.Parent >= 0 {
			p := &a.nodes[n.Parent]
			p.End = max(p.End, n.End)
		}
	}
}

// children matches the children of two nodes, one of which may be missing, and lists the result in the order of
// the good side, what was added after what comes before it in the bad one.
func (a *aligner) children(good, bad int32) []work {
	var gs, bs []int32
	if good >= 0 {
		gs = a.good.calls[good].kids
	}
	if bad >= 0 {
		bs = a.bad.calls[bad].kids
	}
	m := matching{a: a, gs: gs, bs: bs, toBad: fill(len(gs)), toGood: fill(len(bs))}
	if len(gs) > 0 && len(bs) > 0 {
		m.exact()
		m.relax()
	}
	return m.list(m.levels())
}

func fill(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = -1
	}
	return list
}

// matching pairs two lists of children.
type matching struct {
	a       *aligner
	gs, bs  []int32
	toBad   []int // by place in gs: place in bs, -1 none
	toGood  []int
	relaxed map[int]bool // by place in gs
}

func (m *matching) g(i int) *call { return &m.a.good.calls[m.gs[i]] }
func (m *matching) b(i int) *call { return &m.a.bad.calls[m.bs[i]] }

// exact pairs equal operations; grouping has left none twice.
func (m *matching) exact() {
	places := make(map[facts.Op]int, len(m.bs))
	for k := range m.bs {
		places[keyOf(m.b(k).op)] = k
	}
	for i := range m.gs {
		if k, ok := places[keyOf(m.g(i).op)]; ok {
			m.pair(i, k, false)
		}
	}
}

func (m *matching) pair(i, k int, relaxed bool) {
	m.toBad[i], m.toGood[k] = k, i
	if relaxed {
		if m.relaxed == nil {
			m.relaxed = map[int]bool{}
		}
		m.relaxed[i] = true
	}
}

// The bounds of relaxed matching.
const (
	relaxedLeast = 0.6
	levelLeast   = 0.8
	relaxedMost  = 200 // unmatched children a side; more are paired by exact keys only
)

// relax pairs what is left by likeness, the best pairs first; in order of the calls among equals.
func (m *matching) relax() {
	gs, bs := m.open(m.toBad), m.open(m.toGood)
	if len(gs) == 0 || len(bs) == 0 || len(gs) > relaxedMost || len(bs) > relaxedMost {
		return
	}
	type candidate struct {
		i, k  int
		score float64
	}
	var list []candidate
	for _, i := range gs {
		for _, k := range bs {
			if s := m.a.likeness(m.gs[i], m.bs[k]); s >= relaxedLeast {
				list = append(list, candidate{i, k, s})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	for n, c := range list {
		if m.toBad[c.i] >= 0 || m.toGood[c.k] >= 0 {
			continue
		}
		if n+1 < len(list) && list[n+1].score == c.score && (list[n+1].i == c.i || list[n+1].k == c.k) {
			m.a.ambiguous++
		}
		m.pair(c.i, c.k, true)
	}
}

func (m *matching) open(to []int) []int {
	var list []int
	for i, k := range to {
		if k < 0 {
			list = append(list, i)
		}
	}
	return list
}

// likeness scores two calls with different operations: the name counts most, then service, class and peer, and
// what they call.
func (a *aligner) likeness(good, bad int32) float64 {
	g, b := &a.good.calls[good], &a.bad.calls[bad]
	score := 0.0
	switch ratio := similarity(g.op.Label(), b.op.Label()); {
	case ratio == 1:
		score += 0.45
	case ratio >= 0.8:
		score += 0.45 * ratio
	}
	if g.op.Service == b.op.Service {
		score += 0.25
	}
	if g.op.Class == b.op.Class && g.op.Peer == b.op.Peer {
		score += 0.15
	}
	return score + 0.15*a.overlap(g, b)
}

// overlap is the Jaccard index of the operations that two calls make themselves; two leaves are alike.
func (a *aligner) overlap(g, b *call) float64 {
	if len(g.kids) == 0 && len(b.kids) == 0 {
		return 1
	}
	seen := make(map[facts.Op]bool, len(g.kids))
	for _, k := range g.kids {
		seen[keyOf(a.good.calls[k].op)] = true
	}
	both := 0
	for _, k := range b.kids {
		if seen[keyOf(a.bad.calls[k].op)] {
			both++
		}
	}
	return float64(both) / float64(len(g.kids)+len(b.kids)-both)
}

// levels are calls that only one side has, put around a call that the other side has too: outer to inner.
type levels struct {
	bad, good             map[int32]int32 // a bad call around a good one; a good call around a bad one
	insideBad, insideGood map[int32]bool  // the good calls inside bad ones; the bad calls inside good ones
}

// levels finds calls that only one side has and whose only child matches an unmatched call of the other.
func (m *matching) levels() levels {
	l := levels{map[int32]int32{}, map[int32]int32{}, map[int32]bool{}, map[int32]bool{}}
	gs, bs := m.open(m.toBad), m.open(m.toGood)
	for _, k := range bs {
		kid := m.a.bad.onlyKid(m.bs[k])
		for _, i := range gs {
			if kid >= 0 && !l.insideBad[m.gs[i]] && m.a.alike(m.gs[i], kid) {
				l.bad[m.bs[k]], l.insideBad[m.gs[i]] = m.gs[i], true
				break
			}
		}
	}
	for _, i := range gs {
		kid := m.a.good.onlyKid(m.gs[i])
		for _, k := range bs {
			_, level := l.bad[m.bs[k]]
			if kid >= 0 && !level && !l.insideBad[m.gs[i]] && !l.insideGood[m.bs[k]] && m.a.alike(kid, m.bs[k]) {
				l.good[m.gs[i]], l.insideGood[m.bs[k]] = m.bs[k], true
				break
			}
		}
	}
	return l
}

// onlyKid returns the child that carries nearly all of a call, -1 for none.
func (t *tree) onlyKid(n int32) int32 {
	c := &t.calls[n]
	if len(c.kids) == 1 {
		return c.kids[0]
	}
	for _, k := range c.kids {
		if kid := &t.calls[k]; c.subtree > 0 && 10*kid.subtree >= 8*c.subtree {
			return k
		}
	}
	return -1
}

func (a *aligner) alike(good, bad int32) bool {
	return keyOf(a.good.calls[good].op) == keyOf(a.bad.calls[bad].op) || a.likeness(good, bad) >= levelLeast
}

// list writes the pairs down in order.
func (m *matching) list(l levels) []work {
	var out []work
	k := 0
	added := func(until int) {
		for ; k < until; k++ {
			if m.toGood[k] < 0 && !l.insideGood[m.bs[k]] {
				out = append(out, m.a.added(m.bs[k], l))
			}
		}
	}
	for i, g := range m.gs {
		if to := m.toBad[i]; to >= 0 {
			added(to)
			out = append(out, work{good: g, bad: m.bs[to], relaxed: m.relaxed[i]})
		} else if !l.insideBad[g] {
			out = append(out, m.a.missing(g, l))
		}
	}
	added(len(m.bs))
	return out
}

// added writes a call that only the bad side has. Around a level the good side's call stands inside, aligned.
func (a *aligner) added(bad int32, l levels) work {
	inner, level := l.bad[bad]
	w := work{good: -1, bad: bad, level: level, decided: level}
	if !level {
		return w
	}
	kid := a.bad.onlyKid(bad)
	for _, c := range a.bad.calls[bad].kids {
		switch c {
		case kid:
			w.kids = append(w.kids, a.pairOf(inner, c))
		default:
			w.kids = append(w.kids, work{good: -1, bad: c})
		}
	}
	return w
}

// missing is added for the other side.
func (a *aligner) missing(good int32, l levels) work {
	inner, level := l.good[good]
	w := work{good: good, bad: -1, level: level, decided: level}
	if !level {
		return w
	}
	kid := a.good.onlyKid(good)
	for _, c := range a.good.calls[good].kids {
		switch c {
		case kid:
			w.kids = append(w.kids, a.pairOf(c, inner))
		default:
			w.kids = append(w.kids, work{good: c, bad: -1})
		}
	}
	return w
}

func (a *aligner) pairOf(good, bad int32) work {
	return work{good: good, bad: bad, relaxed: keyOf(a.good.calls[good].op) != keyOf(a.bad.calls[bad].op)}
}

// moved marks subtrees that are missing at one place and added, with the same operations, at another.
func (a *aligner) moved() {
	missing := map[uint64]int{}
	for i := range a.nodes {
		if n := &a.nodes[i]; n.Presence == Missing && a.top(i) {
			if _, twice := missing[a.good.calls[n.good].shape]; !twice {
				missing[a.good.calls[n.good].shape] = i
			}
		}
	}
	for i := range a.nodes {
		n := &a.nodes[i]
		if n.Presence != Added || !a.top(i) {
			continue
		}
		if from, ok := missing[a.bad.calls[n.bad].shape]; ok && a.nodes[from].Moved < 0 {
			n.Moved, a.nodes[from].Moved = from, i
		}
	}
}

// top tells whether a node is the highest of its kind: its parent is on both sides.
func (a *aligner) top(i int) bool {
	p := a.nodes[i].Parent
	return !a.nodes[i].Level && (p < 0 || a.nodes[p].Presence != a.nodes[i].Presence)
}

// similarity is 1 − the Levenshtein distance over the length of the longer text, on bytes.
func similarity(a, b string) float64 {
	if a == b {
		return 1
	}
	const most = 256 // of either text; longer ones differ enough within it
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	longer := max(len(a), len(b))
	if longer == 0 || 5*min(len(a), len(b)) < 4*longer {
		return 0 // below 0.8 whatever they hold
	}
	row := make([]int, len(b)+1)
	for k := range row {
		row[k] = k
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for k := range len(b) {
			change := diagonal
			if a[i] != b[k] {
				change++
			}
			diagonal = row[k+1]
			row[k+1] = min(row[k+1]+1, row[k]+1, change)
		}
	}
	return 1 - float64(row[len(b)])/float64(longer)
}
