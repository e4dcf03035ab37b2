package spans

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

func TestSpansFrames(t *testing.T) {
	mixed := tracetest.Set(t, shop)
	for _, test := range []struct {
		name string
		open func() *Spans
	}{
		{"small", func() *Spans { return shown(t, viewstest.CheckoutTrace(t).Set()) }},
		{"attributes", func() *Spans {
			s := shown(t, mixed)
			addColumn(t, s, "zone")
			addColumn(t, s, "status_code")
			viewstest.Do(s, views.Down)
			return s
		}},
		{"choosing", func() *Spans {
			s := shown(t, mixed)
			addColumn(t, s, "zone")
			viewstest.Do(s, views.Columns)
			viewstest.TypeText(s, "o")
			return s
		}},
		{"filter", func() *Spans {
			s := shown(t, viewstest.CheckoutTrace(t).Set())
			viewstest.Do(s, views.Search)
			answer(t, s, viewstest.TypeText(s, "charge"), nil)
			return s
		}},
		{"completion", func() *Spans {
			s := shown(t, mixed)
			viewstest.Do(s, views.Search)
			answer(t, s, viewstest.TypeText(s, "dur"), nil)
			return s
		}},
		{"broken", func() *Spans { return shown(t, viewstest.BrokenTrace(t).Set()) }},
		{"loading", func() *Spans {
			s := New()
			s.Show([]views.Scope{{Set: mixed, Traces: 60_000}})
			s.done = 12_345
			return s
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.open()
			viewstest.CheckFrames(t, "spans-"+test.name, s, viewstest.EnvOf(t, s.of...))
		})
	}
	viewstest.CheckASCII(t, "spans-ascii", 120, 24, shown(t, mixed))
}

func TestSpansDrawAtAnySize(t *testing.T) {
	sets := []*trace.Set{tracetest.Set(t, shop), viewstest.BrokenTrace(t).Set(), viewstest.HostileTrace(t).Set(), viewstest.BigTrace(t).Set()}
	viewstest.CheckAnything(t, viewstest.Env(t), 6, 1200, func() views.Screen { return shown(t, sets[0]) }, func(screen views.Screen, rng *rand.Rand) {
		s, set := screen.(*Spans), sets[rng.IntN(len(sets))]
		switch rng.IntN(5) {
		case 0:
			s.Show(nil)
		case 1:
			if s.data != nil && len(s.data.keys) > 0 && !s.Typing() {
				s.toggle(s.data.keys[rng.IntN(len(s.data.keys))])
			}
		default:
			answer(t, s, s.Show([]views.Scope{{Set: set, Traces: set.Len()}}), portionsOf(set))
		}
	})
}

func BenchmarkSpans(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		p := slices.Values([]facts.Portion{{Facts: viewstest.FactsOf(tr)}})
		b.Run("read", func(b *testing.B) {
			for b.Loop() {
				read(tr.Set(), p)
			}
		})
		d := read(tr.Set(), p)
		b.Run("sort", func(b *testing.B) {
			for b.Loop() {
				d.arrange(order{by: columnDuration, descending: true, matched: matching("store")})
			}
		})
		b.Run("attribute", func(b *testing.B) {
			for b.Loop() {
				d.attributeOf("db.rows")
			}
		})
	})
}

func BenchmarkFrame(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		s := shown(b, tr.Set())
		viewstest.BenchFrames(b, s, views.Down)
	})
}

// BenchmarkMaskedFrame draws attributes of some length with their secrets masked, as the program does.
func BenchmarkMaskedFrame(b *testing.B) {
	var text strings.Builder
	text.WriteString("trace 1\napi GET 0ms +9s\n")
	for n := range 200 {
		fmt.Fprintf(&text, "  api query %dms +2ms db.statement=\"SELECT o.id, o.total, c.name, c.email FROM orders o JOIN customers c ON c.id = o.customer WHERE o.state = 'open' AND o.id > %d ORDER BY o.created LIMIT 100\" url.full=\"https://shop.example/api/v2/orders/%d?page=2&sort=created&token=secret%d\"\n", n, n, n, n)
	}
	set := tracetest.Set(b, text.String())
	s := shown(b, set)
	for _, key := range []string{"db.statement", "url.full"} {
		answer(b, s, s.toggle(key), portionsOf(set))
	}
	grid, env := draw.NewGrid(200, 50), viewstest.Env(b)
	env.Mask = func(key, value string) (string, bool) { return secrets.Mask(key, value, false) }
	for b.Loop() {
		viewstest.Act(s, views.Down)
		grid.Clear()
		s.Draw(grid.All(), env)
	}
}
