package report

import (
	"slices"
	"strconv"
	"testing"

	"tracefall/app/session"
	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/sources/tracetest"
)

// TestShowOnOneClock holds what show, queries and findings say of a trace whose hosts' clocks are apart against each
// other: each span's times are as recorded, with its offset added they are on one clock, and there the critical path
// is in one piece.
func TestShowOnOneClock(t *testing.T) {
	set := tracetest.Set(t, `
		gateway checkout 0ms +400ms kind=server
		  gateway read 10ms +100ms kind=client
		    stock read -1980ms +80ms kind=server
		      stock query -1970ms +60ms kind=client
		  gateway ship 200ms +150ms kind=client
		    stock ship -1790ms +130ms kind=server`)
	tr := set.Trace(0)
	clocks := clocks.New(set)
	doc := showJSON(tr, nil, &TraceOptions{Depth: 99, Clocks: clocks}, session.Masking{})
	f := facts.New(tr, facts.NewOps(set))
	d := &session.Derived{}
	self, critical := make([]int64, tr.Len()), make([]bool, tr.Len())
	d.Self(tr, self)
	d.Critical(tr, critical)
	type piece struct{ from, to int64 }
	var path []piece
	for i, s := range doc.Spans {
		if s.Start != nanos(tr.Span(i).Start()) {
			t.Errorf("span %d starts at %s, recorded is %d", i, s.Start, tr.Span(i).Start())
		}
		if moved := tr.Span(i).Service() == "stock"; moved != (s.ClockOffset != 0) {
			t.Errorf("span %d of %s is %d ns off", i, s.Service, s.ClockOffset)
		}
		if s.Self != f.Self[i] || self[i] != f.Self[i] || critical[i] != (s.CriticalTime > 0) || s.CriticalTime != f.Path.Time(i) {
			t.Errorf("span %d: show says self %d and critical %d, queries %d and %v, findings %d and %d", i, s.Self, s.CriticalTime,
				self[i], critical[i], f.Self[i], f.Path.Time(i))
		}
		for _, part := range s.Critical {
			from, to := number(t, part[0]), number(t, part[1])
			if own := tr.Span(i); from < own.Start() || to > own.Finish() {
				t.Errorf("span %d is critical from %d to %d, outside its recorded times", i, from, to)
			}
			path = append(path, piece{from + s.ClockOffset, to + s.ClockOffset})
		}
	}
	slices.SortFunc(path, func(a, b piece) int { return int(a.from - b.from) })
	at := tr.Span(0).Start()
	for _, p := range path {
		if p.from != at {
			t.Errorf("the critical path goes on at %d, and ended at %d", p.from, at)
		}
		at = p.to
	}
	if at != tr.Span(0).Finish() {
		t.Errorf("the critical path ends at %d, the trace at %d", at, tr.Span(0).Finish())
	}
	if own := int64(400 - 100 - 150); self[0] != own*1e6 || self[1] != 20e6 || self[4] != 20e6 {
		t.Errorf("self times of the gateway's spans are %d, %d and %d", self[0], self[1], self[4])
	}
}

func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
