package diagnose

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// form is a trace made for its form: parent tells where span i > 0 hangs, lasts when it runs.
type form struct {
	name   string
	parent func(i int) int
	lasts  func(i int) (start, duration int64)
}

func inside(i int) (start, duration int64) { return int64(i) * 10, 1e9 - int64(i)*20 }

func inTurn(i int) (start, duration int64) {
	if i == 0 {
		return 0, 1e12
	}
	return int64(i) * 1e6, 5e5
}

var forms = []form{
	{"deep", func(i int) int { return i - 1 }, inside},
	{"wide", func(int) int { return 0 }, inTurn},
	{"bushy", func(i int) int { return (i - 1) / 3 }, inside},
	{"no time", func(i int) int { return i / 2 }, func(int) (int64, int64) { return 0, 0 }},
	{"all at once", func(int) int { return 0 }, func(int) (int64, int64) { return 0, 1e9 }},
	{"roots", func(i int) int { return i - i%2 }, inTurn},
}

// make builds n spans of five services: calls, their servers, queries and internal work, each with attributes.
func (s form) make(n int) *trace.Set {
	b := trace.NewBuilder()
	b.Input("test")
	key := func(name string) trace.Symbol { return b.Symbol([]byte(name)) }
	method, url, route, status := key("http.request.method"), key("url.full"), key("http.route"), key("http.response.status_code")
	system, query := key("db.system.name"), key("db.query.text")
	var origins [5]uint32
	for k := range origins {
		origins[k] = b.Origin(b.Resource([]trace.Attr{b.String(key("service.name"), fmt.Appendf(nil, "service-%d", k))}, 0), 0)
	}
	for i := range n {
		raw := trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: uint64(i + 1)}, Origin: origins[i/2%5], Name: b.Symbol(fmt.Appendf(nil, "span %d", i%40))}
		if p := s.parent(i); i > 0 && p != i {
			raw.Parent.N = uint64(p + 1)
		}
		raw.Start, raw.Duration = s.lasts(i)
		raw.Start += 1_772_460_131_000_000_000
		switch i % 4 {
		case 0:
			raw.Kind = trace.KindServer
			raw.Attrs = []trace.Attr{b.String(method, []byte("GET")), b.String(route, []byte("/things/{id}")), trace.Int(status, 200)}
		case 1, 2:
			raw.Kind = trace.KindClient
			raw.Attrs = []trace.Attr{b.String(method, []byte("GET")), b.String(url, fmt.Appendf(nil, "https://api.example.org/things/%d?token=%d", i%1000, i)), trace.Int(status, int64(200+i%7*50))}
		case 3:
			raw.Kind = trace.KindClient
			raw.Attrs = []trace.Attr{b.String(system, []byte("postgresql")), b.String(query, fmt.Appendf(nil, "SELECT * FROM likes WHERE post_id = %d", i%500))}
		}
		b.Add(&raw)
	}
	return b.Build()
}

// TestExtremes runs every detector over traces of extreme forms: none fails, and none takes the square of their size.
func TestExtremes(t *testing.T) {
	for _, s := range forms {
		run := func(t *testing.T, set *trace.Set) {
			t.Helper()
			r, err := Run(context.Background(), set, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, notice := range r.Notices {
				t.Error(notice.Message)
			}
			for i := range r.Findings {
				if f := &r.Findings[i]; f.Message == "" || f.Title == "" || f.Fingerprint == "" {
					t.Errorf("a finding without words: %+v", f)
				}
			}
		}
		for _, size := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/%d", s.name, size), func(t *testing.T) { run(t, s.make(size)) })
		}
		t.Run(s.name+"/large", func(t *testing.T) {
			if testing.Short() {
				t.Skip("large")
			}
			tracetest.Linear(t, 1000, 16_000, s.make, func(set *trace.Set) { run(t, set) })
		})
	}
}

// BenchmarkDetectors prints what the facts and all detectors take of one trace, and all together: time a span, bytes
// allocated a span and, of the report, bytes that it holds. The budgets: 300 ms for 100,000 spans, 4 s for a million,
// 1 kB a span.
//
//	go test -run '^$' -bench Detectors -benchtime 3x ./diagnose
func BenchmarkDetectors(b *testing.B) {
	for _, size := range []int{1_000, 100_000, 1_000_000} {
		set := forms[2].make(size)
		b.Run(fmt.Sprintf("facts/spans=%d", size), func(b *testing.B) {
			perSpan(b, size, func() any { return facts.New(set.Trace(0), facts.NewOps(set)) })
		})
		b.Run(fmt.Sprintf("all/spans=%d", size), func(b *testing.B) {
			perSpan(b, size, func() any {
				r, err := Run(context.Background(), set, Options{})
				if err != nil {
					b.Fatal(err)
				}
				return r
			})
		})
	}
}

// perSpan measures work over a trace of so many spans.
func perSpan(b *testing.B, size int, work func() any) {
	var before, after, held runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var result any
	for b.Loop() {
		result = work()
	}
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.ReadMemStats(&held)
	runtime.KeepAlive(result)
	spans := float64(size) * float64(b.N)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/spans, "ns/span")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/spans, "B/span")
	b.ReportMetric(max(0, float64(held.HeapAlloc)-float64(before.HeapAlloc))/float64(size), "held-B/span")
}

// TestLargeTraceIsWorkedOnInParts holds what is found in a large trace, about which the detectors are asked one by one,
// against asking all in turn.
func TestLargeTraceIsWorkedOnInParts(t *testing.T) {
	set := forms[2].make(12_000)
	r, err := Run(context.Background(), set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	parts := r.tasks()
	if len(parts) < 2 {
		t.Fatalf("the trace is worked on in %d parts", len(parts))
	}
	whole := task{facts: r.facts[0]}
	for _, p := range parts {
		whole.detectors = append(whole.detectors, p.detectors...)
	}
	whole.run(survey(r.facts, r.clocks, nil))
	want := &Report{Set: set, Findings: absorb(subsume(whole.findings))}
	rank(want.Findings)
	got := &Report{Set: set}
	for _, f := range r.Findings {
		if slices.ContainsFunc(whole.detectors, func(d *rule.Detector) bool { return d.Name == f.Detector }) && !f.File {
			got.Findings = append(got.Findings, f)
		}
	}
	if a, b := allFindings(got), allFindings(want); a != b || len(got.Findings) == 0 {
		t.Errorf("in parts:\n%s\nin turn:\n%s", a, b)
	}
}
