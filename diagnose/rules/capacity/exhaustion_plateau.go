package capacity

import (
	"fmt"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// plateaus takes in the processes of a trace of which never more than some queries ran at once while more were
// waiting: whenever one ended, the next began.
//
//	at once   3|   ________________
//	           |  |                |_
//	          0|__|__________________|__
//	           query  |---|
//	           query  |--|---|---|
//	           query  |-----|--|----|
func (e *exhausted) plateaus(f *facts.Facts) {
	var processes rule.Lists[int, int] // their SQL calls, in order of their start
	for i := f.Trace.First(); i < f.Trace.Len(); i++ {
		if f.Class(i) == semconv.ClassSQL && f.Kind(i) != trace.KindServer {
			processes.Add(f.Trace.Span(i).Resource().Index(), i)
		}
	}
	for _, spans := range processes.All() {
		if len(spans) < 2*e.th.Plateau+2 {
			continue
		}
		limit, late, next := e.plateau(f, spans)
		if limit == 0 {
			continue
		}
		w := e.groups.Of(scarcity{kind: scarcePlateau, service: f.Trace.Span(spans[0]).Service(), what: "queries", limit: limit})
		for _, i := range spans {
			w.add(rule.Place{Facts: f, Span: i})
		}
		w.asked++
		w.late, w.next = w.late+late, w.next+next
		if p := f.Trace.Parent(spans[0]); w.asked == 1 && p >= f.Trace.First() {
			w.anchor = rule.Place{Facts: f, Span: p}
		}
	}
}

// plateau returns how many of the spans ran at once at most, if that looks like a limit, how many began after so many
// had run, and how many of these when another ended; 0 if it does not look like one.
func (e *exhausted) plateau(f *facts.Facts, spans []int) (limit, late, next int) {
	s := sweep(f, spans)
	if s.peak < e.th.Plateau || s.reached < 3 || float64(s.full) < e.th.Full*float64(s.busy) {
		return 0, 0, 0
	}
	for _, start := range s.starts {
		if start <= s.first {
			continue
		}
		late++
		ended, _ := slices.BinarySearch(s.ends, start+1) // so many had ended by then
		if ended > 0 && start-s.ends[ended-1] <= int64(e.th.Handover) {
			next++
		}
	}
	if late < s.peak+2 || float64(next) < e.th.BackToBack*float64(late) {
		return 0, 0, 0
	}
	return s.peak, late, next
}

// swept is how many spans ran at once over time.
type swept struct {
	starts, ends []int64 // sorted
	peak         int
	first        int64 // when the peak was first reached
	reached      int   // how often it was
	full, busy   int64 // ns at the peak, ns with any
}

func sweep(f *facts.Facts, spans []int) swept {
	var s swept
	for _, i := range spans {
		own := f.Timing.Own(i)
		s.starts, s.ends = append(s.starts, own.Start), append(s.ends, own.End)
	}
	slices.Sort(s.starts)
	slices.Sort(s.ends)
	type change struct {
		at  int64
		now int // so many run from then on
	}
	changes := make([]change, 0, 2*len(spans))
	for n, e := 0, 0; e < len(s.ends); {
		if n == len(s.starts) || e < n && s.ends[e] <= s.starts[n] {
			e++
			changes = append(changes, change{s.ends[e-1], n - e})
			continue
		}
		n++
		changes = append(changes, change{s.starts[n-1], n - e})
		s.peak = max(s.peak, n-e)
	}
	last := changes[0]
	for _, c := range changes {
		if last.now > 0 {
			s.busy += c.at - last.at
		}
		if last.now == s.peak {
			s.full += c.at - last.at
		}
		if c.now == s.peak {
			if s.reached == 0 {
				s.first = c.at
			}
			s.reached++
		}
		last = c
	}
	return s
}

func (e *exhausted) reportPlateau(w *waits) {
	f := rule.Finding{
		Kind: "query concurrency limited to " + trace.Grouped(w.limit),
		Message: fmt.Sprintf("%s ran %s queries in %s with a peak concurrency of %s; after the peak was reached, %s of %s queries started within %s of the end of another.",
			rule.Named(w.service), trace.Grouped(len(w.places)), rule.Calls(w.asked, "trace"), trace.Grouped(w.limit), trace.Grouped(w.next), trace.Grouped(w.late), units.Lasted(int64(e.th.Handover))),
		Checks: []rule.Check{
			{Name: "peak concurrency ≥ 8", Passed: w.limit >= 8},
			{Name: "seen in more than one trace", Passed: w.asked > 1},
		},
		Confidence: 0.5,
		Cap:        new(rule.Medium),
		Limits:     []string{"the limit may be intentional"},
	}
	f.Gain(0.1, 0.1)
	w.measure(&f)
	f.Numbers.Avoidable = max(f.Numbers.Critical-w.longest(), 0)
	e.p.Report(w.anchor, fmt.Sprintf("plateau %s %d", w.service, w.limit), f)
}

// longest returns what the queries would take if all could run at once: for each trace its longest.
func (w *waits) longest() int64 {
	var sum, most int64
	for n, at := range w.places {
		if n > 0 && w.places[n-1].Trace != at.Trace {
			sum += most
			most = 0
		}
		most = max(most, at.Duration(at.Span))
	}
	return sum + most
}
