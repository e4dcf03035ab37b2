package repetition

import (
	"cmp"
	"fmt"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

func (r *repeated) word(f *rule.Finding, distinct int, visible bool) {
	p, count := r.p, trace.Grouped(f.Numbers.Count)
	f.Kind, f.Times, f.Counted = "N+1", count, true
	way := "one after another"
	if r.overlapping() {
		f.Kind, f.Detail = "parallel fan-out", fmt.Sprintf(", at most %d at once", r.peak)
		way = fmt.Sprintf("in parallel, at most %d at once,", r.peak)
		f.Cap = new(rule.Low)
	}
	if r.hosts != nil {
		f.Kind, f.Detail = "fan-out", " over "+rule.Calls(len(r.hosts), "host")
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
		params = fmt.Sprintf("%s of %s", rule.Calls(distinct, "different value"), rule.Quoted(key))
	}
	f.Message = fmt.Sprintf("%s × %s ran %s under %s: %s, %s of the critical path; %s.", count, r.label(), way,
		p.Op(r.anchor).Label(), units.Lasted(f.Numbers.Union), rule.Percent(float64(f.Numbers.Critical)/float64(max(p.Total(), 1))), params)
	if p.Class(r.spans[0]) == semconv.ClassInternal || p.Detail(r.spans[0]).Coarse {
		if inner := r.inner(); inner != "" {
			f.Message += " Each ran " + inner + "."
		}
	}
	if r.hosts != nil {
		f.Message += fmt.Sprintf(" They went to %s: %s.", rule.Calls(len(r.hosts), "host"), rule.Listed(r.hosts))
	}
	if r.unnamed() {
		f.Message += " Their statements and tables are not recorded: they may differ."
	}
	var c semconv.Canonical
	if before := r.source(); before >= 0 {
		p.Canonical(before, &c)
		if rows, ok := c.Int(semconv.DBRows); ok && rows > 1 {
			f.Message += fmt.Sprintf(" %s before them returned %s rows.", rule.Quoted(p.Op(before).Label()), trace.Grouped(int(rows)))
		}
	}
	p.Canonical(r.anchor, &c)
	if n, ok := c.Int(semconv.MsgBatch); ok && p.Kind(r.anchor) == trace.KindConsumer && 10*rule.Abs(n-int64(f.Numbers.Count)) <= n {
		f.Message += fmt.Sprintf(" %s consumed %s at once: about one call per message.", cmp.Or(p.Op(r.anchor).Service, "The parent"), rule.Calls(int(n), "message"))
	}
}

// inner names the call inside a wrapper.
func (r *repeated) inner() string {
	if k := patterns.CallWithin(r.p.Facts, r.spans[0]); k >= 0 {
		return r.p.Op(k).Label()
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
	return n > 0 && 2*n >= len(r.spans)-1
}

func (r *repeated) certainty(f *rule.Finding, n int, visible bool) {
	const (
		base       = 0.4
		withParams = 0.9
		withOwn    = 0.6 // parameters in attributes of the application's own
	)
	p := r.p
	f.Checks = []rule.Check{
		{Name: "different parameters seen", Passed: visible},
		{Name: "preceded by another query that may have made the list", Passed: r.source() >= 0},
		{Name: "15 calls or more", Passed: n >= 15},
		{Name: "one after another", Passed: r.how == patterns.Sequential},
		{Name: "durations differ", Passed: r.varies()},
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
	var sum, squares float64
	for _, i := range r.spans {
		d := float64(r.p.Duration(i))
		sum, squares = sum+d, squares+d*d
	}
	n := float64(len(r.spans))
	mean := sum / n
	return squares/n-mean*mean >= mean*mean/4 && mean > 0
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
