package detail

import (
	"fmt"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// deepStack is what a server of Java writes of an exception: own code is far down.
var deepStack = "java.net.SocketTimeoutException: Read timed out\n" +
	frames("java.base/java.net.SocketInputStream.read", 3) + frames("org.apache.http.impl.io.SessionInputBufferImpl.fill", 9) +
	frames("com.acme.pay.BankClient.authorize", 2) + frames("org.springframework.aop.framework.JdkDynamicAopProxy.invoke", 20) +
	frames("com.acme.pay.ChargeController.charge", 1) + frames("org.apache.catalina.core.StandardWrapperValve.invoke", 30) +
	"Caused by: java.io.IOException: broken pipe\n" + frames("java.base/sun.nio.ch.IOUtil.write", 5)

func frames(name string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\tat %s%d(File.java:%d)\n", name, i, 10+i)
	}
	return b.String()
}

// stackTrace has a failed request with a deep stack trace, a URL with parameters, and events out of order.
func stackTrace(t testing.TB) *trace.Trace {
	m := viewstest.NewMaker()
	m.Span(0, "pay", "POST /charge", 0, 900_000, viewstest.Failed("Read timed out"), func(b *trace.Builder, raw *trace.RawSpan) {
		raw.Kind = trace.KindClient
		event := func(at int64, name string, attrs ...trace.Attr) {
			raw.Events = append(raw.Events, trace.RawEvent{Time: raw.Start + at, Name: b.Symbol([]byte(name)), Attrs: attrs})
		}
		event(880_000_000, "exception", viewstest.MakeAttr(b, "exception.type", "java.net.SocketTimeoutException"),
			viewstest.MakeAttr(b, "exception.message", "Read timed out"), viewstest.MakeAttr(b, "exception.stacktrace", deepStack))
		event(2_000_000, "connected")
	}, viewstest.Attr("http.request.method", "POST"), viewstest.Attr("url.full", "https://bank.example/v1/charge?amount=12.90&currency=EUR&idempotency=7f3a"),
		viewstest.Attr("http.response.status_code", 504))
	return m.Trace(t)
}

// chatTrace has a call to a language model.
func chatTrace(t testing.TB) *trace.Trace {
	m := viewstest.NewMaker()
	m.Span(0, "agent", "chat gpt-4o", 0, 1_800_000, viewstest.Attr("gen_ai.operation.name", "chat"), viewstest.Attr("gen_ai.provider.name", "openai"),
		viewstest.Attr("gen_ai.request.model", "gpt-4o"), viewstest.Attr("gen_ai.usage.input_tokens", 1204), viewstest.Attr("gen_ai.usage.output_tokens", 310),
		viewstest.Attr("gen_ai.system_instructions", `[{"type":"text","content":"You are an assistant of engineers on call. Be brief."}]`),
		viewstest.Attr("gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"Why is checkout slow?"}]},{"role":"tool","parts":[{"type":"tool_call_response","response":"payment: 503"}]}]`),
		viewstest.Attr("gen_ai.output.messages", `[{"role":"assistant","parts":[{"type":"text","content":"The payment service fails.\nEach call is retried five times."},{"type":"tool_call","name":"restart","arguments":{"service":"payment"}}]}]`))
	return m.Trace(t)
}

func TestFoldFrames(t *testing.T) {
	shown, hidden := foldFrames(framesOf(deepStack))
	var lines []string
	for _, f := range shown {
		line := strings.TrimSpace(f.text)
		if f.skipped > 0 {
			line = fmt.Sprintf("… %d", f.skipped)
		}
		if f.own {
			line += " own"
		}
		lines = append(lines, line)
	}
	want := `java.net.SocketTimeoutException: Read timed out
at java.base/java.net.SocketInputStream.read0(File.java:10)
at java.base/java.net.SocketInputStream.read1(File.java:11)
… 10
at com.acme.pay.BankClient.authorize0(File.java:10) own
at com.acme.pay.BankClient.authorize1(File.java:11) own
… 20
at com.acme.pay.ChargeController.charge0(File.java:10) own
… 30
Caused by: java.io.IOException: broken pipe
at java.base/sun.nio.ch.IOUtil.write0(File.java:10)
at java.base/sun.nio.ch.IOUtil.write1(File.java:11)
… 3`
	if got := strings.Join(lines, "\n"); got != want || hidden != 63 {
		t.Errorf("%d frames are hidden of\n%s\nwant 63 of\n%s", hidden, got, want)
	}
	short := framesOf(stack)
	if shown, hidden := foldFrames(short); hidden != 0 || len(shown) != 3 {
		t.Errorf("%d of 3 lines are shown, %d frames hidden", len(shown), hidden)
	}
}

func TestFramesOf(t *testing.T) {
	for name, test := range map[string]struct {
		text          string
		frames, own   int
		wholeOfSecond string
	}{
		"Python": {"Traceback (most recent call last):\n  File \"/usr/lib/python3/site-packages/flask/app.py\", line 1, in f\n    return g()\n  File \"/srv/app.py\", line 2, in g\n    raise X\nX: no", 2, 1,
			"  File \"/usr/lib/python3/site-packages/flask/app.py\", line 1, in f\n    return g()"},
		"Go":         {"goroutine 1 [running]:\nmain.handle(0x1)\n\t/srv/main.go:10 +0x1d\nnet/http.serve()\n\t/usr/local/go/src/net/http/server.go:2 +0x2", 2, 1, "main.handle(0x1)\n\t/srv/main.go:10 +0x1d"},
		"JavaScript": {"Error: no\n    at charge (/srv/pay.js:3:1)\n    at run (/srv/node_modules/express/lib/router.js:1:1)\n    at node:internal/main:5:1", 3, 1, "    at charge (/srv/pay.js:3:1)"},
		"escaped":    {`Error: no\n\tat com.acme.A.b(A.java:1)`, 1, 1, "\tat com.acme.A.b(A.java:1)"},
	} {
		list := framesOf(test.text)
		n, own := 0, 0
		for _, f := range list {
			if f.frame {
				n++
			}
			if f.own {
				own++
			}
		}
		if n != test.frames || own != test.own || list[1].text != test.wholeOfSecond {
			t.Errorf("%s: %d frames, %d own, the second %q", name, n, own, list[1].text)
		}
	}
}

func TestLayOutURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a/b?x=1&y=2&z": "https://a/b\n  ?x=1\n  &y=2\n  &z",
		"x=1&y=2":               "x=1\n&y=2",
		"/a?x=1":                "/a?x=1",
		"/a/b":                  "/a/b",
	} {
		if got := layOut(in, formURL, 100); got != want {
			t.Errorf("%q is laid out as %q, want %q", in, got, want)
		}
	}
	if formOf("target", trace.TypeString, "https://a/?b=1&c=2") != formURL || formOf("text", trace.TypeString, "see https://a/?b=1&c=2") != formPlain {
		t.Error("what is a URL is not known by its form")
	}
}

// TestCallLines: the overview begins with what was called, by sort of call.
func TestCallLines(t *testing.T) {
	client := func(_ *trace.Builder, raw *trace.RawSpan) { raw.Kind = trace.KindClient }
	server := func(_ *trace.Builder, raw *trace.RawSpan) { raw.Kind = trace.KindServer }
	attr := viewstest.Attr
	type change = func(*trace.Builder, *trace.RawSpan)
	for _, test := range []struct {
		name, kind, want string
		changes          []change
	}{
		{"GET", "HTTP", "GET /price → 200, http://pricing:8080", []change{client, attr("http.method", "GET"), attr("http.url", "http://pricing:8080/price?sku=1"), attr("http.status_code", 200)}},
		{"GET /users/{id}", "HTTP", "GET /users/{id} → 503, /users/42", []change{server, attr("http.request.method", "GET"), attr("http.route", "/users/{id}"), attr("url.path", "/users/42"), attr("http.response.status_code", 503)}},
		{"/shop.Cart/Get", "RPC", "shop.Cart/Get → UNAVAILABLE, cart:9090", []change{client, attr("rpc.system", "grpc"), attr("rpc.service", "shop.Cart"), attr("rpc.method", "Get"),
			attr("rpc.grpc.status_code", 14), attr("server.address", "cart"), attr("server.port", 9090)}},
		{"query", "SQL", "SELECT likes → 12 rows, postgresql shop at db", []change{client, attr("db.system.name", "postgresql"), attr("db.namespace", "shop"), attr("server.address", "db"),
			attr("db.query.text", "SELECT * FROM likes WHERE post_id = 7"), attr("db.response.returned_rows", 12)}},
		{"HGETALL", "cache", "HGETALL cart:42, redis", []change{client, attr("db.system", "redis"), attr("db.statement", "HGETALL cart:42")}},
		{"find", "database", "find orders, mongodb shop", []change{client, attr("db.system", "mongodb"), attr("db.name", "shop"), attr("db.operation", "find"), attr("db.mongodb.collection", "orders")}},
		{"orders publish", "queue", "publish orders partition 3, kafka", []change{attr("messaging.system", "kafka"), attr("messaging.destination.name", "orders"), attr("messaging.operation.type", "publish"),
			attr("messaging.destination.partition.id", "3")}},
		{"chat", "GenAI", "chat gpt-4o (gpt-4o-2024) → 1,204 tokens in · 310 out · ended by length, openai", []change{attr("gen_ai.operation.name", "chat"), attr("gen_ai.system", "openai"),
			attr("gen_ai.request.model", "gpt-4o"), attr("gen_ai.response.model", "gpt-4o-2024"), attr("gen_ai.usage.prompt_tokens", 1204), attr("gen_ai.usage.completion_tokens", 310),
			attr("gen_ai.response.finish_reasons", `["length"]`)}},
		{"Dispatcher::handle", "HTTP", "Dispatcher::handle → 200", []change{attr("http.response.status_code", 200)}},
		{"retrieval vector-search", "GenAI", "retrieval vector-search", []change{attr("gen_ai.operation.name", "retrieval")}},
		{"agent step", "GenAI", "retrieval", []change{attr("gen_ai.operation.name", "retrieval")}},
		{"render", "", "", nil},
	} {
		m := viewstest.NewMaker()
		m.Span(0, "s", test.name, 0, 10, test.changes...)
		d := openDetail(t, m.Trace(t), 0)
		kind, line := d.entries[0].note, ""
		if e := d.entries[1]; e.kind == entryNote {
			line = e.text
		}
		if kind != test.kind || line != test.want {
			t.Errorf("%s: %s %q, want %s %q", test.name, kind, line, test.kind, test.want)
		}
	}
}

// TestDetailMasksWhatItLaysOut: what is laid out a second time shows no secret either.
func TestDetailMasksWhatItLaysOut(t *testing.T) {
	m := viewstest.NewMaker()
	m.Span(0, "s", "GET", 0, 10, viewstest.Attr("http.method", "GET"), viewstest.Attr("http.url", "https://SECRET@a/SECRET?k=SECRET&l=1"),
		viewstest.Attr("gen_ai.prompt.0.content", "my key is SECRET"), viewstest.Attr("gen_ai.output.messages", `[{"role":"SECRET","content":"SECRET"}]`), viewstest.Failed("SECRET"),
		viewstest.Attr("SECRET.a", 1), viewstest.Attr("SECRET.b", 2), viewstest.Attr("c", 3),
		func(b *trace.Builder, raw *trace.RawSpan) {
			raw.Events = append(raw.Events, trace.RawEvent{Time: raw.Start, Name: b.Symbol([]byte("exception")),
				Attrs: []trace.Attr{viewstest.MakeAttr(b, "exception.message", "SECRET"), viewstest.MakeAttr(b, "exception.stacktrace", "SECRET\n\tat SECRET")}})
		})
	env := *viewstest.Env(t)
	env.Mask = func(_, value string) (string, bool) {
		return strings.ReplaceAll(value, "SECRET", "****"), strings.Contains(value, "SECRET")
	}
	d := New()
	d.SetSpan(m.Trace(t), 0)
	if got := viewstest.Plain(d, &env, 100, 80); strings.Contains(got, "SECRET") || strings.Count(got, "****") < 8 {
		t.Errorf("the secret is not masked everywhere:\n%s", got)
	}
	for row := range d.lines {
		d.Row = row
		if c, ok := viewstest.Act(d, views.CopyValue).(views.Copy); ok && strings.Contains(c.Text, "SECRET") {
			t.Errorf("line %d copies %q", row, c.Text)
		}
	}
}

// TestCallLineMasksNames: the name of a span, which stands for a call of which nothing else is known, may hold a secret.
func TestCallLineMasksNames(t *testing.T) {
	m := viewstest.NewMaker()
	m.Span(0, "s", "/pkg.S/SECRET", 0, 10, viewstest.Attr("rpc.system", "grpc"))
	env := *viewstest.Env(t)
	env.Mask = func(_, value string) (string, bool) {
		return strings.ReplaceAll(value, "SECRET", "****"), strings.Contains(value, "SECRET")
	}
	d := New()
	d.SetSpan(m.Trace(t), 0)
	viewstest.Frame(d, &env, 100, 80)
	if got := d.entries[1].text; got != "pkg.S/****, grpc" {
		t.Errorf("the call is %q", got)
	}
}

func TestMomentsComeByTime(t *testing.T) {
	d := openDetail(t, stackTrace(t), 0)
	var names []string
	for _, e := range d.entries {
		if e.kind == entryEvent {
			names = append(names, e.key+" "+e.text)
		}
	}
	if got := strings.Join(names, ", "); got != "+2 ms connected, +880 ms exception" {
		t.Errorf("events are %s", got)
	}
}

// TestStackIsShownOnRequest: enter opens all frames, and folds them again.
func TestStackIsShownOnRequest(t *testing.T) {
	d := openDetail(t, stackTrace(t), 0)
	onKey(t, d, "exception.stacktrace")
	n := len(d.lines)
	viewstest.Do(d, views.Enter)
	if len(d.lines) <= n+50 || d.of(d.Row).key != "exception.stacktrace" {
		t.Errorf("of %d lines there are %d, the cursor on %q", n, len(d.lines), d.of(d.Row).key)
	}
	viewstest.Do(d, views.Enter)
	if len(d.lines) != n {
		t.Errorf("%d lines are left, want %d", len(d.lines), n)
	}
}

// TestDetailWithoutFacts: what has to be derived comes later, and the cursor stays.
func TestDetailWithoutFacts(t *testing.T) {
	tr := detailTrace(t)
	d := New()
	d.SetSpan(tr, 1)
	if got := viewstest.Plain(d, viewstest.Env(t), 70, 60); strings.Contains(got, "self time") {
		t.Errorf("self time is known without facts:\n%s", got)
	}
	onKey(t, d, "cost")
	d.SetFacts(viewstest.FactsOf(tr))
	got := viewstest.Plain(d, viewstest.Env(t), 70, 60)
	if !strings.Contains(strings.Join(strings.Fields(got), " "), "self time 10 ms 1 % < 1 % critical path 290 ms 33 % 6 % with children 880 ms 100 % 18 %") || d.of(d.Row).key != "cost" {
		t.Errorf("the cursor is on %q of\n%s", d.of(d.Row).key, got)
	}
}

// TestLongConversations: of very many messages the first and the last are shown, and how many are between.
func TestLongConversations(t *testing.T) {
	m := viewstest.NewMaker()
	var changes []func(*trace.Builder, *trace.RawSpan)
	for n := range 300 {
		changes = append(changes, viewstest.Attr(fmt.Sprintf("gen_ai.prompt.%d.content", n), fmt.Sprintf("message %d", n)))
	}
	m.Span(0, "s", "chat", 0, 10, changes...)
	d := openDetail(t, m.Trace(t), 0)
	var shown []string
	for _, e := range d.entries {
		if e.section == sectionConversation && e.kind != entryTitle {
			shown = append(shown, e.text)
		}
	}
	if len(shown) != 101 || shown[9] != "message 9" || shown[10] != "200 messages are left out here; the attributes have them" || shown[11] != "message 210" {
		t.Errorf("%d are shown, about the gap %q", len(shown), shown[9:12])
	}
}

func TestDetailInASCII(t *testing.T) {
	viewstest.CheckASCII(t, "detail-stack-ascii", 80, 60, openDetail(t, stackTrace(t), 0))
	viewstest.CheckASCII(t, "detail-chat-ascii", 80, 40, openDetail(t, chatTrace(t), 0))
}
