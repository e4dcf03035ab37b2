package live

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// TestDetection gives the answers to each path in turn; a path that is left out answers 404.
func TestDetection(t *testing.T) {
	for _, c := range []struct {
		what, want string
		kind       Kind
		answers    map[string]string
	}{
		{"storage that wants a service", "Jaeger 2.19 or later (api_v3)", Auto, map[string]string{
			"/api/v3/trace-summaries": `500 {"error":{"httpCode":500,"message":"service name must be set"}}`,
		}},
		{"capabilities that the storage cannot report", "Jaeger 2.19 or later (api_v3)", Auto, map[string]string{
			"/api/v3/capabilities":    `501 {"error":{"httpCode":501,"message":"unimplemented"}}`,
			"/api/v3/trace-summaries": `200 {"summaries":[]}`,
		}},
		{"storage without a span", "Jaeger 1.76 or 2.0 to 2.18 (api_v3)", Auto, map[string]string{"/api/v3/services": "200 {}\n"}},
		{"capabilities of something else", "Jaeger 1 or compatible (JSON API)", Auto, map[string]string{
			"/api/v3/capabilities": `200 {"features":[]}`, "/api/services": `200 {"data":null,"errors":null}`,
		}},
		{"a storage that is gone", "prod: 500 storage is gone", Auto, map[string]string{
			"/api/v3/services": `500 {"error":{"httpCode":500,"message":"storage is gone"}}`,
		}},
		{"Tempo is not asked whether it is Jaeger", "Tempo", Tempo, map[string]string{"/api/services": `200 {"data":[]}`, "/api/echo": "200 echo\n"}},
		{"Tempo where Jaeger was named", "prod: http://HOST answers as tempo does, not as jaeger: name it with --tempo, or kind = \"tempo\" in the configuration", Jaeger, map[string]string{"/api/echo": "200 echo"}},
		{"Jaeger where Tempo was named", "prod: http://HOST answers as jaeger does, not as tempo: name it with --jaeger, or kind = \"jaeger\" in the configuration", Tempo,
			map[string]string{"/api/v3/services": `200 {"services":["cart"]}`, "/api/echo": "200 <!doctype html>"}},
		{"neither where Jaeger was named", "prod: http://HOST has no Jaeger API (4 paths answered 404): " +
			"expected the address of Jaeger's query service (port 16686 by default), with its base path", Jaeger, map[string]string{"/api/echo": "200 hello"}},
		{"an echo of something else", "prod: http://HOST has no Tempo API (1 path answered 200): expected the address of Tempo (port 3200 by default), with its base path",
			Tempo, map[string]string{"/api/echo": "200 echo chamber"}},
		{"something else", "prod: http://HOST has no API of Jaeger or Tempo (5 paths answered 200 and 404): " +
			"expected the address of Jaeger's query service (port 16686 by default) or of Tempo (3200), with its base path", Auto, map[string]string{"/api/services": "200 []"}},
		{"a server that only fails", "prod: 500 boom", Jaeger, map[string]string{
			"/api/v3/capabilities": "500 boom", "/api/v3/trace-summaries": "500 boom", "/api/v3/services": "500 boom", "/api/services": "500 boom",
		}},
		{"a gate that lets some paths through", "Jaeger 1.76 or 2.0 to 2.18 (api_v3)", Auto, map[string]string{
			"/api/v3/capabilities": "403 no", "/api/v3/trace-summaries": "403 no", "/api/v3/services": `200 {"services":[]}`,
		}},
		{"a wrong password", "prod: refused (401 no): set token_command, token_env, or user and password_file in the configuration", Auto, map[string]string{
			"/api/v3/capabilities": "401 no", "/api/v3/services": `200 {"services":[]}`,
		}},
		{"a credential", "prod: refused (403 no): set token_command, token_env, or user and password_file in the configuration", Auto, map[string]string{"/api/v3/capabilities": "403 no"}},
	} {
		at := serve(t, func(w http.ResponseWriter, r *http.Request) {
			status, body, found := strings.Cut(c.answers[r.URL.Path], " ")
			if code, err := strconv.Atoi(status); found && err == nil {
				w.WriteHeader(code)
				fmt.Fprint(w, body)
				return
			}
			http.NotFound(w, r)
		})
		b, err := Open(Config{Name: "prod", Kind: c.kind, URL: at}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := b.server(t.Context())
		if err != nil {
			is(t, c.what, strings.Replace(err.Error(), strings.TrimPrefix(at, "http://"), "HOST", 1), c.want)
			continue
		}
		is(t, c.what, s.About(), c.want)
	}
}

// TestDetectedOnce asks from several goroutines, of which one gives up while another detects.
func TestDetectedOnce(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	var mutex sync.Mutex
	asked := map[string]int{}
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		asked[r.URL.Path]++
		first := asked[r.URL.Path] == 1
		mutex.Unlock()
		if r.URL.Path == "/api/echo" && first {
			close(begun)
			<-goOn
		}
		fmt.Fprint(w, map[string]string{"/api/echo": "echo"}[r.URL.Path])
	})
	b, err := Open(Config{Name: "prod", Kind: Tempo, URL: at}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			if _, err := b.server(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.server(ctx); err == nil {
		t.Error("a question that was given up waits for the server")
	}
	close(goOn)
	done.Wait()
	if asked["/api/echo"] != 1 || len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
}

// TestTempoBound asks for more time than a server allows: in pieces, the newest first, and no more than are needed.
func TestTempoBound(t *testing.T) {
	const bound = 3600
	to := time.Date(2026, 11, 28, 22, 0, 0, 1, time.UTC)
	var pieces []string
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		number := func(name string) int64 {
			n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		from, end := number("start"), number("end")
		if end-from > bound {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, "range specified by start and end exceeds 1h0m0s. received start=%d end=%d", from, end)
			return
		}
		pieces = append(pieces, fmt.Sprintf("%d-%d", from-to.Unix(), end-to.Unix()))
		// A trace of each piece, and one that lies in all.
		fmt.Fprintf(w, `{"traces":[{"traceID":"%x","startTimeUnixNano":"1"},{"traceID":"1","startTimeUnixNano":"1"}]}`, from)
	})
	b, err := Open(Config{Name: "prod", URL: at}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		limit, found int
		want         []string
	}{
		{20, 4, []string{"-3598-1", "-7196--3597", "-9000--7195"}},
		{3, 3, []string{"-3598-1", "-7196--3597"}},
	} {
		server := newTempo(b.api, b.opt.Now)
		pieces = nil
		p, err := server.Find(t.Context(), ask.Part{}, Window{to.Add(-9000 * time.Second), to}, c.limit)
		if err != nil || len(p.rows) != c.found || !slices.Equal(pieces, c.want) {
			t.Errorf("limit %d: %d rows, %v, in pieces %v; want %d in %v", c.limit, len(p.rows), err, pieces, c.found, c.want)
		}
	}
}

// TestOddIDs asks for traces whose ids are no numbers: each is one element of the path, whatever it holds.
func TestOddIDs(t *testing.T) {
	for _, id := range []string{"../../admin", "a?b#c", "%zz", "a/b c"} {
		var paths []string
		at := serve(t, func(_ http.ResponseWriter, r *http.Request) { paths = append(paths, r.URL.EscapedPath()) })
		for want, server := range map[string]func(api) server{
			"/api/v3/traces/": jaegerOf, "/api/traces/": olderOf, "/api/v2/traces/": tempoOf,
		} {
			paths = nil
			_, _ = server(api{connect(t, Config{URL: at}).client}).Trace(t.Context(), trace.ParseTraceID(id), Window{})
			if want += url.PathEscape(id); len(paths) != 1 || paths[0] != want {
				t.Errorf("%q: asked for %q, want %s", id, paths, want)
			}
		}
	}
}

// TestRowsWithoutTimes looks for the trace of a row that has no times wherever it is.
func TestRowsWithoutTimes(t *testing.T) {
	var looked string
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		looked = r.URL.RawQuery
		fmt.Fprint(w, `{"traces":[{"traceID":"1"}],"summaries":[{"traceId":"1"}]}`)
	})
	a := api{connect(t, Config{URL: at}).client}
	rows, err := tempoOf(a).Find(t.Context(), ask.Part{}, hour, 9)
	if err != nil {
		t.Fatal(err)
	}
	for want, server := range map[string]server{"": tempoOf(a), "raw_traces=true": jaegerOf(a)} {
		_, _ = server.Trace(t.Context(), rows.rows[0].ID, rows.rows[0].Window)
		is(t, server.About(), looked, want)
	}
}

// TestRowsOfNegativeLength has servers tell of traces that end before they start.
func TestRowsOfNegativeLength(t *testing.T) {
	body := `{"traces":[{"traceID":"1","startTimeUnixNano":"5","durationMs":-7}],"summaries":[{"traceId":"1","minStartTimeUnixNano":"5","maxEndTimeUnixNano":"1"}]}`
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	a := api{connect(t, Config{URL: at}).client}
	found, err := tempoOf(a).Find(t.Context(), ask.Part{}, hour, 9)
	if err != nil {
		t.Fatal(err)
	}
	listed, err := (&jaeger{api: a, params: camelCase}).Summaries(t.Context(), ask.Part{}, hour, 9)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range append(found.rows, listed.rows...) {
		if r.Took != 0 || !r.Window.To.Equal(r.Window.From) {
			t.Errorf("%+v", r)
		}
	}
}

func TestTags(t *testing.T) {
	for key, want := range map[string]string{
		"service": "resource.service.name", "name": "name", "http.route": ".http.route", "span.http.route": "span.http.route",
		"scope.name": "instrumentation.name", "resource.k8s.pod.name": "resource.k8s.pod.name", "root.service": "rootServiceName",
	} {
		is(t, key, tagOf(key), want)
	}
}

func TestWindowInSeconds(t *testing.T) {
	for _, c := range [][2]Window{
		{{time.Unix(10, 0), time.Unix(20, 0)}, {time.Unix(10, 0), time.Unix(20, 0)}},
		{{time.Unix(10, 999), time.Unix(20, 1)}, {time.Unix(10, 0), time.Unix(21, 0)}},
		{{time.Unix(10, 0), time.Unix(10, 0)}, {time.Unix(10, 0), time.Unix(11, 0)}},
	} {
		params := url.Values{}
		setWindow(params, c[0])
		is(t, c[0].From.String(), params.Encode(), fmt.Sprintf("end=%d&start=%d", c[1].To.Unix(), c[1].From.Unix()))
	}
}

// TestTraceWithoutSpans has an answer that is right and holds nothing.
func TestTraceWithoutSpans(t *testing.T) {
	s := again(t, Auto, "", []canned{
		{status: 200, path: "/api/v3/services", body: []byte(`{"services":[]}`)},
		{status: 200, path: "/api/v3/traces/" + first, query: url.Values{"raw_traces": {"true"}}, body: []byte(`{"result":{"resourceSpans":[{"resource":{}}]}}`)},
		{status: 404, path: "*"},
	})
	is(t, "trace", s.trace(t, first, Window{}), "prod: no trace "+first)
}
