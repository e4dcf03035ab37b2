package detail

import (
	"cmp"
	"strings"

	"tracefall/diagnose/genai"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// callLine says in one line what a span called or served, and how that ended:
//
//	GET /price → 200, http://pricing:8080
//	pkg.Cart/GetCart → UNAVAILABLE, cart:9090
//	SELECT orders → 12 rows, postgresql shop at db:5432
//	publish orders, kafka
//	chat gpt-4o → 1,204 tokens in · 310 out, openai
type callLine struct {
	s    trace.Span
	c    *semconv.Canonical
	safe func(key, text string) string // with its secrets masked
}

// words returns what sort of call it is and the line; "" for work of which nothing is known.
func (l callLine) words(class semconv.Class) (kind, line string) {
	switch class {
	case semconv.ClassHTTP:
		return "HTTP", l.http()
	case semconv.ClassRPC:
		return "RPC", l.rpc()
	case semconv.ClassSQL, semconv.ClassTx:
		return "SQL", l.sql()
	case semconv.ClassNoSQL:
		return "database", l.database()
	case semconv.ClassCache:
		return "cache", l.database()
	case semconv.ClassMessage:
		return "queue", l.message()
	case semconv.ClassGenAI:
		return "GenAI", l.genAI()
	case semconv.ClassConnect:
		return "connect", joined(l.s.Name(), "", l.peer())
	case semconv.ClassInternal, semconv.ClassCall:
	}
	return "", ""
}

// joined writes what was called, how it ended, and where that is.
func joined(what, result, where string) string {
	if result != "" {
		what = strings.TrimSpace(what + " → " + result)
	}
	if where != "" {
		what = strings.TrimPrefix(what+", "+where, ", ")
	}
	return what
}

// text returns a field, masked.
func (l callLine) text(f semconv.Field) string {
	text := l.c.Text(f)
	if text == "" {
		return ""
	}
	return l.safe(l.c.Key(f), text)
}

// mostQuoted is how much of a value the line quotes, in bytes.
const mostQuoted = 200

// oneLine returns the first line of a text, as far as the line quotes it.
func oneLine(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	head, left := cutValue(text, mostQuoted)
	if left > 0 {
		head += "…"
	}
	return head
}

func (l callLine) http() string {
	method := strings.ToUpper(l.text(semconv.HTTPMethod))
	if verb, _, _ := strings.Cut(l.s.Name(), " "); method == "" && semconv.HTTPVerbs[verb] {
		method = verb
	}
	origin, path := l.address()
	route := l.text(semconv.Route)
	where := origin
	if route != "" && path != "" && path != route {
		where = origin + path
	}
	what := strings.TrimSpace(method + " " + cmp.Or(route, path))
	return joined(oneLine(cmp.Or(what, l.s.Name())), l.text(semconv.HTTPStatus), oneLine(where))
}

// address takes the URL apart: scheme with authority, and the path without its parameters.
func (l callLine) address() (origin, path string) {
	path, _, _ = strings.Cut(l.text(semconv.URLPath), "?")
	url := l.text(semconv.URLFull)
	if scheme, rest, ok := strings.Cut(url, "://"); ok {
		authority, tail, _ := strings.Cut(rest, "/")
		authority, _, _ = strings.Cut(authority, "?")
		tail, _, _ = strings.Cut(tail, "?")
		return scheme + "://" + authority, cmp.Or(path, "/"+tail)
	}
	url, _, _ = strings.Cut(url, "?")
	if l.s.Kind() == trace.KindServer {
		return "", cmp.Or(path, url)
	}
	return l.peer(), cmp.Or(path, url)
}

// peer names whom the span called: host and port.
func (l callLine) peer() string {
	host := cmp.Or(l.text(semconv.PeerHost), l.text(semconv.PeerService), l.text(semconv.NetPeer))
	if port := l.text(semconv.PeerPort); host != "" && port != "" && !strings.HasSuffix(host, ":"+port) {
		host += ":" + port
	}
	return oneLine(host)
}

func (l callLine) rpc() string {
	service, method := l.text(semconv.RPCService), l.text(semconv.RPCMethod)
	what := strings.TrimPrefix(l.s.Name(), "/")
	switch {
	case service != "" && method != "":
		what = service + "/" + method
	case strings.Contains(method, "/"):
		what = method
	}
	where := ""
	if l.s.Kind() != trace.KindServer {
		where = l.peer()
	}
	return joined(oneLine(what), semconv.RPCCode(l.c), cmp.Or(where, l.text(semconv.RPCSystem)))
}

// rows says how many rows a database returned.
func (l callLine) rows() string {
	if n, ok := l.c.Int(semconv.DBRows); ok && n >= 0 {
		return draw.Amount(int(n), "row")
	}
	return ""
}

// store names a database: system, namespace and host.
func (l callLine) store() string {
	text := strings.TrimSpace(l.text(semconv.DBSystem) + " " + l.text(semconv.DBNamespace))
	if host := l.peer(); host != "" {
		text = strings.TrimSpace(text + " at " + host)
	}
	return oneLine(text)
}

// statementRead is how many bytes of a statement are read for what it does to which tables.
const statementRead = 4 << 10

func (l callLine) sql() string {
	what := l.text(semconv.DBSummary)
	if what == "" {
		what = strings.TrimSpace(strings.ToUpper(l.text(semconv.DBOperation)) + " " + l.text(semconv.DBTable))
	}
	if statement, _ := cutValue(l.c.Value(semconv.DBQuery).Text(), statementRead); statement != "" && !strings.Contains(what, " ") {
		st := normalize.ParseSQL(statement, strings.ToLower(l.c.Text(semconv.DBSystem)))
		if st.Verb != "" {
			what = strings.TrimSpace(st.Verb + " " + strings.Join(st.Tables, ", "))
		}
	}
	return joined(oneLine(cmp.Or(what, l.s.Name())), l.rows(), l.store())
}

// database is what a cache or a document store was asked for.
func (l callLine) database() string {
	operation, table, query := l.text(semconv.DBOperation), l.text(semconv.DBTable), oneLine(l.text(semconv.DBQuery))
	what := strings.TrimSpace(operation + " " + table)
	if table == "" && !strings.HasPrefix(query, "{") {
		what = cmp.Or(query, what)
	}
	return joined(cmp.Or(what, oneLine(l.s.Name())), l.rows(), l.store())
}

func (l callLine) message() string {
	operation := strings.ToLower(l.text(semconv.MsgOperation))
	if operation == "" && l.s.Kind() != trace.KindUnspecified {
		operation = l.s.Kind().String()
	}
	what := strings.TrimSpace(operation + " " + l.text(semconv.MsgDestination))
	if partition := l.text(semconv.Shard); partition != "" {
		what += " partition " + partition
	}
	result := ""
	if n, ok := l.c.Int(semconv.MsgBatch); ok && n >= 0 {
		result = draw.Amount(int(n), "message")
	}
	where := l.text(semconv.MsgSystem)
	if host := l.peer(); host != "" {
		where = strings.TrimSpace(where + " at " + host)
	}
	return joined(oneLine(what), result, where)
}

func (l callLine) genAI() string {
	call, _ := genai.CallOf(l.s)
	of := cmp.Or(call.Tool, call.Model, call.Agent)
	what := strings.TrimSpace(call.Operation + " " + of)
	if of == "" && strings.HasPrefix(l.s.Name(), call.Operation) { // which says what it was
		what = l.s.Name()
	}
	if call.Answered != "" {
		what += " (" + call.Answered + ")"
	}
	var parts []string
	if call.Input >= 0 {
		parts = append(parts, draw.Count(int(call.Input))+" tokens in")
	}
	if call.Cached > 0 {
		parts = append(parts, draw.Count(int(call.Cached))+" cached")
	}
	if call.Output >= 0 {
		parts = append(parts, draw.Count(int(call.Output))+" out")
	}
	if call.Finish != "" && call.Finish != "stop" {
		parts = append(parts, "ended by "+call.Finish)
	}
	return joined(l.safe("", oneLine(what)), l.safe("", strings.Join(parts, draw.SegmentGap)), l.safe("", call.Provider))
}
