package compare_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/sources/tracetest"
)

func pair(t *testing.T, good, bad string) *compare.Comparison {
	t.Helper()
	a, b := tracetest.One(t, good), tracetest.One(t, bad)
	c := compare.Pair(facts.New(a, facts.NewOps(a.Set())), facts.New(b, facts.NewOps(b.Set())))
	var sum int64
	for _, part := range c.Contributions {
		sum += part.Delta
	}
	if sum != c.Delta {
		t.Fatalf("contributions sum to %d, the difference is %d", sum, c.Delta)
	}
	return c
}

// rows writes the aligned tree: presence, depth, label, counts.
func rows(c *compare.Comparison) string {
	var b strings.Builder
	for _, n := range c.Nodes {
		mark := map[compare.Presence]string{compare.Matched: "=", compare.Added: "+", compare.Missing: "-"}[n.Presence]
		fmt.Fprintf(&b, "%s%s %s %d/%d", strings.Repeat(" ", n.Depth), mark, n.Op.Label(), len(n.Good), len(n.Bad))
		for _, flag := range []struct {
			on   bool
			name string
		}{{n.Relaxed, "relaxed"}, {n.Level, "level"}, {n.Moved >= 0, "moved"}, {n.NotReached, "not reached"}} {
			if flag.on {
				b.WriteString(" " + flag.name)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

const dashboard = `
web "GET /dashboard" 0ms +412ms kind=server
  web auth 5ms +20ms
  web getUserPosts 30ms +260ms
    web "getComments (post_id={i})" 40ms +40ms repeat=3 every=42ms
      web "SELECT comments" 42ms +30ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM comments WHERE post_id = {i}"
  web render 300ms +100ms
`

func TestIdentity(t *testing.T) {
	c := pair(t, dashboard, dashboard)
	if c.Delta != 0 || len(c.Contributions) != 0 || len(c.Changes) != 0 || c.Divergence != nil || c.Trust.MatchedShare != 1 {
		t.Errorf("a trace differs from itself: %+v %+v %+v %+v", c.Contributions, c.Changes, c.Divergence, c.Trust)
	}
}

func TestCountIsNamedFirst(t *testing.T) {
	bad := `
web "GET /dashboard" 0ms +3000ms kind=server
  web auth 5ms +20ms
  web getUserPosts 30ms +2850ms
    web "getComments (post_id={i})" 40ms +50ms repeat=50 every=55ms
      web "SELECT comments" 42ms +30ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM comments WHERE post_id = {i}"
  web render 2890ms +100ms
  web "GET flags" 2992ms +5ms
`
	c := pair(t, dashboard, bad)
	want := "= GET /dashboard 1/1\n = auth 1/1\n = getUserPosts 1/1\n  = getComments (post_id={int}) 3/50\n   = SELECT * FROM comments WHERE post_id = ? 3/50\n = render 1/1\n + GET flags 0/1\n"
	if diff := cmp.Diff(want, rows(c)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	first := c.Contributions[0]
	if first.Kind != compare.KindCount || first.Delta != 47*40e6 || first.Message != "×3 → ×50" {
		t.Errorf("first contribution: %+v", first)
	}
	if second := c.Contributions[1]; second.Delta != 50*10e6 || second.Message != "self time +500 ms (+10 ms each)" {
		t.Errorf("second contribution: %+v", second)
	}
	if want := "web getComments (post_id={int}): 3 calls → 50: +2.38 s of +2.59 s (92 %)"; c.Headline != want {
		t.Errorf("headline %q, want %q", c.Headline, want)
	}
	if d := c.Divergence; d == nil || d.Kind != compare.KindCount || d.Message != "web getComments (post_id={int}) ran ×50 instead of ×3 under web getUserPosts; no error is recorded" {
		t.Errorf("divergence: %+v", d)
	}
}

func TestMirror(t *testing.T) {
	bad := strings.Replace(strings.Replace(dashboard, "web auth 5ms +20ms", `web auth 5ms +25ms error="no"`, 1), "web render", "web paint", 1)
	there, back := pair(t, dashboard, bad), pair(t, bad, dashboard)
	if there.Delta != -back.Delta || len(there.Contributions) != len(back.Contributions) || len(there.Changes) != len(back.Changes) {
		t.Errorf("not a mirror:\n%+v\n%+v\n%+v\n%+v", there.Contributions, back.Contributions, there.Changes, back.Changes)
	}
	if !strings.Contains(rows(there), "- render 1/0") || !strings.Contains(rows(there), "+ paint 0/1") {
		t.Errorf("renamed beyond likeness:\n%s", rows(there))
	}
}

func TestMissingCallWithoutError(t *testing.T) {
	good := `
ops register_cluster_node_to_lb 0ms +900ms
  ops "ELBv2.DescribeTargetGroups" 10ms +300ms kind=client rpc.system=aws-api rpc.service=ELBv2 rpc.method=DescribeTargetGroups
  ops "ELBv2.RegisterTargets" 320ms +500ms kind=client rpc.system=aws-api rpc.service=ELBv2 rpc.method=RegisterTargets`
	bad := `
ops register_cluster_node_to_lb 0ms +340ms
  ops "ELBv2.DescribeTargetGroups" 10ms +310ms kind=client rpc.system=aws-api rpc.service=ELBv2 rpc.method=DescribeTargetGroups`
	c := pair(t, good, bad)
	want := "ops register_cluster_node_to_lb made 2 ELBv2 calls in the baseline and 1 in the bad trace; missing: ELBv2/RegisterTargets; no error is recorded"
	if c.Divergence == nil || c.Divergence.Message != want {
		t.Errorf("divergence %+v, want %q", c.Divergence, want)
	}
	if first := c.Contributions[0]; first.Kind != compare.KindMissing || first.Delta != -500e6 {
		t.Errorf("first contribution %+v", first)
	}
}

func TestFailedCallStaysOnePair(t *testing.T) {
	good := `
api "POST /order" 0ms +200ms kind=server
  api save 10ms +20ms
  api reserve 40ms +50ms kind=client
    stock reserve 45ms +40ms kind=server
      stock "UPDATE stock" 50ms +20ms db.system=mysql db.statement="UPDATE stock SET n = n - 1"
  api charge 100ms +80ms`
	bad := `
api "POST /order" 0ms +60ms kind=server error="reserve failed"
  api save 10ms +20ms
  api reserve 40ms +3ms kind=client error="connect ECONNREFUSED"`
	c := pair(t, good, bad)
	want := "= POST /order 1/1\n = save 1/1\n = reserve 1/1\n  - UPDATE stock SET n = n - ? 1/0\n - charge 1/0 not reached\n"
	if diff := cmp.Diff(want, rows(c)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if d := c.Divergence; d == nil || d.Kind != compare.KindStatus || d.Message != "stock reserve under api POST /order: ok → error (UNAVAILABLE)" {
		t.Errorf("divergence: %+v", d)
	}
}

func TestLevelAndMove(t *testing.T) {
	good := `
api root 0ms +100ms
  api handler 1ms +90ms
    api load 2ms +40ms
      api parse 3ms +10ms
  api log 95ms +1ms`
	bad := `
api root 0ms +110ms
  api middleware 1ms +100ms
    api handler 2ms +90ms
      api load 3ms +40ms
  api log 105ms +1ms
    api parse 105ms +1ms`
	c := pair(t, good, bad)
	want := "= root 1/1\n + middleware 0/1 level\n  = handler 1/1\n   = load 1/1\n    - parse 1/0 moved\n = log 1/1\n  + parse 0/1 moved\n"
	if diff := cmp.Diff(want, rows(c)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	c = pair(t, bad, good)
	if !strings.Contains(rows(c), "- middleware 1/0 level\n  = handler 1/1\n") {
		t.Errorf("level removed:\n%s", rows(c))
	}
}

func TestRenamedCall(t *testing.T) {
	good := "api root 0ms +100ms\n  api loadUserProfiles 1ms +90ms\n    api query 2ms +9ms"
	bad := "api root 0ms +100ms\n  api loadUserProfile 1ms +90ms\n    api query 2ms +9ms"
	c := pair(t, good, bad)
	if !strings.Contains(rows(c), "= loadUserProfile 1/1 relaxed\n  = query 1/1\n") {
		t.Errorf("rows:\n%s", rows(c))
	}
}

// TestOneShapeForAnyID: calls that differ only in ids are one call, whatever the ids are made of on either side.
func TestOneShapeForAnyID(t *testing.T) {
	trace := func(keys ...string) string {
		text := "cart \"GET /cart\" 0ms +100ms kind=server\n"
		for i, key := range keys {
			text += fmt.Sprintf("  cart \"GET %s\" %dms +3ms kind=client db.system.name=redis db.query.text=\"GET %s\"\n", key, 10*i+5, key)
		}
		return text
	}
	numbers := trace("cart:1001", "cart:2002", "cart:3003")
	for name, other := range map[string]string{
		"numbers": trace("cart:4004", "cart:5005", "cart:6006"),
		"letters": trace("cart:a81fk2", "cart:zq94mx", "cart:p07tr5"),
		"hex":     trace("cart:5f3c9a1b7d2e", "cart:09ab44ef3c2d", "cart:77dd01c9e5ba"),
		"uuids":   trace("cart:0b6f1c1e-3b5e-4f0b-9d59-0d3a6d2a2f11", "cart:5a0f9e62-70a4-4d3e-8e1c-3f1d2b7c9a01", "cart:c2d7e8f0-1a2b-4c3d-9e4f-5a6b7c8d9e0f"),
	} {
		c := pair(t, numbers, other)
		if c.Trust.MatchedShare != 1 || len(c.Changes) > 0 || len(c.Contributions) > 0 || c.Headline != "no difference" {
			t.Errorf("%s: matched %v, changes %+v, headline %q", name, c.Trust.MatchedShare, c.Changes, c.Headline)
		}
		if got := c.Name(1); name != "numbers" && got != "cart GET cart:{id}" {
			t.Errorf("%s: the calls are named %q", name, got)
		}
	}
}

func TestUnrelatedAndIncomplete(t *testing.T) {
	c := pair(t, dashboard, "mail send 0ms +5ms kind=producer messaging.system=kafka messaging.destination.name=mail")
	if !c.Trust.Unrelated {
		t.Error("different operations are not said to be so")
	}
	c = pair(t, dashboard, "web \"GET /dashboard\" 0ms +400ms kind=server\nweb lost 20ms +30ms parent=77")
	if !c.Trust.Incomplete[1] {
		t.Error("orphans do not make a trace incomplete")
	}
	found := false
	for _, ch := range c.Changes {
		found = found || strings.Contains(ch.Detail, "not present (the trace may be incomplete)")
	}
	if !found {
		t.Errorf("changes %+v", c.Changes)
	}
}

// TestAttributesMaskSecrets checks that a comparison does not show what the export should not have recorded.
func TestAttributesMaskSecrets(t *testing.T) {
	c := pair(t, "shop checkout 0ms +10ms db.password=hunter22 region=eu\n", "shop checkout 0ms +10ms db.password=hunter33 region=us\n")
	got := map[string]string{}
	for _, a := range c.Attributes(0, 0) {
		got[a.Key] = a.Good + " " + a.Bad
	}
	if got["db.password"] != "**** ****" || got["region"] != "eu us" {
		t.Errorf("the attributes differ as %v, want the passwords masked and the regions shown", got)
	}
}
