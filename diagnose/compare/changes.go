package compare

import (
	"cmp"
	"fmt"
	"slices"

	"tracefall/diagnose/normalize"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// Change is one difference between the traces, of whatever kind.
type Change struct {
	Kind   Kind
	Node   int
	Detail string // a clause: "×3 → ×50", "ok → error (UNAVAILABLE)", "service.version 1.4.1 → 1.4.2"
}

// changes are being listed.
type changes struct {
	messages
	list []Change
	seen map[[2]int]bool // pairs of resources whose attributes were compared
}

func (c *changes) add(kind Kind, node int, format string, args ...any) {
	c.list = append(c.list, Change{kind, node, fmt.Sprintf(format, args...)})
}

// all lists what differs, in the order of the aligned tree. What lies below a missing or added call is not listed on its
// own.
func (c *changes) all() []Change {
	for i := 0; i < len(c.Nodes); i++ {
		n := &c.Nodes[i]
		if i == 0 && c.inPieces() {
			c.pieces()
			continue
		}
		if n.Presence != Matched {
			c.oneSided(i)
			if !n.Level {
				i = n.End - 1
			}
			continue
		}
		c.both(i)
		if outside, _ := c.outside(); i == 0 && Abs(outside) >= c.noise(c.longer()) {
			c.add(KindDuration, 0, "%s → %s (%s) for the whole trace", Written(c.Length(false)), Written(c.Length(true)), Signed(c.Delta))
		}
		c.attributes(i)
	}
	return c.list
}

// pieces lists how the top differs where a trace has no single root.
func (c *changes) pieces() {
	good, lostGood := c.Pieces(0, false)
	bad, lostBad := c.Pieces(0, true)
	if before, now := piecesWord(good, lostGood), piecesWord(bad, lostBad); before != now {
		c.add(KindCount, 0, "%s → %s", before, now)
	}
	if d := c.Delta; c.Nodes[0].Presence == Matched && Abs(d) >= c.noise(c.longer()) {
		c.add(KindDuration, 0, "%s → %s (%s)", Written(c.Length(false)), Written(c.Length(true)), Signed(d))
	}
}

// both lists how a call that is on both sides differs, but for its attributes.
func (c *changes) both(i int) {
	n := &c.Nodes[i]
	good, bad := c.calls(n)
	if n.Relaxed {
		c.add(KindAttribute, i, "operation %s → %s", c.Label(i, false), c.Label(i, true))
	}
	if c.counted(i) {
		c.add(KindCount, i, "×%s → ×%s", trace.Grouped(good.Times()), trace.Grouped(bad.Times()))
	}
	if before, now := outcome(c.Good, good, failureSort), outcome(c.Bad, bad, failureSort); before != now {
		if was, is := outcome(c.Good, good, failureCode), outcome(c.Bad, bad, failureCode); was != is {
			before, now = was, is
		}
		c.add(KindStatus, i, "%s → %s", before, now)
	}
	before, now := c.meanDuration(false, good), c.meanDuration(true, bad)
	if d := now - before; c.notable(d, good, bad) {
		c.add(KindDuration, i, "%s → %s (%s)%s", Written(before), Written(now), Signed(d), c.hidden(i, d))
	}
	if text := c.reordered(i); text != "" {
		c.add(KindOrder, i, "%s", text)
	}
}

func (c *changes) oneSided(i int) {
	n := &c.Nodes[i]
	spans := 0
	for k := i; k < n.End && !n.Level; k++ {
		spans += len(c.Nodes[k].Good) + len(c.Nodes[k].Bad)
	}
	below := ""
	if spans > 1 {
		below = " (" + trace.Counted(spans, "span") + ")"
	}
	kind, word := c.oneSidedWord(n)
	switch {
	case n.Level:
		c.add(kind, i, "%s above %s", word, c.Nodes[i+1].Op.Label())
	case n.Moved >= 0:
		c.add(KindMoved, i, "%s%s", word, below)
	default:
		c.add(kind, i, "%s%s", word, below)
	}
}

// reordered says which of the matched children of a node, sequential on both sides, start in another order; "" for
// none.
func (c *changes) reordered(i int) string {
	n := &c.Nodes[i]
	var kids []*Node // in the order of the good side
	for k := i + 1; k < n.End; k = c.Nodes[k].End {
		if kid := &c.Nodes[k]; kid.Presence == Matched && len(kid.Good) == 1 && len(kid.Bad) == 1 {
			kids = append(kids, kid)
		}
	}
	first := 1
	for first < len(kids) && c.badStart(kids[first-1]) <= c.badStart(kids[first]) {
		first++
	}
	if first >= len(kids) {
		return ""
	}
	good, bad := make([]int, len(kids)), make([]int, len(kids))
	for k, kid := range kids {
		good[k], bad[k] = kid.Good[0], kid.Bad[0]
	}
	slices.SortFunc(bad, func(x, y int) int {
		return cmp.Compare(c.Bad.Timing.Effective(x).Start, c.Bad.Timing.Effective(y).Start)
	})
	how, _ := patterns.Arrange(c.Good, good)
	now, _ := patterns.Arrange(c.Bad, bad)
	if how != patterns.Sequential || now != patterns.Sequential {
		return ""
	}
	late := kids[first] // what now comes before its predecessor comes before all that start after it
	before := first - 1
	for before > 0 && c.badStart(kids[before-1]) > c.badStart(late) {
		before--
	}
	return fmt.Sprintf("%s now runs before %s", late.Op.Label(), kids[before].Op.Label())
}

func (c *changes) badStart(n *Node) int64 { return c.Bad.Timing.Effective(n.Bad[0]).Start }

// attributes lists what differs in more than values such as ids and numbers, which differ between any two requests,
// where one call stands against one. What differs in the resource is told once.
func (c *changes) attributes(i int) {
	n := &c.Nodes[i]
	if len(n.Good) != 1 || len(n.Bad) != 1 {
		return
	}
	g, b := c.Good.Trace.Span(n.Good[0]), c.Bad.Trace.Span(n.Bad[0])
	list := attributeDiff("span", g.Attrs(), b.Attrs())
	if pair := [2]int{g.Resource().Index(), b.Resource().Index()}; !c.seen[pair] {
		c.seen[pair] = true
		list = append(list, attributeDiff("resource", g.Resource().Attrs(), b.Resource().Attrs())...)
	}
	for _, a := range list {
		if len(a.Good) > LongValue || len(a.Bad) > LongValue || PerRequest(a.Key) || normalize.Name(a.Good) == normalize.Name(a.Bad) {
			continue
		}
		good, _ := secrets.Mask(a.Key, a.Good, false)
		bad, _ := secrets.Mask(a.Key, a.Bad, false)
		c.add(KindAttribute, i, "%s %s → %s", a.Key, orNone(good), orNone(bad))
	}
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}
