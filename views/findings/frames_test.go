package findings

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
	"tracefall/views/waterfall"
)

func TestFindingsFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *Findings
	}{
		{"small", func() *Findings { return foundPanel(t) }},
		{"evidence", func() *Findings {
			f := foundPanel(t)
			viewstest.Do(f, views.Down, views.Down, views.Right, views.HalfDown)
			return f
		}},
		{"rule", func() *Findings {
			f := foundPanel(t)
			viewstest.Do(f, views.ShowRule)
			return f
		}},
		{"limited", func() *Findings {
			f := foundPanel(t)
			viewstest.Do(f, views.Bottom)
			return f
		}},
		{"filtered", func() *Findings {
			f := foundPanel(t)
			viewstest.Do(f, views.Search)
			viewstest.TypeText(f, "sql")
			return f
		}},
		{"unmatched", func() *Findings {
			f := foundPanel(t)
			viewstest.Do(f, views.Search)
			viewstest.TypeText(f, "moon")
			return f
		}},
		{"many", func() *Findings { return manyFindings(t) }},
		{"loading", New},
		{"none", func() *Findings {
			f := New()
			f.SetFindings(nil, nil, nil, 24)
			return f
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			viewstest.CheckFrames(t, "findings-"+test.name, test.open(), viewstest.EnvOf(t, views.Scope{Set: viewstest.CheckoutTrace(t).Set()}))
		})
	}
}

func TestFindingsDrawAtAnySize(t *testing.T) {
	tr := viewstest.CheckoutTrace(t)
	viewstest.CheckAnything(t, viewstest.Env(t), 7, 1500, func() views.Screen { return foundPanel(t) }, func(s views.Screen, rng *rand.Rand) {
		f := s.(*Findings)
		switch rng.IntN(4) {
		case 0:
			f.SetWaiting(tr)
		case 1:
			f.SetFindings(nil, manyFindings(t).list, testSpots, 24)
		default:
			f.SetFindings(tr, viewstest.RandomFindings(rng, tr), testSpots[:rng.IntN(3)], 24)
		}
	})
}

func TestFindingsInASCII(t *testing.T) {
	viewstest.CheckASCII(t, "findings-ascii", 100, 30, foundPanel(t))
}

// TestFindingsMaskSecrets checks that a message that quotes an exception does not show its password.
func TestFindingsMaskSecrets(t *testing.T) {
	tr := tracetest.Set(t, "shop login 0ms +10ms error=boom\n").Trace(0)
	f := &rule.Finding{Detector: "error-origin", Title: "error origin", Message: "no connection to SECRET", Trace: tr}
	env := *viewstest.Env(t)
	env.Mask = func(_, value string) (string, bool) {
		return strings.ReplaceAll(value, "SECRET", "****"), strings.Contains(value, "SECRET")
	}
	panel, w := New(), waterfall.New()
	panel.SetFindings(tr, []*rule.Finding{f}, nil, 1)
	w.SetTrace(tr)
	w.SetFindings([]*rule.Finding{f})
	for _, s := range []views.Screen{panel, w} {
		g := draw.NewGrid(120, 40)
		s.Draw(g.All(), &env)
		if got := g.Plain(); strings.Contains(got, "SECRET") || !strings.Contains(got, "****") {
			t.Errorf("the secret is not masked:\n%s", got)
		}
	}
	if c, ok := viewstest.Act(panel, views.CopyValue).(views.Copy); !ok || strings.Contains(c.Text, "SECRET") {
		t.Errorf("the secret is copied: %+v", c)
	}
}

// TestCopiedLineHasTheHeadline: a finding is copied under the same title as diagnose prints it.
func TestCopiedLineHasTheHeadline(t *testing.T) {
	tr := tracetest.Set(t, "shop login 0ms +10ms error=boom\n").Trace(0)
	f := &rule.Finding{Detector: "error-origin", Title: "root-cause error: 503", Where: "shop login", Message: "It failed.", Trace: tr}
	panel := New()
	panel.SetFindings(tr, []*rule.Finding{f}, nil, 1)
	g := draw.NewGrid(120, 40)
	panel.Draw(g.All(), viewstest.Env(t))
	if c, ok := viewstest.Act(panel, views.CopyLine).(views.Copy); !ok || c.Text != f.Headline()+". It failed." || !strings.Contains(c.Text, "503 · shop login") {
		t.Errorf("copied is %+v", c)
	}
}
