package compare

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

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
	KindGap // between the caller's and the server's side of a call
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
}

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
	quotient, _ := bits.Div64(high, low, uint64(r.before))
	return int64(quotient)
}

// contributor cuts the difference into disjoint parts: a call that one side lacks with everything below it, calls
// made more or less often with everything below them, and of every other call what it did itself. The segments of
// the critical paths partition both traces, so nothing is left over. With n calls before and m now
//
//	Δ = (m − n) · mean before [count]  +  m · (mean now − mean before) [each, told for every call below on its own]
type contributor struct {
	c      *Comparison
	list   []Contribution
	ratios []ratio // by node
}

func (c *Comparison) contributions() []Contribution {
	w := contributor{c: c, ratios: make([]ratio, len(c.Nodes))}
	for i := 0; i < len(c.Nodes); {
		i = w.node(i)
	}
	slices.SortStableFunc(w.list, func(a, b Contribution) int { return cmp.Compare(abs(b.Delta), abs(a.Delta)) })
	return w.list
}

func (w *contributor) add(node int, kind Kind, delta int64, format string, args ...any) {
	if delta != 0 {
		w.list = append(w.list, Contribution{node, kind, delta, fmt.Sprintf(format, args...)})
	}
}

// node adds what node i contributes and returns the next one to look at.
func (w *contributor) node(i int) int {
	n := &w.c.Nodes[i]
	good, bad := w.c.goodCall(n), w.c.badCall(n)
	r := ratio{1, 1}
	if n.Parent >= 0 {
		r = w.ratios[n.Parent]
	}
	w.ratios[i] = r
	switch {
	case n.Level && good != nil:
		w.add(i, KindMissing, -w.expected(n.good, r), "%s", w.c.levelWord(n))
	case n.Level:
		w.add(i, KindAdded, bad.critical, "%s", w.c.levelWord(n))
	case good == nil:
		w.add(i, KindAdded, bad.subtree, "%s%s", w.c.addedWord(n), times(bad.n()))
		return n.End
	case bad == nil:
		w.add(i, KindMissing, -r.of(good.subtree), "%s%s", w.c.lackingWord(n), lackingTimes(n, good.n(), r))
		return n.End
	default:
		return w.matched(i, r)
	}
	return i + 1
}

// expected is what the bad trace would have taken for a call itself, had it not changed but for how often it is
// made. Scaled subtrees are subtracted from one another, so that the expectations of a subtree sum to that of
// its top.
func (w *contributor) expected(good int32, r ratio) int64 {
	c := &w.c.a.good.calls[good]
	if r.now == r.before {
		return c.critical
	}
	own := r.of(c.subtree)
	for _, k := range c.kids {
		own -= r.of(w.c.a.good.calls[k].subtree)
	}
	return own
}

func (w *contributor) matched(i int, r ratio) int {
	n := &w.c.Nodes[i]
	good, bad := w.c.goodCall(n), w.c.badCall(n)
	before, now := int64(good.n()), int64(bad.n())
	if now*r.before != before*r.now {
		if good.subtree == 0 {
			// The time before says nothing about the price of a call: take that of now.
			count := bad.subtree / now * (now - before)
			w.add(i, KindCount, count, "%s", w.c.countMessage(n))
			w.add(i, KindDuration, bad.subtree-count, "each %s", slower((bad.subtree-count)/before))
			return n.End
		}
		outer := r.of(good.subtree)
		r = ratio{now, before}
		w.ratios[i] = r
		w.add(i, KindCount, r.of(good.subtree)-outer, "%s", w.c.countMessage(n))
	}
	w.own(i, r)
	return i + 1
}

// own is the difference of what a call did itself, the gap between caller and server told apart.
func (w *contributor) own(i int, r ratio) {
	n := &w.c.Nodes[i]
	good, bad := w.c.goodCall(n), w.c.badCall(n)
	delta := bad.critical - w.expected(n.good, r)
	if len(good.servers) > 0 && len(bad.servers) > 0 {
		gap := bad.callerOwn - r.of(good.callerOwn)
		w.add(i, KindGap, gap, "between caller and server: %s", slower(gap))
		delta -= gap
	}
	if delta == 0 {
		return
	}
	word := "own work " + slower(delta)
	switch change := w.c.meanDuration(true, bad) - w.c.meanDuration(false, good); {
	case good.n() != bad.n() && bad.n() > 1:
		word = "each " + slower(delta/int64(bad.n()))
	case good.n() != bad.n() && good.n() > 1:
		word = "the one left " + slower(delta)
	case good.n() > 1:
		word = fmt.Sprintf("×%d, own work %s", good.n(), slower(delta))
	case !w.c.notable(change, good, bad) && abs(delta) > 2*abs(change):
		word = "now decides the end time; its own duration hardly changed"
		if delta < 0 {
			word = "no longer decides the end time; its own duration hardly changed"
		}
	}
	w.add(i, KindDuration, delta, "%s", word)
}

// countMessage says how often a call ran: "×1 → ×5: 4 more calls, 4 of 5 failed (unavailable)".
func (c *Comparison) countMessage(n *Node) string {
	good, bad := c.goodCall(n), c.badCall(n)
	before, now := good.n(), bad.n()
	text := fmt.Sprintf("×%d → ×%d", before, now)
	switch {
	case now > before:
		text += ": " + callsOf(now-before, "more")
	case now < before:
		text += ": " + callsOf(before-now, "fewer")
	}
	if c.newlyFailed(n) {
		text += ", " + outcome(c.Bad, bad)
	}
	return text
}

// levelWord says what a call is that stands around calls that match.
func (c *Comparison) levelWord(n *Node) string {
	switch {
	case n.Parent < 0:
		return "between pieces of an incomplete trace"
	case n.Presence == Added:
		return "level added"
	}
	return "level removed"
}

func times(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(", %d calls", n)
}

// lackingTimes says how often a call is missing: as it was made, or under each of the calls that there are now more of.
func lackingTimes(n *Node, made int, r ratio) string {
	if r.now > r.before && n.Moved < 0 && !n.NotReached {
		return fmt.Sprintf(" under %d calls", r.now)
	}
	return times(made)
}

func (c *Comparison) addedWord(n *Node) string {
	if n.Moved >= 0 {
		return "moved here from under " + c.parentName(n.Moved)
	}
	return "added"
}

// lackingWord says what it means that the bad trace has no such call.
func (c *Comparison) lackingWord(n *Node) string {
	switch {
	case n.Moved >= 0:
		return "moved from here to under " + c.parentName(n.Moved)
	case n.NotReached:
		return "not reached"
	case c.Trust.Incomplete[1]:
		return "not present (the trace may be incomplete)"
	}
	return "missing"
}

func callsOf(n int, than string) string {
	if n == 1 {
		return "1 " + than + " call"
	}
	return fmt.Sprintf("%d %s calls", n, than)
}

func slower(delta int64) string {
	if delta < 0 {
		return facts.Lasted(-delta) + " faster"
	}
	return facts.Lasted(delta) + " slower"
}

func signed(ns int64) string {
	if ns < 0 {
		return "-" + facts.Lasted(-ns)
	}
	return "+" + facts.Lasted(ns)
}

func abs(n int64) int64 { return max(n, -n) }
