package repetition

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/normalize"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
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

// NPlusOne finds: N+1 calls.
var NPlusOne = rule.Detector{
	ID: "D03", Name: "n-plus-one", Title: "N+1 calls",
	Thresholds: &NPlusOneThresholds{Count: 5, Union: 50 * time.Millisecond, Share: 0.05, Many: 20, Distinct: 0.8},
	Doc: "The same query or call ran once for each of many things, one after another, where one call for all of them would do. " +
		"Each is fast; together they are what the request waits for, and they grow with the data.",
	Rule: "at least `count` calls of one operation under one span, with different parameters or hidden ones, which together took " +
		"`union` or `share` of the critical path, or number `many`. Calls that mostly overlap are a fan-out, low at most, and a list read " +
		"page by page is info. Calls for one thing are redundant-calls'; batches, runs of failures, messages and wrappers around different calls are left out. " +
		"The same call to each of many hosts is a fan-out over them, low at most. Where no convention says what was asked for, an attribute of the application that differs does, with less confidence.",
	Example:   "50 × SELECT likes WHERE post_id = ? ran one after another under GET /api/users/profile: 250 ms, 31 % of the critical path; 50 distinct parameters.",
	Remedies:  []string{"one query with a join or IN (…)", "a batch endpoint or MGET", "a data loader", "eager loading in the ORM"},
	Limits:    []string{"whether one call could serve all of them is not in the trace"},
	Trace:     findNPlusOne,
	Relations: rule.Relations{Strength: 4, Counts: true},
	Blind: []rule.Blind{
		{Gap: rule.GapNoStatement, Effect: "N+1 cannot see parameters"},
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

// repeated is a run of calls of one operation, or of a pattern of a few, under one span.
type repeated struct {
	p      *rule.Pass
	anchor int
	spans  []int
	ops    []int32
	how    patterns.Arrangement
	peak   int
	differ string   // the application's own attribute that tells the calls apart, where no convention does
	hosts  []string // that the calls went to, if to each so few that no host has a loop of its own
}

// interleaved takes in the groups that alternate with group n: as many calls, each between two of the others.
//
//	stations  |--|      |--|      |--|
//	distances     |--|      |--|      |--|
func (r *repeated) interleaved(groups []patterns.Group, n int) {
	const (
		mostInPattern = 8  // Sentry's bound on the length of a pattern
		mostBetween   = 64 // groups that begin within the first turn and are looked at
	)
	for m := n + 1; m < min(len(groups), n+mostBetween) && len(r.ops) < mostInPattern; m++ {
		other := groups[m].Spans
		if len(other) < rule.ThresholdsOf[NPlusOneThresholds](r.p).Count || len(other)-len(groups[n].Spans) > 1 || len(groups[n].Spans)-len(other) > 1 ||
			!remote(r.p, other[0]) || !alternate(groups[n].Spans, other) {
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

// remote reports whether span i is a call that leaves the process, or contains one.
func remote(p *rule.Pass, i int) bool {
	return p.Class(i).Remote() || patterns.CallWithin(p.Facts, i) >= 0
}

// servedFrom reports whether span i serves a call that its parent made from another service without a span for it.
func servedFrom(p *rule.Pass, parent, i int) bool {
	return p.Kind(i) == trace.KindServer && p.Facts.Trace.Span(i).ServiceSymbol() != p.Facts.Trace.Span(parent).ServiceSymbol()
}

// report gives the finding, unless the run stays below a gate or is another detector's.
func (r *repeated) report() bool {
	p, th := r.p, *rule.ThresholdsOf[NPlusOneThresholds](r.p)
	n := p.CallsOf(r.spans) / len(r.ops)
	compressed := n*len(r.ops) > len(r.spans)
	if r.batched() || r.mixed() || r.failing() || !compressed && r.identical() {
		return false
	}
	union, critical := p.Union(r.spans), p.CriticalOf(r.spans)
	total := max(p.Total(), 1)
	if union < int64(th.Union) && float64(critical) < th.Share*float64(total) && n < th.Many {
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
	f := rule.Finding{
		Anchor: r.anchor, Service: p.Facts.Trace.Span(r.spans[0]).Service(),
		Evidence: append(p.Spans(rule.RoleParent, r.anchor), p.Spans(rule.RoleOffender, r.spans...)...),
		Numbers: rule.Numbers{
			Count: n, Union: union, Sum: p.Sum(r.spans), Critical: critical,
			Avoidable: r.avoidable(critical),
			More:      []rule.Number{{Name: "distinct_params", Value: float64(distinct)}, {Name: "peak", Value: float64(r.peak)}},
		},
	}
	r.word(&f, distinct, visible)
	r.certainty(&f, n, visible)
	p.Report(r.label(), f)
	return true
}

// manyAtOnce are the commands of caches and document stores that ask for many things in one call.
var manyAtOnce = regexp.MustCompile(`(?i)^(mget|mset|hmget|msearch|bulk\w*|batch\w*|transact\w*|insertmany)$`)

// modelCall are the paths of language models' APIs: every call is a turn of its own.
var modelCall = regexp.MustCompile(`(?i)/chat/completions|/v1/(messages|responses|completions)|:(stream)?generatecontent|/converse(-stream)?$|/invoke(-with-response-stream)?$`)

// mixed: wrappers of one name with different calls inside, as frameworks have them around everything they do, or calls
// of one generic name to different operations.
func (r *repeated) mixed() bool {
	class := r.p.Class(r.spans[0])
	if class != semconv.ClassInternal && class != semconv.ClassCall || r.p.Kind(r.spans[0]) == trace.KindServer {
		return false
	}
	counts, most := map[int32]int{}, 0
	for _, i := range r.spans {
		op := int32(-1)
		if k := patterns.CallWithin(r.p.Facts, i); class == semconv.ClassInternal && k >= 0 {
			op = r.p.OpNumber(k)
		} else if server := r.p.Server(i); class == semconv.ClassCall && server >= 0 {
			op = r.p.OpNumber(server)
		}
		counts[op]++
		most = max(most, counts[op])
	}
	return 10*most < 8*len(r.spans)/len(r.ops)
}

// spreadOver finds the hosts of a run that asks each of many for a few things: shards, which one call cannot ask.
func (r *repeated) spreadOver() {
	least := rule.ThresholdsOf[NPlusOneThresholds](r.p).Count
	hosts := patterns.Hosts(r.p.Facts, r.spans)
	if len(hosts) < least {
		return
	}
	for _, n := range hosts {
		if n >= least {
			return
		}
	}
	r.hosts = slices.Sorted(maps.Keys(hosts))
}

// batched: each call already carries many rows, or the operation cannot be told from others.
func (r *repeated) batched() bool {
	var c semconv.Canonical
	p := r.p
	first := r.spans[0]
	p.Canonical(first, &c)
	if size, ok := c.Int(semconv.DBBatch); ok && size > 1 {
		return true
	}
	op := p.Op(first)
	if strings.Contains(op.Template, "/graphql") || manyAtOnce.MatchString(op.Name) || strings.Contains(op.Template, "$in") || modelCall.MatchString(op.Template) ||
		p.Class(first) == semconv.ClassConnect || p.Class(first) == semconv.ClassTx {
		return true
	}
	return p.Detail(first).Statement.Flags.Has(normalize.SQLBatch)
}

// identical: everything that the calls asked for is visible and the same each time; that is redundant-calls.
func (r *repeated) identical() bool {
	asked := map[int32]uint64{}
	for _, i := range r.spans {
		id, ok := patterns.Identity(r.p.Facts, i)
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
// inside it. partly tells that others were not recorded.
func (r *repeated) params() (distinct int, visible, partly bool) {
	seen := map[uint64]bool{}
	for _, i := range r.spans {
		h, at := r.p.Params(i), i
		for k := i + 1; h == 0 && k < r.p.Facts.Trace.End(i); k++ {
			h, at = r.p.Params(k), k
		}
		if h != 0 {
			seen[h] = true
			partly = partly || patterns.Hides(r.p.Facts, at)
		}
	}
	return len(seen), len(seen) > 0, partly
}

// avoidable: one batched call would cost what a median one does; of parallel calls the longest.
func (r *repeated) avoidable(critical int64) int64 {
	durations := make([]int64, len(r.spans))
	for n, i := range r.spans {
		durations[n] = r.p.Duration(i) / int64(r.p.Calls(i))
	}
	slices.Sort(durations)
	one := durations[len(durations)/2] * int64(len(r.ops))
	if r.how == patterns.Parallel {
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
