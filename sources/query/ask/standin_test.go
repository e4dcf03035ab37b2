package ask_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tracefall/sources/export"
	"tracefall/sources/live/livetest"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// standIn answers as an engine does, of which answers were captured: by its paths, parameters and shapes.
//
//	A    api_v3 in snake case, tags by the JSON API only
//	B    api_v3 in camel case, tags, no filter
//	C    api_v3 with capabilities and a filter
//	J    the JSON API alone
//	VT   VictoriaTraces: the JSON API, every value a text
//	T    Tempo: rows, and traces by id
type standIn struct {
	name, base string
	differs    differs
	t          *testing.T
	finds      engine
	traces     []*trace.Trace // the newest first
	otlp, json map[trace.TraceID][]json.RawMessage
	routes     func(s *standIn, w http.ResponseWriter, path string, q url.Values) bool
	mu         sync.Mutex
	answers    map[string]*httptest.ResponseRecorder // by what was asked
}

func engines(t *testing.T, traces []*trace.Trace) []*standIn {
	t.Helper()
	micros := differs{micros: true, lists: true, follow: true}
	texts := differs{micros: true, texts: true, follow: true, dash: true, unset: true}
	all := []*standIn{
		{name: "A", routes: (*standIn).snake, finds: findsTags},
		{name: "B", routes: (*standIn).camel, finds: findsTags},
		{name: "C", routes: (*standIn).declaring, finds: findsFilter},
		{name: "J", routes: (*standIn).older, finds: findsTags, differs: micros},
		{name: "VictoriaTraces", base: "/select/jaeger", routes: (*standIn).victoria, finds: findsVictoria, differs: texts},
		{name: "Tempo", routes: (*standIn).tempo, finds: findsTraceQL, differs: differs{millis: true}},
	}
	for _, s := range all {
		s.t, s.traces, s.answers = t, traces, map[string]*httptest.ResponseRecorder{}
		s.otlp, s.json = map[trace.TraceID][]json.RawMessage{}, map[trace.TraceID][]json.RawMessage{}
		for _, one := range traces {
			var b bytes.Buffer
			s.must(export.WriteOTLP(&b, []*trace.Trace{one}, export.Options{}))
			var otlp struct{ ResourceSpans []json.RawMessage }
			s.must(json.Unmarshal(b.Bytes(), &otlp))
			b.Reset()
			s.must(export.WriteJaeger(&b, []*trace.Trace{one}, export.Options{}))
			var older struct{ Data []json.RawMessage }
			s.must(json.Unmarshal(b.Bytes(), &older))
			s.otlp[one.ID()], s.json[one.ID()] = otlp.ResourceSpans, older.Data
		}
	}
	return all
}

func (s *standIn) must(err error) {
	if err != nil {
		s.t.Error(err)
	}
}

// ServeHTTP answers a request, one that was made before by what was answered then: queries share many.
func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.answers[r.RequestURI]
	if answer == nil {
		answer = httptest.NewRecorder()
		path, ok := strings.CutPrefix(r.URL.Path, s.base)
		if !ok || !s.routes(s, answer, path, r.URL.Query()) {
			http.NotFound(answer, r)
		}
		s.answers[r.RequestURI] = answer
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	if _, err := w.Write(answer.Body.Bytes()); err != nil {
		s.t.Error(err)
	}
}

func (s *standIn) write(w http.ResponseWriter, status int, v any) bool {
	w.WriteHeader(status)
	s.must(json.NewEncoder(w).Encode(v))
	return true
}

// find returns the newest traces that are found by a part, and have a span that starts in a window of ns.
func (s *standIn) find(p ask.Part, from, to int64, limit int) (found []*trace.Trace) {
	for _, one := range s.traces {
		if len(found) < limit && anySpan(one, func(span trace.Span) bool { return span.Start() >= from && span.Start() <= to }) && s.finds(s.t, one, p) {
			found = append(found, one)
		}
	}
	return found
}

func (s *standIn) services() (names []string) {
	for _, one := range s.traces {
		for i := one.First(); i < one.Len(); i++ {
			names = append(names, one.Span(i).Service())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

func atTime(text string) int64 {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0
	}
	return at.UnixNano()
}

func length(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return d
}

// page is the interface of Jaeger, which answers what it does not know.
func page(w http.ResponseWriter) bool {
	fmt.Fprint(w, "<!doctype html><title>Jaeger UI</title>")
	return true
}

// v3 answers the paths that all servers with api_v3 have, whose parameters are called by names.
func (s *standIn) v3(w http.ResponseWriter, path string, q url.Values, service, operation, from, to, least, most, limit string) bool {
	id, one := strings.CutPrefix(path, "/api/v3/traces/")
	var found []*trace.Trace
	switch {
	case path == "/api/v3/services":
		return s.write(w, http.StatusOK, map[string]any{"services": s.services()})
	case one:
		for _, t := range s.traces {
			if t.ID() == trace.ParseTraceID(id) {
				found = append(found, t)
			}
		}
	case path == "/api/v3/traces" && q.Get(from) == "":
		return s.write(w, http.StatusBadRequest, v3Error(400, from+" is required"))
	case path == "/api/v3/traces":
		p := ask.Part{
			Service: q.Get(service), Operation: q.Get(operation), DurationMin: length(q.Get(least)), DurationMax: length(q.Get(most)),
			Filter: []byte(q.Get("query.filter")),
		}
		if text := q.Get("query.attributes"); text != "" {
			s.must(json.Unmarshal([]byte(text), &p.Tags))
		}
		found = s.find(p, atTime(q.Get(from)), atTime(q.Get(to)), number(q.Get(limit)))
	default:
		return page(w)
	}
	if len(found) == 0 {
		return s.write(w, http.StatusNotFound, v3Error(404, "No traces found"))
	}
	spans := []json.RawMessage{}
	for _, t := range found {
		spans = append(spans, s.otlp[t.ID()]...)
	}
	return s.write(w, http.StatusOK, map[string]any{"result": map[string]any{"resourceSpans": spans}})
}

func v3Error(code int, message string) any {
	return map[string]any{"error": map[string]any{"httpCode": code, "message": message}}
}

func (s *standIn) snake(w http.ResponseWriter, path string, q url.Values) bool {
	switch {
	case path == "/api/traces":
		return s.older(w, path, q)
	case path == "/api/v3/capabilities", path == "/api/v3/trace-summaries":
		return page(w)
	}
	for name := range q { // what is not known is ignored in silence
		if name == "query.attributes" || name == "query.filter" {
			s.t.Errorf("asked for %s", name)
		}
	}
	return s.v3(w, path, q, "query.service_name", "query.operation_name", "query.start_time_min", "query.start_time_max",
		"query.duration_min", "query.duration_max", "query.num_traces")
}

func (s *standIn) camel(w http.ResponseWriter, path string, q url.Values) bool {
	switch {
	case path == "/api/v3/capabilities":
		return false
	case path == "/api/v3/trace-summaries":
		return s.summaries(w, q)
	case q.Has("query.filter") && s.name == "B":
		return s.write(w, http.StatusBadRequest, v3Error(400, "the structured query filter is disabled"))
	}
	return s.v3(w, path, q, "query.serviceName", "query.operationName", "query.startTimeMin", "query.startTimeMax",
		"query.durationMin", "query.durationMax", "query.searchDepth")
}

func (s *standIn) declaring(w http.ResponseWriter, path string, q url.Values) bool {
	if path == "/api/v3/capabilities" {
		return s.write(w, http.StatusOK, map[string]any{"search": map[string]any{
			"withoutServiceName": true, "filter": map[string]any{"levels": levels, "operators": operators},
		}})
	}
	return s.camel(w, path, q)
}

// summaries answers with rows. Counts of zero are left out.
func (s *standIn) summaries(w http.ResponseWriter, q url.Values) bool {
	rows := []any{}
	for _, one := range s.find(ask.Part{Service: q.Get("query.serviceName")}, atTime(q.Get("query.startTimeMin")), atTime(q.Get("query.startTimeMax")), number(q.Get("query.searchDepth"))) {
		from, to := one.Extent()
		row := map[string]any{
			"traceId": one.ID().String(), "rootServiceName": one.Root().Service(), "rootOperationName": one.Root().Name(),
			"minStartTimeUnixNano": strconv.FormatInt(from, 10), "maxEndTimeUnixNano": strconv.FormatInt(to, 10), "spanCount": one.SpanCount(),
		}
		if one.Errors() > 0 {
			row["errorSpanCount"] = one.Errors()
		}
		rows = append(rows, row)
	}
	return s.write(w, http.StatusOK, map[string]any{"summaries": rows})
}

// older answers by the JSON API.
func (s *standIn) older(w http.ResponseWriter, path string, q url.Values) bool {
	id, one := strings.CutPrefix(path, "/api/traces/")
	found := []json.RawMessage{}
	switch {
	case path == "/api/services":
		return s.write(w, http.StatusOK, map[string]any{"data": s.services(), "errors": nil})
	case one:
		found = append(found, s.json[trace.ParseTraceID(id)]...)
	case path == "/api/traces" && q.Get("service") == "":
		return s.write(w, http.StatusBadRequest, map[string]any{"data": nil, "errors": []any{map[string]any{"code": 400, "msg": "parameter 'service' is required"}}})
	case path == "/api/traces":
		p := ask.Part{Service: q.Get("service"), Operation: q.Get("operation"), DurationMin: length(q.Get("minDuration")), DurationMax: length(q.Get("maxDuration"))}
		if text := q.Get("tags"); text != "" {
			s.must(json.Unmarshal([]byte(text), &p.Tags))
		}
		for _, t := range s.find(p, int64(number(q.Get("start")))*1000, int64(number(q.Get("end")))*1000, number(q.Get("limit"))) {
			found = append(found, s.json[t.ID()]...)
		}
	default:
		return false
	}
	return s.write(w, http.StatusOK, map[string]any{"data": found, "total": 0, "errors": nil})
}

func (s *standIn) victoria(w http.ResponseWriter, path string, q url.Values) bool {
	w.Header().Set("X-Server-Hostname", "victoria")
	if number(q.Get("limit")) > 1000 {
		http.Error(w, "limit should be not higher than 1000", http.StatusBadRequest)
		return true
	}
	r := httptest.NewRecorder()
	if !s.older(r, path, q) {
		return false
	}
	var document any
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	s.must(d.Decode(&document))
	asTexts(document)
	s.must(json.NewEncoder(w).Encode(document))
	return true
}

// asTexts makes texts of the values of all tags, with "-" for none, and gives each span the status "unset" where
// nothing says that it failed.
func asTexts(v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			asTexts(one)
		}
	case map[string]any:
		for key, of := range v {
			asTexts(of)
			tags, ok := of.([]any)
			if !ok || key != "tags" && key != "fields" {
				continue
			}
			failed := false
			for _, tag := range tags {
				tag := tag.(map[string]any)
				tag["type"], tag["value"] = "string", fmt.Sprint(tag["value"])
				if tag["value"] == "" {
					tag["value"] = "-"
				}
				failed = failed || tag["key"] == "error"
			}
			if v["spanID"] != nil && !failed && key == "tags" {
				v[key] = append(tags, map[string]any{"key": "error", "type": "string", "value": "unset"})
			}
		}
	}
}

// tempo answers in JSON, whatever is asked for.
func (s *standIn) tempo(w http.ResponseWriter, path string, q url.Values) bool {
	server := livetest.Tempo{Traces: s.traces, Finds: func(of *trace.Trace, traceql string) bool {
		return s.finds(s.t, of, ask.Part{TraceQL: traceql})
	}}
	return server.Answer(w, path, q, "")
}
