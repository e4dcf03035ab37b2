package compare

import (
	"slices"
	"tracefall/diagnose/compare/calltree"
)

// levels are calls that only one side has and that stand around calls that the other side has too: middleware, a
// proxy, an upgrade of the instrumentation.
//
//	good  handler --> load, save
//	bad   handler --> middleware --> load, save     the level middleware, with load and save inside
type levels struct {
	level  map[int32]bool  // the calls that are levels
	inside map[int32]int32 // by call inside a level: its counterpart on the other side
}

func newLevels() *levels { return &levels{level: map[int32]bool{}, inside: map[int32]int32{}} }

// of returns the levels for a call that is one, else nil.
func (l *levels) of(n int32) *levels {
	if l == nil || !l.level[n] {
		return nil
	}
	return l
}

// below appends the children of a call that one side has: of a level, with what stands inside; of others, alone.
func (l *levels) below(kids []int32, bad bool, list []work) []work {
	for _, k := range kids {
		w := work{good: k, bad: -1, levels: l.of(k)}
		if l != nil {
			if other, ok := l.inside[k]; ok {
				w.bad, w.levels = other, nil
			}
		}
		if bad {
			w.good, w.bad = w.bad, w.good
		}
		list = append(list, w)
	}
	return list
}

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
