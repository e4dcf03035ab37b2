package repetition

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// SequentialThresholds are the gates of sequential-calls.
type SequentialThresholds struct {
	Calls   int           `toml:"calls" unit:"calls" source:"Sentry: 3, for queries 2"`
	Queries int           `toml:"queries" unit:"calls" source:"Sentry: 2"`
	Each    time.Duration `toml:"each" source:"Sentry: 30 ms"`
	Saved   time.Duration `toml:"saved" source:"Sentry: 100 ms"`
	Share   float64       `toml:"share" unit:"share of the trace" source:"Sentry: 10 %"`
}

// SequentialCalls finds: sequential calls that could run in parallel.
var SequentialCalls = rule.Detector{
	ID: "D18", Name: "sequential-calls", Title: "Sequential calls that could run in parallel",
	Thresholds: &SequentialThresholds{Calls: 3, Queries: 2, Each: 30 * time.Millisecond, Saved: 100 * time.Millisecond, Share: 0.10},
	Doc: "Different reads that may be independent ran one after another under one span. In parallel, the request would wait for the longest " +
		"of them instead of for their sum.",
	Rule: "the longest chain of non-overlapping reads under one span, each at least `each`, of two operations or more: at least `calls` calls " +
		"(`queries` for queries), whose sum without the longest is at least `saved` and `share` of the trace. Medium at most; low where a later call uses a value " +
		"of an earlier one, for queries in one transaction, and where a possible write ran in between.",
	Example:   "4 reads ran sequentially under GET /home for 800 ms, the longest 200 ms: GET /profile, GET /orders, GET /coupons, GET /messages.",
	Remedies:  []string{"run independent calls in parallel", "one endpoint or query that returns all", "start the slowest call first"},
	Limits:    []string{"the trace does not show whether a call needs the result of an earlier one"},
	Trace:     findSequential,
	Relations: rule.Relations{Strength: 2, Counts: true},
}

func findSequential(p *rule.Pass) {
	t := p.Facts.Trace
	for i := t.First(); i < t.Len(); i++ {
		if p.Leaf(i) {
			continue
		}
		if chain := longestChain(p, reads(p, i)); len(chain) >= 2 {
			reportSequential(p, i, chain)
		}
	}
}

// reads lists the children of span i that only read and lasted long enough to be worth a thread.
func reads(p *rule.Pass, i int) []int {
	var list []int
	for c := range p.Children(i) {
		if p.Class(c).Remote() && p.Detail(c).Read && p.Kind(c) != trace.KindServer && !p.Timing.Async(c) && !p.Failed(c) && !patterns.Calculates(p.Facts, c) &&
			p.Duration(c) >= int64(rule.ThresholdsOf[SequentialThresholds](p).Each) {
			list = append(list, c)
		}
	}
	return list
}

// longestChain picks the spans that do not overlap and last longest together: weighted interval scheduling.
//
//	a  |----|
//	b     |-----|
//	c          |-------|      a and c: b overlaps both
func longestChain(p *rule.Pass, spans []int) []int {
	byEnd := slices.Clone(spans)
	slices.SortFunc(byEnd, func(a, b int) int {
		return cmp.Or(cmp.Compare(p.Timing.Effective(a).End, p.Timing.Effective(b).End), cmp.Compare(a, b))
	})
	best := make([]int64, len(byEnd)+1) // of the first n
	before := make([]int, len(byEnd))   // how many ended when span n began
	for n, i := range byEnd {
		before[n], _ = slices.BinarySearchFunc(byEnd[:n], p.Timing.Effective(i).Start, func(k int, start int64) int {
			if p.Timing.Effective(k).End <= start {
				return -1
			}
			return 1
		})
		best[n+1] = max(best[n], best[before[n]]+p.Duration(i))
	}
	var chain []int
	for n := len(byEnd); n > 0; {
		if best[n] == best[n-1] {
			n--
			continue
		}
		chain = append(chain, byEnd[n-1])
		n = before[n-1]
	}
	slices.Reverse(chain)
	return chain
}

func reportSequential(p *rule.Pass, anchor int, chain []int) {
	th := *rule.ThresholdsOf[SequentialThresholds](p)
	ops, queries, longest := distinctOps(p, chain), true, int64(0)
	for _, i := range chain {
		queries = queries && p.Class(i) == semconv.ClassSQL
		longest = max(longest, p.Duration(i))
	}
	least := th.Calls
	if queries {
		least = th.Queries
	}
	sum := p.Sum(chain)
	if len(chain) < least || len(ops) < 2 || sum-longest < max(int64(th.Saved), int64(th.Share*float64(p.PathLength()))) {
		return
	}
	f := rule.Finding{
		Kind: "sequential calls", Times: len(chain), Counted: true, Anchor: anchor,
		Evidence: append(p.Spans(rule.RoleParent, anchor), p.Spans(rule.RoleOffender, chain...)...),
		Numbers:  p.Measure(chain, rule.Number{Name: "operations", Value: float64(len(ops))}, rule.Number{Name: "longest_nano", Value: float64(longest)}),
		Message: fmt.Sprintf("%s ran sequentially under %s for %s, the longest %s: %s.", readsOf(len(chain), len(ops)),
			p.Quoted(anchor), units.Lasted(sum), units.Lasted(longest), rule.Listed(ops)),
		Checks: []rule.Check{
			{Name: "all calls are reads", Passed: true},
			{Name: "no call uses a value of an earlier one", Passed: !fed(p, anchor, chain)},
			{Name: "all operations differ", Passed: len(ops) == len(chain)},
		},
		Confidence: 0.5,
		Cap:        new(rule.Medium),
	}
	f.Numbers.Avoidable = max(f.Numbers.Critical-longest, 0)
	why := keptInOrder(p, anchor, chain)
	if !f.Checks[1].Passed {
		why = " A later call uses a value that first appeared in an earlier one." + why
	}
	if why != "" {
		f.Confidence, f.Cap = 0.2, new(rule.Low)
		f.Message += why
	}
	p.Report(strings.Join(ops, " + "), f)
}

// readsOf counts reads and, where some share one, their operations: only these are listed.
func readsOf(calls, operations int) string {
	text := rule.Calls(calls, "read")
	if operations < calls {
		text += " of " + rule.Calls(operations, "operation")
	}
	return text
}

// fed reports whether a call of the chain probably needed the answer of the one before it.
func fed(p *rule.Pass, anchor int, chain []int) bool {
	known := patterns.Known(p.Facts, anchor)
	for n := range chain {
		for _, earlier := range chain[max(n-mostFeeding, 0):n] {
			if patterns.Feeds(p.Facts, earlier, chain[n], known) {
				return true
			}
		}
	}
	return false
}

// mostFeeding is how many calls before one are asked whether it needed their answer.
const mostFeeding = 4

// keptInOrder says what kept the calls of a chain in their order, "" for nothing that is recorded: a transaction has one
// connection, and what is read after a write may be what was written.
func keptInOrder(p *rule.Pass, anchor int, chain []int) string {
	from, to := p.Timing.Effective(chain[0]).Start, p.Timing.Effective(chain[len(chain)-1]).Start
	open, wrote := false, false
	for c := range p.Children(anchor) {
		start := p.Timing.Effective(c).Start
		switch {
		case start >= to:
		case p.Class(c) == semconv.ClassTx:
			verb, _, _ := strings.Cut(strings.ToUpper(p.Op(c).Label()), " ")
			open = verb == "BEGIN" || verb == "START" || open && verb != "COMMIT" && verb != "ROLLBACK"
		case start >= from && p.Detail(c).Write && p.Kind(c) != trace.KindServer && (p.Class(c) != semconv.ClassRPC || patterns.NonIdempotent(p.Facts, c)):
			wrote = true
		}
	}
	queries := !slices.ContainsFunc(chain, func(i int) bool { return p.Class(i) != semconv.ClassSQL })
	switch {
	case open && queries:
		return " They ran in one transaction, on one connection."
	case wrote:
		return " A possible write ran in between."
	}
	return ""
}

// distinctOps labels the operations of spans, each once, in order of appearance.
func distinctOps(p *rule.Pass, spans []int) []string {
	var labels []string
	for _, op := range rule.Distinct(spans, p.OpNumber) {
		labels = append(labels, rule.Quoted(p.Ops.Op(op).Label()))
	}
	return labels
}
