//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/sources/trace"
)

// logLine is a line as VictoriaLogs stores it.
type logLine struct {
	Time    time.Time `json:"_time"`
	Text    string    `json:"_msg"`
	Service string    `json:"service"`
	Trace   string    `json:"trace_id,omitempty"`
	Span    string    `json:"span_id,omitempty"`
}

// logsServer is a VictoriaLogs that runs.
type logsServer struct {
	*process
	url string
}

// startVictoriaLogs starts an empty VictoriaLogs.
func startVictoriaLogs(t *testing.T) *logsServer {
	t.Helper()
	port := freePorts(t, 1)[0]
	s := &logsServer{url: "http://127.0.0.1:" + port}
	s.process = run(t, victoriaLogs, nil,
		"-httpListenAddr=127.0.0.1:"+port, "-storageDataPath="+filepath.Join(t.TempDir(), "data"), "-loggerLevel=WARN")
	s.answers(t, s.url+"/health")
	return s
}

// insert adds lines, which are found when it returns.
func (s *logsServer) insert(t *testing.T, lines []logLine) {
	t.Helper()
	var body bytes.Buffer
	out := json.NewEncoder(&body)
	for _, l := range lines {
		if err := out.Encode(l); err != nil {
			t.Fatal(err)
		}
	}
	post(t, s.url+"/insert/jsonline?_stream_fields=service", "application/stream+json", body.Bytes())
	if status, said := ask(t, s.url+"/internal/force_flush"); status != http.StatusOK {
		t.Fatalf("flush: %d: %s", status, said)
	}
}

// query returns the lines that a query finds from one time to another.
func (s *logsServer) query(t *testing.T, query string, from, to time.Time) []logLine {
	t.Helper()
	params := url.Values{
		"query": {query}, "start": {from.Format(time.RFC3339Nano)}, "end": {to.Format(time.RFC3339Nano)}, "limit": {"1000"},
	}
	status, answer := ask(t, s.url+"/select/logsql/query?"+params.Encode())
	if status != http.StatusOK {
		t.Fatalf("%s: %d: %s", query, status, answer)
	}
	var lines []logLine
	for text := range strings.Lines(string(answer)) {
		var l logLine
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		lines = append(lines, l)
	}
	return lines
}

// TestLogsOfATrace asks VictoriaLogs for the lines of a trace in the two ways that there are: by the field that carries
// the id, and by the id as a word of the text.
func TestLogsOfATrace(t *testing.T) {
	const id, other = "4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c"
	s := startVictoriaLogs(t)
	at := time.Now().Add(-5 * time.Second).UTC().Truncate(time.Millisecond)
	second := logLine{at.Add(2 * time.Millisecond), "card refused", "payment", id, "00f067aa0ba902b7"}
	first := logLine{at, "charge 42.00", "checkout", id, ""}
	worded := logLine{at, "trace=" + id + " gave up", "checkout", "", ""}
	s.insert(t, []logLine{second, first, {at, "charge 7.00", "checkout", other, ""}, worded})

	from, to := at.Add(-time.Minute), at.Add(time.Minute)
	for query, want := range map[string][]logLine{
		`trace_id:="` + id + `" | sort by (_time)`: {first, second},
		`"` + id + `" | sort by (_time)`:           {worded},
	} {
		if diff := cmp.Diff(want, s.query(t, query, from, to)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	if late := s.query(t, `trace_id:="`+id+`"`, at.Add(time.Second), to); len(late) != 0 {
		t.Errorf("the time after the trace has lines: %v", late)
	}
}

// TestLogsOfAnIncident gives VictoriaLogs lines of the traces of a demo incident, each in a span, and asks for those of
// each trace as the explorer does.
func TestLogsOfAnIncident(t *testing.T) {
	s := startVictoriaLogs(t)
	in := incidents(t)[0]
	opened, err := sources.Open(t.Context(), []string{in.file}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []logLine
	want := map[trace.TraceID][]string{}
	for n := range opened.Set.Len() {
		tr := opened.Set.Trace(n)
		for i := tr.First(); i < tr.Len() && i < 10; i++ {
			span := tr.Span(i)
			text := "in " + span.Name() + " \x1b[31m"
			lines = append(lines, logLine{time.Unix(0, span.Start()).UTC(), text, span.Service(), tr.ID().String(), span.ID().String()})
			want[tr.ID()] = append(want[tr.ID()], span.ID().String()+" "+span.Service()+" "+text)
		}
		slices.Sort(want[tr.ID()])
	}
	worded := opened.Set.Trace(0)
	s.insert(t, lines)

	store, err := live.OpenLogs(live.LogConfig{Config: live.Config{Name: "vl", Kind: live.VictoriaLogs, URL: s.url}}, live.Options{})
	if err != nil {
		t.Fatal(err)
	}
	of := func(tr *trace.Trace) live.Window {
		from, to := tr.Extent()
		return live.Window{From: time.Unix(0, from), To: time.Unix(0, to)}
	}
	for n := range opened.Set.Len() {
		tr := opened.Set.Trace(n)
		came, answer, err := store.Lines(t.Context(), tr.ID(), of(tr), live.MostLines)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range came {
			got = append(got, l.Span.String()+" "+l.Service+" "+l.Text)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want[tr.ID()], got); diff != "" || answer.Worded || answer.More || answer.Requests != 1 {
			t.Errorf("%+v (-want +got):\n%s", answer, diff)
		}
	}
	if came, answer, err := store.Lines(t.Context(), worded.ID(), of(worded), 1); err != nil || len(came) != 1 || !answer.More {
		t.Errorf("at most one: %v, %+v, %v", came, answer, err)
	}

	other := trace.ParseTraceID("c0ffee00000000000000000000000009")
	at := time.Unix(0, worded.Start()).UTC()
	s.insert(t, []logLine{{at, "trace=" + other.String() + " gave up", "cart", "", ""}, {at.Add(-2 * time.Hour), "trace=" + other.String() + " long before", "cart", "", ""}})
	came, answer, err := store.Lines(t.Context(), other, of(worded), live.MostLines)
	if err != nil || len(came) != 1 || !answer.Worded || answer.Requests != 2 {
		t.Errorf("by the text: %v, %+v, %v", came, answer, err)
	}
	short := trace.ParseTraceID("12ab34cd56ef7890")
	s.insert(t, []logLine{{at, "short", "cart", "12ab34cd56ef7890", ""}, {at, "padded", "cart", short.String(), ""}})
	if came, answer, err := store.Lines(t.Context(), short, of(worded), live.MostLines); err != nil || len(came) != 2 {
		t.Errorf("an id of 64 bits: %v, %+v, %v", came, answer, err)
	}
}
