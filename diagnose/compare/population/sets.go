package population

import (
	"context"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/query"
)

// Options say how two sets of traces are compared. The zero SetOptions are fine.
type Options struct {
	// Q is the share of false discoveries that is accepted; 0 is 0.05.
	Q float64
	// By is how the sets were told apart. What follows from it by itself is not reported as a finding: the status of
	// sets that were split by errors, the duration of sets that were split by duration.
	By SplitKind
	// Asked is what queries that told the sets apart ask about; attributes that follow from it are not reported either.
	Asked query.About
	// Sensitive reports whether a value must not be shown; nil: it is what facts.Secrets finds secret or personal.
	Sensitive func(key, value string) bool
	// Progress is told how many of the steps are done, from the goroutine that called Sets.
	Progress func(done, total int)
}

// FewTraces is the number of traces a side below which nothing is tested, only described.
const FewTraces = 5

const usualQ = 0.05

// Summary describes one set of traces. Times are in nanoseconds.
type Summary struct {
	Traces              int
	P50, P95, P99, Mean int64
	Failed              int     // traces whose root failed
	ErrorRate           float64 // of all, 0 to 1
	Incomplete          int     // traces from which spans are known to be missing: what they lack may be the export's fault
}

// Comparison is two sets of traces, compared. It does not change once made.
type Comparison struct {
	Good, Bad   []*facts.Facts // the traces that were compared
	Of          [2]Summary     // good and bad
	LeftOut     []LeftOut      // entry operations that only one side has
	Delta       int64          // ns: the difference of the means
	DeltaRange  [2]int64       // ns: where it lies with 95 % confidence (bootstrap by trace); zero when not tested
	Duration    Measure        // of the whole traces
	Errors      Rate           // traces whose root failed
	Calls       []Call         // every path of calls, in pre-order, the entry operations at depth 0
	ShapeTest   ShapeTest
	Shapes      []Shape // at most ten, the most expensive first, each followed by its precursor
	Paces       []Pace  // ways on which traces took another time; at most ten, the most expensive first
	Attributes  []AttributeRate
	Culprits    []Culprit
	Descriptive bool // too few traces to test: q-values are 1
	Headline    string

	// Contributions are disjoint parts of the difference of the means; Node is an index into Calls. They sum to Delta
	// exactly: Delta is the difference of the exact means, rounded to the nearest nanosecond (halves away from
	// zero); each part is rounded down, and the nanoseconds that are left over go to the parts with the largest
	// remainders, one each.
	Contributions []compare.Contribution
	Samplers      []Sampler // what the traces say of how they were sampled; at most six, those of whole traces first
	Tail          *Tail     // nil where it is too small, or says the same
}

// LeftOut are traces of an entry operation that the other side does not have: nothing to compare them with.
type LeftOut struct {
	Op   facts.Op
	Side compare.Presence // Missing: only the good set has it; Added: only the bad set
	N    int
}

// Call is a path of calls in all traces of both sets. Arrays hold good and bad.
type Call struct {
	Op            facts.Op
	Worker        string // the service that does the work: the serving side's where the traces show it
	Depth         int
	Parent        int // index, -1 for an entry operation
	End           int // index after the subtree
	Traces        [2]int
	Calls         [2]int
	Of            [2]int // traces with the same entry operation: what rates are of
	Presence      Rate   // traces in which it is made
	Errors        Rate   // of these, traces in which one of its calls failed
	Counts        Measure
	Self          Measure // ns, a call, of the serving side
	Gap           Measure // ns, a call: between the caller's and the serving side
	Critical      Measure // ns, a trace: of the critical path, without what is below
	Example       [2]Place
	meanCritical  [2]float64 // ns a trace, of all traces of the side
	meanCallerOwn [2]float64
	meanApart     [2]float64 // of meanCritical: between the pieces of a trace
	meanSubtree   [2]float64
}

// Place is a span of a trace; Facts is nil where there is none.
type Place struct {
	Facts *facts.Facts
	Span  int
}

// Compare compares two sets of traces: which calls became slower, more, fewer, or failed, what the traces on one side
// have in common, and which service and operation that points to. Traces whose entry operation only one side has
// are left out and said so. The traces may come from different trace.Sets. The error is ctx's.
//
// It is linear in the number of spans, and O(n log n) in the number of traces for each path of calls.
func Compare(ctx context.Context, good, bad []*facts.Facts, opt Options) (*Comparison, error) {
	if opt.Q == 0 {
		opt.Q = usualQ
	}
	if opt.Sensitive == nil {
		opt.Sensitive = func(key, value string) bool { return len(secrets.Find(key, value)) > 0 }
	}
	p := newPopulation(ctx, calltree.NewKeys(), good, bad, opt)
	c := &Comparison{LeftOut: p.leftOut, Good: p.sides[0], Bad: p.sides[1]}
	c.Of = [2]Summary{p.summary(0), p.summary(1)}
	if len(c.Good) == 0 || len(c.Bad) == 0 {
		c.Descriptive = true
		c.Headline = emptyHeadline(good, bad)
		return c, ctx.Err()
	}
	c.Descriptive = min(len(c.Good), len(c.Bad)) < FewTraces
	steps := []func(*population, *Comparison){
		samplers, (*population).read, (*population).layOut, (*population).decompose, (*population).test,
		compareShapes, findCulprits, compareAttributes, (*population).bootstrap, compareTails,
	}
	for n, step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		step(p, c)
		p.report(len(p.all) + n + 1)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.Headline = c.headline(opt.Q)
	return c, nil
}
