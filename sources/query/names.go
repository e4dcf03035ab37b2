package query

import "slices"

// sameNames lists the names that one attribute had: the stable one first, then what older semantic conventions,
// OpenTracing and proxies call it. Only names for the same quantity stand together; where a convention replaced
// one attribute by two, they stay apart.
// Source: the migration guides of semantic-conventions for HTTP, databases, RPC, messaging and code.
var sameNames = [...][]string{
	{"http.request.method", "http.method", ":method"},
	{"http.response.status_code", "http.status_code", "http.status", "response_code"},
	{"url.full", "http.url"},
	{"url.scheme", "http.scheme"},
	{"http.request.resend_count", "http.resend_count"},
	{"http.request.body.size", "http.request_content_length"},
	{"http.response.body.size", "http.response_content_length", "response_size"},
	{"user_agent.original", "http.user_agent"},
	{"client.address", "http.client_ip"},
	{"server.address", "net.peer.name", "peer.hostname"},
	{"server.port", "net.peer.port", "peer.port"},
	{"network.peer.address", "net.sock.peer.addr", "net.peer.ip", "peer.ipv4"},
	{"network.peer.port", "net.sock.peer.port"},
	{"network.local.address", "net.sock.host.addr"},
	{"network.transport", "net.transport"},
	{"network.protocol.name", "net.protocol.name"},
	{"network.protocol.version", "net.protocol.version", "http.flavor"},
	{"service.peer.name", "peer.service"},
	{"db.system.name", "db.system", "db.type"},
	{"db.query.text", "db.statement", "sql.query"},
	{"db.operation.name", "db.operation"},
	{"db.collection.name", "db.sql.table", "db.mongodb.collection", "db.cassandra.table"},
	{"db.namespace", "db.name", "db.instance"},
	{"rpc.system.name", "rpc.system"},
	{"rpc.status_code", "rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code", "grpc.status"},
	{"messaging.destination.name", "messaging.destination", "message_bus.destination"},
	{"messaging.operation.type", "messaging.operation"},
	{"messaging.message.id", "messaging.message_id"},
	{"messaging.message.body.size", "messaging.message_payload_size_bytes"},
	{"error.type", "error.kind"},
	{"code.function.name", "code.function"},
	{"code.file.path", "code.filepath"},
	{"code.line.number", "code.lineno"},
	{"deployment.environment.name", "deployment.environment"},
}

// SameNames returns the other names of an attribute, stable ones first; nil where it has only this one.
func SameNames(key string) []string {
	for _, names := range sameNames {
		if i := slices.Index(names, key); i >= 0 {
			return slices.Concat(names[:i], names[i+1:])
		}
	}
	return nil
}
