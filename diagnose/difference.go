package diagnose

import (
	"fmt"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// baselineDifference is the finding of a comparison of two traces. It does not run on single traces.
var baselineDifference = rule.Detector{
	ID: "D16", Name: "baseline-difference", Title: "Missing, added or changed call compared with a baseline",
	Doc: "The bad trace has a call that is missing, new, made more or less often, or newly failing compared with the baseline. A step that " +
		"was skipped without an error leaves no span in the bad trace; only a baseline shows it.",
	Rule: "the first structural difference in the execution order of the baseline, for the same root operation: a " +
		"call that exists on one side only, is made more or less often per call of its caller, or failed in the bad trace " +
		"only. Calls skipped after a failure follow from it. A missing call without a failure is medium.",
	Example: "cluster-operator register_cluster_node_to_lb made 2 AWS.ELBv2 calls in the baseline and 1 in the bad trace; missing: " +
		"AWS.ELBv2/RegisterTargets; no error is recorded.",
	Remedies: []string{
		"check the code between the last common call and the first difference",
		"compare configuration, flags and versions of both sides",
	},
	Limits: []string{"one baseline and one bad trace: random differences are reported too", "a span that was not sampled looks like a call that was not made"},
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
		Kind: d.title(), Placed: true, Message: d.Message + ".", Trace: d.Bad.Trace, Anchor: d.Anchor, Service: d.Bad.Trace.Span(d.Anchor).Service(),
		Numbers: rule.Numbers{
			Count: len(d.BadSpans), Sum: d.Bad.Sum(d.BadSpans), Union: d.Bad.Union(d.BadSpans), Avoidable: max(d.Longer, 0),
			More: []rule.Number{{Name: "good_count", Value: float64(len(d.GoodSpans))}},
		},
		Checks: []rule.Check{
			{Name: fmt.Sprintf("≥ %s of spans matched", units.PercentOf(matchedWell)), Passed: d.Matched >= matchedWell},
			{Name: "alignment is unambiguous", Passed: !d.Ambiguous},
			{Name: "both traces are complete", Passed: !d.Incomplete},
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
		return fmt.Sprintf("%s ×%s (baseline ×%s)", name, trace.Grouped(bad), trace.Grouped(good))
	}
}
