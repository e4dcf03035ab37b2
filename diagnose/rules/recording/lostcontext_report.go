package recording

import (
	"fmt"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

func (l *lost) reportJoined(u *unlinked, joined []call) {
	first := joined[0]
	s := first.Data()
	f := rule.Finding{
		Kind: "trace context not propagated to " + rule.Quoted(u.callee), Placed: true,
		Message: fmt.Sprintf("%s of %s (%s) has no server span; trace %s starts in %s with %s during the call and is probably its continuation.",
			rule.Quoted(first.Op(first.Span).Label()), rule.Named(u.caller), units.Lasted(s.Duration()), first.first.Trace.ID().Short(), rule.Named(u.callee),
			rule.Quoted(first.first.Op(first.first.Span).Label())),
		Numbers: rule.Numbers{Count: len(joined), More: []rule.Number{{Name: "linked_calls", Value: float64(l.linked[u.pairOfServices])}, {Name: "unlinked_calls", Value: float64(len(u.calls))}}},
		Checks: []rule.Check{
			{Name: "exactly one trace matches, and no other call", Passed: true},
			{Name: "operation names match", Passed: first.named},
			{Name: "trace is ≥ 50 % as long as the call", Passed: 2*first.first.Data().Duration() >= s.Duration()},
			{Name: "other calls between the two services are linked", Passed: l.linked[u.pairOfServices] > 0},
		},
		Confidence: 0.35,
		Risk:       0.2,
		Service:    u.caller,
	}
	if len(joined) > 1 {
		f.Message += fmt.Sprintf(" %s of %s without a server span match a trace this way.", trace.Grouped(len(joined)), rule.Calls(len(u.calls), "call"))
	}
	f.Gain(0, 0.25, 0.2, 0.1)
	if facts.Incomplete(first.Trace) {
		f.Mistrust()
	}
	if f.Confidence < rule.Certain {
		f.Kind = contextLoss(u.caller, u.callee)
	}
	for _, c := range joined {
		f.Evidence = append(f.Evidence, c.As(rule.RoleParent), c.first.As(rule.RoleOffender))
	}
	l.p.Report(first.Place, "joined "+u.caller+" "+u.callee, f)
}

// contextLoss titles what may be lost between two services.
func contextLoss(caller, callee string) string {
	return fmt.Sprintf("trace context loss: %s → %s", rule.Quoted(caller), rule.Quoted(callee))
}

// firstOf names in brackets the operation of the first of several spans, or of the only one.
func firstOf(places []rule.Place) string {
	label := rule.Quoted(places[0].Op(places[0].Span).Label())
	if len(places) > 1 {
		label = "first: " + label
	}
	return " (" + label + ")"
}

func (l *lost) reportUnlinked(u *unlinked) {
	places := make([]rule.Place, len(u.calls))
	for n, c := range u.calls {
		places[n] = c.Place
	}
	first := places[0]
	f := rule.Finding{
		Kind: contextLoss(u.caller, u.callee), Placed: true,
		Message: fmt.Sprintf("%s from %s to %s%s %s no server span, while %s between the two services %s linked.",
			rule.Calls(len(places), "call"), rule.Named(u.caller), rule.Named(u.callee), firstOf(places), rule.Verb(len(places), "has", "have"),
			rule.Calls(l.linked[u.pairOfServices], "call"), rule.Verb(l.linked[u.pairOfServices], "is", "are")),
		Evidence:   rule.EvidenceOf(rule.RoleOffender, places...),
		Numbers:    rule.Numbers{Count: len(places), More: []rule.Number{{Name: "linked_calls", Value: float64(l.linked[u.pairOfServices])}}},
		Checks:     []rule.Check{{Name: "a matching trace exists in the called service", Passed: slices.ContainsFunc(u.calls, func(c call) bool { return c.fits > 0 })}},
		Confidence: 0.4,
		Risk:       0.2,
		Cap:        new(rule.Low),
		Service:    u.caller,
	}
	if facts.Incomplete(first.Trace) {
		f.Mistrust()
	}
	l.p.Report(first, "unlinked "+u.caller+" "+u.callee, f)
}
