package compare

// moved marks subtrees that are missing at one place and added, with the same operations, at another: whole ones,
// and, where spans are missing from an export, what hung below them.
func (a *aligner) moved() {
	missing := map[uint64]int{}
	for _, top := range [...]bool{true, false} {
		for i := range a.nodes {
			if n := &a.nodes[i]; n.Presence == Missing && !n.Level && a.top(i) == top {
				shape := a.good.Calls[n.good].Shape
				if _, twice := missing[shape]; !twice {
					missing[shape] = i
				}
			}
		}
	}
	for _, top := range [...]bool{true, false} {
		for i := range a.nodes {
			n := &a.nodes[i]
			if n.Presence != Added || n.Level || a.top(i) != top {
				continue
			}
			from, ok := missing[a.bad.Calls[n.bad].Shape]
			if ok && a.nodes[from].Moved < 0 && (a.top(from) || a.loose(i)) && (top || a.loose(from)) {
				n.Moved, a.nodes[from].Moved = from, i
			}
		}
	}
}

// top reports whether a node is the highest of its kind: its parent is on both sides, or a level.
func (a *aligner) top(i int) bool {
	p := a.nodes[i].Parent
	return p < 0 || a.nodes[p].Level || a.nodes[p].Presence != a.nodes[i].Presence
}

// loose reports whether a node that one side has hangs at the top because its parent is missing from the export.
func (a *aligner) loose(i int) bool {
	t := a.good
	if a.nodes[i].Presence == Added {
		t = a.bad
	}
	return a.nodes[i].Parent == 0 && t.Facts.Trace.First() > 0
}
