package diagnose

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/failures"
	"tracefall/diagnose/rules/skew"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// unprovable are the cases where a clock that is 5 s off must change what is found, because no call proves it.
var unprovable = map[string]string{
	"timeout-wait.scenario":    "the server went on after its only caller had given up: no call holds it from both sides",
	"timeout-wait.inverted":    "the server went on after its only caller had given up: no call holds it from both sides",
	"queue-lag.twelve-seconds": "the wait is the difference of two clocks, and no call compares them",
	"lost-context.orphan":      "the trace is in two pieces, and lasts from the first to the last by two clocks that no call compares",
}

// TestSkewedHost puts the clock of each host 5 s wrong, either way. Where calls prove that, nothing may change but
// the findings that say so: each span's self time, effective duration and server are the same, and so is what is
// wrong, where, how often and for how long.
func TestSkewedHost(t *testing.T) {
	forIncidents(t, func(t *testing.T, before *Report) {
		changed := false
		why := unprovable[caseOf(t)]
		for _, host := range hostsOf(before) {
			for _, by := range [...]int64{-5e9, 5e9} {
				after, err := Run(context.Background(), skewed(before.Set, shiftOf(before, host, by)), Options{})
				if err != nil {
					t.Fatal(err)
				}
				got, want := []string{whatever(after)}, []string{whatever(before)}
				for i := range before.Set.Len() {
					f := before.Facts(before.Set.Trace(i))
					want = append(want, clockless(f))
					got = append(got, clockless(after.Facts(after.Set.Find(f.Trace.ID()))))
				}
				if slices.Equal(got, want) {
					continue
				}
				if changed = true; why == "" {
					t.Errorf("%s off by %d s:\n%s\nbefore:\n%s", host, by/1e9, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		}
		if why != "" && !changed {
			t.Errorf("nothing changes; it need not be an exception because %s", why)
		}
	})
}

// shiftOf moves the spans of one host.
func shiftOf(r *Report, host string, by int64) func(trace.Span) int64 {
	return func(s trace.Span) int64 {
		if r.Clocks().Host(s.Resource()) == host {
			return by
		}
		return 0
	}
}

// TestOrderNotCertain: that a write came before a failure on another host is certain where one caller waited for both,
// and else only as far as clocks are known.
func TestOrderNotCertain(t *testing.T) {
	for text, certain := range map[string]bool{`
		api "POST /checkout" 0ms +100ms kind=server http.response.status_code=500 error="no stock"
		  api "POST /orders" 5ms +25ms kind=client http.request.method=POST
		    orders "POST /orders" 10ms +18ms kind=server http.request.method=POST http.response.status_code=200
		      orders INSERT 12ms +10ms kind=client db.system=postgresql db.query.text="INSERT INTO orders VALUES (7)"
		  api "POST /reserve" 38ms +25ms kind=client http.request.method=POST error="no stock"
		    stock "POST /reserve" 40ms +20ms kind=server http.request.method=POST http.response.status_code=500 error="no stock"`: true, `
		api "POST /checkout" 0ms +100ms kind=server http.response.status_code=500 error="no stock"
		  orders "POST /orders" 10ms +18ms kind=server http.request.method=POST http.response.status_code=200
		    orders INSERT 12ms +10ms kind=client db.system=postgresql db.query.text="INSERT INTO orders VALUES (7)"
		  stock "POST /reserve" 40ms +20ms kind=server http.request.method=POST http.response.status_code=500 error="no stock"`: false} {
		report, err := Run(context.Background(), tracetest.Set(t, text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := slices.IndexFunc(report.Findings, func(f rule.Finding) bool { return f.Detector == failures.PartialFailure.Name })
		if n < 0 {
			t.Errorf("no partial failure in%s\n%s", text, describeAll(report))
		} else if said := slices.Contains(report.Findings[n].Limits, rule.OrderUncertain); said == certain {
			t.Errorf("order not certain: %v, in%s", said, text)
		}
	}
}

// TestCriticalPathOnAnyClocks puts the clocks of all hosts wrong at random, on every incident file: the steps of the
// critical path are disjoint, within their spans, and sum exactly to the effective duration of the first span.
func TestCriticalPathOnAnyClocks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(incidents, "*.otlp.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no incidents", err)
	}
	scales := []int64{0, 1e3, 1e6, 1e9, 8 * 3600e9, 1 << 62}
	proven := 0
	for n, file := range files {
		before := diagnoseFile(t, file)
		r := rand.New(rand.NewPCG(uint64(n), 5))
		for _, scale := range scales {
			shifts := map[string]int64{}
			for _, host := range hostsOf(before) {
				shifts[host] = r.Int64N(scale+1) - scale/2
			}
			set := skewed(before.Set, func(s trace.Span) int64 { return shifts[before.Clocks().Host(s.Resource())] })
			ops := facts.NewOps(set)
			proven += len(ops.Clocks().Proven())
			for i := range set.Len() {
				if why := checkCritical(facts.New(set.Trace(i), ops)); why != "" {
					t.Errorf("%s, clocks off by up to %d ns, trace %s: %s", filepath.Base(file), scale, set.Trace(i).ID(), why)
				}
			}
		}
	}
	if proven == 0 {
		t.Error("no clock was proven to be off")
	}
}

// checkCritical tells what is wrong with a critical path, "" for nothing.
func checkCritical(f *facts.Facts) string {
	whole := f.Timing.Effective(0)
	at, times := whole.Start, make([]int64, f.Trace.Len())
	for _, s := range f.Path.Steps {
		if e := f.Timing.Effective(s.Span); s.Start < e.Start || s.End > e.End || s.Start != at || s.End <= s.Start {
			return fmt.Sprintf("step %+v does not go on at %d within %+v", s, at, e)
		}
		at = s.End
		times[s.Span] += s.Duration()
	}
	for i, time := range times {
		if f.Path.Time(i) != time {
			return fmt.Sprintf("%d ns in span %d, its steps are %d ns", f.Path.Time(i), i, time)
		}
	}
	if at != whole.End {
		return fmt.Sprintf("it ends at %d, the trace at %d", at, whole.End)
	}
	return ""
}

// caseOf returns the name of the incident that a test of forIncidents is about.
func caseOf(t *testing.T) string {
	_, name, _ := strings.Cut(t.Name(), "/")
	parts := strings.SplitN(name, ".", 3)
	return parts[0] + "." + parts[1]
}

// hostsOf lists the hosts of a set whose clocks can be apart.
func hostsOf(r *Report) []string {
	var list []string
	each(r.Set, func(s trace.Span) {
		if h := r.Clocks().Host(s.Resource()); !slices.Contains(list, h) {
			list = append(list, h)
		}
	})
	if len(list) < 2 {
		return nil
	}
	return list
}

// skewed copies a set with the times of each span moved.
func skewed(s *trace.Set, by func(trace.Span) int64) *trace.Set {
	b := trace.NewBuilder()
	each(s, func(sp trace.Span) {
		var raw trace.RawSpan
		tracetest.Copy(b, sp, &raw)
		later(by(sp))(&raw)
		b.Add(&raw)
	})
	return b.Build()
}

// whatever is what is found whatever the clocks say. Which trace of a file a finding is shown at is the earliest,
// which clocks decide.
func whatever(r *Report) string {
	var lines []string
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Detector == skew.ClockSkew.Name {
			continue
		}
		at, n := anchorName(f), f.Numbers
		if f.File {
			at = "the file"
		}
		lines = append(lines, fmt.Sprintf("%s %s %s at %s ×%d, %d ns of %d, critical %d, avoidable %d", f.Detector, f.Severity, f.Title, at, n.Count, n.Union, n.Sum, n.Critical, n.Avoidable))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// clockless is what is known of the spans of a trace by durations alone.
func clockless(f *facts.Facts) string {
	var lines []string
	for i := f.Trace.First(); i < f.Trace.Len(); i++ {
		served := "nobody"
		if s := f.Server(i); s >= 0 {
			served = f.Trace.Span(s).ID().String()
		}
		lines = append(lines, fmt.Sprintf("%s %s: self %d of %d, served by %s", f.Trace.Span(i).ID(), f.Trace.Span(i).Name(), f.Self[i], f.Duration(i), served))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
