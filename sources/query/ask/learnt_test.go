package ask_test

import (
	"strings"
	"testing"

	"tracefall/sources/query"
	"tracefall/sources/query/ask"
)

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
else    minDuration=1s: asked instead where the first answer lacks traces that match
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
