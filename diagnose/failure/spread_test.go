package failure_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/failure"
)

func TestSpread(t *testing.T) {
	f := factstest.One(t, `
		gw root 0ms +100ms error=no kind=server
		  gw a 1ms +50ms error=no
		    gw b 2ms +40ms
		      db c 3ms +30ms error=no
		  gw "GET /d" 60ms +10ms kind=client http.response.status_code=200
		    d e 61ms +5ms error=no
		      d f 62ms +2ms error=no
		  gw g 71ms +10ms status=ok
		    d h 72ms +5ms error=no
		  gw later 200ms +10ms error=no`)
	want := []struct {
		name   string
		origin bool
		top    int
	}{
		{"root", false, 0}, {"a", false, 0}, {"b", false, 0}, {"c", true, 0}, {"GET /d", false, -1},
		{"e", false, 5}, {"f", true, 5}, {"g", false, -1}, {"h", true, 8}, {"later", true, 9},
	}
	s := failure.NewSpread(f)
	for i, w := range want {
		if name := f.Trace.Span(i).Name(); name != w.name || s.Origin(i) != w.origin || s.Highest(i) != w.top {
			t.Errorf("%s: origin %v, highest %d; want %+v", name, s.Origin(i), s.Highest(i), w)
		}
	}
	if s := failure.NewSpread(factstest.One(t, "a b 0ms +1ms")); s != nil {
		t.Error("a spread of no failures")
	}
}
