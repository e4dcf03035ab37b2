package repetition

import (
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
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
	chains []patterns.Chain
	host   []int         // by chain: the attempt that it lies in, -1 for none
	held   map[int][]int // by attempt: the chains that count for it, those of its most repeated operation
	short  []bool        // by chain: too short to count
}

// nest finds the chains that are long enough or marked, alone or with those within their attempts. Two calls of which the second worked may be calls for two things: they count around other chains
// only.
func nest(f *facts.Facts, least int) *nesting {
	n := &nesting{held: map[int][]int{}, chains: patterns.Chains(f)}
	if len(n.chains) == 0 {
		return n
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
	n.short = make([]bool, len(n.chains))
	size := make([]int, len(n.chains)) // calls at the bottom
	inside := map[int][]int{}
	for c := len(n.chains) - 1; c >= 0; c-- { // hosts come before what lies in them
		chain, holds := &n.chains[c], false
		for _, i := range chain.Spans {
			size[c] += max(n.choose(f, i, inside[i], size), 1)
			holds = holds || len(inside[i]) > 0
		}
		n.host[c] = int(within[chain.Parent]) - 1
		alone := n.host[c] < 0 || !f.Failed(patterns.Call(f, chain.Last()))
		n.short[c] = !chain.Marked && len(chain.Spans) < least && !(holds && size[c] >= least) && (holds || alone)
		if n.host[c] >= 0 && !n.short[c] {
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

// innermost returns the chain at the bottom, down through the first attempts from chain c.
func (n *nesting) innermost(c int) *patterns.Chain {
	for {
		chain := &n.chains[c]
		at := slices.IndexFunc(chain.Spans, func(i int) bool { return len(n.held[i]) > 0 })
		if at < 0 {
			return chain
		}
		c = n.held[chain.Spans[at]][0]
	}
}

// leaves returns the calls at the bottom of chain c, in order, and the longest chain of each layer.
func (n *nesting) leaves(f *facts.Facts, c int) (calls, layers []int) {
	level := []int{c}
	for len(level) > 0 {
		longest, next := 0, []int(nil)
		for _, c := range level {
			longest = max(longest, len(n.chains[c].Spans))
			for _, i := range n.chains[c].Spans {
				next = append(next, n.held[i]...)
				if len(n.held[i]) == 0 {
					calls = append(calls, patterns.Call(f, i))
				}
			}
		}
		layers, level = append(layers, longest), next
	}
	slices.Sort(calls)
	return calls, layers
}
