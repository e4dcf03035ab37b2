package compare

import (
	"fmt"
	"strings"

	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// The shares of a difference that the headline goes by, in percent.
const (
	drillShare  = 80 // a child that carries so much of its parent's difference is where it comes from
	coverShare  = 90 // parts are listed until they make up so much of it
	coverParts  = 3  // so many at most
	littleShare = 2  // of the trace: what is less is not worth a part
	leadShare   = 1  // of the difference: a missing call that took less does not come before where the time is from
)

// headline writes the line that says of a comparison what matters most.
type headline struct{ messages }

// text says in one line what matters most. A trace that went another way or failed is told by where it left
// the good one's way, because it may well be the faster for it; else the line says where the time comes from. Of
// several calls it names so many.
func (c headline) text(most int) string {
	switch d := c.Divergence; {
	case c.Delta == 0 && len(c.Changes) == 0:
		return "no difference"
	case c.Trust.Unrelated:
		return fmt.Sprintf("different operations: %s and %s", c.rootName(false), c.rootName(true))
	case c.leads() && !c.worthTelling():
		return d.Brief
	case c.leads() && c.Delta < 0:
		return fmt.Sprintf("%s; trace %s", d.Brief, Signed(c.Delta))
	case c.leads():
		if own := c.mainCause(); own != nil && own.Node == d.Node {
			return d.Brief + ": " + c.Amount(own.Delta)
		}
		where, service := c.whereFrom(most), c.Nodes[d.Node].Service
		return d.Brief + "; " + strings.TrimPrefix(where, service+" ") // which was said
	case c.Delta == 0:
		for k := range c.Causes {
			if own := &c.Causes[k]; own.Delta > 0 {
				return c.causeLine(own) // what became slower, though as much became faster
			}
		}
		return trace.Counted(len(c.Changes), "change") + ", trace duration unchanged"
	}
	return c.whereFrom(most)
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
	return c.newlyFailed(&c.Nodes[0]) || makes(took, c.Delta, leadShare)
}

// worthTelling reports whether the whole difference in time is more than noise.
func (c headline) worthTelling() bool {
	return c.Delta != 0 && makes(c.Delta, c.longer(), littleShare)
}

// whereFrom says which call made the difference and how much of it, "web load: self time +850 ms of +1.00 s (85 %)";
// where no call made most of it, which calls did.
func (c headline) whereFrom(most int) string {
	if own := c.mainCause(); own != nil {
		return c.causeLine(own)
	}
	if parts := c.parts(c.drill(), most); parts != "" {
		return Signed(c.Delta) + ": " + parts
	}
	return Signed(c.Delta) + " in " + c.Name(0)
}

// causeLine says what a cause is and how much of the difference it made.
func (c headline) causeLine(cause *Cause) string {
	text := c.causeName(cause) + c.briefly(cause)
	if !strings.HasSuffix(text, " time") { // "self time +850 ms", but "1 call → 5: +850 ms"
		text += ":"
	}
	return text + " " + c.Amount(cause.Delta)
}

// causeName is the name of the call of a cause before what made it, "" for time that is nobody's.
func (c headline) causeName(cause *Cause) string {
	if cause.Apart {
		return ""
	}
	return c.Name(cause.Node) + ": "
}

// mainCause returns the one cause that the difference comes from, nil where it comes from several.
func (c headline) mainCause() *Cause {
	if len(c.Causes) == 0 {
		return nil
	}
	if most := &c.Causes[0]; (most.Delta > 0) == (c.Delta > 0) && makes(most.Delta, c.Delta, drillShare) {
		return most
	}
	return c.ownCause(c.drill())
}

// ownCause returns what a call itself made, where that is most of what it made with everything below it: then the
// headline speaks of one cause, whose number is that of the call's row. nil where it is not.
func (c headline) ownCause(at int) *Cause {
	whole := c.DeltaOf(at)
	for k := range c.Causes {
		cause := &c.Causes[k]
		if cause.Node == at && !cause.Apart && !cause.NotExecuted && (cause.Delta > 0) == (whole > 0) && makes(cause.Delta, whole, drillShare) {
			return cause
		}
	}
	return nil
}

// drill finds the call that the difference comes from.
func (c headline) drill() int {
	for at := 0; ; {
		next := -1
		whole := c.DeltaOf(at)
		for k := at + 1; k < c.Nodes[at].End; k = c.Nodes[k].End {
			part := c.DeltaOf(k)
			if whole != 0 && (part > 0) == (whole > 0) && makes(part, whole, drillShare) && !c.countedAt(at) {
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
			return makes(p.Delta, c.DeltaOf(i), 50)
		}
	}
	return false
}

// parts lists the largest causes at and below a node that have the sign of the difference, until they make up nearly
// all of it. What they are less, or more, than the whole is said.
func (c headline) parts(at, most int) string {
	whole := c.Delta
	var parts []string
	var deltas []int64
	var sum int64
	for k := range c.Causes {
		cause := &c.Causes[k]
		if cause.Node < at || cause.Node >= c.Nodes[at].End || (cause.Delta > 0) != (whole > 0) || cause.NotExecuted {
			continue
		}
		if len(parts) == most || makes(sum, whole, coverShare) {
			break
		}
		sum += cause.Delta
		deltas = append(deltas, cause.Delta)
		parts = append(parts, strings.TrimSuffix(c.causeName(cause), ": ")+" "+c.briefly(cause)+" "+Signed(cause.Delta))
	}
	if rest := whole - sum; len(parts) > 0 && rest != 0 && !AddUp(units.Rounded, whole, sum) {
		parts, deltas = append(parts, "other "+Signed(rest)), append(deltas, rest)
	}
	if len(parts) > 1 && !AddUp(units.Rounded, whole, deltas...) {
		parts = append(parts, "rounded")
	}
	return strings.TrimPrefix(strings.Join(parts, ", "), " ")
}

func (c headline) rootName(bad bool) string {
	for i := range c.Nodes {
		switch n := &c.Nodes[i]; {
		case n.Op.Name+n.Op.Template == "":
		case bad && n.bad >= 0:
			return strings.TrimSpace(n.Services[1] + " " + c.Label(i, true))
		case !bad && n.good >= 0:
			return strings.TrimSpace(n.Services[0] + " " + c.Label(i, false))
		}
	}
	return "a trace without a name"
}
