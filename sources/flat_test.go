package sources

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/sources/decode"
	"tracefall/sources/tracetest"
)

// flatDir holds a file for each kind of flat spans, and for each kind of records that are none.
const flatDir = "../testdata/flat"

func TestFlatFiles(t *testing.T) { checkOutcomes(t, flatDir) }

// flatSpelling is one way to write flat spans.
type flatSpelling struct {
	trace, span, parent, name, service, failed string
	put                                        func(o map[string]any, start, duration time.Duration)
}

var flatEpoch = time.Date(2026, 3, 2, 14, 2, 11, 0, time.UTC)

// flatSpellings crosses names of keys with forms of times and of durations.
func flatSpellings() map[string]flatSpelling {
	keys := map[string]flatSpelling{
		"snake":  {trace: "trace_id", span: "span_id", parent: "parent_span_id", name: "name", service: "service", failed: "error"},
		"camel":  {trace: "traceId", span: "spanId", parent: "parentSpanId", name: "spanName", service: "serviceName", failed: "hasError"},
		"pascal": {trace: "TraceId", span: "SpanId", parent: "ParentSpanId", name: "SpanName", service: "ServiceName", failed: "Error"},
		"jaeger": {trace: "traceID", span: "spanID", parent: "parentSpanID", name: "operationName", service: "serviceName", failed: "error"},
		"dotted": {trace: "trace.id", span: "span.id", parent: "parent.id", name: "span.name", service: "service.name", failed: "is_error"},
		"short":  {trace: "trace", span: "span", parent: "parent", name: "op", service: "svc", failed: "failed"},
		"id":     {trace: "traceId", span: "id", parent: "parentId", name: "name", service: "service", failed: "error"},
	}
	starts := map[string]func(o map[string]any, at time.Time){
		"start ISO":              func(o map[string]any, at time.Time) { o["start"] = at.Format(time.RFC3339Nano) },
		"timestamp without zone": func(o map[string]any, at time.Time) { o["timestamp"] = at.Format("2006-01-02 15:04:05.000000000") },
		"@timestamp with offset": func(o map[string]any, at time.Time) {
			o["@timestamp"] = at.In(time.FixedZone("", 7200)).Format(time.RFC3339Nano)
		},
		"start_time s": func(o map[string]any, at time.Time) {
			o["start_time"] = json.Number(fmt.Sprintf("%.6f", float64(at.UnixNano())/1e9))
		},
		"startTime ms":               func(o map[string]any, at time.Time) { o["startTime"] = at.UnixMilli() },
		"StartTime us":               func(o map[string]any, at time.Time) { o["StartTime"] = at.UnixMicro() },
		"start_time_unix_nano":       func(o map[string]any, at time.Time) { o["start_time_unix_nano"] = at.UnixNano() },
		"startEpochMillis in quotes": func(o map[string]any, at time.Time) { o["startEpochMillis"] = fmt.Sprint(at.UnixMilli()) },
		"ts pair":                    func(o map[string]any, at time.Time) { o["ts"] = []int64{at.Unix(), int64(at.Nanosecond())} },
	}
	lengths := map[string]func(o map[string]any, at time.Time, d time.Duration){
		"duration_ms":    func(o map[string]any, _ time.Time, d time.Duration) { o["duration_ms"] = float64(d) / 1e6 },
		"durationMicros": func(o map[string]any, _ time.Time, d time.Duration) { o["durationMicros"] = d.Microseconds() },
		"durationInNanos": func(o map[string]any, _ time.Time, d time.Duration) {
			o["durationInNanos"] = fmt.Sprint(d.Nanoseconds())
		},
		"elapsed_s":     func(o map[string]any, _ time.Time, d time.Duration) { o["elapsed_s"] = d.Seconds() },
		"duration text": func(o map[string]any, _ time.Time, d time.Duration) { o["duration"] = d.String() },
		"bare ns":       func(o map[string]any, _ time.Time, d time.Duration) { o["duration"] = d.Nanoseconds() },
		"bare us":       func(o map[string]any, _ time.Time, d time.Duration) { o["duration"] = d.Microseconds() },
		"bare ms":       func(o map[string]any, _ time.Time, d time.Duration) { o["duration"] = d.Milliseconds() },
		"bare s":        func(o map[string]any, _ time.Time, d time.Duration) { o["duration"] = d.Seconds() },
		"end ISO":       func(o map[string]any, at time.Time, d time.Duration) { o["end"] = at.Add(d).Format(time.RFC3339Nano) },
		"endTime ms":    func(o map[string]any, at time.Time, d time.Duration) { o["endTime"] = at.Add(d).UnixMilli() },
	}
	all := map[string]flatSpelling{}
	for k, spelling := range keys {
		for s, start := range starts {
			for l, length := range lengths {
				spelling.put = func(o map[string]any, at, d time.Duration) {
					start(o, flatEpoch.Add(at))
					length(o, flatEpoch.Add(at), d)
				}
				all[k+", "+s+", "+l] = spelling
			}
		}
	}
	return all
}

// write writes a trace of three spans, 100 ms long: cart, failed, calls redis, and then again.
func (s flatSpelling) write() []map[string]any {
	var list []map[string]any
	for i, at := range []time.Duration{0, 10 * time.Millisecond, 60 * time.Millisecond} {
		o := map[string]any{
			s.trace: "0af7651916cd43dd8448eb211c80319c", s.span: fmt.Sprintf("b7ad6b716920333%d", i), "extra": i,
			s.name: "GET", s.service: "redis", s.failed: false, s.parent: "b7ad6b7169203330",
		}
		d := 30 * time.Millisecond
		if i == 0 {
			o[s.name], o[s.service], o[s.failed], o[s.parent], d = "GET /cart", "cart", true, nil, 100*time.Millisecond
		}
		s.put(o, at, d)
		list = append(list, o)
	}
	return list
}

// flatLayouts are the ways to put objects into a file.
var flatLayouts = map[string]func(spans []map[string]any) string{
	"lines": func(spans []map[string]any) string {
		var lines []string
		for _, s := range spans {
			lines = append(lines, asJSON(s))
		}
		return strings.Join(lines, "\n")
	},
	"array":  func(spans []map[string]any) string { return asJSON(spans) },
	"arrays": func(spans []map[string]any) string { return asJSON([]any{spans[:1], spans[1:]}) },
	"pretty": func(spans []map[string]any) string {
		text, _ := json.MarshalIndent(spans, "", "\t")
		return "\n\n" + string(text)
	},
	"data": func(spans []map[string]any) string {
		return asJSON(map[string]any{"data": spans, "meta": map[string]any{"n": 3}})
	},
	"spans": func(spans []map[string]any) string {
		return asJSON(map[string]any{"result": map[string]any{"spans": spans}})
	},
	"hits": func(spans []map[string]any) string {
		var hits []any
		for _, s := range spans {
			hits = append(hits, map[string]any{"_index": "x", "_source": s})
		}
		return asJSON(map[string]any{"took": 1, "hits": map[string]any{"hits": hits}})
	},
	"log prefix": func(spans []map[string]any) string {
		text := ""
		for _, s := range spans {
			text += "worker-1 | " + asJSON(s) + "\n"
		}
		return text
	},
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestFlatSpellings reads one trace in every spelling, and in every layout by turns.
func TestFlatSpellings(t *testing.T) {
	t.Parallel()
	spellings := flatSpellings()
	layouts := slices.Sorted(maps.Keys(flatLayouts))
	for i, name := range slices.Sorted(maps.Keys(spellings)) {
		for _, layout := range []string{"lines", layouts[i%len(layouts)]} {
			text := flatLayouts[layout](spellings[name].write())
			if problem := flatProblem(text); problem != "" {
				t.Fatalf("%s, %s: %s\n%s", name, layout, problem, text)
			}
		}
	}
}

// flatProblem says what is wrong with the trace that flatSpelling.write wrote; "" when it is all right.
func flatProblem(text string) string {
	r, err := Open(context.Background(), []string{"-"}, Options{Stdin: strings.NewReader(text)})
	if err != nil {
		return err.Error()
	}
	defer r.Set.Close()
	if r.Set.Len() != 1 || r.Set.SpanCount() != 3 {
		return fmt.Sprintf("%d traces, %d spans", r.Set.Len(), r.Set.SpanCount())
	}
	tr := r.Set.Trace(0)
	got := ""
	for i := range tr.Len() {
		s := tr.Span(i)
		at := time.Duration(s.Start() - flatEpoch.UnixNano()).Round(time.Microsecond)
		got += fmt.Sprintf("%d %s %s %s +%v %v %v %s; ", s.Depth(), s.ID(), s.Service(), s.Name(), at, time.Duration(s.Duration()), s.Error(),
			s.Attrs().Get("extra"))
	}
	const want = "0 b7ad6b7169203330 cart GET /cart +0s 100ms true 0; 1 b7ad6b7169203331 redis GET +10ms 30ms false 1; " +
		"1 b7ad6b7169203332 redis GET +60ms 30ms false 2; "
	if got != want {
		return "got " + got
	}
	for _, n := range r.Set.Notices() {
		if n.Kind == decode.NoticeSpelling && strings.Contains(n.Message, `span id from "`) {
			return ""
		}
	}
	return "no notice says what was taken for what"
}

// TestFlatUnitsAreOfTheFile checks that a span with a time in another unit does not get a time of its own unit.
func TestFlatUnitsAreOfTheFile(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		start := 1767225600000 + i
		if i == 15 {
			start *= 1_000_000
		}
		fmt.Fprintf(&b, `{"trace_id":"a","span_id":"%d","name":"x","start":%d,"duration_ms":5}`+"\n", i+1, start)
	}
	got := outcomeOf(t, b.String())
	if !strings.Contains(got, "start not readable, expected a plausible time in ms since 1970 (line 16, column") {
		t.Errorf("a start in another unit was taken:\n%s", got)
	}
}

func outcomeOf(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "in.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return outcome(t, name)
}

// TestFlatWorkers checks that several workers read a large file of flat spans as one does.
func TestFlatWorkers(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "flat.jsonl")
	if err := os.WriteFile(name, flatLines(30_000), 0o600); err != nil {
		t.Fatal(err)
	}
	one, three := open(t, Options{Workers: 1}, name), open(t, Options{Workers: 3}, name)
	if dump(one) != dump(three) {
		t.Error("three workers read something else than one")
	}
	if one.Len() != 3000 || one.SpanCount() != 30_000 {
		t.Errorf("%d traces, %d spans", one.Len(), one.SpanCount())
	}
}

// TestFlatDeep checks that depth costs nothing but time: objects and arrays a million deep, where records are looked
// for and where attributes are.
func TestFlatDeep(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("deep")
	}
	const deep = 1_000_000
	span := `{"trace_id":"a","span_id":"1","name":"x","start":"2026-03-02T14:00:00Z","duration_ms":5,"more":%s}`
	for name, text := range map[string]string{
		"attributes": fmt.Sprintf(span, strings.Repeat(`{"a":`, deep)+"1"+strings.Repeat("}", deep)),
		"arrays":     fmt.Sprintf(span, strings.Repeat(`[`, deep)+strings.Repeat("]", deep)),
	} {
		s := open(t, Options{Stdin: strings.NewReader(text)}, "-")
		if s.SpanCount() != 1 {
			t.Errorf("%s: %d spans", name, s.SpanCount())
		}
	}
	for name, text := range map[string]string{
		"lists":   strings.Repeat(`{"data":[`, deep) + strings.Repeat("]}", deep),
		"arrays":  strings.Repeat(`[`, deep) + strings.Repeat("]", deep),
		"objects": strings.Repeat(`{"spans":`, deep) + "1" + strings.Repeat("}", deep),
	} {
		if _, err := Open(context.Background(), []string{"-"}, Options{Stdin: strings.NewReader(text)}); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func FuzzFlat(f *testing.F) {
	entries, err := os.ReadDir(flatDir)
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(flatDir, e.Name()))
		if err != nil {
			f.Fatal(err)
		}
		if e.Name() != "expect.txt" {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Open(context.Background(), []string{"-"}, Options{Stdin: bytes.NewReader(data), Workers: 1})
		if err != nil {
			return
		}
		defer r.Set.Close()
		if err := tracetest.Check(r.Set); err != nil {
			t.Fatal(err)
		}
	})
}
