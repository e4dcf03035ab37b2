package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// NPlusOneThresholds are the gates of n-plus-one.
type NPlusOneThresholds struct {
	Count    int           `toml:"count" unit:"calls" source:"Sentry: 5"`
	Union    time.Duration `toml:"union" source:"Sentry: 50 ms"`
	Share    float64       `toml:"share" unit:"share of the critical path" source:"Sentry: 5 % of the time in the database"`
	Many     int           `toml:"many" unit:"calls" source:"so many count whatever they took"`
	Distinct float64       `toml:"distinct" unit:"share of calls" source:"own measurement: fewer distinct parameters are repetition, not N+1"`
}

func defaultNPlusOne() NPlusOneThresholds {
	return NPlusOneThresholds{Count: 5, Union: 50 * time.Millisecond, Share: 0.05, Many: 20, Distinct: 0.8}
}

var nPlusOne = Detector{
	ID: "D03", Name: "n-plus-one", Title: "N+1 calls",
	Doc: "The same query or call ran once for each of many things, one after another, where one call for all of them would do. " +
		"Each is fast; together they are what the request waits for, and they grow with the data.",
	Rule: "at least `count` calls of one operation under one span, with different parameters or hidden ones, which together took " +
		"`union` or `share` of the critical path, or number `many`. Calls that mostly overlap are a fan-out: low at most.",
	Example:  "50 × SELECT likes WHERE post_id = ? ran one after another under GET /api/users/profile: 250 ms, 31 % of the critical path; 50 distinct parameters.",
	Remedies: []string{"one query with a join or IN (…)", "a batch endpoint or MGET", "a data loader", "eager loading in the ORM"},
	Limits:   []string{"whether one call could serve all of them is not in the trace"},
	Trace:    findNPlusOne,
}

func findNPlusOne(p *Pass) {
	t := p.Facts.Trace
	claimed := 0 // spans before this index lie below a reported offender
	for i := t.First(); i < t.Len(); i++ {
		if i < claimed || p.Leaf(i) || t.End(i)-i <= p.Thresholds.NPlusOne.Count {
			continue
		}
		groups := p.Groups(i)
		for n := range groups {
			if len(groups[n].Spans) < p.Thresholds.NPlusOne.Count || !p.remote(groups[n].Spans[0]) {
				continue
			}
			run := repeated{p: p, anchor: i, spans: groups[n].Spans, ops: []int32{groups[n].Op}}
			run.interleaved(groups, n)
			if run.report() {
				claimed = max(claimed, t.End(run.spans[len(run.spans)-1]))
			}
		}
	}
}

// repeated is a run of calls of one operation, or of a pattern of a few, under one span.
type repeated struct {
	p      *Pass
	anchor int
	spans  []int
	ops    []int32
	how    facts.Arrangement
	peak   int
}

// interleaved takes in the groups that alternate with group n: as many calls, each between two of the others.
//
//	stations  |--|      |--|      |--|
//	distances     |--|      |--|      |--|
func (r *repeated) interleaved(groups []facts.Group, n int) {
	const mostInPattern = 8 // Sentry's bound on the length of a pattern
	for m := n + 1; m < len(groups) && len(r.ops) < mostInPattern; m++ {
		other := groups[m].Spans
		if len(other) < r.p.Thresholds.NPlusOne.Count || len(other)-len(groups[n].Spans) > 1 || len(groups[n].Spans)-len(other) > 1 ||
			!r.p.remote(other[0]) || !alternate(groups[n].Spans, other) {
			continue
		}
		r.ops = append(r.ops, groups[m].Op)
		r.spans = append(r.spans, other...)
		groups[m].Spans = nil
	}
	slices.Sort(r.spans)
}

func alternate(a, b []int) bool {
	turns := 0
	for n := 1; n < min(len(a), len(b)); n++ {
		if b[n-1] > a[n-1] && b[n-1] < a[n] || b[n] < a[n] && b[n] > a[n-1] {
			turns++
		}
	}
	return 10*turns >= 8*(min(len(a), len(b))-1)
}

// remote tells whether span i is a call that leaves the process, or contains one.
func (p *Pass) remote(i int) bool {
	for k := i; k < p.Facts.Trace.End(i); k++ {
		if p.Class(k).Remote() {
			return true
		}
	}
	return false
}

// report gives the finding, unless the run stays below a gate or is another detector's.
func (r *repeated) report() bool {
	p, th := r.p, r.p.Thresholds.NPlusOne
	n := len(r.spans) / len(r.ops)
	if r.batched() || r.failing() || r.identical() {
		return false
	}
	union, critical := p.Union(r.spans), p.CriticalOf(r.spans)
	total := max(p.Total(), 1)
	if union < int64(th.Union) && float64(critical) < th.Share*float64(total) && n < th.Many {
		return false
	}
	distinct, visible := r.params()
	if visible && (distinct == 1 || float64(distinct) < max(3, th.Distinct*float64(n))) {
		return false // redundant-calls, or a mixture
	}
	r.how, r.peak = p.Arrange(r.spans)
	f := Finding{
		Anchor: r.anchor, Service: p.Facts.Trace.Span(r.spans[0]).Service(),
		Evidence: append(p.Spans(RoleParent, r.anchor), p.Spans(RoleOffender, r.spans...)...),
		Numbers: Numbers{
			Count: n, Union: union, Sum: p.Sum(r.spans), Critical: critical,
			Avoidable: r.avoidable(critical),
			More:      []Number{{"distinct_params", float64(distinct)}, {"peak", float64(r.peak)}},
		},
	}
	r.word(&f, distinct, visible)
	r.certainty(&f, n, visible)
	p.Report(r.label(), f)
	return true
}

// batched: each call already carries many rows, or the operation cannot be told from others.
func (r *repeated) batched() bool {
	var c facts.Canonical
	p := r.p
	first := r.spans[0]
	p.Canonical(first, &c)
	if size, ok := c.Int(facts.DBBatch); ok && size > 1 {
		return true
	}
	op := p.Op(first)
	if strings.HasSuffix(op.Template, "/graphql") || p.Class(first) == facts.ClassConnect || p.Class(first) == facts.ClassTx {
		return true
	}
	return p.Detail(first).Statement.Flags.Has(facts.SQLBatch)
}

// identical: everything that the calls asked for is visible and the same each time; that is redundant-calls.
func (r *repeated) identical() bool {
	asked := map[int32]uint64{}
	for _, i := range r.spans {
		id, ok := r.p.Identity(i)
		if before, known := asked[r.p.OpNumber(i)]; !ok || known && before != id {
			return false
		}
		asked[r.p.OpNumber(i)] = id
	}
	return true
}

// failing: most calls failed; what repeats them is a retry, not a loop.
func (r *repeated) failing() bool {
	failed := 0
	for _, i := range r.spans {
		if r.p.Failed(i) {
			failed++
		}
	}
	return 2*failed > len(r.spans)
}

// params counts the different values that the calls carried; those of a wrapper are in its name or in the call
// inside it.
func (r *repeated) params() (distinct int, visible bool) {
	seen := map[uint64]bool{}
	for _, i := range r.spans {
		h := r.p.Params(i)
		for k := i + 1; h == 0 && k < r.p.Facts.Trace.End(i); k++ {
			h = r.p.Params(k)
		}
		if h != 0 {
			seen[h] = true
		}
	}
	return len(seen), len(seen) > 0
}

// avoidable: one batched call would cost what a median one does; of parallel calls the longest.
func (r *repeated) avoidable(critical int64) int64 {
	durations := make([]int64, len(r.spans))
	for n, i := range r.spans {
		durations[n] = r.p.Duration(i)
	}
	slices.Sort(durations)
	one := durations[len(durations)/2] * int64(len(r.ops))
	if r.how == facts.Parallel {
		one = durations[len(durations)-1]
	}
	return max(critical-one, 0)
}

func (r *repeated) label() string {
	labels := make([]string, len(r.ops))
	for n, op := range r.ops {
		labels[n] = r.p.Ops.Op(op).Label()
	}
	return strings.Join(labels, " + ")
}

func (r *repeated) word(f *Finding, distinct int, visible bool) {
	p := r.p
	f.Title = fmt.Sprintf("N+1 ×%d", f.Numbers.Count)
	way := "one after another"
	if r.overlapping() {
		f.Title = fmt.Sprintf("parallel fan-out ×%d", f.Numbers.Count)
		way = fmt.Sprintf("in parallel, at most %d at once,", r.peak)
		low := Low
		f.Cap = &low
	}
	if p.Detail(r.spans[0]).Statement.Flags.Has(facts.SQLLimit) {
		f.Title = fmt.Sprintf("paged read ×%d", f.Numbers.Count)
		info := Info
		f.Cap = &info
	}
	params := fmt.Sprintf("%d distinct parameters", distinct)
	if !visible {
		params = "parameters not recorded"
	}
	f.Message = fmt.Sprintf("%d × %s ran %s under %s: %s, %s of the critical path; %s.", f.Numbers.Count, r.label(), way,
		p.Op(r.anchor).Label(), facts.Lasted(f.Numbers.Union), percent(float64(f.Numbers.Critical)/float64(max(p.Total(), 1))), params)
	if p.Class(r.spans[0]) == facts.ClassInternal {
		if inner := r.inner(); inner != "" {
			f.Message += " Each ran " + inner + "."
		}
	}
	if p.Kind(r.anchor) == trace.KindConsumer {
		f.Message += " The parent consumes a batch: it may be once per message."
	}
}

// inner names the call inside a wrapper.
func (r *repeated) inner() string {
	for k := r.spans[0] + 1; k < r.p.Facts.Trace.End(r.spans[0]); k++ {
		if r.p.Class(k).Remote() {
			return r.p.Op(k).Label()
		}
	}
	return ""
}

// overlapping: half of the neighbours or more run at the same time.
func (r *repeated) overlapping() bool {
	n := 0
	for k := 1; k < len(r.spans); k++ {
		if r.p.Timing.Effective(r.spans[k]).Start < r.p.Timing.Effective(r.spans[k-1]).End {
			n++
		}
	}
	return 2*n >= len(r.spans)-1
}

func (r *repeated) certainty(f *Finding, n int, visible bool) {
	const (
		base       = 0.4
		withParams = 0.9
	)
	p := r.p
	f.Checks = []Check{
		{"different parameters seen", visible},
		{"preceded by another query that may have made the list", r.source()},
		{"15 calls or more", n >= 15},
		{"one after another", r.how == facts.Sequential},
	}
	f.Confidence = base
	if visible {
		f.Confidence = withParams
	}
	for k, gain := range [...]float64{0, 0.2, 0.2, 0.1} {
		if f.Checks[k].Passed {
			f.Confidence += gain
		}
	}
	if p.Detail(r.spans[0]).Coarse {
		f.Confidence -= 0.1
	}
}

// source: before the first call the parent made another one that reads, which may have returned the list.
func (r *repeated) source() bool {
	for c := range r.p.Children(r.anchor) {
		if c >= r.spans[0] {
			return false
		}
		if r.p.remote(c) {
			return true
		}
	}
	return false
}
