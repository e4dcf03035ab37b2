package app

import (
	"tracefall/diagnose"
	"tracefall/diagnose/compare"
)

// differenceOf is what a comparison of two traces says as a finding about the bad one; nil where they do not differ in
// kind or are different operations.
func differenceOf(c *compare.Comparison) *diagnose.Finding {
	at := c.Divergence
	if at == nil || c.Trust.Unrelated {
		return nil
	}
	n := &c.Nodes[at.Node]
	f := diagnose.Difference{
		Good: c.Good, Bad: c.Bad, Anchor: c.Anchor(at.Node), GoodSpans: n.Good, BadSpans: n.Bad,
		Operation: n.Op.Label(), Message: at.Message, Failed: at.Kind == compare.KindStatus, Longer: c.DeltaOf(at.Node),
		Matched: c.Trust.MatchedShare, Ambiguous: c.Trust.Ambiguous > 0, Incomplete: c.Trust.Incomplete != [2]bool{},
	}.Finding()
	return &f
}
