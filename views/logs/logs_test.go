package logs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// few are lines of the checkout: of spans, of none, of one that is not in the trace, with a secret and hostile text.
func few() []logline.Line {
	at := func(ms int64) int64 { return viewstest.TraceStart + ms*1e6 }
	return []logline.Line{
		{Time: at(-200), Text: "request accepted", Severity: logline.Info, Service: "api-gateway", Fields: []logline.Field{{Name: "pod", Value: "api-gateway-7d9f"}}},
		{Time: at(24), Text: "cache miss for cart 4711", Severity: logline.Debug, Span: trace.SpanID{N: 5}},
		{Time: at(212), Text: "charge: attempt 1 failed: 503 from acquirer", Severity: logline.Warn, Service: "payment", Span: trace.SpanID{N: 6}, Fields: []logline.Field{
			{Name: "attempt", Value: "1"}, {Name: "exception.stacktrace", Value: "AcquirerException: 503\n\tat Charge.run(Charge.java:42)\n\tat Pool.call(Pool.java:7)"}, {Name: "password", Value: "hunter2hunter2"},
		}},
		{Time: at(1110), Text: "charge: attempt 2 failed: 503 from acquirer", Severity: logline.Warn, Service: "payment", Span: trace.SpanID{N: 8}},
		{Time: at(2000), Text: "line one\nline two\x1b[31m red\u202e turned", Service: "bank-adapter", Span: trace.SpanID{N: 0xdead}},
		{Time: at(5019), Text: "retries exhausted password=hunter2hunter2 " + strings.Repeat("and so on ", 30), Severity: logline.Error, Service: "payment", Span: trace.SpanID{N: 6}},
	}
}

// scope is a trace as what the tab is about.
func scope(tr *trace.Trace) []views.Scope {
	return []views.Scope{{Set: tr.Set(), Trace: tr, Traces: 1}}
}

// asked returns a tab that was shown and has asked.
func asked(t testing.TB, tr *trace.Trace) *Logs {
	t.Helper()
	l := New()
	l.SetWhyNot(func(*trace.Trace) string { return "" })
	if a, ok := l.Show(scope(tr)).(views.AskLogs); !ok || a.Trace != tr || a.Limit != FirstLimit {
		t.Fatalf("showing the tab asks %+v", a)
	}
	l.SetPlace("loki · https://logs.corp")
	return l
}

// filled returns a tab with lines.
func filled(t testing.TB, lines []logline.Line, more bool, notes ...Note) *Logs {
	t.Helper()
	tr := viewstest.CheckoutTrace(t)
	l := asked(t, tr)
	l.SetLines(Read(tr, lines), notes, more)
	return l
}

// many are a thousand lines of ten services.
func many() []logline.Line {
	var lines []logline.Line
	for n := range int64(1000) {
		lines = append(lines, logline.Line{
			Time: viewstest.TraceStart + n*5e6, Text: fmt.Sprintf("handled item %d of the batch", n), Service: fmt.Sprintf("worker-%d", n%10),
			Severity: []logline.Severity{logline.Info, logline.Debug, logline.Warn, logline.Error, logline.Unset}[n%5],
		})
	}
	return lines
}

// masked is an environment that masks the secrets of the tests.
func masked(t testing.TB) *views.Env {
	env := *viewstest.EnvOf(t, views.Scope{Set: viewstest.CheckoutTrace(t).Set()})
	env.Mask = func(_, value string) (string, bool) {
		return strings.ReplaceAll(value, "hunter2hunter2", "****"), strings.Contains(value, "hunter2hunter2")
	}
	return &env
}

func TestLogsFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *Logs
	}{
		{"loading", func() *Logs { return asked(t, viewstest.CheckoutTrace(t)) }},
		{"few", func() *Logs {
			l := filled(t, few(), false)
			viewstest.Do(l, views.Down, views.Down)
			return l
		}},
		{"many", func() *Logs {
			l := filled(t, many(), true, Note{Text: "trace id found in the text"}, Note{Text: "2 lines unreadable", Warn: true})
			viewstest.Do(l, views.Bottom)
			return l
		}},
		{"span", func() *Logs {
			l := filled(t, few(), false)
			l.ShowSpan(5)
			return l
		}},
		{"filtered", func() *Logs {
			l := filled(t, few(), false)
			viewstest.Do(l, views.Search)
			viewstest.TypeText(l, "attempt pay")
			return l
		}},
		{"unmatched", func() *Logs {
			l := filled(t, few(), false)
			l.ShowSpan(9)
			return l
		}},
		{"none", func() *Logs {
			return filled(t, nil, false, Note{Text: `trace_id:="4bf92f3577b34da6a3ce929d0e0e4736" | sort by (_time)`}, Note{Text: "14:02:22–14:04:27 UTC"})
		}},
		{"error", func() *Logs {
			l := asked(t, viewstest.CheckoutTrace(t))
			l.SetFailed("loki: logs.corp refused the connection")
			return l
		}},
	} {
		t.Run(test.name, func(t *testing.T) { viewstest.CheckFrames(t, "logs-"+test.name, test.open(), masked(t)) })
	}
}

func TestLogsInASCII(t *testing.T) {
	viewstest.CheckASCII(t, "logs-ascii", 100, 30, filled(t, few()[:4], true))
}

func TestLogsDrawAtAnySize(t *testing.T) {
	tr := viewstest.CheckoutTrace(t)
	viewstest.CheckAnything(t, masked(t), 5, 1500, func() views.Screen { return filled(t, few(), true) }, func(s views.Screen, rng *rand.Rand) {
		l := s.(*Logs)
		switch rng.IntN(6) {
		case 0:
			l.SetFailed("no answer")
		case 1:
			l.SetLines(Read(tr, nil), nil, false)
		case 2:
			l.ShowSpan(rng.IntN(12) - 1)
		case 3:
			l.Again()
		default:
			l.SetLines(Read(tr, few()[:rng.IntN(7)]), []Note{{Text: "a note", Warn: true}}, rng.IntN(2) == 0)
		}
	})
}

// TestLogsMaskServices checks that a line which names no service has that of its span without its secrets.
func TestLogsMaskServices(t *testing.T) {
	const secret = "hunter2hunter2"
	tr := tracetest.Set(t, "password="+secret+" login 0ms +10ms").Trace(0)
	for _, one := range Read(tr, []logline.Line{{Text: "logged in", Span: tr.Root().ID()}}).all {
		if one.service == "" || strings.Contains(one.service, secret) {
			t.Errorf("the service of the line is %q", one.service)
		}
	}
}

// TestLogsMaskSecrets checks that no secret of a line is drawn, found by its letters or copied.
func TestLogsMaskSecrets(t *testing.T) {
	l := filled(t, few(), false)
	for range 6 {
		if got := viewstest.Frame(l, masked(t), 200, 50).Plain(); strings.Contains(got, "hunter2") {
			t.Fatalf("the secret is not masked:\n%s", got)
		}
		for _, c := range []views.Command{views.CopyLine, views.CopyValue} {
			if a, ok := viewstest.Act(l, c).(views.Copy); !ok || strings.Contains(a.Text, "hunter2") {
				t.Errorf("the secret is copied: %+v", a)
			}
		}
		viewstest.Do(l, views.Down)
	}
	if text := l.Markdown(); strings.Contains(text, "hunter2") || !strings.Contains(text, "retries exhausted") {
		t.Errorf("as Markdown:\n%s", text)
	}
	viewstest.Do(l, views.Search)
	viewstest.TypeText(l, "hunter2")
	if len(l.rows) != 0 {
		t.Error("a masked secret is found by its letters")
	}
	env := masked(t)
	env.Mask = nil
	if got := viewstest.Frame(l, env, 200, 50).Plain(); len(l.rows) != 1 || !strings.Contains(got, "password=hunter2") {
		t.Errorf("a secret that is shown is not found:\n%s", got)
	}
}

// TestLogsKeys checks where keys lead: to the span, to all lines again, to more of them, away.
func TestLogsKeys(t *testing.T) {
	l := filled(t, few(), true)
	tr := l.of
	if why := viewstest.Why(l, views.Enter); why != "the line names no span" {
		t.Errorf("enter on a line without a span: %q", why)
	}
	viewstest.Do(l, views.Down)
	if a, ok := viewstest.Act(l, views.Enter).(views.OpenTrace); !ok || a.Trace != tr || a.Span != tr.Find(trace.SpanID{N: 5}) {
		t.Errorf("enter leads to %+v", a)
	}
	viewstest.Do(l, views.NextError)
	if l.line().Severity != logline.Error {
		t.Error("the next error is none")
	}
	viewstest.Do(l, views.SpanLogs)
	if len(l.rows) != 2 {
		t.Errorf("the span has %d lines, want 2", len(l.rows))
	}
	if a := viewstest.Act(l, views.Back); a != nil || len(l.rows) != 6 {
		t.Errorf("back shows %d lines and returns %v", len(l.rows), a)
	}
	viewstest.Do(l, views.Bottom, views.Up)
	if why := viewstest.Why(l, views.SpanLogs); l.line() == nil || why != "" {
		t.Errorf("%q", why)
	}
	viewstest.Do(l, views.Bottom)
	if a, ok := viewstest.Act(l, views.Enter).(views.AskLogs); !ok || a.Limit != 4*FirstLimit {
		t.Errorf("the row for more asks %+v", a)
	}
	if a, ok := viewstest.Act(l, views.Back).(views.AskLogs); !ok || a.Limit != 0 || l.state != stopped {
		t.Errorf("back while asking: %+v", a)
	}
	if _, ok := viewstest.Act(l, views.Back).(views.Leave); !ok {
		t.Error("back does not leave")
	}
	if a := l.Show(scope(tr)); a != nil {
		t.Errorf("shown again, the tab asks again: %+v", a)
	}
	if n, known := l.Count(tr); n != 6 || !known {
		t.Errorf("%d lines, known %v", n, known)
	}
}

// TestLogsHeadDropsWholeFacts checks that no fact of the head is cut, and that the gravest is the last to go: lines that are missing.
func TestLogsHeadDropsWholeFacts(t *testing.T) {
	partial := Note{Text: "PARTIAL: the limit of 5,000 entries for one query was reached before the end", Warn: true}
	l, env := filled(t, many(), true, Note{Text: "trace id found in the text"}, partial), masked(t)
	for width := 40; width < 160; width++ {
		grid := viewstest.Frame(l, env, width, 24)
		viewstest.WantText(t, grid, "△ PARTIAL", env.Theme.Warn)
		if head, _, _ := strings.Cut(grid.Plain(), "\n"); strings.Contains(head, "…") {
			t.Errorf("at %d cells the head is %q", width, head)
		}
	}
}

// TestLogsSayThatAskingFailed checks that what went wrong stands in red above the lines that came before.
func TestLogsSayThatAskingFailed(t *testing.T) {
	l, env := filled(t, few(), false), masked(t)
	l.SetFailed("loki: logs.corp refused the connection")
	viewstest.WantText(t, viewstest.Frame(l, env, 80, 24), "loki: logs.corp refused the connection", env.Theme.Error)
}

// TestLogsWithoutStore checks that the tab says why it is empty, and asks nothing.
func TestLogsWithoutStore(t *testing.T) {
	tr := viewstest.CheckoutTrace(t)
	l := New()
	l.SetWhyNot(func(*trace.Trace) string { return "no [logs.NAME] in the configuration" })
	if why := l.WhyNot(scope(tr)); why != "no [logs.NAME] in the configuration" {
		t.Errorf("why not: %q", why)
	}
	if a := l.Show(scope(tr)); a != nil {
		t.Errorf("it asks %+v", a)
	}
}
