package population

import (
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
	Less     float64  // share of its visits that lack a call which it made before
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
	excessLeast   = 1e6  // ns a call; less where traces are short:
	excessShare   = 0.01 // of the mean of a good trace
	excessMatters = 0.02 // of the mean of a good trace, which a service takes more in the traces that it is in
	excessRatio   = 1.25 // of the means of a call
	fasterRatio   = 1.5  // of the means of a visit, the other way
	countRatio    = 1.2  // of the calls that a visit makes, either way
	failingLeast  = 0.02 // of the traces, in which failures begin more often
	suggestive    = 1.64 // standard deviations: enough of one edge where all edges together are certain
	edgeTraces    = 3    // of each side that an edge must be in to be calm
	driftLeast    = 8    // services from which on what became slower everywhere is a drift
	driftMost     = 1.5
	culpritsMost  = 5
	explainLeast  = 0.2 // of the excess time of a service, from which another explains it
)

// The weights of what points to a service.
const (
	weightOut    = 0.5  // of the gap of calls that go out, to that of calls that come in: a callee is slow more often
	weightMore   = 0.5  // of calls that are made more often: they are often a consequence
	weightLess   = 0.5  // of calls that are made less often
	weightFaster = 0.25 // of work that takes less time
	weightMoved  = 0.9  // of what a caller shows that a callee which acts differently explains
)

// suspect sums up what points to one service.
type suspect struct {
	id        int32
	name      string
	own       change
	raw       change // the same before what all services take longer was taken off
	ownSure   bool
	in, out   []*edge
	mixed     []*edge // to services that it calls without a span for the call
	leads     []lead
	gap, more float64    // ns a trace
	less      float64    // share of its visits
	faster    float64    // share of its own work
	lost      float64    // calls to it, a trace, that left no span of it, more than before
	stops     *suspect   // after whose answers it makes fewer calls, itself for none
	passed    []*suspect // that stop after its answers
	failing   float64
	counts    []*counted // calls that it makes more or less often, most first

	time, acts, fails float64 // what each weighs, 0 to 1
	score             float64
}

// edge are the calls of one service to another.
type edge struct {
	from, to *suspect
	change
	presence
	gap   float64 // ns a trace, where that is certain
	state edgeState
}

type edgeState uint8

const (
	edgeUnknown  edgeState = iota // too few calls to tell
	edgeCalm                      // took about as long
	edgeInflated                  // took longer
)

// lead is excess time of a service in calls that it makes.
type lead struct {
	to     *suspect // nil where it is no service
	time   float64  // ns a trace, as far as it counts for the caller
	beyond bool     // it is time of the calls and of everything below, not only on the way to the callee
}

// counted are calls that a service makes more or less often.
type counted struct {
	from          *suspect
	entry, to, op int32
	change        // in calls a visit
	sure          *group
	time          float64 // ns a trace
}

// findCulprits ranks services: by the excess of their own work, of the network and queue time of the calls at them
// where many of these grew, of calls that they make more or less often, and of failures that begin in them.
func findCulprits(p *population, c *Comparison) {
	if c.Descriptive {
		return
	}
	o := observe(p)
	if p.ctx.Err() != nil {
		return
	}
	b := newBoard(p, c, o)
	b.measure()
	b.rank()
	for n, s := range b.list {
		if s.score <= 0 || n == culpritsMost {
			break
		}
		c.Culprits = append(c.Culprits, wording{b}.culprit(s))
		b.explain(c.Culprits, n)
	}
}

// newBoard lists all services, none of them suspected of anything yet.
func newBoard(p *population, c *Comparison, o *observed) *board {
	b := &board{p: p, c: c, o: o, mean: float64(c.Of[0].Mean)}
	b.least = min(excessLeast, excessShare*b.mean)
	for id, name := range o.names {
		b.all = append(b.all, &suspect{id: int32(id), name: name})
	}
	b.weighTraces()
	return b
}

// board is where suspects are ranked.
type board struct {
	p     *population
	c     *Comparison
	o     *observed
	all   []*suspect // by number of the service
	list  []*suspect // in order of their scores
	mean  float64    // ns, of a good trace
	least float64    // ns a call

	matters []float64 // by trace: the share of what it usually takes from which on an excess matters, in ns

	strata  []*series // that times were compared in
	gateway *suspect  // that was put behind a smaller one, nil for none
	passing string    // why
}
