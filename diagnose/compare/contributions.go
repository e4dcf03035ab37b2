package compare

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
)

// Kind is what sort of difference something is.
type Kind uint8

// The kinds, of contributions and of changes.
const (
	KindDuration Kind = iota // each call takes longer or less long
	KindCount                // more or fewer calls
	KindAdded
	KindMissing
	KindGap // nobody's work: between the caller's and the server's side of a call, or between the pieces of a trace
	KindMoved
	KindStatus
	KindAttribute
	KindOrder
)

var kindNames = [...]string{"duration", "count", "added", "missing", "gap", "moved", "status", "attribute", "order"}

// String returns the kind as the command line spells it.
func (k Kind) String() string { return kindNames[k] }

// Contribution is a part of the difference in time. All contributions of a comparison sum to its Delta exactly.
type Contribution struct {
	Node    int
	Kind    Kind
	Delta   int64 // ns of the critical path
	Message string
	Apart   bool // nobody's: time between the pieces of a trace, or outside its root

	what  what
	ratio ratio
}

// what a contribution is, more closely than its kind says.
type what uint8

const (
	levelOrCall what = iota // a call that one trace lacks with everything below it, or a level around calls
	rootSpan                // the span above what is in pieces in the other trace
	betweenPieces
	outsideRoot
	callCount
	eachCall  // with everything below it
	callerGap // between caller and server
	selfTime
	selfTimeOnPath // the rest of it was not on the critical path
	pathOnly       // it came to lie on the critical path, or no longer does
)

// ratio is how many calls the bad trace makes for each of the good one: what the calls below a repeated one are
// expected to take is their time before, scaled.
type ratio struct{ now, before int64 }

// of scales nanoseconds, rounded down.
func (r ratio) of(ns int64) int64 {
	if r.now == r.before || ns == 0 {
		return ns
	}
	high, low := bits.Mul64(uint64(ns), uint64(r.now))
	if high >= uint64(r.before) {
		return ns // more than all time there is: nothing that traces measure
	}
	if quotient, _ := bits.Div64(high, low, uint64(r.before)); quotient <= math.MaxInt64 {
		return int64(quotient)
	}
	return ns
}

// contributor cuts the difference into disjoint parts: a call that one side lacks with everything below it, calls
// made more or less often with everything below them, and of every other call what it did itself. The segments of
// the critical paths partition both traces, so nothing is left over. With n calls before and m now
//
//	Δ = (m − n) · mean before [count]  +  m · (mean now − mean before) [each]
//
// What is each call's is told of the calls below on their own. Where the calls made now are of another sort, attempts
// that failed before they did any work, the two would be a gain and a loss of the same call: then it is told as one.
type contributor struct {
	c      *Comparison
	list   []Contribution
	ratios []ratio    // by node
	single [2][]int64 // by node: ns on the critical path of what only the good or only the bad trace has below it
}

func contributions(c *Comparison) []Contribution {
	w := contributor{c: c, ratios: make([]ratio, len(c.Nodes))}
	w.sumUp()
	outside, _ := c.outside()
	w.add(0, KindGap, outside, outsideRoot)
	for i := 0; i < len(c.Nodes); {
		i = w.node(i)
	}
	slices.SortStableFunc(w.list, func(a, b Contribution) int { return cmp.Compare(Abs(b.Delta), Abs(a.Delta)) })
	for k := range w.list {
		w.list[k].Message = messages{c}.contribution(&w.list[k], " "+Signed(w.list[k].Delta))
	}
	return w.list
}

// sumUp fills in what only one of the traces has; children come after their parents. A call that each call of its
// parent makes less or more often counts as far as it does.
func (w *contributor) sumUp() {
	nodes := w.c.Nodes
	w.single = [2][]int64{make([]int64, len(nodes)), make([]int64, len(nodes))}
	for i := len(nodes) - 1; i > 0; i-- {
		n := &nodes[i]
		before, now := w.c.calls(n)
		good, bad := w.single[0][i], w.single[1][i]
		switch {
		case n.Moved >= 0 || n.Level:
		case n.Presence == Missing:
			good, bad = before.Subtree, 0
		case n.Presence == Added:
			good, bad = 0, now.Subtree
		case nodes[n.Parent].Presence == Matched:
			p := &nodes[n.Parent]
			times, timesNow := int64(len(n.Good)*len(p.Bad)), int64(len(n.Bad)*len(p.Good)) // of one trace for the other's callers
			good += before.Subtree - ratio{min(timesNow, times), times}.of(before.Subtree)
			bad += now.Subtree - ratio{min(timesNow, times), timesNow}.of(now.Subtree)
		}
		w.single[0][n.Parent] += good
		w.single[1][n.Parent] += bad
	}
}

func (w *contributor) add(node int, kind Kind, delta int64, of what) {
	if delta != 0 {
		apart := of == betweenPieces || of == outsideRoot
		w.list = append(w.list, Contribution{Node: node, Kind: kind, Delta: delta, Apart: apart, what: of, ratio: w.ratios[node]})
	}
}

// node adds what node i contributes and returns the next one to look at.
func (w *contributor) node(i int) int {
	n := &w.c.Nodes[i]
	good, bad := w.c.calls(n)
	r := ratio{1, 1}
	if n.Parent >= 0 {
		r = w.ratios[n.Parent]
	}
	w.ratios[i] = r
	switch {
	case i == 0 && w.c.inPieces():
		w.pieces(n)
	case n.Level && good != nil:
		w.add(i, KindMissing, -w.expected(n.good, r), levelOrCall)
	case n.Level:
		w.add(i, KindAdded, bad.Critical, levelOrCall)
	case good == nil:
		w.add(i, KindAdded, bad.Subtree, levelOrCall)
		return n.End
	case bad == nil:
		w.add(i, KindMissing, -r.of(good.Subtree), levelOrCall)
		return n.End
	default:
		return w.matched(i, r)
	}
	return i + 1
}

// pieces adds what the top contributes where a trace has no single root: time in which nothing of it ran is nobody's.
func (w *contributor) pieces(n *Node) {
	var apart int64
	good, bad := w.c.calls(n)
	for side, call := range [...]*calltree.Call{good, bad} {
		switch sign := int64(2*side - 1); {
		case call == nil:
		case w.c.rootless(side == 1):
			apart += sign * call.Critical
		case side == 1:
			w.add(0, KindAdded, call.Critical, rootSpan)
		default:
			w.add(0, KindMissing, -call.Critical, rootSpan)
		}
	}
	w.add(0, KindGap, apart, betweenPieces)
}

// expected is what the bad trace would have taken for a call itself, had it not changed but for how often it is
// made. Scaled subtrees are subtracted from one another, so that the expectations of a subtree sum to that of
// its top.
func (w *contributor) expected(good int32, r ratio) int64 {
	c := &w.c.a.good.Calls[good]
	if r.now == r.before {
		return c.Critical
	}
	own := r.of(c.Subtree)
	for _, k := range c.Kids {
		own -= r.of(w.c.a.good.Calls[k].Subtree)
	}
	return own
}

func (w *contributor) matched(i int, r ratio) int {
	n := &w.c.Nodes[i]
	good, bad := w.c.calls(n)
	before, now := int64(good.Times()), int64(bad.Times())
	if now*r.before != before*r.now {
		if good.Subtree == 0 {
			// The time before says nothing about the price of a call: take that of now.
			count := bad.Subtree / now * (now - before)
			w.add(i, KindCount, count, callCount)
			w.add(i, KindDuration, bad.Subtree-count, eachCall)
			return n.End
		}
		outer := r.of(good.Subtree)
		r = ratio{now, before}
		w.ratios[i] = r
		w.add(i, KindCount, r.of(good.Subtree)-outer, callCount)
		if each := bad.Subtree - r.of(good.Subtree); w.otherSort(i, each, r) {
			w.add(i, KindDuration, each, eachCall)
			return n.End
		}
	}
	w.own(i, r)
	return i + 1
}

// sortMost is the part in percent of what changed about each call up to which what only one trace has below it may
// go against the change.
const sortMost = 2

// otherSort reports whether calls are of another sort than before: not as many of them were served, or they lack, or
// have, something below them that goes against how they changed.
func (w *contributor) otherSort(i int, each int64, r ratio) bool {
	good, bad := w.c.calls(&w.c.Nodes[i])
	if len(good.Servers)*bad.Times() != len(bad.Servers)*good.Times() {
		return true
	}
	against := r.of(w.single[0][i])
	if each < 0 {
		against = w.single[1][i]
	}
	return 100*float64(against) > sortMost*float64(Abs(each))
}

// own is the difference of what a call did itself, the gap between caller and server told apart.
func (w *contributor) own(i int, r ratio) {
	n := &w.c.Nodes[i]
	good, bad := w.c.calls(n)
	delta := bad.Critical - w.expected(n.good, r)
	served := len(good.Servers) > 0 && len(bad.Servers) > 0
	if served {
		gap := bad.CallerOwn - r.of(good.CallerOwn)
		w.add(i, KindGap, gap, callerGap)
		delta -= gap
	}
	// Time of the critical path is self time, unless a call only came to lie on it, or no longer does.
	self := selfTimeOf(w.c.Bad, bad, served) - r.of(selfTimeOf(w.c.Good, good, served))
	longer := w.c.meanDuration(true, bad) - w.c.meanDuration(false, good)
	of := pathOnly
	if Written(self) == Written(delta) {
		of = selfTime
	} else if w.c.notable(longer, good, bad) || makes(self, delta, 50) {
		of = selfTimeOnPath
	}
	w.add(i, KindDuration, delta, of)
}

// selfTimeOf returns the self time of a call's spans; where both traces have the serving ones, of those alone.
func selfTimeOf(f *facts.Facts, c *calltree.Call, served bool) int64 {
	var sum int64
	for _, i := range c.Servers {
		sum += f.Self[i]
	}
	if served {
		return sum
	}
	for _, i := range c.Members {
		sum += f.Self[i]
	}
	return sum
}

// Text is what a contribution says, with its time where the message does not have it: "×1 → ×5: 4 more calls (+2 s)".
func (p Contribution) Text() string {
	switch p.what {
	case rootSpan, callerGap, selfTime, selfTimeOnPath:
		return p.Message
	default:
		return p.Message + " (" + Signed(p.Delta) + ")"
	}
}
