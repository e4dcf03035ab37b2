package report

import (
	"strings"
	"testing"

	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views/comparison"
	"tracefall/views/draw"
)

// TestPairJSONSaysWhatTheScreenSays: the parts of the document sum to its difference, which is that of the durations it
// gives, and by call to the numbers of the copied table.
func TestPairJSONSaysWhatTheScreenSays(t *testing.T) {
	for name, pair := range map[string][2]string{
		"retries": {
			"gw pay 0ms +100ms\n  gw charge 5ms +90ms kind=client\n    pay authorize 10ms +80ms",
			"gw pay 0ms +5010ms\n  gw charge 5ms +1000ms kind=client repeat=5 error=\"503 Service Unavailable\"",
		},
		"two roots":     {"svc \"GET /a\" 0ms +5ms\nsvc \"GET /b\" 20ms +5ms", "svc \"GET /a\" 0ms +5ms\nsvc \"GET /b\" 220ms +5ms"},
		"lost root":     {"web root 0ms +50ms id=1\n  web load 10ms +20ms id=2", "web load 10ms +20ms id=2 parent=1\nweb save 90ms +3ms parent=1"},
		"early root":    {"app enqueue 0ms +5ms\n  app work 20ms +30ms\n  app mail 60ms +30ms", "app enqueue 0ms +5ms\n  app work 20ms +30ms\n  app mail 160ms +30ms"},
		"up and down":   {"web root 0ms +100ms\n  web a 0ms +90ms\n  web b 90ms +5ms", "web root 0ms +60ms\n  web a 0ms +10ms\n  web b 10ms +45ms"},
		"more and more": {"web root 0ms +100ms\n  web a 0ms +10ms repeat=3", "web root 0ms +900ms\n  web a 0ms +12ms repeat=60"},
	} {
		a, b := tracetest.One(t, pair[0]), tracetest.One(t, pair[1])
		c := compare.Pair(session.FactsOf(a.Set(), []*trace.Trace{a})[0], session.FactsOf(b.Set(), []*trace.Trace{b})[0])
		doc := newPairJSON(c, nil, session.Masking{})
		if whole := doc.Bad.(traceJSON).Duration - doc.Good.(traceJSON).Duration; doc.Delta != whole {
			t.Errorf("%s: delta_nano is %d, the durations differ by %d", name, doc.Delta, whole)
		}
		v := comparison.New()
		v.SetComparison(c)
		table := v.Markdown()
		var sum int64
		byCall := map[string]int64{}
		var calls []string
		for _, part := range doc.Contributions {
			sum += part.Delta
			call := strings.TrimSpace(part.Service + " " + part.Name)
			if _, known := byCall[call]; !known {
				calls = append(calls, call)
			}
			byCall[call] += part.Delta
			if part.Name == "" && part.Kind != "gap" {
				t.Errorf("%s: %+v is nobody's and no gap", name, part)
			}
		}
		if sum != doc.Delta {
			t.Errorf("%s: the contributions sum to %d of %d", name, sum, doc.Delta)
		}
		column := draw.Durations{Longest: max(c.Slower, -c.Faster)}
		for _, call := range calls {
			want, found := column.Change(byCall[call]), false
			for line := range strings.Lines(table) {
				cells := strings.Split(line, "|")
				found = found || len(cells) > 4 && strings.TrimSpace(cells[3]) == call && strings.TrimSpace(cells[1]) == want
			}
			if !found {
				t.Errorf("%s: the table does not give %s to %q:\n%s", name, want, call, table)
			}
		}
	}
}
