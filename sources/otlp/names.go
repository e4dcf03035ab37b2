package otlp

import (
	"bytes"

	"tracefall/sources/decode"
)

// camel returns the name that OTLP JSON has for a field that may be spelled as protobuf spells it (snake_case), or as
// Go, C# and other libraries print their structures. What has no such name stays as it is. The spelling is noted.
func (r *Reader) camel(key []byte) []byte {
	if !oddSpelling(key) {
		return key
	}
	name := camelNames[string(key)]
	if name == "" {
		return key
	}
	if key[0] < 'a' {
		r.Once(decode.NoticeSpelling, "capitalised field names (not valid OTLP JSON), read anyway", r.Pos)
	} else {
		r.Once(decode.NoticeSpelling, "snake_case field names (not valid OTLP JSON), read anyway", r.Pos)
	}
	return []byte(name)
}

// oddSpelling reports whether a key has a capital at its beginning or an underscore.
func oddSpelling(key []byte) bool {
	return len(key) > 0 && key[0]-'A' < 26 || bytes.IndexByte(key, '_') >= 0
}

// camelNames are the fields of OTLP JSON by their other spellings.
var camelNames = func() map[string]string {
	names := map[string]string{
		"ilSpans": "scopeSpans", "instrumentation_library_spans": "scopeSpans", "InstrumentationLibrarySpans": "scopeSpans",
		"instrumentation_library": "scope", "InstrumentationLibrary": "scope",
	}
	for _, name := range []string{
		"resourceSpans", "resourceLogs", "resourceMetrics", "resource", "scopeSpans", "scope", "spans", "version", "attributes",
		"traceId", "spanId", "parentSpanId", "traceState", "flags", "name", "kind", "startTimeUnixNano", "endTimeUnixNano",
		"timeUnixNano", "status", "code", "message", "events", "links",
		"droppedAttributesCount", "droppedEventsCount", "droppedLinksCount",
		"key", "value", "values", "stringValue", "intValue", "doubleValue", "boolValue", "bytesValue", "arrayValue", "kvlistValue",
	} {
		names[string(name[0]-'a'+'A')+name[1:]] = name
		snake := []byte{}
		for i := range len(name) {
			if c := name[i]; c < 'a' {
				snake = append(snake, '_', c-'A'+'a')
			} else {
				snake = append(snake, c)
			}
		}
		if string(snake) != name {
			names[string(snake)] = name
		}
	}
	return names
}()
