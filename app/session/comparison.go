package session

import (
	"tracefall/diagnose"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// DifferenceOf is what a comparison of two traces says as a finding about the bad one; nil where they do not differ in
// kind or are different operations.
func DifferenceOf(c *compare.Comparison) *rule.Finding {
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

// Traces lists the traces of a set.
func Traces(set *trace.Set) []*trace.Trace {
	list := make([]*trace.Trace, set.Len())
	for i := range list {
		list[i] = set.Trace(i)
	}
	return list
}

// FactsOf derives the facts of traces of one set, nil for all.
func FactsOf(set *trace.Set, traces []*trace.Trace) []*facts.Facts {
	if traces == nil {
		traces = Traces(set)
	}
	ops := facts.NewOps(set)
	list := make([]*facts.Facts, len(traces))
	for i, t := range traces {
		list[i] = facts.New(t, ops)
	}
	return list
}
