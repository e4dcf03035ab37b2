package facts_test

import (
	"testing"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/timing"
	"tracefall/sources/tracetest"
)

func TestCriticalTimeSumsSubtrees(t *testing.T) {
	f := factstest.One(t, `
		gw checkout 0ms +100ms
		  cart read 10ms +20ms
		  cart write 20ms +40ms kind=producer
		    disk fsync 30ms +20ms
		    mail consume 35ms +500ms kind=consumer
		  db insert 70ms +50ms
		    db flush 110ms +5ms
		  audit late 150ms +10ms
		    audit child 152ms +4ms
	`)
	for i := range f.Trace.Len() {
		var sum int64
		for k := i; k < f.Trace.End(i); k++ {
			sum += f.Path.Time(k)
		}
		if got := f.CriticalTime(i); got != sum {
			t.Errorf("span %d: got %d, want %d", i, got, sum)
		}
	}
}

// TestTimingOnOtherClocks checks that a host whose clock is proven to be 2 s behind counts when it really worked, and
// that one of which nothing is proven is clipped.
func TestTimingOnOtherClocks(t *testing.T) {
	const ms = 1_000_000
	tr := tracetest.One(t, `
		gw checkout 0ms +400ms kind=server
		  cart read -1990ms +80ms kind=server
		    cart sum -1980ms +30ms
		  gw call 20ms +100ms kind=client
		    cart serve -1970ms +80ms kind=server
		  gw call 200ms +100ms kind=client
		    cart serve -1780ms +60ms kind=server
		    disk flush 250ms +120ms
	`)
	clocks := clocks.New(tr.Set())
	tm := timing.New(tr, clocks)
	self := timing.SelfTimes(tm)
	want := []struct {
		name             string
		start, end, self int64 // ms
		async            bool
	}{
		{"checkout", 0, 400, 190, false},
		{"read", 10, 90, 50, false},
		{"sum", 20, 50, 30, false},
		{"call", 20, 120, 20, false},
		{"serve", 30, 110, 80, false},
		{"call", 200, 300, 20, false},
		{"serve", 220, 280, 60, false},
		{"flush", 250, 300, 120, false},
	}
	zero := tr.Span(0).Start()
	seen := make([]int, len(want))
	for i := range tr.Len() {
		name, e := tr.Span(i).Name(), tm.Effective(i)
		n := -1
		for k, w := range want {
			if seen[k] == 0 && w.name == name && zero+w.start*ms == e.Start {
				n = k
			}
		}
		if n < 0 {
			t.Errorf("%s counts from %d to %d ms, which nobody expects", name, (e.Start-zero)/ms, (e.End-zero)/ms)
			continue
		}
		w := want[n]
		seen[n]++
		if e.End != zero+w.end*ms || tm.Async(i) != w.async || self[i] != w.self*ms {
			t.Errorf("%s: ends at %d ms, async %v, self %d ms; want %+v", name, (e.End-zero)/ms, tm.Async(i), self[i]/ms, w)
		}
		if tm.Own(i).Start-tm.Offset(i) != tr.Span(i).Start() {
			t.Errorf("%s: its start less its offset is not the recorded one", name)
		}
	}
	f := facts.New(tr, facts.NewOps(tr.Set()))
	last := int64(0)
	for c := range f.Children(0) {
		if start := f.Timing.Own(c).Start; start < last {
			t.Errorf("%s comes after a sibling that started later", tr.Span(c).Name())
		} else {
			last = start
		}
	}
	checkPath(t, f)
}

// TestPiecesUnderNoRoot: what stands over the pieces of a trace does nothing itself, and hands nothing over: a piece that
// follows from a span that is not there is waited for like any other.
func TestPiecesUnderNoRoot(t *testing.T) {
	tr := tracetest.One(t, `
		gw order 0ms +10ms
		mail send 30ms +20ms parent=9
		  follows 9
		stock book 90ms +10ms
	`)
	f := facts.New(tr, facts.NewOps(tr.Set()))
	const ms = int64(1_000_000)
	want := []int64{0, 10, 20, 10}
	for i := range tr.Len() {
		if f.Self[i] != want[i]*ms || f.Timing.Async(i) {
			t.Errorf("span %d: self %d ms, async %v; want %d ms, and waited for", i, f.Self[i]/ms, f.Timing.Async(i), want[i])
		}
	}
	if apart := f.Path.Time(0); apart != 60*ms {
		t.Errorf("%d ms lie between the pieces, want 60", apart/ms)
	}
}

// TestPathLength leaves out the time between the pieces of a trace, of which nothing is recorded: shares of the path add up.
func TestPathLength(t *testing.T) {
	const ms = 1_000_000
	for text, want := range map[string]int64{
		"gw checkout 0ms +100ms\n  cart read 10ms +20ms\n":                                                            100 * ms,
		"gw a 0ms +100ms parent=00000000000000fe\n  cart read 10ms +20ms\ndb b 150ms +50ms parent=00000000000000ff\n": 150 * ms,
	} {
		f := factstest.One(t, text)
		var sum int64
		for _, one := range f.PathServices() {
			sum += one.Time
		}
		if got := f.PathLength(); got != want || sum != want {
			t.Errorf("%q: the path is %d long, its services sum to %d, want %d", text, got, sum, want)
		}
	}
}

// TestRefusedCall makes a client's call that only says that it failed end as its server says; a code or a text of its own counts.
func TestRefusedCall(t *testing.T) {
	for client, want := range map[string]semconv.Outcome{
		"status=error": semconv.OutcomeSoft,
		"status=error http.response.status_code=500": semconv.OutcomeHard,
		`error="boom"`: semconv.OutcomeHard,
	} {
		f := factstest.One(t, `gw GET 0ms +100ms kind=client http.request.method=GET url.full="http://b/b" `+client+`
  b "GET /b" 1ms +90ms kind=server http.request.method=GET http.route="/b" http.response.status_code=404
`)
		if got := f.Outcome(0); got != want {
			t.Errorf("%s: outcome %d, want %d", client, got, want)
		}
	}
}
