package waterfall

import (
	"strings"
	"testing"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// headText is the line above the tabs.
func headText(w *Waterfall, env *views.Env, width int) string {
	grid := draw.NewGrid(width, 1)
	w.Head(grid.All(), env)
	return grid.Plain()
}

// bodyGrid is what the waterfall draws below its head and the tabs: its own row 0 is row 0, as in its layout.
func bodyGrid(w *Waterfall, env *views.Env, width, height int) *draw.Grid {
	grid := draw.NewGrid(width, height)
	w.Draw(grid.All(), env)
	return grid
}

// bodyLines are the lines of bodyGrid.
func bodyLines(w *Waterfall, env *views.Env, width, height int) []string {
	return strings.Split(bodyGrid(w, env, width, height).Plain(), "\n")
}

// keyed is the environment of tests with the keys that the waterfall names.
func keyed(t *testing.T) *views.Env {
	t.Helper()
	env := viewstest.Env(t)
	env.Key = func(c views.Command) string {
		return map[views.Command]string{views.NextFinding: "f", views.ClockOffsets: "w"}[c]
	}
	return env
}

func TestHeadSaysWhatTheTraceIs(t *testing.T) {
	w := foundWaterfall(t)
	for width, want := range map[int]string{
		120: " POST /api/checkout   api-gateway · 5.02 s · 66 spans · 9 services · ✗ 9 · 2026-11-20 14:03:22.101 UTC",
		80:  " POST /api/checkout   api-gateway · 5.02 s · 66 spans · ✗ 9 · 14:03:22.101 UTC",
		40:  " POST /api/checkout   5.02 s · ✗ 9",
	} {
		if got := headText(w, viewstest.Env(t), width); !strings.HasPrefix(got, want) {
			t.Errorf("at %d cells the head is %q, want %q", width, got, want)
		}
	}
	env := viewstest.Env(t)
	env.Mask = func(_, value string) (string, bool) { return value, false }
	if got := headText(w, env, 120); strings.Contains(got, "masked") {
		t.Errorf("without secrets the head says %q", got)
	}
	env.Secrets = true
	if got := headText(w, env, 120); !strings.HasSuffix(got, " masked ") {
		t.Errorf("the head does not end in what needs care: %q", got)
	}
	env.Mask = nil
	if got := headText(w, env, 120); strings.Contains(got, "masked") {
		t.Errorf("while secrets are shown the head says %q", got)
	}
}

// TestHeadDrawsAtAnyWidth draws heads before anything else was drawn.
func TestHeadDrawsAtAnyWidth(t *testing.T) {
	for _, tr := range []*Waterfall{New(), foundWaterfall(t), skewedWaterfall(t), openWaterfall(t, viewstest.BrokenTrace(t))} {
		tr.drawn = layout{}
		for width := 1; width < 200; width++ {
			grid := draw.NewGrid(width, 1)
			tr.Head(grid.All(), keyed(t))
			viewstest.CheckSize(t, grid)
		}
	}
}

func TestClockSkewIsSaidWithItsKey(t *testing.T) {
	w, env := skewedWaterfall(t), keyed(t)
	line := func() string { return bodyLines(w, env, 120, 20)[0] }
	if got := headText(w, env, 120); !strings.Contains(got, "△ clock skew: w") {
		t.Errorf("the head is %q", got)
	}
	if got := line(); !strings.Contains(got, "△ clock skew · 2 spans start before the parent · w corrects the times") {
		t.Errorf("without a finding its line is %q", got)
	}
	if w.Mouse(views.Mouse{X: 5, Y: 0}); !strings.Contains(line(), clocksAdjusted) {
		t.Errorf("after a click on its line it says %q", line())
	}
	viewstest.Do(w, views.ClockOffsets)
	found := viewstest.CheckoutFindings(viewstest.CheckoutTrace(t))[:1]
	w.SetFindings(found)
	if got := line(); !strings.Contains(got, "retry storm") || !strings.HasSuffix(got, "clock skew: w · f next ") {
		t.Errorf("beside a finding its line is %q", got)
	}
	viewstest.Do(w, views.ClockOffsets)
	if got := headText(w, env, 120) + line(); strings.Contains(got, "clock skew: w") || !strings.Contains(got, clocksAdjusted) {
		t.Errorf("after the correction it says %q", got)
	}
	w.SetFindings(nil)
	if got := line(); !strings.Contains(got, "△ clock skew corrected · w shows times as recorded") {
		t.Errorf("corrected and without a finding its line is %q", got)
	}
	sound := openWaterfall(t, viewstest.CheckoutTrace(t))
	sound.SetClocks(clocks.New(sound.Trace().Set()))
	if got := headText(sound, env, 120) + viewstest.Plain(sound, env, 120, 40); strings.Contains(got, "skew") {
		t.Errorf("clocks that agree are called skewed:\n%s", got)
	}
}

// A title that has room is not cut for its cost, nor for what the head says as well.
func TestFindingLineKeepsTheTitle(t *testing.T) {
	w, env := skewedWaterfall(t), keyed(t)
	list := viewstest.CheckoutFindings(viewstest.CheckoutTrace(t))
	list[0].Title = "network/queue gap before currencyservice: 9 calls, 1.81 s"
	w.SetFindings(list)
	for width, want := range map[int]string{
		100: " ▲ network/queue gap before currencyservice: 9 calls, 1.81 s · 3.60 s avoidable",
		80:  " ▲ network/queue gap before currencyservice: 9 calls, 1.81 s",
	} {
		if got := bodyLines(w, env, width, 30)[0]; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "1/3 · f next ") {
			t.Errorf("at %d cells the line is\n%q, want\n%q", width, got, want)
		}
	}
}

func TestFindingLineIsTitlePlaceAndCost(t *testing.T) {
	w, env := foundWaterfall(t), keyed(t)
	for width, want := range map[int]string{
		200: " ▲ retry storm ×5 · payment POST /charge · 3.60 s avoidable, 72 % of the critical path · 5 calls to payment POST /charge in one request; 4 failed with 503, gaps",
		102: " ▲ retry storm ×5 · payment POST /charge · 3.60 s avoidable, 72 % of the critical path",
		80:  " ▲ retry storm ×5 · payment POST /charge · 3.60 s avoidable",
		60:  " ▲ retry storm ×5 · 3.60 s avoidable",
		40:  " ▲ retry storm ×5",
	} {
		got := bodyLines(w, env, width, 30)[0]
		if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, " 1/3 · f next ") {
			t.Errorf("at %d cells the line is\n%q, want\n%q", width, got, want)
		}
	}
}

// A title that ends in the same time leaves the place its room.
func TestFindingLineSaysATimeOnce(t *testing.T) {
	w, env := foundWaterfall(t), keyed(t)
	list := viewstest.CheckoutFindings(w.Trace())
	f := list[0]
	f.Title, f.Took, f.Where = "slow external call · 3.60 s", f.Numbers.Avoidable, "api.sendgrid.com POST /charge"
	w.SetFindings(list)
	for width, want := range map[int]string{
		120: " ▲ slow external call · 3.60 s · api.sendgrid.com POST /charge · 3.60 s avoidable",
		80:  " ▲ slow external call · 3.60 s · api.sendgrid.com POST /charge ",
	} {
		if got := bodyLines(w, env, width, 30)[0]; !strings.HasPrefix(got, want) {
			t.Errorf("at %d cells the line is\n%q, want\n%q", width, got, want)
		}
	}
}

// What is avoidable in several traces is more than this one took, and says so.
func TestFindingLineNamesTheTracesOfItsCost(t *testing.T) {
	w, env := foundWaterfall(t), keyed(t)
	list := viewstest.CheckoutFindings(w.Trace())
	list[0].Evidence = append(list[0].Evidence, rule.Evidence{Role: rule.RoleOffender, Trace: viewstest.CheckoutTrace(t), Span: 1})
	w.SetFindings(list)
	for width, want := range map[int]string{
		200: " ▲ retry storm ×5 · payment POST /charge · 3.60 s avoidable in 2 traces, 72 % of their critical paths · ",
		100: " ▲ retry storm ×5 · payment POST /charge · 3.60 s avoidable in 2 traces",
		80:  " ▲ retry storm ×5 · payment POST /charge ",
	} {
		if got := bodyLines(w, env, width, 30)[0]; !strings.HasPrefix(got, want) {
			t.Errorf("at %d cells the line is\n%q, want\n%q", width, got, want)
		}
	}
}

// TestNamesInNarrowColumns checks that names lose first what they share, in the rows and above them, and that the services of
// the critical path still stand beside an open detail.
func TestNamesInNarrowColumns(t *testing.T) {
	tr := tracetest.One(t, `
checkout-service "POST /api/checkout" 0ms +90ms kind=server
  payment-service "POST /payments/authorise" 10ms +80ms kind=server
    payment-service "/shop.v1.FraudService/CheckCard" 10ms +60ms
`)
	w := openWaterfall(t, tr)
	w.SetFacts(viewstest.FactsOf(tr))
	for width, wanted := range map[int][]string{
		120: {"critical path: payment-service 89 %", "payment-service POST /payments/authorise", "/shop.v1.FraudService/CheckCard"},
		80:  {"critical path: payment… 89 %", "payment… POST /payments/auth…", " FraudService/CheckCard"},
		72:  {"critical path: payment… 89 %", "payment… POST /payments/…", " FraudService/CheckCard"},
	} {
		text := strings.Join(bodyLines(w, viewstest.Env(t), width, 40), "\n")
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("at %d cells %q is missing in\n%s", width, want, text)
			}
		}
	}
}
