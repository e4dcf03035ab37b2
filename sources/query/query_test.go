package query_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/query"
	"tracefall/sources/query/eval"
	"tracefall/sources/query/querytest"
	"tracefall/sources/trace"
)

func parse(t testing.TB, text string) *query.Query {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return q
}

func compile(t testing.TB, text string, set *trace.Set) *eval.Program {
	t.Helper()
	p, err := eval.Compile(parse(t, text), set, standIn{})
	if err != nil {
		t.Fatalf("Compile(%q): %v", text, err)
	}
	return p
}

func run(t testing.TB, p *eval.Program, workers int) *eval.Result {
	t.Helper()
	r, err := p.Run(context.Background(), workers)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// names lists the names of the spans that matched.
func names(set *trace.Set, r *eval.Result) string {
	var all []string
	for _, match := range r.Traces {
		for _, i := range match.Spans {
			all = append(all, set.Trace(match.Trace).Span(int(i)).Name())
		}
	}
	return strings.Join(all, " ")
}

func TestExamples(t *testing.T) {
	set := world(t)
	for _, e := range examples {
		t.Run(e.text, func(t *testing.T) {
			q := parse(t, e.text)
			canon := e.canon
			if canon == "" && !slices.Contains([]string{" \t ", "{}"}, e.text) {
				canon = e.text
			}
			if got := q.String(); got != canon {
				t.Errorf("String() = %s, want %s", got, canon)
			}
			if !query.Equal(q, parse(t, q.String())) {
				t.Errorf("reading %s back gives another query", q)
			}
			checkAST(t, q, e.ast)
			r := run(t, compile(t, e.text, set), 1)
			if got := names(set, r); got != e.want {
				t.Errorf("matches %q, want %q", got, e.want)
			}
			if slow := slow(q, set, standIn{}); !cmp.Equal(slow, r.Traces) {
				t.Errorf("the slow evaluator disagrees: %v, got %v", slow, r.Traces)
			}
		})
	}
}

// checkAST compares what Jaeger's filter says with want, as text, and converts the filter there and back.
func checkAST(t *testing.T, q *query.Query, want string) {
	t.Helper()
	filter, rest := q.AST()
	if want == "-" {
		if filter != nil {
			t.Errorf("the filter is %s, want none", query.FilterJSON(filter))
		}
		return
	}
	back, err := query.FromAST(filter)
	if err != nil {
		t.Fatalf("FromAST: %v", err)
	}
	if want == "" {
		if want = q.String(); rest != nil {
			t.Errorf("%s is left, want nothing", rest)
		}
	}
	if back.String() != want {
		t.Errorf("the filter says %s, want %s", back, want)
	}
	again, _ := back.AST()
	if !query.SameFilter(filter, again) {
		t.Errorf("the filter changes on its way to text and back:\n%s\n%s", query.FilterJSON(filter), query.FilterJSON(again))
	}
}

// TestEveryWordHasAnExample walks Jaeger's vocabulary and ours and fails for a word that no example uses.
func TestEveryWordHasAnExample(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range examples {
		query.Walk(parse(t, e.text), seen)
	}
	for text := range unanswerable {
		query.Walk(parse(t, text), seen)
	}
	for _, want := range query.WalkWants() {
		if !seen[want] {
			t.Errorf("no example uses %q", want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, e := range refusals {
		t.Run(e.text, func(t *testing.T) {
			q, err := query.Parse(e.text)
			if err == nil {
				t.Fatalf("is read as %s", q)
			}
			var refused *query.SyntaxError
			if !errors.As(err, &refused) {
				t.Fatalf("error is a %T", err)
			}
			if got := strings.Split(refused.Caret(), "\n")[1]; got != e.carets {
				t.Errorf("marks\n%s\n%s want\n%s", e.text, got, e.carets)
			}
			if !strings.Contains(refused.Message, e.message) {
				t.Errorf("message %q, want %q in it", refused.Message, e.message)
			}
			if refused.Suggestion != e.suggestion {
				t.Errorf("suggestion %q, want %q", refused.Suggestion, e.suggestion)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is more than one line: %q", err)
			}
		})
	}
}

func TestErrorLine(t *testing.T) {
	_, err := query.Parse("größe>1 status=eror")
	const want = "query, column 16: invalid value \"eror\" for status (use unset, ok or error); did you mean error?"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestNesting checks that depth is bounded where Jaeger's filter bounds it, whatever is nested.
func TestNesting(t *testing.T) {
	for _, open := range []string{
		"(", "NOT ", "-", "!", "parent(", "event(", "{", "({} > ", "{ (", "{ -(", "{(-", "{ !(", "{ .a + (", "{ 1 + -", "{ has:", "{ .a = (", "count() + (", "-(count() + ", "(count() > 1 | ",
		"({ } | by(", "{ } | by(-", "{ } | avg((",
	} {
		for _, n := range []int{21, 100_000} {
			_, err := query.Parse(strings.Repeat(open, n) + "a=1")
			if err == nil {
				t.Errorf("%q × %d is accepted", open, n)
			}
		}
	}
	alternating := "a=1"
	for range 10 {
		alternating = "(" + alternating + " OR b=1) c=1"
	}
	if _, err := query.Parse(alternating); err == nil || !strings.Contains(err.Error(), "nested more than 20 deep") {
		t.Errorf("alternating and/or 21 deep: %v", err)
	}
	if _, err := query.Parse(strings.Repeat("(", 19) + "a=1" + strings.Repeat(")", 19)); err != nil {
		t.Errorf("19 parentheses: %v", err)
	}
	if _, err := query.Parse(strings.Repeat("{} > ", 30) + "{}"); err == nil {
		t.Error("a chain of 30 spansets is accepted")
	}
	if _, err := query.Parse("a=~" + strings.Repeat("x", 5000)); err == nil || !strings.Contains(err.Error(), "at most 4096 bytes") {
		t.Errorf("a pattern of 5,000 bytes: %v", err)
	}
	for _, text := range []string{
		"{ " + strings.Repeat("(.a + 1) = 2 && ", 20_000) + "true }", "{ 1" + strings.Repeat(" + 1", 50_000) + " = 2 }",
		strings.Repeat("count() > 1 && ", 5_000) + "count() > 1",
	} {
		if _, err := query.Parse(text); err != nil {
			t.Errorf("%.40s…: %v", text, err)
		}
	}
	for _, text := range []string{
		strings.Repeat("(1) ", 100_000), strings.Repeat("(1)", 100_000), "{ .a" + strings.Repeat(" + .a", 100_000) + " > 1 }", strings.Repeat("{ } | ", 100_000),
		strings.Repeat("1+", 100_000), strings.Repeat("/*", 100_000), "{ .a in [" + strings.Repeat("[", 100_000), strings.Repeat("with (", 50_000),
	} {
		_, _ = query.Parse(text) // whatever it is, it is decided soon
	}
	wide := strings.Repeat("a=1 ", 50_000)
	if q := parse(t, wide); len(q.String()) != len(wide)-1 {
		t.Errorf("50,000 terms come back as %d bytes", len(q.String()))
	}
}

func TestWorkersAgree(t *testing.T) {
	set := querytest.Set(t, 7, 400)
	for _, text := range []string{"a>1", "parent(a=1) OR b~x", "| by(a) | count() > 2", "a!=1 NOT has:b", "nosuch=1 a=1"} {
		p := compile(t, text, set)
		one := run(t, p, 1)
		for _, workers := range []int{0, 2, 7} {
			if many := run(t, p, workers); !cmp.Equal(one, many, cmp.Comparer(query.Equal)) {
				t.Errorf("%s: %d workers: %v, one: %v", text, workers, many, one)
			}
		}
	}
}

// TestLongTrace checks that a trace cut into windows gives what whole traces give.
func TestLongTrace(t *testing.T) {
	b := trace.NewBuilder()
	key := b.Symbol([]byte("n"))
	var raw trace.RawSpan
	const n = 40_000
	for i := range n {
		raw.Reset()
		raw.Trace = trace.TraceID{Lo: 1}
		raw.ID, raw.Start, raw.Duration = trace.SpanID{N: uint64(i) + 1}, int64(i)+1, 1000
		if i > 0 {
			raw.Parent = trace.SpanID{N: 1}
		}
		raw.Attrs = append(raw.Attrs, trace.Int(key, int64(i%7)))
		b.Add(&raw)
	}
	set := b.Build()
	short := run(t, compile(t, "n=3 OR n=5", set), 3)
	whole := run(t, compile(t, "(n=3 OR n=5) (children>=0)", set), 3)
	if !cmp.Equal(short.Traces, whole.Traces) || short.Spans != 11428 || len(short.Traces) != 1 {
		t.Errorf("%d spans in %d traces in windows, %d whole", short.Spans, len(short.Traces), whole.Spans)
	}
}

// TestDeepTrace checks that depth costs no stack and no square.
func TestDeepTrace(t *testing.T) {
	b := trace.NewBuilder()
	var raw trace.RawSpan
	const n = 100_000
	for i := range n {
		raw.Reset()
		raw.Trace = trace.TraceID{Lo: 1}
		raw.ID, raw.Parent, raw.Start, raw.Duration = trace.SpanID{N: uint64(i) + 1}, trace.SpanID{N: uint64(i)}, int64(i)+1, 1000
		b.Add(&raw)
	}
	set := b.Build()
	for text, want := range map[string]int{
		"ancestor(depth=0)": n - 1, "ancestor(depth>=0)": n - 1, "descendant(children=0)": n - 1, "parent(depth<10)": 10, "child(children=0)": 1, "sibling(depth>=0)": 0,
	} {
		if r := run(t, compile(t, text, set), 1); r.Spans != want {
			t.Errorf("%s: %d spans, want %d", text, r.Spans, want)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := compile(t, "a=1", world(t)).Run(ctx, 2); !errors.Is(err, context.Canceled) || r != nil {
		t.Errorf("Run after cancel: %v, %v", r, err)
	}
}

func TestDerivedIsRefused(t *testing.T) {
	set := world(t)
	for text, want := range unanswerable {
		_, err := eval.Compile(parse(t, text), set, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	_, err := eval.Compile(parse(t, "kind=client finding=retry-strom"), set, standIn{})
	if err == nil || err.Error() != "query, column 13: there is no detector retry-strom; did you mean retry-storm?" {
		t.Errorf("an unknown detector: %v", err)
	}
}

func TestMatches(t *testing.T) {
	set := world(t)
	var m eval.Matches
	p := compile(t, "service=payment OR orphan=true", set)
	p.Trace(set.Trace(0), &m)
	got := fmt.Sprint(m.Count(), m.Len(), m.Has(0), m.Has(1), m.Has(-1), m.Has(99), m.Next(0), m.Next(2), m.Next(3), m.Spans(nil))
	if got != "2 5 false true false false 1 2 -1 [1 2]" {
		t.Errorf("first trace: %s", got)
	}
	p.Trace(set.Trace(1), &m)
	if last := m.Next(0); m.Count() != 1 || set.Trace(1).Span(last).Name() != "lost" {
		t.Errorf("second trace: %v", m.Spans(nil))
	}
	compile(t, "name=list", set).Trace(set.Trace(1), &m)
	if m.Count() != 1 || set.Trace(1).Span(m.Next(0)).Name() != "list" {
		t.Errorf("another program on the same Matches: %v", m.Spans(nil))
	}
}

func TestNotes(t *testing.T) {
	set := world(t)
	for text, want := range map[string]string{
		"durtaion=5":                        "no span has durtaion; did you mean duration?",
		"retry.cuont>1":                     "no span has retry.cuont; did you mean retry.count (3 spans)?",
		"service=cart retry.cuont=1":        "no span has retry.cuont; did you mean retry.count (3 spans)?",
		"NOT zzzzzzzz=1":                    "no span has zzzzzzzz",
		"exception.type=Timeout":            "no span has exception.type; did you mean event.exception.type (2 spans)?",
		"span.k8s.pod.name=gw-1":            "no span has span.k8s.pod.name; did you mean k8s.pod.name (3 spans)?",
		"name=nothing retry.count=1":        "",
		"http.request.metod=GET":            "no span has http.request.metod; did you mean http.method (1 span)?",
		"span.http.request.method=GET":      "no span has span.http.request.method; did you mean http.method (1 span)?",
		"service=pay":                       "no service is named pay; did you mean payment?",
		"root.service=GATE":                 "no service is named GATE; did you mean gateway?",
		"service=paymnet":                   "no service is named paymnet; did you mean payment?",
		"service=moon":                      "no service is named moon",
		`{ resource.service.name = "pay" }`: "no service is named pay; did you mean payment?",
		"has:resource.service.name":         "",
		"service!=moon":                     "",
		"service~pay":                       "",
		"service in (pay, gw)":              "",
		"http.status_code=503":              "http.status_code is also read as http.response.status_code",
		"span.http.status_code=503":         "",
		"http.response.status_code=503":     "http.response.status_code is also read as http.status_code",
		"retry.count>1s":                    "retry.count holds numbers without a unit, which no duration equals; compare it with a number",
		"has:db.statement":                  "db.statement is also read as db.query.text",
		"db.statement~select":               "",
		"event.exception.typ=x":             "no span has event.exception.typ; did you mean event.exception.type (2 spans)?",
		"| by(nosuchkey) | count() > 10":    "no span has nosuchkey",
		"span.duration>1s":                  "no span has the attribute duration; span.duration is read as the field duration",
		"span.kind=client":                  "",
		"otel.status_code=ERROR":            "",
		"{ .size + .nosuchkey > 1 }":        "no span has nosuchkey",
		"{ } | select(.nosuchkey, name)":    "no span has nosuchkey",
		"{ } with (most_recent=true)":       "with (most_recent=true) tells a server how to search; it has no effect here",
	} {
		var got []string
		for _, note := range run(t, compile(t, text, set), 2).Notes {
			got = append(got, note.Text)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestApart(t *testing.T) {
	set := world(t)
	r := run(t, compile(t, "service=payment db.statement~likes", set), 1)
	if r.Spans != 0 || r.Apart != 1 || r.ApartQuery.String() != "{ service=payment } && { db.statement~likes }" {
		t.Errorf("%d spans; apart in %d traces with %v", r.Spans, r.Apart, r.ApartQuery)
	}
	if r := run(t, compile(t, "service=payment name=list", set), 1); r.Apart != 0 || r.ApartQuery != nil {
		t.Errorf("terms of different traces: apart in %d traces with %v", r.Apart, r.ApartQuery)
	}
	if r := run(t, compile(t, "service=payment kind=client", set), 1); r.Spans != 2 || r.Apart != 0 {
		t.Errorf("terms that hold together: %d spans, apart in %d", r.Spans, r.Apart)
	}
	if r.TotalSpans != 8 || r.TotalTraces != 2 {
		t.Errorf("total %d spans, %d traces", r.TotalSpans, r.TotalTraces)
	}
}

func TestExplain(t *testing.T) {
	const want = `query   duration>1s http.resend_count in (1, 2) error=true name~x depth>3
names   http.resend_count is read as http.request.resend_count too, and asked for under each
here    depth>3
filter  {"op":"and","args":[
          {"call":{"op":"gt","args":[{"field":{"name":"duration","level":"span"}},{"scalar":{"value":"1s"}}]}},
          {"call":{"op":"or","args":[
            {"call":{"op":"or","args":[
              {"call":{"op":"eq","args":[{"attr":{"key":"http.resend_count"}},{"scalar":{"value":"1"}}]}},
              {"call":{"op":"eq","args":[{"attr":{"key":"http.request.resend_count"}},{"scalar":{"value":"1"}}]}}]}},
            {"call":{"op":"or","args":[
              {"call":{"op":"eq","args":[{"attr":{"key":"http.resend_count"}},{"scalar":{"value":"2"}}]}},
              {"call":{"op":"eq","args":[{"attr":{"key":"http.request.resend_count"}},{"scalar":{"value":"2"}}]}}]}}]}},
          {"call":{"op":"eq","args":[{"attr":{"key":"error"}},{"scalar":{"value":"true"}}]}},
          {"call":{"op":"regex","args":[{"field":{"name":"name","level":"span"}},{"scalar":{"value":"x"}}]}}]}
`
	got := parse(t, "duration>1s http.resend_count in (1, 2) error=true name~x depth>3").Explain()
	bare := func(text string) string { return strings.Join(strings.Fields(text), "") }
	if diff := cmp.Diff(bare(want), bare(got)); diff != "" {
		t.Errorf("%s\n%s", diff, got)
	}
	if !strings.Contains(got, "\nfilter  {\n          \"op\": \"and\",\n") {
		t.Errorf("the filter is not indented:\n%s", got)
	}
}

// TestFiltersAreTaken checks that filters are those that servers take: no constant, pattern or list beside an attribute
// has a type, and lists are comparisons.
func TestFiltersAreTaken(t *testing.T) {
	for text, want := range map[string]string{
		`a="503"`:                       `{"op":"eq","args":[{"attr":{"key":"a"}},{"scalar":{"value":"503"}}]} here a="503"`,
		`a="x"`:                         `{"op":"eq","args":[{"attr":{"key":"a"}},{"scalar":{"value":"x"}}]}`,
		`a!="503"`:                      `{"op":"exists","args":[{"attr":{"key":"a"}}]} here a!="503"`,
		`NOT a="503"`:                   `null here NOT a="503"`,
		`a=~"x.y"`:                      `{"op":"regex","args":[{"attr":{"key":"a"}},{"scalar":{"value":"x.y"}}]}`,
		`NOT error=true`:                `{"op":"not","args":[{"call":{"op":"eq","args":[{"attr":{"key":"error"}},{"scalar":{"value":"true"}}]}}]}`,
		`"error"=true`:                  `{"op":"eq","args":[{"attr":{"key":"error"}},{"scalar":{"value":"true"}}]} here "error"=true`,
		`a in (x)`:                      `{"op":"eq","args":[{"attr":{"key":"a"}},{"scalar":{"value":"x"}}]}`,
		`a not in (x, y)`:               `{"op":"and","args":[{"call":{"op":"ne","args":[{"attr":{"key":"a"}},{"scalar":{"value":"x"}}]}},{"call":{"op":"ne","args":[{"attr":{"key":"a"}},{"scalar":{"value":"y"}}]}}]}`,
		`http.resend_count!=3`:          `{"op":"and","args":[{"call":{"op":"or","args":[{"call":{"op":"exists","args":[{"attr":{"key":"http.resend_count"}}]}},{"call":{"op":"exists","args":[{"attr":{"key":"http.request.resend_count"}}]}}]}},{"call":{"op":"not","args":[{"call":{"op":"eq","args":[{"attr":{"key":"http.resend_count"}},{"scalar":{"value":"3"}}]}}]}},{"call":{"op":"not","args":[{"call":{"op":"eq","args":[{"attr":{"key":"http.request.resend_count"}},{"scalar":{"value":"3"}}]}}]}}]}`,
		`span.http.resend_count=3`:      `{"op":"eq","args":[{"attr":{"key":"http.resend_count","level":"span"}},{"scalar":{"value":"3"}}]}`,
		`{ name =~ "x.*" && .a > 2 }`:   `{"op":"gt","args":[{"attr":{"key":"a"}},{"scalar":{"value":"2"}}]} here name=~"^x.*$"`,
		`{ .a + 1 = 2 && kind=client }`: `{"op":"eq","args":[{"field":{"name":"kind","level":"span"}},{"scalar":{"value":"client"}}]} here { .a + 1 = 2 }`,
	} {
		filter, rest := parse(t, text).AST()
		got := "null"
		if filter != nil {
			got = strings.Join(strings.Fields(string(query.FilterJSON(filter))), "")
		}
		if rest != nil {
			got += " here " + rest.String()
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}
