package repetition

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"tracefall/diagnose/normalize"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

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
	return 2*r.p.CountFailed(r.spans) > len(r.spans)
}

// params counts the different values that the calls carried; those of a wrapper are in its name or in the call
// inside it. partly: others were not recorded.
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

// overlapping: half of the neighbours or more run at the same time.
func (r *repeated) overlapping() bool {
	n := 0
	for k := 1; k < len(r.spans); k++ {
		if r.p.Timing.Effective(r.spans[k]).Start < r.p.Timing.Effective(r.spans[k-1]).End {
			n++
		}
	}
	return n > 0 && 2*n >= len(r.spans)-1
}

// source returns the last call that the parent made before the first of the run and that may have returned the list:
// one that does not write; -1 where there is none.
func (r *repeated) source() int {
	const most = 64 // children before the run
	source := -1
	n := 0
	for c := range r.p.Children(r.anchor) {
		if n++; c >= r.spans[0] || n > most {
			break
		}
		if call := patterns.Call(r.p.Facts, c); remote(r.p, c) && !r.p.Detail(call).Write {
			source = call
		}
	}
	return source
}

// varies: the durations differ by half of their mean or more.
func (r *repeated) varies() bool {
	mean, variance := meanAndVariance(rule.Floats(r.spans, func(i int) float64 { return float64(r.p.Duration(i)) }))
	return variance >= mean*mean/4 && mean > 0
}

func meanAndVariance(values []float64) (mean, variance float64) {
	var sum, squares float64
	for _, v := range values {
		sum, squares = sum+v, squares+v*v
	}
	n := float64(len(values))
	mean = sum / n
	return mean, squares/n - mean*mean
}

// unnamed: of the statements nothing but their verb and database is known, so that they may be different ones.
func (r *repeated) unnamed() bool {
	d := r.p.Detail(r.spans[0])
	if r.p.Class(r.spans[0]) != semconv.ClassSQL || !d.Coarse || len(d.Statement.Tables) > 0 {
		return false
	}
	var c semconv.Canonical
	r.p.Canonical(r.spans[0], &c)
	return !c.Has(semconv.DBSummary) && r.p.Op(r.spans[0]).Name != "" && patterns.CallWithin(r.p.Facts, r.spans[0]) < 0
}
