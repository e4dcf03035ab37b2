package stats

import "slices"

// Groups are values in groups, kept together: millions of groups of one value are as cheap as one group of a million.
// The zero value is empty.
type Groups struct {
	values []int64
	groups []int32 // of each value
}

// Add adds a value to a group, a small number from 0.
func (g *Groups) Add(group int32, value int64) {
	g.values, g.groups = append(g.values, value), append(g.groups, group)
}

// Sorted calls each with the values of each of n groups, sorted. The values may be used until it returns.
func (g *Groups) Sorted(n int, each func(group int, sorted []int64)) {
	next := make([]int, n+1) // where the values of a group begin
	for _, at := range g.groups {
		next[at+1]++
	}
	for at := 1; at <= n; at++ {
		next[at] += next[at-1]
	}
	sorted := make([]int64, len(g.values))
	for i, at := range g.groups {
		sorted[next[at]] = g.values[i]
		next[at]++
	}
	from := 0
	for at := range n {
		slices.Sort(sorted[from:next[at]])
		each(at, sorted[from:next[at]])
		from = next[at]
	}
}
