package tracelist

import (
	"fmt"
	"testing"

	"tracefall/views"
	"tracefall/views/viewstest"
)

func BenchmarkListFrame(b *testing.B) {
	env := viewstest.Env(b)
	for _, n := range []int{1000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("traces=%d", n), func(b *testing.B) {
			l := New()
			l.SetSet(viewstest.ListSet(b, n, "x"))
			grid := viewstest.Frame(l, env, 200, 50)
			for b.Loop() {
				viewstest.Act(l, views.Down)
				grid.Clear()
				l.Draw(grid.All(), env)
			}
		})
	}
}

// What a fuller set costs while loading: sorting and the first frame.
func BenchmarkListSet(b *testing.B) {
	env := viewstest.Env(b)
	for _, n := range []int{1000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("traces=%d", n), func(b *testing.B) {
			set := viewstest.ListSet(b, n, "x")
			for b.Loop() {
				l := New()
				l.SetSet(set)
				viewstest.Frame(l, env, 200, 50)
			}
		})
	}
}

// What a list that was arranged beside the program costs it, and what the arranging costs beside.
func BenchmarkListArranged(b *testing.B) {
	set := viewstest.ListSet(b, 1_000_000, "x")
	for _, test := range []struct {
		name     string
		arranged bool
	}{{"by-itself", false}, {"beside", true}} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				l := New()
				if test.arranged {
					b.StopTimer()
					l.Use(l.Arranger().OfSet(set))
					b.StartTimer()
				}
				l.SetSet(set)
			}
		})
	}
	b.Run("arranging", func(b *testing.B) {
		for b.Loop() {
			New().Arranger().OfSet(set)
		}
	})
}

func BenchmarkListSort(b *testing.B) {
	l := New()
	l.SetSet(viewstest.ListSet(b, 1_000_000, "x"))
	for c := ColumnStart; c <= ColumnTraceID; c++ {
		b.Run(specs[c].Name, func(b *testing.B) {
			for b.Loop() {
				l.SortBy(c, true)
			}
		})
	}
}
