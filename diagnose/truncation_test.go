package diagnose

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// TestMissingSpans lays a trace beside the same one with a span whose parent is missing: what is counted is at least
// so, and what rests on absence is less certain.
func TestMissingSpans(t *testing.T) {
	const text = `
shop "GET /likes" 0ms +850ms kind=server http.request.method=GET http.route=/likes
  shop SELECT 10ms +10ms repeat=50 every=12ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM likes WHERE post_id = {i}"
  shop SELECT 640ms +10ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM likes WHERE post_id = 77"`
	orphan := strings.Replace(text, "  shop SELECT 640ms +10ms", "shop SELECT 640ms +10ms parent=00000000000000ff", 1)
	whole, cut := findingsOf(t, tracetest.Set(t, text)), findingsOf(t, tracetest.Set(t, orphan))

	n, m := whole["n-plus-one"], cut["n-plus-one"]
	if n.Title != "N+1 ×51" || m.Title != "N+1 ×≥50" || !strings.HasPrefix(m.Message, "≥ 50 × SELECT") || m.Confidence != n.Confidence {
		t.Errorf("%q %q %q, confidence %g and %g", n.Title, m.Title, m.Message, n.Confidence, m.Confidence)
	}
	if !slices.Contains(m.Limits, "spans are missing from the trace: the real count may be higher") {
		t.Errorf("limits %q", m.Limits)
	}
	if w, c := whole["bottleneck"].Confidence, cut["bottleneck"].Confidence; math.Abs(c-rule.Mistrust*w) > 1e-9 {
		t.Errorf("where the time went: confidence %g and %g", w, c)
	}
}

// TestMissingCompensation: what undoes a write may be among the spans that are missing; that lowers the confidence
// once, not once for each that notices.
func TestMissingCompensation(t *testing.T) {
	const text = `
shop "POST /orders" 0ms +500ms kind=server http.request.method=POST http.route=/orders http.response.status_code=500 status=error
  shop INSERT 10ms +10ms kind=client db.system.name=postgresql db.query.text="INSERT INTO orders (id) VALUES ($1)"
  shop "POST /charge" 100ms +300ms kind=client http.request.method=POST url.full="http://pay/charge" http.response.status_code=500 status=error
    pay "POST /charge" 110ms +280ms kind=server http.request.method=POST http.route=/charge http.response.status_code=500 status=error
`
	const missing = `shop work 450ms +5ms parent=00000000000000ff
`
	whole, cut := findingsOf(t, tracetest.Set(t, text))["partial-failure"], findingsOf(t, tracetest.Set(t, text+missing))["partial-failure"]
	if whole == nil || cut == nil {
		t.Fatal("no finding")
	}
	if math.Abs(cut.Confidence-rule.Mistrust*whole.Confidence) > 1e-9 {
		t.Errorf("confidence %g where spans are missing, %g where none are; want %g of it", cut.Confidence, whole.Confidence, rule.Mistrust)
	}
}

// TestMissingCaller: a trace whose first span alone has its parent elsewhere misses nothing below it.
func TestMissingCaller(t *testing.T) {
	got := findingsOf(t, tracetest.Set(t, `
shop "GET /likes" 0ms +850ms kind=server parent=00000000000000ff http.request.method=GET http.route=/likes
  shop SELECT 10ms +10ms repeat=50 every=12ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM likes WHERE post_id = {i}"`))
	if f := got["n-plus-one"]; f.Title != "N+1 ×50" {
		t.Errorf("%q", f.Title)
	}
	if f := got["bottleneck"]; f.Confidence != 1 {
		t.Errorf("confidence %g", f.Confidence)
	}
}

// TestEndsOfTheFile: a parent that is missing in the middle of a long file was lost, near its ends it was cut off.
func TestEndsOfTheFile(t *testing.T) {
	r, err := Run(context.Background(), tracetest.Set(t, `
trace 1
shop "GET /a" 0ms +10ms kind=server parent=00000000000000fa
trace 2
shop "GET /a" 10m +10ms kind=server parent=00000000000000fb
trace 3
shop "GET /a" 20m +10ms kind=server parent=00000000000000fc`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := slices.IndexFunc(r.Findings, func(f rule.Finding) bool { return f.Detector == "lost-context" }); n < 0 || r.Findings[n].Numbers.Count != 1 {
		t.Errorf("want one span with a lost context, there are %d findings", len(r.Findings))
	}
	want := rule.BlindSpot{Detector: "lost-context", Reason: "2 orphan spans near the start or end of the file: not reported, the parent may be outside the file"}
	if !slices.Contains(r.BlindSpots, want) {
		t.Errorf("blind spots: %q", r.BlindSpots)
	}
}

// findingsOf returns the first finding of each detector.
func findingsOf(t *testing.T, set *trace.Set) map[string]*rule.Finding {
	t.Helper()
	r, err := Run(context.Background(), set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]*rule.Finding{}
	for i := range r.Findings {
		if f := &r.Findings[i]; first[f.Detector] == nil {
			first[f.Detector] = f
		}
	}
	return first
}

// TestMissingSpansLowerConfidenceOnce: what rests on absence keeps 0.6 of its confidence where spans are missing, whoever
// notices and however often.
func TestMissingSpansLowerConfidenceOnce(t *testing.T) {
	f := rule.Finding{Confidence: 0.5}
	f.Mistrust()
	f.Mistrust()
	if math.Abs(f.Confidence-0.3) > 1e-9 || len(f.Checks) != 1 {
		t.Errorf("confidence %v with %d checks, want 0.3 with one", f.Confidence, len(f.Checks))
	}
}
