package diagnose

import (
	"slices"

	"tracefall/diagnose/facts"
)

// nesting is the chains of attempts of a trace with which lies within an attempt of which:
//
//	gateway   |-----------------------------------|   chain of 2: host -1
//	  try 1   |--------------✗|
//	    call   |--✗| |--✗|                            chain of 2: host "try 1"
//	  try 2                    |-----------------|
//	    call                    |--✗| |----|          chain of 2: host "try 2"
//
// One request made four calls.
type nesting struct {
	chains []facts.Chain
	host   []int         // by chain: the attempt that it lies in, -1 for none
	held   map[int][]int // by attempt: the chains that count for it, those of its most repeated operation
}

// nest finds the chains that are long enough or marked; nil where there are none.
func nest(f *facts.Facts, least int) *nesting {
	n := &nesting{held: map[int][]int{}}
	for _, c := range f.Chains() {
		if c.Marked || len(c.Spans) >= least {
			n.chains = append(n.chains, c)
		}
	}
	if len(n.chains) == 0 {
		return nil
	}
	within := make([]int32, f.Trace.Len()) // the nearest attempt at or above a span, plus one
	for _, c := range n.chains {
		for _, i := range c.Spans {
			within[i] = int32(i) + 1
		}
	}
	for i := range within {
		if p := f.Trace.Parent(i); within[i] == 0 && p >= 0 {
			within[i] = within[p]
		}
	}
	n.host = make([]int, len(n.chains))
	size := make([]int, len(n.chains)) // calls at the bottom
	inside := map[int][]int{}
	for c := len(n.chains) - 1; c >= 0; c-- { // hosts come before what lies in them
		for _, i := range n.chains[c].Spans {
			size[c] += max(n.choose(f, i, inside[i], size), 1)
		}
		n.host[c] = int(within[n.chains[c].Parent]) - 1
		if n.host[c] >= 0 {
			inside[n.host[c]] = append(inside[n.host[c]], c)
		}
	}
	return n
}

// choose keeps, of the chains within attempt i, those of the operation with the most calls, and counts these.
func (n *nesting) choose(f *facts.Facts, i int, inside []int, size []int) int {
	if len(inside) == 0 {
		return 0
	}
	calls := map[int32]int{}
	best := f.OpNumber(n.chains[inside[0]].Spans[0])
	for _, c := range inside {
		op := f.OpNumber(n.chains[c].Spans[0])
		calls[op] += size[c]
		if calls[op] > calls[best] {
			best = op
		}
	}
	for k := len(inside) - 1; k >= 0; k-- { // back in order
		if c := inside[k]; f.OpNumber(n.chains[c].Spans[0]) == best {
			n.held[i] = append(n.held[i], c)
		}
	}
	return calls[best]
}

// descend appends the lengths of the chains from chain c down through their first attempts, and returns the innermost.
func (n *nesting) descend(c int, layers *[]int) *facts.Chain {
	for {
		chain := &n.chains[c]
		*layers = append(*layers, len(chain.Spans))
		next := -1
		for _, i := range chain.Spans {
			if held := n.held[i]; len(held) > 0 {
				next = held[0]
				break
			}
		}
		if next < 0 {
			return chain
		}
		c = next
	}
}

// leaves returns the calls at the bottom of chain c, in order.
func (n *nesting) leaves(f *facts.Facts, c int) []int {
	var calls []int
	stack := []int{c}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, i := range n.chains[c].Spans {
			if held := n.held[i]; len(held) > 0 {
				stack = append(stack, held...)
				continue
			}
			calls = append(calls, f.Call(i))
		}
	}
	slices.Sort(calls)
	return calls
}
