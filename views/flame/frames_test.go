package flame

import (
	"iter"
	"slices"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

func TestFlameFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *Flame
	}{
		{"small", func() *Flame {
			f := shown(t, shopTrace(t, 0))
			viewstest.Do(f, views.Down)
			return f
		}},
		{"zoomed", func() *Flame {
			f := shown(t, shopTrace(t, 0))
			viewstest.Do(f, views.Down, views.Enter, views.Down)
			return f
		}},
		{"spans", func() *Flame {
			f := shown(t, shopTrace(t, 0))
			viewstest.Do(f, views.SortNext, views.SortNext, views.SortNext)
			return f
		}},
		{"search", func() *Flame {
			f := shown(t, shopTrace(t, 0))
			viewstest.Do(f, views.Search)
			viewstest.TypeText(f, "cart")
			return f
		}},
		{"diff", func() *Flame {
			f := shown(t, shopTrace(t, 0), shopTrace(t, 800_000))
			viewstest.Do(f, views.Down)
			return f
		}},
		{"many", func() *Flame {
			set := viewstest.OpenDemo(t, "n-plus-one.jsonl.gz")
			f := New()
			var traces []*trace.Trace
			for i := range set.Len() {
				traces = append(traces, set.Trace(i))
			}
			answer(t, f.Show([]views.Scope{{Set: set, Traces: set.Len()}}), portions(traces...))
			return f
		}},
		{"deep", func() *Flame {
			f := shown(t, viewstest.DeepTrace(t, 100))
			viewstest.Do(f, views.Bottom)
			return f
		}},
		{"broken", func() *Flame { return shown(t, viewstest.BrokenTrace(t)) }},
		{"loading", func() *Flame {
			f := New()
			f.Show([]views.Scope{{Set: shopTrace(t, 0).Set(), Traces: 60_000}})
			f.done = 12_345
			return f
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.open()
			viewstest.CheckFrames(t, "flame-"+test.name, s, viewstest.EnvOf(t, s.of...))
		})
	}
	viewstest.CheckASCII(t, "flame-ascii", 80, 24, shown(t, shopTrace(t, 0)))
}

func BenchmarkGraph(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		p := slices.Values([]facts.Portion{{Facts: viewstest.FactsOf(tr)}})
		for b.Loop() {
			newGraph([]iter.Seq[facts.Portion]{p})
		}
	})
}

// BenchmarkFrame draws again and again what is laid out, and what a zoom lays out anew.
func BenchmarkFrame(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		f := shown(b, tr)
		grid, env := draw.NewGrid(200, 50), viewstest.Env(b)
		viewstest.Do(f, views.Down)
		for b.Loop() {
			viewstest.Do(f, views.Enter)
			f.Draw(grid.All(), env)
			f.Status(env)
			viewstest.Do(f, views.ZoomReset)
		}
	})
}
