package views

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestCompareSearch types what a call is called, goes on to the next, and back to where the search began.
func TestCompareSearch(t *testing.T) {
	good, bad := openDemo(t, "baseline-difference-good.jsonl.gz"), openDemo(t, "baseline-difference-bad.jsonl.gz")
	v := openCompare(t, pairTraces(good.Trace(0), bad.Trace(0)))
	env := testEnv(t)
	plain(v, env, 120, 40)
	on := func(want string) {
		t.Helper()
		if left, _ := v.Status(env); !strings.HasPrefix(left, "cluster-operator "+want+": ") {
			t.Errorf("the cursor is on %q, want %s", left, want)
		}
	}
	key := func(k tea.KeyPressMsg) Action { return v.Type(k) }
	word := func(text string) {
		for _, r := range text {
			key(tea.KeyPressMsg{Text: string(r), Code: r})
		}
	}
	do(v, Top)
	do(v, Search)
	word("elbv2")
	on("AWS.ELBv2/DescribeTargetHealth")
	if text := plain(v, env, 120, 40); !strings.Contains(text, "/ elbv2") || !strings.Contains(text, "2 calls") {
		t.Errorf("the frame lacks what is typed, or how many calls there are:\n%s", text)
	}
	if say, ok := key(tea.KeyPressMsg{Code: tea.KeyEnter}).(Say); !ok || !strings.HasPrefix(say.Text, "call 1 of 2 with “elbv2”") || v.Typing() {
		t.Errorf("enter says %+v", say)
	}
	do(v, Search)
	key(tea.KeyPressMsg{Code: tea.KeyEnter})
	on("AWS.ELBv2/RegisterTargets")
	do(v, Search)
	key(tea.KeyPressMsg{Code: tea.KeyDown})
	on("AWS.ELBv2/DescribeTargetHealth")
	key(tea.KeyPressMsg{Code: tea.KeyEscape})
	on("AWS.ELBv2/RegisterTargets")
	do(v, Search)
	word(" nowhere")
	on("AWS.ELBv2/RegisterTargets")
	if say, ok := key(tea.KeyPressMsg{Code: tea.KeyEnter}).(Say); !ok || !strings.HasPrefix(say.Text, "no call with") {
		t.Errorf("enter after what is nowhere says %+v", say)
	}
}
