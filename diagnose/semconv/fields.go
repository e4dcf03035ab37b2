package semconv

import (
	"slices"
	"strconv"

	"tracefall/sources/trace"
)

// Field is a canonical attribute: one meaning, whatever the exporter called it.
type Field uint8

// The canonical attributes. Each comment names the stable OpenTelemetry attribute.
const (
	HTTPMethod     Field = iota // http.request.method
	HTTPStatus                  // http.response.status_code
	URLFull                     // url.full
	URLScheme                   // url.scheme
	URLPath                     // url.path
	URLQuery                    // url.query
	Route                       // http.route
	PeerHost                    // server.address
	PeerPort                    // server.port
	NetPeer                     // network.peer.address
	PeerService                 // service.peer.name
	DBSystem                    // db.system.name
	DBQuery                     // db.query.text
	DBSummary                   // db.query.summary
	DBOperation                 // db.operation.name
	DBTable                     // db.collection.name
	DBNamespace                 // db.namespace
	DBBatch                     // db.operation.batch.size
	DBRows                      // db.response.returned_rows
	RPCSystem                   // rpc.system.name
	RPCService                  // rpc.service, of old conventions
	RPCMethod                   // rpc.method
	RPCStatus                   // rpc.status_code
	MsgSystem                   // messaging.system
	MsgDestination              // messaging.destination.name
	MsgTemplate                 // messaging.destination.template
	MsgOperation                // messaging.operation.type
	MsgID                       // messaging.message.id
	MsgBatch                    // messaging.batch.message_count
	ErrorType                   // error.type
	ErrorMessage                // of tags; the status message and exception events are asked for elsewhere
	Resend                      // http.request.resend_count
	Instance                    // service.instance.id, of the resource
	HostName                    // host.id, host.ip or host.name, of the resource
	BodySize                    // http.response.body.size
	MeshFlags                   // Envoy's response_flags
	MeshDetails                 // Envoy's response_code_details
	Termination                 // HAProxy's termination_state
	Canceled                    // Envoy's canceled: the call was ended before its answer
	Component                   // component, of OpenTracing
	CodeFunction                // code.function.name
	GenAI                       // gen_ai.operation.name
	MsgDeliveries               // how often the message was delivered; messaging.gcp_pubsub.message.delivery_attempt
	BreakerEnabled              // circuit_breaker.enabled, as applications write it
	BreakerState                // circuit_breaker.state
	ContentType                 // http.response.header.content-type
	StreamType                  // of RPC: unary or the side that streams
	CompositeCount              // composite.count: how many calls Elastic's compressed span stands for
	Shard                       // of the data that the request is about; messaging.destination.partition.id
	IfMatch                     // the version of what a request means to change; http.request.header.if-match
	Tenant                      // whose request it is, where one deployment serves several
	ColdStart                   // faas.coldstart
	MsgEnqueued                 // when the broker got the message; messaging.servicebus.message.enqueued_time
	MsgQueueTime                // for how long the broker had it, ms; the Java agent's kafka.record.queue_time_ms

	fieldCount
)

// spellings lists, for each field, every attribute that carries it: the stable name first, then the older and the
// vendors' names; the first that is present and not empty counts. The table is that of the semantic conventions'
// migration guides for HTTP, databases and RPC, with OpenTracing's, Zipkin's and Envoy's tags.
var spellings = [fieldCount][]string{
	HTTPMethod:     {"http.request.method", "http.method", ":method"},
	HTTPStatus:     {"http.response.status_code", "http.status_code", "http.status", "response_code", "status_code"},
	URLFull:        {"url.full", "http.url"},
	URLScheme:      {"url.scheme", "http.scheme"},
	URLPath:        {"url.path", "http.target", "http.path"},
	URLQuery:       {"url.query"},
	Route:          {"http.route", "url.template", "route_name"},
	PeerHost:       {"server.address", "net.peer.name", "net.sock.peer.name", "net.sock.peer.addr", "peer.hostname", "peer.address", "http.host", "net.host.name", "upstream_host", "upstream_address"},
	PeerPort:       {"server.port", "net.peer.port", "peer.port", "net.host.port"},
	NetPeer:        {"network.peer.address", "net.sock.peer.addr", "net.peer.ip", "peer.ipv4", "upstream_host"},
	PeerService:    {"service.peer.name", "peer.service", "upstream_cluster"},
	DBSystem:       {"db.system.name", "db.system", "db.type", "sql.database_type"},
	DBQuery:        {"db.query.text", "db.statement", "sql.query", "sql.sanitized_query"},
	DBSummary:      {"db.query.summary"},
	DBOperation:    {"db.operation.name", "db.operation"},
	DBTable:        {"db.collection.name", "db.sql.table", "db.mongodb.collection", "db.cassandra.table", "db.cosmosdb.container", "aws.dynamodb.table_names"},
	DBNamespace:    {"db.namespace", "db.name", "db.redis.database_index", "db.instance"},
	DBBatch:        {"db.operation.batch.size"},
	DBRows:         {"db.response.returned_rows"},
	RPCSystem:      {"rpc.system.name", "rpc.system"},
	RPCService:     {"rpc.service", "aws.service.name"},
	RPCMethod:      {"rpc.method", "aws.operation"},
	RPCStatus:      {"rpc.status_code", "rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code", "grpc.status", "status.code"},
	MsgSystem:      {"messaging.system"},
	MsgDestination: {"messaging.destination.name", "messaging.destination", "message_bus.destination"},
	MsgTemplate:    {"messaging.destination.template"},
	MsgOperation:   {"messaging.operation.type", "messaging.operation.name", "messaging.operation"},
	MsgID:          {"messaging.message.id", "messaging.message_id"},
	MsgBatch:       {"messaging.batch.message_count"},
	ErrorType:      {"error.type", "exception.type", "error.kind"},
	ErrorMessage:   {"exception.message", "error.message", "error.object", "error.msg", "upstream_transport_failure_reason"},
	Resend:         {"http.request.resend_count", "http.resend_count", "retry.count", "retry.attempt", "retry_attempts", "grpc-previous-rpc-attempts", "previous-rpc-attempts", "x-envoy-attempt-count", "attempt"},
	Instance:       {"service.instance.id", "k8s.pod.name", "container.id", "host.id", "host.name", "hostname", "ip", "client-uuid", "node_id"},
	HostName:       {"host.id", "host.ip", "host.name", "k8s.node.name", "hostname", "ip", "k8s.pod.name", "container.id"},
	BodySize:       {"http.response.body.size", "http.response_content_length", "messaging.message.body.size", "messaging.message_payload_size_bytes", "response_size"},
	MeshFlags:      {"response_flags", "envoy.response_flags", "istio.response_flags", "response_flags_long"},
	MeshDetails:    {"response_code_details", "envoy.response_code_details"},
	Termination:    {"haproxy.termination_state", "termination_state"},
	Canceled:       {"canceled", "cancelled"},
	Component:      {"component"},
	CodeFunction:   {"code.function.name", "code.function"},
	GenAI:          {"gen_ai.operation.name", "gen_ai.system", "gen_ai.provider.name"},
	MsgDeliveries:  {"messaging.gcp_pubsub.message.delivery_attempt", "messaging.servicebus.message.delivery_count", "messaging.message.delivery_attempt", "delivery_attempt", "x-delivery-count", "ApproximateReceiveCount"},
	BreakerEnabled: {"circuit_breaker.enabled"},
	BreakerState:   {"circuit_breaker.state"},
	ContentType:    {"http.response.header.content-type", "http.response.header.content_type", "http.response_content_type", "http.request.header.accept"},
	StreamType:     {"rpc.grpc.type", "rpc.stream.type", "grpc.method.type"},
	CompositeCount: {"composite.count", "span.composite.count"},
	Shard:          {"messaging.destination.partition.id", "messaging.kafka.destination.partition", "messaging.kafka.partition", "shard.id", "shard", "shard_id", "db.shard", "partition"},
	IfMatch:        {"http.request.header.if-match", "http.request.header.if_match", "http.request.header.if-unmodified-since", "http.request.header.if_unmodified_since"},
	Tenant:         {"tenant.id", "tenant", "tenant_id", "app.tenant.id"},
	ColdStart:      {"faas.coldstart"},
	MsgEnqueued:    {"messaging.servicebus.message.enqueued_time", "messaging.eventhubs.message.enqueued_time", "messaging.message.enqueued_time", "messaging.message.timestamp", "SentTimestamp"},
	MsgQueueTime:   {"kafka.record.queue_time_ms"},
}

// Fields finds canonical attributes in the spans of one set. It is made once for the set and does not change.
type Fields struct {
	set   *trace.Set
	slots [][]slot // by symbol; nil for keys that carry no field
}

// slot says that a key carries a field, and how good a spelling of it the key is: 0 is the best.
type slot struct {
	field Field
	rank  uint8
}

// NewFields resolves every spelling against the set's symbols; of some fields only where they are given.
func NewFields(set *trace.Set, only ...Field) *Fields {
	f := &Fields{set: set, slots: make([][]slot, 0)}
	for field, names := range spellings {
		if len(only) > 0 && !slices.Contains(only, Field(field)) {
			continue
		}
		for rank, name := range names {
			symbol, ok := set.Symbol(name)
			if !ok {
				continue
			}
			for int(symbol) >= len(f.slots) {
				f.slots = append(f.slots, nil)
			}
			f.slots[symbol] = append(f.slots[symbol], slot{Field(field), uint8(rank)})
		}
	}
	return f
}

// Knows reports whether a key carries any field.
func (f *Fields) Knows(key trace.Symbol) bool { return int(key) < len(f.slots) && f.slots[key] != nil }

// FieldsOf returns the fields that a key carries as the export spells it.
func FieldsOf(key string) []Field {
	var list []Field
	for field := range fieldCount {
		if slices.Contains(spellings[field], key) {
			list = append(list, field)
		}
	}
	return list
}

// Canonical is the canonical attributes of one span. It is scratch: Read fills it again for the next span.
type Canonical struct {
	attrs [fieldCount]trace.Value
	keys  [fieldCount]string
	rank  [fieldCount]uint8
	set   [fieldCount]bool
}

// Read finds the canonical attributes of a span: its own, and its resource's where a field is about the process.
func (f *Fields) Read(span trace.Span, c *Canonical) {
	f.ReadOwn(span, c)
	f.read(span.Resource().Attrs(), c, true)
}

// ReadOwn finds the canonical attributes among a span's own: what its resource says is left out.
func (f *Fields) ReadOwn(span trace.Span, c *Canonical) {
	c.set = [fieldCount]bool{}
	f.read(span.Attrs(), c, false)
}

func (f *Fields) read(attrs trace.Attrs, c *Canonical, resource bool) {
	for i := range attrs.Len() {
		key := attrs.KeySymbol(i)
		if int(key) >= len(f.slots) {
			continue
		}
		for _, s := range f.slots[key] {
			if ofProcess := s.field == Instance || s.field == HostName; ofProcess != resource {
				continue
			}
			if c.set[s.field] && c.rank[s.field] <= s.rank {
				continue
			}
			v := attrs.Value(i)
			if v.Type() == trace.TypeString && v.Text() == "" {
				continue
			}
			c.set[s.field], c.rank[s.field] = true, s.rank
			c.attrs[s.field], c.keys[s.field] = v, attrs.Key(i)
		}
	}
}

// Has reports whether the span carries the field.
func (c *Canonical) Has(f Field) bool { return c.set[f] }

// Value returns the field's value, the zero Value where there is none.
func (c *Canonical) Value(f Field) trace.Value {
	if !c.set[f] {
		return trace.Value{}
	}
	return c.attrs[f]
}

// Key returns the attribute that carried the field, as the export spells it; "" where there is none.
func (c *Canonical) Key(f Field) string {
	if !c.set[f] {
		return ""
	}
	return c.keys[f]
}

// Text returns the field's value as text, "" where there is none.
func (c *Canonical) Text(f Field) string {
	if !c.set[f] {
		return ""
	}
	return c.attrs[f].String()
}

// Int returns the field's value as an integer, stored as a number or as text.
func (c *Canonical) Int(f Field) (int64, bool) { return Integer(c.Value(f)) }

// Integer reads a value as an integer, stored as a number or as text.
func Integer(v trace.Value) (int64, bool) {
	switch v.Type() {
	case trace.TypeInt:
		return v.Int(), true
	case trace.TypeFloat:
		f := v.Float()
		n := int64(f)
		return n, float64(n) == f
	case trace.TypeString:
		n, err := strconv.ParseInt(v.Text(), 10, 64)
		return n, err == nil
	default:
	}
	return 0, false
}
