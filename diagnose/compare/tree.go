package compare

import (
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// call is a node of a call tree: all spans of one trace that have the same path of operations from the root. A
// call that was made and served in the trace is one node with both sides: the client's spans are its members.
//
//	client --> server --> work        call{client, server} --> call{work}
//	getComments ×50 --> SELECT ×50    call{×50}            --> call{×50}
type call struct {
	op                facts.Op
	number            int32 // of the operation, in the trace's own Ops; only for keys within one tree
	parent            int32
	kids              []int32 // in order of the first member's start
	members           []int   // span indexes, in order
	servers           []int   // the serving spans of members that have one
	critical, subtree int64   // ns of the critical path: of the node's own spans, and with everything below it
	callerOwn         int64   // of critical: the client's side, where there is a server: the gap between the two
	failed            int
	shape             uint64 // loose: hash of the operations below
}

// tree is the call tree of one trace; node 0 is the root. Parents come before their children.
type tree struct {
	facts *facts.Facts
	calls []call
	of    []int32 // by span index: its node
}

// key tells children of one node apart.
type key struct {
	parent int32
	op     facts.Op
}

// newTree builds the call tree in one pass over the pre-order array.
func newTree(f *facts.Facts) *tree {
	t := &tree{facts: f, of: make([]int32, f.Trace.Len())}
	nodes := map[key]int32{}
	for i := range f.Trace.Len() {
		parent := int32(-1)
		if i > 0 {
			p := f.Trace.Parent(i)
			parent = t.of[p]
			if f.Kind(i) == trace.KindServer && f.Kind(p) == trace.KindClient && f.Server(p) == i {
				t.serve(parent, i)
				continue
			}
		}
		k := key{parent, keyOf(f.Op(i))}
		n, ok := nodes[k]
		if !ok {
			n = int32(len(t.calls))
			nodes[k] = n
			t.calls = append(t.calls, call{op: f.Op(i), parent: parent})
			if parent >= 0 {
				t.calls[parent].kids = append(t.calls[parent].kids, n)
			}
		}
		c := &t.calls[n]
		c.members = append(c.members, i)
		t.count(c, i)
		t.of[i] = n
	}
	t.sumUp()
	return t
}

// keyOf leaves out what may differ between two runs of one call.
func keyOf(op facts.Op) facts.Op {
	op.Kind = 0
	return op
}

// serve adds the serving span of a call to its node.
func (t *tree) serve(node int32, i int) {
	c := &t.calls[node]
	if len(c.servers) == 0 {
		c.callerOwn = c.critical
	}
	c.servers = append(c.servers, i)
	t.of[i] = node
	t.count(c, i)
}

func (t *tree) count(c *call, i int) {
	own := t.facts.Path.Time(i)
	c.critical += own
	if len(c.servers) > 0 && t.facts.Kind(i) == trace.KindClient {
		c.callerOwn += own
	}
	if t.facts.Failed(i) {
		c.failed++
	}
}

// sumUp fills in what a node knows of everything below it; children come after their parents.
func (t *tree) sumUp() {
	for n := len(t.calls) - 1; n >= 0; n-- {
		c := &t.calls[n]
		c.subtree += c.critical
		c.shape = mix(c.shape, hashOp(c.op))
		if c.parent >= 0 {
			p := &t.calls[c.parent]
			p.subtree += c.subtree
			p.shape += mix(c.shape, 1) // a sum, so that the order of children does not matter
		}
	}
	for n := range t.calls {
		kids := t.calls[n].kids
		slices.SortStableFunc(kids, func(a, b int32) int {
			return compareInt(t.facts.Timing.Effective(t.calls[a].members[0]).Start, t.facts.Timing.Effective(t.calls[b].members[0]).Start)
		})
	}
}

func compareInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// mix is one step of a 64-bit hash (the finalizer of splitmix64).
func mix(h, v uint64) uint64 {
	h += v + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func hashOp(op facts.Op) uint64 {
	h := uint64(op.Class)
	for _, text := range [...]string{op.Service, op.Name, op.Peer, op.Template} {
		for i := range len(text) {
			h = (h ^ uint64(text[i])) * 1099511628211 // FNV-1a
		}
		h = mix(h, uint64(len(text)))
	}
	return h
}

// n returns how many calls the node stands for.
func (c *call) n() int { return len(c.members) }

// mean returns the critical-path time of one call, with everything below it, in nanoseconds.
func (c *call) mean() int64 { return c.subtree / int64(len(c.members)) }

// below yields node n and everything below it.
func (t *tree) below(n int32, yield func(int32)) {
	stack := []int32{n}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		yield(at)
		kids := t.calls[at].kids
		for k := len(kids) - 1; k >= 0; k-- {
			stack = append(stack, kids[k])
		}
	}
}
