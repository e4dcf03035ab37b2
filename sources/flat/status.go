package flat

import (
	"strconv"
	"strings"

	"tracefall/sources/trace"
)

// StatusOf reads a status in the words of any product.
func StatusOf(text string) (trace.Status, bool) {
	if s, ok := trace.ParseStatus(text); ok {
		return s, true
	}
	switch strings.ToLower(text) {
	case "0", "":
		return trace.StatusUnset, true
	case "1", "okay", "success", "succeeded", "successful", "completed":
		return trace.StatusOK, true
	case "2", "err", "failure", "failed", "fail", "fault", "exception", "errored":
		return trace.StatusError, true
	case "unknown", "warning", "warn", "none", "null", "undefined", "default", "debug", "info":
		return trace.StatusUnset, true
	}
	return trace.StatusUnset, false
}

// isStatus reports whether a value can be a status code: numbers beyond 2 are codes of HTTP or gRPC.
func isStatus(c Cell) bool {
	_, ok := StatusOf(c.Text)
	return ok && (c.Kind == '"' || c.Kind == 0)
}

// KindOf reads a span kind in the words of any product, or OTLP's number of it.
func KindOf(text string) (trace.Kind, bool) {
	if k, ok := trace.ParseKind(text); ok {
		return k, true
	}
	if n, err := strconv.ParseUint(text, 10, 8); err == nil && n <= uint64(trace.KindConsumer) {
		return trace.Kind(n), true
	}
	switch strings.ToLower(text) {
	case "rpc_server", "entry":
		return trace.KindServer, true
	case "rpc_client", "exit":
		return trace.KindClient, true
	case "local":
		return trace.KindInternal, true
	case "span_kind_unspecified", "none", "":
		return trace.KindUnspecified, true
	}
	return trace.KindUnspecified, false
}

func isKind(c Cell) bool {
	_, ok := KindOf(c.Text)
	return ok && (c.Kind == '"' || c.Kind == 0)
}
