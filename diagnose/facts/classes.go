package facts

import (
	"regexp"
	"strconv"
	"strings"

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
	ClassConnect // getting a connection: pools, TLS, DNS
	ClassTx      // BEGIN, COMMIT, ROLLBACK
	ClassGenAI
)

var classNames = [...]string{"internal", "sql", "cache", "nosql", "http", "rpc", "msg", "connect", "tx", "gen_ai"}

// String returns the class as findings spell it.
func (c Class) String() string { return classNames[c] }

// Remote tells whether work of the class leaves the process.
func (c Class) Remote() bool { return c >= ClassSQL && c <= ClassMessage }

var caches = wordSet("redis memcached valkey hazelcast keydb dragonfly")

var noSQL = wordSet("mongodb elasticsearch opensearch dynamodb aws.dynamodb cassandra couchdb couchbase cosmosdb azure.cosmosdb neo4j hbase influxdb geode")

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

var (
	connectName = regexp.MustCompile(`(?i)(pg-pool\.connect|\bconnect\b|getConnection|\bacquire\b|checkout connection|^tls|tls\.|^dns|dns\.)`)
	txName      = regexp.MustCompile(`(?i)^(begin|commit|rollback|savepoint|start transaction|set transaction)\b|Transaction\.(commit|rollback|begin)`)
	txStatement = regexp.MustCompile(`(?i)^(begin|commit|rollback|savepoint|start transaction|set transaction)\b`)
)

// nameSort is what a span's name alone says of its class.
type nameSort struct{ connect, tx bool }

// sortOf reads a name.
func sortOf(name string) nameSort {
	return nameSort{connect: connectName.MatchString(name), tx: txName.MatchString(name)}
}

// classOf tells what sort of work a span stands for.
func classOf(span trace.Span, c *Canonical, name nameSort) Class {
	system := strings.ToLower(c.Text(DBSystem))
	switch {
	case c.Has(GenAI):
		return ClassGenAI
	case name.tx || c.Has(DBQuery) && txStatement.MatchString(c.Value(DBQuery).Text()):
		return ClassTx
	case name.connect && !c.Has(DBQuery) && (system == "" || !c.Has(DBOperation)):
		return ClassConnect
	case caches[system]:
		return ClassCache
	case noSQL[system]:
		return ClassNoSQL
	case system != "" || c.Has(DBQuery):
		return ClassSQL
	case c.Has(MsgSystem) || c.Has(MsgDestination):
		return ClassMessage
	case c.Has(RPCSystem) || c.Has(RPCStatus) && !c.Has(HTTPMethod) || isRPCName(span.Name()) && !c.Has(HTTPMethod):
		return ClassRPC
	case c.Has(HTTPMethod) || c.Has(URLFull) || c.Has(HTTPStatus):
		return ClassHTTP
	}
	return ClassInternal
}

// isRPCName tells whether a name is a gRPC method: /pkg.Service/Method, with or without the first slash.
func isRPCName(name string) bool {
	name = strings.TrimPrefix(name, "/")
	service, method, ok := strings.Cut(name, "/")
	return ok && strings.Contains(service, ".") && !strings.ContainsAny(service, " :") &&
		method != "" && !strings.ContainsAny(method, "/ ")
}

// kindOf returns the span's kind, inferred where the export gives none. An RPC that is called internal although it
// leads from one service to another is one side of a call: exporters that know no kinds write "internal".
func kindOf(span trace.Span, c *Canonical, class Class) trace.Kind {
	if k := span.Kind(); k != trace.KindUnspecified && (k != trace.KindInternal || class != ClassRPC) {
		return k
	}
	switch class {
	case ClassSQL, ClassCache, ClassNoSQL:
		return trace.KindClient
	case ClassMessage:
		switch op := strings.ToLower(c.Text(MsgOperation)); {
		case op == "publish" || op == "send" || op == "create":
			return trace.KindProducer
		case op == "receive" || op == "process" || op == "deliver":
			return trace.KindConsumer
		}
	case ClassHTTP:
		path := c.Has(Route) || c.Has(URLPath)
		switch side := sideOf(span); {
		case side == trace.KindServer || path && !c.Has(URLFull) || isEntry(span):
			return trace.KindServer
		case side == trace.KindClient || c.Has(URLFull):
			return trace.KindClient
		}
	case ClassRPC:
		return sideOf(span)
	default:
	}
	return trace.KindInternal
}

// sideOf tells which side of a call a span is: a call whose parent runs in another service was served, one whose
// child does was made. Where neither does, it is what a sibling of its name soon after it is: an attempt that never
// reached the server is a call as much as the next one. Otherwise nothing is known.
func sideOf(span trace.Span) trace.Kind {
	const reach = 16 // siblings
	t, p := span.Trace(), span.Parent()
	if p >= t.First() && t.Span(p).ServiceSymbol() != span.ServiceSymbol() {
		return trace.KindServer
	}
	if servedElsewhere(span) {
		return trace.KindClient
	}
	if p < 0 || span.End() > span.Index()+1 {
		return trace.KindInternal
	}
	for n, k := 0, span.End(); n < reach && k < t.End(p); n, k = n+1, t.End(k) {
		if s := t.Span(k); s.NameSymbol() == span.NameSymbol() && s.ServiceSymbol() == span.ServiceSymbol() && servedElsewhere(s) {
			return trace.KindClient
		}
	}
	return trace.KindInternal
}

// isEntry tells whether a trace begins with the span and its service works beneath it: that was asked for, where a
// call would have its server beneath it or nothing.
func isEntry(span trace.Span) bool {
	t := span.Trace()
	if span.Parent() >= t.First() || span.End() == span.Index()+1 {
		return false
	}
	return t.Span(span.Index()+1).ServiceSymbol() == span.ServiceSymbol()
}

// servedElsewhere tells whether a child of the span runs in another service.
func servedElsewhere(span trace.Span) bool {
	t := span.Trace()
	for k := span.Index() + 1; k < span.End(); k = t.End(k) {
		if t.Span(k).ServiceSymbol() != span.ServiceSymbol() {
			return true
		}
	}
	return false
}

// integer reads a value as an integer, stored as a number or as text.
func integer(v trace.Value) (int64, bool) {
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
