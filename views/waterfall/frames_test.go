package waterfall

import (
	"testing"

	"tracefall/sources/query"
	"tracefall/views"
	"tracefall/views/prompt"
	"tracefall/views/viewstest"
)

func TestWaterfallFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *Waterfall
	}{
		{"small", func() *Waterfall {
			w := New()
			w.SetTrace(viewstest.CheckoutTrace(t))
			return w
		}},
		{"big", func() *Waterfall {
			w := New()
			w.SetTrace(viewstest.BigTrace(t))
			w.Select(500)
			return w
		}},
		{"error", func() *Waterfall {
			w := New()
			w.SetTrace(viewstest.BrokenTrace(t))
			viewstest.Do(w, views.NextError)
			return w
		}},
		{"zoomed", func() *Waterfall {
			w := New()
			w.SetTrace(viewstest.CheckoutTrace(t))
			w.Select(5)
			viewstest.Do(w, views.ZoomSpan, views.Down)
			return w
		}},
		{"folded", func() *Waterfall {
			w := New()
			w.SetTrace(viewstest.CheckoutTrace(t))
			viewstest.Do(w, views.FoldAll, views.Down, views.Down)
			return w
		}},
		{"grouped", func() *Waterfall {
			w := New()
			w.SetTrace(viewstest.CheckoutTrace(t))
			viewstest.Do(w, views.Group, views.Bottom)
			return w
		}},
		{"deep", func() *Waterfall {
			w := New()
			w.SetTrace(viewstest.DeepTrace(t, 300))
			w.Select(120)
			return w
		}},
		{"wide", func() *Waterfall {
			w := New()
			w.SetTrace(viewstest.WideTrace(t, 5000))
			viewstest.Do(w, views.NextError)
			return w
		}},
		{"filtered", func() *Waterfall {
			w := New()
			tr := viewstest.CheckoutTrace(t)
			w.SetTrace(tr)
			w.SetMatches(matchText(tr, "authorize"), true)
			viewstest.Do(w, views.NextMatch)
			return w
		}},
		{"searched", func() *Waterfall {
			w := New()
			tr := viewstest.CheckoutTrace(t)
			w.SetTrace(tr)
			viewstest.Do(w, views.Search)
			viewstest.TypeText(w, "bank")
			w.SetMatches(matchText(tr, "bank"), false)
			return w
		}},
		{"empty", New},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := test.open()
			env := viewstest.Env(t)
			if tr := w.Trace(); tr != nil {
				env = viewstest.EnvOf(t, views.Scope{Set: tr.Set()})
			}
			viewstest.CheckFrames(t, "waterfall-"+test.name, w, env)
		})
	}
}

// TestTypingFrames types a query that is completed, and one that is wrong.
func TestTypingFrames(t *testing.T) {
	env := viewstest.Env(t)
	w := New()
	tr := viewstest.CheckoutTrace(t)
	w.SetTrace(tr)
	w.SetVocabulary(query.BuildVocabulary(tr.Set(), nil))
	viewstest.Do(w, views.Search)
	viewstest.TypeText(w, "error=true serv")
	viewstest.CheckFrames(t, "complete-waterfall", w, env)
	w.SetQueryError(prompt.Error{Offset: 11, Length: 4, Message: "expected an operator"})
	viewstest.TypeKey(w, 27, 0)
	viewstest.CheckFrames(t, "complete-waterfall-error", w, env)
}
