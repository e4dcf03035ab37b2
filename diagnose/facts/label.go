package facts

import (
	"strings"
	"unicode"

	"tracefall/diagnose/lex"
	"tracefall/diagnose/secrets"
)

// Label says what span i called, in a few words: its own name where that says so, else what the operation is known by,
// "GET /price" of a span that is called "GET", "SELECT quotes" of one that is called "query".
func (f *Facts) Label(i int) string {
	name, op := secrets.SpanName(f.Trace.Span(i)), f.Op(i)
	if op.Template == "" || !bare(name, op) {
		return name
	}
	if st := f.Detail(i).Statement; st.Verb != "" && len(st.Tables) > 0 {
		return st.Verb + " " + secrets.Masked(st.Tables[0])
	}
	return op.Label()
}

// bare reports whether a name says how something was called but not what: all its words are those of protocols and
// drivers, or the operation's method and peer.
func bare(name string, op Op) bool {
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	known := strings.ToUpper(op.Name + " " + op.Peer)
	for word := range strings.FieldsFuncSeq(strings.ToUpper(name), apart) {
		if !protocolWords[word] && !hasWord(known, word, apart) {
			return false
		}
	}
	return true
}

// hasWord reports whether a text has a word.
func hasWord(text, word string, apart func(rune) bool) bool {
	for one := range strings.FieldsFuncSeq(text, apart) {
		if one == word {
			return true
		}
	}
	return false
}

// protocolWords are what instrumentation libraries call spans by, whatever these are about.
var protocolWords = lex.Set(`HTTP HTTPS GET HEAD POST PUT PATCH DELETE OPTIONS REQUEST RESPONSE CALL CLIENT SERVER FETCH GRPC RPC
	DB SQL QUERY EXEC EXECUTE PREPARE STATEMENT COMMAND DATABASE SELECT INSERT UPDATE UPSERT MERGE FIND AGGREGATE
	PG POSTGRES POSTGRESQL MYSQL MARIADB SQLITE MSSQL ORACLE MONGO MONGODB REDIS MEMCACHED CASSANDRA ELASTICSEARCH DYNAMODB
	SEND RECEIVE PUBLISH PRODUCE CONSUME PROCESS POLL DELIVER KAFKA RABBITMQ SQS SNS NATS`)
