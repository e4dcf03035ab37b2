package live

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tracefall/sources"
	"tracefall/sources/export"
	"tracefall/sources/jsonscan"
	"tracefall/sources/live/livetest"
	"tracefall/sources/trace"
)

// inProtobuf is an answer of Tempo in JSON as Tempo writes it in protobuf.
func inProtobuf(t testing.TB, answer []byte) []byte {
	t.Helper()
	var spans []byte
	s := jsonscan.Scanner{Data: answer}
	if s.Object(); seek(&s, "trace") {
		spans = s.Raw()
	}
	var data tracepb.TracesData
	if err := protojson.Unmarshal(spans, &data); err != nil {
		t.Fatal(err)
	}
	message, err := proto.Marshal(&data)
	if err != nil {
		t.Fatal(err)
	}
	message = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), message)
	message = protowire.AppendBytes(protowire.AppendTag(message, 2, protowire.BytesType), nil)
	if _, why, ok := bytes.Cut(answer, []byte(`"status":"PARTIAL","message":"`)); ok {
		message = protowire.AppendVarint(protowire.AppendTag(message, 3, protowire.VarintType), 1)
		message = protowire.AppendBytes(protowire.AppendTag(message, 4, protowire.BytesType), bytes.TrimSuffix(why, []byte(`"}`)))
	}
	return message
}

// readFrom asks a Tempo for a trace, and writes all that comes of it.
func readFrom(t *testing.T, at string) string {
	t.Helper()
	b, err := Open(Config{Name: "prod", URL: at}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.found = tempoOf(b.api)
	feed := sources.NewFeed(sources.Options{})
	if _, err := b.Trace(t.Context(), trace.ParseTraceID(first), Window{}, feed); err != nil {
		return err.Error()
	}
	return all(t, feed.Set())
}

// all writes all that is known of the traces of a set.
func all(t *testing.T, set *trace.Set) string {
	t.Helper()
	var traces []*trace.Trace
	var b bytes.Buffer
	for i := range set.Len() {
		traces = append(traces, set.Trace(i))
		fmt.Fprintf(&b, "%+v\n", set.Trace(i).Quality())
	}
	if err := export.WriteOTLP(&b, traces, export.Options{}); err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(` \((line|byte) .*\)$`)
	for _, n := range set.Notices() {
		fmt.Fprintf(&b, "%s %s\n", n.Kind, place.ReplaceAllString(n.Message, ""))
	}
	return b.String()
}

// TestTraceInProtobuf reads a trace as Tempo gives it in protobuf, however it is packed and called, and as a gateway gives it that
// knows only JSON: each time it is the same one.
func TestTraceInProtobuf(t *testing.T) {
	packed := map[string]func(io.Writer) io.WriteCloser{
		"gzip": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"zstd": func(w io.Writer) io.WriteCloser {
			z, err := zstd.NewWriter(w)
			if err != nil {
				t.Fatal(err)
			}
			return z
		},
	}
	answers := slices.DeleteFunc(written(t, "tempo.txt"), func(c canned) bool { return !bytes.Contains(c.body, []byte(`"trace":{"r`)) })
	if len(answers) != 2 {
		t.Fatalf("%d answers", len(answers))
	}
	for _, answer := range answers {
		message := inProtobuf(t, answer.body)
		if len(message) > len(answer.body)*2/3 {
			t.Errorf("%d bytes in JSON, %d in protobuf", len(answer.body), len(message))
		}
		var want string
		for _, c := range []struct {
			name, kind, encoding string
			body                 []byte
			refuses              int // it answers with this unless it is asked for JSON
		}{
			{"JSON", "application/json", "", answer.body, 0},
			{"protobuf", "application/protobuf", "", message, 0},
			{"protobuf in gzip", "application/protobuf", "gzip", message, 0},
			{"protobuf in zstd", "application/protobuf", "zstd", message, 0},
			{"protobuf with a parameter", "Application/Protobuf; proto=tempopb", "", message, 0},
			{"bytes", "application/octet-stream", "", message, 0},
			{"protobuf that is called JSON", "application/json", "", message, 0},
			{"JSON that is called protobuf", "application/protobuf", "", answer.body, 0},
			{"JSON that is called text", "text/plain", "", append([]byte("\n"), answer.body...), 0},
			{"a gateway that refuses protobuf", "application/json", "", answer.body, http.StatusNotAcceptable},
			{"another", "application/json", "", answer.body, http.StatusUnsupportedMediaType},
		} {
			var formats []string
			at := serve(t, func(w http.ResponseWriter, r *http.Request) {
				formats = append(formats, r.Header.Get("Accept"))
				if c.refuses > 0 && r.Header.Get("Accept") != "application/json" {
					w.WriteHeader(c.refuses)
					return
				}
				w.Header().Set("Content-Type", c.kind)
				var to io.WriteCloser = struct {
					io.Writer
					io.Closer
				}{w, io.NopCloser(nil)}
				if c.encoding != "" {
					w.Header().Set("Content-Encoding", c.encoding)
					to = packed[c.encoding](w)
				}
				_, _ = to.Write(c.body)
				_ = to.Close()
			})
			got := readFrom(t, at)
			if want == "" {
				want = got
			}
			is(t, c.name, got, want)
			asked := "application/protobuf"
			if c.refuses > 0 {
				asked += " application/json"
			}
			is(t, c.name+": asked for", strings.Join(formats, " "), asked)
		}
		if !strings.Contains(want, `"name":"GET /cart"`) || bytes.Contains(answer.body, []byte("PARTIAL")) != strings.Contains(want, "partial") {
			t.Errorf("read %s", want)
		}
	}
}

// TestSameInBothFormats reads traces with all kinds of values, events and links in JSON and in protobuf.
func TestSameInBothFormats(t *testing.T) {
	result, err := sources.Open(t.Context(), []string{filepath.Join("..", "..", "testdata", "traces", "shop.otlp.json")}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var traces []*trace.Trace
	for i := range result.Set.Len() {
		traces = append(traces, result.Set.Trace(i))
	}
	at := serve(t, livetest.Tempo{Traces: traces}.ServeHTTP)
	for _, one := range traces {
		var want string
		for _, json := range []bool{true, false} {
			s := newTempo(api{connect(t, Config{URL: at}).client}, time.Now)
			s.json.Store(json)
			doc, err := s.Trace(t.Context(), one.ID(), Window{})
			if err != nil {
				t.Fatal(err)
			}
			if binary := (&reply{body: doc.data}).binary(); binary == json {
				t.Errorf("protobuf: %v", binary)
			}
			feed := sources.NewFeed(sources.Options{})
			if _, err := feed.Add(doc.name, doc.data); err != nil {
				t.Fatal(err)
			}
			got := all(t, feed.Set())
			want = cmp.Or(want, got)
			is(t, one.ID().String(), got, want)
			if set := feed.Set(); set.SpanCount() != one.SpanCount() {
				t.Errorf("%d spans, want %d", set.SpanCount(), one.SpanCount())
			}
		}
	}
}

// TestRefusedProtobufIsRemembered asks in protobuf once where that is refused.
func TestRefusedProtobufIsRemembered(t *testing.T) {
	var formats []string
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		formats = append(formats, r.Header.Get("Accept"))
		if r.Header.Get("Accept") == protobuf {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		fmt.Fprint(w, `{"trace":{},"metrics":{}}`)
	})
	s := tempoOf(api{connect(t, Config{URL: at}).client})
	for range 2 {
		if _, err := s.Trace(t.Context(), trace.ParseTraceID(first), Window{}); !errors.Is(err, ErrNoTrace) {
			t.Error(err)
		}
	}
	is(t, "asked for", strings.Join(formats, " "), "application/protobuf application/json application/json")
}

// TestCapturedProtobuf reads a trace that a Tempo gave in both formats.
func TestCapturedProtobuf(t *testing.T) {
	const engine = "tempo-2026-08-21"
	var want string
	for _, name := range []string{"gzip", "trace-pb"} {
		body := captured(t, engine, name)[0].body
		got := readFrom(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
		want = cmp.Or(want, got)
		is(t, name, got, want)
	}
	if !strings.Contains(want, odd) {
		t.Errorf("read %s", want)
	}
	for _, name := range []string{"trace-v2", "trace-64"} {
		json := captured(t, engine, name)[0].body
		for _, body := range [][]byte{json, inProtobuf(t, json)} {
			got := readFrom(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
			if &body[0] == &json[0] {
				want = got
			}
			is(t, name, got, want)
		}
	}
}

// TestProtobufOfAnyLength reads answers of every length: some are a <, a bracket or white space, and none is a web page or JSON.
func TestProtobufOfAnyLength(t *testing.T) {
	for n := range 300 {
		span := &tracepb.Span{TraceId: []byte("0123456789abcdef"), SpanId: []byte("01234567"), Name: strings.Repeat("x", n), StartTimeUnixNano: 1}
		message, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{span}}}}}})
		if err != nil {
			t.Fatal(err)
		}
		b, feed := answering(t, protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), message), io.EOF)
		if _, err := b.Trace(t.Context(), trace.TraceID{}, Window{}, feed); err != nil || feed.Set().SpanCount() != 1 {
			t.Errorf("a trace of %d bytes: %v", len(message), err)
		}
	}
}

// answering is a Tempo that answers everything alike, without saying what it is.
func answering(t *testing.T, body []byte, end error) (*Backend, *sources.Feed) {
	t.Helper()
	b, err := Open(Config{Name: "prod", URL: "http://prod"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.api.transport.RegisterProtocol("http", &same{status: http.StatusOK, body: string(body), end: end})
	b.found = tempoOf(b.api)
	return b, sources.NewFeed(sources.Options{})
}

// TestProtobufInParts reads what came of an answer that breaks off.
func TestProtobufInParts(t *testing.T) {
	answer := written(t, "tempo.txt")
	i := slices.IndexFunc(answer, func(c canned) bool { return bytes.Contains(c.body, []byte(`"trace":{"r`)) })
	message := inProtobuf(t, answer[i].body)
	for n := 1; n < len(message); n++ {
		b, feed := answering(t, message[:n], io.ErrUnexpectedEOF)
		_, err := b.Trace(t.Context(), trace.ParseTraceID(first), Window{}, feed)
		set := feed.Set()
		said := fmt.Sprint(err, set.Notices())
		switch spans := set.SpanCount(); {
		case spans == 0 && (err == nil || !strings.HasSuffix(err.Error(), " of the answer came, too little to read")):
			t.Errorf("%d of %d bytes: %v", n, len(message), err)
		case spans > 0 && (err != nil || !strings.Contains(said, "PARTIAL: ")):
			t.Errorf("%d of %d bytes: %s", n, len(message), said)
		case spans == 0 && n > len(message)-4:
			t.Errorf("%d of %d bytes: no spans", n, len(message))
		}
	}
}

// TestNoTraceInProtobuf is told that there is none.
func TestNoTraceInProtobuf(t *testing.T) {
	for _, body := range []string{"\n\x00\x12\x00", "\n\x00", "\n\x00\x12\x02\x08\x07", ""} {
		got := readFrom(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", protobuf)
			fmt.Fprint(w, body)
		}))
		is(t, fmt.Sprintf("%q", body), got, "prod: no trace "+first)
	}
	page := readFrom(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "\n<html>") }))
	if !strings.Contains(page, "answers a web page") {
		t.Error(page)
	}
}

// TestTooLittle checks that an answer of which nothing came but white space is not taken for one without a trace.
func TestTooLittle(t *testing.T) {
	const want = "prod: 1 B of the answer came, too little to read"
	for _, body := range []string{" ", "\n", "{"} {
		b, feed := answering(t, []byte(body), io.ErrUnexpectedEOF)
		if _, err := b.Trace(t.Context(), trace.ParseTraceID(first), Window{}, feed); err == nil || err.Error() != want {
			t.Errorf("%q: %v", body, err)
		}
		rest := &Rest{Rows: []Row{{ID: trace.ParseTraceID(first)}}, b: b}
		if done, err := rest.Read(t.Context(), rest.Rows, feed); err == nil || err.Error() != want || len(done) > 0 {
			t.Errorf("%q: %v %v", body, done, err)
		}
	}
}
