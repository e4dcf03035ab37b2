package draw_test

import (
	"fmt"

	"tracefall/views/draw"
	"tracefall/views/style"
)

func Example() {
	theme, err := style.New("none", false)
	if err != nil {
		fmt.Println(err)
		return
	}
	g := draw.NewGrid(72, 7)
	in := g.All().Box("POST /api/checkout", theme.Border, theme.Title)
	names, bars := in.Left(22)
	bars, durations := bars.Right(9)
	scale := draw.Scale{From: 0, To: 5_020_000_000, Width: bars.W()}
	bars.Ruler(0, scale, 0, theme.Ruler)
	for i, s := range []struct {
		name       string
		start, end int64 // ms
		kind       draw.BarKind
	}{
		{"▾ api-gateway POST /api/checkout", 0, 5020, draw.BarHeavy},
		{"  ▸ auth GET /validate\x1b[2J", 2, 14, draw.BarLight},
		{"  ▸ payment 支払い POST", 230, 1230, draw.BarSolid},
		{"  ▸ SELECT likes ×50", 1300, 2900, draw.BarDashed},
	} {
		y := i + 1
		names.TextEllipsis(0, y, names.W()-1, s.name, theme.Service("api-gateway"))
		bars.Span(y, scale, s.start*1e6, s.end*1e6, s.kind, theme.CriticalPath)
		durations.TextRight(0, y, 9, draw.Duration((s.end-s.start)*1e6), theme.Value)
	}
	in.Row(2).Paint(theme.Selected)
	fmt.Println(g.Plain())
	// Output:
	// ┌─ POST /api/checkout ─────────────────────────────────────────────────┐
	// │                      0      1 s     2 s     3 s       5.02 s         │
	// │▾ api-gateway POST /… ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   5.02 s│
	// │  ▸ auth GET /valida… ╴                                          12 ms│
	// │  ▸ payment 支払い P…  ▐███████▌                                1.00 s│
	// │  ▸ SELECT likes ×50            ┅┅┅┅┅┅┅┅┅┅┅┅┅                   1.60 s│
	// └──────────────────────────────────────────────────────────────────────┘
}
