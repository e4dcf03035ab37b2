package comparison

import (
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// TestTroubleIsColoured: what failed is red and what is in doubt yellow, wherever a comparison says so, in a pipe, too.
func TestTroubleIsColoured(t *testing.T) {
	env := viewstest.Env(t)
	env.Focused = false // no row has the colours of the selection
	red, yellow := env.Theme.Error, env.Theme.Warn
	failed, incomplete := pairOf(t, goodOrder, badOrder), pairOf(t, goodDashboard, badDashboard+"web lost 20ms +30ms parent=77\n")
	failedTwice := pairOf(t, badOrder, strings.Replace(badOrder, "+60ms", "+90ms", 1))
	for name, test := range map[string]struct {
		c     *compare.Comparison
		width int // 0: what is printed
		do    []views.Command
		text  string
		ink   draw.Ink
	}{
		"the duration of a trace that failed": {failed, 120, nil, "60 ms ✗", red},
		"the end of the bar":                  {failed, 120, nil, "✗", red},
		"a call that now fails":               {failed, 80, nil, "POST /reserve   ✗", red},
		"a call that fails as before":         {failedTwice, 80, nil, "POST /order          ✗", red},
		"the errors beneath a closed row":     {failed, 120, []views.Command{views.Top, views.Fold}, "+1✗", red},
		"what is in doubt":                    {incomplete, 120, nil, "△ bad trace may be incomplete: 1 orphan span", yellow},
		"what is in doubt, in few words":      {incomplete, 120, nil, "△ bad trace incomplete · 25 % of spans matched", yellow},
		"what is in doubt, printed":           {incomplete, 0, nil, "△ bad trace may be incomplete: 1 orphan span", yellow},
	} {
		t.Run(name, func(t *testing.T) {
			v := New()
			v.SetComparison(test.c)
			viewstest.Frame(v, env, 120, 40)
			viewstest.Do(v, test.do...)
			var runs []viewstest.Run
			if test.width > 0 {
				runs = viewstest.Runs(viewstest.Frame(v, env, test.width, 40))
			} else if err := v.Print(120, env, func(g *draw.Grid) error {
				runs = append(runs, viewstest.Runs(g)...)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			found := false
			for _, run := range runs {
				if strings.HasSuffix(run.Text, test.text) {
					viewstest.WantInk(t, run, test.ink)
					found = true
				}
			}
			if !found {
				t.Errorf("nothing says %q", test.text)
			}
		})
	}
}
