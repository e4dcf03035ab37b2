package layered

import (
	"cmp"
	"math"
	"slices"
)

// Sizes says how large everything is, in cells.
type Sizes struct {
	Width  []int // of each node
	Height []int // of each node
	Port   int   // line of a node where edges begin and end; Height is at least Port+2
	Merge  bool  // edges end at one line of their node, else each at its own below Port, as far as Height reaches
	Label  []int // by edge: what is to be free before its right end
	Gap    int   // lines between nodes
	Pitch  int   // columns from one vertical line to the next, at least 1
}

// Placement is where everything is.
type Placement struct {
	W, H int
	X, Y []int // of each node
	// Paths are the corners of each edge from its left end, behind one node, to its right end, before the other.
	Paths [][]Point
	// Shared counts runs of lines that two edges without a common end have to share: they can be misread.
	Shared int
}

// Point is a cell.
type Point struct{ X, Y int }

// Place places what was arranged. Where lines would have to share a run, every other layer is moved down a little, which
// parts most of them.
func (l *Layers) Place(s *Sizes) *Placement {
	pieces := l.ports(s)
	top := l.rows(s, pieces)
	best := l.placed(s, pieces, top)
	for nudge := 1; nudge <= mostNudge && best.Shared > 0; nudge++ {
		moved := slices.Clone(top)
		for unit := range moved {
			moved[unit] += l.Layer[unit] % 2 * nudge
		}
		if p := l.placed(s, pieces, moved); p.Shared < best.Shared {
			best = p
		}
	}
	return best
}

// mostNudge is how many lines layers are moved down at most.
const mostNudge = 3

// placed places everything, with the first lines of all units given.
func (l *Layers) placed(s *Sizes, pieces [][]piece, top []int) *Placement {
	p := &Placement{X: make([]int, l.Nodes), Y: make([]int, l.Nodes), Paths: make([][]Point, len(l.Chain))}
	copy(p.Y, top)
	for unit, y := range top {
		p.H = max(p.H, y+l.height(s, unit))
	}
	l.columns(s, pieces, top, p)
	return p
}

func (l *Layers) height(s *Sizes, unit int) int {
	if l.Dummy(unit) {
		return 1
	}
	return s.Height[unit]
}

// piece is the part of an edge between two layers.
type piece struct {
	edge, from, to int // units
	out, in        int // lines of these units where it begins and ends
	last           bool
}

// ports finds the pieces of all edges, by the layer that they leave, and the lines where they begin and end.
func (l *Layers) ports(s *Sizes) [][]piece {
	place := make([]int, len(l.Layer))
	for _, units := range l.Order {
		number(units, place)
	}
	pieces := make([][]piece, max(len(l.Order)-1, 0))
	for i, chain := range l.Chain {
		for k := 1; k < len(chain); k++ {
			one := piece{edge: i, from: chain[k-1], to: chain[k], last: k == len(chain)-1}
			if k == 1 {
				one.out = s.Port
				if l.Back[i] {
					one.out++
				}
			}
			if one.last {
				one.in = s.Port
				if l.Back[i] {
					one.in++
				}
			}
			pieces[l.Layer[chain[k-1]]] = append(pieces[l.Layer[chain[k-1]]], one)
		}
	}
	for _, layer := range pieces {
		slices.SortStableFunc(layer, func(a, b piece) int {
			return cmp.Or(cmp.Compare(place[a.to], place[b.to]), cmp.Compare(place[a.from], place[b.from]), cmp.Compare(a.out, b.out))
		})
		if s.Merge {
			continue
		}
		for i := range layer {
			one := &layer[i]
			if !one.last {
				continue
			}
			one.in = s.Port
			if i > 0 && layer[i-1].to == one.to {
				one.in = min(layer[i-1].in+1, s.Height[one.to]-1-s.Port)
			}
		}
	}
	return pieces
}

// How hard an edge pulls to be straight, by how many of its ends are places where an edge passes through.
var pull = [...]float64{1, 2, 8}

// rounds is how often rows are moved towards each other.
const rounds = 8

// rows finds the first line of each unit: as near to where its edges are straight as the order in its layer allows. No
// layer is stretched beyond the tallest one.
func (l *Layers) rows(s *Sizes, pieces [][]piece) []int {
	type link struct {
		unit, shift int // the other unit, and how much lower than it this one is where the edge is straight
		pull        float64
	}
	before, behind := make([][]link, len(l.Layer)), make([][]link, len(l.Layer))
	for _, layer := range pieces {
		for _, one := range layer {
			dummies := 0
			for _, unit := range []int{one.from, one.to} {
				if l.Dummy(unit) {
					dummies++
				}
			}
			before[one.to] = append(before[one.to], link{one.from, one.out - one.in, pull[dummies]})
			behind[one.from] = append(behind[one.from], link{one.to, one.in - one.out, pull[dummies]})
		}
	}
	offset := make([]float64, len(l.Layer)) // of a unit in its layer, packed
	tall := make([]float64, len(l.Order))
	tallest := 0.
	for i, units := range l.Order {
		for k, unit := range units {
			if k > 0 && !(l.Dummy(unit) && l.Dummy(units[k-1])) {
				tall[i] += float64(s.Gap)
			}
			offset[unit] = tall[i]
			tall[i] += float64(l.height(s, unit))
		}
		tallest = max(tallest, tall[i])
	}
	top := make([]float64, len(l.Layer))
	for i, units := range l.Order {
		for _, unit := range units {
			top[unit] = offset[unit] + math.Floor((tallest-tall[i])/2)
		}
	}
	var blocks []block
	settle := func(i int, links [][]link) {
		blocks = blocks[:0]
		for _, unit := range l.Order[i] {
			want, weight := top[unit], 0.01
			if list := links[unit]; len(list) > 0 {
				slices.SortStableFunc(list, func(a, b link) int {
					return cmp.Compare(top[a.unit]+float64(a.shift), top[b.unit]+float64(b.shift))
				})
				weight = 0
				for _, k := range list {
					weight += k.pull
				}
				half := weight / 2
				for _, k := range list { // the median: one edge at least is straight
					want = top[k.unit] + float64(k.shift)
					if half -= k.pull; half <= 0 {
						break
					}
				}
			}
			blocks = push(blocks, block{want - offset[unit], weight, 1})
		}
		at := 0
		for _, b := range blocks {
			shift := math.Round(min(max(b.at, 0), tallest-tall[i]))
			for range b.units {
				unit := l.Order[i][at]
				top[unit] = shift + offset[unit]
				at++
			}
		}
	}
	for range rounds {
		for i := 1; i < len(l.Order); i++ {
			settle(i, before)
		}
		for i := len(l.Order) - 2; i >= 0; i-- {
			settle(i, behind)
		}
	}
	rows := make([]int, len(top))
	for unit, y := range top {
		rows[unit] = int(y)
	}
	return rows
}

// A block is a run of units of a layer that touch each other.
type block struct {
	at, weight float64
	units      int
}

// push adds a unit below others. What would overlap moves together, to the weighted mean of where it wants to be: pool
// adjacent violators, which is the least squares solution.
func push(blocks []block, b block) []block {
	for len(blocks) > 0 && blocks[len(blocks)-1].at > b.at {
		last := blocks[len(blocks)-1]
		blocks = blocks[:len(blocks)-1]
		weight := last.weight + b.weight
		b = block{(last.at*last.weight + b.at*b.weight) / weight, weight, last.units + b.units}
	}
	return append(blocks, b)
}
