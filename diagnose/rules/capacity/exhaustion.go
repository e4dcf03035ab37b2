package capacity

import (
	"regexp"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/normalize"
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
		p: p, th: rule.ThresholdsOf[ExhaustionThresholds](p), groups: map[scarcity]*waits{}, met: map[int]int64{}, events: map[string]waitEvent{},
		holders: map[lockKey][]rule.Place{}, until: map[rule.Place]int64{}, clocks: rule.NewOffsets(p.Clocks),
		names: make([]nameKind, p.Set.Symbols()), locks: map[int32]lockKind{},
	}
	for _, f := range p.Traces {
		e.read(f)
		e.plateaus(f)
	}
	for _, w := range e.order {
		if len(w.places) == 0 {
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

// scarcityKind is how a shortage shows.
type scarcityKind uint8

const (
	scarceConnection scarcityKind = iota
	scarceMessage
	scarceLock
	scarcePlateau
	scarceNoted // by events of a span
)

// scarcity is what waits are told together by.
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

type exhausted struct {
	p       *rule.FilePass
	th      *ExhaustionThresholds
	groups  map[scarcity]*waits
	order   []*waits
	met     map[int]int64      // by resource: when it first got a connection, ns
	names   []nameKind         // by symbol of a span's name: whether it gets something scarce
	locks   map[int32]lockKind // by operation
	events  map[string]waitEvent
	holders map[lockKey][]rule.Place // the spans that got a lock
	until   map[rule.Place]int64     // of holders: when each gave it back, ns, once asked
	clocks  *rule.Offsets
	canon   semconv.Canonical
}

// nameKind is what is known of the name of a span.
type nameKind uint8

const (
	unmet nameKind = iota
	scarce
	ordinary
)

// acquires reports whether a span is named after a pool, a lock or a connection that it gets; names repeat.
func (e *exhausted) acquires(f *facts.Facts, i int) bool {
	s := f.Trace.Span(i)
	known := &e.names[s.NameSymbol()]
	if *known == unmet {
		name := s.Name()
		*known = ordinary
		if (f.Class(i) == semconv.ClassConnect || poolName.MatchString(name) || rule.LockName.MatchString(name)) && !setUpName.MatchString(name) {
			*known = scarce
		}
	}
	return *known == scarce
}

// lockKind is whether an operation waits for something that another has.
type lockKind uint8

const (
	lockUnmet lockKind = iota
	lockNone
	lockTaken
	lockPop // a blocking pop: a request waits, but a worker that waits for work waits for nothing scarce
)

// locking reports whether span i waits for a lock; operations repeat.
func (e *exhausted) locking(f *facts.Facts, i int) bool {
	op := f.OpNumber(i)
	known := e.locks[op]
	if known == lockUnmet {
		known = lockNone
		switch label := f.Op(i).Label(); {
		case f.Detail(i).Statement.Flags.Has(normalize.SQLForUpdate), lockCommand.MatchString(label):
			known = lockTaken
		case blockingPop.MatchString(label):
			known = lockPop
		}
		e.locks[op] = known
	}
	return known == lockTaken || known == lockPop && f.Kind(patterns.Request(f, i)) == trace.KindServer
}

func (e *exhausted) group(k scarcity) *waits {
	w := e.groups[k]
	if w == nil {
		w = &waits{scarcity: k}
		e.groups[k] = w
		e.order = append(e.order, w)
	}
	return w
}

func (w *waits) add(at rule.Place) {
	if len(w.places) == 0 {
		w.anchor = at
	}
	w.places = append(w.places, at)
}

var (
	poolName    = regexp.MustCompile(`(?i)hikari|pool|semaphore|mutex|bulkhead|acquire|getconn$|wait_for_connection|(^|[^a-z])(lock|lease)([^a-z]|$)|checkout.?conn|conn.*checkout|getConnection`)
	setUpName   = regexp.MustCompile(`(?i)(^|[^a-z])(tls|dns|tcp|ssl|handshake|resolve|lookup)`)
	lockCommand = regexp.MustCompile(`(?i)get_lock|\block:`)
	blockingPop = regexp.MustCompile(`(?i)^(blpop|brpop|blmove|bzpopmin|bzpopmax)\b`)
)

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
	e.group(scarcity{kind: scarceMessage, service: f.Trace.Span(i).Service(), what: code}).add(rule.Place{Facts: f, Span: i})
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
	w := e.group(scarcity{kind: scarceConnection, service: t.Span(i).Service(), what: f.Op(i).Label()})
	w.asked++
	cold, lasted := e.cold(f, i), f.Duration(i)
	if lasted < int64(e.th.Wait) || float64(lasted) < e.th.Share*float64(f.Duration(p)) || cold && lasted < int64(e.th.Cold) {
		return
	}
	w.add(rule.Place{Facts: f, Span: i})
	w.before = append(w.before, rule.Place{Facts: f, Span: next})
}

// cold reports whether span i is among the first that got a connection in its process: a pool opens several at once.
func (e *exhausted) cold(f *facts.Facts, i int) bool {
	s := f.Trace.Span(i)
	first, met := e.met[s.Resource().Index()]
	if !met {
		e.met[s.Resource().Index()] = s.Start()
		return true
	}
	return s.Start()-first < int64(e.th.Wait)
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
	w := e.group(scarcity{kind: scarceLock, service: f.Trace.Span(i).Service(), what: f.Op(i).Label()})
	w.asked++
	usual := e.p.Baseline.Op(f.OpNumber(i))
	lasted := f.Trace.Span(i).Duration()
	if usual.Calls >= e.th.LockCalls && lasted >= int64(e.th.Wait) && float64(lasted) >= e.th.LockRatio*float64(usual.P50) {
		w.add(rule.Place{Facts: f, Span: i})
	}
}

// queries lists the SQL calls of each process of a trace, in order of their start.
func queries(f *facts.Facts) (order []int, byResource map[int][]int) {
	for i := f.Trace.First(); i < f.Trace.Len(); i++ {
		if f.Class(i) != semconv.ClassSQL || f.Kind(i) == trace.KindServer {
			continue
		}
		if byResource == nil {
			byResource = map[int][]int{}
		}
		r := f.Trace.Span(i).Resource().Index()
		if byResource[r] == nil {
			order = append(order, r)
		}
		byResource[r] = append(byResource[r], i)
	}
	return order, byResource
}
