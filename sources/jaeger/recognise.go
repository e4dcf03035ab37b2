package jaeger

import (
	"bytes"
	"slices"
	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
)

// isJaeger recognises the answers of Jaeger's query service, and single traces of them. Much else calls its list "data".
func isJaeger(o *decode.Outline) bool {
	return o.Has("traceID", "spans") || o.Has("processes", "spans") || !o.Array && holdsTraces(o, "data") || holdsProtoSpans(o)
}

// holdsProtoSpans reports whether the document is a chunk of what Jaeger's gRPC service answers, as protobuf's own JSON:
//
//	{"spans":[{"traceId":"CvdlGRbNQ92ESOshHIAxnA==","spanId":…,"operationName":…,"process":{"serviceName":…}}]}
func holdsProtoSpans(o *decode.Outline) bool {
	i := slices.Index(o.Keys, "spans")
	if i < 0 || o.Kinds[i] != '[' {
		return false
	}
	s := jsonscan.Scanner{Data: o.Data, Pos: o.At[i]}
	if !s.Array() || !s.Element() || !s.Object() {
		return false
	}
	met := 0
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		switch c := s.Next(); string(key) {
		case "traceId", "trace_id", "operationName", "operation_name":
			met++
		case "process":
			if c == '{' {
				met++
			}
		}
		if met == len([]string{"traceId", "operationName", "process"}) {
			return true
		}
		s.Skip()
	}
	return false
}

// holdsTraces reports whether the value of a key begins as a trace of Jaeger, an answer of them, or a list, which may be
// empty.
func holdsTraces(o *decode.Outline, key string) bool {
	i := slices.Index(o.Keys, key)
	if i < 0 || o.Kinds[i] != '[' && o.Kinds[i] != '{' {
		return false
	}
	s := jsonscan.Scanner{Data: o.Data, Pos: o.At[i]}
	for range mostWrappers {
		if s.Array() && !s.Element() {
			return s.Err == nil
		}
	}
	if !s.Object() {
		return false
	}
	for range traceKeys {
		name, ok := s.Key()
		switch string(name) {
		case "traceID", "spans", "processes", "data":
			return ok
		}
		s.Skip()
	}
	return false
}

// traceKeys is among how many of the first keys of a trace one must be that only a trace has.
const traceKeys = 8

// cut looks for a trace in a list, or else for a span in a trace, or for the nearest of them:
// {"traceID":"…","spans": and {"traceID":"…","spanID": cannot occur within a string, and references begin otherwise.
func cut(window []byte, off int, nearest bool) *decode.Part {
	var span *decode.Part
	for {
		i := bytes.Index(window[off:], []byte(`"traceID"`))
		if i < 0 {
			return span
		}
		at := decode.Opens(window, off+i)
		off += i + 1
		if at < 0 || at == 0 {
			continue
		}
		before := bytes.TrimRight(window[:at], " \t\r\n")
		if n := len(before); n == 0 || before[n-1] != ',' && before[n-1] != '[' {
			continue
		}
		s := jsonscan.Scanner{Data: window, Pos: off + len(`"traceID"`) - 1}
		if s.Next() == ':' {
			s.Pos++
			s.Str()
		}
		if key, ok := s.Key(); ok && string(key) == "spans" {
			return &decode.Part{At: at, Kind: decode.AtTrace}
		} else if ok && string(key) == "spanID" && span == nil {
			if span = (&decode.Part{At: at, Kind: decode.AtJaegerSpan}); nearest {
				return span
			}
		}
	}
}
