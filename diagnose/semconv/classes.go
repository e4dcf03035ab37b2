package semconv

import (
	"regexp"
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/sources/trace"
)

// Class is the sort of work a span stands for; spans of different classes are never the same call.
type Class uint8

// The classes.
const (
	ClassInternal Class = iota
	ClassSQL
	ClassCache
	ClassNoSQL
	ClassHTTP
	ClassRPC
	ClassMessage
	ClassCall    // a call of which nothing is known but that it is one
	ClassConnect // getting a connection: pools, TLS, DNS
	ClassTx      // BEGIN, COMMIT, ROLLBACK
	ClassGenAI
)

var classNames = [...]string{"internal", "sql", "cache", "nosql", "http", "rpc", "msg", "call", "connect", "tx", "gen_ai"}

// String returns the class as findings spell it.
func (c Class) String() string { return classNames[c] }

// Remote reports whether work of the class leaves the process.
func (c Class) Remote() bool { return c >= ClassSQL && c <= ClassCall }

// Bare reports whether nothing but its name and its neighbours says what a span of the class does.
func (c Class) Bare() bool { return c == ClassInternal || c == ClassCall }

// Caches are the database systems that are caches.
var Caches = lex.Set("redis memcached valkey hazelcast keydb dragonfly")

var noSQL = lex.Set("mongodb elasticsearch opensearch dynamodb aws.dynamodb cassandra couchdb couchbase cosmosdb azure.cosmosdb neo4j hbase influxdb geode")

var (
	connectName = regexp.MustCompile(`(?i)(pg-pool\.connect|\bconnect\b|getConnection|\bacquire\b|checkout connection|^tls|tls\.|^dns|dns\.)`)
	txName      = regexp.MustCompile(`(?i)^(begin|commit|rollback|savepoint|start transaction|set transaction)\b|Transaction\.(commit|rollback|begin)`)
	txStatement = regexp.MustCompile(`(?i)^(begin|commit|rollback|savepoint|start transaction|set transaction)\b`)
)

// NameSort is what a span's name alone says of its class.
type NameSort struct{ connect, tx bool }

// NameSortOf reads a name.
func NameSortOf(name string) NameSort {
	return NameSort{connect: connectName.MatchString(name), tx: txName.MatchString(name)}
}

// ClassOf tells what sort of work a span stands for.
func ClassOf(span trace.Span, c *Canonical, name NameSort) Class {
	system := strings.ToLower(c.Text(DBSystem))
	switch {
	case c.Has(GenAI):
		return ClassGenAI
	case name.tx || c.Has(DBQuery) && txStatement.MatchString(c.Value(DBQuery).Text()):
		return ClassTx
	case name.connect && !c.Has(DBQuery) && (system == "" || !c.Has(DBOperation)):
		return ClassConnect
	case Caches[system]:
		return ClassCache
	case noSQL[system]:
		return ClassNoSQL
	case system != "" || c.Has(DBQuery):
		return ClassSQL
	case c.Has(MsgSystem) || c.Has(MsgDestination):
		return ClassMessage
	case c.Has(RPCSystem) || c.Has(RPCStatus) && !c.Has(HTTPMethod) || IsRPCName(span.Name()) && !c.Has(HTTPMethod):
		return ClassRPC
	case c.Has(HTTPMethod) || c.Has(URLFull) || c.Has(HTTPStatus):
		return ClassHTTP
	}
	return ClassInternal
}

// IsRPCName reports whether a name is a gRPC method: /pkg.Service/Method, with or without the first slash.
func IsRPCName(name string) bool {
	name = strings.TrimPrefix(name, "/")
	service, method, ok := strings.Cut(name, "/")
	return ok && strings.Contains(service, ".") && !strings.ContainsAny(service, " :") &&
		method != "" && !strings.ContainsAny(method, "/ ")
}

// HTTPVerbs are the methods of HTTP that names of spans begin with.
var HTTPVerbs = lex.Set("GET HEAD POST PUT PATCH DELETE OPTIONS")
