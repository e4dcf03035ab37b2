package secrets

import "testing"

func TestOpens(t *testing.T) {
	for _, c := range []struct {
		key, value string
		want       Kind
	}{
		{"db.password", "hunter22", "password"},
		{"http.request.header.authorization", "Bearer abcdef0123456789", "token"},
		{"http.request.header.cookie", "sid=1; theme=dark", "cookie"},
		{"x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig", "token"},
		{"note", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "private key"},
		{"aws", "key AKIAIOSFODNN7EXAMPLE.", "token"},
		{"url", "postgres://app:s3cret@db:5432/x", "password"},
		{"dsn", "host=db password=s3cret sslmode=off", "password"},
		{"msg", "sent Authorization: Bearer abcdef0123456789", "token"},
		{"payment.card", "4111 1111 1111 1111", "payment card number"},
		{"user.api_key", "k-99999", "key"},

		{"db.password", "****", ""},
		{"db.password", "[Filtered]", ""},
		{"db.password", "<redacted>", ""},
		{"gen_ai.usage.input_tokens", "512", ""},
		{"token.count", "1234", ""},
		{"session.id", "1661140374351773094", ""},
		{"db.statement", "SELECT * FROM u WHERE password = ?", ""},
		{"db.statement", "UPDATE u SET password=$1", ""},
		{"url", "https://host:8080/path", ""},
		{"compassword", "abcdef", ""},
		{"http.method", "GET", ""},
		{"text", "Basic research", ""},
	} {
		got, ok := Opens(c.key, c.value)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("Opens(%q, %q) = %q, %v; want %q", c.key, c.value, got, ok, c.want)
		}
	}
}
