package diagnose

import (
	"fmt"
	"slices"

	"tracefall/diagnose/facts"
)

func (l *lost) reportJoined(u *unlinked, joined []call) {
	first := joined[0]
	s := first.data()
	f := Finding{
		Kind: "context lost on the way to " + quoted(u.callee),
		Message: fmt.Sprintf("The call %s of %s (%s) has no server span, although %s reports spans in this file; trace %s begins in %s at %s within that time and probably is its continuation.",
			quoted(first.Op(first.span).Label()), u.caller, facts.Lasted(s.Duration()), u.callee, shortID(first.first.Trace.ID()), u.callee,
			quoted(first.first.Op(first.first.span).Label())),
		Numbers: Numbers{Count: len(joined), More: []Number{{"linked_calls", float64(l.linked[u.pairOfServices])}, {"unlinked_calls", float64(len(u.calls))}}},
		Checks: []Check{
			{"exactly one trace fits, and fits no other call", true},
			{"the operations agree", first.named},
			{"it lasts at least half of the call", 2*first.first.data().Duration() >= s.Duration()},
			{"other calls between the two are linked", l.linked[u.pairOfServices] > 0},
		},
		Confidence: 0.35,
		Risk:       0.2,
		Service:    u.caller,
	}
	if len(joined) > 1 {
		f.Message += fmt.Sprintf(" The same holds for %s more of %s.", grouped(len(joined)-1), calls(len(u.calls), "such call"))
	}
	f.gain(0, 0.25, 0.2, 0.1)
	if facts.Incomplete(first.Trace) {
		f.mistrust()
	}
	for _, c := range joined[:min(len(joined), mostEvidence)] {
		f.Evidence = append(f.Evidence, evidence(RoleParent, c.place)...)
		f.Evidence = append(f.Evidence, evidence(RoleOffender, c.first.place)...)
	}
	f.anchor(first.place)
	l.p.Report("joined "+u.caller+" "+u.callee, f)
}

func (l *lost) reportUnlinked(u *unlinked) {
	places := make([]place, len(u.calls))
	for n, c := range u.calls {
		places[n] = c.place
	}
	first := places[0]
	f := Finding{
		Kind: "lost context on the way to " + quoted(u.callee),
		Message: fmt.Sprintf("%s of %s to %s, %s the first, %s no server span, while %s between the two %s linked.",
			calls(len(places), "call"), u.caller, u.callee, quoted(first.Op(first.span).Label()), verb(len(places), "has", "have"),
			calls(l.linked[u.pairOfServices], "call"), verb(l.linked[u.pairOfServices], "is", "are")),
		Evidence:   evidence(RoleOffender, places...),
		Numbers:    Numbers{Count: len(places), More: []Number{{"linked_calls", float64(l.linked[u.pairOfServices])}}},
		Checks:     []Check{{"a trace of the callee fits", slices.ContainsFunc(u.calls, func(c call) bool { return c.fits > 0 })}},
		Confidence: 0.4,
		Risk:       0.2,
		Cap:        new(Low),
		Service:    u.caller,
	}
	if facts.Incomplete(first.Trace) {
		f.mistrust()
	}
	f.anchor(first)
	l.p.Report("unlinked "+u.caller+" "+u.callee, f)
}
