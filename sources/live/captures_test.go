package live

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/sources"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// The answers here are those of real servers. A request must be the one that they were captured for, but for the
// parameters that a test names as loose.

const (
	odd      = "c0ffee00000000000000000000000001"                                                    // a trace with values of every kind
	three    = odd + " 10\nc0ffee00000000000000000000000002 1\n0000000000000000c0ffee0000000003 1\n" // with a span of case-b
	nowhere  = "c0ffee0000000000000000000000ffff"
	services = "address-service,api-gateway,auth-service,billing-service,cart-service,case-a,case-b,checkout-service,cluster-operator," +
		"jaeger,ledger,order-service,payment-service,user-service,users-api"
)

// at is a time as it stands in a request.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// search asks for a service in a window.
func (s *replay) search(t *testing.T, service string, w Window, limit int, loose ...string) string {
	t.Helper()
	found := s.server(t)
	s.loose = loose
	p, err := found.Find(t.Context(), ask.Part{Service: service}, w, limit)
	switch {
	case errors.Is(err, errDepth):
		return "too many"
	case errors.Is(err, errNumber):
		return "no JSON"
	}
	return s.found(t, p, err)
}

// What is left of the odd trace's root: Jaeger's JSON API has microseconds, and VictoriaTraces nothing but text.
const (
	typed  = `1500000777 ns from 456789, s.int 3 "503", s.bool 2 "true", s.double 4 "503", s.nan 4 "NaN", s.array 6 "[\"a\",\"b\"]", s.empty 1 "", s.null 6 "null"`
	asText = `1500000000 ns from 456000, s.int 1 "503", s.bool 1 "true", s.double 1 "503", s.nan 1 "json: unsupported value: NaN", ` +
		`s.array 1 "[\"a\",\"b\"]", s.empty 1 "-", s.null 1 "-"`
)

// root asks for the odd trace, and describes its root: when it was, and what kinds of values it has.
func (s *replay) root(t *testing.T, loose ...string) string {
	t.Helper()
	s.loose = loose
	feed := sources.NewFeed(sources.Options{})
	if _, err := s.Trace(t.Context(), trace.ParseTraceID(odd), Window{}, feed); err != nil {
		t.Fatal(err)
	}
	tr := feed.Set().Find(trace.ParseTraceID(odd))
	if tr == nil {
		t.Fatal("the trace did not come")
	}
	span := tr.Span(tr.Find(trace.ParseSpanID("a000000000000001")))
	text := fmt.Sprintf("%d ns from %d", span.Duration(), span.Start()%1e6)
	for _, key := range []string{"s.int", "s.bool", "s.double", "s.nan", "s.array", "s.empty", "s.null"} {
		v := span.Attrs().Get(key)
		text += fmt.Sprintf(", %s %d %q", key, v.Type(), v.String())
	}
	return text
}

func TestCapturedJaegerA(t *testing.T) {
	s := again(t, Auto, "", captured(t, "jaeger-v1.76.0-memory", "services", "operations", "trace-case-raw_traces", "trace-404",
		"search-snake2", "search-none2", "search-limithuge", "*misc_api_v3_nosuch"))
	is(t, "names", s.names(t, "payment-service"), services+" Acquirer.authorize,POST,POST /charge,POST /pay")
	is(t, "trace", s.trace(t, odd, Window{}), odd+" 10\n")
	is(t, "root", s.root(t), typed)
	is(t, "missing trace", s.trace(t, nowhere, Window{}, "raw_traces"), "prod: no trace "+nowhere)
	w := Window{at(t, "2026-11-28T21:09:27Z"), at(t, "2026-11-28T22:10:27Z")}
	is(t, "search", s.search(t, "case-b", w, 10), three)
	is(t, "none", s.search(t, "nope", w, 10, "query.raw_traces"), "")
	early := Window{at(t, "2026-11-28T20:23:50.768806957Z"), at(t, "2026-11-28T21:23:50.755141184Z")}
	is(t, "too many", s.search(t, "case-b", early, 10000000, "query.raw_traces"), "too many")
}

func TestCapturedJaegerB(t *testing.T) {
	const summariesTimes = "query.startTimeMin query.startTimeMax query.searchDepth"
	s := again(t, Auto, "", append(captured(t, "jaeger-2026-08-20-memory", "summaries-all", "summaries", "services", "operations",
		"trace-case-raw", "search-depth20000", "search-none", "filter-gateoff"), canned{status: 404, path: "*"}))
	s.loose = strings.Fields(summariesTimes)
	found := s.server(t)
	s.loose = []string{"spanKind"}
	is(t, "names", s.names(t, "payment-service"), strings.Replace(services, "jaeger,", "", 1)+" POST /charge,POST /pay")
	is(t, "trace", s.trace(t, odd, Window{}), odd+" 10\n")
	is(t, "root", s.root(t), typed)
	w := Window{at(t, "2026-11-28T20:39:06Z"), at(t, "2026-11-28T21:40:06Z")}
	is(t, "none", s.search(t, "nope", w, 10, "query.rawTraces", "query.searchDepth"), "")
	is(t, "too many", s.search(t, "case-b", w, 20000, "query.rawTraces"), "too many")
	s.loose = []string{"query.rawTraces", "query.searchDepth"}
	refusal := &refusedError{}
	_, err := found.Find(t.Context(), ask.Part{Filter: []byte(`{"op":"eq","args":[{"attr":{"key":"s.string"}},{"scalar":{"value":"text"}}]}`)}, w, 10)
	if !errors.As(err, &refusal) || refusal.kind != refusedFilter {
		t.Error(err)
	}
	s.loose = nil
	p, err := found.(summarizer).Summaries(t.Context(), ask.Part{}, w, 5)
	is(t, "summaries", strings.Split(s.found(t, p, err), "\n")[0],
		"row 54a53f344618898abfbe9f24dc0fbb5a api-gateway POST /api/addresses 21:22:49.319931000 +43.663ms 4 0")
	s.loose = []string{"query.searchDepth"}
	p, err = found.(summarizer).Summaries(t.Context(), ask.Part{Service: "case-a"}, w, 5)
	is(t, "summary", s.found(t, p, err), "row "+odd+" case-a GET /root 21:23:46.423456789 +2.200000777s 10 1\n")
}

func TestCapturedJaegerJSON(t *testing.T) {
	s := again(t, Auto, "", append(captured(t, "jaeger-v1.76.0-memory", "misc_api_services", "misc_api_operations_service_cart-service", "trace-v1"), canned{status: 404, path: "*"}))
	is(t, "names", s.names(t, "cart-service"), strings.Replace(services, "jaeger,", "", 1)+" GET /carts/{id},HGETALL")
	is(t, "NaN", s.trace(t, odd, Window{}), "prod: no answer for trace "+odd+": an attribute is NaN or infinite, which its JSON API cannot write")
}

func TestCapturedVictoriaTraces(t *testing.T) {
	s := again(t, Auto, "/select/jaeger", captured(t, "victoriatraces-2025-07", "services", "operations", "trace-case", "trace-404", "search",
		"search-none", "search-limit-2000", "*v3-services"))
	is(t, "names", s.names(t, "payment-service"), strings.Replace(services, "jaeger,", "", 1)+" Acquirer.authorize,POST,POST /charge,POST /pay")
	is(t, "about", s.known().About(), "VictoriaTraces (Jaeger's JSON API)")
	is(t, "trace", s.trace(t, odd, Window{}, "raw"), odd+" 10\n")
	is(t, "root", s.root(t, "raw"), asText)
	is(t, "missing trace", s.trace(t, nowhere, Window{}, "raw"), "prod: no trace "+nowhere)
	w := Window{time.UnixMicro(1795898542849045), time.UnixMicro(1795902203394349)}
	is(t, "search", s.search(t, "case-b", w, 20, "raw"), three)
	is(t, "none", s.search(t, "nope", w, 20, "raw"), "")
	is(t, "too many", s.search(t, "api-gateway", w, 2000, "raw"), "too many")
}

func TestCapturedTempo(t *testing.T) {
	s := again(t, Auto, "", captured(t, "tempo-2026-08-21", "echo", "trace-v2", "trace-v2-404", "tenant", "values-resource.service.name",
		"values-filtered", "values-.http.route", "tags-v2", "*nosuch"))
	s.loose = []string{"start", "end", "limit", "q"}
	is(t, "names", s.names(t, "payment-service"), strings.Replace(services, "jaeger,", "", 1)+" POST /charge,POST /pay")
	values, err := s.Values(t.Context(), "http.route", "")
	if err != nil || len(values) != 18 {
		t.Errorf("%d values: %v", len(values), err)
	}
	keys, err := s.Keys(t.Context())
	if err != nil || len(keys) != 77 || !slices.Contains(keys, "http.route") || !slices.Contains(keys, "link.link.kind") || slices.Contains(keys, "duration") {
		t.Errorf("%d keys %q: %v", len(keys), keys, err)
	}
	is(t, "trace", s.trace(t, odd, Window{}), odd+" 10\n")
	is(t, "root", s.root(t), typed)
	is(t, "missing trace", s.trace(t, nowhere, Window{}), "prod: no trace "+nowhere)
	w := Window{time.Unix(1795896012, 0), time.Unix(1795903272, 0)}
	is(t, "search", s.search(t, "", w, 2, "q", "spss"),
		"row 0000000000000000c0ffee0000000003 case-b 64bit 21:57:28.123456789 +2ms 1 0\n"+
			"row 0000000000000000d572232a8fed45fa api-gateway POST /api/addresses 21:57:16.057364000 +35ms 4 1\n")
}

func TestCapturedTenant(t *testing.T) {
	s := again(t, Tempo, "", captured(t, "tempo-2026-08-21-multitenant", "*no-tenant"))
	is(t, "no tenant", s.trace(t, odd, Window{}), "prod: refused (401 no org id): set tenant in the configuration")
}

func TestCapturedWebPage(t *testing.T) {
	s := again(t, Auto, "", captured(t, "jaeger-v1.76.0-red", "*nobase"))
	is(t, "page", s.trace(t, odd, Window{}), "prod: "+s.URL()+" answers a web page, no query API; "+
		"the API is under another path (Jaeger's base path, /select/jaeger, /select/tempo, a Grafana data source proxy)")
}
