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
	Wait       time.Duration `toml:"wait" source:"default; getting a free connection takes less"`
	Share      float64       `toml:"share" unit:"share of the enclosing span" source:"default"`
	Cold       time.Duration `toml:"cold" source:"default; opening the first connection of a process may take as long"`
	LockRatio  float64       `toml:"lock-ratio" unit:"times the median" source:"default"`
	LockCalls  int           `toml:"lock-calls" unit:"calls" source:"default; fewer calls have no reliable median"`
	Plateau    int           `toml:"plateau" unit:"statements at once" source:"default"`
	Full       float64       `toml:"full" unit:"share of the busy time" source:"default"`
	BackToBack float64       `toml:"back-to-back" unit:"share of the queries after the peak" source:"default"`
	Handover   time.Duration `toml:"handover" source:"default; time from the end of one query to the start of the next"`
}

// Exhaustion finds: connection pool, lock or concurrency exhaustion.
var Exhaustion = rule.Detector{
	ID: "D10", Name: "exhaustion", Title: "Connection pool, lock or concurrency exhaustion",
	Thresholds: &ExhaustionThresholds{
		Wait: 50 * time.Millisecond, Share: 0.2, Cold: time.Second, LockRatio: 10, LockCalls: 5,
		Plateau: 4, Full: 0.5, BackToBack: 0.8, Handover: 2 * time.Millisecond,
	},
	Doc: "Requests waited for a limited resource: a pooled connection, a lock, a bulkhead permit. The work itself was fast, " +
		"so making it faster does not help.",
	Rule: "getting a connection or a lock, recorded as a span before a call or as two events, took at least `wait` and `share` of the enclosing span (not counted: less than `cold` for the " +
		"first of a process, and waits in which a new connection was opened); or an error reports an exhausted pool; or a locking statement took `lock-ratio` times its " +
		"median (of at least `lock-calls` calls in the file); or query concurrency stayed at its maximum (`plateau` or more) for `full` of " +
		"the busy time, while `back-to-back` of the queries that started after it was reached did so within `handover` of the end of another.",
	Example:   "billing-service waited a median of 4.2 s for HikariPool.getConnection before SELECT invoices (6 ms); 7 of 9 calls waited.",
	Remedies:  []string{"hold connections and locks for less time", "find connections that are never returned", "enlarge the pool if the database can take it", "set an acquire timeout"},
	Limits:    []string{"pool size and usage are not recorded in traces", "the holder of the connection or lock is rarely recorded"},
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

// read takes in the waits, errors and locks of one trace.
func (e *exhausted) read(f *facts.Facts) {
	t := f.Trace
	reported := -1 // spans before this index lie in a subtree whose error is known
	for i := t.Len() - 1; i >= t.First(); i-- {
		// From the end, so that the deepest span with such an error is the first that is met.
		if f.Failed(i) && (reported < 0 || t.End(i) <= reported) && e.failed(f, i) {
			reported = i
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

// failed takes in an error that names a pool, or a proxy that refused because too much was under way.
func (e *exhausted) failed(f *facts.Facts, i int) bool {
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
