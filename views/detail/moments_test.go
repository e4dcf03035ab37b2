package detail

import (
	"strings"
	"testing"

	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views/viewstest"
)

// TestOffsetsCountFromTheTrace reads the offsets of start, end, events and exception on one screen: all have one zero, and say it.
func TestOffsetsCountFromTheTrace(t *testing.T) {
	set := tracetest.Set(t, `
gateway "GET /" 0ms +48s
  pay charge 47300ms +5ms error=no
    event retry 47301ms
    event exception 47304ms exception.type=Refused
`)
	d := New()
	d.SetSpan(set.Trace(0), 1)
	text := viewstest.Plain(d, viewstest.Env(t), 80, 30)
	for _, want := range []string{"of trace · at +47.3 s", "+47.3 s from trace start", "EVENTS 2, offsets from trace start", "+47.3010 s  retry", "+47.3040 s  exception", "Refused  +47.3040 s"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// TestMomentsWithoutSpanTimes shows the events of a span of which no time is known with their own, and one without any time.
func TestMomentsWithoutSpanTimes(t *testing.T) {
	m := viewstest.NewMaker()
	exception := func(at int64) func(*trace.Builder, *trace.RawSpan) {
		return func(b *trace.Builder, raw *trace.RawSpan) {
			event := trace.RawEvent{Time: at, Name: b.Symbol([]byte("exception")), Attrs: []trace.Attr{viewstest.MakeAttr(b, "exception.type", "Refused")}}
			raw.Start, raw.Duration, raw.Events = 0, trace.NoDuration, []trace.RawEvent{event}
		}
	}
	m.Span(0, "shop", "checkout", 0, 0, exception(viewstest.TraceStart))
	d := New()
	d.SetSpan(m.Trace(t), 0)
	text := viewstest.Plain(d, viewstest.Env(t), 80, 30)
	if !strings.Contains(text, "DATA WARNINGS 1") || !strings.Contains(text, "No times: neither") {
		t.Errorf("what is said of a span without times:\n%s", text)
	}
	if !strings.Contains(text, "2026-11-20 14:03:22.101 UTC  exception") || strings.Contains(text, "+17") || strings.Contains(text, "from trace start") || strings.Contains(text, "outside") {
		t.Errorf("an event of a span without times:\n%s", text)
	}
	m = viewstest.NewMaker()
	root := m.Span(0, "shop", "checkout", 0, 900)
	m.Span(root, "shop", "pay", 100, 100, func(b *trace.Builder, raw *trace.RawSpan) {
		raw.Events = []trace.RawEvent{{Name: b.Symbol([]byte("retry"))}}
	})
	d.SetSpan(m.Trace(t), 1)
	if text = viewstest.Plain(d, viewstest.Env(t), 80, 30); !strings.Contains(text, "time unknown  retry") {
		t.Errorf("an event without a time:\n%s", text)
	}
}

func TestOffsetsTellMomentsApart(t *testing.T) {
	set := tracetest.Set(t, "a root 0ms +100s\n  a long 10s +80s\n  a short 90s +10ms\n  a early 2ms +2ms\n")
	tr := set.Trace(0)
	span := func(name string) trace.Span { return tr.Span(viewstest.Called(tr, name)[0]) }
	for _, test := range []struct {
		span   string
		offset int64
		want   string
	}{
		{"long", 50_000_000_000, "+50.0 s"},
		{"short", 90_001_500_000, "+90.0015 s"},
		{"early", 2_500_000, "+2.50 ms"},
		{"early", 0, "+0 s"},
		{"short", -1_000_000, "-1 ms"},
	} {
		if got := offsetIn(span(test.span), tr.Start()+test.offset); got != test.want {
			t.Errorf("%s, %d ns: %s, want %s", test.span, test.offset, got, test.want)
		}
	}
}

// TestLinesStandBetweenEvents shows what a span logged in one list with its events, by level, and not the trace's id again.
func TestLinesStandBetweenEvents(t *testing.T) {
	tr := tracetest.One(t, `
pay charge 0ms +50ms
  event retry 20ms
`)
	line := func(after int64, severity logline.Severity, text string, fields ...logline.Field) logline.Line {
		return logline.Line{Time: tr.Start() + after*1e6, Severity: severity, Text: text, Span: tr.Root().ID(), Fields: fields}
	}
	d, env := New(), viewstest.Env(t)
	d.SetSpan(tr, tr.Root().Index())
	d.SetLogs(tr, []logline.Line{
		line(10, logline.Warn, "slow answer", logline.Field{Name: "trace_id", Value: tr.ID().String()}, logline.Field{Name: "pod", Value: "pay-1"}),
		line(30, logline.Error, "no answer"),
		{Time: tr.Start(), Text: "of no span"},
	})
	grid := viewstest.Frame(d, env, 80, 30)
	text := strings.Join(strings.Fields(grid.Plain()), " ")
	want := "EVENTS AND LOGS 3, offsets from trace start +10 ms warn slow answer pod pay-1 +20 ms retry +30 ms error no answer"
	if !strings.Contains(text, want) || strings.Contains(text, "trace_id") || strings.Contains(text, "of no span") {
		t.Errorf("%q is missing, or there is more, in\n%s", want, grid.Plain())
	}
	viewstest.WantText(t, grid, "slow answer", env.Theme.Warn)
	viewstest.WantText(t, grid, "no answer", env.Theme.Error)
}
