package compare_test

import (
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
)

const checkout = `
gateway "POST /checkout" 0ms +140ms kind=server
  gateway charge 20ms +100ms kind=client
    payment charge 22ms +96ms kind=server resource.host.name=pay-1
      payment "SELECT accounts" 30ms +60ms kind=client db.system.name=mysql db.query.text="SELECT * FROM accounts WHERE id = 7"
`

// TestRetries: one call became five, of which four failed at once.
func TestRetries(t *testing.T) {
	bad := `
gateway "POST /checkout" 0ms +540ms kind=server
  gateway charge 20ms +100ms kind=client repeat=4 error="connect ECONNREFUSED"
  gateway charge 420ms +100ms kind=client
    payment charge 422ms +96ms kind=server resource.host.name=pay-1
      payment "SELECT accounts" 430ms +60ms kind=client db.system.name=mysql db.query.text="SELECT * FROM accounts WHERE id = 7"
`
	c := pair(t, checkout, bad)
	want := "payment charge ran ×5 instead of ×1 under gateway POST /checkout, 4/5 errors (UNAVAILABLE)"
	if c.Divergence == nil || c.Divergence.Message != want || c.Divergence.Kind != compare.KindStatus {
		t.Errorf("divergence %+v, want %q", c.Divergence, want)
	}
	at := c.Divergence.Node
	if c.DeltaOf(at) != 400e6 || c.Delta != 400e6 {
		t.Errorf("the calls take %d more of %d", c.DeltaOf(at), c.Delta)
	}
	first := c.Contributions[0]
	if first.Node != at || first.Kind != compare.KindCount || first.Delta != 400e6 || first.Message != "×1 → ×5, 4/5 errors (UNAVAILABLE)" {
		t.Errorf("first contribution %+v", first)
	}
	want = "payment charge: 1 call → 5, 4 of 5 failed (UNAVAILABLE): +400 ms of +400 ms (100 %)"
	if c.Headline != want || len(c.Contributions) != 1 {
		t.Errorf("headline %q, want %q; contributions %+v", c.Headline, want, c.Contributions)
	}
}

// TestNPlusOne: one query became fifty.
func TestNPlusOne(t *testing.T) {
	bad := `
gateway "POST /checkout" 0ms +3080ms kind=server
  gateway charge 20ms +3040ms kind=client
    payment charge 22ms +3036ms kind=server resource.host.name=pay-1
      payment "SELECT accounts" 30ms +60ms kind=client db.system.name=mysql db.query.text="SELECT * FROM accounts WHERE id = {i}" repeat=50
`
	c := pair(t, checkout, bad)
	first := c.Contributions[0]
	if first.Kind != compare.KindCount || first.Delta != 49*60e6 || first.Message != "×1 → ×50" || c.Delta != 49*60e6 {
		t.Errorf("first contribution %+v of %d", first, c.Delta)
	}
	if d := c.Divergence; d == nil || d.Kind != compare.KindCount || d.Node != first.Node {
		t.Errorf("divergence %+v", d)
	}
}

// TestRepeatedWithChildren: what is below a repeated call follows from it, and what changed below is told apart.
func TestRepeatedWithChildren(t *testing.T) {
	good := `
web root 0ms +100ms
  web each 10ms +20ms repeat=2
    web parse 12ms +4ms
    web store 18ms +10ms`
	bad := `
web root 0ms +240ms
  web each 10ms +30ms repeat=7
    web parse 12ms +4ms
    web store 18ms +20ms`
	c := pair(t, good, bad)
	var got []string
	for _, p := range c.Contributions {
		got = append(got, strings.Join(c.Path(p.Node), "/")+" "+p.Kind.String()+" "+p.Message)
	}
	want := []string{
		"root/each count ×2 → ×7",
		"root/each/store duration self time +70 ms (+10 ms each)",
		"root duration self time -30 ms",
	}
	if !slices.Equal(got, want) || c.Contributions[0].Delta != 100e6 || c.Contributions[1].Delta != 70e6 {
		t.Errorf("contributions %q, want %q", got, want)
	}
	for _, ch := range c.Changes {
		if ch.Kind == compare.KindCount && c.Nodes[ch.Node].Op.Label() != "each" {
			t.Errorf("what follows from more calls is a change of its own: %+v", ch)
		}
	}
}

// TestHidden: a call that became much slower while the parent waited for another.
func TestHidden(t *testing.T) {
	good := `
web root 0ms +2000ms
  web slow 100ms +100ms
  web wait 100ms +1800ms`
	bad := strings.Replace(good, "slow 100ms +100ms", "slow 100ms +900ms", 1)
	c := pair(t, good, bad)
	var got []string
	for _, ch := range c.Changes {
		got = append(got, ch.Detail)
	}
	want := []string{
		"100 ms → 900 ms (+800 ms), but hidden behind wait, slack 900 ms",
	}
	if !slices.Equal(got, want) || c.Delta != 0 || c.Headline != "1 change, trace duration unchanged" {
		t.Errorf("changes %q, want %q; headline %q", got, want, c.Headline)
	}
	c = pair(t, good+"\n  web audit 2100ms +10ms", good+"\n  web audit 2100ms +500ms")
	if last := len(c.Changes) - 1; last < 0 || c.Changes[last].Detail != "10 ms → 500 ms (+490 ms), but nothing waits for it" {
		t.Errorf("changes %+v", c.Changes)
	}
}

// TestDecides: a call whose duration did not change decides the end when the one before it got faster.
func TestDecides(t *testing.T) {
	good := `
web root 0ms +1000ms
  web one 10ms +980ms
  web two 10ms +700ms`
	bad := `
web root 0ms +720ms
  web one 10ms +200ms
  web two 10ms +700ms`
	c := pair(t, good, bad)
	found := false
	for _, p := range c.Contributions {
		found = found || c.Nodes[p.Node].Op.Label() == "two" && p.Message == "now on the critical path, its duration hardly changed" && p.Delta == 700e6
	}
	if !found {
		t.Errorf("contributions %+v", c.Contributions)
	}
}

// TestTwoLevels: levels one inside the other, and one around several calls.
func TestTwoLevels(t *testing.T) {
	good := `
web root 0ms +100ms
  web load 10ms +30ms
  web save 50ms +30ms`
	bad := `
web root 0ms +110ms
  web proxy 1ms +108ms
    web middleware 2ms +100ms
      web load 10ms +30ms
      web save 50ms +30ms`
	c := pair(t, good, bad)
	want := "= root 1/1\n + proxy 0/1 level\n  + middleware 0/1 level\n   = load 1/1\n   = save 1/1\n"
	if rows(c) != want || c.Divergence != nil {
		t.Errorf("rows\n%swant\n%s%+v", rows(c), want, c.Divergence)
	}
	if back := pair(t, bad, good); !strings.Contains(rows(back), "- proxy 1/0 level\n  - middleware 1/0 level\n   = load 1/1\n") {
		t.Errorf("rows back\n%s", rows(back))
	}
}

// TestPieces: where the bad trace lost a span, what hung below it is found again.
func TestPieces(t *testing.T) {
	good := `
web root 0ms +100ms id=1
  web load 10ms +60ms id=2
    web parse 20ms +20ms id=3
      web read 21ms +5ms id=4
  web save 80ms +10ms id=5`
	bad := `
web root 0ms +100ms id=1
  web save 80ms +10ms id=5
web parse 20ms +20ms id=3 parent=2
  web read 21ms +5ms id=4`
	c := pair(t, good, bad)
	if c.Trust.Unrelated || !c.Trust.Incomplete[1] || c.Trust.Incomplete[0] {
		t.Errorf("trust %+v", c.Trust)
	}
	if got := rows(c); !strings.Contains(got, "= root 1/1\n") || !strings.Contains(got, "- load 1/0\n") || !strings.Contains(got, "+ parse 0/1 moved") {
		t.Errorf("rows\n%s", got)
	}
	if d := c.Divergence; d == nil || !strings.Contains(d.Message, "web load not present (the trace may be incomplete)") {
		t.Errorf("divergence %+v", d)
	}
	if at := c.Anchor(c.Divergence.Node); c.Bad.Trace.Span(at).Name() != "root" {
		t.Errorf("anchored at %s", c.Bad.Trace.Span(at).Name())
	}
}

// TestMissingTrifle: a call of microseconds is missing from a trace that is slower for another reason; what took the
// time is told first.
func TestMissingTrifle(t *testing.T) {
	trifle := checkout + `
  gateway audit 130ms +20us
`
	bad := `
gateway "POST /checkout" 0ms +212ms kind=server
  gateway charge 20ms +172ms kind=client
    payment charge 22ms +168ms kind=server resource.host.name=pay-1
      payment "SELECT accounts" 30ms +132ms kind=client db.system.name=mysql db.query.text="SELECT * FROM accounts WHERE id = 7"
`
	c := pair(t, trifle, bad)
	want := "gateway audit missing under gateway POST /checkout; no error is recorded"
	if c.Divergence == nil || c.Divergence.Message != want {
		t.Fatalf("divergence %+v, want %q", c.Divergence, want)
	}
	if c.Headline != "payment SELECT * FROM accounts WHERE id = ?: self time +72 ms of +72 ms (100 %)" || c.Divergence.Message != want {
		t.Errorf("headline %q", c.Headline)
	}
	longer := strings.Replace(trifle, "+20us", "+5ms", 1)
	if c = pair(t, longer, bad); !strings.HasPrefix(c.Headline, "gateway audit: missing, no error recorded; ") {
		t.Errorf("headline %q, want the missing call first: its 5 ms are a share of the difference", c.Headline)
	}
}

// TestMissingUnderRepeated: each of five failed attempts lacks the call that the one good attempt made. They are calls
// of another sort: what they gained and what they lost is told as one, and agrees with how long they took.
func TestMissingUnderRepeated(t *testing.T) {
	c := pair(t, checkout, `
gateway "POST /checkout" 0ms +2040ms kind=server
  gateway charge 20ms +400ms kind=client repeat=5 error="connect ECONNREFUSED"
`)
	var got []string
	for _, part := range c.Contributions {
		got = append(got, part.Text())
	}
	want := []string{"each 100 ms → 400 ms (+1.50 s)", "×1 → ×5, 5/5 errors (UNAVAILABLE) (+400 ms)"}
	if !slices.Equal(got, want) || c.Causes[0].Delta != c.DeltaOf(1) || len(c.Causes) != 1 {
		t.Errorf("contributions %q, want %q; causes %+v", got, want, c.Causes)
	}
	c = pair(t, "web root 0ms +110ms\n  web each 0ms +110ms\n    web load 10ms +100ms", "web root 0ms +2000ms\n  web each 0ms +400ms repeat=5")
	if c.Contributions[0].Text() != "each 110 ms → 400 ms (+1.45 s)" || len(c.Causes) != 1 {
		t.Errorf("contributions %+v", c.Contributions)
	}
	c = pair(t, `
web root 0ms +110ms
  web each 0ms +110ms
    web load 10ms +100ms`, `
web root 0ms +100ms
  web each 0ms +20ms repeat=5`)
	for _, part := range c.Contributions {
		if part.Kind == compare.KindMissing {
			if part.Message != "missing in each of 5 calls (5 × 100 ms)" || part.Delta != -500e6 {
				t.Errorf("%+v does not say that it is missing in 5 calls", part)
			}
			return
		}
	}
	t.Errorf("nothing is missing: %+v", c.Contributions)
}
