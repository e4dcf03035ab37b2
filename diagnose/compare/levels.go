package compare

// The bounds of the search for levels.
const (
	levelDepth = 4  // levels one inside the other
	levelShare = 80 // percent of what a level makes that must have a counterpart
)

// findLevels finds the levels of both sides among the children that have no counterpart.
func (m *matching) findLevels() {
	if !m.unpaired {
		return
	}
	first, second := &m.bad, &m.good
	if m.a.mirrored {
		first, second = second, first
	}
	m.levelsOf(first, second)
	m.levelsOf(second, first)
}

// levelsOf finds the levels of x: does a child that has no counterpart have children that match such children of y?
func (m *matching) levelsOf(x, y *side) {
	xs, ys := x.open(), y.open()
	places := make(map[int32]int, len(ys)) // by key: place in y
	for _, p := range ys {
		if !y.inside[p] {
			places[y.t.Calls[y.kids[p]].Key] = p
		}
	}
	for _, p := range xs {
		if x.inside[p] || len(places) == 0 {
			continue
		}
		var chain []int32
		for at, deep := x.kids[p], 0; deep < levelDepth; deep++ {
			chain = append(chain, at)
			if pairs := m.insideOf(x, at, y, places, len(ys)); pairs != nil {
				if x.levels == nil {
					x.levels = newLevels()
				}
				for _, c := range chain {
					x.levels.level[c] = true
				}
				for kid, place := range pairs {
					x.levels.inside[kid] = y.kids[place]
					y.inside[place] = true
					delete(places, y.t.Calls[y.kids[place]].Key)
				}
				break
			}
			if len(x.t.Calls[at].Kids) != 1 {
				break
			}
			at = x.t.Calls[at].Kids[0]
		}
	}
}

// insideOf matches the children of a call with the open ones of the other side, by key or, for one that carries
// nearly all of its parent, by likeness. It returns the places by child, nil where they are not nearly all of what
// the call makes, in spans or in time.
func (m *matching) insideOf(x *side, at int32, y *side, places map[int32]int, ys int) map[int32]int {
	pairs := map[int32]int{}
	var spans, allSpans, time, allTime int64
	for _, k := range x.t.Calls[at].Kids {
		c := &x.t.Calls[k]
		allSpans, allTime = allSpans+int64(c.Size), allTime+c.Subtree
		if place, ok := places[c.Key]; ok {
			pairs[k] = place
			spans, time = spans+int64(c.Size), time+c.Subtree
		}
	}
	if len(pairs) == 0 && len(x.t.Calls[at].Kids) == 1 && ys <= relaxedMost {
		k := x.t.Calls[at].Kids[0]
		if place := m.mostAlike(k, y, places); place >= 0 {
			return map[int32]int{k: place}
		}
	}
	if len(pairs) == 0 || 100*spans < levelShare*allSpans && (time == 0 || !makes(time, allTime, levelShare)) {
		return nil
	}
	return pairs
}

// mostAlike returns the place of the open call that is most alike, the first among equals, -1 for none.
func (m *matching) mostAlike(k int32, y *side, places map[int32]int) int {
	best, score := -1, 0.0
	for place, n := range y.kids {
		if p, ok := places[y.t.Calls[n].Key]; !ok || p != place {
			continue
		}
		good, bad := n, k
		if y == &m.bad {
			good, bad = k, n
		}
		if s := m.a.likeness(good, bad); s >= levelLeast && s > score {
			best, score = place, s
		}
	}
	return best
}
