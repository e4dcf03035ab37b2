package capacity

import (
	"cmp"
	"fmt"
	"regexp"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// waitEvent is what an event of a span means for a wait.
type waitEvent uint8

const (
	eventOther waitEvent = iota
	eventBegins
	eventEnds
)

var (
	waitBegins = regexp.MustCompile(`(?i)(getconn|acquire|check.?out|wait|wait_for_connection)[._ -]?(start|begin)|acquiring|waiting for .*(connection|lock|permit|slot)`)
	waitEnds   = regexp.MustCompile(`(?i)(getconn|acquire|check.?out|wait|wait_for_connection)[._ -]?(done|end|stop|finish)|acquired|obtained|(got|gotten) .*(connection|lock|permit|slot)`)
	aboutPool  = regexp.MustCompile(`(?i)conn|pool|lock|mutex|semaphore|permit|slot|lease|bulkhead`)
)

// eventKind returns what an event of this name means for a wait for something scarce; names repeat.
func (e *exhausted) eventKind(name string) waitEvent {
	return e.events.Of(name, func() waitEvent {
		switch {
		case !aboutPool.MatchString(name):
			return eventOther
		case waitEnds.MatchString(name):
			return eventEnds
		case waitBegins.MatchString(name):
			return eventBegins
		}
		return eventOther
	})
}

// noted takes in a span whose events say when it began and ended to wait for a connection or a lock:
//
//	call     |-----------------------------|
//	events     acquiring         acquired
//	wait       |=================|
func (e *exhausted) noted(f *facts.Facts, i int) {
	s := f.Trace.Span(i)
	if s.Events() < 2 || f.Failed(i) {
		return
	}
	var waited, since int64
	begun, ended, open := "", false, false
	for n := range s.Events() {
		switch ev := s.Event(n); e.eventKind(ev.Name()) {
		case eventBegins:
			begun, open, since = cmp.Or(begun, ev.Name()), true, ev.Time()
		case eventEnds:
			if open && ev.Time() > since {
				waited += ev.Time() - since
			}
			ended, open = ended || begun != "", false
		default:
		}
	}
	if !ended {
		return
	}
	w := e.groups.Of(scarcity{kind: scarceNoted, service: s.Service(), what: begun})
	w.asked++
	if waited = min(waited, f.Duration(i)); e.long(f, i, waited, f.Duration(i)) {
		w.add(rule.Place{Facts: f, Span: i})
		w.waited = append(w.waited, waited)
	}
}

func (e *exhausted) reportNoted(w *waits) {
	first := w.places[0]
	median := stats.Median(rule.Floats(w.waited, func(ns int64) float64 { return float64(ns) }))
	var avoidable int64
	for n, ns := range w.waited {
		avoidable += min(ns, w.places[n].CriticalTime(w.places[n].Span))
	}
	f := rule.Finding{
		Kind: "resource wait after event " + rule.Quoted(w.what),
		Message: fmt.Sprintf("%s of %s waited %s%s after event %q; %s of %s with this event waited.", rule.Quoted(first.Op(first.Span).Label()), rule.Named(w.service),
			rule.MedianOf(len(w.places)), units.Lasted(int64(median)), w.what, trace.Grouped(len(w.places)), rule.Calls(w.asked, "call")),
		Checks: []rule.Check{
			{Name: "start and end of the wait recorded as events", Passed: true},
			{Name: "more than one call waited", Passed: len(w.places) > 1},
		},
		Confidence: 0.6,
	}
	f.Gain(0, 0.15)
	w.measure(&f)
	f.Numbers.Avoidable = avoidable
	e.p.Report(w.anchor, "noted "+w.service+" "+w.what, f)
}
