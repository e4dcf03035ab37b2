package app

import (
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
	"tracefall/views"
)

// TestCopiedFindingSaysTheShareOfTheScreen: what is copied says how much is avoidable, as the screen does, and not how
// much of the critical path the finding is about.
func TestCopiedFindingSaysTheShareOfTheScreen(t *testing.T) {
	f := &rule.Finding{Title: "retry storm ×5", Numbers: rule.Numbers{Critical: 4_920e6, Avoidable: 4_010e6, CriticalShare: 0.98}}
	if got := costs(f); got != " · potential saving ≤ 4.01 s, 80 % of the critical path" || !strings.HasSuffix(got, views.Worth(f)) {
		t.Errorf("copied is %q, the screen says %q", got, views.Worth(f))
	}
	if got := costs(&rule.Finding{}); got != "" {
		t.Errorf("a finding that saves nothing is copied with %q", got)
	}
}

// TestSharedFindingHasTheHeadline: what is copied as Markdown names a finding as diagnose prints it.
func TestSharedFindingHasTheHeadline(t *testing.T) {
	set := tracetest.Set(t, shop)
	f := &rule.Finding{Title: "retry storm ×5", Where: "payment POST /charge", Message: "5 calls.", Severity: rule.High, Numbers: rule.Numbers{Avoidable: 4_010e6}}
	m := testModel(t, set)
	if got := m.sharing.traceMarkdown(set.Trace(0), f); !strings.Contains(got, "- **retry storm ×5 · payment POST /charge · 4.01 s avoidable** (high): 5 calls.") {
		t.Errorf("copied is\n%s", got)
	}
}

// TestTabsOfAComparisonAreReopened: the command of a tab of a comparison names both traces and the tab, and what the
// command asks for opens that tab, filled.
func TestTabsOfAComparisonAreReopened(t *testing.T) {
	set := tracetest.Set(t, shop)
	m := testModel(t, set)
	good, bad := set.Trace(0), set.Trace(1)
	settle(m, m.do(views.CompareTraces{Good: good, Bad: bad}))
	for key, tab := range map[string]string{"2": "flame", "4": "map", "8": "findings"} {
		press(t, m, key)
		want := "tracefall shop.json --trace " + bad.ID().String() + " --compare " + good.ID().String() + " --view " + tab
		if got := m.sharing.reopening().Command(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: the command is %s, want %s", tab, got, want)
		}
		seen := screenText(m)
		again := testModel(t, set)
		again.asked = asked{View: tab, Trace: bad.ID().String(), Compare: good.ID().String()}
		settle(again, again.show(set))
		if got := screenText(again); tab != "findings" && got != seen {
			t.Errorf("%s: reopened is\n%s\nwas\n%s", tab, got, seen)
		}
		if !again.onTab(views.Command(tab)) {
			t.Errorf("%s: reopened on screen %d", tab, again.screen())
		}
	}
}
