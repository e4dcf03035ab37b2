package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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

// contributions cuts the difference into disjoint parts: a call that one side lacks with everything below it, a
// call made more or less often likewise, and of every other call what it did itself. The critical paths' segments
// partition both traces, so nothing is left over.
func (c *Comparison) contributions() []Contribution {
	var list []Contribution
	add := func(node int, kind Kind, delta int64, format string, args ...any) {
		if delta != 0 {
			list = append(list, Contribution{node, kind, delta, fmt.Sprintf(format, args...)})
		}
	}
	for i := 0; i < len(c.Nodes); {
		n := &c.Nodes[i]
		good, bad := c.goodCall(n), c.badCall(n)
		switch {
		case n.Level && good != nil:
			add(i, KindMissing, -good.critical, "level removed")
		case n.Level:
			add(i, KindAdded, bad.critical, "level added")
		case good == nil:
			add(i, KindAdded, bad.subtree, "added%s", times(bad.n()))
			i = n.End
			continue
		case bad == nil:
			add(i, KindMissing, -good.subtree, "%s%s", c.lackingWord(), times(good.n()))
			i = n.End
			continue
		case good.n() != bad.n():
			c.counted(i, good, bad, add)
			i = n.End
			continue
		default:
			c.own(i, good, bad, add)
		}
		i++
	}
	slices.SortStableFunc(list, func(a, b Contribution) int { return cmp.Compare(abs(b.Delta), abs(a.Delta)) })
	return list
}

func times(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(", %d calls", n)
}

// lackingWord says what it means that the bad trace has no such call.
func (c *Comparison) lackingWord() string {
	if c.Trust.Incomplete[1] {
		return "not present (the trace may be incomplete)"
	}
	return "missing"
}

// counted splits the difference of a call made n times before and m times now:
//
//	Δ = (m − n) · mean before [count]  +  m · (mean now − mean before) [each]
func (c *Comparison) counted(i int, good, bad *call, add func(int, Kind, int64, string, ...any)) {
	n, m := int64(good.n()), int64(bad.n())
	delta := bad.subtree - good.subtree
	count := (m - n) * good.subtree / n
	each := delta - count
	if m > n {
		add(i, KindCount, count, "×%d → ×%d: %s", n, m, callsOf(m-n, "more"))
	} else {
		add(i, KindCount, count, "×%d → ×%d: %s", n, m, callsOf(n-m, "fewer"))
	}
	add(i, KindDuration, each, "each %s", slower(each/m))
}

func callsOf(n int64, than string) string {
	if n == 1 {
		return "1 " + than + " call"
	}
	return fmt.Sprintf("%d %s calls", n, than)
}

// own is the difference of what a call did itself, the gap between caller and server told apart.
func (c *Comparison) own(i int, good, bad *call, add func(int, Kind, int64, string, ...any)) {
	delta := bad.critical - good.critical
	if len(good.servers) > 0 && len(bad.servers) > 0 {
		gap := bad.callerOwn - good.callerOwn
		add(i, KindGap, gap, "between caller and server: %s", slower(gap))
		delta -= gap
	}
	if delta == 0 {
		return
	}
	word := "own work " + slower(delta)
	if good.n() > 1 {
		word = fmt.Sprintf("×%d, own work %s", good.n(), slower(delta))
	}
	if change := c.meanDuration(false, good) - c.meanDuration(true, bad); good.n() == 1 && !c.notable(change, good, bad) &&
		abs(delta) > 2*abs(change) {
		word = "now decides the end time; its own duration hardly changed"
		if delta < 0 {
			word = "no longer decides the end time; its own duration hardly changed"
		}
	}
	add(i, KindDuration, delta, "%s", word)
}

func slower(delta int64) string {
	if delta < 0 {
		return facts.Lasted(-delta) + " faster"
	}
	return facts.Lasted(delta) + " slower"
}

// headline says in one line where the difference comes from: down from the root to the child that carries most of
// its parent's difference, as long as there is one.
func (c *Comparison) headline() string {
	if c.Delta == 0 && len(c.Changes) == 0 {
		return "no difference"
	}
	at := 0
	for {
		next := -1
		whole := c.DeltaOf(at)
		for k := at + 1; k < c.Nodes[at].End; k = c.Nodes[k].End {
			if part := c.DeltaOf(k); whole != 0 && (part > 0) == (whole > 0) && 5*abs(part) >= 4*abs(whole) {
				next = k
			}
		}
		if next < 0 {
			break
		}
		at = next
	}
	n := &c.Nodes[at]
	text := fmt.Sprintf("%s of %s comes from %s", signed(c.DeltaOf(at)), signed(c.Delta), c.name(n))
	var parts []string
	for _, part := range c.Contributions {
		if part.Node == at && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf("%s (%s)", part.Message, signed(part.Delta)))
		}
	}
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text
}

// name is how a node is called in sentences: service and operation.
func (c *Comparison) name(n *Node) string {
	if n.Op.Service == "" {
		return n.Op.Label()
	}
	return n.Op.Service + " " + n.Op.Label()
}

func signed(ns int64) string {
	if ns < 0 {
		return "−" + facts.Lasted(-ns)
	}
	return "+" + facts.Lasted(ns)
}

func abs(n int64) int64 { return max(n, -n) }
