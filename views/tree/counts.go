package tree

import (
	"sort"

	"tracefall/views/draw"
)

// Counts answers how many nodes of a range have a property, and where the next one is. Element i is the number of such
// nodes before node i, so that a subtree is counted by one subtraction.
type Counts []uint32

// CountFunc makes the counts of what has a property, for n nodes.
func CountFunc(n int, has func(i int) bool) Counts {
	c := make(Counts, n+1)
	for i := range n {
		c[i+1] = c[i]
		if has(i) {
			c[i+1]++
		}
	}
	return c
}

// Count makes the counts of what is set in list, for n nodes.
func Count(list []bool, n int) Counts {
	return CountFunc(n, func(i int) bool { return i < len(list) && list[i] })
}

// Both makes the counts of what has two properties.
func Both(a, b Counts) Counts {
	return CountFunc(len(a)-1, func(i int) bool { return a.Has(i) && b.Has(i) })
}

// In returns how many of the nodes from..to-1 have the property.
func (c Counts) In(from, to int) int { return int(c[to] - c[from]) }

// Has reports whether node i has the property.
func (c Counts) Has(i int) bool { return c[i+1] != c[i] }

// Total returns how many nodes have the property.
func (c Counts) Total() int {
	if len(c) == 0 {
		return 0
	}
	return int(c[len(c)-1])
}

// Words says which of the nodes with a property node i is, or, of one that does not have it and of -1, how many there are.
func (c Counts) Words(i int, one, many string) string {
	if i < 0 || !c.Has(i) {
		return draw.CountNoun(c.Total(), one, many)
	}
	return one + " " + draw.Count(int(c[i])+1) + " of " + draw.Count(c.Total())
}

// Next returns the first node behind node i (-1 to begin with) that has the property, -1 for none.
func (c Counts) Next(i int) int {
	k := sort.Search(len(c), func(k int) bool { return c[k] > c[i+1] })
	if k == len(c) {
		return -1
	}
	return k - 1
}

// Prev returns the last node before node i that has the property, -1 for none.
func (c Counts) Prev(i int) int {
	if c[i] == 0 {
		return -1
	}
	return sort.Search(len(c), func(k int) bool { return c[k] >= c[i] }) - 1
}

// Jump returns the next or the previous node with a property, -1 for none. At the end it begins again, and says so.
func (c Counts) Jump(at int, forward bool, name string) (to int, said string) {
	if forward {
		if to = c.Next(at); to < 0 {
			to, said = c.Next(-1), "no "+name+" below: back to the first"
		}
	} else if to = c.Prev(at); to < 0 {
		to, said = c.Prev(len(c)-1), "no "+name+" above: back to the last"
	}
	switch {
	case to < 0:
		said = "there is no " + name
	case said != "" && c.Total() == 1:
		said = "this is the only " + name
	}
	return to, said
}

// Set is a set of nodes.
type Set []uint64

// NewSet returns an empty set for n nodes.
func NewSet(n int) Set { return make(Set, (n+63)/64) }

// Has reports whether node i is in the set.
func (s Set) Has(i int) bool { return s[i>>6]&(1<<(i&63)) != 0 }

// Add puts node i into the set.
func (s Set) Add(i int) { s[i>>6] |= 1 << (i & 63) }

// Remove takes node i out of the set.
func (s Set) Remove(i int) { s[i>>6] &^= 1 << (i & 63) }

// Put adds node i, or removes it.
func (s Set) Put(i int, in bool) {
	if in {
		s.Add(i)
	} else {
		s.Remove(i)
	}
}

// Fill puts every node into the set.
func (s Set) Fill() {
	for i := range s {
		s[i] = ^uint64(0)
	}
}

// All yields the nodes from first to n-1 that are in the set, in order.
func (s Set) All(first, n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := first; i < n; i++ {
			switch {
			case s[i>>6] == 0:
				i |= 63
			case s.Has(i) && !yield(i):
				return
			}
		}
	}
}
