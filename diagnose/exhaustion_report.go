package diagnose

import (
	"cmp"
	"fmt"
	"time"

	"tracefall/diagnose/facts"
)

// measure fills in the numbers of waits: times as the spans have them, bounded as evidence is.
func (w *waits) measure(f *Finding) {
	f.Numbers.Count = len(w.places)
	f.Evidence = evidence(RoleOffender, w.places...)
	for _, at := range w.places[:min(len(w.places), mostEvidence)] {
		f.Numbers.Sum += at.Duration(at.span)
		f.Numbers.Critical += at.CriticalTime(at.span)
	}
	f.Numbers.Avoidable = f.Numbers.Critical
	f.Service = w.service
	f.anchor(w.anchor)
}

func (w *waits) median() int64 {
	lasted := make([]float64, len(w.places))
	for n, at := range w.places {
		lasted[n] = float64(at.Duration(at.span))
	}
	return int64(facts.Median(lasted))
}

// endsIn tells how the traces of the places ended: the weight of an error that ended most of them, or did not.
func endsIn(places []place) float64 {
	n := 0
	for _, at := range places {
		if at.Failed(at.Trace.Root().Index()) {
			n++
		}
	}
	if 2*n >= len(places) {
		return weightExplains
	}
	return weightRecovered
}

func (e *exhausted) reportWaits(w *waits) {
	next := make([]float64, len(w.before))
	for n, at := range w.before {
		next[n] = float64(at.Duration(at.span))
	}
	then := quoted(w.before[0].Op(w.before[0].span).Label())
	for _, at := range w.before {
		if at.OpNumber(at.span) != w.before[0].OpNumber(w.before[0].span) {
			then = "the calls that followed"
			break
		}
	}
	f := Finding{
		Kind: "waited for " + quoted(w.what),
		Message: fmt.Sprintf("%s of %s took %s%s before %s, which took %s: %s of %s waited.", quoted(w.what), w.service, facts.Lasted(w.median()), inMedian(len(w.places)),
			then, facts.Lasted(int64(facts.Median(next))), grouped(len(w.places)), calls(w.asked, "call")),
		Checks: []Check{
			{"the call that followed took a tenth of the wait or less", 10*facts.Median(next) <= float64(w.median())},
			{"the span is named after a pool or a lock", poolName.MatchString(w.what) || lockName.MatchString(w.what)},
			{"several waited", len(w.places) > 1},
			{"a second or more", w.median() >= int64(time.Second)},
		},
		Confidence: 0.4,
	}
	f.gain(0.2, 0.15, 0.1, 0.1)
	w.measure(&f)
	f.Evidence = append(f.Evidence, evidence(RoleBaseline, w.before...)...)
	e.p.Report("wait "+w.service+" "+w.what, f)
}

func (e *exhausted) reportMessages(w *waits) {
	first := w.places[0]
	f := Finding{
		Kind: "a pool was exhausted",
		Message: fmt.Sprintf("%s of %s failed because nothing was free: %q.", calls(len(w.places), "call"), w.service,
			cmp.Or(first.ErrorMessage(first.span), first.Reason(first.span))),
		Checks: []Check{
			{"the error says so", true},
			{"several calls", len(w.places) > 1},
		},
		Confidence:  0.85,
		ErrorWeight: endsIn(w.places),
	}
	if len(w.places) > 1 {
		f.Confidence = 0.95
	}
	if w.what != "" {
		f.Kind, f.Confidence = "something was exhausted", 0.4
		f.Limits = []string{w.what + " may also mean a quota or a rate limit"}
	}
	w.measure(&f)
	e.p.Report("message "+w.service+w.what, f)
}

func (e *exhausted) reportLocks(w *waits) {
	first := w.places[0]
	usual := e.p.Baseline.Op(first.OpNumber(first.span))
	f := Finding{
		Kind: "waited for a lock",
		Message: fmt.Sprintf("%s of %s took %s%s where it usually takes %s: %s of %s.", quoted(w.what), w.service,
			facts.Lasted(w.median()), inMedian(len(w.places)), facts.Lasted(usual.P50), grouped(len(w.places)), calls(w.asked, "call")),
		Checks: []Check{
			{"several waited", len(w.places) > 1},
			{"a second or more", w.median() >= 1_000_000_000},
		},
		Confidence: 0.5,
	}
	f.gain(0.15, 0.15)
	w.measure(&f)
	f.Numbers.Avoidable = max(f.Numbers.Critical-int64(len(w.places))*usual.P50, 0)
	e.nameHolder(&f, w)
	e.p.Report("lock "+w.service+" "+w.what, f)
}
