package secrets

import (
	"strconv"
	"strings"
	"testing"
)

// BenchmarkFind prints nanoseconds for ordinary attributes and bytes per second for long values.
func BenchmarkFind(b *testing.B) {
	for _, c := range []struct{ name, key, value string }{
		{"route", "http.route", "/api/checkout/{id}"},
		{"method", "http.request.method", "GET"},
		{"status", "http.response.status_code", "200"},
		{"id", "k8s.pod.uid", "275ecb36-5aa8-4c2a-9c47-d8bb681b9aff"},
		{"url", "url.full", "https://shop.io/api/v1/items?limit=10&sort=price"},
		{"agent", "user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0"},
		{"cache key", "db.statement", "GET product:4711"},
		{"sql", "db.query.text", "SELECT id, name, price FROM products WHERE category = ? AND stock > 0 ORDER BY price LIMIT 10"},
		{"sql with a secret column", "db.query.text", "SELECT id FROM users WHERE login = ? AND password = ?"},
		{"long sql", "db.query.text", strings.Repeat("SELECT id, name FROM products WHERE category = ? AND stock > 0 ", 1000)},
		{"long hex", "x", strings.Repeat("9f8e7d6c5b4a3928", 4000)},
		{"long words", "x", strings.Repeat("token password key secret ", 2000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.value)))
			for b.Loop() {
				Find(c.key, c.value)
			}
		})
	}
}

// BenchmarkHostile prints bytes per second for texts that repeat what a search may follow to the end: the same for
// both sizes, or it is no longer linear.
func BenchmarkHostile(b *testing.B) {
	for _, unit := range []string{"cookie: ", "password=[", `password=["`, "session:", `name="password">`, "SELECT password IN ( ", "mysql -p ", "-----BEGIN PRIVATE KEY ", "$a$ password='x' ", "%41password="} {
		for _, size := range []int{10_000, 100_000} {
			text := strings.Repeat(unit, size/len(unit))
			b.Run(unit+strconv.Itoa(size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					Find("db.statement", text)
				}
			})
		}
	}
}
