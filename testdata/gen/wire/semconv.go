package wire

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// renamed maps stable attribute names to those of semantic conventions 1.20 and
// before, as instrumentations wrote them until 2023 and many still do. An empty
// name: there was none.
func renamed() map[string]string {
	return map[string]string{
		"http.request.method":             "http.method",
		"http.response.status_code":       "http.status_code",
		"http.request.resend_count":       "http.resend_count",
		"http.response.body.size":         "http.response_content_length",
		"url.full":                        "http.url",
		"url.scheme":                      "http.scheme",
		"user_agent.original":             "http.user_agent",
		"network.protocol.version":        "http.flavor",
		"network.peer.address":            "net.sock.peer.addr",
		"network.peer.port":               "net.sock.peer.port",
		"client.address":                  "http.client_ip",
		"service.peer.name":               "peer.service",
		"db.system.name":                  "db.system",
		"db.query.text":                   "db.statement",
		"db.operation.name":               "db.operation",
		"db.collection.name":              "db.sql.table",
		"db.namespace":                    "db.name",
		"messaging.destination.name":      "messaging.destination",
		"messaging.operation.type":        "messaging.operation",
		"messaging.operation.name":        "",
		"messaging.message.id":            "messaging.message_id",
		"rpc.system.name":                 "rpc.system",
		"code.function.name":              "code.function",
		"code.file.path":                  "code.filepath",
		"code.line.number":                "code.lineno",
		"error.type":                      "",
		"deployment.environment.name":     "deployment.environment",
		"db.response.returned_rows":       "db.response.returned_rows",
		"messaging.batch.message_count":   "messaging.batch.message_count",
		"db.operation.batch.size":         "db.operation.batch.size",
		"messaging.kafka.offset":          "messaging.kafka.message.offset",
		"messaging.destination.partition": "messaging.kafka.partition",
	}
}

// Old rewrites td in place to the older semantic conventions.
func Old(td ptrace.Traces) {
	names := renamed()
	for _, rs := range td.ResourceSpans().All() {
		rs.SetSchemaUrl("")
		rename(rs.Resource().Attributes(), names)
	}
	for _, s := range each(td) {
		oldSpan(s, names)
	}
}

func oldSpan(s spanAt, names map[string]string) {
	attrs := s.Attributes()
	server := s.Kind() == ptrace.SpanKindServer
	peer := "net.peer."
	if server {
		peer = "net.host."
		attrs.Remove("url.full")
		target := text(attrs, "url.path")
		if q := text(attrs, "url.query"); q != "" {
			target += "?" + q
		}
		if target != "" {
			attrs.PutStr("http.target", target)
		}
	}
	attrs.Remove("url.path")
	attrs.Remove("url.query")
	oldRPC(attrs)
	rename(attrs, names)
	if op, ok := attrs.Get("messaging.operation"); ok && op.Str() == "send" {
		op.SetStr("publish")
	}
	rename(attrs, map[string]string{"server.address": peer + "name", "server.port": peer + "port"})
	for _, e := range s.Events().All() {
		rename(e.Attributes(), names)
	}
}

// oldRPC splits the fully qualified method and writes the gRPC code as a number.
func oldRPC(attrs pcommon.Map) {
	method := text(attrs, "rpc.method")
	if service, name, ok := strings.Cut(method, "/"); ok {
		attrs.PutStr("rpc.service", service)
		attrs.PutStr("rpc.method", name)
	}
	code, ok := attrs.Get("rpc.status_code")
	if !ok {
		return
	}
	attrs.PutInt("rpc.grpc.status_code", grpcCode(code.AsString()))
	attrs.Remove("rpc.status_code")
}

func grpcCode(name string) int64 {
	names := []string{"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
		"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"}
	for i, n := range names {
		if n == name {
			return int64(i)
		}
	}
	return 2
}

// rename rewrites the keys of m, keeping their order.
func rename(m pcommon.Map, names map[string]string) {
	out := pcommon.NewMap()
	for key, value := range m.All() {
		name, known := names[key]
		if known && name == "" {
			continue
		}
		if !known {
			name = key
		}
		value.CopyTo(out.PutEmpty(name))
	}
	out.MoveTo(m)
}
