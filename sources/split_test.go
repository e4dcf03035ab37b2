package sources

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// joined turns JSON lines into one document of many resource spans.
func joined(lines []byte) []byte {
	return bytes.ReplaceAll(lines, []byte("]}]}]}\n{\"resourceSpans\":["), []byte("]}]},"))
}

func TestWorkersReadTheSame(t *testing.T) {
	lines := benchLines(t, 9000)
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, joined(benchLines(t, 5000)), "", "  "); err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(lines)
	for _, at := range []int{len(damaged) / 3, len(damaged)/2 + 3000, len(damaged) - 10} {
		damaged[at] = '\n'
	}
	inputs := map[string][]byte{
		"lines":     lines,
		"document":  joined(lines),
		"pretty":    pretty.Bytes(),
		"damaged":   damaged,
		"cut":       joined(lines)[:len(lines)-5000],
		"cut lines": lines[:len(lines)-len(lines)/3],
		// each element on a line of its own, so that it looks like a document and is none
		"misleading": bytes.ReplaceAll(joined(lines), []byte(`,{"resource"`), []byte(",\n{\"resource\"")),
		"tempo":      []byte(`{"trace":` + strings.TrimSpace(string(joined(lines))) + `,"status":"PARTIAL"}`),
		"jaeger":     jaegerBench(6000, 30),
		"jaeger one": jaegerBench(7000, 7000),
		"jaeger cut": jaegerBench(7000, 7000)[:4600<<10],
		"snake case": bytes.ReplaceAll(lines, []byte(`"spanId"`), []byte(`"span_id"`)),
	}
	for name, data := range inputs {
		t.Run(name, func(t *testing.T) {
			path := writeFile(t, "in.json", data)
			want := dump(open(t, Options{Workers: 1}, path))
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
		"misleading": {bytes.ReplaceAll(joined(lines), []byte(`,{"resource"`), []byte(",\n{\"resource\"")), false},
	} {
		o := newOpening(context.Background(), Options{})
		r := newReader(o.b, c.data)
		r.split(2, o.watch(o.b, &input{name: name, data: c.data}, true))
		if r.ahead == nil {
			t.Fatalf("%s was not cut", name)
		}
		part := r.ahead
		if err := r.documents(); err != nil {
			t.Fatal(err)
		}
		r.abandon()
		if got := !part.cancel.Load(); got != c.join {
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
