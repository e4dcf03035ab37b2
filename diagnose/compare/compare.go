package compare

import (
	"strings"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
)

// Comparison is a good and a bad trace, aligned. It does not change once made.
type Comparison struct {
	Good, Bad     *facts.Facts
	Nodes         []Node // the aligned tree in pre-order
	Delta         int64  // ns by which the bad trace took longer
	Contributions []Contribution
	Causes        []Cause // by call, what made the most first
	Slower        int64   // ns, of the causes that made the bad trace slower; with Faster it is Delta
	Faster        int64   // ns, of those that made it faster, 0 or less
	Changes       []Change
	Divergence    *Divergence // nil when nothing differs in kind
	Headline      string
	Brief         string // the headline with one of several causes at most
	Trust         Trust

	a      *aligner
	places [2][]int32 // of good and bad, by node of the call tree: index in Nodes
	deltas []int64    // by node, with everything below
	owns   []int64    // by node, one more than there are: the contributions of all nodes before it

	cutShort bool // calls were not reached because of a failure

	highest, lowest int64 // ns, of these and of the causes
}

// Trust says how far the comparison can be relied on.
type Trust struct {
	MatchedShare float64 // of the spans of both traces, those that have a counterpart
	Ambiguous    int     // pairs for which another was as good
	Unrelated    bool    // the traces are different operations
	Incomplete   [2]bool // good and bad: spans are missing from the export itself, so "missing" may be its fault
}

// Served returns the spans that served the calls of node i, on both sides; empty where the export has none.
func (c *Comparison) Served(i int) (good, bad []int) {
	before, now := c.calls(&c.Nodes[i])
	if before != nil {
		good = before.Servers
	}
	if now != nil {
		bad = now.Servers
	}
	return good, bad
}

// DeltaOf returns by how many nanoseconds node i and everything below it made the bad trace longer: the difference
// of their critical-path times. That of node 0 is Delta.
func (c *Comparison) DeltaOf(i int) int64 { return c.deltas[i] }

// NodeOf returns the index of the node that holds a span of the good or the bad trace.
func (c *Comparison) NodeOf(bad bool, span int) int {
	if bad {
		return int(c.places[1][c.a.bad.Of[span]])
	}
	return int(c.places[0][c.a.good.Of[span]])
}

// Anchor returns the span of the bad trace under which node i stands or would stand: its own first span, else that of
// the closest call above that the bad trace has.
func (c *Comparison) Anchor(i int) int {
	for ; i >= 0; i = c.Nodes[i].Parent {
		if n := &c.Nodes[i]; len(n.Bad) > 0 {
			return n.Bad[0]
		}
	}
	return c.Bad.Trace.Root().Index()
}

// Path lists the labels of the calls from the root to node i.
func (c *Comparison) Path(i int) []string {
	path := make([]string, c.Nodes[i].Depth+1)
	for ; i >= 0; i = c.Nodes[i].Parent {
		path[c.Nodes[i].Depth] = c.Nodes[i].Op.Label()
	}
	return path
}

// calls returns the calls of the good and the bad trace that a node stands for, nil where a trace has none.
func (c *Comparison) calls(n *Node) (good, bad *calltree.Call) {
	if n.good >= 0 {
		good = &c.a.good.Calls[n.good]
	}
	if n.bad >= 0 {
		bad = &c.a.bad.Calls[n.bad]
	}
	return good, bad
}

// Name is how node i is called everywhere, in sentences and rows: service and operation; "the whole trace" where the
// node only holds pieces.
func (c *Comparison) Name(i int) string {
	n := &c.Nodes[i]
	switch {
	case n.Parent < 0 && n.Service == "" && n.Op.Label() == "" && c.inPieces():
		return "the whole trace"
	case n.Op.Label() == "":
		return strings.TrimSpace(n.Service + " (no name)")
	case n.Service == "":
		return n.Op.Label()
	}
	return n.Service + " " + n.Op.Label()
}

// Label is what node i is called in the good or the bad trace, without its service; where that one lacks it, as in the other.
func (c *Comparison) Label(i int, bad bool) string {
	switch n := &c.Nodes[i]; {
	case bad && n.bad >= 0:
		return c.a.bad.Op(n.bad).Label()
	case !bad && n.good >= 0:
		return c.a.good.Op(n.good).Label()
	default:
		return n.Op.Label()
	}
}

// counted reports whether a call is made more or less often for each time that its parent is.
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

// Length returns how long the good or the bad trace took, in ns: the duration that lists and waterfalls show.
func (c *Comparison) Length(bad bool) int64 { return c.side(bad).Trace.Duration() }

func (c *Comparison) side(bad bool) *facts.Facts {
	if bad {
		return c.Bad
	}
	return c.Good
}

// longer returns the length of the longer trace.
func (c *Comparison) longer() int64 { return max(c.Length(false), c.Length(true)) }

// outside returns how much of the traces' lengths their critical paths do not cover, bad less good, and what that is:
// time before or after a root that ended early, or by which clocks were set right.
func (c *Comparison) outside() (delta int64, what string) {
	good, bad := c.Length(false)-c.Good.Total(), c.Length(true)-c.Bad.Total()
	what = "time outside the root span"
	if good != 0 && c.rootless(false) || bad != 0 && c.rootless(true) {
		what = "clock-skew correction"
	}
	return bad - good, what
}

// The noise under which a change of duration between two single traces is not reported.
const (
	noiseLeast = int64(5_000_000) // ns
	noiseCall  = 0.10             // of the longer of the two
	noiseTrace = 0.01             // of the longer trace
)

func (c *Comparison) meanDuration(bad bool, call *calltree.Call) int64 {
	return c.side(bad).Sum(call.Members) / int64(call.Times())
}

// notable reports whether a change of the mean duration of a call is more than noise.
func (c *Comparison) notable(d int64, good, bad *calltree.Call) bool {
	return Abs(d) >= c.noise(max(c.meanDuration(false, good), c.meanDuration(true, bad)))
}

// noise is by how much two single calls, the longer of which takes that long, may differ by chance.
func (c *Comparison) noise(longer int64) int64 {
	return max(noiseLeast, int64(noiseCall*float64(longer)), int64(noiseTrace*float64(c.longer())))
}

// Notable reports whether calls of a node, that take so long in the good and the bad trace, differ by more than noise.
func (c *Comparison) Notable(good, bad int64) bool { return Abs(bad-good) >= c.noise(max(good, bad)) }

// A trace with several first spans, or whose spans lost their parents, stands under a root of our own. What that root
// does not hand to what is below it is time in which nothing recorded ran: nobody's self time.
//
//	GET /a  |--|
//	GET /b                |--|
//	            |========|       time between the first spans

// rootless reports whether the good or the bad trace has no single root.
func (c *Comparison) rootless(bad bool) bool { return c.side(bad).Trace.First() > 0 }

// inPieces reports whether the top of the aligned tree stands for the pieces of either trace.
func (c *Comparison) inPieces() bool { return c.rootless(false) || c.rootless(true) }

// Pieces returns how many spans of the good or the bad trace node i holds together without being their parent, 0
// where it is a call; lost reports whether their parents are missing from the export.
func (c *Comparison) Pieces(i int, bad bool) (n int, lost bool) {
	f, node := c.side(bad), &c.Nodes[i]
	if absent := node.good < 0 && !bad || node.bad < 0 && bad; i > 0 || absent || !c.rootless(bad) {
		return 0, false
	}
	for range f.Children(0) {
		n++
	}
	return n, facts.Incomplete(f.Trace)
}
