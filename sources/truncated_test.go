package sources

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tracefall/sources/trace"
)

// TestTruncated cuts files of every format short, plain and compressed: the input is called truncated, the trace that
// was read last may be incomplete, and the other traces are not blamed.
func TestTruncated(t *testing.T) {
	for _, name := range []string{
		"shop.jaeger.json", "shop.jaeger.jsonl", "shop.otlp.json", "shop.otlp.jsonl", "shop.zipkin.json", "shop.tempo.json",
		"shop.console-python.json", "shop.console-js.json", "shop.stdouttrace.json", "shop.es-search.json", "shop.pb",
		"shop.lenprefix.pb", "shop.apiv3.json", "shop.snake.json",
	} {
		path := filepath.Join("..", "testdata", "traces", name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if set := openAt(t, path); set.TruncatedInputs() != 0 || truncatedTraces(set) != 0 {
			t.Errorf("%s: a whole file is called truncated", name)
		}
		for _, part := range []int{60, 90} {
			cut := whole[:len(whole)*part/100]
			for _, packed := range []bool{false, true} {
				data, suffix := cut, ""
				if packed {
					data, suffix = cutGzip(t, whole, part), ".gz"
				}
				path := filepath.Join(t.TempDir(), name+suffix)
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				set := openAt(t, path)
				if !set.Truncated(path) || set.TruncatedInputs() != 1 {
					t.Errorf("%s%s cut to %d %%: not called truncated: %v", name, suffix, part, set.Notices())
				}
				if n := truncatedTraces(set); n != 1 {
					t.Errorf("%s%s cut to %d %%: %d of %d traces may be incomplete, want the last", name, suffix, part, n, set.Len())
				}
			}
		}
	}
}

func openAt(t *testing.T, path string) *trace.Set {
	t.Helper()
	got, err := Open(context.Background(), []string{path}, Options{})
	if err != nil || len(got.Failures) > 0 {
		t.Fatalf("%s: %v %v", path, got.Failures, err)
	}
	set := got.Set
	t.Cleanup(func() {
		if err := set.Close(); err != nil {
			t.Error(err)
		}
	})
	return set
}

func truncatedTraces(set *trace.Set) int {
	n := 0
	for i := range set.Len() {
		if set.Trace(i).Quality().Truncated {
			n++
		}
	}
	return n
}

// cutGzip compresses data without making it small, so that a part of the result is a part of the data.
func cutGzip(t *testing.T, data []byte, part int) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()[:b.Len()*part/100]
}

func TestTruncatedBeforeTheFirstSpan(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cut.json")
	if err := os.WriteFile(path, []byte(`{"resourceSpans":[{"resource":{"attributes":[`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(context.Background(), []string{path}, Options{})
	if err == nil || !strings.Contains(err.Error(), "file truncated") {
		t.Errorf("error %v, want it called truncated", err)
	}
}

// TestTruncatedBehindWrappers cuts off what stands in a log, and text in UTF-16: their data after unwrapping looks whole.
func TestTruncatedBehindWrappers(t *testing.T) {
	line := `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[` +
		`{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"a000000000000001","name":"a","startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131100000000"}]}]}]}`
	utf16 := []byte{0xff, 0xfe}
	for i := range len(line) {
		utf16 = append(utf16, line[i], 0)
	}
	for name, data := range map[string]string{
		"prefixes": "api-1  | " + line + "\napi-1  | " + line[:len(line)/2],
		"docker":   `{"log":` + strconv.Quote(line+"\n") + `,"stream":"stdout"}` + "\n" + `{"log":"{\"resourceSpans\":[{\"res`,
		"UTF-16":   string(utf16) + "\n\x00{\x00\"\x00r\x00e\x00s\x00",
	} {
		path := filepath.Join(t.TempDir(), "cut.log")
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		set := openAt(t, path)
		if set.SpanCount() != 1 || !set.Truncated(path) || truncatedTraces(set) != 1 {
			t.Errorf("%s: %d spans, truncated: %v, %d traces that may be incomplete; notices %v", name, set.SpanCount(), set.Truncated(path), truncatedTraces(set), set.Notices())
		}
	}
}
