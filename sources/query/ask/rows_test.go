package ask_test

import (
	"strings"
	"testing"

	"tracefall/sources/query"
	"tracefall/sources/query/ask"
)

// rows is the table of terms: what each becomes in Jaeger's parameters, in its filter and in TraceQL. Behind ≈ stand the terms
// that may be answered too narrowly, behind | those of which the server is not asked.
var rows = []struct{ query, tags, filter, traceql string }{
	{`service=cart`,
		`service=cart exactly`,
		`eq(resource.service, cart) exactly`,
		`{ resource.service.name = "cart" } exactly`,
	},
	{`name="GET /x"`,
		`operation="GET /x" exactly`,
		`eq(span.name, "GET /x") exactly`,
		`{ name = "GET /x" } exactly`,
	},
	{`duration>1.5ms`,
		`minDuration=1.5ms`,
		`gte(span.duration, 1.5ms)`,
		`{ duration > 1500us } exactly`,
	},
	{`duration>=1500ns`,
		`minDuration=1µs`,
		`gte(span.duration, 1µs)`,
		`{ duration >= 1500ns } exactly`,
	},
	{`duration<1500ns`,
		`maxDuration=2µs`,
		`lte(span.duration, 2µs)`,
		`{ duration < 1500ns } exactly`,
	},
	{`duration=1s`,
		`minDuration=1s maxDuration=1s`,
		`and(gte(span.duration, 1s), lte(span.duration, 1s))`,
		`{ duration = 1s } exactly`,
	},
	{`NOT duration>1s`,
		`maxDuration=1s exactly`,
		`lte(span.duration, 1s) exactly`,
		`{ duration <= 1s } exactly`,
	},
	{`k=text`,
		`tags={"k":"text"}`,
		`eq(k, text) exactly`,
		`{ span.k = "text" || resource.k = "text" } exactly`,
	},
	{`k=503`,
		`tags={"k":"503"} ≈ k=503`,
		`eq(k, 503) ≈ k=503`,
		`{ span.k = "503" || span.k = 503 || span.k = 503.0 || resource.k = "503" || resource.k = 503 || resource.k = 503.0 } ≈ k=503`,
	},
	{`k=5e2`,
		`tags={"k":"500"} ≈ k=5e2`,
		`eq(k, 500) ≈ k=5e2`,
		`{ span.k = "500" || span.k = "5e2" || span.k = 500 || span.k = 500.0 || resource.k = "500" || resource.k = "5e2" || resource.k = 500 || resource.k = 500.0 } ≈ k=5e2`,
	},
	{`k="503"`,
		`tags={"k":"503"}`,
		`eq(k, 503)`,
		`{ span.k = "503" || span.k = 503 || span.k = 503.0 || resource.k = "503" || resource.k = 503 || resource.k = 503.0 } exactly`,
	},
	{`k=true`,
		`tags={"k":"true"}`,
		`eq(k, true) exactly`,
		`{ span.k = "true" || span.k = true || resource.k = "true" || resource.k = true } exactly`,
	},
	{`k=150ms`,
		`tags={"k":"150ms"} ≈ k=150ms`,
		`eq(k, 150ms) ≈ k=150ms`,
		`{ span.k = "150ms" || resource.k = "150ms" } ≈ k=150ms`,
	},
	{`k="[1]"`,
		`tags={"k":"[1]"} ≈ k="[1]"`,
		`eq(k, "[1]") ≈ k="[1]"`,
		`{ span.k != nil || resource.k != nil } ≈ k="[1]"`,
	},
	{`k>3`,
		`every trace | k>3`,
		`exists(k)`,
		`{ span.k > 3 || span.k > 3.0 || span.k =~ ".*" || resource.k > 3 || resource.k > 3.0 || resource.k =~ ".*" }`,
	},
	{`k<=3.5`,
		`every trace | k<=3.5`,
		`exists(k)`,
		`{ span.k <= 3 || span.k <= 3.5 || span.k =~ ".*" || resource.k <= 3 || resource.k <= 3.5 || resource.k =~ ".*" }`,
	},
	{`k>abc`,
		`every trace | k>abc`,
		`exists(k)`,
		`{ span.k != nil || resource.k != nil } ≈ k>abc`,
	},
	{`k in (1, x)`,
		`tags={"k":"1"} + tags={"k":"x"} ≈ k in (1, x)`,
		`or(eq(k, 1), eq(k, x)) ≈ k in (1, x)`,
		`{ span.k = "1" || span.k = 1 || span.k = 1.0 || span.k = "x" || resource.k = "1" || resource.k = 1 || resource.k = 1.0 || resource.k = "x" } ≈ k in (1, x)`,
	},
	{`k!=v`,
		`every trace | k!=v`,
		`ne(k, v) exactly`,
		`{ span.k != nil || resource.k != nil } ≈ k!=v`,
	},
	{`k not in (v, w)`,
		`every trace | k not in (v, w)`,
		`and(ne(k, v), ne(k, w)) exactly`,
		`{ span.k != nil || resource.k != nil } ≈ k not in (v, w)`,
	},
	{`has:k`,
		`every trace | has:k`,
		`exists(k) exactly`,
		`{ span.k != nil || resource.k != nil } ≈ has:k`,
	},
	{`k=~"a.c"`,
		`every trace | k=~a.c`,
		`regex(k, a.c) exactly`,
		`{ span.k =~ "(?s:.*)(?:a.c)(?s:.*)" || resource.k =~ "(?s:.*)(?:a.c)(?s:.*)" } ≈ k=~a.c`,
	},
	{`k=~"^a"`,
		`every trace | k=~^a`,
		`exists(k)`,
		`{ span.k =~ "(?s:.*)(?:^a)(?s:.*)" || resource.k =~ "(?s:.*)(?:^a)(?s:.*)" } ≈ k=~^a`,
	},
	{`k=~"\\d"`,
		`every trace | k=~\d`,
		`exists(k)`,
		`{ span.k =~ "(?s:.*)(?:\\d)(?s:.*)" || resource.k =~ "(?s:.*)(?:\\d)(?s:.*)" } ≈ k=~\d`,
	},
	{`k~"a.c"`,
		`every trace | k~a.c`,
		`regex(k, "a\\.c") exactly`,
		`{ span.k =~ "(?s:.*)(?:a\\.c)(?s:.*)" || resource.k =~ "(?s:.*)(?:a\\.c)(?s:.*)" } ≈ k~a.c`,
	},
	{`k~i abc`,
		`every trace | k~i"abc"`,
		`exists(k)`,
		`{ span.k =~ "(?s:.*)(?:(?i:abc))(?s:.*)" || resource.k =~ "(?s:.*)(?:(?i:abc))(?s:.*)" } ≈ k~i"abc"`,
	},
	{`name=~"^a$"`,
		`every trace | name=~^a$`,
		`every trace | name=~^a$`,
		`{ name =~ "(?s:.*)(?:^a$)(?s:.*)" } exactly`,
	},
	{`NOT k=text`,
		`every trace | NOT k=text`,
		`not(eq(k, text)) exactly`,
		`every trace | NOT k=text`,
	},
	{`NOT k=503`,
		`every trace | NOT k=503`,
		`every trace | NOT k=503`,
		`every trace | NOT k=503`,
	},
	{`error=true`,
		`tags={"error":"true"} ≈ error=true`,
		`eq(error, true) ≈ error=true`,
		`{ status = error || span.error = true || span.error =~ ".+" || span.error != 0 || span.error != 0.0 }`,
	},
	{`error=false`,
		`every trace | error=false`,
		`every trace | error=false`,
		`{ status != error }`,
	},
	{`status=error`,
		`tags={"error":"true"} ≈ status=error`,
		`eq(error, true) ≈ status=error`,
		`{ status = error } exactly`,
	},
	{`status=ok`,
		`every trace | status=ok`,
		`every trace | status=ok`,
		`{ status = ok } exactly`,
	},
	{`status!=error`,
		`every trace | status!=error`,
		`every trace | status!=error`,
		`{ status != error } exactly`,
	},
	{`kind=client`,
		`tags={"span.kind":"client"} ≈ kind=client`,
		`eq(span.kind, client) ≈ kind=client`,
		`{ kind = client } exactly`,
	},
	{`kind!=client`,
		`every trace | kind!=client`,
		`every trace | kind!=client`,
		`{ kind != client } exactly`,
	},
	{`kind in (client, server)`,
		`tags={"span.kind":"server"} + tags={"span.kind":"client"} ≈ kind in (client, server)`,
		`or(eq(span.kind, server), eq(span.kind, client)) ≈ kind in (client, server)`,
		`{ kind = server || kind = client } exactly`,
	},
	{`event.name=exception`,
		`every trace | event.name=exception`,
		`every trace | event.name=exception`,
		`{ event:name = "exception" }`,
	},
	{`event.k=v`,
		`tags={"k":"v"}`,
		`every trace | event.k=v`,
		`{ event.k = "v" }`,
	},
	{`event(event.name=exception event.k=v)`,
		`tags={"k":"v"} | event.name=exception`,
		`every trace | event(event.name=exception event.k=v)`,
		`{ event:name = "exception" && event.k = "v" }`,
	},
	{`scope.name=lib`,
		`every trace | scope.name=lib`,
		`every trace | scope.name=lib`,
		`{ instrumentation:name = "lib" } exactly`,
	},
	{`link.k=v`,
		`every trace | link.k=v`,
		`every trace | link.k=v`,
		`{ link.k = "v" }`,
	},
	{`resource.k=v`,
		`tags={"k":"v"}`,
		`eq(resource.k, v) exactly`,
		`{ resource.k = "v" } exactly`,
	},
	{`span.k=v`,
		`tags={"k":"v"}`,
		`eq(span.k, v) exactly`,
		`{ span.k = "v" } exactly`,
	},
	{`http.status_code=503`,
		`tags={"http.status_code":"503"} + tags={"http.response.status_code":"503"} + tags={"http.status":"503"} + tags={"response_code":"503"} ≈ http.status_code=503`,
		`or(eq(http.status_code, 503), eq(http.response.status_code, 503), eq(http.status, 503), eq(response_code, 503)) ≈ http.status_code=503`,
		`{ span.http.status_code = "503" || span.http.status_code = 503 || span.http.status_code = 503.0 || span.http.response.status_code = "503" || span.http.response.status_code = 503 || span.http.response.status_code = 503.0 || span.http.status = "503" || span.http.status = 503 || span.http.status = 503.0 || span.response_code = "503" || span.response_code = 503 || span.response_code = 503.0 || resource.http.status_code = "503" || resource.http.status_code = 503 || resource.http.status_code = 503.0 || resource.http.response.status_code = "503" || resource.http.response.status_code = 503 || resource.http.response.status_code = 503.0 || resource.http.status = "503" || resource.http.status = 503 || resource.http.status = 503.0 || resource.response_code = "503" || resource.response_code = 503 || resource.response_code = 503.0 } ≈ http.status_code=503`,
	},
	{`span.kind=client`,
		`tags={"kind":"client"} + tags={"span.kind":"client"} ≈ kind=client`,
		`or(eq(span.kind, client), eq(span.kind, client)) ≈ kind=client`,
		`{ span.kind = "client" || kind = client || span.span.kind = "client" || resource.span.kind = "client" }`,
	},
	{`service.name=cart`,
		`tags={"service.name":"cart"} + service=cart`,
		`or(eq(span.service.name, cart), eq(resource.service, cart))`,
		`{ span.service.name = "cart" || resource.service.name = "cart" }`,
	},
	{`resource.service.name=cart`,
		`service=cart`,
		`eq(resource.service, cart)`,
		`{ resource.service.name = "cart" }`,
	},
	{`parent(service=gw)`,
		`service=gw | parent(service=gw)`,
		`eq(resource.service, gw) | parent(service=gw)`,
		`{ resource.service.name = "gw" } > { } ≈ parent(service=gw)`,
	},
	{`parent(service=gw) name=x`,
		`operation=x | parent(service=gw)`,
		`eq(span.name, x) | parent(service=gw)`,
		`{ resource.service.name = "gw" } > { name = "x" } ≈ parent(service=gw)`,
	},
	{`{ service=gw } >> { name=x }`,
		`operation=x | { service=gw } >> { name=x }`,
		`eq(span.name, x) | { service=gw } >> { name=x }`,
		`{ resource.service.name = "gw" } >> { name = "x" } ≈ { service=gw } >> { name=x }`,
	},
	{`{ service=gw } !>> { name=x }`,
		`operation=x | { service=gw } !>> { name=x }`,
		`eq(span.name, x) | { service=gw } !>> { name=x }`,
		`{ resource.service.name = "gw" } !>> { name = "x" } ≈ { service=gw } !>> { name=x }`,
	},
	{`{ service=a } && { service=b }`,
		`service=a | { service=a } && { service=b }`,
		`eq(resource.service, a) | { service=a } && { service=b }`,
		`{ resource.service.name = "a" } && { resource.service.name = "b" } ≈ { service=a } && { service=b }`,
	},
	{`{ service=a } || { name=b }`,
		`service=a + operation=b exactly`,
		`or(eq(resource.service, a), eq(span.name, b)) exactly`,
		`{ resource.service.name = "a" || name = "b" } exactly`,
	},
	{`trace.duration>5s`,
		`every trace | trace.duration>5s`,
		`every trace | trace.duration>5s`,
		`{ traceDuration > 5s } ≈ trace.duration>5s`,
	},
	{`trace.duration<5s`,
		`every trace | trace.duration<5s`,
		`every trace | trace.duration<5s`,
		`every trace | trace.duration<5s`,
	},
	{`root.service=gw`,
		`service=gw | root.service=gw`,
		`eq(resource.service, gw) | root.service=gw`,
		`{ rootServiceName = "gw" } ≈ root.service=gw`,
	},
	{`root.error=true`,
		`tags={"error":"true"} ≈ error=true | root.error=true`,
		`eq(error, true) ≈ error=true | root.error=true`,
		`{ status = error || span.error = true || span.error =~ ".+" || span.error != 0 || span.error != 0.0 } | root.error=true`,
	},
	{`trace.spans>3`,
		`every trace | trace.spans>3`,
		`every trace | trace.spans>3`,
		`every trace | trace.spans>3`,
	},
	{`self>1s`,
		`every trace | self>1s`,
		`every trace | self>1s`,
		`every trace | self>1s`,
	},
	{`critical=true`,
		`every trace | critical=true`,
		`every trace | critical=true`,
		`every trace | critical=true`,
	},
	{`depth>3`,
		`every trace | depth>3`,
		`every trace | depth>3`,
		`every trace | depth>3`,
	},
	{`"free text"`,
		`every trace | "free text"`,
		`every trace | "free text"`,
		`every trace | "free text"`,
	},
	{`startTime>2026-03-02T14:02:11Z`,
		`every trace | startTime>2026-03-02T14:02:11Z`,
		`every trace | startTime>2026-03-02T14:02:11Z`,
		`every trace | startTime>2026-03-02T14:02:11Z`,
	},
	{`duration>field(k)`,
		`every trace | duration>field(k)`,
		`every trace | duration>field(k)`,
		`every trace | duration>field(k)`,
	},
	{`{ .a + 1 > .b }`,
		`every trace | { .a + 1 > .b }`,
		`every trace | { .a + 1 > .b }`,
		`every trace | { .a + 1 > .b }`,
	},
	{`k phrase (a, b)`,
		`every trace | k phrase (a, b)`,
		`exists(k)`,
		`{ span.k != nil || resource.k != nil } ≈ k phrase (a, b)`,
	},
	{`service=a depth>3`,
		`service=a | depth>3`,
		`eq(resource.service, a) | depth>3`,
		`{ resource.service.name = "a" } | depth>3`,
	},
	{`service=a OR depth>3`,
		`every trace | service=a OR depth>3`,
		`every trace | service=a OR depth>3`,
		`every trace | service=a OR depth>3`,
	},
	{`service=a OR name=b`,
		`service=a + operation=b exactly`,
		`or(eq(resource.service, a), eq(span.name, b)) exactly`,
		`{ resource.service.name = "a" || name = "b" } exactly`,
	},
	{`(service=a OR service=b) (name=c OR name=d OR name=e) (k=x OR k=y)`,
		`service=a operation=c + service=a operation=d + service=a operation=e + service=b operation=c + service=b operation=d + service=b operation=e | k=x | k=y`,
		`and(or(eq(resource.service, a), eq(resource.service, b)), or(eq(span.name, c), eq(span.name, d), eq(span.name, e)), or(eq(k, x), eq(k, y))) exactly`,
		`{ (resource.service.name = "a" || resource.service.name = "b") && (name = "c" || name = "d" || name = "e") && (span.k = "x" || resource.k = "x" || span.k = "y" || resource.k = "y") } exactly`,
	},
	{`NOT (service=a name=b)`,
		`every trace | NOT (service=a name=b)`,
		`or(not(eq(resource.service, a)), ne(span.name, b)) exactly`,
		`every trace | NOT (service=a name=b)`,
	},
	{`{ service=a } | count() > 3`,
		`service=a | service=a | count() > 3`,
		`eq(resource.service, a) | service=a | count() > 3`,
		`{ resource.service.name = "a" } | service=a | count() > 3`,
	},
	{`({ service=a } | count() > 1) && { service=b }`,
		`service=a | ({ service=a } | count() > 1) && { service=b }`,
		`eq(resource.service, a) | ({ service=a } | count() > 1) && { service=b }`,
		`{ resource.service.name = "a" } && { resource.service.name = "b" } ≈ ({ service=a } | count() > 1) && { service=b } | { service=a } | count() > 1`,
	},
	{`trace.id=4bf92f3577b34da6a3ce929d0e0e4736 service=a`,
		`every trace | service=a`,
		`every trace | service=a`,
		`every trace | service=a`,
	},
	{`"4bf92f35-77b3-4da6-a3ce-929d0e0e4736"`,
		`every trace exactly`,
		`every trace exactly`,
		`every trace exactly`,
	},
	{``,
		`every trace exactly`,
		`every trace exactly`,
		`every trace exactly`,
	},
	{`{ }`,
		`every trace exactly`,
		`every trace exactly`,
		`every trace exactly`,
	},
	{`k="\xff"`,
		`every trace | k="\xff"`,
		`every trace | k="\xff"`,
		`every trace | k="\xff"`,
	},
}

func TestRows(t *testing.T) {
	for _, row := range rows {
		for d, want := range map[ask.Dialect]string{ask.Tags: row.tags, ask.Filter: row.filter, ask.TraceQL: row.traceql} {
			if got := said(t, row.query, ask.Options{Dialect: d}); got != want {
				t.Errorf("%s: %s\n got %s\nwant %s", d, row.query, got, want)
			}
		}
	}
}

// TestLearnt asks servers of which something is known.
func TestLearnt(t *testing.T) {
	declared := &ask.Capabilities{Levels: []string{"span", "resource", "event"}, Operators: []string{"and", "or", "not", "eq", "ne", "gte", "lte", "exists", "some", "phrase"}}
	filter := func(opt ask.Options) ask.Options {
		opt.Dialect = ask.Filter
		return opt
	}
	for _, c := range []struct {
		query string
		opt   ask.Options
		want  string
	}{
		{`k=v`, ask.Options{Victoria: true}, `tags={"k":"v"} + tags={"resource_attr:k":"v"}`},
		{`resource.k=v span.l=w`, ask.Options{Victoria: true}, `tags={"l":"w","resource_attr:k":"v"}`},
		{`event.k=v k=""`, ask.Options{Victoria: true}, `every trace | event.k=v | k=""`},
		{`http.status_code=503`, ask.Options{Victoria: true}, `every trace | http.status_code=503`},
		{`error=true`, filter(ask.Options{Declared: declared}), `or(eq(span.status, error), eq(error, true)) ≈ error=true`},
		{`error=true`, filter(ask.Options{Declared: declared, Refused: []string{"span.status"}}), `eq(error, true) ≈ error=true`},
		{`event.name=exception`, filter(ask.Options{Declared: declared}), `eq(event.name, exception) exactly`},
		{`NOT event(event.name=x event.k=v)`, filter(ask.Options{Declared: declared}), `not(some(event, and(eq(event.name, x), eq(event.k, v)))) exactly`},
		{`event(event.name=x)`, filter(ask.Options{Declared: declared, Refused: []string{"some"}}), `every trace | event(event.name=x)`},
		{`scope.name=lib`, filter(ask.Options{Declared: declared}), `every trace | scope.name=lib`},
		{`k phrase (a, b)`, filter(ask.Options{Declared: declared}), `phrase(k, [a, b]) exactly`},
		{`k=~a`, filter(ask.Options{Declared: declared}), `exists(k)`},
		{`k=~a service=x`, filter(ask.Options{Refused: []string{"regex", "exists"}}), `eq(resource.service, x) | k=~a`},
		{`k!=v`, filter(ask.Options{Refused: []string{"ne"}}), `exists(k)`},
		{`service=x name=y`, filter(ask.Options{Refused: []string{"and"}}), `eq(resource.service, x) | name=y`},
		{`service=x OR name=y`, filter(ask.Options{Refused: []string{"or"}}), `every trace | service=x OR name=y`},
		{`NOT k=v`, filter(ask.Options{Refused: []string{"not"}}), `every trace | NOT k=v`},
		{`service=x event.name=y`, ask.Options{Dialect: ask.TraceQL, Refused: []string{"event:name"}}, `{ resource.service.name = "x" } | event.name=y`},
		{`error=true service=x`, ask.Options{Exact: true}, `service=x | error=true`},
		{`k=503`, filter(ask.Options{Exact: true}), `exists(k)`},
		{`k=503 name=x`, filter(ask.Options{Stay: map[string]bool{"k=503": true}}), `and(exists(k), eq(span.name, x))`},
		{`parent(service=gw) name=x`, ask.Options{Dialect: ask.TraceQL, Exact: true}, `{ name = "x" } | parent(service=gw)`},
		{`parent(service=gw)`, ask.Options{Dialect: ask.TraceQL, Exact: true}, `{ resource.service.name = "gw" } | parent(service=gw)`},
		{`parent(service=gw) name=x`, ask.Options{Dialect: ask.TraceQL, Stay: map[string]bool{"parent(service=gw)": true}}, `{ name = "x" } | parent(service=gw)`},
		{`service=x k=v`, filter(ask.Options{MaxFilter: 40}), `service=x tags={"k":"v"}`},
		{`service=x k=v`, ask.Options{Dialect: ask.TraceQL, MaxFilter: 40}, `every trace | service=x k=v`},
	} {
		if got := said(t, c.query, c.opt); got != c.want {
			t.Errorf("%s, %+v\n got %s\nwant %s", c.query, c.opt, got, c.want)
		}
	}
}

// TestDeepFilter asks in tags what nests deeper than servers take: a name that means several things nests deeper in the filter
// than in the query.
func TestDeepFilter(t *testing.T) {
	for nested, want := range map[int]ask.Dialect{17: ask.Filter, 19: ask.Tags} {
		text := `span.kind=client`
		for i := range nested {
			text = []string{`(b=y `, `(a=x OR `}[i%2] + text + `)`
		}
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if a := ask.For(q, ask.Options{Dialect: ask.Filter}); a.Dialect != want {
			t.Errorf("%d calls around a term are asked as %s, want %s", nested, a.Dialect, want)
		}
	}
}

// TestService names the service that all requests are for.
func TestService(t *testing.T) {
	for text, want := range map[string]string{
		`service=a k=v`: "a", `service=a OR service=b`: "", `service=a (k=v OR k=w)`: "a", `k=v`: "", ``: "",
		`service=a name=b OR service=a k=v`: "a", `parent(service=a)`: "a",
	} {
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []ask.Dialect{ask.Tags, ask.Filter} {
			if got := ask.For(q, ask.Options{Dialect: d}).Service; got != want {
				t.Errorf("%s: %s asks for service %q, want %q", d, text, got, want)
			}
		}
	}
}

func TestWithService(t *testing.T) {
	for text, want := range map[string][2]string{
		`k=v`:           {`service=cart tags={"k":"v"}`, `and(eq(resource.service, cart), eq(k, v))`},
		``:              {`service=cart`, `eq(resource.service, cart)`},
		`service=other`: {`service=other`, `and(eq(resource.service, cart), eq(resource.service, other))`},
	} {
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for d, want := range want {
			dialect := ask.Dialect(d)
			if got := ask.For(q, ask.Options{Dialect: dialect}).Parts[0].WithService("cart", dialect).String(); got != want {
				t.Errorf("%s: %s\n got %s\nwant %s", dialect, text, got, want)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	const text = `duration>1s error=true http.status_code=503 self>200ms`
	const want = `backend Jaeger, tags
asked   minDuration=1s tags={"error":"true","http.status_code":"503"}
or      minDuration=1s tags={"error":"true","http.response.status_code":"503"}
or      minDuration=1s tags={"error":"true","http.status":"503"}
or      minDuration=1s tags={"error":"true","response_code":"503"}
here    self>200ms
≈       error=true: finds spans of status error in most storages, not messages in the tag "error"
≈       http.status_code=503: misses "503.0"
`
	q, err := query.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := ask.Explain(q, ask.Options{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// said writes what is asked for a query on one line.
func said(t *testing.T, text string, opt ask.Options) string {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	a := ask.For(q, opt)
	var b strings.Builder
	for i, p := range a.Parts {
		if i > 0 {
			b.WriteString(" + ")
		}
		b.WriteString(p.String())
	}
	for _, approx := range a.Approx {
		b.WriteString(" ≈ " + approx.Term)
	}
	for _, here := range a.Here {
		b.WriteString(" | " + here)
	}
	if a.Exact {
		b.WriteString(" exactly")
	}
	return b.String()
}
