package views

import "testing"

// do carries out commands.
func do(s Screen, commands ...Command) {
	for _, c := range commands {
		Do(s.Bindings(), c)
	}
}

func TestWaterfallFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *Waterfall
	}{
		{"small", func() *Waterfall {
			w := NewWaterfall()
			w.SetTrace(checkoutTrace(t))
			return w
		}},
		{"big", func() *Waterfall {
			w := NewWaterfall()
			w.SetTrace(bigTrace(t))
			w.Select(500)
			return w
		}},
		{"error", func() *Waterfall {
			w := NewWaterfall()
			w.SetTrace(brokenTrace(t))
			do(w, NextError)
			return w
		}},
		{"zoomed", func() *Waterfall {
			w := NewWaterfall()
			w.SetTrace(checkoutTrace(t))
			w.Select(5)
			do(w, ZoomSpan, Down)
			return w
		}},
		{"folded", func() *Waterfall {
			w := NewWaterfall()
			w.SetTrace(checkoutTrace(t))
			do(w, FoldAll, Down, Down)
			return w
		}},
		{"grouped", func() *Waterfall {
			w := NewWaterfall()
			w.SetTrace(checkoutTrace(t))
			do(w, Group, Bottom)
			return w
		}},
		{"deep", func() *Waterfall {
			w := NewWaterfall()
			w.SetTrace(deepTrace(t, 300))
			w.Select(120)
			return w
		}},
		{"wide", func() *Waterfall {
			w := NewWaterfall()
			w.SetTrace(wideTrace(t, 5000))
			do(w, NextError)
			return w
		}},
		{"filtered", func() *Waterfall {
			w := NewWaterfall()
			tr := checkoutTrace(t)
			w.SetTrace(tr)
			w.SetMatches(MatchText(tr, "authorize"), true)
			do(w, NextMatch)
			return w
		}},
		{"searched", func() *Waterfall {
			w := NewWaterfall()
			tr := checkoutTrace(t)
			w.SetTrace(tr)
			do(w, Search)
			typeText(w, "bank")
			w.SetMatches(MatchText(tr, "bank"), false)
			return w
		}},
		{"empty", NewWaterfall},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := test.open()
			checkFrames(t, "waterfall-"+test.name, w, testEnv(t))
		})
	}
}
