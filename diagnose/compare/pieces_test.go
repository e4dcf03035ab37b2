package compare_test

import (
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
)

// told lists the contributions of a comparison: where, of what kind, what, how much.
func told(c *compare.Comparison) []string {
	var list []string
	for _, p := range c.Contributions {
		where := c.Name(p.Node)
		if p.Apart {
			where = "nobody"
		}
		list = append(list, where+" "+p.Kind.String()+" "+p.Text())
	}
	return list
}

// TestPiecesBlameNobody: the time in which nothing of a trace ran that has several first spans, or that lost spans, is
// named and is no call's self time.
func TestPiecesBlameNobody(t *testing.T) {
	const request = "web \"GET /a\" 0ms +50ms id=1\n  web load 10ms +20ms id=2\n  web save 32ms +10ms id=3\n"
	for _, test := range []struct {
		name, good, bad, headline string
		want                      []string
	}{
		{
			"the gap between two first spans grew",
			"svc \"GET /a\" 0ms +5ms\nsvc \"GET /b\" 20ms +5ms", "svc \"GET /a\" 0ms +5ms\nsvc \"GET /b\" 220ms +5ms",
			"time between the first spans: +200 ms of +200 ms (100 %)", []string{"nobody gap time between the first spans (+200 ms)"},
		},
		{
			"the gap shrank, and a call became slower", "svc \"GET /a\" 0ms +5ms\nsvc \"GET /b\" 220ms +5ms", "svc \"GET /a\" 0ms +45ms\nsvc \"GET /b\" 60ms +5ms",
			"time between the first spans: -200 ms of -160 ms (125 %, offset by +40 ms elsewhere)",
			[]string{"nobody gap time between the first spans (-200 ms)", "svc GET /a duration self time +40 ms"},
		},
		{
			"only one trace has two first spans", "svc \"GET /a\" 0ms +5ms", "svc \"GET /a\" 0ms +5ms\nsvc \"GET /b\" 220ms +5ms",
			"time between the first spans: +215 ms of +220 ms (98 %)",
			[]string{"nobody gap time between the first spans (+215 ms)", "svc GET /b added added (+5 ms)"},
		},
		{
			"a piece lies further away", "web read 0ms +10ms parent=66\nweb late 20ms +5ms parent=77", "web read 0ms +10ms parent=66\nweb late 620ms +5ms parent=77",
			"time between pieces of an incomplete trace: +600 ms of +600 ms (100 %)", []string{"nobody gap time between pieces of an incomplete trace (+600 ms)"},
		},
		{
			"the bad trace lost its root", request, "web load 10ms +20ms id=2 parent=1\nweb save 62ms +10ms id=3 parent=1",
			"time between pieces of an incomplete trace: +32 ms, offset by -20 ms elsewhere, trace +12 ms",
			[]string{"nobody gap time between pieces of an incomplete trace (+32 ms)", "web GET /a missing root span not present (the trace may be incomplete): self time -20 ms"},
		},
		{
			"the good trace lost its root", "web load 10ms +20ms id=2 parent=1\nweb save 62ms +10ms id=3 parent=1", request,
			"time between pieces of an incomplete trace: -32 ms, offset by +20 ms elsewhere, trace -12 ms",
			[]string{"nobody gap time between pieces of an incomplete trace (-32 ms)", "web GET /a added root span added: self time +20 ms"},
		},
		{
			"most of a trace runs after its root",
			"app enqueue 0ms +5ms\n  app work 20ms +30ms\n  app mail 60ms +30ms", "app enqueue 0ms +5ms\n  app work 20ms +30ms\n  app mail 160ms +30ms",
			"time outside the root span: +100 ms of +100 ms (100 %)", []string{"nobody gap time outside the root span (+100 ms)"},
		},
	} {
		c := pair(t, test.good, test.bad)
		if got := told(c); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if c.Headline != test.headline && !strings.HasSuffix(c.Headline, test.headline) {
			t.Errorf("%s: headline %q, want %q", test.name, c.Headline, test.headline)
		}
		if c.Trust.Unrelated {
			t.Errorf("%s: the traces are called unrelated", test.name)
		}
		if max(c.Delta, -c.Delta) >= 20e6 && len(c.Changes) == 0 {
			t.Errorf("%s: nothing is said to have changed", test.name)
		}
		for _, ch := range c.Changes {
			if n := &c.Nodes[ch.Node]; n.Parent >= 0 && ch.Kind == compare.KindDuration && n.Op.Label() == "GET /b" {
				t.Errorf("%s: GET /b did not change: %+v", test.name, ch)
			}
		}
	}
}

// TestRootInsideTheOther: where the root of one trace is a call of the other's, because a proxy was put before it or the
// root is not in the export, the two are the same call and the root above it is a level.
func TestRootInsideTheOther(t *testing.T) {
	const inner = "web \"GET /a\" 0ms +50ms\n  web load 10ms +20ms\n"
	const outer = "proxy \"GET /p\" 0ms +70ms\n  web \"GET /a\" 10ms +50ms\n    web load 20ms +20ms\n"
	for _, test := range []struct{ good, bad, rows, part string }{
		{inner, outer, "+ GET /p 0/1 level\n = GET /a 1/1\n  = load 1/1\n", "proxy GET /p added intermediate span added (+20 ms)"},
		{outer, inner, "- GET /p 1/0 level\n = GET /a 1/1\n  = load 1/1\n", "proxy GET /p missing intermediate span removed (-20 ms)"},
	} {
		c := pair(t, test.good, test.bad)
		if got := rows(c); got != test.rows || c.Trust.Unrelated {
			t.Errorf("rows\n%swant\n%sunrelated %v", got, test.rows, c.Trust.Unrelated)
		}
		if got := told(c); !slices.Equal(got, []string{test.part}) {
			t.Errorf("%q, want %q", got, test.part)
		}
	}
}
