package normalize

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestIDsByTheirShape(t *testing.T) {
	for _, id := range strings.Fields(`
		42 -7 +15551234567 52.5200 4bf92f35-77b3-4da6-a3ce-929d0e0e4736 01HXYZ5D2WQ3J8K9M0N1P2R3S4 01hxyz5d2wq3j8k9m0n1p2r3s4
		507f1f77bcf86cd799439011 e69de29 a8f3k2 OLJCESPC7Z 66VCHSJNUP 1YMWWN1N4O L9ECAV7KIM LS4PSXUNUM HQTGWGPNH4 T700000C T704321
		dQw4w9WgXcQ cus_9s6XKzkNRiz8i3 usr-01HXYZ5D2WQ3J8K9M0N1P2R3S4 V1StGXR8_Z5jdHi6B-myT IRFa-Va7YbQ 0ujsswThIGTUYm2K8FjOOfXtY1K
		cjld2cjxh0000qzrmn831i7rn ord-9f3a77 blue-running-shoes-48213 blue-shoes-a8f3k2 order1000234 user-6ba7b810-9dad-11d1-80b4-00c04fd430c8
		2026-03-02 2026-03 2026-W09 bob@example.org sess_8dhf7Gh2k INV-2026-00042 aBcDeFg1 x7Kp9Qw2`) {
		if partPattern(id) == id {
			t.Errorf("%s is a word", id)
		}
	}
}

func TestWordsAreNoIDs(t *testing.T) {
	for _, word := range strings.Fields(`
		users orders v1 v2 v10 v1beta1 oauth2 OAuth2TokenRelay s3 ec2 S3Client getS3Object handleV2Request utf8 utf-8 base64 Base64Decoder
		log4j x86_64 x86 amd64 top10 sha256 sha-256 hmac-sha256 md5 h264 mp4 ipv6 http2 k8s K8sClient i18n e2e 2fa 3ds 5xx 24h 404page
		report2024 report2024.pdf node18 redis6379 us-east-1 eu-west-2a us-gov-west-1 covid19 q3 fy2024 iso8601 iso-8859-1 rfc3339 es2015
		int64 parseInt32 toUtf8String p95 step1 text2speech img2pdf a4 DE US en-US zh_CN checkout-v2 checkoutV2 Neo4jSession Auth0Callback
		X509Certificate Route53 secp256k1 ed25519 PKCS12 RS256 sqlite3 lz4 Q1 1st 4k getUserById findAllByOrderIdAndStatus xmlrpc healthz
		openid-configuration kubernetes zrangebyscore P256Element DynamoDBv2 webhooks2 shard07 tlsv1.3 favicon.ico`) {
		if as := pathPart(word); as != word {
			t.Errorf("%s is %s", word, as)
		}
		if as := Name(word); as != word && !strings.Contains(word, ".") {
			t.Errorf("the name %s is %s", word, as)
		}
	}
}

// TestRandomIDs measures how many ids of each alphabet are known by their shape alone; those that look like words are
// left to what stands beside them.
func TestRandomIDs(t *testing.T) {
	const (
		low     = "abcdefghijklmnopqrstuvwxyz"
		capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		digit   = "0123456789"
	)
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []struct {
		name, alphabet string
		n              int
		least          float64
	}{
		{"base 62", low + capital + digit, 8, 0.60}, {"base 62", low + capital + digit, 14, 0.85}, {"KSUID", low + capital + digit, 27, 0.98},
		{"nanoid", low + capital + digit + "-_", 21, 0.95}, {"base 36", low + digit, 8, 0.70}, {"base 36", capital + digit, 10, 0.90},
		{"cuid", low + digit, 24, 0.98}, {"base 32", "0123456789abcdefghjkmnpqrstvwxyz", 26, 0.99},
		{"hexadecimal", "0123456789abcdef", 8, 0.90}, {"hexadecimal", "0123456789abcdef", 12, 0.99}, {"hexadecimal", "0123456789abcdef", 40, 1},
	} {
		known := 0
		for range 2000 {
			id := make([]byte, kind.n)
			for i := range id {
				id[i] = kind.alphabet[r.IntN(len(kind.alphabet))]
			}
			known += boolInt(partPattern(string(id)) != string(id))
		}
		if share := float64(known) / 2000; share < kind.least {
			t.Errorf("%s of %d: %.3f known, want %.2f", kind.name, kind.n, share, kind.least)
		}
	}
}

func TestIDsInPathsAndNames(t *testing.T) {
	for text, want := range map[string]string{
		"/api/items/a8f3k2":                   "/api/items/{id}",
		"/tenant-42/items/OLJCESPC7Z":         "/{id}/items/{id}",
		"/carts/user:42:cart":                 "/carts/user:{int}:cart",
		"/at/52.5200,13.4050":                 "/at/{int},{int}",
		"/users/42.json":                      "/users/{int}.json",
		"/assets/4f3a2b1c.js":                 "/assets/{id}.js",
		"/users/bob%40example.org":            "/users/{email}",
		"/a%20b/c":                            "/a%20b/c",
		"/v2/app/blobs/sha256:9f86d081884c7d": "/v2/app/blobs/sha256:{hex}",
		"/id=7;v=1/x":                         "/id={int}/x",
	} {
		if got := ParseURL(text).Path; got != want {
			t.Errorf("parseURL(%q).Path = %q, want %q", text, got, want)
		}
	}
	for name, want := range map[string]string{
		"GET /products/OLJCESPC7Z":       "GET /products/{id}",
		"load cus_9s6XKzkNRiz8i3":        "load {id}",
		"amq.gen-JzTY20BRgKO-HjmUJj0wLg": "amq.{id}",
	} {
		if got := Name(name); got != want {
			t.Errorf("Name(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestIDsInStatements(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT * FROM p WHERE id = f47ac10b-58cc-4372-a567-0e02b2c3d479": "SELECT * FROM p WHERE id = ?",
		"SELECT * FROM p WHERE id = OLJCESPC7Z":                           "SELECT * FROM p WHERE id = ?",
		`SELECT * FROM p WHERE id = "cus_9s6XKzkNRiz8i3"`:                 "SELECT * FROM p WHERE id = ?",
		`SELECT * FROM p WHERE id = "owner_id"`:                           `SELECT * FROM p WHERE id = "owner_id"`,
		"SELECT * FROM p JOIN q ON p.id = t1a2b3.pid":                     "SELECT * FROM p JOIN q ON p.id = t1a2b3.pid",
		"INSERT INTO temp_9s6XKzkNRiz8i3 VALUES (1)":                      "INSERT INTO temp_{id} VALUES (?*)",
		"SELECT player2 FROM orders_2024_01 WHERE utf8mb4_col = ?":        "SELECT player2 FROM orders_2024_01 WHERE utf8mb4_col = ?",
	} {
		if got := ParseSQL(text, "postgresql").Template; got != want {
			t.Errorf("%s\n is %s\nwant %s", text, got, want)
		}
	}
	if ParseSQL("SELECT 1 WHERE a = OLJCESPC7Z", "").Params == ParseSQL("SELECT 1 WHERE a = 66VCHSJNUP", "").Params {
		t.Error("two ids have one parameter hash")
	}
}
