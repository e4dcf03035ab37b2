package sources

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/tracetest"
)

var update = flag.Bool("update", false, "rewrite expectations; read the difference before committing it")

// brokenDir holds small files, each with one of the traps that real exports have; expect.txt says for each what
// must come out of it: the failure, or counts, notices and every span.
const brokenDir = "../testdata/broken"

func TestBroken(t *testing.T) { checkOutcomes(t, brokenDir) }

// TestBackends reads what tracing backends answer or store: errors, summaries, parts of spans, documents turned inside
// out. The files are written by hand after what Jaeger, Tempo, Zipkin, VictoriaTraces and Elasticsearch write.
func TestBackends(t *testing.T) { checkOutcomes(t, "../testdata/backends") }

// checkOutcomes compares what opening each file of a folder gives with the folder's expect.txt.
func checkOutcomes(t *testing.T, dir string) {
	t.Helper()
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, entry := range names {
		if name := entry.Name(); name != "expect.txt" && !strings.HasPrefix(name, ".") {
			fmt.Fprintf(&got, "-- %s --\n%s", name, outcome(t, filepath.Join(dir, name)))
		}
	}
	golden := filepath.Join(dir, "expect.txt")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// outcome describes what opening one file gives.
func outcome(t *testing.T, path string) string {
	t.Helper()
	result, err := Open(context.Background(), []string{path}, Options{})
	if err != nil {
		return "failure: " + strings.ReplaceAll(err.Error(), filepath.Dir(path)+"/", "") + "\n"
	}
	defer func() {
		if err := result.Set.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := tracetest.Check(result.Set); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d traces, %d spans\n", result.Set.Len(), result.Set.SpanCount())
	for _, n := range result.Set.Notices() {
		fmt.Fprintf(&b, "notice: %s %d: %s", n.Kind, n.Count, n.Message)
		if len(n.Places) > 1 {
			fmt.Fprintf(&b, " %v", n.Places)
		}
		b.WriteString("\n")
	}
	for i := range result.Set.Len() {
		tr := result.Set.Trace(i)
		for k := tr.First(); k < tr.Len(); k++ {
			s := tr.Span(k)
			fmt.Fprintf(&b, "%s", describeSpan(s))
			if flags := s.Flags().Names(); len(flags) > 0 || s.Error() {
				fmt.Fprintf(&b, "\n flags %v error=%v", flags, s.Error())
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}
