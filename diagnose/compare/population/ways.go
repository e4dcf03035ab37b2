package population

// shapeGroup is the traces of one shape.
type shapeGroup struct {
	entry   int32
	k, of   [2]int       // traces of the shape, and of its entry operation
	took    [2][]float64 // ns, by trace
	example [2]int32
	p, q    float64
	pace    *Measure // of what its traces took, where they can be tested
}

// mean returns what the traces of a side took, in ns.
func (g *shapeGroup) mean(side int) float64 {
	sum := 0.0
	for _, took := range g.took[side] {
		sum += took
	}
	return sum / float64(max(g.k[side], 1))
}

// change returns by how much the share of the shape among its entry operation's traces grew, −1 to 1.
func (g *shapeGroup) change() float64 {
	return float64(g.k[1])/float64(g.of[1]) - float64(g.k[0])/float64(g.of[0])
}

// ways are what traces did: for each entry operation the groups of those of one shape.
type ways struct {
	*population
	c      *Comparison
	groups []*shapeGroup
	way    []*shapeGroup // by trace: its group
}

// group groups the traces of each entry operation, in order of the first of each.
func (p *ways) group() {
	type id struct {
		entry int32
		shape uint64
	}
	var known inOrder[id, shapeGroup]
	for i, shape := range p.shape {
		g, side := known.of(id{p.entry[i], shape}), p.sideOf(int32(i))
		g.entry, g.of = p.entry[i], p.of[p.entry[i]]
		if g.k[side] == 0 {
			g.example[side] = int32(i)
		}
		g.k[side]++
		g.took[side] = append(g.took[side], float64(p.all[i].Total()))
		p.way = append(p.way, g)
	}
	for _, g := range known.all {
		p.groups = append(p.groups, g)
	}
}
