//go:build unix

package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// window is wide enough for every incident: one of them compares two days.
const window = "48h"

// jaegerServer is a Jaeger that runs.
type jaegerServer struct {
	*process
	url  string // where it is asked, with its base path
	otlp string // where spans are sent
}

// startJaeger starts a Jaeger with a configuration of the folder jaeger and a base path. It traces nothing of itself: its
// own requests would be found beside what was sent.
func startJaeger(t *testing.T, config, base string) *jaegerServer {
	t.Helper()
	ports := freePorts(t, 2)
	j := &jaegerServer{url: "http://127.0.0.1:" + ports[0] + base, otlp: "http://127.0.0.1:" + ports[1] + "/v1/traces"}
	j.process = run(t, jaeger, []string{
		"OTEL_TRACES_SAMPLER=always_off", "QUERY_PORT=" + ports[0], "OTLP_PORT=" + ports[1], "DATA_DIR=" + t.TempDir(),
	}, "--config", filepath.Join("jaeger", config+".yaml"))
	j.answers(t, j.url)
	j.answers(t, j.otlp)
	return j
}

// send sends an incident and waits until all of it is found.
func (j *jaegerServer) send(t *testing.T, in incident) {
	t.Helper()
	document, err := os.ReadFile(in.file)
	if err != nil {
		t.Fatal(err)
	}
	post(t, j.otlp, "application/json", document)
	j.holds(t, in.spans)
}

// holds waits until the server finds a number of spans.
func (j *jaegerServer) holds(t *testing.T, spans int) {
	t.Helper()
	all := url.Values{
		"query.start_time_min": {time.Now().Add(-48 * time.Hour).UTC().Format(time.RFC3339)},
		"query.start_time_max": {time.Now().Add(time.Minute).UTC().Format(time.RFC3339)},
		"query.num_traces":     {"9999"},
		"query.raw_traces":     {"true"},
	}
	j.until(t, strconv.Itoa(spans)+" spans to be found", func() bool {
		status, answer := ask(t, j.url+"/api/v3/traces?"+all.Encode())
		return status == http.StatusOK && spansIn(t, answer) == spans
	})
}

// spansIn counts the spans of an answer of api_v3.
func spansIn(t *testing.T, answer []byte) int {
	t.Helper()
	var said struct{ Result json.RawMessage }
	if err := json.Unmarshal(answer, &said); err != nil {
		t.Fatal(err)
	}
	traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(said.Result)
	if err != nil {
		t.Fatal(err)
	}
	return traces.SpanCount()
}

// TestIncidents sends each incident of the demo to a Jaeger of its own and demands the same
// output for the server as for the file.
func TestIncidents(t *testing.T) {
	jaeger.built(t)
	all := incidents(t)
	for _, config := range []string{"memory", "badger"} {
		t.Run(config, func(t *testing.T) {
			for _, in := range all {
				t.Run(in.name, func(t *testing.T) { sameAsFile(t, in, config) })
			}
		})
	}
}

func sameAsFile(t *testing.T, in incident, config string) {
	j := startJaeger(t, config, "")
	j.send(t, in)
	live := func(more ...string) []string { return append([]string{"--jaeger", j.url, "--since", window}, more...) }
	for _, query := range []string{"", "error=true duration>1s"} {
		want := asked(t, nil, query, in.file)
		for _, limit := range []int{5, 20, 1000} {
			got := asked(t, nil, query, live("--limit", strconv.Itoa(limit))...)
			complete, err := strconv.ParseInt(got.Backend.Complete, 10, 64)
			if err != nil {
				t.Fatalf("%q, limit %d: %v", query, limit, err)
			}
			if len(got.Traces) < min(limit, len(want.Traces)) {
				t.Errorf("%q, limit %d: %d traces, of %d in the file", query, limit, len(got.Traces), len(want.Traces))
			}
			if diff := cmp.Diff(since(t, want.Traces, complete), since(t, got.Traces, complete)); diff != "" {
				t.Errorf("%q, limit %d (-file +server):\n%s", query, limit, diff)
			}
			if first := since(t, want.Traces, complete); limit >= len(want.Traces) && len(first) < len(want.Traces) {
				t.Errorf("%q, limit %d: complete for %d of %d traces", query, limit, len(first), len(want.Traces))
			}
		}
	}
	if diff := cmp.Diff(findings(t, in.file), findings(t, live("--all")...)); diff != "" {
		t.Errorf("findings (-file +server):\n%s", diff)
	}
}

// TestTagsThatFindNothing asks for errors: Jaeger 1.76 in memory answers none when it is asked by a tag. The program must
// notice, ask without it, and say so.
func TestTagsThatFindNothing(t *testing.T) {
	jaeger.built(t)
	j := startJaeger(t, "memory", "")
	in := incidents(t)[0]
	j.send(t, in)
	if _, answer := ask(t, j.url+"/api/traces?service=checkout-service&tags="+url.QueryEscape(`{"error":"true"}`)); !strings.Contains(string(answer), `"data":[]`) {
		t.Fatalf("the server finds errors by a tag, so that this test tests nothing: %.200s", answer)
	}
	const query = "service=checkout-service error=true"
	want := asked(t, nil, query, in.file)
	got := asked(t, nil, query, "--jaeger", j.url, "--since", window)
	if len(want.Traces) == 0 {
		t.Fatal("the file has no trace that matches")
	}
	if diff := cmp.Diff(want.Traces, got.Traces); diff != "" {
		t.Errorf("(-file +server):\n%s", diff)
	}
	for _, n := range got.Notices {
		if n.Kind == "asked-here" && strings.HasPrefix(n.Message, "error=true: ") {
			return
		}
	}
	t.Errorf("no notice says that error=true was evaluated here: %+v", got.Notices)
}

// TestPassword asks a Jaeger under a base path that wants a password: with it, without, and with a wrong one.
func TestPassword(t *testing.T) {
	jaeger.built(t)
	j := startJaeger(t, "password", "/jaeger")
	in := incidents(t)[0]
	document, err := os.ReadFile(in.file)
	if err != nil {
		t.Fatal(err)
	}
	post(t, j.otlp, "application/json", document)
	config := filepath.Join(t.TempDir(), "config.toml")
	text := "[backend.prod]\nkind = 'jaeger'\nurl = '" + j.url + "'\nuser = 'oncall'\npassword_env = 'JAEGER_PASSWORD'\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	prod := []string{"--config", config, "--backend", "prod", "--since", window}

	want := asked(t, nil, "", in.file)
	got := asked(t, []string{"JAEGER_PASSWORD=s3cret"}, "", prod...)
	if diff := cmp.Diff(want.Traces, got.Traces); diff != "" {
		t.Errorf("with the password (-file +server):\n%s", diff)
	}

	for _, refused := range []struct {
		env, args []string
		line      string
	}{
		{[]string{"JAEGER_PASSWORD=secret1"}, prod, "tracefall: prod: refused (401 invalid credentials): user oncall with the password of password_env JAEGER_PASSWORD was not accepted\n"},
		{nil, []string{"--jaeger", j.url}, "tracefall: jaeger: refused (401 no basic auth provided): set token_command, token_env, or user and password_file in the configuration\n"},
	} {
		if p := play(t, refused.env, append([]string{"query", ""}, refused.args...)...); p.code != 2 || p.out != "" || p.err != refused.line {
			t.Errorf("status %d, %q, and %q; want 2 and %q", p.code, p.out, p.err, refused.line)
		}
	}
}

// TestSpansOfAnSDK sends what the OpenTelemetry SDK made, as protobuf, which is how it sends it, and demands that not an
// attribute is lost on the way through the server.
func TestSpansOfAnSDK(t *testing.T) {
	jaeger.built(t)
	made, err := os.ReadFile("../traces/shop.pb")
	if err != nil {
		t.Fatal(err)
	}
	traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(made)
	if err != nil {
		t.Fatal(err)
	}
	toThePresent(traces)
	moved, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
	if err != nil {
		t.Fatal(err)
	}
	j := startJaeger(t, "memory", "")
	post(t, j.otlp, "application/x-protobuf", moved)
	j.holds(t, traces.SpanCount())
	want := play(t, nil, "export", save(t, traces), "--to", "otlp")
	got := play(t, nil, "export", "--jaeger", j.url, "--to", "otlp")
	if got.code != 0 {
		t.Fatalf("exit status %d: %s", got.code, got.err)
	}
	if diff := cmp.Diff(want.out, got.out); diff != "" {
		t.Errorf("(-file +server):\n%s", diff)
	}
}
