package query_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// corpus are the queries of the language's description, in all its spellings.
var corpus = []string{
	`duration>1s error=true http.status_code=503 retry.count>3`,
	`duration>1s error=true http.status_code=503`,
	`service=cart OR (kind=client NOT peer.service=redis)`,
	`service~cart OR (kind=client AND NOT db.system=redis) && !error=true -kind=server`,
	`http.status_code in (500, 502, 503)`,
	`http.status_code not in (200, 201)`,
	`resource.k8s.pod.name=~"^pay"`,
	`db.statement~select`,
	`db.statement~iselect`,
	`has:http.request.resend_count`,
	`event.name=exception`,
	`event.exception.type=Timeout`,
	`event.exception.type=~itimeout`,
	`trace.duration>5s`,
	`trace.spans>100`,
	`trace.services>3`,
	`root.service=api-gateway`,
	`trace.id=4bf92f3577b34da6a3ce929d0e0e4736`,
	`self>200ms`,
	`critical=true`,
	`depth>20`,
	`children>10`,
	`orphan=true`,
	`finding=retry-storm`,
	`parent(service=gw)`,
	`parent(kind=server)`,
	`ancestor(error=true)`,
	`child(error=true)`,
	`descendant(error=true) kind=server`,
	`sibling(error=true)`,
	`"connection refused"`,
	`"timeout"`,
	`{ span.http.status_code >= 500 && resource.service.name = "cart" }`,
	`{ span.http.status_code >= 500 }`,
	`{ } >> { status = error }`,
	`{ } | count() > 3`,
	`{ kind = server } > { kind = client }`,
	`{ status = error } << { }`,
	`{ status = error } < { }`,
	`{ status = error } ~ { }`,
	`{ kind = server } !>> { status = error }`,
	`{ kind = server } &>> { status = error }`,
	`{ error=true } && { kind=client }`,
	`{ kind = client } | avg(duration) > 10ms`,
	`{ kind = client } | min(duration) < 1ms`,
	`{ } | max(duration) > 1s`,
	`{ } | by(service) | count() > 3`,
	`{ } | sum(duration) > 1s`,
	`error=true`,
	`status=error`,
	`http.status_code=503`,
	`http.status_code="503"`,
	`http.status_code=503.0`,
	`http.response.status_code>=400`,
	`retry.count!=5`,
	`NOT retry.count=5`,
	`duration > 1s`,
}

// TestCorpus runs the description's queries over the demo incidents and, where they are there, the traces of other
// programs, and compares every count and every span with the obvious evaluation. -v lists the counts.
func TestCorpus(t *testing.T) {
	root := filepath.Join("..", "..")
	for _, name := range []string{"demo", "traces"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, "testdata", "demo")
			if name != "demo" {
				dir = tracetest.Corpus(t)
			}
			opened, err := sources.Open(context.Background(), []string{dir}, sources.Options{Workers: 2})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = opened.Set.Close() }()
			for _, text := range corpus {
				t.Run(text, func(t *testing.T) { compareWithSlow(t, text, opened.Set) })
			}
		})
	}
}

// compareWithSlow compares the answer to a query with that of the obvious evaluation.
func compareWithSlow(t *testing.T, text string, set *trace.Set) {
	t.Helper()
	q := parse(t, text)
	got := run(t, compile(t, text, set), 2)
	want := slow(q, set, standIn{})
	spans := 0
	for _, m := range want {
		spans += len(m.Spans)
	}
	if len(got.Traces) != len(want) || got.Spans != spans {
		t.Fatalf("%d traces, %d spans; the obvious evaluation finds %d and %d", len(got.Traces), got.Spans, len(want), spans)
	}
	for i, m := range got.Traces {
		if m.Trace != want[i].Trace || !slices.Equal(m.Spans, want[i].Spans) {
			t.Fatalf("trace %d: spans %v, the obvious evaluation finds %v in trace %d", m.Trace, m.Spans, want[i].Spans, want[i].Trace)
		}
	}
	t.Logf("%d of %d traces, %d of %d spans", len(got.Traces), got.TotalTraces, got.Spans, got.TotalSpans)
}
