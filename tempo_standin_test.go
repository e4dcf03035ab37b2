package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tracefall/sources/export"
	"tracefall/sources/trace"
)

// tempoStandIn answers as Tempo does, with the traces of a stand-in. It knows windows, a limit and the order of a search, and
// takes every query for { }.
type tempoStandIn struct{ *standIn }

// serveTempo is a command of scripts: it serves the traces of files and sets $TEMPO to the address.
func serveTempo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: tempo FILE…")
	}
	for i := range args {
		args[i] = ts.MkAbs(args[i])
	}
	s, err := newStandIn(args...)
	ts.Check(err)
	server := httptest.NewServer(tempoStandIn{s})
	ts.Defer(server.Close)
	ts.Setenv("TEMPO", server.URL)
}

func (s tempoStandIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, one := strings.CutPrefix(r.URL.Path, "/api/v2/traces/")
	switch {
	case r.URL.Path == "/api/echo":
		fmt.Fprint(w, "echo")
	case r.URL.Path == "/api/search":
		s.searchRows(w, r)
	case one:
		var b bytes.Buffer
		for _, t := range s.traces {
			if t.ID() == trace.ParseTraceID(id) {
				_ = export.WriteOTLP(&b, []*trace.Trace{t}, export.Options{})
			}
		}
		spans, err := joinLines(b.Bytes())
		if err != nil || b.Len() == 0 {
			fmt.Fprint(w, `{"trace":{},"metrics":{}}`)
			return
		}
		fmt.Fprintf(w, `{"trace":{"resourceSpans":%s}}`, spans)
	default:
		http.NotFound(w, r)
	}
}

// searchRows answers a search with the newest traces of a window, without their spans.
func (s tempoStandIn) searchRows(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	found := s.find(wanted{
		from: time.Unix(parsed(q.Get("start"), 0, parseMicros), 0), to: time.Unix(parsed(q.Get("end"), 1<<40, parseMicros), 0),
		longest: 1 << 62, most: parsed(q.Get("limit"), 20, strconv.Atoi),
	})
	rows := []map[string]any{}
	for _, t := range found {
		stats := map[string]map[string]int{}
		for i := t.First(); i < t.Len(); i++ {
			span := t.Span(i)
			if stats[span.Service()] == nil {
				stats[span.Service()] = map[string]int{}
			}
			stats[span.Service()]["spanCount"]++
			if span.Error() {
				stats[span.Service()]["errorCount"]++
			}
		}
		rows = append(rows, map[string]any{
			"traceID": t.ID().String(), "rootServiceName": t.Root().Service(), "rootTraceName": t.Root().Name(),
			"startTimeUnixNano": strconv.FormatInt(t.Start(), 10), "durationMs": t.Duration() / int64(time.Millisecond), "serviceStats": stats,
		})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"traces": rows})
}
