package compare

import (
	"fmt"
	"strings"
)

// The shares of a difference that the headline goes by, in percent.
const (
	drillShare  = 80 // a child that carries so much of its parent's difference is where it comes from
	coverShare  = 90 // parts are listed until they make up so much of it
	coverParts  = 3
	littleShare = 2 // of the trace: what is less is not worth a part
	leadShare   = 1 // of the difference: a missing call that took less does not come before where the time is from
)

// headline writes the line that says of a comparison what matters most.
type headline struct{ *Comparison }

// text says in one line what matters most. A trace that went another way or failed is told by where it left
// the good one's way, because it may well be the faster for it; else the line says where the time comes from.
func (c headline) text(inParts bool) string {
	switch {
	case c.Delta == 0 && len(c.Changes) == 0:
		return "no difference"
	case c.Trust.Unrelated:
		return fmt.Sprintf("these are different operations: %s and %s", c.rootName(false), c.rootName(true))
	case c.leads() && !c.worthTelling():
		return c.Divergence.Message
	case c.leads() && c.Delta < 0:
		return fmt.Sprintf("%s (%s in all)", c.Divergence.Message, signedly(c.Delta))
	case c.leads():
		return c.Divergence.Message + "; " + c.whereFrom(inParts, true)
	case c.Divergence != nil && c.Divergence.Kind == KindMissing:
		return c.whereFrom(inParts, false) + "; " + c.Divergence.Message
	case c.Delta == 0:
		return Plural(len(c.Changes), "change") + ", none of which changed the trace's duration"
	}
	return c.whereFrom(inParts, false)
}

// leads reports whether the line begins with where the traces part.
func (c headline) leads() bool {
	d := c.Divergence
	return d != nil && (!c.worthTelling() || c.Delta < 0 || d.Kind == KindMissing && c.missingLeads() || d.Kind == KindStatus && c.cutShort)
}

// missingLeads reports whether the missing call at which the traces part is told before where the time comes from: where
// the bad trace failed, or the call took a share that compares with the difference. A trifle that is missing is not
// what made a trace slow.
func (c headline) missingLeads() bool {
	n := &c.Nodes[c.Divergence.Node]
	var took int64
	for _, i := range n.Good {
		took += c.Good.Trace.Span(i).Duration()
	}
	return c.newlyFailed(&c.Nodes[0]) || 100*took >= leadShare*Abs(c.Delta)
}

// worthTelling reports whether the whole difference in time is more than noise.
func (c headline) worthTelling() bool {
	return 100*Abs(c.Delta) >= littleShare*c.longer() && c.Delta != 0
}

// whereFrom goes down from the root to the child that carries most of its parent's difference, as long as there is
// one, and says what made it there, in parts where these are asked for. Behind the divergence its call is "it".
func (c headline) whereFrom(inParts, behind bool) string {
	at := c.drill()
	delta, name := c.DeltaOf(at), c.Name(at)
	own := c.ownCause(at)
	if own != nil {
		delta = own.Delta
	}
	if behind && at == c.Divergence.Node {
		name = "it"
	}
	var text string
	switch {
	case at == 0 && c.inPieces():
		own, delta = nil, c.Delta
		text = signedly(delta)
	case at == 0 && own == nil:
		text = fmt.Sprintf("%s in %s", signedly(delta), name)
	case !c.Shares():
		text = fmt.Sprintf("%s in all, %s in %s", signedly(c.Delta), signedly(delta), name)
	case c.Rest(delta) != "":
		text = fmt.Sprintf("%s accounts for the whole %s (%s; %s)", name, c.direction(), signedly(delta), c.Rest(delta))
	case shown(delta) == shown(c.Delta):
		text = fmt.Sprintf("%s accounts for the whole %s (%s)", name, c.direction(), signedly(delta))
	default:
		text = fmt.Sprintf("%s accounts for %s of %s", name, signedly(delta), signedly(c.Delta))
	}
	if p := c.Contributions; at == 0 && len(p) == 1 && p[0].Apart {
		return signedly(delta) + " is " + p[0].Message
	}
	if !inParts && !(at == 0 && c.inPieces()) {
		return text
	}
	if own != nil {
		return text + ": " + c.causeText(own)
	}
	if parts := c.parts(at, delta); parts != "" {
		text += ": " + parts
	}
	return text
}

// ownCause returns what a call itself made, where that is most of what it made with everything below it: then the
// headline speaks of the first of the causes and not of the call's whole subtree. nil where it is not.
func (c headline) ownCause(at int) *Cause {
	whole := c.DeltaOf(at)
	for k := range c.Causes {
		cause := &c.Causes[k]
		if cause.Node == at && !cause.Apart && !cause.NotExecuted && (cause.Delta > 0) == (whole > 0) && 100*Abs(cause.Delta) >= drillShare*Abs(whole) {
			return cause
		}
	}
	return nil
}

// direction says whether the bad trace took longer or less long.
func (c headline) direction() string {
	if c.Delta < 0 {
		return "decrease"
	}
	return "increase"
}

// drill finds the call that the difference comes from.
func (c headline) drill() int {
	for at := 0; ; {
		next := -1
		whole := c.DeltaOf(at)
		for k := at + 1; k < c.Nodes[at].End; k = c.Nodes[k].End {
			part := c.DeltaOf(k)
			if whole != 0 && (part > 0) == (whole > 0) && 100*Abs(part) >= drillShare*Abs(whole) && !c.countedAt(at) {
				next = k
			}
		}
		if next < 0 {
			return at
		}
		at = next
	}
}

// countedAt reports whether a node was made more or less often: then the calls below follow from it.
func (c headline) countedAt(i int) bool {
	for k := range c.Contributions {
		if p := &c.Contributions[k]; p.Node == i && p.Kind == KindCount {
			return 2*Abs(p.Delta) >= Abs(c.DeltaOf(i))
		}
	}
	return false
}

// parts lists the largest contributions at and below a node that have the sign of its difference, until they make
// up nearly all of it. What they are less, or more, than the whole is said.
func (c headline) parts(at int, whole int64) string {
	var parts []string
	var deltas []int64
	var sum int64
	for _, p := range c.Contributions {
		if p.Node < at || p.Node >= c.Nodes[at].End || (p.Delta > 0) != (whole > 0) {
			continue
		}
		if len(parts) == coverParts || 100*Abs(sum) >= coverShare*Abs(whole) && p.Node != at {
			break
		}
		sum += p.Delta
		deltas = append(deltas, p.Delta)
		where := ""
		if p.Node != at {
			where = c.Name(p.Node) + " "
		}
		parts = append(parts, where+p.Text())
	}
	if rest := whole - sum; len(parts) > 0 && rest != 0 && !AddUp(whole, sum) {
		parts, deltas = append(parts, "other "+signedly(rest)), append(deltas, rest)
	}
	if len(parts) > 1 && !AddUp(whole, deltas...) {
		parts = append(parts, "rounded")
	}
	return strings.Join(parts, ", ")
}

func (c headline) rootName(bad bool) string {
	for i := range c.Nodes {
		switch n := &c.Nodes[i]; {
		case n.Op.Name+n.Op.Template == "":
		case bad && n.bad >= 0:
			op := c.a.bad.Op(n.bad)
			return strings.TrimSpace(op.Service + " " + op.Label())
		case !bad && n.good >= 0:
			return c.Name(i)
		}
	}
	return "a trace without a name"
}
