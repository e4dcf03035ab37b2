package comparison

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/viewstest"
)

// TestCompareSearch types what a call is called, goes on to the next, and back to where the search began.
func TestCompareSearch(t *testing.T) {
	good, bad := viewstest.OpenDemo(t, "baseline-difference-good.jsonl.gz"), viewstest.OpenDemo(t, "baseline-difference-bad.jsonl.gz")
	v := openCompare(t, pairTraces(good.Trace(0), bad.Trace(0)))
	env := viewstest.Env(t)
	viewstest.Plain(v, env, 120, 40)
	on := func(want string) {
		t.Helper()
		if at, _ := v.row(); v.rows.c.Name(int(at.node)) != "cluster-operator "+want {
			t.Errorf("the cursor is on %q, want %s", v.rows.c.Name(int(at.node)), want)
		}
	}
	key := func(k tea.KeyPressMsg) views.Action { return v.Type(k) }
	word := func(text string) {
		for _, r := range text {
			key(tea.KeyPressMsg{Text: string(r), Code: r})
		}
	}
	viewstest.Do(v, views.Top)
	viewstest.Do(v, views.Search)
	word("elbv2")
	on("AWS.ELBv2/DescribeTargetHealth")
	if text := viewstest.Plain(v, env, 120, 40); !strings.Contains(text, "/ elbv2") || !strings.Contains(text, "2 calls") {
		t.Errorf("the frame lacks what is typed, or how many calls there are:\n%s", text)
	}
	if say, ok := key(tea.KeyPressMsg{Code: tea.KeyEnter}).(views.Say); !ok || !strings.HasPrefix(say.Text, "call 1 of 2 with “elbv2”") || v.Typing() {
		t.Errorf("enter says %+v", say)
	}
	viewstest.Do(v, views.Search)
	key(tea.KeyPressMsg{Code: tea.KeyEnter})
	on("AWS.ELBv2/RegisterTargets")
	viewstest.Do(v, views.Search)
	key(tea.KeyPressMsg{Code: tea.KeyDown})
	on("AWS.ELBv2/DescribeTargetHealth")
	key(tea.KeyPressMsg{Code: tea.KeyEscape})
	on("AWS.ELBv2/RegisterTargets")
	viewstest.Do(v, views.Search)
	word(" nowhere")
	on("AWS.ELBv2/RegisterTargets")
	if say, ok := key(tea.KeyPressMsg{Code: tea.KeyEnter}).(views.Say); !ok || !strings.HasPrefix(say.Text, "no call with") {
		t.Errorf("enter after what is nowhere says %+v", say)
	}
}
