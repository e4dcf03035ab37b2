package compare

import (
	"fmt"
	"strings"

	"tracefall/diagnose/facts"
)

// Divergence is the first place, in the order in which the good trace did its work, where the bad one did
// something else.
type Divergence struct {
	Node    int
	Kind    Kind
	Message string
}

// markNotReached marks the missing calls that come after a call that failed only in the bad trace, under the same
// parent: they are its consequence.
func (c *Comparison) markNotReached() {
	broken := map[int]bool{} // parents under which a call failed
	for i := range c.Nodes {
		n := &c.Nodes[i]
		switch {
		case n.Parent >= 0 && c.Nodes[n.Parent].NotReached:
			n.NotReached = true
		case n.Presence == Missing && n.Moved < 0 && broken[n.Parent]:
			n.NotReached = true
		case c.newlyFailed(n):
			broken[n.Parent] = true
		}
	}
}

// newlyFailed tells whether a call failed in the bad trace and not in the good one.
func (c *Comparison) newlyFailed(n *Node) bool {
	if n.bad < 0 || c.a.bad.calls[n.bad].failed == 0 || n.Parent < 0 && c.inPieces() {
		return false
	}
	return n.good < 0 || c.a.good.calls[n.good].failed == 0
}

// divergence finds the first difference in kind.
func (c *Comparison) divergence() *Divergence {
	told := c.toldBelow()
	for i := 0; i < len(c.Nodes); i++ {
		if c.Nodes[i].Moved >= 0 {
			i = c.Nodes[i].End - 1 // what is below went with it
			continue
		}
		if c.diverges(i) && !told[i] {
			return c.divergenceAt(i)
		}
	}
	return nil
}

// toldBelow finds the calls whose failure is told by something below them: by a call that failed too, or, where
// calls below were made at all, by one that was not made as before. A call that failed before it made any of its
// calls tells it itself.
func (c *Comparison) toldBelow() []bool {
	failed, differs, made := make([]bool, len(c.Nodes)), make([]bool, len(c.Nodes)), make([]bool, len(c.Nodes))
	told := make([]bool, len(c.Nodes))
	for i := len(c.Nodes) - 1; i >= 0; i-- {
		n := &c.Nodes[i]
		told[i] = n.Presence == Matched && !c.counted(i) && (failed[i] || made[i] && differs[i])
		if p := n.Parent; p >= 0 {
			failed[p] = failed[p] || failed[i] || c.newlyFailed(n)
			differs[p] = differs[p] || differs[i] || c.diverges(i)
			made[p] = made[p] || n.Presence == Matched
		}
	}
	return told
}

func (c *Comparison) diverges(i int) bool {
	n := &c.Nodes[i]
	if n.Presence != Matched {
		return !n.Level && n.Moved < 0 && !n.NotReached
	}
	return c.counted(i) || c.newlyFailed(n)
}

func (c *Comparison) divergenceAt(i int) *Divergence {
	n := &c.Nodes[i]
	d := &Divergence{Node: i}
	where := ""
	if n.Parent >= 0 && c.Nodes[n.Parent].Op.Label() != "" {
		where = " under " + c.name(&c.Nodes[n.Parent])
	}
	switch {
	case n.Presence == Missing:
		d.Kind = KindMissing
		if d.Message = c.fewerToPeer(i); d.Message == "" {
			d.Message = fmt.Sprintf("%s %s%s", c.name(n), c.lackingWord(n), where)
		}
	case n.Presence == Added:
		d.Kind = KindAdded
		d.Message = fmt.Sprintf("%s added%s", c.name(n), where)
	case c.newlyFailed(n) && len(n.Good) != len(n.Bad):
		d.Kind = KindStatus
		d.Message = fmt.Sprintf("%s ran ×%d instead of ×%d%s, %s", c.name(n), len(n.Bad), len(n.Good), where, outcome(c.Bad, c.badCall(n)))
	case c.newlyFailed(n):
		d.Kind = KindStatus
		d.Message = fmt.Sprintf("%s%s: ok → %s", c.name(n), where, outcome(c.Bad, c.badCall(n)))
	default:
		d.Kind = KindCount
		d.Message = fmt.Sprintf("%s ran ×%d instead of ×%d%s", c.name(n), len(n.Bad), len(n.Good), where)
	}
	if !anyFailed(c.Bad) {
		d.Message += "; no error is recorded"
	}
	return d
}

// fewerToPeer words a missing call whose caller still made other calls to the same place: then it is their number
// that people know. "" where there are none.
func (c *Comparison) fewerToPeer(i int) string {
	n := &c.Nodes[i]
	peer := placeOf(n.Op)
	if n.Parent < 0 || peer == "" {
		return ""
	}
	before, now := 0, 0
	parent := &c.Nodes[n.Parent]
	for k := n.Parent + 1; k < parent.End; k = c.Nodes[k].End {
		if kid := &c.Nodes[k]; kid.Op.Class == n.Op.Class && placeOf(kid.Op) == peer {
			before += len(kid.Good)
			now += len(kid.Bad)
		}
	}
	if now == 0 || now >= before {
		return ""
	}
	return fmt.Sprintf("%s made %d %s calls in the baseline and %d in the bad trace; %s: %s",
		c.name(parent), before, peer, now, c.lackingWord(n), n.Op.Label())
}

// placeOf is whom a call goes to: the service of a remote procedure, else the peer.
func placeOf(op facts.Op) string {
	if slash := strings.LastIndexByte(op.Template, '/'); op.Class == facts.ClassRPC && slash > 0 {
		return op.Template[:slash]
	}
	if op.Class.Remote() {
		return op.Peer
	}
	return ""
}

func anyFailed(f *facts.Facts) bool {
	for i := range f.Trace.Len() {
		if f.Failed(i) {
			return true
		}
	}
	return false
}
