package shop

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.opentelemetry.io/collector/pdata/ptrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"tracefall/testdata/gen/wire"
)

// batch is how many spans the batch processor sends at once: few, so that each
// trace spreads over several lines and each line holds parts of several traces.
const batch = 9

// written is the shop in the forms that the files are made of.
type written struct {
	spans   []sdktrace.ReadOnlySpan
	proto   *tracepb.TracesData
	whole   ptrace.Traces
	batches []ptrace.Traces
	jaeger  []wire.JaegerTrace
	files   map[string][]byte
}

// Files are the contents of testdata/traces by file name.
func Files() (map[string][]byte, error) {
	w := &written{spans: Stage(), files: map[string][]byte{}}
	var err error
	if w.proto, err = wire.Proto(w.spans); err != nil {
		return nil, err
	}
	if w.whole, err = wire.OTLP(w.spans); err != nil {
		return nil, err
	}
	if w.batches, err = wire.Batches(w.spans, batch); err != nil {
		return nil, err
	}
	if w.jaeger, err = wire.Jaeger(w.whole); err != nil {
		return nil, err
	}
	for _, step := range []func(*written) error{(*written).otlp, (*written).otlpFromOthers, (*written).binary, (*written).asJaeger, (*written).asZipkin, (*written).asConsole} {
		if err := step(w); err != nil {
			return nil, err
		}
	}
	return w.files, nil
}

// otlp writes what the collector and its users write as JSON.
func (w *written) otlp() error {
	doc, err := wire.JSON(w.whole)
	if err != nil {
		return err
	}
	w.files["shop.otlp.json"] = append(doc, '\n')
	w.files["shop.snake.json"] = append(wire.SnakeCase(doc), '\n')
	w.files["shop.apiv3.json"] = fmt.Appendf(nil, "{\"result\":%s}\n", doc)

	docs, err := wire.Each(w.batches, wire.JSON)
	if err != nil {
		return err
	}
	var chunks, concat bytes.Buffer
	for _, d := range docs {
		fmt.Fprintf(&chunks, "{\"result\":%s}\n", d)
		pretty, err := wire.Indented(d, " ")
		if err != nil {
			return err
		}
		concat.Write(pretty)
	}
	w.files["shop.apiv3-chunks.json"] = chunks.Bytes()
	w.files["shop.concat.json"] = concat.Bytes()

	lines, err := w.mixedLines(docs)
	if err != nil {
		return err
	}
	w.files["shop.otlp.jsonl"] = lines
	half := len(docs) / 2
	w.files["shop.part1.jsonl"] = joined(docs[:half])
	w.files["shop.part2.jsonl"] = joined(docs[half:])
	if w.files["shop.otlp.json.gz"], err = wire.Gzip(w.files["shop.otlp.json"]); err != nil {
		return err
	}
	w.files["shop.otlp.jsonl.zst"], err = wire.ZstdFrame(lines)
	return err
}

// mixedLines is a file exporter's file that logs and metrics went to as well.
func (w *written) mixedLines(docs [][]byte) ([]byte, error) {
	logs, err := logLine(w.spans)
	if err != nil {
		return nil, err
	}
	metrics, err := metricLine()
	if err != nil {
		return nil, err
	}
	all := append([][]byte{docs[0], docs[1], logs, docs[2], metrics}, docs[3:]...)
	return joined(all), nil
}

func joined(docs [][]byte) []byte {
	return append(bytes.Join(docs, []byte("\n")), '\n')
}

// otlpFromOthers writes OTLP as backends and generic protobuf libraries do.
func (w *written) otlpFromOthers() error {
	doc, err := wire.ProtoJSON(w.proto, false)
	if err != nil {
		return err
	}
	batches := bytes.Replace(doc, []byte(`{"resourceSpans":`), []byte(`{"batches":`), 1)
	w.files["shop.tempo.json"] = append(batches, '\n')
	w.files["shop.tempo-v2.json"] = fmt.Appendf(nil, "{\"trace\":%s,\"metrics\":{\"inspectedBytes\":\"52391\"},\"status\":\"PARTIAL\",\"message\":\"trace exceeds max size\"}\n", doc)
	snake, err := wire.ProtoJSON(w.proto, true)
	w.files["shop.snake-protojson.json"] = append(snake, '\n')
	return err
}

// binary writes protobuf, and the file exporter's record framings.
func (w *written) binary() error {
	one, err := wire.Protobuf(w.whole)
	if err != nil {
		return err
	}
	w.files["shop.pb"] = one
	messages, err := wire.Each(w.batches, wire.Protobuf)
	if err != nil {
		return err
	}
	w.files["shop.lenprefix.pb"] = wire.Records(messages)
	docs, err := wire.Each(w.batches, wire.JSON)
	if err != nil {
		return err
	}
	for name, records := range map[string][][]byte{"shop.zstd-records": docs, "shop.pb.zstd-records": messages} {
		var frames [][]byte
		for _, r := range records {
			frame, err := wire.ZstdFrame(r)
			if err != nil {
				return err
			}
			frames = append(frames, frame)
		}
		w.files[name] = wire.Records(frames)
	}
	return nil
}

// asJaeger writes Jaeger JSON in its containers, and Elasticsearch documents.
func (w *written) asJaeger() error {
	doc, err := wire.JaegerDocument(w.jaeger)
	if err != nil {
		return err
	}
	w.files["shop.jaeger.json"] = doc
	var lines [][]byte
	for _, t := range w.jaeger {
		line, err := json.Marshal(t)
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	w.files["shop.jaeger.jsonl"] = joined(lines)
	w.files["shop.jaeger-array.json"] = fmt.Appendf(nil, "[%s]\n", bytes.Join(lines, []byte(",\n")))
	// The checkout trace, the one with the failure.
	w.files["shop.jaeger-bare.json"] = append(bytes.Clone(lines[1]), '\n')
	if w.files["shop.es-search.json"], err = wire.ElasticSearch(w.jaeger); err != nil {
		return err
	}
	w.files["shop.es-bulk.ndjson"], err = wire.ElasticBulk(w.jaeger)
	return err
}

func (w *written) asZipkin() error {
	var err error
	if w.files["shop.zipkin.json"], err = wire.Zipkin(w.spans); err != nil {
		return err
	}
	w.files["shop.zipkin-shared.json"], err = wire.ZipkinShared(w.spans)
	return err
}

// asConsole writes what SDKs print without a collector.
func (w *written) asConsole() error {
	var err error
	if w.files["shop.console-python.json"], err = wire.ConsolePython(w.whole, false); err != nil {
		return err
	}
	if w.files["shop.console-js.json"], err = wire.ConsoleJS(w.whole, 2); err != nil {
		return err
	}
	if w.files["shop.console-js-v1.json"], err = wire.ConsoleJS(w.whole, 1); err != nil {
		return err
	}
	if w.files["shop.stdouttrace.json"], err = wire.Stdout(w.spans, false); err != nil {
		return err
	}
	// One indented trace is enough to show the form.
	var fulfil []sdktrace.ReadOnlySpan
	last := w.spans[len(w.spans)-1].SpanContext().TraceID()
	for _, s := range w.spans {
		if s.SpanContext().TraceID() == last {
			fulfil = append(fulfil, s)
		}
	}
	if w.files["shop.stdouttrace-pretty.json"], err = wire.Stdout(fulfil, true); err != nil {
		return err
	}
	for _, s := range w.spans {
		if s.Name() != "render mail" {
			continue
		}
		one, err := wire.OTLP([]sdktrace.ReadOnlySpan{s})
		if err != nil {
			return err
		}
		if w.files["shop.console-python-nan.json"], err = wire.ConsolePython(one, true); err != nil {
			return err
		}
	}
	return nil
}
