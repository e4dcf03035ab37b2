package otlp

import (
	"bytes"
	"slices"
	"strings"

	"tracefall/sources/decode"
)

// Reader reads OTLP JSON.
type Reader struct {
	*decode.Reader
	pairs             decode.Pairs
	names             [256]nameGuess
	resources, scopes decode.Repeats
	nested            []frame // how deep in the value being read
}

// New returns a reader of OTLP JSON.
func New(in *decode.Reader) *Reader {
	r := &Reader{Reader: in}
	r.pairs.Value, r.pairs.ValueAt = r.quickValue, len(`,"value":{"intValue":`)
	return r
}

// Name is what messages call the format.
const Name = "OTLP JSON"

// Formats are OTLP JSON and what it is cut into.
func Formats() []decode.Format {
	list := []decode.Format{
		{Document: isDocument, Open: open((*Reader).document), Cut: cut},
		{Document: isResource, Open: open((*Reader).bareResources)},
		{Document: isScope, Open: open((*Reader).bareScopes)},
		{Document: isSpan, Open: open((*Reader).bareSpans)},
	}
	for i := range list {
		list[i].Name, list[i].Sure = Name, namesResources
	}
	return list
}

// open returns what makes a decoder of documents that a method reads. Only a whole document is ever read from its middle.
func open(document func(*Reader)) func(*decode.Reader) decode.Decoder {
	return func(in *decode.Reader) decode.Decoder {
		r := New(in)
		return decode.Decoder{
			Document: func() { document(r) },
			List:     func(kind decode.Boundary, _ bool) { r.Elements(kind, func() { r.resourceSpan(&answer{}) }) },
		}
	}
}

// isDocument recognises OTLP JSON and its wrappers. It is asked of every key of every document, so it goes through the
// keys once.
func isDocument(o *decode.Outline) bool {
	for _, key := range o.Keys {
		switch key {
		case "resourceSpans", "resource_spans", "ResourceSpans", "batches", "result":
			return true
		case "resourceLogs", "resource_logs", "resourceMetrics", "resource_metrics":
			if !o.Array {
				return true
			}
		}
	}
	return !o.Array && o.Is("trace", '{')
}

func hasAny(o *decode.Outline, keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return o.Has(key) })
}

// isResource recognises elements of resourceSpans, such as Java's logging-otlp exporter prints one a line.
func isResource(o *decode.Outline) bool {
	return o.Is("scopeSpans", '[') || o.Is("scope_spans", '[') || o.Is("ScopeSpans", '[') ||
		o.Is("instrumentationLibrarySpans", '[') || o.Is("instrumentation_library_spans", '[')
}

// isScope recognises elements of scopeSpans.
func isScope(o *decode.Outline) bool {
	return o.Is("spans", '[') && (o.Is("scope", '{') || o.Is("instrumentationLibrary", '{') || o.Is("instrumentation_library", '{')) &&
		!o.Has("traceID") && !o.Has("traceId")
}

// isSpan recognises elements of spans.
func isSpan(o *decode.Outline) bool {
	return o.Has("traceId", "spanId") && hasAny(o, "startTimeUnixNano", "endTimeUnixNano") ||
		o.Has("trace_id", "span_id") && hasAny(o, "start_time_unix_nano", "end_time_unix_nano") ||
		o.Has("TraceId", "SpanId", "StartTimeUnixNano")
}

// namesResources reports whether a document holds a list of resources or scopes, which nothing else has.
func namesResources(o *decode.Outline) bool {
	return slices.ContainsFunc(o.Keys, func(key string) bool {
		key = strings.ToLower(key)
		return strings.HasPrefix(key, "resource") && len(key) > len("resource") || strings.HasPrefix(key, "scope") || key == "batches"
	})
}

// cut looks for an element of resourceSpans: {"resource": cannot occur within a string.
func cut(window []byte, off int, _ bool) *decode.Part {
	for {
		i := bytes.Index(window[off:], []byte(`"resource"`))
		if i < 0 {
			return nil
		}
		if at := decode.Opens(window, off+i); at >= 0 {
			return &decode.Part{At: at, Kind: decode.AtResource}
		}
		off += i + 1
	}
}
