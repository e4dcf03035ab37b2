package calltree

import (
	"cmp"
	"slices"

	"tracefall/diagnose/facts"
)

// Call is a node of a call tree: all spans of one trace that have the same path of operations from the root. One that was
// made and served in the trace is one node with both sides: the client's spans are its members.
//
//	client --> server --> work        call{client, server} --> call{work}
//	getComments ×50 --> SELECT ×50    call{×50}            --> call{×50}
type Call struct {
	Key               int32 // of the operation
	Parent            int32
	Kids              []int32 // in order of the first member's start
	Members           []int   // span indexes, in order
	Servers           []int   // the serving spans of members that have one
	Critical, Subtree int64   // ns of the critical path: of the node's own spans, and with everything below it
	CallerOwn         int64   // of critical: the caller's side, where there is a server: the gap between the two
	Failed            int32   // spans, of either side
	Size              int32   // spans, with everything below
	Shape             uint64  // of the operations below, whatever their order and number
}

// Times returns how many calls the node stands for.
func (c *Call) Times() int { return len(c.Members) }

// Makes reports whether a call of a tree calls an operation itself.
func (c *Call) Makes(t *Tree, key int32) bool {
	return slices.ContainsFunc(c.Kids, func(k int32) bool { return t.Calls[k].Key == key })
}

// Tree is the call tree of one trace; node 0 is the root. Parents come before their children.
type Tree struct {
	Facts *facts.Facts
	keys  *Keys
	Calls []Call
	Of    []int32 // by span index: its node
}

// New builds the call tree in two passes over the pre-order array: the first gives each span its node, the
// second fills the nodes.
func New(f *facts.Facts, k *Keys) *Tree {
	n := f.Trace.Len()
	t := &Tree{Facts: f, keys: k, Of: make([]int32, n), Calls: make([]Call, 0, min(k.last, n))}
	nodes := map[Step]int32{}
	var served []bool
	keyAt := k.Reader(f)
	if k.Callees != nil {
		served, keyAt = k.Callees.split(f, keyAt)
	} else {
		served = servedBy(f)
	}
	counts := make([]int32, 0, min(k.last, n)) // members by node
	last, node := Step{Parent: -1, Key: -1}, int32(-1)
	for i := range n {
		parent := int32(-1)
		if i > 0 {
			parent = t.Of[f.Trace.Parent(i)]
		}
		if served[i] {
			t.Of[i] = parent
			continue
		}
		s := Step{Parent: parent, Key: keyAt(i)}
		if s != last { // loops make one call again and again
			var ok bool
			if node, ok = nodes[s]; !ok {
				node = int32(len(t.Calls))
				nodes[s] = node
				t.Calls = append(t.Calls, Call{Key: s.Key, Parent: parent})
				counts = append(counts, 0)
			}
			last = s
		}
		counts[node]++
		t.Of[i] = node
	}
	k.last = len(t.Calls)
	t.fill(counts, served)
	t.sumUp()
	return t
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
func (t *Tree) fill(counts []int32, served []bool) {
	members := make([]int, len(t.Of))
	kids := make([]int32, len(t.Calls))
	fans := make([]int32, len(t.Calls))
	for n := range t.Calls {
		c := &t.Calls[n]
		c.Members, members = members[:0:counts[n]], members[counts[n]:]
		if c.Parent >= 0 {
			fans[c.Parent]++
		}
	}
	for n := range t.Calls {
		c := &t.Calls[n]
		c.Kids, kids = kids[:0:fans[n]], kids[fans[n]:]
		if c.Parent >= 0 {
			p := &t.Calls[c.Parent]
			p.Kids = append(p.Kids, int32(n))
		}
	}
	for i, node := range t.Of {
		c, own := &t.Calls[node], t.Facts.Path.Time(i)
		c.Critical += own
		c.Size++
		if t.Facts.Failed(i) {
			c.Failed++
		}
		if served[i] {
			c.Servers = append(c.Servers, i)
		} else {
			c.Members = append(c.Members, i)
			c.CallerOwn += own
		}
	}
}

// sumUp fills in what a node knows of everything below it; children come after their parents.
func (t *Tree) sumUp() {
	for n := len(t.Calls) - 1; n >= 0; n-- {
		c := &t.Calls[n]
		if len(c.Servers) == 0 {
			c.CallerOwn = 0
		}
		c.Subtree += c.Critical
		c.Shape = Mix(c.Shape, t.keys.hashes[c.Key])
		if c.Parent >= 0 {
			p := &t.Calls[c.Parent]
			p.Subtree += c.Subtree
			p.Size += c.Size
			p.Shape += Mix(c.Shape, 1) // a sum, so that the order of children does not matter
		}
		slices.SortStableFunc(c.Kids, func(a, b int32) int { return cmp.Compare(t.start(a), t.start(b)) })
	}
}

// Shape hashes the tree of calls with how often each is made for one of its parent, in classes, so that a loop
// of 12 and one of 13 are one shape.
func (t *Tree) Shape() uint64 {
	shapes := make([]uint64, len(t.Calls))
	for n := len(t.Calls) - 1; n >= 0; n-- {
		c := &t.Calls[n]
		shapes[n] = Mix(shapes[n], t.keys.hashes[c.Key])
		if c.Parent >= 0 {
			shapes[c.Parent] += Mix(shapes[n], t.class(c))
		}
	}
	return shapes[0]
}

// class says how often a call is made for one of its parent, rounded up: 1, 2–4, 5–9, 10–49, or 50 times and more.
func (t *Tree) class(c *Call) uint64 {
	each := 1
	if c.Parent >= 0 {
		each = t.Calls[c.Parent].Times()
	}
	class, _ := slices.BinarySearch([]int{1, 4, 9, 49}, (c.Times()+each-1)/each)
	return uint64(class)
}

// start returns when the first call of a node began to count.
func (t *Tree) start(n int32) int64 { return t.Facts.Timing.Effective(t.Calls[n].Members[0]).Start }

// Op returns the operation of a node, spelled as all that are numbered alike have it in common.
func (t *Tree) Op(n int32) facts.Op {
	op, one := t.Facts.Op(t.Calls[n].Members[0]), &t.keys.Ops[t.Calls[n].Key]
	op.Name, op.Template, op.Peer = one.Name, one.Template, one.Peer
	return op
}

// Classes returns how often each call of a tree is made for one of its parent, in classes, by a hash of its path.
func (t *Tree) Classes() map[uint64]uint64 {
	paths := make([]uint64, len(t.Calls))
	classes := make(map[uint64]uint64, len(t.Calls))
	for n := range t.Calls {
		c := &t.Calls[n]
		above := uint64(0)
		if c.Parent >= 0 {
			above = paths[c.Parent]
		}
		paths[n] = Mix(above, t.keys.hashes[c.Key])
		classes[paths[n]] = t.class(c)
	}
	return classes
}
