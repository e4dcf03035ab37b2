package sources

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"tracefall/sources/trace"
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
		"misleading": {bytes.ReplaceAll(joined(lines), []byte(`,{"resource"`), []byte(",\n{\"resource\"")), false},
	} {
		o := &opening{ctx: context.Background(), b: trace.NewBuilder()}
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
