package failures

import (
	"cmp"
	"fmt"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// ErrorOriginThresholds are the bounds of error-origin.
type ErrorOriginThresholds struct {
	Most int `toml:"most" unit:"findings" source:"default; further root causes are not listed"`
}

// ErrorOrigin finds: error origin.
var ErrorOrigin = rule.Detector{
	ID: "D17", Name: "error-origin", Title: "Root-cause error",
	Thresholds: &ErrorOriginThresholds{Most: 3},
	Doc: "The deepest failed span: none of the calls it waited for failed, and its callers failed because of it. " +
		"Errors that a caller handled or ignored are reported too, with a lower severity.",
	Rule: "failed spans without a failed synchronous descendant, grouped by operation; the one that explains the root span's error comes first, " +
		"at most `most` per trace. Low or info: cancelled requests, calls cancelled after a sibling finished, errors recovered by a retry, " +
		"expected responses (404, 409, 412, 422), errors that no caller propagated, and lookups that returned nothing.",
	Example:   "SELECT id FROM things WHERE id = ? in c failed (42P01): \"relation things does not exist\". Error propagated to 5 ancestor spans, up to GET /a.",
	Remedies:  []string{"fix the root cause before its callers", "add a fallback where the call is optional", "log or propagate ignored errors"},
	Limits:    []string{"an uninstrumented component below may be the real cause"},
	Trace:     findErrorOrigins,
	Relations: rule.Relations{Origin: true},
	Blind: []rule.Blind{
		{Gap: rule.GapNoStatus, Effect: "errors may be missed"},
	},
}

// failureClass says how far a failure went.
type failureClass uint8

// The classes of failures, from the most to the least telling.
const (
	propagated  failureClass = iota // up to the root
	masked                          // its caller failed with it, the root did not
	late                            // in work that the root did not wait for
	swallowed                       // its caller did not fail
	recovered                       // another attempt worked
	consequence                     // cancelled, because of a sibling
	givenUp                         // cancelled, as everything above it
)

// origin is a span that failed while nothing that it waited for did.
type origin struct {
	span   int
	top    int // the highest span that failed with it
	class  failureClass
	waited int8  // 1 where the trace waited for it, else 0
	finish int64 // ns
}

// originsOf lists the origins of a trace, the most telling first: how far they went, whether the trace waited for
// them, the earliest end.
func originsOf(f *facts.Facts) []origin {
	spread := failure.NewSpread(f)
	if spread == nil {
		return nil
	}
	t := f.Trace
	harmless := excused(f)
	var list []origin
	for i := t.First(); i < t.Len(); i++ {
		if !spread.Origin(i) {
			continue
		}
		o := origin{span: i, top: spread.Highest(i), waited: int8(min(f.CriticalTime(i), 1)), finish: f.Timing.Own(i).End}
		switch {
		case harmless[i] == recovered || harmless[i] == consequence:
			o.class = harmless[i]
		case f.Failure(i) == semconv.ErrorCancelled && o.top != i && f.Failure(o.top) == semconv.ErrorCancelled:
			o.class = givenUp
		case t.Parent(o.top) < t.First() && !f.Timing.Async(o.top):
			o.class = propagated
		case f.Timing.Async(o.top):
			o.class = late
		case o.top != i:
			o.class = masked
		default:
			o.class = swallowed
		}
		list = append(list, o)
	}
	slices.SortStableFunc(list, func(a, b origin) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(b.waited, a.waited), cmp.Compare(a.finish, b.finish))
	})
	return list
}

// excused returns, by span, which failures lie below an attempt that another made good, or below a call that was
// cancelled because of its sibling.
func excused(f *facts.Facts) []failureClass {
	t := f.Trace
	why := make([]failureClass, t.Len())
	for _, c := range patterns.Chains(f) {
		if f.Outcome(c.Last()) > semconv.OutcomeHandled {
			continue
		}
		for _, i := range c.Spans[:len(c.Spans)-1] {
			why[i] = recovered
		}
	}
	for i := t.First(); i < t.Len(); i++ {
		p := t.Parent(i)
		switch {
		case p >= 0 && why[p] != 0:
			why[i] = why[p]
		case f.Failure(i) == semconv.ErrorCancelled && p >= t.First() && answered(f, p, i):
			why[i] = consequence
		}
	}
	return why
}

// answered reports whether a call that was cancelled ended because of a sibling: one that ended shortly before, well in
// the same operation (a hedge) or badly in any.
func answered(f *facts.Facts, parent, i int) bool {
	const most = 100 // siblings looked at
	s, n := f.Timing.Own(i), 0
	for c := range f.Children(parent) {
		if n++; n > most {
			return false
		}
		if end := f.Timing.Own(c).End; c == i || end > s.End+s.Duration()/20 || end < s.Start {
			continue
		}
		if f.Failed(c) && f.Failure(c) != semconv.ErrorCancelled || f.OpNumber(c) == f.OpNumber(i) && f.Outcome(c) <= semconv.OutcomeHandled {
			return true
		}
	}
	return false
}

func findErrorOrigins(p *rule.Pass) {
	var groups rule.Lists[originGroup, origin]
	for _, o := range originsOf(p.Facts) {
		k := originGroup{p.OpNumber(o.span), o.class}
		if groups.Known(k) != nil || len(groups.Keys) < rule.ThresholdsOf[ErrorOriginThresholds](p).Most {
			groups.Add(k, o)
		}
	}
	for _, group := range groups.All() {
		reportOrigin(p, group, len(groups.Keys))
	}
}

// originGroup is failures that are reported together.
type originGroup struct {
	op    int32
	class failureClass
}

func reportOrigin(p *rule.Pass, group []origin, groups int) {
	o := group[0]
	above, more := above(p, o)
	f := rule.Finding{
		Anchor: o.span, Evidence: append(p.Spans(rule.RoleCause, o.span), p.Spans(rule.RoleOffender, above...)...),
		Numbers: p.Measure(spansOf(group), rule.Number{Name: "failed_above", Value: float64(more)}),
	}
	f.Message = madeBy(p, o.span) + " failed" + failure.InBrackets(p.Facts, o.span)
	if text := failure.Message(p.Facts, o.span); text != "" && text != failure.Reason(p.Facts, o.span) {
		f.Message += fmt.Sprintf(": %q", text)
	}
	f.Message += "."
	if class := failure.Class(p.Facts, o.span); class != "" && o.class != consequence && o.class != givenUp {
		f.Detail = ": " + class
	}
	judgeOrigin(p, &f, o, more)
	if len(group) > 1 {
		f.Message += fmt.Sprintf(" %s of this operation failed%s.", rule.Calls(len(group), "span"), sameWay(p, group))
	}
	f.Checks = []rule.Check{
		{Name: "error propagated up to the root span", Passed: o.class == propagated && more > 0},
		{Name: "on the critical path", Passed: o.waited > 0},
		{Name: "only root cause in the trace", Passed: groups == 1},
		{Name: "exception or error message recorded", Passed: failure.Message(p.Facts, o.span) != ""},
	}
	f.Confidence = 0.4 // below a detector that explains why it failed: that one comes first
	f.Gain(0.1, 0.1, 0.1, 0.1)
	p.Report(p.Op(o.span).Label()+f.Detail, f) // what failed in another way elsewhere is another finding
}

// spansOf lists the spans of origins.
func spansOf(group []origin) []int {
	spans := make([]int, len(group))
	for n, o := range group {
		spans[n] = o.span
	}
	return spans
}

// madeBy names a span and whose it is: "POST /charge in payment"; of a call also whom it went to: "Call from checkout to
// POST /charge at payment".
func madeBy(p *rule.Pass, i int) string {
	service, callee := rule.Named(p.Op(i).Service), p.Callee(i)
	if p.Kind(i) == trace.KindClient && callee != p.Quoted(i) {
		return fmt.Sprintf("Call from %s to %s", service, callee)
	}
	return fmt.Sprintf("%s in %s", callee, service)
}

// sameWay says that several spans failed the same way, "" where their reasons differ.
func sameWay(p *rule.Pass, group []origin) string {
	if len(rule.Distinct(group, func(o origin) string { return failure.Reason(p.Facts, o.span) })) == 1 {
		return " the same way"
	}
	return ""
}

// above returns the spans that failed with an origin, the nearest first, and how many they are.
func above(p *rule.Pass, o origin) (spans []int, all int) {
	const most = 100 // evidence that a person looks at
	for i := o.span; i != o.top; {
		i = p.Facts.Trace.Parent(i)
		if p.Outcome(i) >= semconv.OutcomeSoft {
			if all++; all <= most {
				spans = append(spans, i)
			}
		}
	}
	return spans, all
}

// judged is how much a failure matters by how far it went, the most that is claimed of it, and what it is called.
var judged = [...]struct {
	weight float64
	most   rule.Severity
	kind   string
}{
	propagated:  {rule.WeightExplains, rule.Critical, "root-cause error"},
	masked:      {rule.WeightHandled, rule.High, "handled error"},
	late:        {rule.WeightRecovered / 2, rule.Medium, "async error"},
	swallowed:   {rule.WeightHarmless, rule.Low, "ignored error"},
	recovered:   {rule.WeightHarmless, rule.Info, "error recovered by retry"},
	consequence: {rule.WeightHarmless, rule.Info, "cancelled call"},
	givenUp:     {rule.WeightHarmless, rule.Low, "cancelled request"},
}

// judgeOrigin says how far the failure went, and weighs it by that.
func judgeOrigin(p *rule.Pass, f *rule.Finding, o origin, above int) {
	top := p.Quoted(o.top)
	with := fmt.Sprintf(" Error propagated to %s, up to %s", rule.Calls(above, "ancestor span"), top)
	j := judged[o.class]
	f.Kind, f.ErrorWeight, f.Cap = j.kind, j.weight, &j.most
	if p.Outcome(o.span) == semconv.OutcomeSoft {
		f.ErrorWeight, f.Cap = rule.WeightHarmless, new(rule.Low)
	}
	switch o.class {
	case propagated:
		if above > 0 {
			f.Message += with + "."
		} else {
			f.Message += " No descendant span failed."
		}
		if p.Facts.Trace.Span(o.top).Has(trace.FlagOrphan) {
			f.ErrorWeight, f.Cap = rule.WeightHandled, new(rule.High)
			f.Message += " Its caller is not in the trace."
		}
	case masked:
		f.Message += with + "; " + p.Quoted(p.Facts.Trace.Parent(o.top)) + " did not fail."
	case late:
		f.Message += " The root span did not wait for it (asynchronous)."
	case swallowed:
		f.Message += " " + callerOutcome(p, o.span)
		if failure.Missed(p.Facts, o.span) {
			f.Kind, f.Cap = "not-found response", new(rule.Info)
			f.Message += " The error means that nothing was found."
		}
	case recovered:
		f.Message += " A later attempt succeeded."
	case givenUp:
		f.Message = fmt.Sprintf("%s was cancelled together with %s, up to %s.", madeBy(p, o.span), rule.Calls(above, "ancestor span"), top)
	case consequence:
		f.Message += " It was cancelled after a sibling call finished."
	}
	if p.Kind(o.top) == trace.KindConsumer && o.class == late {
		f.Message += " It ran in a message consumer."
	}
}

// callerOutcome says how the caller of a failed span ended.
func callerOutcome(p *rule.Pass, i int) string {
	up := p.Facts.Trace.Parent(i)
	if up < p.Facts.Trace.First() || p.Op(up).Label() == "" {
		return "Its caller did not fail."
	}
	if p.Outcome(up) == semconv.OutcomeSoft {
		return fmt.Sprintf("Its caller %s responded with %s.", p.Quoted(up), failure.Reason(p.Facts, up))
	}
	return fmt.Sprintf("Its caller %s did not fail.", p.Quoted(up))
}
