package compare

import (
	"fmt"

	"tracefall/diagnose/facts"
)

// Culprit is a service that the differences between the sets point to.
type Culprit struct {
	Service  string
	Op       facts.Op // of the service's calls the one that contributes most
	Calls    []int    // indexes into SetComparison.Calls of that operation
	Score    float64  // 0 to 1: its share of all that points anywhere
	Own      int64    // ns a trace that its own work takes more
	Gap      int64    // ns a trace that calls between it and others take more, outside both sides
	More     int64    // ns a trace that calls take which it makes more often
	Failing  float64  // traces, a trace, in which failures begin in it, more than before
	Message  string
	Evidence []Evidence
	// Explains are services behind it in the list whose excess time is in calls that lead to this one, most first.
	Explains []Explained
	Passing  string // why it stands behind a smaller one; "" where it does not
}

// Explained is a service whose excess is that of another seen from further up.
type Explained struct {
	Service string
	Share   float64 // of its excess time that is in calls that lead to the other
}

// Evidence is a span that shows something.
type Evidence struct {
	Role string // "offender" in a bad trace, "baseline" in a good one
	Place
}

// The thresholds of excess.
const (
	excessLeast  = 1e6  // ns a call; less where traces are short:
	excessShare  = 0.01 // of the mean of a good trace
	excessRatio  = 1.5  // of the means of a call
	excessWelch  = 3.0  // of Welch's t
	manyTraces   = 20   // below, ranks are compared instead
	rankLevel    = 0.05
	weightIn     = 1.0 // of the gap of calls that come in
	weightOut    = 0.3 // of those that go out
	weightMore   = 0.5 // of calls that are made more often: they are often a consequence
	culpritsMost = 5
	gatewayShare = 0.8 // of the traces that enter through a gateway
	gatewayOwn   = 0.1 // of the mean time that it spends itself
	explainLeast = 0.2 // of the excess time of a service, from which another explains it
)

// suspect sums up what points to one service.
type suspect struct {
	name           string
	own, gap, more float64 // ns a trace
	failing        float64
	phi            float64 // share of inflated calls on the edges at it
	edges          float64
	ops            map[int32]*suspicion
	order          []int32 // of ops
	callees        []string
	callers        []string
	leads          []lead
	inflated       int // of the edges to callees
	time, score    float64
}

// lead is excess time of a service in calls that it makes.
type lead struct {
	to     string
	time   float64 // ns a trace, as far as it counts for the caller
	beyond bool    // it is time of the calls and of everything below, not only on the way to the callee
}

// suspicion is what points to one operation of a service.
type suspicion struct {
	own, gap, more, failing float64
	before, now             float64 // mean ns a call of what is in excess
	failed                  [2]float64
	calls                   float64 // a bad trace
	note                    string
}

// findCulprits ranks services: by the excess of their own work, of the gaps of the calls at them where many of these
// grew, of calls that they make more often, and of failures that begin in them.
//
//	score = share of the excess time + share of the excess failures, where there is both half each
func (p *population) findCulprits(c *SetComparison) {
	if c.Descriptive {
		return
	}
	board := &board{p: p, c: c, known: map[string]*suspect{}}
	samples := p.byOperation(c)
	board.least = min(excessLeast, excessShare*float64(c.Of[0].Mean))
	board.measure(samples)
	board.structure()
	board.rank()
	for n, s := range board.list {
		if s.score <= 0 || n == culpritsMost {
			break
		}
		c.Culprits = append(c.Culprits, board.culprit(s, samples))
		board.explain(c.Culprits, n)
	}
}

// board is where suspects are ranked.
type board struct {
	p     *population
	c     *SetComparison
	known map[string]*suspect
	list  []*suspect
	least float64 // ns a call

	gateway *suspect // that was put behind a smaller one, nil for none
	passing string   // why
}

func (b *board) suspect(name string) *suspect {
	s := b.known[name]
	if s == nil {
		s = &suspect{name: name, ops: map[int32]*suspicion{}}
		b.known[name], b.list = s, append(b.list, s)
	}
	return s
}

func (s *suspect) op(key int32) *suspicion {
	o := s.ops[key]
	if o == nil {
		o = &suspicion{}
		s.ops[key], s.order = o, append(s.order, key)
	}
	return o
}

// excess returns by how much calls are slower, in ns a bad trace, 0 unless it is much and certain.
func (b *board) excess(samples [2][]float64, sums, calls [2]float64) (excess, before, now float64) {
	if calls[0] == 0 || calls[1] == 0 {
		return 0, 0, 0
	}
	before, now = sums[0]/calls[0], sums[1]/calls[1]
	if now-before <= b.least || now <= excessRatio*before {
		return 0, before, now
	}
	if min(len(samples[0]), len(samples[1])) >= manyTraces {
		if welch(samples[0], samples[1]) <= excessWelch {
			return 0, before, now
		}
	} else if facts.MannWhitney(samples[0], samples[1]).P >= rankLevel {
		return 0, before, now
	}
	return (now - before) * calls[1] / float64(b.p.size(1)), before, now
}

// measure adds the excess of own work, of gaps and of failures.
func (b *board) measure(samples []*opSamples) {
	type edge struct {
		from, to          string
		inflated, traffic float64
		gaps              float64
	}
	var edges []*edge
	byEnds := map[[2]string]*edge{}
	failures := b.failures(samples)
	for n, o := range samples {
		v := b.suspect(o.worker)
		op := v.op(o.key)
		op.calls = o.calls[1] / float64(b.p.size(1))
		if x, before, now := b.excess(o.self, o.sumSelf, o.calls); x > 0 && b.certain(o, func(c *SetCall) float64 { return c.Self.LeastQ() }) {
			v.own += x
			op.own, op.before, op.now = x, before, now
		}
		if f := failures[n]; f > 0 {
			v.failing += f
			op.failing = f
			op.failed = [2]float64{float64(o.origins[0]) / float64(b.p.size(0)), float64(o.origins[1]) / float64(b.p.size(1))}
		}
		if o.worker == o.caller {
			continue
		}
		e := byEnds[[2]string{o.caller, o.worker}]
		if e == nil {
			e = &edge{from: o.caller, to: o.worker}
			byEnds[[2]string{o.caller, o.worker}], edges = e, append(edges, e)
			u := b.suspect(o.caller)
			u.callees = append(u.callees, o.worker)
			v.callers = append(v.callers, o.caller)
		}
		e.traffic += o.served[1]
		if x, before, now := b.excess(o.gap, o.sumGap, o.served); x > 0 && b.certain(o, func(c *SetCall) float64 { return c.Gap.LeastQ() }) {
			e.inflated += o.served[1]
			e.gaps += x
			out := b.suspect(o.caller).op(o.key)
			out.gap, out.before, out.now, out.calls = weightOut*x, before, now, op.calls
			u := b.suspect(o.caller)
			u.leads = append(u.leads, lead{to: o.worker, time: weightOut * x})
			op.gap = x
			if op.own == 0 {
				op.before, op.now = before, now
			}
		}
	}
	for _, e := range edges {
		phi := 0.0
		if e.traffic > 0 {
			phi = e.inflated / e.traffic
		}
		if e.inflated > 0 {
			b.suspect(e.from).inflated++
		}
		for _, end := range [2]struct {
			name   string
			weight float64
		}{{e.to, weightIn}, {e.from, weightOut}} {
			s := b.suspect(end.name)
			s.gap += end.weight * e.gaps
			s.phi += phi
			s.edges++
		}
	}
}

// failures returns, for each operation, in how large a share of the traces more than before failures begin in it,
// 0 unless that is certain.
func (b *board) failures(samples []*opSamples) []float64 {
	of := [2]int{b.p.size(0), b.p.size(1)}
	list := make([]float64, len(samples))
	for n, o := range samples {
		certain := facts.FisherExact(o.origins[1], of[1], o.origins[0], of[0]) < b.p.opt.Q
		if certain && b.certain(o, func(c *SetCall) float64 { return min(c.Errors.Q, c.Presence.Q) }) {
			list[n] = float64(o.origins[1])/float64(of[1]) - float64(o.origins[0])/float64(of[0])
		}
	}
	return list
}

// certain tells whether a test of one of the operation's calls holds after correction for all tests: nothing is a
// culprit by chance more often than that allows.
func (b *board) certain(o *opSamples, q func(*SetCall) float64) bool {
	for _, i := range o.places {
		if q(&b.c.Calls[i]) < b.p.opt.Q {
			return true
		}
	}
	return false
}

// structure adds calls that are made more often, to the service that makes them.
func (b *board) structure() {
	for _, part := range b.c.Contributions {
		n := &b.c.Calls[part.Node]
		if part.Kind != KindCount && part.Kind != KindAdded || n.Parent < 0 || float64(part.Delta) <= b.least ||
			min(n.Counts.LeastQ(), n.Presence.Q) >= b.p.opt.Q {
			continue
		}
		s := b.suspect(b.c.Calls[n.Parent].Worker)
		s.more += weightMore * float64(part.Delta)
		s.leads = append(s.leads, lead{n.Worker, weightMore * float64(part.Delta), true})
		op := s.op(b.p.calls[b.p.index[part.Node]].step.parentKey(b.p))
		op.more += weightMore * float64(part.Delta)
		if op.note == "" {
			op.note = fmt.Sprintf("%s, %s", b.c.name(part.Node), part.Message)
		}
	}
}

// parentKey returns the operation of the node above.
func (s step) parentKey(p *population) int32 { return p.calls[s.parent].step.key }
