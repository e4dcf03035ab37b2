package baseline

import (
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// Reach says which services and peers the traces of an operation always get to when they do not fail: what a trace
// that failed early did not reach. It does not change once made.
type Reach struct {
	roots map[int32]*reached // by number of the first span's operation
}

// reached is whom all traces of one root got to that did not fail.
type reached struct {
	traces int
	names  []string // in order of their first appearance
}

// leastReaching is how many traces must agree.
const leastReaching = 3

// NewReach reads the traces of a set whose first span did not fail.
func NewReach(all []*facts.Facts) *Reach {
	r := &Reach{roots: map[int32]*reached{}}
	for _, f := range all {
		root := f.Trace.First()
		if root != 0 || f.Failed(root) {
			continue // several roots, or not how it should be
		}
		of := r.roots[f.OpNumber(root)]
		if of == nil {
			r.roots[f.OpNumber(root)] = &reached{1, reachedBy(f)}
			continue
		}
		here := reachedBy(f)
		of.traces++
		of.names = slices.DeleteFunc(of.names, func(name string) bool { return !slices.Contains(here, name) })
	}
	return r
}

// mostReached bounds how many names are remembered of one trace.
const mostReached = 100

// reachedBy lists whom a trace got to: the services of its spans and the peers of calls that nobody answers for in the
// trace, each once.
func reachedBy(f *facts.Facts) []string {
	var names []string
	seen := map[int32]bool{} // operations
	for i := f.Trace.First(); i < f.Trace.Len() && len(names) < mostReached; i++ {
		op := f.OpNumber(i)
		if seen[op] {
			continue
		}
		seen[op] = true
		for _, name := range [...]string{f.Op(i).Service, askedPeer(f, i)} {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// askedPeer returns whom a call went to that has no span below it, "" for others.
func askedPeer(f *facts.Facts, i int) string {
	if !f.Leaf(i) || !f.Class(i).Remote() || f.Kind(i) == trace.KindServer || f.Kind(i) == trace.KindConsumer {
		return ""
	}
	return f.Op(i).Peer
}

// Missing lists whom the trace did not reach although every trace of its root operation that did not fail did, and how
// many these are; none where they are too few.
func (r *Reach) Missing(f *facts.Facts) (names []string, of int) {
	root := f.Trace.First()
	usual := r.roots[f.OpNumber(root)]
	if root != 0 || usual == nil || usual.traces < leastReaching {
		return nil, 0
	}
	names = slices.Clone(usual.names)
	type sort struct { // of spans, which all reach the same
		op   int32
		leaf bool
	}
	seen := map[sort]bool{}
	for i := root; i < f.Trace.Len() && len(names) > 0; i++ {
		if one := (sort{f.OpNumber(i), f.Leaf(i)}); !seen[one] {
			seen[one] = true
			names = slices.DeleteFunc(names, func(name string) bool { return name == f.Op(i).Service || name == askedPeer(f, i) })
		}
	}
	return names, usual.traces
}
