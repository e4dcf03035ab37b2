package compare

import (
	"cmp"
	"slices"

	"tracefall/diagnose/facts"
)

// call is a node of a call tree: all spans of one trace that have the same path of operations from the root. A
// call that was made and served in the trace is one node with both sides: the client's spans are its members.
//
//	client --> server --> work        call{client, server} --> call{work}
//	getComments ×50 --> SELECT ×50    call{×50}            --> call{×50}
type call struct {
	key               int32 // of the operation
	parent            int32
	kids              []int32 // in order of the first member's start
	members           []int   // span indexes, in order
	servers           []int   // the serving spans of members that have one
	critical, subtree int64   // ns of the critical path: of the node's own spans, and with everything below it
	callerOwn         int64   // of critical: the caller's side, where there is a server: the gap between the two
	failed            int32   // spans, of either side
	size              int32   // spans, with everything below
	shape             uint64  // of the operations below, whatever their order and number
}

// n returns how many calls the node stands for.
func (c *call) n() int { return len(c.members) }

// makes tells whether a call of a tree calls an operation itself.
func (c *call) makes(t *tree, key int32) bool {
	return slices.ContainsFunc(c.kids, func(k int32) bool { return t.calls[k].key == key })
}

// tree is the call tree of one trace; node 0 is the root. Parents come before their children.
type tree struct {
	facts *facts.Facts
	keys  *keys
	calls []call
	of    []int32 // by span index: its node
}

// keys numbers operations, those of one set or of several, without what may differ between two runs of one call.
type keys struct {
	numbers map[facts.Op]int32
	ops     []facts.Op
	hashes  []uint64
	known   map[*facts.Ops][]int32 // by the number of the operation there: key + 1, 0 for not asked yet
	callees *callees               // nil where operations are not told apart by whom they reach
	nodes   map[step]int32         // of the tree that is built
}

func newKeys() *keys {
	return &keys{numbers: map[facts.Op]int32{}, known: map[*facts.Ops][]int32{}}
}

// reader returns what numbers the spans of one trace.
func (k *keys) reader(f *facts.Facts) func(i int) int32 {
	known := k.known[f.Ops]
	if n := f.Ops.Len(); len(known) < n {
		known = append(known, make([]int32, n-len(known))...)
		k.known[f.Ops] = known
	}
	return func(i int) int32 {
		n := f.OpNumber(i)
		if known[n] == 0 {
			known[n] = k.number(f.Op(i)) + 1
		}
		return known[n] - 1
	}
}

func (k *keys) number(op facts.Op) int32 {
	op.Kind = 0
	if op.Class == facts.ClassCall {
		op.Class = facts.ClassInternal // without its server it does not look like a call
	}
	n, ok := k.numbers[op]
	if !ok {
		n = int32(len(k.ops))
		k.numbers[op] = n
		k.ops, k.hashes = append(k.ops, op), append(k.hashes, hashOp(op))
	}
	return n
}

// step is a way down in a call tree: from a node to its children with one operation.
type step struct{ parent, key int32 }

// newTree builds the call tree in two passes over the pre-order array: the first gives each span its node, the
// second fills the nodes.
func newTree(f *facts.Facts, k *keys) *tree {
	n := f.Trace.Len()
	t := &tree{facts: f, keys: k, of: make([]int32, n)}
	nodes := k.noNodes()
	var served []bool
	keyAt := k.reader(f)
	if k.callees != nil {
		served, keyAt = k.callees.split(f, keyAt)
	} else {
		served = servedBy(f)
	}
	counts := []int32{} // members by node
	last, node := step{-1, -1}, int32(-1)
	for i := range n {
		parent := int32(-1)
		if i > 0 {
			parent = t.of[f.Trace.Parent(i)]
		}
		if served[i] {
			t.of[i] = parent
			continue
		}
		s := step{parent, keyAt(i)}
		if s != last { // loops make one call again and again
			var ok bool
			if node, ok = nodes[s]; !ok {
				node = int32(len(t.calls))
				nodes[s] = node
				t.calls = append(t.calls, call{key: s.key, parent: parent})
				counts = append(counts, 0)
			}
			last = s
		}
		counts[node]++
		t.of[i] = node
	}
	t.fill(counts, served)
	t.sumUp()
	return t
}

// noNodes returns an empty map, the same one as long as it is small: there may be many small trees.
func (k *keys) noNodes() map[step]int32 {
	const small = 1 << 10
	if k.nodes == nil || len(k.nodes) > small {
		k.nodes = map[step]int32{}
	}
	clear(k.nodes)
	return k.nodes
}

// servedBy marks the spans that serve the call of their parent: of kind server, in another process. Clocks do not
// matter: of a call whose server's clock is behind, the serving span can lie outside it. A parent that may be work around
// the call is a level of its own.
func servedBy(f *facts.Facts) []bool {
	served := make([]bool, f.Trace.Len())
	for i := range served {
		if c := f.Server(i); c >= 0 && f.Trace.Parent(c) == i && !f.Surmised(i) {
			served[c] = true
		}
	}
	return served
}

// fill gives each node its spans and its children, all cut from one piece of memory.
func (t *tree) fill(counts []int32, served []bool) {
	members := make([]int, len(t.of))
	kids := make([]int32, len(t.calls))
	fans := make([]int32, len(t.calls))
	for n := range t.calls {
		c := &t.calls[n]
		c.members, members = members[:0:counts[n]], members[counts[n]:]
		if c.parent >= 0 {
			fans[c.parent]++
		}
	}
	for n := range t.calls {
		c := &t.calls[n]
		c.kids, kids = kids[:0:fans[n]], kids[fans[n]:]
		if c.parent >= 0 {
			p := &t.calls[c.parent]
			p.kids = append(p.kids, int32(n))
		}
	}
	for i, node := range t.of {
		c, own := &t.calls[node], t.facts.Path.Time(i)
		c.critical += own
		c.size++
		if t.facts.Failed(i) {
			c.failed++
		}
		if served[i] {
			c.servers = append(c.servers, i)
		} else {
			c.members = append(c.members, i)
			c.callerOwn += own
		}
	}
	for n := range t.calls {
		if c := &t.calls[n]; len(c.servers) == 0 {
			c.callerOwn = 0
		}
	}
}

// sumUp fills in what a node knows of everything below it; children come after their parents.
func (t *tree) sumUp() {
	for n := len(t.calls) - 1; n >= 0; n-- {
		c := &t.calls[n]
		c.subtree += c.critical
		c.shape = mix(c.shape, t.keys.hashes[c.key])
		if c.parent >= 0 {
			p := &t.calls[c.parent]
			p.subtree += c.subtree
			p.size += c.size
			p.shape += mix(c.shape, 1) // a sum, so that the order of children does not matter
		}
	}
	for n := range t.calls {
		slices.SortStableFunc(t.calls[n].kids, func(a, b int32) int { return cmp.Compare(t.start(a), t.start(b)) })
	}
}

// exactShape hashes the tree of calls with how often each is made for one of its parent, in classes, so that a loop
// of 12 and one of 13 are one shape.
func (t *tree) exactShape() uint64 {
	shapes := make([]uint64, len(t.calls))
	for n := len(t.calls) - 1; n >= 0; n-- {
		c := &t.calls[n]
		shapes[n] = mix(shapes[n], t.keys.hashes[c.key])
		if c.parent >= 0 {
			shapes[c.parent] += mix(shapes[n], countClass((c.n()+t.calls[c.parent].n()-1)/t.calls[c.parent].n()))
		}
	}
	return shapes[0]
}

// countClass is 1, 2–4, 5–9, 10–49, or 50 and more.
func countClass(n int) uint64 {
	for class, most := range [...]int{1, 4, 9, 49} {
		if n <= most {
			return uint64(class)
		}
	}
	return 4
}

// start returns when the first call of a node began to count.
func (t *tree) start(n int32) int64 { return t.facts.Timing.Effective(t.calls[n].members[0]).Start }

// op returns the operation of a node.
func (t *tree) op(n int32) facts.Op { return t.facts.Op(t.calls[n].members[0]) }

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

// classes returns how often each call of a tree is made for one of its parent, in classes, by a hash of its path.
func (t *tree) classes() map[uint64]uint64 {
	paths := make([]uint64, len(t.calls))
	classes := make(map[uint64]uint64, len(t.calls))
	for n := range t.calls {
		c := &t.calls[n]
		above, each := uint64(0), 1
		if c.parent >= 0 {
			above, each = paths[c.parent], t.calls[c.parent].n()
		}
		paths[n] = mix(above, t.keys.hashes[c.key])
		classes[paths[n]] = countClass((c.n() + each - 1) / each)
	}
	return classes
}
