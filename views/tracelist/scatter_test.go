package tracelist

import (
	"fmt"
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
