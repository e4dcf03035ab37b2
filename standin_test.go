package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tracefall/sources"
	"tracefall/sources/export"
	"tracefall/sources/live/livetest"
	"tracefall/sources/trace"
)

// standIn answers as Jaeger 2.0 to 2.18 does by its api_v3 and its JSON API, where the command line is tested and no real server can run.
// It knows services, operations, windows, durations, errors and a number of traces, and no other tags.
type standIn struct {
	mu     sync.Mutex
	traces []*trace.Trace // the newest first
	down   bool           // it answers that it is not available
	wait   chan struct{}  // searches are answered once something comes from it, or not at all; nil: at once
	gone   chan time.Time // takes when a search was given up; nil: nobody is told
	asked  int            // searches that wait
}

// waits reports whether a search waits for its answer.
func (s *standIn) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked > 0
}

// change changes what it answers from now on.
func (s *standIn) change(how func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how()
}

// newStandIn serves the traces of files.
func newStandIn(files ...string) (*standIn, error) {
	result, err := sources.Open(context.Background(), files, sources.Options{})
	if err != nil {
		return nil, err
	}
	s := &standIn{}
	for i := range result.Set.Len() {
		s.traces = append(s.traces, result.Set.Trace(i))
	}
	slices.SortStableFunc(s.traces, func(a, b *trace.Trace) int { return cmp.Compare(b.Start(), a.Start()) })
	return s, nil
}

// serveTraces is a command of scripts: it serves the traces of files and sets $JAEGER to the address.
func serveTraces(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: jaeger FILE…")
	}
	serveFiles(ts, "JAEGER", args, func(s *standIn) http.Handler { return s })
}

// serveTempo is a command of scripts: it serves the traces of files and sets $TEMPO to the address.
func serveTempo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: tempo FILE…")
	}
	serveFiles(ts, "TEMPO", args, func(s *standIn) http.Handler { return livetest.Tempo{Traces: s.traces} })
}

// serveFiles serves the traces of files, and sets a variable to the address.
func serveFiles(ts *testscript.TestScript, variable string, files []string, handler func(*standIn) http.Handler) {
	for i := range files {
		files[i] = ts.MkAbs(files[i])
	}
	s, err := newStandIn(files...)
	ts.Check(err)
	server := httptest.NewServer(handler(s))
	ts.Defer(server.Close)
	ts.Setenv(variable, server.URL)
}

// ServeHTTP answers a request. A path that it does not know is its UI, as Jaeger does.
func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	s.mu.Lock()
	wait, gone, down := s.wait, s.gone, s.down
	s.mu.Unlock()
	if wait != nil && (path == "/api/traces" || path == "/api/v3/traces") {
		s.change(func() { s.asked++ })
		select {
		case <-wait:
		case <-r.Context().Done():
			if gone != nil {
				gone <- time.Now()
			}
			return
		}
	}
	if down {
		http.Error(w, "being moved", http.StatusForbidden)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, one := strings.CutPrefix(path, "/api/v3/traces/")
	switch {
	case r.Header.Get("Authorization") != "":
		http.Error(w, "no credential was expected", http.StatusTeapot)
	case path == "/api/v3/services":
		s.names(w, "services", func(span trace.Span) any { return span.Service() })
	case path == "/api/v3/operations":
		service := r.URL.Query().Get("service")
		s.names(w, "operations", func(span trace.Span) any {
			if span.Service() != service {
				return nil
			}
			return map[string]string{"name": span.Name(), "spanKind": span.Kind().String()}
		})
	case one:
		s.answer(w, slices.DeleteFunc(slices.Clone(s.traces), func(t *trace.Trace) bool { return t.ID() != trace.ParseTraceID(id) }))
	case path == "/api/traces":
		s.searchTags(w, r)
	case path == "/api/v3/traces":
		s.search(w, r)
	default:
		fmt.Fprint(w, "<!doctype html><title>Jaeger UI</title>")
	}
}

// names lists what all spans have, each once.
func (s *standIn) names(w http.ResponseWriter, key string, of func(trace.Span) any) {
	seen, list := map[string]bool{}, []any{}
	for _, t := range s.traces {
		for i := t.First(); i < t.Len(); i++ {
			if one := of(t.Span(i)); one != nil && !seen[fmt.Sprint(one)] {
				seen[fmt.Sprint(one)] = true
				list = append(list, one)
			}
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{key: list})
}

// wanted is what one span of a trace has to satisfy.
type wanted struct {
	from, to           time.Time // of its start, both inclusive
	least, longest     time.Duration
	service, operation string
	failed             bool
	most               int // traces
}

// find returns the newest traces of which one span satisfies everything.
func (s *standIn) find(want wanted) (found []*trace.Trace) {
	matches := func(span trace.Span) bool {
		d := time.Duration(span.Duration())
		return span.Start() >= want.from.UnixNano() && span.Start() <= want.to.UnixNano() && d >= want.least && d <= want.longest &&
			(want.service == "" || want.service == span.Service()) && (want.operation == "" || want.operation == span.Name()) &&
			(!want.failed || span.Error())
	}
	for _, t := range s.traces {
		for i := t.First(); i < t.Len() && len(found) < want.most; i++ {
			if matches(t.Span(i)) {
				found = append(found, t)
				break
			}
		}
	}
	return found
}

// parsed is a parameter, or what is usual where it is none.
func parsed[T any](text string, usual T, parse func(string) (T, error)) T {
	if v, err := parse(text); err == nil {
		return v
	}
	return usual
}

// search answers a search by api_v3, which ignores tags.
func (s *standIn) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, err1 := time.Parse(time.RFC3339Nano, q.Get("query.start_time_min"))
	to, err2 := time.Parse(time.RFC3339Nano, q.Get("query.start_time_max"))
	if err1 != nil || err2 != nil {
		http.Error(w, `{"error":{"httpCode":400,"message":"query.start_time_min is required"}}`, http.StatusBadRequest)
		return
	}
	s.answer(w, s.find(wanted{
		from: from, to: to, service: q.Get("query.service_name"), operation: q.Get("query.operation_name"),
		least:   parsed(q.Get("query.duration_min"), 0, time.ParseDuration),
		longest: parsed(q.Get("query.duration_max"), 1<<62, time.ParseDuration),
		most:    parsed(q.Get("query.num_traces"), 100, strconv.Atoi),
	}))
}

// searchTags answers a search by the JSON API, which knows the one tag that is asked for here.
func (s *standIn) searchTags(w http.ResponseWriter, r *http.Request) {
	q, tags := r.URL.Query(), map[string]string{}
	if q.Get("service") == "" {
		http.Error(w, `{"data":null,"errors":[{"code":400,"msg":"parameter 'service' is required"}]}`, http.StatusBadRequest)
		return
	}
	_ = json.Unmarshal([]byte(q.Get("tags")), &tags)
	found := s.find(wanted{
		from: time.UnixMicro(parsed(q.Get("start"), 0, parseMicros)), to: time.UnixMicro(parsed(q.Get("end"), 1<<50, parseMicros)),
		service: q.Get("service"), operation: q.Get("operation"), failed: tags["error"] == "true",
		least:   parsed(q.Get("minDuration"), 0, time.ParseDuration),
		longest: parsed(q.Get("maxDuration"), 1<<62, time.ParseDuration),
		most:    parsed(q.Get("limit"), 100, strconv.Atoi),
	})
	if err := export.WriteJaeger(w, found, export.Options{}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func parseMicros(text string) (int64, error) { return strconv.ParseInt(text, 10, 64) }

// answer writes traces as one document.
func (s *standIn) answer(w http.ResponseWriter, found []*trace.Trace) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(found) == 0 {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"error":{"httpCode":404,"message":"No traces found"}}`)
		return
	}
	var b bytes.Buffer
	if err := export.WriteOTLP(&b, found, export.Options{}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	document, err := joinLines(b.Bytes())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, `{"result":{"resourceSpans":%s}}`, document)
}

// joinLines joins the spans of documents of OTLP JSON, one a line.
func joinLines(lines []byte) ([]byte, error) {
	all := []json.RawMessage{}
	for d := json.NewDecoder(bytes.NewReader(lines)); d.More(); {
		var one struct {
			ResourceSpans []json.RawMessage `json:"resourceSpans"`
		}
		if err := d.Decode(&one); err != nil {
			return nil, err
		}
		all = append(all, one.ResourceSpans...)
	}
	return json.Marshal(all)
}

// TestStandIn checks that the stand-in gives back what it was given.
func TestStandIn(t *testing.T) {
	s, err := newStandIn("testdata/traces/shop.otlp.json")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	defer server.Close()
	resp, err := http.Get(server.URL + "/api/v3/traces/" + s.traces[0].ID().String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	feed := sources.NewFeed(sources.Options{})
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	if _, err := feed.Add("answer", b.Bytes()); err != nil {
		t.Fatal(err)
	}
	if set := feed.Set(); set.Len() != 1 || set.Trace(0).SpanCount() != s.traces[0].SpanCount() {
		t.Errorf("got %d traces", set.Len())
	}
}
