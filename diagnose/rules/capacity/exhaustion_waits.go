package capacity

import (
	"regexp"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
)

// scarcityKind is how a shortage shows.
type scarcityKind uint8

const (
	scarceConnection scarcityKind = iota
	scarceMessage
	scarceLock
	scarcePlateau
	scarceNoted // recorded by events of a span
)

// scarcity is what waits are grouped by.
type scarcity struct {
	kind    scarcityKind
	service string
	what    string
	limit   int // of a plateau
}

// waits are the waits for one scarce thing.
type waits struct {
	scarcity
	places []rule.Place
	anchor rule.Place
	asked  int          // how often it was asked for, waits among them
	before []rule.Place // what followed the waits
	waited []int64      // ns, where the waits are shorter than their spans
	late   int          // queries that began once a plateau was reached
	next   int          // of these, the ones that began when another ended
}

// exhausted is the search for what requests waited for.
type exhausted struct {
	p       *rule.FilePass
	th      *ExhaustionThresholds
	groups  rule.Groups[scarcity, waits]
	met     map[int]int64                   // by resource: when it first got a connection, ns
	names   rule.Memo[trace.Symbol, bool]   // of spans: whether they get something scarce
	locks   rule.Memo[int32, lockKind]      // by operation
	events  rule.Memo[string, waitEvent]    // by name
	holders rule.Lists[lockKey, rule.Place] // the spans that got a lock
	until   rule.Memo[rule.Place, int64]    // of holders: when each gave it back, ns
	clocks  *rule.Offsets
	canon   semconv.Canonical
}

var (
	poolName    = regexp.MustCompile(`(?i)hikari|pool|semaphore|mutex|bulkhead|acquire|getconn$|wait_for_connection|(^|[^a-z])(lock|lease)([^a-z]|$)|checkout.?conn|conn.*checkout|getConnection`)
	lockName    = regexp.MustCompile(`(?i)semaphore|mutex|bulkhead|(^|[^a-z])(lock|lease)([^a-z]|$)`)
	setUpName   = regexp.MustCompile(`(?i)(^|[^a-z])(tls|dns|tcp|ssl|handshake|resolve|lookup)`)
	lockCommand = regexp.MustCompile(`(?i)get_lock|\block:`)
	blockingPop = regexp.MustCompile(`(?i)^(blpop|brpop|blmove|bzpopmin|bzpopmax)\b`)
)

// title names the wait for a connection or a lock.
func (w *waits) title() string {
	if lockName.MatchString(w.what) || rule.LockName.MatchString(w.what) {
		return "lock wait: " + rule.Quoted(w.what)
	}
	return "connection pool wait: " + rule.Quoted(w.what)
}

// acquires reports whether a span is named after a pool, a lock or a connection that it gets; names repeat.
func (e *exhausted) acquires(f *facts.Facts, i int) bool {
	s := f.Trace.Span(i)
	return e.names.Of(s.NameSymbol(), func() bool {
		name := s.Name()
		return (f.Class(i) == semconv.ClassConnect || poolName.MatchString(name) || rule.LockName.MatchString(name)) && !setUpName.MatchString(name)
	})
}

// lockKind is whether an operation waits for something that another has.
type lockKind uint8

const (
	lockNone lockKind = iota
	lockTaken
	lockPop // a blocking pop: a request waits, but a worker that waits for work waits for nothing scarce
)

// locking reports whether span i waits for a lock; operations repeat.
func (e *exhausted) locking(f *facts.Facts, i int) bool {
	kind := e.locks.Of(f.OpNumber(i), func() lockKind {
		switch label := f.Op(i).Label(); {
		case f.Detail(i).Statement.Flags.Has(normalize.SQLForUpdate), lockCommand.MatchString(label):
			return lockTaken
		case blockingPop.MatchString(label):
			return lockPop
		}
		return lockNone
	})
	return kind == lockTaken || kind == lockPop && f.Kind(patterns.Request(f, i)) == trace.KindServer
}

// long reports whether span i waited for long enough, as a share of what the wait lies in too; the first of a process
// open connections, several at once, and may take longer.
func (e *exhausted) long(f *facts.Facts, i int, waited, whole int64) bool {
	s := f.Trace.Span(i)
	first, met := e.met[s.Resource().Index()]
	if !met {
		first = s.Start()
		e.met[s.Resource().Index()] = first
	}
	cold := !met || s.Start()-first < int64(e.th.Wait)
	return waited >= int64(e.th.Wait) && float64(waited) >= e.th.Share*float64(whole) && !(cold && waited < int64(e.th.Cold))
}

func (w *waits) add(at rule.Place) {
	if len(w.places) == 0 {
		w.anchor = at
	}
	w.places = append(w.places, at)
}

// measure fills in the numbers of waits: times as the spans have them, bounded as evidence is.
func (w *waits) measure(f *rule.Finding) {
	f.Numbers.Count = len(w.places)
	f.Evidence = rule.EvidenceOf(rule.RoleOffender, w.places...)
	f.Numbers.AddTimes(w.places)
	f.Numbers.Avoidable = f.Numbers.Critical
	f.Service = w.service
}

func (w *waits) median() int64 {
	return int64(medianOf(w.places))
}

// medianOf returns the median of the durations of spans, ns.
func medianOf(places []rule.Place) float64 {
	return stats.Median(rule.Floats(places, func(at rule.Place) float64 { return float64(at.Duration(at.Span)) }))
}

// endsIn tells how the traces of the places ended: the weight of an error that ended most of them, or did not.
func endsIn(places []rule.Place) float64 {
	n := 0
	for _, at := range places {
		if at.Failed(at.Trace.Root().Index()) {
			n++
		}
	}
	if 2*n >= len(places) {
		return rule.WeightExplains
	}
	return rule.WeightRecovered
}
