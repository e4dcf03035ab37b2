package scene

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// hop is how long a request is under way between two services, one way.
func hop(dur float64) float64 { return min(0.8, dur*0.04) }

// Serve starts a trace with an HTTP request arriving at s.
func (s *Service) Serve(at time.Time, dur float64, method, route, target string, status int, kv ...attribute.KeyValue) *Span {
	root := s.Root(at, trace.SpanKindServer, method+" "+route, dur, s.serverAttributes(method, route, target, status)...)
	root.httpOutcome(status, true)
	return root.Set(kv...)
}

// HTTP calls another instrumented service: a CLIENT span here and the SERVER
// span it led to over there.
func (s *Span) HTTP(to *Service, from, dur float64, method, route, target string, status int, kv ...attribute.KeyValue) (client, server *Span) {
	client = s.Child(s.svc, HTTP, trace.SpanKindClient, method, from, dur, s.svc.clientAttributes(method, to.place.address, to.place.port, "http", target, status)...)
	client.httpOutcome(status, false)
	client.Set(kv...)
	h := hop(dur)
	server = client.Child(to, HTTP, trace.SpanKindServer, method+" "+route, from+h, dur-2*h, to.serverAttributes(method, route, target, status)...)
	server.httpOutcome(status, true)
	return client, server
}

// HTTPOut calls a host that reports no spans; status 0: no answer came.
func (s *Span) HTTPOut(from, dur float64, method, host string, target string, status int, kv ...attribute.KeyValue) *Span {
	scheme, port := "https", 443
	name, p, ok := strings.Cut(host, ":")
	if ok {
		port, _ = strconv.Atoi(p)
		scheme = "http"
	}
	client := s.Child(s.svc, HTTP, trace.SpanKindClient, method, from, dur, s.svc.clientAttributes(method, name, port, scheme, target, status)...)
	client.httpOutcome(status, false)
	return client.Set(kv...)
}

func (s *Span) httpOutcome(status int, server bool) {
	if status >= 500 || (status >= 400 && !server) {
		s.Fail(strconv.Itoa(status), "")
	}
}

func (s *Service) serverAttributes(method, route, target string, status int) []attribute.KeyValue {
	path, query, _ := strings.Cut(target, "?")
	kv := []attribute.KeyValue{
		attribute.String("http.request.method", method),
		attribute.String("http.route", route),
	}
	if !s.world.lean || target != route {
		kv = append(kv, attribute.String("url.path", path))
	}
	if query != "" {
		kv = append(kv, attribute.String("url.query", query))
	}
	if status != 0 {
		kv = append(kv, attribute.Int("http.response.status_code", status))
	}
	if !s.world.lean {
		kv = append(kv,
			attribute.String("url.scheme", "http"),
			attribute.String("server.address", s.place.address),
			attribute.Int("server.port", s.place.port),
			attribute.String("network.protocol.version", "1.1"),
			attribute.String("user_agent.original", userAgent(s.lang)))
	}
	return kv
}

func (s *Service) clientAttributes(method, host string, port int, scheme, target string, status int) []attribute.KeyValue {
	authority := host
	if port != 443 && port != 80 {
		authority = fmt.Sprintf("%s:%d", host, port)
	}
	kv := []attribute.KeyValue{
		attribute.String("http.request.method", method),
		attribute.String("url.full", scheme+"://"+authority+target),
		attribute.String("server.address", host),
		attribute.Int("server.port", port),
	}
	if status != 0 {
		kv = append(kv, attribute.Int("http.response.status_code", status))
	}
	if !s.world.lean {
		kv = append(kv, attribute.String("network.protocol.version", "1.1"))
	}
	return kv
}

func userAgent(lang Language) string {
	switch lang {
	case Java:
		return "Apache-HttpClient/5.5 (Java/21.0.5)"
	case Node:
		return "node"
	case Python:
		return "python-httpx/0.28.1"
	case Go:
		return "Go-http-client/1.1"
	}
	return "curl/8.11"
}

// GRPC calls method ("pkg.Service/Method") of another instrumented service;
// code is the canonical status name.
func (s *Span) GRPC(to *Service, from, dur float64, method, code string, kv ...attribute.KeyValue) (client, server *Span) {
	attrs := func(failed bool) []attribute.KeyValue {
		out := []attribute.KeyValue{
			attribute.String("rpc.system.name", "grpc"), attribute.String("rpc.method", method),
			attribute.String("rpc.status_code", code), attribute.String("server.address", to.place.address), attribute.Int("server.port", to.place.port),
		}
		if failed {
			out = append(out, attribute.String("error.type", code))
		}
		return out
	}
	client = s.Child(s.svc, RPC, trace.SpanKindClient, method, from, dur, attrs(code != "OK")...)
	client.Set(kv...)
	h := hop(dur)
	server = client.Child(to, RPC, trace.SpanKindServer, method, from+h, dur-2*h, attrs(code != "OK")...)
	if code != "OK" {
		client.Fail("", "")
		server.Fail("", "")
	}
	return client, server
}

// Database is a server that spans talk to and that reports none itself.
type Database struct {
	System, Host string
	Port         int
	Namespace    string
}

// SQL runs a statement. Its span is named as the conventions ask: operation and
// collection, from the statement.
func (s *Span) SQL(db Database, from, dur float64, statement string, kv ...attribute.KeyValue) *Span {
	op, table := summary(statement)
	attrs := []attribute.KeyValue{
		attribute.String("db.system.name", db.System),
		attribute.String("db.query.text", statement),
		attribute.String("server.address", db.Host),
	}
	if db.Namespace != "" {
		attrs = append(attrs, attribute.String("db.namespace", db.Namespace))
	}
	if !s.svc.world.lean {
		attrs = append(attrs, attribute.Int("server.port", db.Port), attribute.String("db.operation.name", op))
		if table != "" {
			attrs = append(attrs, attribute.String("db.collection.name", table))
		}
	}
	lib := SQL
	if db.System == "redis" {
		lib = Cache
	}
	name := op
	if table != "" && lib == SQL {
		name = op + " " + table
	}
	return s.Child(s.svc, lib, trace.SpanKindClient, name, from, dur, append(attrs, kv...)...)
}

// summary finds the operation and the first table of a statement.
func summary(statement string) (op, table string) {
	words := strings.Fields(statement)
	op = words[0]
	for i, word := range words[:len(words)-1] {
		switch strings.ToUpper(word) {
		case "FROM", "INTO", "UPDATE":
			return op, strings.Trim(words[i+1], "(),;")
		}
	}
	return op, ""
}

// Publish sends a message to a topic.
func (s *Span) Publish(from, dur float64, topic, messageID string, kv ...attribute.KeyValue) *Span {
	attrs := []attribute.KeyValue{
		attribute.String("messaging.system", "kafka"), attribute.String("messaging.destination.name", topic),
		attribute.String("messaging.operation.type", "send"), attribute.String("messaging.operation.name", "publish"),
		attribute.String("messaging.message.id", messageID),
	}
	return s.Child(s.svc, Messaging, trace.SpanKindProducer, "publish "+topic, from, dur, append(attrs, kv...)...)
}

// Consume processes in service to the message that s published.
func (s *Span) Consume(to *Service, from, dur float64, topic, messageID string, kv ...attribute.KeyValue) *Span {
	attrs := []attribute.KeyValue{
		attribute.String("messaging.system", "kafka"), attribute.String("messaging.destination.name", topic),
		attribute.String("messaging.operation.type", "process"), attribute.String("messaging.operation.name", "process"),
		attribute.String("messaging.message.id", messageID),
	}
	return s.Child(to, Messaging, trace.SpanKindConsumer, "process "+topic, from, dur, append(attrs, kv...)...)
}
