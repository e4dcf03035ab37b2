package secrets

import (
	"strings"
	"testing"
)

// jwtText is made for this test: its parts say {"alg":"none"} and {"sub":"nobody"}.
const jwtText = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJub2JvZHkifQ.c2ln"

func TestSecrets(t *testing.T) {
	gh := "ghp_" + strings.Repeat("aB3", 12)
	for _, c := range []struct {
		key, value string
		kind       Kind
		masked     string
	}{
		{"payment.card", "4111 1111 1111 1111", Card, "****"},
		{"payment.card", "4111111111111111", Card, "****"},
		{"note", "paid with 4111 1111 1111 1111 today", Card, "paid with **** today"},
		{"note", "amex 3782-822463-10005.", Card, "amex ****."},
		{"card_info", "number 4111111111111111", Card, "number ****"},
		{"http.request.header.authorization", "Bearer " + jwtText, Token, "****"},
		{"http.request.header.authorization", `["Bearer ` + jwtText + `"]`, Token, `["****"]`},
		{"http.request.header.x-api-key", `["9f8e7d6c5b4a","a1b2c3d4e5f6"]`, Key, `["****","****"]`},
		{"message", "cut off " + jwtText[:30], Token, "cut off ****"},
		{"message", "cut off " + jwtText[:30] + "...", Token, "cut off ****..."},
		{"message", "glpat-a1B2c3D4e5F6g7H8i9J0", Token, "****"},
		{"error", "login refused, password: hunter22", Password, "login refused, password: ****"},
		{"error", "login refused for ada, password:hunter22", Password, "login refused for ada, password:****"},
		{"graphql.document", `mutation { login(user: "ada", password: "hunter22") { id } }`, Password, `mutation { login(user: "ada", password: "****") { id } }`},
		{"db.statement", "SELECT id FROM sessions WHERE token IN ('a1b2c3d4', 'e5f6a7b8') AND name = 'ada'", Token, "SELECT id FROM sessions WHERE token IN ('****', '****') AND name = 'ada'"},
		{"db.statement", "SELECT id FROM users WHERE users.\"password\" NOT LIKE 'hunter%' AND secret != 'correct horse'", Password, "SELECT id FROM users WHERE users.\"password\" NOT LIKE '****' AND secret != '****'"},
		{"db.statement", "CREATE USER app WITH PASSWORD 'hunter22'", Password, "CREATE USER app WITH PASSWORD '****'"},
		{"db.statement", "GRANT ALL ON shop.* TO app IDENTIFIED BY 'hunter22'", Password, "GRANT ALL ON shop.* TO app IDENTIFIED BY '****'"},
		{"db.statement", "AUTH app hunter22", Password, "AUTH app ****"},
		{"message", "got " + jwtText + ", why", Token, "got ****, why"},
		{"message", "sent Bearer abcDEF0123456789 twice", Token, "sent Bearer **** twice"},
		{"message", "AKIAIOSFODNN7EXAMPLE is no key", Token, "**** is no key"},
		{"message", "push with " + gh, Token, "push with ****"},
		{"message", "xoxb-1234567890-abcdef", Token, "****"},
		{"db.statement", "UPDATE accounts SET password = 'correct horse battery' WHERE login = 'ada'", Password, "UPDATE accounts SET password = '****' WHERE login = 'ada'"},
		{"db.query.text", "INSERT INTO users (login, password, age) VALUES ('ada', 'correct horse', 3), ('bob', 'battery staple', 4)", Password, "INSERT INTO users (login, password, age) VALUES ('ada', '****', 3), ('bob', '****', 4)"},
		{"db.query.text", "INSERT INTO users (password, mail) VALUES ('correct horse', 'ada@analytical.org')", Password, "INSERT INTO users (password, mail) VALUES ('****', '****')"},
		{"db.connection_string", "postgresql://app:hunter2secret@db.prod:5432/shop", Password, "postgresql://app:****@db.prod:5432/shop"},
		{"db.connection_string", "Server=db;User Id=app;Password=hunter2;Encrypt=true", Password, "Server=db;User Id=app;Password=****;Encrypt=true"},
		{"url.full", "https://x.test/cb?access_token=f00ba4f00ba4&state=1", Token, "https://x.test/cb?access_token=****&state=1"},
		{"body", `{"user":"ada","password":"hunter2","n":1}`, Password, `{"user":"ada","password":"****","n":1}`},
		{"body", `{\"password\":\"hunter2\",\"n\":1}`, Password, `{\"password\":\"****\",\"n\":1}`},
		{"db.password", "hunter2", Password, "****"},
		{"app.clientSecret", "s3cr3t-value", Password, "****"},
		{"x-api-key", "9f8e7d6c5b4a", Key, "****"},
		{"user.ssn", "078-05-1120", SSN, "****"},
		{"card.cvv", "123", Code, "****"},
		{"note", "to DE89 3704 0044 0532 0130 00 please", IBAN, "to **** please"},
		{"key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", Private, "****\n-----END RSA PRIVATE KEY-----"},
		{"user", "mail ada.lovelace@mail.analytical.org now", Email, "mail **** now"},
	} {
		parts := Find(c.key, c.value)
		got, _ := Mask(c.key, c.value, true)
		if len(parts) == 0 || parts[0].Kind != c.kind || got != c.masked {
			t.Errorf("%s=%s: %v %q, want %q %q", c.key, c.value, parts, got, c.kind, c.masked)
		}
	}
}

func TestNoSecrets(t *testing.T) {
	for _, c := range []struct{ key, value string }{
		{"event.sequence", "1661140374351773094"}, {"order.id", "4111111111111111"}, {"ts", "4539 1488 0343 646"},
		{"gen_ai.usage.input_tokens", "512"}, {"llm.token", "51200000"}, {"token.count", "12345678"},
		{"db.statement", "SELECT id FROM accounts WHERE login = ? AND password = ?"},
		{"db.statement", "SELECT id FROM a JOIN b ON a.password = b.password WHERE password=$1 AND secret = :secret AND token = @p0"},
		{"db.query.text", "INSERT INTO users (login, password) VALUES ('ada', ?)"},
		{"http.request.header.authorization", "[Filtered]"}, {"http.request.header.authorization", "Bearer [Filtered]"},
		{"http.request.header.authorization", `["****"]`}, {"password", "********"}, {"password", "<redacted>"}, {"password", "xxxxxxxx"},
		{"password", "${DB_PASSWORD}"}, {"password", "••••••"}, {"db.connection_string", "Server=db;Password=***;"}, {"url", "https://user:***@host.net/"},
		{"session.id", "a1b2c3d4e5f6a7b8"}, {"product.card", "product-card-large"}, {"http.user_agent", "Mozilla/5.0 (X11; Linux x86_64)"},
		{"cert", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----"}, {"repo", "git@github.com:org/repo.git"}, {"user", "ada@example.com"},
		{"img", "icon@2x.png"}, {"dep", "lodash@4.17.21"}, {"image", "registry.test/app@sha256:4111111111111111"}, {"kafka", "consumer@broker-1.prod"},
		{"id", "GB12ABCDEFGHIJKLMNOPQR"}, {"trace", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}, {"message", "Basic information about bearer authentication"},
		{"message", "password: must be longer"}, {"auth.token", "expired"}, {"test.pass", "passed"}, {"message", "password: too short, use 8 characters"}, {"message", "token: line 12, column 40"},
		{"db.statement", "SELECT password FROM a WHERE kind IN ('basic-auth', 'digest') ORDER BY 'created_at'"}, {"db.statement", "AUTH ?"}, {"message", "AUTH failed for user ada"},
		{"db.statement", "SELECT 'token', 'hunter22' FROM a WHERE token IN (?, ?)"}, {"body", `{"errors":{"password":"is required","token":"must not be empty"}}`},
		{"message", `Unexpected token: "<!DOCTYPE"`}, {"message", "Syntax Error: unexpected token: 'identifier'"}, {"opa.authorization", "allowed"}, {"user.session", "authenticated"},
		{"token", "refresh_token"}, {"k8s.secret", "projects/shop-4711/secrets/db"}, {"aws.secret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3"}, {"compass", "north by north-west"}, {"url", "https://host:8080/a@b"}, {"x", "eyJeyJeyJeyJ"}, {"pan", "left to right"},
		{"monkey", "banana-banana"}, {"", "ok"}, {"next_page_token", "CAoQAA3x"}, {"note", "4111 1111 1111 1112"}, {"note", "9111 1111 1111 1110"},
		{"app.cache.key", "session:9959498:cart"}, {"db.statement", "GET session:a1b2c3d4e5f6"}, {"db.statement", "HGETALL token:42:scopes"}, {"key", "password:7f3a9c21:resets"},
		{"db.statement", "UPDATE a SET password=other.password FROM other"}, {"password", "abc"},
	} {
		if list := Find(c.key, c.value); len(list) > 0 {
			t.Errorf("%s=%s: %v", c.key, c.value, list)
		}
	}
}

func TestMaskKeepsAddressesUnlessAsked(t *testing.T) {
	const text = "ada@analytical.org password=hunter2"
	if got, ok := Mask("m", text, false); !ok || got != "ada@analytical.org password=****" {
		t.Errorf("%q %v", got, ok)
	}
	if got, ok := Mask("m", "plain", false); ok || got != "plain" {
		t.Errorf("%q %v", got, ok)
	}
}

func FuzzSecrets(f *testing.F) {
	for _, seed := range []string{"Bearer " + jwtText, "://a:b@", "INSERT INTO a (password) VALUES ('x", "password='", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "\\\"password\\\":\\\"", "@", "=", "-----BEGIN "} {
		f.Add("", seed)
		f.Add("db.statement", seed)
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		at := 0
		for _, s := range Find(key, value) {
			if s.From < at || s.To <= s.From || s.To > len(value) {
				t.Fatalf("%v in %d bytes behind %d", s, len(value), at)
			}
			at = s.To
		}
		if masked, ok := Mask(key, value, true); ok {
			again, _ := Mask(key, masked, true)
			if strings.Count(again, MaskText) < strings.Count(masked, MaskText) {
				t.Fatalf("%q became %q", masked, again)
			}
		}
	})
}

// BenchmarkSecrets prints nanoseconds for an ordinary value and bytes per second for a long one.
func BenchmarkSecrets(b *testing.B) {
	long := strings.Repeat("SELECT id, name FROM products WHERE category = ? AND stock > 0 ", 1000)
	b.Run("short", func(b *testing.B) {
		for b.Loop() {
			Find("http.route", "/api/checkout/{id}")
		}
	})
	b.Run("long", func(b *testing.B) {
		b.SetBytes(int64(len(long)))
		for b.Loop() {
			Find("db.query.text", long)
		}
	})
}
