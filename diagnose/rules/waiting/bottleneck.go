package waiting

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// BottleneckThresholds say how much of a trace is listed, and what counts as a slow query.
type BottleneckThresholds struct {
	Covered float64       `toml:"covered" unit:"share of the critical path" source:"default; the largest operations up to it are listed"`
	Query   time.Duration `toml:"query" source:"Sentry and perf-sentinel: 500 ms"`
	Usual   float64       `toml:"usual" unit:"times the p50 in the file" source:"default"`
	Calls   int           `toml:"calls" unit:"calls in the file" source:"default; fewer calls have no reliable p50"`
	Least   time.Duration `toml:"least" source:"common slow-query log setting: 100 ms"`
}

// Bottleneck finds: the operations that the critical path spent its time in, and slow queries.
var Bottleneck = rule.Detector{
	ID: "D21", Name: "bottleneck", Title: "Bottleneck",
	Thresholds: &BottleneckThresholds{Covered: 0.8, Query: 500 * time.Millisecond, Usual: 3, Calls: 10, Least: 100 * time.Millisecond},
	Doc:        "The operations with the most time on the critical path, their children not counted, for every trace; and slow queries.",
	Rule: "always (info): the operations with the most time on the critical path, their children not counted, until they cover `covered` of it. " +
		"Slow query: a read that took at least `query`, or `usual` times the p50 of `calls` or more calls in the file and at least `least`; " +
		"low at most in background traces (consumer or job).",
	Example:  "SELECT id FROM orders WHERE customer_id = ? took 2.9 s, 97 % of the critical path; 50,000 rows returned.",
	Remedies: []string{"add an index for the filter and sort columns", "read fewer rows or columns", "check the query plan (EXPLAIN)", "profile the operation"},
	Limits:   []string{"the trace does not show what the time within a span was spent on: CPU, locks, garbage collection, a query plan"},
	Trace:    findBottleneck,
	Blind: []rule.Blind{
		{Gap: rule.GapPartial, Effect: "missing spans count as self time of their parents"},
		{Gap: rule.GapTruncated, Effect: "missing spans count as self time of their parents"},
		{Gap: rule.GapRootless, Effect: "request duration unknown"},
		{Gap: rule.GapAfterRoot, Effect: "not on the critical path"},
	},
}

func findBottleneck(p *rule.Pass) {
	findSlowQueries(p)
	if p.PathLength() > 0 {
		summarize(p)
	}
}

// share is what one operation had of the critical path by itself.
type share struct {
	time  int64
	spans int
	most  int // the span that had most of it
}

// shares gathers the operations on the critical path, largest first.
func shares(p *rule.Pass) (byOp rule.Groups[int32, share]) {
	for i := p.Facts.Trace.First(); i < p.Facts.Trace.Len(); i++ {
		self := p.Path.Time(i)
		if self == 0 {
			continue
		}
		s := byOp.Of(p.OpNumber(i))
		if s.spans == 0 || self > p.Path.Time(s.most) {
			s.most = i
		}
		s.time += self
		s.spans++
	}
	slices.SortStableFunc(byOp.Keys, func(a, b int32) int { return cmp.Compare(byOp.Known(b).time, byOp.Known(a).time) })
	return byOp
}

// summarize reports the bottleneck. It is never more than info: every trace spends its time somewhere.
func summarize(p *rule.Pass) {
	total, shares := p.PathLength(), shares(p)
	if len(shares.Keys) == 0 {
		return
	}
	var covered int64
	var parts []string
	var spans []int
	for number, s := range shares.All() {
		op := p.Ops.Op(number)
		times := ""
		if s.spans > 1 {
			times = " ×" + trace.Grouped(s.spans)
		}
		parts = append(parts, fmt.Sprintf("%s%s %s (%s)", strings.TrimSpace(op.Service+" "+rule.Quoted(op.Label())), times, units.Lasted(s.time), units.PercentOf(p.Share(s.time))))
		spans = append(spans, s.most)
		if covered += s.time; float64(covered) >= rule.ThresholdsOf[BottleneckThresholds](p).Covered*float64(total) || len(parts) == rule.MostListed {
			break
		}
	}
	first, op := shares.Known(shares.Keys[0]), p.Ops.Op(shares.Keys[0])
	where := strings.TrimSpace(op.Service + " " + rule.Quoted(op.Label()))
	var fixes []string // those of queries for queries
	if op.Class != semconv.ClassSQL && op.Class != semconv.ClassNoSQL {
		fixes = []string{"profile the operation", "add spans or events around its steps"}
	}
	p.Report(where, rule.Finding{ // in another trace another operation is the bottleneck: that is another finding
		Kind:     "bottleneck: " + where,
		Shared:   true,
		Placed:   true,
		Where:    where,
		Remedies: fixes,
		Message:  fmt.Sprintf("Critical path of %s by operation, without children: %s.", units.Lasted(total), strings.Join(parts, ", ")),
		Anchor:   p.Facts.Trace.Root().Index(),
		Service:  op.Service,
		Evidence: p.Spans(rule.RoleOffender, spans...),
		Numbers: rule.Numbers{Count: first.spans, Critical: first.time,
			More: []rule.Number{{Name: "told_share", Value: float64(covered) / float64(total)}, {Name: "operations", Value: float64(len(shares.Keys))}}},
		Checks:     []rule.Check{{Name: "trace is complete", Passed: !facts.Incomplete(p.Facts.Trace)}},
		Confidence: p.UnlessCut(1),
		Cap:        new(rule.Info),
	})
}

// findSlowQueries gives a finding for each operation that has slow members.
func findSlowQueries(p *rule.Pass) {
	var slow rule.Lists[int32, int] // by operation
	for i := p.Facts.Trace.First(); i < p.Facts.Trace.Len(); i++ {
		if class := p.Class(i); class != semconv.ClassSQL && class != semconv.ClassNoSQL || !p.Detail(i).Read || p.Failed(i) ||
			p.Kind(i) != trace.KindClient || !slowQuery(p, i) || innerQuery(p, i) {
			continue
		}
		slow.Add(p.OpNumber(i), i)
	}
	for op, spans := range slow.All() {
		reportSlowQuery(p, op, spans)
	}
}

func slowQuery(p *rule.Pass, i int) bool {
	th, took := *rule.ThresholdsOf[BottleneckThresholds](p), p.Duration(i)
	if took >= int64(th.Query) {
		return true
	}
	usual := p.Baseline.Op(p.OpNumber(i))
	return took >= int64(th.Least) && usual.Calls >= th.Calls && float64(took) >= th.Usual*float64(usual.P50)
}

// innerQuery reports whether span i is the driver's view of a query that its parent, an ORM's span, is slow by.
func innerQuery(p *rule.Pass, i int) bool {
	parent := p.Facts.Trace.Parent(i)
	return parent >= p.Facts.Trace.First() && p.Class(parent) == p.Class(i) && p.Detail(parent).Read && slowQuery(p, parent) && p.OpNumber(parent) == p.OpNumber(i)
}

func reportSlowQuery(p *rule.Pass, op int32, spans []int) {
	th := rule.ThresholdsOf[BottleneckThresholds](p)
	longest := slices.MaxFunc(spans, func(a, b int) int { return cmp.Compare(p.Duration(a), p.Duration(b)) })
	took, usual, numbers := p.Duration(longest), p.Baseline.Op(op), p.Measure(spans)
	base := int64(th.Query)
	if usual.Calls >= th.Calls {
		base = min(base, usual.P50)
	}
	numbers.Avoidable = max(numbers.Critical-base*int64(len(spans)), 0)
	label := p.Quoted(longest)
	f := rule.Finding{
		Kind: "slow query", Took: took, Anchor: longest, Evidence: p.Spans(rule.RoleOffender, spans...), Numbers: numbers,
		Message: fmt.Sprintf("%s took %s, %s", label, units.Lasted(took), p.OnPath(took, numbers.Critical)),
		Checks: []rule.Check{
			{Name: "took ≥ " + units.Lasted(int64(th.Query)), Passed: took >= int64(th.Query)},
			{Name: fmt.Sprintf("took ≥ %g× the p50 in the file", th.Usual), Unseen: usual.Calls < th.Calls, Passed: usual.Calls >= th.Calls && float64(took) >= th.Usual*float64(usual.P50)},
		},
		Confidence: 0.9,
	}
	if len(spans) > 1 {
		f.Times, f.Took = len(spans), numbers.Union
		f.Message = fmt.Sprintf("%s × %s took %s in total, %s, the longest %s", trace.Grouped(len(spans)), label,
			units.Lasted(numbers.Union), p.OnPath(numbers.Union, numbers.Critical), units.Lasted(took))
	}
	if usual.Calls >= th.Calls {
		f.Message += fmt.Sprintf("; p50 of %s in the file: %s", rule.Calls(usual.Calls, "call"), units.Lasted(usual.P50))
	}
	for _, fact := range queryFacts(p, longest) {
		f.Message += "; " + fact
	}
	f.Message += "."
	if background(p) {
		f.Cap = new(rule.Low)
	}
	p.Report(label, f)
}

// queryFacts lists what is remarkable about a query.
func queryFacts(p *rule.Pass, i int) []string {
	var c semconv.Canonical
	p.Canonical(i, &c)
	var list []string
	if rows, ok := c.Int(semconv.DBRows); ok {
		list = append(list, rule.Calls(int(rows), "row")+" returned")
	}
	d := p.Detail(i)
	if d.Coarse || p.Class(i) != semconv.ClassSQL {
		return list
	}
	flags := d.Statement.Flags
	if !flags.Has(normalize.SQLWhere) && !flags.Has(normalize.SQLTruncated) {
		list = append(list, "no WHERE")
	}
	if flags.Has(normalize.SQLStar) {
		list = append(list, "SELECT *")
	}
	if flags.Has(normalize.SQLLeadingLike) {
		list = append(list, "LIKE with a leading wildcard")
	}
	const largeOffset = 1000 // rows
	if n := offset(c.Value(semconv.DBQuery).Text()); n >= largeOffset {
		list = append(list, "OFFSET "+trace.Grouped(n))
	}
	return list
}

// offset reads the number behind the last OFFSET of a statement, 0 where there is none.
func offset(statement string) int {
	at := strings.LastIndex(strings.ToUpper(statement), "OFFSET ")
	if at < 0 || len(strings.ToUpper(statement)) != len(statement) {
		return 0
	}
	fields := strings.FieldsFunc(statement[at+len("OFFSET "):], func(r rune) bool { return r < '0' || r > '9' })
	if len(fields) == 0 {
		return 0
	}
	n, err := strconv.Atoi(fields[0])
	if err != nil {
		return 0
	}
	return n
}
