package compare

import (
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// messages write what contributions, changes and the divergence of a comparison are.
type messages struct{ *Comparison }

// contribution says what a contribution is; took is its time, with a space before it, where that is to stand in it: " +2 s".
func (c messages) contribution(p *Contribution, took string) string {
	n := &c.Nodes[p.Node]
	good, bad := c.calls(n)
	switch p.what {
	case levelOrCall:
		_, text := c.oneSidedWord(n)
		switch {
		case n.Level:
			return text
		case n.Presence == Added:
			return text + times(bad.Times())
		}
		return text + c.lackingTimes(n, p.ratio)
	case rootSpan:
		if p.Kind == KindAdded {
			return "root span added: self time" + took
		}
		return "root span " + c.lackingWord(n) + ": self time" + took
	case betweenPieces:
		return ApartWord(c.Good, c.Bad)
	case outsideRoot:
		_, text := c.outside()
		return text
	case callCount:
		return c.countMessage(n)
	case eachCall:
		return c.eachMessage(n)
	case callerGap:
		return "network/queue time" + took
	case pathOnly:
		if p.Delta > 0 {
			return "now on the critical path, its duration hardly changed"
		}
		return "no longer on the critical path, its duration hardly changed"
	default:
	}
	text := "self time"
	if p.what == selfTimeOnPath {
		text = "critical path without children"
	}
	text += took
	if changed := p.ratio.now != p.ratio.before; changed && bad.Times() > 1 {
		text += fmt.Sprintf(" (%s each)", Signed(p.Delta/int64(bad.Times())))
	} else if !changed && good.Times() > 1 {
		text += " in " + trace.Counted(good.Times(), "call")
	}
	return text
}

// eachMessage says how long each call takes on the critical path, with everything below it.
func (c messages) eachMessage(n *Node) string {
	good, bad := c.calls(n)
	before, now := good.Subtree/int64(good.Times()), bad.Subtree/int64(bad.Times())
	word := "each"
	if bad.Times() == 1 {
		word = "the remaining call"
	}
	text := fmt.Sprintf("%s %s → %s", word, Written(before), Written(now))
	if Written(before) != Written(c.meanDuration(false, good)) || Written(now) != Written(c.meanDuration(true, bad)) {
		text += " on the critical path"
	}
	return text
}

// countMessage says how often a call ran: "×1 → ×5, 4/5 errors (UNAVAILABLE)".
func (c messages) countMessage(n *Node) string {
	before, now := len(n.Good), len(n.Bad)
	text := fmt.Sprintf("×%s → ×%s", trace.Grouped(before), trace.Grouped(now))
	if before == now {
		p := &c.Nodes[n.Parent]
		text += fmt.Sprintf(" while the caller ran ×%s → ×%s", trace.Grouped(len(p.Good)), trace.Grouped(len(p.Bad)))
	}
	if c.newlyFailed(n) {
		_, bad := c.calls(n)
		text += ", " + outcome(c.Bad, bad, failureCode)
	}
	return text
}

func times(n int) string {
	if n == 1 {
		return ""
	}
	return ", " + trace.Counted(n, "call")
}

// lackingTimes says how often a call is missing: as it was made, or in each of the calls that there are now more of, or
// fewer.
func (c messages) lackingTimes(n *Node, r ratio) string {
	good, _ := c.calls(n)
	if r.now != r.before && n.Moved < 0 && !n.NotReached {
		before := good.Subtree / r.before
		if r.now == 1 {
			return fmt.Sprintf(" in the remaining call (%s)", Written(before))
		}
		return fmt.Sprintf(" in each of %s (%s × %s)", trace.Counted(int(r.now), "call"), trace.Grouped(int(r.now)), Written(before))
	}
	return times(good.Times())
}

// oneSidedWord says what it means that only one trace has a call.
func (c messages) oneSidedWord(n *Node) (Kind, string) {
	switch {
	case n.Presence == Missing && n.Level:
		return KindMissing, "intermediate span removed"
	case n.Presence == Missing:
		return KindMissing, c.lackingWord(n)
	case n.Level:
		return KindAdded, "intermediate span added"
	case n.Moved >= 0:
		return KindAdded, "moved here from " + c.parentName(n.Moved)
	}
	return KindAdded, "added"
}

// lackingWord says what it means that the bad trace has no such call.
func (c messages) lackingWord(n *Node) string {
	switch {
	case n.Moved >= 0:
		return "moved under " + c.parentName(n.Moved)
	case n.NotReached:
		return "not executed"
	case c.Trust.Incomplete[1]:
		return "not present (the trace may be incomplete)"
	}
	return "missing"
}

func (c messages) parentName(i int) string {
	if p := c.Nodes[i].Parent; p >= 0 {
		return c.Nodes[p].Op.Label()
	}
	return "the root"
}

func (c messages) divergence(d *Divergence) string {
	n := &c.Nodes[d.Node]
	_, bad := c.calls(n)
	where := ""
	if n.Parent >= 0 && c.Nodes[n.Parent].Op.Label() != "" {
		where = " under " + c.Name(n.Parent)
	}
	ran := fmt.Sprintf(" ran ×%s instead of ×%s", trace.Grouped(len(n.Bad)), trace.Grouped(len(n.Good)))
	text := c.Name(d.Node)
	switch {
	case d.Kind == KindMissing:
		if fewer := c.fewerToPeer(d.Node); fewer != "" {
			text = fewer
		} else {
			text += " " + c.lackingWord(n) + where
		}
	case d.Kind == KindAdded:
		text += " added" + where
	case d.Kind == KindStatus && len(n.Good) != len(n.Bad):
		text += ran + where + ", " + outcome(c.Bad, bad, failureCode)
	case d.Kind == KindStatus:
		text += where + ": ok → " + outcome(c.Bad, bad, failureCode)
	default:
		text += ran + where
	}
	if !anyFailed(c.Bad) {
		text += "; no error is recorded"
	}
	return text
}

// fewerToPeer words a missing call whose caller still made other calls to the same place: then it is their number
// that people know. "" where there are none.
func (c messages) fewerToPeer(i int) string {
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
	return fmt.Sprintf("%s made %s %s calls in the baseline and %s in the bad trace; %s: %s",
		c.Name(n.Parent), trace.Grouped(before), peer, trace.Grouped(now), c.lackingWord(n), n.Op.Label())
}

// placeOf is whom a call goes to: the service of a remote procedure, else the peer.
func placeOf(op facts.Op) string {
	if slash := strings.LastIndexByte(op.Template, '/'); op.Class == semconv.ClassRPC && slash > 0 {
		return op.Template[:slash]
	}
	if op.Class.Remote() {
		return op.Peer
	}
	return ""
}

// piecesWord says what holds several pieces: "2 root spans", "3 pieces of an incomplete trace".
func piecesWord(n int, lost bool) string {
	switch {
	case lost:
		return trace.Counted(n, "piece") + " of an incomplete trace"
	case n == 0:
		return "1 root span"
	}
	return trace.Counted(n, "root span")
}

// ApartWord says what the time is called in which nothing of traces without a single root ran.
func ApartWord(traces ...*facts.Facts) string {
	if slices.ContainsFunc(traces, func(f *facts.Facts) bool { return f.Trace.First() > 0 && facts.Incomplete(f.Trace) }) {
		return "time between pieces of an incomplete trace"
	}
	return "time between the first spans"
}
