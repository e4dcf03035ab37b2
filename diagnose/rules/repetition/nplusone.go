package repetition

import (
	"cmp"
	"fmt"
	"time"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// NPlusOneThresholds are the gates of n-plus-one.
type NPlusOneThresholds struct {
	Count    int           `toml:"count" unit:"calls" source:"Sentry: 5"`
	Union    time.Duration `toml:"union" source:"Sentry: 50 ms"`
	Share    float64       `toml:"share" unit:"share of the critical path" source:"Sentry: 5 % of the database time"`
	Many     int           `toml:"many" unit:"calls" source:"default; reported however short they are"`
	Distinct float64       `toml:"distinct" unit:"share of calls" source:"measured; fewer distinct parameters are redundant calls"`
}

// NPlusOne finds: N+1 calls.
var NPlusOne = rule.Detector{
	ID: "D03", Name: "n-plus-one", Title: "N+1 calls",
	Thresholds: &NPlusOneThresholds{Count: 5, Union: 50 * time.Millisecond, Share: 0.05, Many: 20, Distinct: 0.8},
	Doc: "The same query or call ran once per item, where one call for all items would do. " +
		"Each call is fast; together they dominate the request, and their number grows with the data.",
	Rule: "at least `count` calls of one operation under one span, with different or unrecorded parameters, that took " +
		"`union` or `share` of the critical path in total, or at least `many` calls. Overlapping calls and calls to many hosts are reported as fan-out (low at most), " +
		"paging through a list as info. Calls with equal parameters belong to redundant-calls. Not counted: batches, failing runs, messages, wrappers around different calls. " +
		"If no standard attribute has the parameters, an application attribute that differs counts, with lower confidence.",
	Example:   "50 × SELECT likes WHERE post_id = ? ran sequentially under GET /api/users/profile: 250 ms, 31 % of the critical path; 50 distinct parameters.",
	Remedies:  []string{"one query with a join or IN (…)", "a batch endpoint or MGET", "a data loader", "eager loading in the ORM"},
	Limits:    []string{"the trace does not show whether one call could serve all items"},
	Trace:     findNPlusOne,
	Relations: rule.Relations{Strength: 4, Counts: true},
	Blind: []rule.Blind{
		{Gap: rule.GapNoStatement, Effect: "cannot see parameters"},
	},
}

func findNPlusOne(p *rule.Pass) {
	t, least := p.Facts.Trace, rule.ThresholdsOf[NPlusOneThresholds](p).Count
	var claimed []bool // by span: it lies in a reported offender; made for the first
	for i := t.First(); i < t.Len(); i++ {
		if claimed != nil && claimed[i] || p.Leaf(i) || t.End(i)-i <= least && !p.Compressed() {
			continue
		}
		groups := patterns.Groups(p.Facts, i)
		for n := range groups {
			first := groups[n].Spans
			if p.CallsOf(first) < least || p.Class(first[0]) == semconv.ClassMessage || !remote(p, first[0]) && !servedFrom(p, i, first[0]) {
				continue
			}
			run := repeated{p: p, anchor: i, spans: groups[n].Spans, ops: []int32{groups[n].Op}}
			run.interleaved(groups, n)
			if !run.report() {
				continue
			}
			if claimed == nil {
				claimed = make([]bool, t.Len())
			}
			for _, offender := range run.spans {
				for k := offender; k < t.End(offender); k++ {
					claimed[k] = true
				}
			}
		}
	}
}

// report gives the finding, unless the run stays below a gate or is another detector's.
func (r *repeated) report() bool {
	p, th := r.p, rule.ThresholdsOf[NPlusOneThresholds](r.p)
	n := p.CallsOf(r.spans) / len(r.ops)
	compressed := n*len(r.ops) > len(r.spans)
	if r.batched() || r.mixed() || r.failing() || !compressed && r.identical() {
		return false
	}
	numbers := p.Measure(r.spans)
	numbers.Count = n
	if numbers.Union < int64(th.Union) && float64(numbers.Critical) < th.Share*float64(max(p.PathLength(), 1)) && n < th.Many {
		return false
	}
	distinct, visible, partly := r.params()
	if compressed || partly && float64(distinct) < th.Distinct*float64(n) {
		visible = false // what differs is not recorded
	}
	if !visible && !compressed {
		if key, values := patterns.Differing(p.Facts, r.spans); float64(values) >= max(3, th.Distinct*float64(n)) {
			r.differ, distinct, visible = key, values, true
		}
	}
	if visible && (distinct == 1 || float64(distinct) < max(3, th.Distinct*float64(n))) {
		return false // redundant-calls, or a mixture
	}
	if !visible && p.Kind(r.spans[0]) == trace.KindServer {
		return false // of calls that have no span with their caller it takes more than a name; chatty counts them
	}
	r.how, r.peak = patterns.Arrange(p.Facts, r.spans)
	r.spreadOver()
	numbers.Avoidable = r.avoidable(numbers.Critical)
	numbers.More = []rule.Number{{Name: "distinct_params", Value: float64(distinct)}, {Name: "peak", Value: float64(r.peak)}}
	f := rule.Finding{
		Anchor: r.anchor, Service: p.Facts.Trace.Span(r.spans[0]).Service(), Numbers: numbers,
		Evidence: append(p.Spans(rule.RoleParent, r.anchor), p.Spans(rule.RoleOffender, r.spans...)...),
	}
	r.word(&f, distinct, visible)
	r.certainty(&f, n, visible)
	p.Report(r.label(), f)
	return true
}

func (r *repeated) word(f *rule.Finding, distinct int, visible bool) {
	p, count := r.p, trace.Grouped(f.Numbers.Count)
	f.Kind, f.Times, f.Counted = "N+1", f.Numbers.Count, true
	way := "sequentially"
	if r.overlapping() {
		f.Kind, f.Detail = "parallel fan-out", " (peak concurrency "+trace.Grouped(r.peak)+")"
		way = "in parallel" + f.Detail
		f.Cap = new(rule.Low)
	}
	if r.hosts != nil {
		f.Kind, f.Detail = "fan-out", " to "+rule.Calls(len(r.hosts), "host")
		f.Cap = new(rule.Low)
	}
	if patterns.Paged(p.Facts, r.spans) {
		f.Kind, f.Detail, f.Cap = "paged read", "", new(rule.Info)
	}
	params := rule.Calls(distinct, "distinct parameter")
	switch {
	case !visible:
		if p.Class(r.spans[0]) == semconv.ClassCall && f.Cap == nil {
			f.Cap = new(rule.Low) // a name and nothing else: a batch of each looks the same
		}
		params = "parameters not recorded"
	case r.differ != "":
		key, _ := secrets.Mask("", r.differ, false)
		params = fmt.Sprintf("%s of %s", rule.Calls(distinct, "distinct value"), rule.Quoted(key))
	}
	f.Message = fmt.Sprintf("%s × %s ran %s under %s: %s, %s; %s.", count, rule.Quoted(r.label()), way,
		p.Quoted(r.anchor), units.Lasted(f.Numbers.Union), p.OnPath(f.Numbers.Union, f.Numbers.Critical), params)
	if p.Class(r.spans[0]) == semconv.ClassInternal || p.Detail(r.spans[0]).Coarse {
		if k := patterns.CallWithin(p.Facts, r.spans[0]); k >= 0 {
			f.Message += " Each one called " + p.Quoted(k) + "."
		}
	}
	if r.hosts != nil {
		f.Message += fmt.Sprintf(" Called %s: %s.", rule.Calls(len(r.hosts), "host"), rule.Listed(r.hosts))
	}
	if r.unnamed() {
		f.Message += " Statements and tables are not recorded: they may differ."
	}
	var c semconv.Canonical
	if before := r.source(); before >= 0 {
		p.Canonical(before, &c)
		if rows, ok := c.Int(semconv.DBRows); ok && rows > 1 {
			f.Message += fmt.Sprintf(" The preceding %s returned %s rows.", p.Quoted(before), trace.Grouped(int(rows)))
		}
	}
	p.Canonical(r.anchor, &c)
	if n, ok := c.Int(semconv.MsgBatch); ok && p.Kind(r.anchor) == trace.KindConsumer && rule.Abs(n-int64(f.Numbers.Count)) <= n/10 {
		f.Message += fmt.Sprintf(" %s consumed a batch of %s: about one call per message.", cmp.Or(p.Op(r.anchor).Service, "The parent"), rule.Calls(int(n), "message"))
	}
}

func (r *repeated) certainty(f *rule.Finding, n int, visible bool) {
	const (
		base       = 0.4
		withParams = 0.9
		withOwn    = 0.6 // parameters in attributes of the application's own
	)
	p := r.p
	f.Checks = []rule.Check{
		{Name: "distinct parameters recorded", Passed: visible, Unseen: !visible},
		{Name: "preceded by a query that may have returned the list", Passed: r.source() >= 0},
		{Name: "≥ 15 calls", Passed: n >= 15},
		{Name: "calls are sequential", Passed: r.how == patterns.Sequential},
		{Name: "durations vary", Passed: r.varies()},
		{Name: "made by an ORM", Passed: patterns.ORM(p.Facts, r.spans[0])},
	}
	f.Confidence = base
	if visible {
		f.Confidence = withParams
	}
	if r.differ != "" {
		f.Confidence = withOwn
	}
	f.Gain(0, 0.2, 0.2, 0.1, 0.1, 0.2)
	if p.Detail(r.spans[0]).Coarse {
		f.Confidence -= 0.1
	}
	if r.unnamed() {
		f.Confidence -= 0.2
	}
}
