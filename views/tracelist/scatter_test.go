package tracelist

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// TestPlotFarTraces plots traces of a minute, alone and with one a day later: to scale the minute would be one cell.
func TestPlotFarTraces(t *testing.T) {
	const second = int64(1e9)
	plot := func(later int64) (columns int, text string) {
		b := trace.NewBuilder()
		for i := range int64(60) {
			start := 1_700_000_000*second + i*second
			if i == 59 {
				start += later
			}
			b.Add(&trace.RawSpan{
				Trace: trace.TraceID{Lo: uint64(i + 1)}, ID: trace.SpanID{N: 1}, Name: b.Symbol([]byte("op")), Start: start, End: start + 1 + i,
			})
		}
		l := New()
		l.SetSet(b.Build())
		grid := draw.NewGrid(120, 40)
		l.Draw(grid.All(), viewstest.Env(t))
		text, _, _ = strings.Cut(grid.Plain(), "\n / ")
		taken := map[int]bool{}
		for line := range strings.Lines(text) {
			for x, r := range []rune(line) {
				if r == '·' || r == ':' || r == '[' {
					taken[x] = true
				}
			}
		}
		return len(taken), text
	}
	for _, c := range []struct {
		later int64
		says  string
	}{{0, "duration over time"}, {86400 * second, "traces in start order (time axis not to scale)"}} {
		name := fmt.Sprintf("%d s later", c.later/second)
		columns, text := plot(c.later)
		if columns < 50 {
			t.Errorf("%s: the traces take %d columns:\n%s", name, columns, text)
		}
		if !strings.Contains(text, c.says) {
			t.Errorf("%s: the plot does not say %q:\n%s", name, c.says, text)
		}
	}
}

// TestPlotOfDurations is logarithmic where the durations spread over more than a decade.
func TestPlotOfDurations(t *testing.T) {
	for _, c := range []struct {
		shortest, longest int64
		want              string
	}{
		{2e9, 10e9, "0 0, 1 2.00 s, 4 10.0 s, "},
		{15e8, 10e9, "0 1.50 s, 4 10.0 s, "},
		{9e9, 10e9, "0 0, 4 10.0 s, "},
		{2e9, 30e9, "2 10 s, 0 2.00 s, 4 30.0 s, "},
		{1e6, 30e9, "0 1 ms, 1 10 ms, 2 100 ms, 3 1 s, 4 30.0 s, "},
		{0, 10e9, "0 0, 4 10.0 s, "},
		{1, 1e15, "0 1 s, 1 1 m, 2 10 m, 3 10 h, 4 11 d 14 h, "}, // what is below a millionth is one line
	} {
		took := plotTookOf(&shown{shortest: c.shortest, longest: c.longest}, 5)
		text := ""
		for _, tick := range took.ticks() {
			text += fmt.Sprint(tick.Cell, " ", tick.Label, ", ")
		}
		if text != c.want {
			t.Errorf("from %d to %d: %s, want %s", c.shortest, c.longest, text, c.want)
		}
		if low, high := took.cell(0), took.cell(c.longest); low != 0 || high != 4 {
			t.Errorf("from %d to %d: nothing is in cell %d, the longest in %d", c.shortest, c.longest, low, high)
		}
	}
}

// TestPlotShowsWhatFailed draws many traces that went well, and one among them that did not.
func TestPlotShowsWhatFailed(t *testing.T) {
	b := trace.NewBuilder()
	for i := range uint64(60) {
		raw := trace.RawSpan{Trace: trace.TraceID{Lo: i + 1}, ID: trace.SpanID{N: 1}, Name: b.Symbol([]byte("op")), Start: viewstest.Epoch, Duration: 1000}
		switch {
		case i == 0:
			raw.Status = trace.StatusError
		case i > 20:
			raw.Start += 60e9
		}
		b.Add(&raw)
	}
	l := New()
	l.SetSet(b.Build())
	text := viewstest.Plain(l, viewstest.Env(t), 120, 40)
	if strings.Count(text, "✗") != 2 || strings.Count(text, "░") != 2 || !strings.Contains(text, "· 1  : 2+  ░ 10+ traces  ✗ failed") {
		t.Errorf("want one cell that failed, one with many, and both in the legend:\n%s", text)
	}
}

// TestPlotCellsAreThoseOfTheScale: the durations at which cells begin are where the logarithm puts them.
func TestPlotCellsAreThoseOfTheScale(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		shortest := 1 + rng.Int64N(1<<rng.IntN(40))
		s := &shown{shortest: shortest, longest: max(shortest, 1+rng.Int64N(1<<(1+rng.IntN(62))))}
		p := plotTookOf(s, 1+rng.IntN(9))
		if p.log.Cells == 0 {
			continue
		}
		for range 200 {
			ns := rng.Int64N(s.longest) + 1
			if got, want := p.cell(ns), p.log.Cell(ns); got != want {
				t.Fatalf("of %+v %d ns is in cell %d, want %d", p.log, ns, got, want)
			}
		}
		for cell, from := range p.from {
			if p.cell(from) <= cell || p.cell(from-1) > cell {
				t.Fatalf("of %+v cell %d begins with %d ns: it is in cell %d, the one before in %d", p.log, cell+1, from, p.cell(from), p.cell(from-1))
			}
		}
	}
}
