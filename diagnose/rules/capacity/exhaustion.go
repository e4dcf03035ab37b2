package capacity

import (
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// ExhaustionThresholds are the gates of exhaustion.
type ExhaustionThresholds struct {
	Wait       time.Duration `toml:"wait" source:"own choice: a free connection is there in less"`
	Share      float64       `toml:"share" unit:"share of what the wait lies in" source:"own choice"`
	Cold       time.Duration `toml:"cold" source:"own choice: the first connection of a process may take as long"`
	LockRatio  float64       `toml:"lock-ratio" unit:"times the median" source:"own choice"`
	LockCalls  int           `toml:"lock-calls" unit:"calls" source:"fewer have no median to speak of"`
	Plateau    int           `toml:"plateau" unit:"queries at once" source:"own choice: fewer are branches of the program"`
	Full       float64       `toml:"full" unit:"share of the busy time" source:"own choice"`
	BackToBack float64       `toml:"back-to-back" unit:"share of the queries that came later" source:"own choice"`
	Handover   time.Duration `toml:"handover" source:"own choice: from one query's end to the next one's start"`
}

// Exhaustion finds: pool, lock or concurrency exhaustion.
var Exhaustion = rule.Detector{
	ID: "D10", Name: "exhaustion", Title: "Pool, lock or concurrency exhaustion",
	Thresholds: &ExhaustionThresholds{
		Wait: 50 * time.Millisecond, Share: 0.2, Cold: time.Second, LockRatio: 10, LockCalls: 5,
		Plateau: 4, Full: 0.5, BackToBack: 0.8, Handover: 2 * time.Millisecond,
	},
	Doc: "Requests waited for something there is only so much of: a connection of a pool, a lock, a place in a bulkhead. What they then did was fast, " +
		"so that the thing they did is not what has to become faster.",
	Rule: "getting a connection or a lock took `wait` and `share` of what it lies in, by a span or by two events, and the work followed (not the first of a process " +
		"below `cold`, and not where a new connection was made); or an error said that a pool was empty; or a locking statement took `lock-ratio` times its " +
		"median; or the most queries that ran at once, `plateau` or more, did so for `full` of " +
		"the time, while `back-to-back` of the later ones began within `handover` of another's end.",
	Example:   "HikariPool.getConnection of billing-service took 4.2 s in the median before SELECT invoices, which took 6 ms: 7 of 9 calls waited.",
	Remedies:  []string{"hold connections and locks for less time", "look for connections that are never given back", "a larger pool, if the database can take it", "a limit on the wait"},
	Limits:    []string{"size and use of the pool are not in the trace", "who held what was waited for is seldom in the traces"},
	File:      findExhaustion,
	Relations: rule.Relations{Absorbs: rule.Absorption{Detector: "bottleneck", Least: rule.Low}},
}

func findExhaustion(p *rule.FilePass) {
	e := exhausted{
		p: p, th: rule.ThresholdsOf[ExhaustionThresholds](p), met: map[int]int64{}, events: rule.Memo[string, waitEvent]{},
		until: rule.Memo[rule.Place, int64]{}, clocks: rule.NewOffsets(p.Clocks), names: rule.Memo[trace.Symbol, bool]{}, locks: rule.Memo[int32, lockKind]{},
	}
	for _, f := range p.Traces {
		e.read(f)
		e.plateaus(f)
	}
	for k, w := range e.groups.All() {
		if w.scarcity = k; len(w.places) == 0 {
			continue
		}
		switch w.kind {
		case scarceConnection:
			e.reportWaits(w)
		case scarceMessage:
			e.reportMessages(w)
		case scarceLock:
			e.reportLocks(w)
		case scarcePlateau:
			e.reportPlateau(w)
		case scarceNoted:
			e.reportNoted(w)
		}
	}
}

// read takes in what one trace says: waits, errors and locks.
func (e *exhausted) read(f *facts.Facts) {
	t := f.Trace
	said := -1 // spans before this index lie in a subtree whose error is known
	for i := t.Len() - 1; i >= t.First(); i-- {
		// From the end, so that the deepest span that says so is the first that is met.
		if f.Failed(i) && (said < 0 || t.End(i) <= said) && e.says(f, i) {
			said = i
		}
	}
	for i := t.First(); i < t.Len(); i++ {
		e.noted(f, i)
		switch class := f.Class(i); {
		case class == semconv.ClassConnect || class == semconv.ClassInternal:
			e.waited(f, i)
		case class == semconv.ClassSQL || class == semconv.ClassCache:
			e.locked(f, i)
		}
	}
}

// resourceExhausted is a gRPC status: something ran out, or a quota was used up.
const resourceExhausted = "RESOURCE_EXHAUSTED"

// says takes in an error that names a pool, or a proxy that refused because too much was under way.
func (e *exhausted) says(f *facts.Facts, i int) bool {
	code := ""
	switch f.Failure(i) {
	case semconv.ErrorPool:
	case semconv.ErrorBreakerOpen:
		f.Canonical(i, &e.canon)
		if !strings.Contains(e.canon.Text(semconv.MeshFlags), "UO") {
			return false
		}
	case semconv.ErrorOverload:
		f.Canonical(i, &e.canon)
		if code = semconv.RPCCode(&e.canon); code != resourceExhausted {
			return false
		}
	default:
		return false
	}
	e.groups.Of(scarcity{kind: scarceMessage, service: f.Trace.Span(i).Service(), what: code}).add(rule.Place{Facts: f, Span: i})
	return true
}

// waited takes in span i if it gets a connection or a lock:
//
//	request  |-------------------------------|
//	acquire    |---------------------|
//	query                             |-|
func (e *exhausted) waited(f *facts.Facts, i int) {
	const deep = 8 // spans of a pool's own
	t := f.Trace
	if !e.acquires(f, i) || f.Failed(i) || t.End(i)-i > deep || f.Class(i) == semconv.ClassInternal && patterns.CallWithin(f, i) >= 0 {
		return
	}
	next, p := e.next(f, i), t.Parent(i)
	if next < 0 || e.connecting(f, i) || p < t.First() {
		return
	}
	w := e.groups.Of(scarcity{kind: scarceConnection, service: t.Span(i).Service(), what: f.Op(i).Label()})
	if w.asked++; e.long(f, i, f.Duration(i), f.Duration(p)) {
		w.add(rule.Place{Facts: f, Span: i})
		w.before = append(w.before, rule.Place{Facts: f, Span: next})
	}
}

// connecting reports whether a new connection was made for most of the time of span i: then none was waited for.
func (e *exhausted) connecting(f *facts.Facts, i int) bool {
	var made []int
	for c := range f.Children(i) {
		if setUpName.MatchString(f.Trace.Span(c).Name()) {
			made = append(made, c)
		}
	}
	return 2*f.Union(made) > f.Duration(i)
}

// next returns the call that followed a wait, -1 for none among the next few siblings.
func (e *exhausted) next(f *facts.Facts, i int) int {
	const reach = 8
	p := f.Trace.Parent(i)
	if p < f.Trace.First() {
		return -1
	}
	for n, c := 0, f.Trace.End(i); n < reach && c < f.Trace.End(p); n, c = n+1, f.Trace.End(c) {
		if f.Class(c).Remote() && f.Timing.Effective(c).Start >= f.Timing.Effective(i).End-int64(e.th.Handover) {
			return c
		}
	}
	return -1
}

// locked takes in a locking statement or command that took much longer than it usually does.
func (e *exhausted) locked(f *facts.Facts, i int) {
	if !e.locking(f, i) {
		return
	}
	e.took(f, i)
	w := e.groups.Of(scarcity{kind: scarceLock, service: f.Trace.Span(i).Service(), what: f.Op(i).Label()})
	w.asked++
	usual := e.p.Baseline.Op(f.OpNumber(i))
	lasted := f.Trace.Span(i).Duration()
	if usual.Calls >= e.th.LockCalls && lasted >= int64(e.th.Wait) && float64(lasted) >= e.th.LockRatio*float64(usual.P50) {
		w.add(rule.Place{Facts: f, Span: i})
	}
}
