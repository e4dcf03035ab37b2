package compare_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// idKind makes ids as one library, database or company writes them. n counts the ids that were made, for those that count.
type idKind struct {
	name string
	make func(r *rand.Rand, n int) string

	words bool // they are names, too
}

const (
	lowers = "abcdefghijklmnopqrstuvwxyz"
	uppers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	tens   = "0123456789"
)

// letters writes n characters of an alphabet.
func letters(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func uuid(r *rand.Rand) string {
	b := randomBytes(r, 16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

var firstNames = strings.Fields("alice bob carol dave erin frank grace heidi ivan judy mallory niaj olivia peggy rupert sybil trent victor walter wendy " +
	"yusuf zara amir bianca chen dmitri elena fatima giorgio hana ines jamal kofi lucia mateo nadia oscar priya quentin rosa")

var plainWords = strings.Fields("apple river window mountain guitar pencil ocean basket candle forest hammer island jacket kettle ladder mirror needle " +
	"orange pillow quartz ribbon saddle tunnel umbrella velvet wallet yogurt zipper anchor bottle carpet dragon engine falcon garlic helmet insect jungle")

func oneOf(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

const (
	base62    = tens + uppers + lowers
	nanoid    = base62 + "_-"
	crockford = tens + "ABCDEFGHJKMNPQRSTVWXYZ"
)

// idKinds are the ids that keys, paths and statements hold.
var idKinds = []idKind{
	{name: "small numbers", make: func(_ *rand.Rand, n int) string { return strconv.Itoa(n + 1) }},
	{name: "large numbers", make: func(r *rand.Rand, _ int) string { return strconv.Itoa(10_000 + r.IntN(9_000_000)) }},
	{name: "snowflake", make: func(r *rand.Rand, _ int) string { return strconv.FormatInt(1<<60+r.Int64N(1<<59), 10) }},
	{name: "uuid", make: func(r *rand.Rand, _ int) string { return uuid(r) }},
	{name: "uuid in capitals", make: func(r *rand.Rand, _ int) string { return strings.ToUpper(uuid(r)) }},
	{name: "uuid without dashes", make: func(r *rand.Rand, _ int) string { return strings.ReplaceAll(uuid(r), "-", "") }},
	{name: "ulid", make: func(r *rand.Rand, _ int) string { return "01J" + letters(r, crockford, 23) }},
	{name: "ulid in small letters", make: func(r *rand.Rand, _ int) string { return "01j" + strings.ToLower(letters(r, crockford, 23)) }},
	{name: "ksuid", make: func(r *rand.Rand, _ int) string { return "2" + letters(r, base62, 26) }},
	{name: "xid", make: func(r *rand.Rand, _ int) string { return "c" + letters(r, tens+"abcdefghijklmnopqrstuv", 19) }},
	{name: "cuid", make: func(r *rand.Rand, _ int) string { return "c" + letters(r, tens+lowers, 24) }},
	{name: "nanoid of 21", make: func(r *rand.Rand, _ int) string { return letters(r, nanoid, 21) }},
	{name: "nanoid of 10", make: func(r *rand.Rand, _ int) string { return letters(r, nanoid, 10) }},
	{name: "base 62 of 8", make: func(r *rand.Rand, _ int) string { return letters(r, base62, 8) }},
	{name: "base 62 of 6", make: func(r *rand.Rand, _ int) string { return letters(r, base62, 6) }},
	{name: "base 58 of 22", make: func(r *rand.Rand, _ int) string {
		return letters(r, strings.NewReplacer("0", "", "O", "", "I", "", "l", "").Replace(base62), 22)
	}},
	{name: "base 36 of 6", make: func(r *rand.Rand, _ int) string { return letters(r, tens+lowers, 6) }},
	{name: "base 36 of 10 in capitals", make: func(r *rand.Rand, _ int) string { return letters(r, tens+uppers, 10) }},
	{name: "base 32 of 8", make: func(r *rand.Rand, _ int) string { return letters(r, uppers+"234567", 8) }},
	{name: "six capitals", make: func(r *rand.Rand, _ int) string { return letters(r, uppers, 6) }},
	{name: "eight small letters", make: func(r *rand.Rand, _ int) string { return letters(r, lowers, 8) }},
	{name: "base 64 of 12 bytes", make: func(r *rand.Rand, _ int) string { return base64.RawURLEncoding.EncodeToString(randomBytes(r, 12)) }},
	{name: "base 64 of 8 bytes", make: func(r *rand.Rand, _ int) string { return base64.RawURLEncoding.EncodeToString(randomBytes(r, 8)) }},
	{name: "object id", make: func(r *rand.Rand, _ int) string { return "65" + hex.EncodeToString(randomBytes(r, 11)) }},
	{name: "hash of 7", make: func(r *rand.Rand, _ int) string { return hex.EncodeToString(randomBytes(r, 4))[:7] }},
	{name: "hash of 8", make: func(r *rand.Rand, _ int) string { return hex.EncodeToString(randomBytes(r, 4)) }},
	{name: "sha-256", make: func(r *rand.Rand, _ int) string { return hex.EncodeToString(randomBytes(r, 32)) }},
	{name: "prefix and base 62", make: func(r *rand.Rand, _ int) string { return "cus_" + letters(r, base62, 14) }},
	{name: "prefix and number", make: func(r *rand.Rand, _ int) string { return "order-" + strconv.Itoa(1000+r.IntN(90_000)) }},
	{name: "stock number", make: func(r *rand.Rand, _ int) string {
		return letters(r, uppers, 3) + "-" + letters(r, tens, 4) + "-" + letters(r, uppers, 2)
	}},
	{name: "slug and id", make: func(r *rand.Rand, _ int) string {
		return oneOf(r, plainWords) + "-" + oneOf(r, plainWords) + "-" + letters(r, tens+lowers, 6)
	}},
	{name: "slug", make: func(r *rand.Rand, _ int) string {
		return oneOf(r, plainWords) + "-" + oneOf(r, plainWords) + "-" + oneOf(r, plainWords)
	}, words: true},
	{name: "user name", make: func(_ *rand.Rand, n int) string { return firstNames[(n*7+3)%len(firstNames)] }, words: true},
	{name: "user name with a number", make: func(r *rand.Rand, _ int) string { return oneOf(r, firstNames) + strconv.Itoa(1+r.IntN(99)) }},
	{name: "name with a point", make: func(r *rand.Rand, _ int) string { return oneOf(r, firstNames) + "." + oneOf(r, plainWords) }, words: true},
	{name: "e-mail", make: func(r *rand.Rand, _ int) string {
		return oneOf(r, firstNames) + "." + oneOf(r, plainWords) + "@example.org"
	}},
	{name: "word", make: func(_ *rand.Rand, n int) string { return plainWords[(n*5+2)%len(plainWords)] }, words: true},
	{name: "telephone number", make: func(r *rand.Rand, _ int) string { return "+1555" + letters(r, tens, 7) }},
	{name: "words in capitals", make: func(_ *rand.Rand, n int) string {
		w := plainWords[(n*5+2)%len(plainWords)]
		return strings.ToUpper(w[:1]) + w[1:]
	}, words: true},
}

// place is where an id stands in a call: the attributes of the span, and its name.
type place struct {
	name string
	span func(id string) (name string, attrs map[string]string)
}

func attrs(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func fixed(name string, of func(id string) map[string]string) func(string) (string, map[string]string) {
	return func(id string) (string, map[string]string) { return name, of(id) }
}

// idPlaces are where ids stand. %s in a text stands for the id.
var idPlaces = []place{
	{"redis key", fixed("GET", func(id string) map[string]string {
		return attrs("db.system", "redis", "db.statement", "GET product:"+id)
	})},
	{"redis key, id within", fixed("HGETALL", func(id string) map[string]string {
		return attrs("db.system.name", "redis", "db.query.text", "HGETALL user:"+id+":profile")
	})},
	{"redis key, after an underscore", fixed("GET", func(id string) map[string]string {
		return attrs("db.system", "redis", "db.statement", "GET cache_session_"+id)
	})},
	{"redis key in the name", func(id string) (string, map[string]string) { return "GET cart:" + id, attrs("db.system", "redis") }},
	{"memcached key", fixed("get", func(id string) map[string]string {
		return attrs("db.system", "memcached", "db.statement", "get views.item."+id)
	})},
	{"path, at the end", fixed("GET", func(id string) map[string]string {
		return attrs("http.method", "GET", "http.url", "http://users/api/users/"+id)
	})},
	{"path, within", fixed("GET", func(id string) map[string]string {
		return attrs("http.request.method", "GET", "url.full", "http://users/users/"+id+"/profile")
	})},
	{"value in a query", fixed("GET", func(id string) map[string]string {
		return attrs("http.method", "GET", "http.url", "http://users/users?fields=name&user="+id)
	})},
	{"file", fixed("GET", func(id string) map[string]string {
		return attrs("http.method", "GET", "http.url", "http://static/images/"+id+".jpg")
	})},
	{"span name", func(id string) (string, map[string]string) { return "GET /products/" + id, attrs() }},
	{"span name, in brackets", func(id string) (string, map[string]string) { return "loadProduct(" + id + ")", attrs() }},
	{"sql literal", fixed("SELECT", func(id string) map[string]string {
		return attrs("db.system", "postgresql", "db.statement", "SELECT * FROM t WHERE k = '"+id+"'")
	})},
	{"mongo filter", fixed("users.find", func(id string) map[string]string {
		return attrs("db.system", "mongodb", "db.operation", "find", "db.mongodb.collection", "users", "db.statement", `{"_id":"`+id+`"}`)
	})},
	{"dynamodb key", fixed("DynamoDB.GetItem", func(id string) map[string]string {
		return attrs("db.system", "dynamodb", "db.operation", "GetItem", "aws.dynamodb.table_names", "users", "db.statement", `{"Key":{"id":{"S":"`+id+`"}}}`)
	})},
	{"cassandra literal", fixed("SELECT", func(id string) map[string]string {
		return attrs("db.system", "cassandra", "db.statement", "SELECT * FROM ks.users WHERE id = '"+id+"'")
	})},
	{"elasticsearch path", fixed("GET", func(id string) map[string]string {
		return attrs("db.system", "elasticsearch", "http.method", "GET", "url.full", "http://es:9200/users/_doc/"+id)
	})},
	{"rpc argument", fixed("shop.Users/Get", func(id string) map[string]string {
		return attrs("rpc.system", "grpc", "rpc.service", "shop.Users", "rpc.method", "Get", "app.user", id)
	})},
	{"s3 object key", fixed("GET", func(id string) map[string]string {
		return attrs("http.method", "GET", "http.url", "https://photos.s3.eu-west-1.amazonaws.com/thumbs/"+id)
	})},
	{"s3 key in an attribute", fixed("S3.GetObject", func(id string) map[string]string {
		return attrs("rpc.system", "aws-api", "rpc.service", "S3", "rpc.method", "GetObject", "aws.s3.bucket", "photos", "aws.s3.key", "thumbs/"+id+".jpg")
	})},
	{"queue", func(id string) (string, map[string]string) {
		return "replies." + id + " publish", attrs("messaging.system", "rabbitmq", "messaging.destination.name", "replies."+id, "messaging.operation.type", "publish")
	}},
}
