package facts

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// describe fills in name, peer and template by class and returns the hash of the values that were taken out.
func (o *Ops) describe(span trace.Span, c *semconv.Canonical, op *Op, d *Detail) uint64 {
	switch op.Class {
	case semconv.ClassSQL, semconv.ClassTx:
		return o.describeSQL(span, c, op, d)
	case semconv.ClassCache:
		return o.describeCache(span, c, op, d)
	case semconv.ClassNoSQL:
		return o.describeNoSQL(span, c, op, d)
	case semconv.ClassHTTP:
		return o.describeHTTP(span, c, op, d)
	case semconv.ClassRPC:
		describeRPC(span, c, op, d)
	case semconv.ClassMessage:
		op.Peer = c.Text(semconv.MsgSystem)
		op.Name = strings.ToLower(cmp.Or(c.Text(semconv.MsgOperation), op.Kind.String()))
		op.Template = cmp.Or(c.Text(semconv.MsgTemplate), o.learned.Destination(op.Peer, c.Text(semconv.MsgDestination)))
		d.Write = op.Kind == trace.KindProducer
	case semconv.ClassCall:
		op.Name, op.Peer, d.Coarse = o.learned.Name(span), cmp.Or(semconv.PeerServiceName(c), semconv.CleanHost(c.Text(semconv.PeerHost))), true
		return nameParams(span.Name(), op.Name)
	default:
		op.Name = o.learned.Name(span)
		return nameParams(span.Name(), op.Name)
	}
	return 0
}

// nameParams hashes a name whose values were taken out: two names that differ only in these differ in the hash.
func nameParams(name, normal string) uint64 {
	if name == normal {
		return 0
	}
	h := normalize.Params{}
	h.Add(name)
	return h.Sum
}

func (o *Ops) describeSQL(span trace.Span, c *semconv.Canonical, op *Op, d *Detail) uint64 {
	op.Peer = semconv.DatabasePeer(c)
	if text := c.Value(semconv.DBQuery).Text(); text != "" {
		key := sqlText{text, strings.ToLower(c.Text(semconv.DBSystem))}
		st := once(o.sql, key, func(key sqlText) normalize.Statement { return normalize.ParseSQL(key.text, key.system) })
		op.Name, op.Template, d.Statement = st.Verb, st.Template, st
		d.Write, d.Read = sqlWrites[st.Verb], st.Verb == "SELECT" && !st.Flags.Has(normalize.SQLForUpdate)
		return st.Params
	}
	d.Coarse = true
	op.Name = strings.ToUpper(c.Text(semconv.DBOperation))
	op.Template = c.Text(semconv.DBSummary)
	if op.Template == "" && c.Has(semconv.DBTable) {
		op.Template = strings.TrimSpace(op.Name + " " + c.Text(semconv.DBTable))
	}
	if op.Template == "" {
		op.Template = o.learned.Name(span)
		if verb, _, _ := strings.Cut(strings.ToUpper(op.Template), " "); op.Name == "" && sqlVerbs[verb] {
			op.Name = verb
		}
	}
	verb, _, _ := strings.Cut(strings.ToUpper(cmp.Or(op.Name, op.Template)), " ")
	d.Write, d.Read = sqlWrites[verb], verb == "SELECT"
	if c.Has(semconv.DBTable) {
		d.Statement.Tables = []string{strings.ToLower(c.Text(semconv.DBTable))}
	}
	d.Statement.Verb = verb
	return nameParams(span.Name(), o.learned.Name(span))
}

// sqlVerbs are what the name of a span begins with that is made of its statement; other names are the application's.
var sqlVerbs = lex.Set("SELECT INSERT UPDATE DELETE MERGE REPLACE UPSERT TRUNCATE WITH CALL EXEC EXECUTE FETCH CREATE ALTER DROP GRANT SHOW SET USE EXPLAIN COPY LOCK PREPARE DECLARE")

var sqlWrites = lex.Set("INSERT UPDATE DELETE MERGE REPLACE UPSERT TRUNCATE")

// cacheReads are the commands of Redis and Memcached that change nothing.
var cacheReads = lex.Set("GET MGET HGET HGETALL HMGET EXISTS TTL SMEMBERS SISMEMBER LRANGE ZRANGE ZSCORE GETS STRLEN HEXISTS SCARD LLEN ZCARD")

func (o *Ops) describeCache(span trace.Span, c *semconv.Canonical, op *Op, d *Detail) uint64 {
	op.Peer = semconv.DatabasePeer(c)
	text := cmp.Or(c.Value(semconv.DBQuery).Text(), span.Name())
	op.Template = o.learned.Command(op.Peer, text, once(o.commands, text, normalize.Command))
	verb, _, _ := strings.Cut(op.Template, " ")
	op.Name = strings.ToUpper(c.Text(semconv.DBOperation))
	if !c.Has(semconv.DBQuery) && !isCommand(text) {
		op.Template, d.Coarse = normalize.Name(text), true
		d.Read = cacheReads[op.Name]
		return nameParams(text, op.Template)
	}
	op.Name = cmp.Or(op.Name, verb)
	d.Read = cacheReads[op.Name]
	if verb == "PIPELINE" {
		op.Name, d.Read = verb, true
		for command := range strings.Lines(text) {
			verb, _, _ = strings.Cut(normalize.Command(command), " ")
			d.Read = d.Read && (verb == "" || cacheReads[verb])
		}
	}
	d.Write = !d.Read && c.Has(semconv.DBQuery)
	d.Coarse = !c.Has(semconv.DBQuery)
	d.Redacted = strings.Contains(op.Template, "{redacted}")
	if d.Redacted || strings.EqualFold(text, op.Template) {
		return 0
	}
	return nameParams(text, op.Template)
}

// isCommand reports whether the name of a span is a cache command, as drivers name theirs, and not the application's.
func isCommand(name string) bool {
	verb, _, _ := strings.Cut(name, " ")
	return verb == strings.ToUpper(verb) || cacheReads[strings.ToUpper(verb)] || cacheWrites[strings.ToUpper(verb)]
}

// cacheWrites are the usual commands that change something, as far as their names are written in small letters too.
var cacheWrites = lex.Set("SET SETEX SETNX MSET DEL UNLINK EXPIRE INCR DECR INCRBY HSET HMSET HDEL LPUSH RPUSH LPOP RPOP SADD SREM ZADD ZREM PUBLISH EVAL EVALSHA ADD REPLACE APPEND DELETE TOUCH FLUSHALL")

// noSQLReads are the operations of document stores that change nothing.
var noSQLReads = lex.Set("FIND AGGREGATE COUNT DISTINCT GETITEM BATCHGETITEM QUERY SCAN GET SEARCH MGET MSEARCH SELECT GETMORE")

func (o *Ops) describeNoSQL(span trace.Span, c *semconv.Canonical, op *Op, d *Detail) uint64 {
	op.Peer = semconv.DatabasePeer(c)
	op.Name = strings.ToUpper(cmp.Or(c.Text(semconv.DBOperation), c.Text(semconv.HTTPMethod), o.learned.Name(span)))
	op.Template = c.Text(semconv.DBTable)
	text := c.Value(semconv.DBQuery).Text()
	d.Read = noSQLReads[op.Name]
	if text == "" && (c.Has(semconv.URLFull) || c.Has(semconv.URLPath)) { // of stores that are asked over HTTP the path says for what
		d.Write = !d.Read
		text, u := o.url(c)
		path, params := o.learned.Path(span, text, u)
		op.Template, d.Redacted = path+u.Query, u.Redacted
		if u.Redacted {
			return 0
		}
		return params
	}
	if text == "" && op.Template == "" && !c.Has(semconv.DBOperation) && !c.Has(semconv.HTTPMethod) {
		op.Name = "" // the template is the application's name for it
	}
	d.Write = !d.Read
	switch {
	case strings.HasPrefix(text, "{"):
		op.Template += " " + normalize.Document(text)
	case text != "":
		op.Template += " " + normalize.ParseSQL(text, "").Template
	case op.Template == "":
		op.Template, d.Coarse = o.learned.Name(span), true
	}
	op.Template = strings.TrimSpace(op.Template)
	h := normalize.Params{}
	if text != "" && !strings.Contains(text, "?") { // masked values are none
		h.Add(text)
	}
	return h.Sum
}

func (o *Ops) describeHTTP(span trace.Span, c *semconv.Canonical, op *Op, d *Detail) uint64 {
	op.Name = strings.ToUpper(c.Text(semconv.HTTPMethod))
	if op.Name == "" {
		if verb, _, ok := strings.Cut(span.Name(), " "); ok && semconv.HTTPVerbs[verb] {
			op.Name = verb
		}
	}
	text, u := o.url(c)
	if op.Kind != trace.KindServer {
		op.Peer = cmp.Or(semconv.PeerServiceName(c), u.Host, semconv.CleanHost(c.Text(semconv.PeerHost)))
	}
	d.Redacted = u.Redacted
	params := u.Params
	if u.Redacted {
		params = 0
	}
	switch {
	case c.Has(semconv.Route):
		op.Template = c.Text(semconv.Route)
	case text != "":
		op.Template, params = o.learned.Path(span, text, u)
		op.Template += u.Query
	default:
		name := o.learned.Name(span)
		op.Template, d.Coarse, params = strings.TrimPrefix(name, op.Name+" "), true, nameParams(span.Name(), name)
	}
	d.Read = op.Name == "GET" || op.Name == "HEAD"
	d.Write = !d.Read && op.Name != "" && op.Name != "OPTIONS"
	return params
}

// url returns the URL that a span asked for, as it was recorded and without its values.
func (o *Ops) url(c *semconv.Canonical) (text string, u normalize.URL) {
	text = c.Value(semconv.URLFull).Text()
	if text == "" {
		text = c.Text(semconv.URLPath)
		if q := c.Text(semconv.URLQuery); q != "" {
			text += "?" + strings.TrimPrefix(q, "?")
		}
	}
	return text, once(o.urls, text, normalize.ParseURL)
}

func describeRPC(span trace.Span, c *semconv.Canonical, op *Op, d *Detail) {
	service, method := c.Text(semconv.RPCService), c.Text(semconv.RPCMethod)
	switch {
	case method != "" && service != "":
		op.Template = service + "/" + method
	case method != "":
		op.Template = strings.TrimPrefix(method, "/")
	default:
		op.Template, d.Coarse = strings.TrimPrefix(normalize.Name(span.Name()), "/"), !semconv.IsRPCName(span.Name())
	}
	method = op.Template[strings.LastIndexAny(op.Template, "/.")+1:]
	if op.Kind != trace.KindServer {
		op.Peer = cmp.Or(semconv.PeerServiceName(c), service, semconv.CleanHost(c.Text(semconv.PeerHost)))
	}
	d.Read = slices.ContainsFunc(readVerbs, func(verb string) bool { return strings.HasPrefix(method, verb) })
	d.Write = !d.Read
}

// readVerbs begin the names of methods that only read.
var readVerbs = []string{"Get", "List", "Find", "Search", "Query", "Read", "Fetch", "Lookup", "Check", "Count", "get", "list", "find", "search", "query", "read", "fetch", "lookup", "check", "count", "Describe", "describe"}
