package compare

import (
	"fmt"
	"slices"
	"strings"

	"tracefall/sources/trace"
)

// briefShare is the part of a cause, in percent, from which one of several things that made it is named.
const briefShare = 10

// briefly says what made a cause without its time: "self time", "1 call → 5, 5 failed (503)". How often a call is made
// comes before how long each took.
func (c messages) briefly(cause *Cause) string {
	if cause.NotExecuted {
		return "not executed"
	}
	n := &c.Nodes[cause.Node]
	var words []string
	counted := false
	for k := range cause.parts {
		p := &cause.parts[k]
		counted = counted || p.what == callCount || p.what == eachCall
		if !makes(p.Delta, cause.Delta, briefShare) {
			continue
		}
		if word := c.partBriefly(p); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	text := strings.Join(words, " and ")
	if counted {
		text = countBriefly(n)
	}
	if !cause.Apart && n.Presence != Missing && c.newlyFailed(n) {
		_, bad := c.calls(n)
		text += ", " + failedBriefly(c.Bad, bad)
	}
	return text
}

// partBriefly says what a contribution is without its time.
func (c messages) partBriefly(p *Contribution) string {
	n := &c.Nodes[p.Node]
	switch p.what {
	case selfTime, selfTimeOnPath:
		return "self time"
	case callerGap:
		return "network/queue time"
	case rootSpan:
		if p.Kind == KindAdded {
			return "root span added"
		}
		return "root span " + c.lackingWord(n)
	case callCount, eachCall:
		return countBriefly(n)
	case levelOrCall, betweenPieces, outsideRoot, pathOnly:
	}
	return p.Message
}

// countBriefly says how often a call is made.
func countBriefly(n *Node) string {
	before, now := len(n.Good), len(n.Bad)
	if before == now {
		return trace.Counted(now, "call") + " from other callers"
	}
	return fmt.Sprintf("%s → %s", trace.Counted(before, "call"), trace.Grouped(now))
}

// divergenceBriefly says in few words where the traces part.
func (c messages) divergenceBriefly(d *Divergence) string {
	n := &c.Nodes[d.Node]
	_, bad := c.calls(n)
	text := countBriefly(n)
	switch {
	case d.Kind == KindMissing:
		text = c.lackingWord(n)
	case d.Kind == KindAdded:
		text = "added"
	case d.Kind == KindStatus && len(n.Good) == len(n.Bad):
		text = failedBriefly(c.Bad, bad)
	case d.Kind == KindStatus:
		text += ", " + failedBriefly(c.Bad, bad)
	}
	if !anyFailed(c.Bad) {
		text += ", no error recorded"
	}
	return c.Name(d.Node) + ": " + text
}
