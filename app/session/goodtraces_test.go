package session

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/live"
	"tracefall/sources/tracetest"
)

// TestGoodWindows: the nearest before the bad trace first, and nothing outside of the window but the same hour of other days.
func TestGoodWindows(t *testing.T) {
	bad := tracetest.Set(t, "trace 1\nweb \"GET /cart\" 0ms +100ms kind=server\n").Trace(0)
	at := time.Unix(0, bad.Start())
	h := func(hours float64) time.Time { return at.Add(time.Duration(hours * float64(time.Hour))) }
	others := []live.Window{{From: h(-24.5), To: h(-23.5)}, {From: h(-168.5), To: h(-167.5)}}
	for _, c := range []struct {
		name  string
		asked live.Window
		want  []live.Window
	}{
		{"around it", live.Window{From: h(-1), To: h(2)}, []live.Window{{From: h(-1), To: at}, {From: at, To: h(2)}}},
		{"none", live.Window{}, []live.Window{{From: h(-.5), To: at}, {From: at, To: h(.5)}}},
		{"after it", live.Window{From: h(1), To: h(2)}, []live.Window{{From: h(1), To: h(2)}}},
		{"before it", live.Window{From: h(-2), To: h(-1)}, []live.Window{{From: h(-2), To: h(-1)}}},
	} {
		if diff := cmp.Diff(append(c.want, others...), goodWindows(c.asked, bad)); diff != "" {
			t.Errorf("window %s (-want +got):\n%s", c.name, diff)
		}
	}
}
