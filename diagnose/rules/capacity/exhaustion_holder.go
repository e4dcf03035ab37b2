package capacity

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
)

// lockKey is one lock, as far as the values of its statement or command show it.
type lockKey struct {
	op       int32
	identity uint64
}

// released are names of what gives a lock back, besides the end of a transaction.
var released = regexp.MustCompile(`(?i)unlock|release.?lock|lock.?release|^del .*lock`)

// took notes that span i got a lock, for the sake of who waited for it.
func (e *exhausted) took(f *facts.Facts, i int) {
	if identity, ok := patterns.Identity(f, i); ok && !f.Failed(i) {
		e.holders.Add(lockKey{f.OpNumber(i), identity}, rule.Place{Facts: f, Span: i})
	}
}

// givenBack returns when the request of span i gave back the lock that it got by it, ns: at the end of its transaction,
// where it says so, or at its own end.
func givenBack(f *facts.Facts, i int) int64 {
	const most = 1000 // spans of a request that are looked at
	t, request := f.Trace, patterns.Request(f, i)
	for k, n := t.End(i), 0; k < t.End(request) && n < most; k, n = k+1, n+1 {
		name := t.Span(k).Name()
		verb := strings.ToUpper(name + " " + f.Op(k).Template)
		if f.Class(k) == semconv.ClassTx && (strings.Contains(verb, "COMMIT") || strings.Contains(verb, "ROLLBACK")) ||
			released.MatchString(name) || released.MatchString(f.Op(k).Label()) {
			return t.Span(k).Finish()
		}
	}
	return t.Span(request).Finish()
}

// holder finds the request that had the lock during most of a wait and gave it back before the wait ended, and for how
// long of it.
//
//	wait       |=============|
//	holder  |--|          |          got it, and gave it back
//	             held
func (e *exhausted) holder(wait rule.Place) (by rule.Place, held int64, ok bool) {
	const (
		share = 0.5
		slack = int64(5 * time.Millisecond) // spans end a little after what they did
		most  = 1000                        // of those who had it
	)
	identity, known := patterns.Identity(wait.Facts, wait.Span)
	if !known {
		return by, 0, false
	}
	list := e.holders.Of(lockKey{wait.OpNumber(wait.Span), identity})
	s := wait.Data()
	for _, other := range list[:min(len(list), most)] {
		if other == wait || other.Trace == wait.Trace && patterns.Request(other.Facts, other.Span) == patterns.Request(wait.Facts, wait.Span) {
			continue
		}
		clock := e.clocks.Between(s.Resource(), other.Data().Resource(), s.Start())
		until := e.until.Of(other, func() int64 { return givenBack(other.Facts, other.Span) }) + clock.Offset // many may have waited for it
		if !clock.Known || until > s.Finish()+slack+clock.Uncertainty {
			continue
		}
		overlap := min(until, s.Finish()) - max(other.Data().Finish()+clock.Offset, s.Start())
		if overlap > held && float64(overlap) >= share*float64(s.Duration()) {
			by, held, ok = other, overlap, true
		}
	}
	return by, held, ok
}

// nameHolder adds to a finding who had the lock that was waited for.
func (e *exhausted) nameHolder(f *rule.Finding, w *waits) {
	for _, wait := range w.places[:min(len(w.places), rule.MostEvidence)] {
		if by, held, ok := e.holder(wait); ok {
			f.Message += fmt.Sprintf(" Trace %s waited %s, of which trace %s held the lock for %s.", wait.Trace.ID().Short(),
				units.Lasted(wait.Duration(wait.Span)), by.Trace.ID().Short(), units.Lasted(held))
			f.Evidence = append(f.Evidence, rule.EvidenceOf(rule.RoleCause, by)...)
			f.Checks = append(f.Checks, rule.Check{Name: "lock holder is in the file", Passed: true})
			f.Confidence += 0.2
			return
		}
	}
}
