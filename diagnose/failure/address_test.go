package failure

import "testing"

func TestAddressIn(t *testing.T) {
	for text, want := range map[string]string{
		"connect ECONNREFUSED redis:6379":                              "redis:6379",
		"dial tcp 10.0.0.5:6379: connect: connection refused":          "10.0.0.5:6379",
		"read tcp 10.0.0.1:53422->10.0.0.5:6379: i/o timeout":          "10.0.0.5:6379",
		"lookup redis.prod.svc on 10.96.0.10:53: no such host":         "redis.prod.svc",
		"getaddrinfo ENOTFOUND payments.internal":                      "payments.internal",
		"panic at main.go:145, then Connection to Db.Prod:5432 failed": "db.prod:5432",
		"refused at 12:30:45":                                          "",
		"out of memory":                                                "",
	} {
		if got := addressIn(text); got != want {
			t.Errorf("addressIn(%q) = %q, want %q", text, got, want)
		}
	}
}
