package diagnose

import (
	"fmt"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
)

// baselineDifference is told by comparisons of two traces. It has nothing to say of one, and is not asked with the
// others.
var baselineDifference = rule.Detector{
	ID: "D16", Name: "baseline-difference", Title: "Missing, added or changed call against a baseline trace",
	Doc: "The bad trace differs from the baseline in kind: a call is missing, new, made more or less often, or fails that did not. A step that " +
		"was left out without an error is not in the bad trace at all; only a baseline shows it.",
	Rule: "the first difference in kind, in the order in which the baseline did its work, where both are the same operation: a " +
		"call that one side does not have, or has more or less often for each call of its caller, or that failed in the bad trace " +
		"only. Calls that were not executed because one before them failed follow from that. A missing call without a failure is medium.",
	Example: "cluster-operator register_cluster_node_to_lb made 2 AWS.ELBv2 calls in the baseline and 1 in the bad trace; missing: " +
		"AWS.ELBv2/RegisterTargets; no error is recorded.",
	Remedies: []string{
		"look at the code between the last call that both made and the first that differs",
		"look at the configuration, flags and versions that differ between the two",
	},
	Limits: []string{"one baseline and one bad trace: what differs by chance differs too", "a span that was sampled away looks like a call that was not made"},
}

// BaselineDifference returns the detector whose findings come from comparisons. Detectors does not list it.
func BaselineDifference() *rule.Detector { return &baselineDifference }

// Difference is the first difference in kind between a good and a bad trace, as a comparison found it.
type Difference struct {
	Good, Bad           *facts.Facts
	Anchor              int    // of Bad: the call, or the closest one above it that Bad has
	GoodSpans, BadSpans []int  // of the call
	Operation           string // its label
	Message             string // one clause, without its full stop
	Failed              bool   // it is that the call failed; else that it is missing, added, or made more or less often
	Longer              int64  // ns by which the call, and what is below it, made the bad trace longer
	Matched             float64
	Ambiguous           bool // another alignment was as good
	Incomplete          bool // spans are missing from the export of one
}

// The confidence in a difference: what is certain from the start, and what each check adds.
const (
	differenceSure     = 0.5
	differenceMatched  = 0.2
	differenceOneWay   = 0.1
	differenceComplete = 0.15
	differenceThin     = 0.6 // times it, where what is missing may be the export's fault

	matchedWell     = 0.9 // of the spans
	missingCallRisk = 0.2 // nothing failed and nothing took longer, but something was not done
)

// Finding makes the finding of a comparison.
func (d Difference) Finding() rule.Finding {
	missing := len(d.BadSpans) == 0
	f := rule.Finding{
		Kind: d.title(), Message: d.Message + ".", Trace: d.Bad.Trace, Anchor: d.Anchor, Service: d.Bad.Trace.Span(d.Anchor).Service(),
		Numbers: rule.Numbers{
			Count: len(d.BadSpans), Sum: d.Bad.Sum(d.BadSpans), Union: d.Bad.Union(d.BadSpans), Avoidable: max(d.Longer, 0),
			More: []rule.Number{{Name: "good_count", Value: float64(len(d.GoodSpans))}},
		},
		Checks: []rule.Check{
			{Name: "nearly all spans have a counterpart", Passed: d.Matched >= matchedWell},
			{Name: "one alignment is better than all others", Passed: !d.Ambiguous},
			{Name: "both exports are complete", Passed: !d.Incomplete},
		},
		Confidence: differenceSure,
	}
	f.Gain(differenceMatched, differenceOneWay, differenceComplete)
	switch {
	case d.Failed && d.Bad.Failed(d.Bad.Trace.First()) && !d.Good.Failed(d.Good.Trace.First()):
		f.ErrorWeight = 1
	case d.Failed:
		f.ErrorWeight = 0.6
	case missing:
		f.Risk = missingCallRisk
	}
	f.Evidence = slices.Concat(rule.SpansOf(d.Bad.Trace, rule.RoleOffender, d.BadSpans...), rule.SpansOf(d.Good.Trace, rule.RoleBaseline, d.GoodSpans...))
	if missing {
		f.Evidence = append(rule.SpansOf(d.Bad.Trace, rule.RoleParent, d.Anchor), f.Evidence...)
		if d.Incomplete {
			f.Confidence *= differenceThin
		}
	}
	f.Fingerprint = rule.Fingerprint(baselineDifference.Name, rule.PathTo(d.Bad, d.Anchor), d.Operation)
	f = baselineDifference.Complete(f)
	grade(&f, d.Bad.Total())
	return f
}

func (d Difference) title() string {
	name := rule.Quoted(d.Operation)
	switch good, bad := len(d.GoodSpans), len(d.BadSpans); {
	case bad == 0:
		return "missing call: " + name
	case good == 0:
		return "added call: " + name
	case d.Failed:
		return "new failure: " + name
	default:
		return fmt.Sprintf("%s ×%d instead of ×%d", name, bad, good)
	}
}
