package live

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/trace"
)

// logged is the trace that the captured lines belong to.
var logged = trace.ParseTraceID("f8e7fb9171354c534b099d4c28daf819")

// loggedFor is its extent: half a second before the first line to the last.
var loggedFor = Window{time.Date(2026, 11, 28, 21, 56, 46, 0, time.UTC), time.Date(2026, 11, 28, 21, 56, 47, 0, time.UTC)}

// logStore serves answers as a log store, and fails the test for a request that none of them answers. It returns what was
// asked.
func logStore(t *testing.T, cfg LogConfig, answers []canned) (*LogStore, *[]url.Values) {
	t.Helper()
	var asked []url.Values
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Query())
		for _, c := range answers {
			if c.asks(r.URL.EscapedPath(), r.URL.Query(), []string{"start", "end"}) {
				w.WriteHeader(c.status)
				_, _ = w.Write(c.body)
				return
			}
		}
		t.Errorf("asked %s, for which there is no answer", r.URL.RequestURI())
		w.WriteHeader(http.StatusTeapot)
	})
	cfg.Name, cfg.URL = "logs", at
	s, err := OpenLogs(cfg, Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return s, &asked
}

// told writes the lines that came, one a line, and the answer's notes.
func (s *LogStore) told(t *testing.T, id trace.TraceID, limit int) string {
	t.Helper()
	lines, a, err := s.Lines(t.Context(), id, loggedFor, limit)
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%d %v %s %s %q %d\n", l.Time%1e9, l.Severity, l.Service, l.Span, l.Text, len(l.Fields))
	}
	fmt.Fprintf(&b, "worded %v more %v requests %d", a.Worded, a.More, a.Requests)
	if err != nil {
		fmt.Fprintf(&b, ": %v", err)
	}
	return b.String()
}

// TestCapturedVictoriaLogs reads the answers of a real VictoriaLogs 1.52.1. That of the second question was asked without
// its order.
func TestCapturedVictoriaLogs(t *testing.T) {
	answers := captured(t, "victorialogs-1.52.1", "by-trace", "by-text", "none", "by-trace-bad")
	s, asked := logStore(t, LogConfig{Config: Config{Kind: VictoriaLogs}}, answers)
	want := `876295000 warn payment-service ccc64c0fe5247ac6 "charge: attempt 1 failed: 503 from acquirer" 1
877295000 warn payment-service ccc64c0fe5247ac6 "charge: attempt 2 failed: 503 from acquirer" 1
878295000 error payment-service ccc64c0fe5247ac6 "retries exhausted" 1
worded false more false requests 1`
	if diff := cmp.Diff(want, s.told(t, logged, 1000)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (*asked)[0]; got.Get("start") != "2026-11-28T21:55:46Z" || got.Get("end") != "2026-11-28T21:57:47Z" {
		t.Errorf("the window is not that of the trace and a minute around it: %v", got)
	}

	by := answers[1]
	by.query = url.Values{"query": {by.query.Get("query") + " | sort by (_time)"}, "limit": {"1000"}}
	none := answers[2]
	none.query = answers[0].query
	s, _ = logStore(t, LogConfig{Config: Config{Kind: VictoriaLogs}}, []canned{none, by})
	want = `876295000 info payment-service  "unrelated trace_id=f8e7fb9171354c534b099d4c28daf819 in the text" 0
worded true more false requests 2`
	if diff := cmp.Diff(want, strings.ReplaceAll(s.told(t, logged, 1000), "0000000000000000", "")); diff != "" {
		t.Errorf("by the text (-want +got):\n%s", diff)
	}

	bad := answers[3]
	bad.query = answers[0].query
	s, _ = logStore(t, LogConfig{Config: Config{Kind: VictoriaLogs}}, []canned{bad})
	if got := s.told(t, logged, 1000); !strings.HasSuffix(got, "requests 1: logs: 400 cannot parse `query` arg [trace_id:=(]: cannot parse token after \"=\": compound token cannot start with \"(\"; put it into quotes if needed; context: [trace_id:=(]") {
		t.Errorf("refused: %s", got)
	}
}

func TestLoki(t *testing.T) {
	at := func(query string, body string) canned {
		return newCanned(t, "200", "/loki/api/v1/query_range?"+url.Values{
			"query": {query}, "limit": {"2"}, "direction": {"forward"}}.Encode(), []byte(body))
	}
	const id = "f8e7fb9171354c534b099d4c28daf819"
	nothing := `{"status":"success","data":{"resultType":"streams","result":[]}}`
	lines := `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"service_name":"cart","level":"error"},"values":[["1795903006878295000","no stock"],["1795903006878295001","gave up"]]}]}}`
	s, asked := logStore(t, LogConfig{Config: Config{Kind: Loki}}, []canned{at(`{service_name=~".+"} | trace_id="`+id+`"`, lines)})
	want := `878295000 error cart 0000000000000000 "no stock" 0
878295001 error cart 0000000000000000 "gave up" 0
worded false more true requests 1`
	if diff := cmp.Diff(want, s.told(t, logged, 2)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (*asked)[0]; got.Get("start") != "1795902946000000000" || got.Get("end") != "1795903067000000000" {
		t.Errorf("the window is not that of the trace and a minute around it: %v", got)
	}
	s, _ = logStore(t, LogConfig{Config: Config{Kind: Loki}, Selector: `{app="cart"}`, Shift: time.Second}, []canned{
		at(`{app="cart"} | trace_id="`+id+`"`, nothing), at(`{app="cart"} |= "`+id+`"`, lines),
	})
	if got := s.told(t, logged, 2); !strings.HasSuffix(got, "worded true more true requests 2") {
		t.Errorf("by the text: %s", got)
	}
	s, _ = logStore(t, LogConfig{Config: Config{Kind: Loki}, Selector: `{app="cart"}`}, []canned{
		at(`{app="cart"} | trace_id="000000000000000012ab34cd56ef7890" or trace_id="12ab34cd56ef7890"`, lines),
	})
	if got := s.told(t, trace.ParseTraceID("12ab34cd56ef7890"), 2); !strings.HasSuffix(got, "requests 1") {
		t.Errorf("an id of 64 bits: %s", got)
	}
}

// TestLogFaults checks what is said of answers that are none.
func TestLogFaults(t *testing.T) {
	for _, c := range []struct {
		kind   Kind
		status int
		body   string
		want   string
	}{
		{Loki, 200, "<html>", " answers a web page, not the API of loki; the API is under another path"},
		{VictoriaLogs, 404, "<html>", " answers a web page, not the API of victorialogs; the API is under another path"},
		{Loki, 200, "{}", "logs: the answer is not the expected JSON: {}"},
		{VictoriaLogs, 200, "hello", "logs: the answer is not the expected JSON: hello"},
		{Loki, 401, "no org id", "logs: refused (401 no org id): set tenant in the configuration"},
		{Loki, 400, "parse error at line 1, col 1: syntax error\x1b[31m", "logs: 400 parse error at line 1, col 1: syntax error [31m"},
	} {
		at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		})
		s, err := OpenLogs(LogConfig{Config: Config{Name: "logs", Kind: c.kind, URL: at}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		lines, _, err := s.Lines(t.Context(), logged, loggedFor, 10)
		if err == nil || !strings.HasSuffix(err.Error(), c.want) || len(lines) > 0 {
			t.Errorf("%d %q: %v, want %s", c.status, c.body, err, c.want)
		}
	}
}

func TestSelectors(t *testing.T) {
	for text, want := range map[string]bool{
		`{service_name=~".+"}`:             true,
		` { app = "cart" , env!="test" } `: true,
		`{app="cart",env!="test"}`:         true,
		"{app=`cart`}":                     true,
		`{app="a}b"}`:                      true,
		`{app=""}`:                         false,
		`{app=~".*"}`:                      false,
		`{app!="cart"}`:                    false,
		`{}`:                               false,
		`{app="cart"} |= "x"`:              false,
		`{app="cart"`:                      false,
		`app="cart"`:                       false,
		`{app="cart" env="x"}`:             false,
		`{app='cart'}`:                     false,
		`{app="cart",}`:                    false,
		`{="cart"}`:                        false,
		``:                                 false,
	} {
		if got := selects(text); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	for _, c := range []struct {
		cfg  LogConfig
		want string
	}{
		{LogConfig{Config: Config{Kind: Loki}, Selector: "{}"}, `logs: selector: expected a selector of streams with a matcher that is not empty, such as {service_name=~".+"}, got "{}"`},
		{LogConfig{Config: Config{Kind: VictoriaLogs}, Selector: `{a="b"}`}, "logs: selector: only Loki has one"},
		{LogConfig{}, "logs: kind is missing: expected loki or victorialogs"},
		{LogConfig{Config: Config{Kind: Jaeger}}, `logs: kind: unknown kind "jaeger": expected loki or victorialogs`},
	} {
		c.cfg.Name, c.cfg.URL = "logs", "https://logs.corp"
		if _, err := OpenLogs(c.cfg, Options{}); err == nil || err.Error() != c.want {
			t.Errorf("%+v: %v, want %s", c.cfg, err, c.want)
		}
	}
}
