package compare_test

import "testing"

// TestHeadlineBounds goes by the numbers of the headline from both sides.
func TestHeadlineBounds(t *testing.T) {
	for _, test := range []struct{ name, good, bad, want string }{
		{"three parts and the rest", `
web "GET /" 0ms +100ms kind=server
  web load 10ms +10ms
  web draw 30ms +10ms
  web send 50ms +10ms
  web tell 70ms +10ms
`, `
web "GET /" 0ms +1100ms kind=server
  web load 10ms +290ms
  web draw 310ms +270ms
  web send 590ms +250ms
  web tell 850ms +230ms
`, "+1.00 s: web load self time +280 ms, web draw self time +260 ms, web send self time +240 ms, other +220 ms"},
		{"a missing call, 1.5 % of the trace", `
web "GET /" 0ms +1000ms kind=server
  web load 10ms +500ms
  cache get 600ms +15ms kind=client
`, `
web "GET /" 0ms +985ms kind=server
  web load 10ms +500ms
`, "cache get: missing, no error recorded"},
		{"a missing call, 3 % of the trace", `
web "GET /" 0ms +1000ms kind=server
  web load 10ms +500ms
  cache get 600ms +30ms kind=client
`, `
web "GET /" 0ms +970ms kind=server
  web load 10ms +500ms
`, "cache get: missing, no error recorded; trace -30 ms"},
		{"a missing call of 1.5 % of the difference", `
web "GET /" 0ms +1000ms kind=server
  cache get 10ms +15ms kind=client
  web load 100ms +500ms
`, `
web "GET /" 0ms +2000ms kind=server
  web load 85ms +1515ms
`, "cache get: missing, no error recorded; web load: self time +1.02 s of +1.00 s (102 %, offset by -15 ms missing calls)"},
		{"a missing call of 0.5 % of the difference", `
web "GET /" 0ms +1000ms kind=server
  cache get 10ms +5ms kind=client
  web load 100ms +500ms
`, `
web "GET /" 0ms +2000ms kind=server
  web load 95ms +1505ms
`, "web load: self time +1.01 s of +1.00 s (101 %, offset by -5 ms missing calls)"},
		{"calls that failed by their servers only", `
web "GET /" 0ms +100ms kind=server
  web "GET /price" 10ms +10ms kind=client
    price "GET /price" 12ms +5ms kind=server
  web "GET /price" 30ms +10ms kind=client
    price "GET /price" 32ms +5ms kind=server
  web "GET /price" 50ms +10ms kind=client
    price "GET /price" 52ms +5ms kind=server
`, `
web "GET /" 0ms +100ms kind=server
  web "GET /price" 10ms +10ms kind=client
    price "GET /price" 12ms +5ms kind=server error=odd
  web "GET /price" 30ms +10ms kind=client
    price "GET /price" 32ms +5ms kind=server error=odd
  web "GET /price" 50ms +10ms kind=client
    price "GET /price" 52ms +5ms kind=server
`, "price GET /price: 2 of 3 failed"},
		{"a failure that only its code names", `
web "GET /" 0ms +100ms kind=server
  web Reserve 10ms +10ms kind=client rpc.system=grpc rpc.service=Stock rpc.method=Reserve
`, `
web "GET /" 0ms +100ms kind=server
  web Reserve 10ms +10ms kind=client rpc.system=grpc rpc.service=Stock rpc.method=Reserve rpc.status_code=INTERNAL status=error
`, "web Stock/Reserve: failed (INTERNAL)"},
		{"times of years, a hundred of which 64 bits do not hold", `
web "GET /" 0ms +100ms kind=server
  web load 10ms +10ms
  web draw 30ms +10ms
`, `
web "GET /" 0ms +43800h kind=server
  web load 10ms +43000h
  web draw 43500h +10ms
`, "web load: self time +1792 d of +1825 d (98 %)"},
	} {
		if c := pair(t, test.good, test.bad); c.Headline != test.want {
			t.Errorf("%s: headline %q, want %q", test.name, c.Headline, test.want)
		}
	}
}
