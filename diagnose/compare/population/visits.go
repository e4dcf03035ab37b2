package population

import (
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// reading is one trace being read. Its memory serves the next trace again.
type reading struct {
	*observed
	at        int32
	f         *facts.Facts
	keyAt     func(i int) int32
	served    []int32
	below     []bool         // whether anything below a span failed; nil where nothing did
	runsIn    []trace.Symbol // by span: its service
	apart     []bool         // by span: whether one of its children runs in another service
	visits    []visit
	of        []int32 // by span: its visit
	self      []int64 // by span, plus 1; 0 where it was not asked for
	lastMixed [2]int32
}

// visit is a service at work, from when it is asked.
type visit struct {
	service, entry int32
	own, began     float64
	failed         bool // it failed, or something that it waited for: what it calls then says little
	lost           []lostCall
	calls          []calling
	places         map[[2]int32]int // in calls, by whom and what, where there are many
}

// calling is whom a visit calls how often.
type calling struct {
	to, op int32
	n      float64
}

func (r *reading) read(at int32, f *facts.Facts) {
	t := f.Trace
	r.at, r.f, r.keyAt, r.served = at, f, r.keys.Reader(f), r.keys.Callees.Servers(f)
	r.below = failedBelow(f, func(i int) bool { return r.served[t.Parent(i)] == int32(i) })
	r.visits, r.of, r.lastMixed = r.visits[:0], slices.Grow(r.of[:0], t.Len())[:t.Len()], [2]int32{}
	r.self = slices.Grow(r.self[:0], t.Len())[:t.Len()]
	clear(r.self)
	r.neighbours()
	for i := t.First(); i < t.Len(); i++ {
		p := t.Parent(i)
		if p < t.First() || r.served[p] == int32(i) || r.runsIn[p] != r.runsIn[i] {
			r.of[i] = int32(len(r.visits))
			r.enter(r.service(t.Span(i).Service()), r.keyAt(i), r.below != nil && (r.below[i] || r.f.Failed(i)))
			if p >= t.First() && r.served[p] < 0 { // called from amid other work
				r.calls(i, &r.visits[r.of[p]], r.visits[r.of[i]].service)
				r.mixed(p, &r.visits[r.of[p]], r.visits[r.of[i]].service)
			}
		} else {
			r.of[i] = r.of[p]
		}
		r.span(i, &r.visits[r.of[i]])
	}
	for n := range r.visits {
		r.leave(&r.visits[n])
	}
}

// neighbours notes which service each span runs in, and which spans call other ones.
func (r *reading) neighbours() {
	t := r.f.Trace
	r.runsIn, r.apart = slices.Grow(r.runsIn[:0], t.Len())[:t.Len()], slices.Grow(r.apart[:0], t.Len())[:t.Len()]
	clear(r.apart)
	for i := t.First(); i < t.Len(); i++ {
		r.runsIn[i] = t.Span(i).ServiceSymbol()
		p := t.Parent(i)
		if p >= t.First() && r.runsIn[p] != r.runsIn[i] {
			r.apart[p] = true
		}
	}
}

// enter begins a visit.
func (r *reading) enter(service, entry int32, failed bool) {
	n := len(r.visits)
	r.visits = slices.Grow(r.visits, 1)[:n+1]
	r.visits[n] = visit{service: service, entry: entry, failed: failed, calls: r.visits[n].calls[:0]}
}

// mixed takes in that span p of a visit calls a service, among other work: what it works itself holds what the call is
// under way. Calls from one span to one service in a row count once.
func (r *reading) mixed(p int, v *visit, to int32) {
	if r.lastMixed == [2]int32{int32(p), to} {
		return
	}
	r.lastMixed = [2]int32{int32(p), to}
	r.timed(mixedTime, p, v, to, float64(r.selfTime(p)))
}

// selfTime returns the self time of a span in ns. Where other services answer it directly their clocks may be off, and
// where their spans lie says little: as long as they fit into it one after another, they are taken to have done so.
func (r *reading) selfTime(i int) int64 {
	if r.f.Leaf(i) {
		return r.f.Self[i]
	}
	if r.self[i] == 0 {
		r.self[i] = r.selfOf(i) + 1
	}
	return r.self[i] - 1
}

func (r *reading) selfOf(i int) int64 {
	if !r.apart[i] {
		return r.f.Self[i]
	}
	t := r.f.Trace
	s, sum := t.Span(i), int64(0)
	for c := i + 1; c < s.End(); c = t.End(c) {
		child := t.Span(c)
		if !child.FollowsFrom() && child.Kind() != trace.KindConsumer {
			sum += child.Duration()
		}
		if sum > s.Duration() {
			return r.f.Self[i]
		}
	}
	return s.Duration() - sum
}

// timed takes in what span i of a visit takes, of its call to a service.
func (r *reading) timed(what measured, i int, v *visit, to int32, value float64) *track {
	key := r.keyAt(i)
	r.add(seriesKey{what, v.service, to, v.entry, key, r.roots[r.at]}, r.at, 1, value)
	return r.note(trackKey{what, v.service, to, key}, r.at, i, value)
}

// span takes in span i of a visit.
func (r *reading) span(i int, v *visit) {
	t, key, to := r.f.Trace, r.keyAt(i), r.callee(i)
	server := int(r.served[i])
	switch {
	case server >= 0:
		gap := r.f.Self[i] // of several attempts, or where a connection was opened first
		if server == i+1 && t.End(server) == t.End(i) {
			gap = gapOf(r.f, i, server)
		}
		track := r.timed(gapTime, i, v, to, float64(max(gap, 0)))
		track.outlast = max(track.outlast, float64(-gap))
		r.calls(i, v, to)
	case to != nobody && r.f.Failed(i): // it never reached whom it usually does
		r.timed(gapTime, i, v, to, float64(t.Span(i).Duration()))
	case r.f.Leaf(i) && r.keys.Callees.Several(key):
		v.lost = append(v.lost, lostCall{at: r.at, span: int32(i), key: key, service: v.service, entry: v.entry, took: float64(t.Span(i).Duration()), failed: r.f.Failed(i)})
		return
	case to != nobody:
		r.calls(i, v, to) // answered by whom left no span: how long the call was under way is not known
	default:
		self := float64(r.selfTime(i))
		v.own += self
		r.note(trackKey{ownTime, nobody, v.service, key}, r.at, i, self)
		r.add(seriesKey{opTime, nobody, v.service, v.entry, key, r.roots[r.at]}, r.at, 1, self)
		if r.f.Leaf(i) && r.f.Class(i).Remote() {
			r.calls(i, v, nobody)
		}
	}
	began := 0.0
	if r.below != nil && r.f.Failed(i) && !r.below[i] {
		to, began = r.failure(i, v, to)
	}
	switch {
	case to == v.service:
		v.began = max(v.began, began)
	case to != nobody:
		r.add(seriesKey{failures, v.service, to, v.entry, key, r.roots[r.at]}, r.at, 1, began)
		silent := 0.0
		if server < 0 && began == 0 {
			silent = 1
			r.note(trackKey{unanswered, v.service, to, key}, r.at, i, float64(t.Span(i).Duration()))
		}
		r.add(seriesKey{unanswered, v.service, to, v.entry, key, r.roots[r.at]}, r.at, 1, silent)
	}
}

// calls counts call i of a visit.
func (r *reading) calls(i int, v *visit, to int32) {
	r.note(trackKey{made, v.service, to, r.keyAt(i)}, r.at, i, float64(r.f.Trace.Span(i).Duration()))
	v.count(to, r.keyAt(i))
}

// callee returns the service that call i reaches: the one that served it, or where nobody did the one that serves all
// others of its operation; nobody where it is no call between services.
func (r *reading) callee(i int) int32 {
	if server := r.served[i]; server >= 0 {
		return r.service(r.f.Trace.Span(int(server)).Service())
	}
	if !r.f.Leaf(i) || r.f.Kind(i) == trace.KindServer {
		return nobody
	}
	if to := r.keys.Callees.Only(r.keyAt(i)); to != "" {
		return r.service(to)
	}
	return nobody
}

// timedOut is how much a call that its caller gave up counts as a failure of its callee, which may only have waited.
const timedOut = 0.5

// failure notes where a failure begins: in whom was called, where only the call failed. It returns that service and
// how much the failure counts.
func (r *reading) failure(i int, v *visit, to int32) (int32, float64) {
	share := 1.0
	switch class := r.f.Failure(i); {
	case to == nobody || class == semconv.ErrorBreakerOpen || class == semconv.ErrorPool:
		to = v.service
	case class == semconv.ErrorTimeout || class == semconv.ErrorCancelled:
		share = timedOut
	}
	r.note(trackKey{failures, nobody, to, r.keyAt(i)}, r.at, i, share)
	return to, share
}

// fewCallees is the number of different calls up to which they are searched one by one.
const fewCallees = 16

func (v *visit) count(to, op int32) {
	at, known := v.places[[2]int32{to, op}]
	for n := 0; !known && v.places == nil && n < len(v.calls); n++ {
		at, known = n, v.calls[n].to == to && v.calls[n].op == op
	}
	if known {
		v.calls[at].n++
		return
	}
	at = len(v.calls)
	v.calls = append(v.calls, calling{to, op, 1})
	if v.places != nil {
		v.places[[2]int32{to, op}] = at
	} else if at == fewCallees {
		v.places = map[[2]int32]int{}
		for n, c := range v.calls {
			v.places[[2]int32{c.to, c.op}] = n
		}
	}
}

// leave takes in a visit.
func (r *reading) leave(v *visit) {
	root := r.roots[r.at]
	r.add(seriesKey{ownTime, nobody, v.service, v.entry, nobody, root}, r.at, 1, v.own)
	r.add(seriesKey{failures, nobody, v.service, v.entry, nobody, root}, r.at, 1, v.began)
	var called []int32
	for _, c := range v.calls[:min(len(v.calls), profileMost)] {
		called = append(called, c.to)
	}
	for _, l := range v.lost {
		l.called = called
		r.observed.lost = append(r.observed.lost, l)
	}
	if !v.failed {
		r.learn(r.at, v)
	}
	if v.failed || root == otherRoot {
		return
	}
	r.add(seriesKey{asked, nobody, v.service, v.entry, nobody, root}, r.at, 1, 0)
	for _, c := range v.calls {
		r.add(seriesKey{made, v.service, c.to, v.entry, c.op, root}, r.at, 1, c.n)
	}
}

// failedBelow tells for each span whether anything below it that was waited for failed; nil where nothing failed. What
// served its parent was waited for, whatever the clocks say.
func failedBelow(f *facts.Facts, serves func(i int) bool) []bool {
	var below []bool
	for i := f.Trace.Len() - 1; i >= 0; i-- {
		if f.Failed(i) && below == nil {
			below = make([]bool, f.Trace.Len())
		}
		if i > 0 && below != nil && (f.Failed(i) || below[i]) && (!f.Timing.Async(i) || serves(i)) {
			below[f.Trace.Parent(i)] = true
		}
	}
	return below
}

// observe reads all traces, those that only one side has the entry operation of too.
func observe(p *population) *observed {
	o := &observed{keys: p.keys, services: map[string]int32{}}
	take := func(f *facts.Facts, side int, root int32) {
		o.facts, o.sides, o.roots = append(o.facts, f), append(o.sides, uint8(side)), append(o.roots, root)
		o.size[side]++
	}
	for i, f := range p.all {
		take(f, p.sideOf(int32(i)), p.entry[i])
	}
	for side, list := range p.others {
		for _, f := range list {
			take(f, side, otherRoot)
			p.keys.Callees.Learn(f)
		}
	}
	r := &reading{observed: o}
	for n, f := range o.facts {
		if p.ctx.Err() != nil {
			break
		}
		r.read(int32(n), f)
	}
	for _, l := range o.lost {
		o.find(&l)
	}
	return o
}
