package views

import (
	"strings"
	"testing"

	"tracefall/sources/trace"
)

// TestTruncatedIsSaidWhereItIsSeen opens two traces of a file that was cut off within the second.
func TestTruncatedIsSaidWhereItIsSeen(t *testing.T) {
	set := func(cut bool) *trace.Set {
		m := newTraceMaker()
		m.span(0, "shop", "GET /a", 0, 1000)
		m.span(0, "shop", "GET /b", 5000, 1000, func(_ *trace.Builder, raw *trace.RawSpan) { raw.Trace.Lo++ })
		if cut {
			m.b.Truncated()
			m.b.Notice(trace.Notice{Kind: trace.NoticeTruncated, Input: "incident.json", Count: 1, Message: "file truncated"})
		}
		return m.b.Build()
	}
	env := testEnv(t)
	for _, cut := range []bool{false, true} {
		s := set(cut)
		l := NewList()
		l.SetSet(s)
		if text := plain(l, env, 80, 24); strings.Contains(text, "△ file truncated") != cut {
			t.Errorf("cut %v, the list:\n%s", cut, text)
		}
		w := openWaterfall(t, s.Trace(1))
		if text := plain(w, env, 80, 24); strings.Contains(text, "△ truncated: spans may be missing") != cut {
			t.Errorf("cut %v, the trace that was read last:\n%s", cut, text)
		}
		w = openWaterfall(t, s.Trace(0))
		if text := plain(w, env, 120, 40); strings.Contains(text, "△ file truncated") != cut {
			t.Errorf("cut %v, a trace before:\n%s", cut, text)
		}
		d := &Diagnostics{}
		d.SetSet(s)
		text := plain(d, env, 80, 24)
		if strings.Contains(text, "file truncated") != cut || strings.Contains(text, "trace may be incomplete") != cut {
			t.Errorf("cut %v, the import report:\n%s", cut, text)
		}
		if cut && strings.Contains(text, "every trace is whole") {
			t.Errorf("a truncated file's traces are called whole:\n%s", text)
		}
	}
}
