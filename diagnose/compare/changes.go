package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
)

// Change is one difference between the traces, of whatever kind.
type Change struct {
	Kind   Kind
	Node   int
	Detail string // a clause: "×3 → ×50", "ok → error (UNAVAILABLE)", "service.version 1.4.1 → 1.4.2"
}

// The noise under which a change of duration between two single traces is not reported.
const (
	noiseLeast = int64(5_000_000) // ns
	noiseCall  = 0.10             // of the longer of the two
	noiseTrace = 0.01             // of the longer trace
)

// changes lists what differs, in the order of the aligned tree. What lies below a missing or added call is not
// listed on its own.
func (c *Comparison) changes() []Change {
	var list []Change
	add := func(kind Kind, node int, format string, args ...any) {
		list = append(list, Change{kind, node, fmt.Sprintf(format, args...)})
	}
	seen := map[[2]int]bool{}
	for i := 0; i < len(c.Nodes); i++ {
		n := &c.Nodes[i]
		if i == 0 && c.inPieces() {
			c.pieces(add)
			continue
		}
		if n.Presence != Matched {
			c.oneSided(i, add)
			if !n.Level {
				i = n.End - 1
			}
			continue
		}
		c.both(i, add)
		if outside, _ := c.outside(); i == 0 && abs(outside) >= c.noise(c.longer()) {
			add(KindDuration, 0, "%s → %s (%s) for the whole trace", Written(c.Length(false)), Written(c.Length(true)), signedly(c.Delta))
		}
		c.attributes(i, seen, add)
	}
	return list
}

// pieces lists how the top differs where a trace has no single root.
func (c *Comparison) pieces(add func(Kind, int, string, ...any)) {
	good, lostGood := c.Pieces(0, false)
	bad, lostBad := c.Pieces(0, true)
	if before, now := piecesWord(good, lostGood), piecesWord(bad, lostBad); before != now {
		add(KindCount, 0, "%s → %s", before, now)
	}
	if d := c.Delta; c.Nodes[0].Presence == Matched && abs(d) >= c.noise(c.longer()) {
		add(KindDuration, 0, "%s → %s (%s)", Written(c.Length(false)), Written(c.Length(true)), signedly(d))
	}
}

// both lists how a call that is on both sides differs, but for its attributes.
func (c *Comparison) both(i int, add func(Kind, int, string, ...any)) {
	n := &c.Nodes[i]
	good, bad := c.goodCall(n), c.badCall(n)
	if n.Relaxed {
		add(KindAttribute, i, "operation %s → %s", n.Op.Label(), c.a.bad.op(n.bad).Label())
	}
	if c.counted(i) {
		add(KindCount, i, "×%d → ×%d", good.n(), bad.n())
	}
	if text := c.statusChange(good, bad); text != "" {
		add(KindStatus, i, "%s", text)
	}
	before, now := c.meanDuration(false, good), c.meanDuration(true, bad)
	if d := now - before; c.notable(d, good, bad) {
		add(KindDuration, i, "%s → %s (%s)%s", Written(before), Written(now), signedly(d), c.hidden(i, d))
	}
	if text := c.reordered(i); text != "" {
		add(KindOrder, i, "%s", text)
	}
}

// counted tells whether a call is made more or less often for each time that its parent is.
func (c *Comparison) counted(i int) bool {
	n := &c.Nodes[i]
	if n.Presence != Matched {
		return false
	}
	before, now := len(n.Good), len(n.Bad)
	for p := n.Parent; p >= 0; p = c.Nodes[p].Parent {
		if q := &c.Nodes[p]; q.Presence == Matched {
			return now*len(q.Good) != before*len(q.Bad)
		}
	}
	return now != before
}

func (c *Comparison) oneSided(i int, add func(Kind, int, string, ...any)) {
	n := &c.Nodes[i]
	spans := 0
	for k := i; k < n.End && !n.Level; k++ {
		spans += len(c.Nodes[k].Good) + len(c.Nodes[k].Bad)
	}
	below := ""
	if spans > 1 {
		below = fmt.Sprintf(" (%d spans)", spans)
	}
	switch {
	case n.Level && n.Presence == Added:
		add(KindAdded, i, "level added around %s", c.Nodes[i+1].Op.Label())
	case n.Level:
		add(KindMissing, i, "level removed around %s", c.Nodes[i+1].Op.Label())
	case n.Moved >= 0 && n.Presence == Added:
		add(KindMoved, i, "%s%s", c.addedWord(n), below)
	case n.Moved >= 0:
		add(KindMoved, i, "%s%s", c.lackingWord(n), below)
	case n.Presence == Added:
		add(KindAdded, i, "added%s", below)
	default:
		add(KindMissing, i, "%s%s", c.lackingWord(n), below)
	}
}

func (c *Comparison) parentName(i int) string {
	if p := c.Nodes[i].Parent; p >= 0 {
		return c.Nodes[p].Op.Label()
	}
	return "the root"
}

// statusChange says how the outcome of a call changed, "" where it did not.
func (c *Comparison) statusChange(good, bad *call) string {
	before, now := outcome(c.Good, good), outcome(c.Bad, bad)
	if before == now {
		return ""
	}
	return before + " → " + now
}

// outcome sums up how the calls of a node ended: "ok", or the worst, with the sort of failure and how many.
func outcome(f *facts.Facts, c *call) string {
	worst, failed := -1, 0
	for _, list := range [...][]int{c.members, c.servers} {
		for _, i := range list {
			if f.Failed(i) && (worst < 0 || f.Failure(worst) == facts.ErrorOther) {
				worst = i
			}
		}
	}
	for _, i := range c.members {
		if f.Failed(i) {
			failed++
		}
	}
	switch {
	case worst < 0:
		return "ok"
	case c.n() > 1:
		return fmt.Sprintf("%d/%d errors (%s)", max(failed, 1), c.n(), failureName(f.Failure(worst)))
	}
	return "error (" + failureName(f.Failure(worst)) + ")"
}

// failureName is a sort of failure as status codes are written: "UNAVAILABLE", "BREAKER_OPEN".
func failureName(e facts.ErrorClass) string {
	return strings.ToUpper(strings.ReplaceAll(e.String(), "-", "_"))
}

func (c *Comparison) meanDuration(bad bool, call *call) int64 {
	f := c.Good
	if bad {
		f = c.Bad
	}
	return f.Sum(call.members) / int64(call.n())
}

// notable tells whether a change of the mean duration of a call is more than noise.
func (c *Comparison) notable(d int64, good, bad *call) bool {
	return abs(d) >= c.noise(max(c.meanDuration(false, good), c.meanDuration(true, bad)))
}

// noise is by how much two single calls, the longer of which takes that long, may differ by chance.
func (c *Comparison) noise(longer int64) int64 {
	return max(noiseLeast, int64(noiseCall*float64(longer)), int64(noiseTrace*float64(c.longer())))
}

// Notable tells whether calls of a node, that take so long in the good and the bad trace, differ by more than noise.
func (c *Comparison) Notable(good, bad int64) bool { return abs(bad-good) >= c.noise(max(good, bad)) }

// reordered says which of the matched children of a node, sequential on both sides, start in another order; "" for
// none.
func (c *Comparison) reordered(i int) string {
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
	how, _ := c.Good.Arrange(good)
	now, _ := c.Bad.Arrange(bad)
	if how != facts.Sequential || now != facts.Sequential {
		return ""
	}
	late := kids[first] // what now comes before its predecessor comes before all that start after it
	before := first - 1
	for before > 0 && c.badStart(kids[before-1]) > c.badStart(late) {
		before--
	}
	return fmt.Sprintf("%s now runs before %s", late.Op.Label(), kids[before].Op.Label())
}

func (c *Comparison) badStart(n *Node) int64 { return c.Bad.Timing.Effective(n.Bad[0]).Start }
