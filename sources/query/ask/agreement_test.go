package ask_test

import (
	"context"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/sources/query"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
)

// perFile is how many traces of each file of the demo are served: enough that a server is asked more than once.
const perFile = 6

// odd is a trace with values of every kind, of which the incidents have few, and times in nanoseconds.
const odd = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"odd"}},{"key":"r.int","value":{"intValue":"7"}}]},"scopeSpans":[{"scope":{"name":"lib","version":"v9"},"spans":[` +
	`{"traceId":"c0ffee00000000000000000000000001","spanId":"a000000000000001","name":"GET /odd","kind":2,"startTimeUnixNano":"1772460148863197123","endTimeUnixNano":"1772460148883197456","status":{"code":2,"message":"boom"},` +
	`"attributes":[{"key":"empty","value":{"stringValue":""}},{"key":"int","value":{"intValue":"503"}},{"key":"bool","value":{"boolValue":true}},{"key":"double","value":{"doubleValue":0.5}},` +
	`{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{"intValue":"1"}]}}},{"key":"json","value":{"stringValue":"{\"a\":1}"}}],` +
	`"events":[{"timeUnixNano":"1772460148873197789","name":"exception","attributes":[{"key":"e.int","value":{"intValue":"3"}}]}],` +
	`"links":[{"traceId":"c0ffee00000000000000000000000002","spanId":"b000000000000001"}]},` +
	`{"traceId":"c0ffee00000000000000000000000001","spanId":"a000000000000002","parentSpanId":"a000000000000001","name":"moment","startTimeUnixNano":"1772460148863198001","endTimeUnixNano":"1772460148863198999"}]}]}]}`

// demoTraces returns the newest traces of each incident and an odd one, the newest first.
func demoTraces(t *testing.T) (all []*trace.Trace) {
	t.Helper()
	files, err := filepath.Glob("../../../testdata/demo/*.jsonl.gz")
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	other := filepath.Join(t.TempDir(), "odd.json")
	if err := os.WriteFile(other, []byte(odd), 0o600); err != nil {
		t.Fatal(err)
	}
	seen := map[trace.TraceID]bool{}
	for _, file := range append(files, other) {
		opened, err := sources.Open(context.Background(), []string{file}, sources.Options{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = opened.Set.Close() })
		for i := max(0, opened.Set.Len()-perFile); i < opened.Set.Len(); i++ {
			if one := opened.Set.Trace(i); !seen[one.ID()] {
				seen[one.ID()] = true
				all = append(all, one)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *trace.Trace) int { return int(b.Start()/1000 - a.Start()/1000) })
	return all
}

// agreed are queries of the kinds that people ask, of which engines can say all, a part or nothing.
var agreed = []string{
	"",
	"error=true",
	"service=checkout-service duration>300ms",
	"http.response.status_code=503",
	"kind=client status=error",
	"name~charge OR db.system.name=postgresql",
	"root.name~checkout trace.duration>1s",
	"event.name=exception NOT service=api-gateway",
	"parent(kind=server) db.system.name=redis",
	"int>500 OR list~a",
}

// differs is what an engine makes of a value by itself. Everything else has to come back as it was.
type differs struct {
	micros bool // times and durations in whole microseconds
	texts  bool // every value is a text
	lists  bool // lists and maps are their JSON as text
	follow bool // a link is a reference to what it follows from
	dash   bool // a text of no length is "-"
	unset  bool // a span without a status has the attribute error=unset
	millis bool // rows have durations in whole milliseconds
}

// time is a time or a duration as an engine keeps it.
func (d differs) time(ns int64) int64 {
	if d.micros {
		return ns / 1000 * 1000
	}
	return ns
}

func (d differs) value(v trace.Value) string {
	text := v.String()
	if d.dash && text == "" {
		text = "-"
	}
	if d.texts {
		return text
	}
	kind := v.Type()
	if d.lists && kind == trace.TypeJSON {
		kind = trace.TypeString
	}
	return fmt.Sprintf("%d %s", kind, text)
}

func (d differs) attrs(attrs trace.Attrs, more ...string) string {
	for key, v := range attrs.All() {
		more = append(more, key+"="+d.value(v))
	}
	slices.Sort(more)
	return " " + strings.Join(more, " ")
}

// row is what a list shows of a trace.
func (d differs) row(t *trace.Trace) string {
	return fmt.Sprintf("%s %s %s from %d to %d: %d spans, %d failed", t.ID(), t.Root().Service(), t.Root().Name(), d.time(t.Start()), d.time(t.Finish()), t.SpanCount(), t.Errors())
}

// trace is a trace with all that its spans have.
func (d differs) trace(t *trace.Trace) string {
	lines := []string{}
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		attrs := d.attrs(s.Attrs())
		if d.unset && s.Status() != trace.StatusError && s.Attrs().Get("error").Type() == trace.TypeNone {
			attrs = d.attrs(s.Attrs(), "error=unset")
		}
		line := fmt.Sprintf("%s<%s %s %s %s %s %q %v %d+%d%s resource%s", s.ID(), s.ParentID(), s.Service(), s.Name(), s.Kind(), s.Status(), s.StatusMessage(),
			s.Error(), d.time(s.Start()), d.time(s.Finish())-d.time(s.Start()), attrs, d.attrs(s.Resource().Attrs()))
		line += fmt.Sprintf(" scope %s %s%s state %q", s.Scope().Name(), s.Scope().Version(), d.attrs(s.Scope().Attrs()), s.TraceState())
		for e := range s.Events() {
			line += fmt.Sprintf(" event %s %d%s", s.Event(e).Name(), d.time(s.Event(e).Time()), d.attrs(s.Event(e).Attrs()))
		}
		for _, l := range s.Links() {
			kind := l.Kind()
			if d.follow {
				kind = trace.LinkFollowsFrom
			}
			line += fmt.Sprintf(" link %d %s/%s %q%s", kind, l.TraceID(), l.SpanID(), l.TraceState(), d.attrs(l.Attrs()))
		}
		lines = append(lines, line)
	}
	slices.Sort(lines) // spans that began in the same microsecond come in any order
	return d.row(t) + "\n" + strings.Join(lines, "\n")
}

// matching are the traces of a set that match a query.
func matching(q *query.Query, set *trace.Set) (func(trace.TraceID) bool, error) {
	program, err := eval.Compile(q, set, nil)
	if err != nil {
		return nil, err
	}
	result, err := program.Run(context.Background(), 1)
	if err != nil {
		return nil, err
	}
	found := map[trace.TraceID]bool{}
	for _, m := range result.Traces {
		found[set.Trace(m.Trace).ID()] = true
	}
	return func(id trace.TraceID) bool { return found[id] }, nil
}

// TestEnginesAgree serves the incidents by engines of every kind, and asks each for the same: the lists are those of the
// files, but for what an engine does to a value.
func TestEnginesAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("many answers")
	}
	traces := demoTraces(t)
	window := live.Window{From: time.Unix(0, math.MaxInt64), To: time.Unix(0, 0)}
	for _, one := range traces {
		from, to := one.Extent()
		if at := time.Unix(0, from).Add(-time.Second); at.Before(window.From) {
			window.From = at
		}
		if at := time.Unix(0, to).Add(time.Second); at.After(window.To) {
			window.To = at
		}
	}
	wanted := map[string]map[trace.TraceID]*trace.Trace{}
	for _, text := range agreed {
		if wanted[text] = wants(t, text, traces); len(wanted[text]) == 0 {
			t.Errorf("nothing matches %s", text)
		}
	}
	for _, e := range engines(t, traces) {
		t.Run(e.name, func(t *testing.T) {
			server := httptest.NewServer(e)
			defer server.Close()
			for _, text := range agreed {
				for _, limit := range []int{5, 20, 1000} {
					e.agrees(t, server.URL+e.base, wanted[text], window, text, limit)
				}
			}
			if e.name == "B" || e.name == "C" || e.name == "Tempo" {
				e.lists(t, server.URL+e.base, traces, window)
			}
		})
	}
}

// wants are the traces of the files that match a query.
func wants(t *testing.T, text string, traces []*trace.Trace) map[trace.TraceID]*trace.Trace {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	matches := map[*trace.Set]func(trace.TraceID) bool{}
	want := map[trace.TraceID]*trace.Trace{}
	for _, one := range traces {
		if matches[one.Set()] == nil {
			if matches[one.Set()], err = matching(q, one.Set()); err != nil {
				t.Fatal(err)
			}
		}
		if matches[one.Set()](one.ID()) {
			want[one.ID()] = one
		}
	}
	return want
}

func (s *standIn) agrees(t *testing.T, url string, want map[trace.TraceID]*trace.Trace, window live.Window, text string, limit int) {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	b, err := live.Open(live.Config{Name: "prod", URL: url}, live.Options{Env: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	feed := sources.NewFeed(sources.Options{Workers: 1})
	a, err := b.Find(t.Context(), live.Question{
		Query: q, Window: window, Limit: limit, Exact: true,
		Match: func(_ context.Context, set *trace.Set) (func(trace.TraceID) bool, error) { return matching(q, set) },
	}, feed, nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	set := feed.Set()
	matches, err := matching(q, set)
	if err != nil {
		t.Fatal(err)
	}
	what := fmt.Sprintf("%s, limit %d (%s, %d requests)", text, limit, a.Server, a.Requests)
	came := 0
	for i := range set.Len() {
		got := set.Trace(i)
		if !matches(got.ID()) {
			continue
		}
		came++
		one := want[got.ID()]
		if one == nil {
			t.Errorf("%s: trace %s does not match in the files", what, got.ID())
			continue
		}
		if file, engine := s.differs.trace(one), s.differs.trace(got); file != engine {
			t.Fatalf("%s (-file +%s):\n%s", what, s.name, cmp.Diff(strings.Split(file, "\n"), strings.Split(engine, "\n")))
		}
	}
	for id, one := range want {
		if !time.Unix(0, one.Start()).Before(a.Complete) && set.Find(id) == nil {
			t.Errorf("%s: trace %s is missing, although the answer is said to be complete from %s on", what, id, a.Complete)
		}
	}
	if came < min(limit, len(want)) || limit > len(s.traces) && (came != len(want) || !a.Whole()) {
		t.Errorf("%s: %d traces of %d", what, came, len(want))
	}
}

// lists asks for rows: what they say is what the traces of the files say.
func (s *standIn) lists(t *testing.T, url string, traces []*trace.Trace, window live.Window) {
	t.Helper()
	b, err := live.Open(live.Config{Name: "prod", URL: url}, live.Options{Env: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	feed := sources.NewFeed(sources.Options{Workers: 1})
	a, err := b.Find(t.Context(), live.Question{Window: window, Light: live.RowsOnly}, feed, nil)
	if err != nil || a.Rest == nil || feed.Traces() > 0 {
		t.Fatalf("%d traces were read: %+v, %v", feed.Traces(), a, err)
	}
	var got, want []string
	for _, r := range a.Rest.Rows {
		got = append(got, fmt.Sprintf("%s %s %s from %d for %v: %d spans, %d failed", r.ID, r.Service, r.Name, r.Window.From.UnixNano(), r.Took, r.Spans, r.Errors))
	}
	for _, one := range traces {
		from, to := one.Extent() // of all spans, also of those on a host whose clock is off: the list leaves those out
		took := time.Duration(to - from)
		if s.differs.millis {
			took = took.Truncate(time.Millisecond)
		}
		want = append(want, fmt.Sprintf("%s %s %s from %d for %v: %d spans, %d failed", one.ID(), one.Root().Service(), one.Root().Name(), from, took, one.SpanCount(), one.Errors()))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-files +%s):\n%s", s.name, diff)
	}
}
