package views

import "testing"

func TestTitle(t *testing.T) {
	for _, test := range []struct {
		title string
		width int
		want  string
	}{
		{"retry storm ×5", 14, "retry storm ×5"},
		{"slow external call · 7.85 s", 20, "slow exter… · 7.85 s"},
		{"sequential calls ×4", 18, "sequential… ×4"},
		{"root-cause error: unavailable", 28, "root-cause error: unavailab…"},
		{"clock of ip-10-2-2.internal is off", 24, "clock of ip-1…nal is off"},
		{"clock of ip-10-2-2.internal is off", 12, "clock of…"},
		{"error origin in order-service", 20, "error origin in…"},
		{"payment-service fails on payment-7b6f4-x2x9p", 26, "paym…ice fails on paym…x9p"},
		{"timeout after 1,234,567 calls", 20, "timeout after…"},
		{"unauthenticated", 8, "unauthe…"},
		{"N+1 ×1,204", 4, "N+1…"},
		{"network/queue gap before cartservice: 290 ms", 34, "network/queue gap before… 290 ms"},
		{"no timeout: waited 47.3 s", 23, "no timeout… 47.3 s"},
		{"timeout after 1 m 18 s", 20, "timeout… 1 m 18 s"},
		{"network/queue gap before currencyservice: 9 calls, 1.81 s", 33, "network/queue gap before… 1.81 s"},
		{"timeout after 1 m 18 s", 14, "timeout after…"},
		{"no fail-fast ×12 (no circuit breaker)", 30, "no fail-fast ×12"},
		{"no fail-fast ×12 (no circuit breaker)", 37, "no fail-fast ×12 (no circuit breaker)"},
		{"api: one bad instance (server-3)", 28, "api: one bad instance (serv…"},
		{"bottleneck: frontend GET /products/{id}/recommendations", 32, "bottleneck: frontend GET /produ…"},
		{"anything", 1, ""},
	} {
		if got := Title(test.title, test.width); got != test.want {
			t.Errorf("%q in %d cells is %q, want %q", test.title, test.width, got, test.want)
		}
	}
}
