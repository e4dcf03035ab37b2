package layered

import (
	"cmp"
	"slices"
)

// sweeps is how often the layers are put into a new order: more change little.
const sweeps = 12

// order puts the units of each layer into an order with few crossings: from left to right and back again, each unit goes
// to the mean place of its neighbours in the layer before, and the best order of all is kept.
func (l *Layers) order() {
	layers := 0
	for _, at := range l.Layer {
		layers = max(layers, at+1)
	}
	l.Order = make([][]int, layers)
	l.firstOrder()
	place := make([]int, len(l.Layer))
	for _, units := range l.Order {
		number(units, place)
	}
	best, least := l.copyOrder(), l.crossings(place)
	for sweep := 0; sweep < sweeps && least > 0; sweep++ {
		if sweep%2 == 0 {
			for i := 1; i < layers; i++ {
				sortByMean(l.Order[i], l.left, place)
			}
		} else {
			for i := layers - 2; i >= 0; i-- {
				sortByMean(l.Order[i], l.right, place)
			}
		}
		if n := l.crossings(place); n < least {
			best, least = l.copyOrder(), n
		}
	}
	l.Order = best
}

// firstOrder lists the units as a search in depth meets them, so that what belongs together begins together.
func (l *Layers) firstOrder() {
	seen := make([]bool, len(l.Layer))
	var open []int
	visit := func(unit int) {
		for open = append(open, unit); len(open) > 0; {
			at := open[len(open)-1]
			open = open[:len(open)-1]
			if seen[at] {
				continue
			}
			seen[at] = true
			l.Order[l.Layer[at]] = append(l.Order[l.Layer[at]], at)
			for _, to := range slices.Backward(l.right[at]) {
				open = append(open, to)
			}
		}
	}
	for unit := range l.Nodes {
		if len(l.left[unit]) == 0 && len(l.right[unit]) > 0 {
			visit(unit)
		}
	}
	for unit := range l.Nodes {
		visit(unit) // those with no edge come last
	}
}

func (l *Layers) copyOrder() [][]int {
	all := make([][]int, len(l.Order))
	for i, units := range l.Order {
		all[i] = slices.Clone(units)
	}
	return all
}

// number notes the place of each unit in its layer.
func number(units, place []int) {
	for i, unit := range units {
		place[unit] = i
	}
}

// sortByMean sorts a layer by the mean place of each unit's neighbours; a unit without any stays where it is.
func sortByMean(units []int, neighbours [][]int, place []int) {
	type ranked struct {
		unit int
		mean float64
	}
	var moving []ranked
	var where []int // the places that they share out among them
	for i, unit := range units {
		if len(neighbours[unit]) == 0 {
			continue
		}
		sum := 0
		for _, to := range neighbours[unit] {
			sum += place[to]
		}
		moving = append(moving, ranked{unit, float64(sum) / float64(len(neighbours[unit]))})
		where = append(where, i)
	}
	slices.SortStableFunc(moving, func(a, b ranked) int { return cmp.Compare(a.mean, b.mean) })
	for i, m := range moving {
		units[where[i]] = m.unit
	}
	number(units, place)
}

// crossings counts the pairs of edges that cross between neighbouring layers, after Barth, Jünger and Mutzel, "Simple and
// Efficient Bilayer Cross Counting" (2002).
func (l *Layers) crossings(place []int) int {
	count := 0
	for i := 1; i < len(l.Order); i++ {
		tree := make([]int, len(l.Order[i])+1) // Fenwick: how many edges met so far end at each place
		met := 0
		var ends []int
		for _, unit := range l.Order[i-1] {
			ends = ends[:0]
			for _, to := range l.right[unit] {
				ends = append(ends, place[to])
			}
			slices.Sort(ends)
			for _, end := range ends {
				upTo := 0
				for k := end + 1; k > 0; k -= k & -k {
					upTo += tree[k]
				}
				count += met - upTo
			}
			for _, end := range ends {
				for k := end + 1; k < len(tree); k += k & -k {
					tree[k]++
				}
			}
			met += len(ends)
		}
	}
	return count
}
