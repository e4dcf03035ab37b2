package shop

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const total = 62

func files(t *testing.T) map[string][]byte {
	t.Helper()
	out, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ids collects what looks like span ids under the given member names, from any
// number of JSON documents, skipping lines that are not traces.
func ids(t *testing.T, name string, doc []byte, decode func(string) string, members ...string) []string {
	t.Helper()
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if id, ok := v[key].(string); ok && slices.Contains(members, key) {
					out = append(out, decode(id))
				}
				// Links, references and parents name other spans.
				if key != "links" && key != "references" && key != "Links" && key != "Parent" && key != "parentSpanContext" && key != "resourceLogs" {
					walk(v[key])
				}
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	dec := json.NewDecoder(bytes.NewReader(doc))
	for dec.More() {
		var v any
		if err := dec.Decode(&v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		walk(v)
	}
	slices.Sort(out)
	return out
}

func same(s string) string { return s }

func fromBase64(s string) string {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return s
	}
	return hex.EncodeToString(raw)
}

func fromPython(s string) string { return strings.TrimPrefix(s, "0x") }

// TestEveryFormatHasEverySpan: the same span ids, whatever they are spelled.
func TestEveryFormatHasEverySpan(t *testing.T) {
	all := files(t)
	want := ids(t, "shop.otlp.json", all["shop.otlp.json"], same, "spanId")
	if len(slices.Compact(slices.Clone(want))) != total {
		t.Fatalf("shop.otlp.json has %d spans, want %d distinct", len(want), total)
	}
	for _, f := range []struct {
		name   string
		decode func(string) string
		member string
	}{
		{"shop.otlp.jsonl", same, "spanId"}, {"shop.concat.json", same, "spanId"}, {"shop.snake.json", same, "span_id"},
		{"shop.snake-protojson.json", fromBase64, "span_id"}, {"shop.apiv3.json", same, "spanId"}, {"shop.apiv3-chunks.json", same, "spanId"},
		{"shop.tempo.json", fromBase64, "spanId"}, {"shop.tempo-v2.json", fromBase64, "spanId"},
		{"shop.jaeger.json", same, "spanID"}, {"shop.jaeger-array.json", same, "spanID"}, {"shop.jaeger.jsonl", same, "spanID"},
		{"shop.es-search.json", same, "spanID"}, {"shop.es-bulk.ndjson", same, "spanID"}, {"shop.zipkin.json", same, "id"},
		{"shop.console-python.json", fromPython, "span_id"}, {"shop.console-js.json", same, "id"}, {"shop.console-js-v1.json", same, "id"},
		{"shop.stdouttrace.json", same, "SpanID"},
	} {
		if got := ids(t, f.name, all[f.name], f.decode, f.member); !slices.Equal(got, want) {
			t.Errorf("%s: %d span ids, they differ from shop.otlp.json's %d", f.name, len(got), len(want))
		}
	}
	parts := append(slices.Clone(all["shop.part1.jsonl"]), all["shop.part2.jsonl"]...)
	if got := ids(t, "parts", parts, same, "spanId"); !slices.Equal(got, want) {
		t.Errorf("the two parts have %d span ids, want %d", len(got), len(want))
	}
	shared := ids(t, "shop.zipkin-shared.json", all["shop.zipkin-shared.json"], same, "id")
	if distinct := len(slices.Compact(slices.Clone(shared))); len(shared) != total || distinct >= total {
		t.Errorf("shop.zipkin-shared.json: %d spans with %d ids, want %d spans that share some", len(shared), distinct, total)
	}
}

// TestBinaryFilesAreTheJSON reads protobuf and compressed files back.
func TestBinaryFilesAreTheJSON(t *testing.T) {
	all := files(t)
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(all["shop.pb"])
	if err != nil {
		t.Fatal(err)
	}
	doc, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
	if err != nil || !bytes.Equal(append(doc, '\n'), all["shop.otlp.json"]) {
		t.Errorf("shop.pb is not shop.otlp.json (%v)", err)
	}
	dec, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	plain := func(b []byte) []byte { return b }
	unzstd := func(b []byte) []byte {
		out, err := dec.DecodeAll(b, nil)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, f := range map[string]struct {
		unpack func([]byte) []byte
		read   func([]byte) (ptrace.Traces, error)
	}{
		"shop.lenprefix.pb":    {plain, (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces},
		"shop.pb.zstd-records": {unzstd, (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces},
		"shop.zstd-records":    {unzstd, (&ptrace.JSONUnmarshaler{}).UnmarshalTraces},
	} {
		spans := 0
		for rest := all[name]; len(rest) > 0; {
			n := binary.BigEndian.Uint32(rest)
			td, err := f.read(f.unpack(rest[4 : 4+n]))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			spans += td.SpanCount()
			rest = rest[4+n:]
		}
		if spans != total {
			t.Errorf("%s: %d spans, want %d", name, spans, total)
		}
	}
	if !bytes.Equal(unzstd(all["shop.otlp.jsonl.zst"]), all["shop.otlp.jsonl"]) {
		t.Error("shop.otlp.jsonl.zst is not shop.otlp.jsonl")
	}
	z, err := gzip.NewReader(bytes.NewReader(all["shop.otlp.json.gz"]))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(z); err != nil || !bytes.Equal(out.Bytes(), all["shop.otlp.json"]) {
		t.Errorf("shop.otlp.json.gz is not shop.otlp.json (%v)", err)
	}
}

// TestShopShowsWhatItPromises looks for the values that formats differ in.
func TestShopShowsWhatItPromises(t *testing.T) {
	all := files(t)
	size := 0
	for _, data := range all {
		size += len(data)
	}
	if size > 1_500_000 {
		t.Errorf("testdata/traces is %d bytes, want at most 1500000", size)
	}
	for file, texts := range map[string][]string{
		"shop.otlp.json": {`"intValue":"9223372036854775807"`, `"intValue":"9007199254740993"`, `"doubleValue":"NaN"`, `"doubleValue":"-Infinity"`, `"bytesValue":"AP8QgA=="`,
			`"kvlistValue"`, `"arrayValue"`, `"traceState":"rojo=`, `"droppedAttributesCount":2`, `"droppedEventsCount":1`, `"droppedLinksCount":2`, `世界`, `\u001b[31m`,
			`"kind":1`, `"kind":2`, `"kind":3`, `"kind":4`, `"kind":5`, `"code":1`, `"code":2`, `exception.message`},
		"shop.jaeger.json":         {`"value":"9223372036854775807"`, `"type":"binary"`, `"FOLLOWS_FROM"`, `"otel.status_description"`, `"w3c.tracestate"`},
		"shop.tempo-v2.json":       {`"status":"PARTIAL"`, `"SPAN_KIND_CONSUMER"`, `"STATUS_CODE_ERROR"`},
		"shop.otlp.jsonl":          {`{"resourceLogs":`, `{"resourceMetrics":`},
		"shop.zipkin-shared.json":  {`"shared":true`},
		"shop.console-python.json": {`"SpanKind.PRODUCER"`, `\u4e16\u754c`, `"parent_id": null`},
	} {
		for _, text := range texts {
			if !bytes.Contains(all[file], []byte(text)) {
				t.Errorf("%s does not contain %s", file, text)
			}
		}
	}
	if len(longQuery) <= 200 {
		t.Errorf("the long statement is %d bytes, want over 200", len(longQuery))
	}
}
