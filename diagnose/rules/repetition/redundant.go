package repetition

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// RedundantThresholds are the gates of redundant-calls.
type RedundantThresholds struct {
	Count int           `toml:"count" unit:"calls" source:"perf-sentinel flags 2 and warns at 5"`
	Union time.Duration `toml:"union" source:"default"`
	Many  int           `toml:"many" unit:"calls" source:"default; reported however short they are"`
}

// RedundantCalls finds: redundant identical calls.
var RedundantCalls = rule.Detector{
	ID: "D20", Name: "redundant-calls", Title: "Redundant identical calls",
	Thresholds: &RedundantThresholds{Count: 3, Union: 20 * time.Millisecond, Many: 10},
	Doc:        "The same read with the same parameters ran many times in one trace, with no recorded write in between.",
	Rule: "at least `count` reads of one operation with the same recorded parameters in one trace, from one or several services, without a write to " +
		"the same data in between and with the same recorded result, that took `union` in total or are `many` or more. " +
		"Not counted: polling, retries, streams, and queries that only call a function. Validation queries (SELECT 1) are info.",
	Example:   "12 × GET /v1/flags/checkout with equal parameters under GET /home: 48 ms, 40 % of the critical path; no write in between.",
	Remedies:  []string{"cache the response for the duration of the request", "a cache with a TTL", "load once and pass the result on"},
	Limits:    []string{"writes by other traces or uninstrumented services are not visible", "headers and bodies are not compared and may differ"},
	Trace:     findRedundant,
	Relations: rule.Relations{Strength: 3, Counts: true},
	Blind: []rule.Blind{
		{Gap: rule.GapCutStatements, Effect: "not compared"},
		{Gap: rule.GapNoStatement, Effect: "cannot compare statements or rows"},
		{Gap: rule.GapPlaceholders, Effect: "cannot tell equal parameters from different ones"},
	},
}

func findRedundant(p *rule.Pass) {
	r := redundancy{p: p}
	reads := r.reads()
	for _, spans := range reads.All() {
		if len(spans) < rule.ThresholdsOf[RedundantThresholds](p).Count {
			continue
		}
		if runs := r.runs(spans); len(runs) > 0 {
			r.report(runs)
		}
	}
}

// redundancy looks for equal reads all over one trace.
type redundancy struct {
	p      *rule.Pass
	writes map[string][]int64 // starts of the writes to a resource, in order; made when first needed
}

// anywhere is an operation without the service that asks for it.
func anywhere(p *rule.Pass, i int) facts.Op {
	op := p.Op(i)
	op.Service = ""
	return op
}

// reads lists the successful reads that leave their process, by operation, whoever asks; in order of the first.
func (r *redundancy) reads() (lists rule.Lists[facts.Op, int]) {
	p := r.p
	for i := p.Facts.Trace.First(); i < p.Facts.Trace.Len(); i++ {
		if !p.Class(i).Remote() || !p.Detail(i).Read || p.Kind(i) != trace.KindClient || p.Failed(i) || patterns.Calculates(p.Facts, i) {
			continue
		}
		if op := anywhere(p, i); !r.seenAbove(i, op) {
			lists.Add(op, i)
		}
	}
	return lists
}

// seenAbove reports whether the call is one that an outer layer has a span for: an ORM, a client library, a sidecar.
func (r *redundancy) seenAbove(i int, op facts.Op) bool {
	const layers = 3
	for n := 0; n < layers; n++ {
		if i = r.p.Facts.Trace.Parent(i); i < r.p.Facts.Trace.First() {
			return false
		}
		if r.p.Class(i) == op.Class && anywhere(r.p, i) == op {
			return true
		}
	}
	return false
}

// equalReads are calls that asked for the same, between two writes to it.
type equalReads struct {
	asked uint64 // hash of what they asked for
	spans []int
}

// runs cuts the calls of one operation by what they asked for and where a write or a new result came in between.
func (r *redundancy) runs(spans []int) []equalReads {
	p := r.p
	var equal rule.Lists[uint64, int]
	for _, i := range spans {
		if id, ok := patterns.Identity(p.Facts, i); ok {
			equal.Add(id, i)
		}
	}
	var runs []equalReads
	for asked, list := range equal.All() {
		if len(list) < rule.ThresholdsOf[RedundantThresholds](p).Count || patterns.Streams(p.Facts, list[0]) || r.changed(list) {
			continue
		}
		slices.SortStableFunc(list, func(a, b int) int {
			return cmp.Compare(p.Timing.Effective(a).Start, p.Timing.Effective(b).Start)
		})
		from := 0
		for n := 1; n <= len(list); n++ {
			if n < len(list) && !r.written(list[n-1], list[n]) {
				continue
			}
			if n-from >= rule.ThresholdsOf[RedundantThresholds](p).Count {
				runs = append(runs, equalReads{asked, list[from:n]})
			}
			from = n
		}
	}
	return runs
}

// changed reports whether the answers differ: what is asked again until it changes is polled.
func (r *redundancy) changed(spans []int) bool {
	var c semconv.Canonical
	answers := rule.Distinct(spans, func(i int) [2]string {
		r.p.Canonical(i, &c)
		return [...]string{c.Text(semconv.HTTPStatus), c.Text(semconv.DBRows)}
	})
	return len(answers) > 1
}

// written reports whether a write to what two calls read began between them.
func (r *redundancy) written(a, b int) bool {
	if r.writes == nil {
		r.writes = writeStarts(r.p)
	}
	from, to := r.p.Timing.Effective(a).Start, r.p.Timing.Effective(b).Start
	for _, resource := range resources(r.p, a) {
		starts := r.writes[resource]
		if at, _ := slices.BinarySearch(starts, from); at < len(starts) && starts[at] <= to {
			return true
		}
	}
	return false
}

// writeStarts lists when writes to each resource began.
func writeStarts(p *rule.Pass) map[string][]int64 {
	starts := map[string][]int64{}
	for i := p.Facts.Trace.First(); i < p.Facts.Trace.Len(); i++ {
		if p.Class(i).Remote() && p.Detail(i).Write && p.Kind(i) != trace.KindServer {
			for _, resource := range resources(p, i) {
				starts[resource] = append(starts[resource], p.Timing.Effective(i).Start)
			}
		}
	}
	for _, list := range starts {
		slices.Sort(list)
	}
	return starts
}

// resources names what a call reads or writes: tables, a pattern of keys, else everything behind its peer.
func resources(p *rule.Pass, i int) []string {
	op := p.Op(i)
	switch p.Class(i) {
	case semconv.ClassSQL:
		if tables := p.Detail(i).Statement.Tables; len(tables) > 0 {
			names := make([]string, len(tables))
			for n, table := range tables {
				names[n] = op.Peer + "\x00" + table
			}
			return names
		}
	case semconv.ClassCache:
		_, key, _ := strings.Cut(op.Template, " ")
		return []string{op.Peer + "\x00" + key}
	}
	return []string{op.Class.String() + " " + op.Peer}
}

func (r *redundancy) report(runs []equalReads) {
	p, th := r.p, rule.ThresholdsOf[RedundantThresholds](r.p)
	var spans []int
	var one int64 // of each thing that was asked for, one call is needed, and again when it was written
	for _, run := range runs {
		spans = append(spans, run.spans...)
		one += p.Median(run.spans)
	}
	slices.Sort(spans)
	union := p.Union(spans)
	if union < int64(th.Union) && len(spans) < th.Many {
		return
	}
	anchor := p.Covering(spans)
	if patterns.Streams(p.Facts, anchor) {
		return // it asks until something changes
	}
	sets := len(rule.Distinct(runs, func(run equalReads) uint64 { return run.asked }))
	label := p.Quoted(spans[0])
	f := rule.Finding{
		Kind: "redundant calls", Times: len(spans), Counted: true, Anchor: anchor, Service: p.Facts.Trace.Span(spans[0]).Service(),
		Evidence:   append(p.Spans(rule.RoleParent, anchor), p.Spans(rule.RoleOffender, spans...)...),
		Numbers:    p.Measure(spans, rule.Number{Name: "distinct_params", Value: float64(sets)}),
		Confidence: 0.8,
	}
	f.Numbers.Avoidable = max(f.Numbers.Critical-one, 0)
	asked := "with equal parameters"
	if sets > 1 {
		asked = fmt.Sprintf("with %s of parameters, each used %s or more,", rule.Calls(sets, "set"), rule.Calls(th.Count, "time"))
	}
	unwritten := "no write in between"
	if len(runs) > sets {
		unwritten = rule.Calls(len(runs), "run") + " without a write in between"
	}
	from := ""
	if callers := p.Services(spans); len(callers) > 1 {
		from = fmt.Sprintf(" from %s (%s)", rule.Calls(len(callers), "service"), rule.Listed(callers))
	}
	f.Message = fmt.Sprintf("%s × %s %s%s under %s: %s, %s; %s.", trace.Grouped(len(spans)), label, asked, from,
		p.Quoted(anchor), units.Lasted(union), p.OnPath(union, f.Numbers.Critical), unwritten)
	if validates(p.Op(spans[0])) {
		f.Kind, f.Cap = "validation query", new(rule.Info)
	}
	how, _ := patterns.Arrange(p.Facts, spans)
	f.Checks = []rule.Check{
		{Name: "parameters are equal", Passed: true},
		{Name: "no write in between", Passed: true},
		{Name: "calls are sequential", Passed: how == patterns.Sequential},
	}
	f.Gain(0, 0, 0.1)
	p.Report(label, f)
}

// validates reports whether a query only asks whether the connection works.
func validates(op facts.Op) bool {
	return op.Class == semconv.ClassSQL && (op.Template == "SELECT ?" || strings.EqualFold(op.Template, "SELECT 1") || strings.EqualFold(op.Template, "SELECT ? FROM DUAL"))
}
