package sources

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// joined turns JSON lines into one document of many resource spans.
func joined(lines []byte) []byte {
	return bytes.ReplaceAll(lines, []byte("]}]}]}\n{\"resourceSpans\":["), []byte("]}]},"))
}

// misleading turns JSON lines into an array whose elements, each on a line of its own, look like documents.
func misleading(lines []byte) []byte {
	inner := bytes.ReplaceAll(bytes.TrimSpace(lines), []byte("\n"), []byte(",\n"))
	return slices.Concat([]byte("[\n"), inner, []byte("\n]\n"))
}

// processesFirst puts the processes of a document of one Jaeger trace before its spans.
func processesFirst(data []byte) []byte {
	at := bytes.LastIndex(data, []byte(`,"processes":`))
	end := bytes.LastIndex(data, []byte("}]"))
	processes := bytes.Clone(data[at+1 : end])
	data = slices.Concat(data[:at], data[end:])
	return bytes.Replace(data, []byte(`"spans":`), append(processes, []byte(`,"spans":`)...), 1)
}

func TestWorkersReadTheSame(t *testing.T) {
	t.Parallel()
	lines := benchLines(t, 9000)
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, joined(benchLines(t, 5000)), "", "  "); err != nil {
		t.Fatal(err)
	}
	broken := func(data []byte) []byte {
		data = bytes.Clone(data)
		for _, at := range []int{len(data) / 5, len(data) / 3, len(data)/2 + 3000, len(data) * 4 / 5, len(data) - 10} {
			data[at] = '\n'
		}
		return data
	}
	inputs := map[string][]byte{
		"damaged document":       broken(joined(lines)),
		"damaged jaeger":         broken(jaegerBench(6000, 30)),
		"damaged jaeger one":     broken(jaegerBench(7000, 7000)),
		"damaged pretty":         broken(pretty.Bytes()),
		"lines":                  lines,
		"document":               joined(lines),
		"pretty":                 pretty.Bytes(),
		"damaged":                broken(lines),
		"cut":                    joined(lines)[:len(lines)-5000],
		"cut lines":              lines[:len(lines)-len(lines)/3],
		"element a line":         bytes.ReplaceAll(joined(lines), []byte(`,{"resource"`), []byte(",\n{\"resource\"")),
		"misleading":             misleading(lines),
		"tempo":                  []byte(`{"trace":` + strings.TrimSpace(string(joined(lines))) + `,"status":"PARTIAL"}`),
		"jaeger":                 jaegerBench(6000, 30),
		"jaeger one":             jaegerBench(7000, 7000),
		"jaeger cut":             jaegerBench(7000, 7000)[:4600<<10],
		"jaeger processes first": processesFirst(jaegerBench(7000, 7000)),
		"snake case":             bytes.ReplaceAll(lines, []byte(`"spanId"`), []byte(`"span_id"`)),
	}
	for name, data := range inputs {
		t.Run(name, func(t *testing.T) {
			path := writeFile(t, "in.json", data)
			one := open(t, Options{Workers: 1}, path)
			want := dump(one)
			if strings.HasPrefix(name, "damaged") && one.SpanCount() < 4500 {
				t.Errorf("only %d spans were salvaged", one.SpanCount())
			}
			for _, workers := range []int{2, 3} {
				if got := dump(open(t, Options{Workers: workers}, path)); got != want {
					t.Errorf("%d workers read something else than one:\n%s", workers, firstDifference(want, got))
				}
			}
		})
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + w[i] + "\n got " + g[i]
		}
	}
	return "one ends early"
}

// TestWorkersJoin tells that the second worker's part is really used where it can be.
func TestWorkersJoin(t *testing.T) {
	lines := benchLines(t, 6000)
	for name, c := range map[string]struct {
		data []byte
		join bool
	}{
		"lines":      {lines, true},
		"document":   {joined(lines), true},
		"jaeger":     {jaegerBench(6000, 30), true},
		"jaeger one": {jaegerBench(6000, 6000), true},
		"misleading": {misleading(lines), false},
	} {
		o := newOpening(context.Background(), Options{})
		r := newReader(o.b, c.data)
		r.split(2, o.watch(o.b, &input{name: name, data: c.data}, true))
		if r.Ahead == nil {
			t.Fatalf("%s was not cut", name)
		}
		part := r.Ahead
		if err := r.documents(); err != nil {
			t.Fatal(err)
		}
		r.Abandon()
		if got := !part.Cancel.Load(); got != c.join {
			t.Errorf("%s: joined %v, want %v", name, got, c.join)
		}
		if o.b.Spans() != 6000 {
			t.Errorf("%s: %d spans", name, o.b.Spans())
		}
	}
}

// jaegerBench writes an answer of Jaeger's query service, with a few spans whose process is missing.
func jaegerBench(spans, perTrace int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	for i := range spans {
		if i%perTrace == 0 {
			if i > 0 {
				b.WriteString(`],"processes":{"p1":{"serviceName":"shop","tags":[]},"p2":{"serviceName":"cart","tags":[{"key":"hostname","type":"string","value":"cart-7d9f6c5b80-x2x9q.prod.svc.cluster.local"}]}},"warnings":null},`)
			}
			fmt.Fprintf(&b, `{"traceID":"%032x","spans":[`, 1+i/perTrace)
		} else {
			b.WriteByte(',')
		}
		process := "p" + strconv.Itoa(1+i%2)
		if i%1500 == 1 {
			process = "p9"
		}
		fmt.Fprintf(&b, `{"traceID":"%032x","spanID":"%016x","flags":1,"operationName":"op %d","references":[{"refType":"CHILD_OF","traceID":"%032x","spanID":"%016x"}],"startTime":%d,"duration":%d,"tags":[{"key":"span.kind","type":"string","value":"server"},{"key":"http.method","type":"string","value":"GET"},{"key":"http.url","type":"string","value":"http://pricing.prod.svc.cluster.local:8080/api/carts/c-%d"},{"key":"http.status_code","type":"int64","value":%d},{"key":"filler","type":"string","value":"%s"},{"key":"sampled","type":"bool","value":true},{"key":"otel.scope.name","type":"string","value":"lib"}],"logs":[{"timestamp":%d,"fields":[{"key":"event","type":"string","value":"sent"}]}],"processID":"%s","warnings":null}`,
			1+i/perTrace, i+1, i%7, 1+i/perTrace, i/perTrace*perTrace+1, int64(1_700_000_000_000_000)+int64(i), i%500, i, 200+i%3, strings.Repeat("x", i%300), int64(1_700_000_000_000_000)+int64(i), process)
	}
	b.WriteString(`],"processes":{"p2":{"serviceName":"cart"},"p1":{"serviceName":"shop"}},"warnings":null}],"total":0}`)
	return b.Bytes()
}
