package incident

import (
	"fmt"
	"time"

	"tracefall/testdata/gen/scene"
)

// web is a request to an API, the frame of most cases.
func (s *stage) web(dur float64, method, route string, status int) *scene.Span {
	return s.svc("api").Serve(scene.Epoch, dur, method, route, route, status)
}

func retryCases() []fixture {
	const d = "retry-storm"
	origin := []string{"error-origin"}
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 5, ms: map[string]float64{"root": 5020, "attempts": 4920, "max_gap": 0.4}, also: origin,
			play: alone(func(s *stage) *scene.Span { return s.retryStorm(scene.Epoch, false) })},
		{detector: d, name: "fifth-works", found: true, count: 5, ms: map[string]float64{"root": 5020, "failed": 4010}, also: origin,
			play: alone(func(s *stage) *scene.Span { return s.retryStorm(scene.Epoch, true) })},
		{detector: d, name: "nested", found: true, count: 27, also: origin, note: "three layers of three attempts: 27 leaf calls for one request", play: alone(nestedRetries)},
		{detector: d, name: "grpc-attempts", found: true, count: 4, also: origin, note: "grpc-previous-rpc-attempts, exponential backoff of 100, 200 and 400 ms", play: alone(grpcAttempts)},
		{detector: d, name: "wrapped-attempts", found: true, count: 3, also: origin, note: "spans Attempt 1 to Attempt 3 around the calls", play: alone(wrappedAttempts)},
		{detector: d, name: "redirect", play: alone(func(s *stage) *scene.Span {
			root := s.web(90, "GET", "/docs", 200)
			root.HTTPOut(4, 30, "GET", "docs.prod.svc.cluster.local:8080", "/guide", 302)
			root.HTTPOut(36, 40, "GET", "docs.prod.svc.cluster.local:8080", "/guide", 302, num("http.request.resend_count", 1))
			root.HTTPOut(78, 8, "GET", "docs.prod.svc.cluster.local:8080", "/guide/", 200, num("http.request.resend_count", 2))
			return root
		})},
		{detector: d, name: "auth-challenge", also: origin, play: alone(func(s *stage) *scene.Span {
			root := s.web(60, "GET", "/report", 200)
			root.HTTPOut(4, 12, "GET", "files.prod.svc.cluster.local:8080", "/report.csv", 401)
			root.HTTPOut(17, 30, "GET", "files.prod.svc.cluster.local:8080", "/report.csv", 200, num("http.request.resend_count", 1))
			return root
		})},
		{detector: d, name: "one-item-fails", also: append(origin, "n-plus-one"), note: "five different items, the third fails", play: alone(func(s *stage) *scene.Span {
			root := s.web(140, "POST", "/import", 200)
			for i := range 5 {
				status := 201
				if i == 2 {
					status = 503
				}
				root.HTTPOut(5+25*float64(i), 22, "POST", "items.prod.svc.cluster.local:8080", fmt.Sprintf("/items/%d", 41+i), status)
			}
			return root
		})},
		{detector: d, name: "hedged", also: origin, note: "the second call starts while the first runs; the first answer wins", play: alone(func(s *stage) *scene.Span {
			root := s.web(160, "GET", "/price", 200)
			slow := root.HTTPOut(5, 140, "GET", "prices.prod.svc.cluster.local:8080", "/p/7", 0)
			slow.Fail("context.Canceled", "context canceled")
			root.HTTPOut(55, 88, "GET", "prices.prod.svc.cluster.local:8080", "/p/7", 200)
			return root
		})},
		{detector: d, name: "one-retry-with-backoff", atMost: "info", also: origin, play: alone(func(s *stage) *scene.Span {
			root := s.web(1120, "GET", "/rates", 200)
			root.HTTPOut(5, 40, "GET", "rates.prod.svc.cluster.local:8080", "/latest", 503)
			root.HTTPOut(1045, 60, "GET", "rates.prod.svc.cluster.local:8080", "/latest", 200, num("http.request.resend_count", 1))
			return root
		})},
		{detector: d, name: "polling", note: "three calls, each answered with 200", play: alone(func(s *stage) *scene.Span {
			root := s.web(660, "POST", "/export", 200)
			for i := range 3 {
				root.HTTPOut(5+210*float64(i), 9, "GET", "jobs.prod.svc.cluster.local:8080", "/jobs/42", 200)
			}
			return root
		})},
	}
}

func nestedRetries(s *stage) *scene.Span {
	root := s.web(390, "POST", "/book", 503)
	for i := range 3 {
		_, b := root.HTTP(s.svc("booking"), 3+128*float64(i), 126, "POST", "/bookings", "/bookings", 503)
		for j := range 3 {
			_, c := b.HTTP(s.svc("seats"), b.From+1.5+41*float64(j), 40, "POST", "/seats", "/seats", 503)
			for k := range 3 {
				c.HTTPOut(c.From+1+12.4*float64(k), 12, "POST", "ledger.prod.svc.cluster.local:8080", "/holds", 503)
			}
		}
	}
	return root
}

func grpcAttempts(s *stage) *scene.Span {
	root := s.web(880, "GET", "/quote", 503)
	from := 5.0
	for i, pause := range []float64{100, 200, 400, 0} {
		call := root.Child(s.svc("api"), scene.RPC, clientKind, "shop.Quotes/Get", from, 40,
			str("rpc.system.name", "grpc"), str("rpc.method", "shop.Quotes/Get"), str("rpc.status_code", "UNAVAILABLE"), str("server.address", "quotes.prod.svc.cluster.local"))
		if i > 0 {
			call.Set(num("grpc-previous-rpc-attempts", i))
		}
		call.Fail("UNAVAILABLE", "no healthy upstream")
		from += 40 + pause
	}
	return root
}

func wrappedAttempts(s *stage) *scene.Span {
	root := s.web(330, "PUT", "/avatar", 502)
	for i := range 3 {
		from := 6 + 104*float64(i)
		try := root.Inner(fmt.Sprintf("Attempt %d", i+1), from, 101)
		try.Fail("", "bad gateway")
		try.HTTPOut(from+1, 99, "PUT", "blobs.prod.svc.cluster.local:8080", "/avatars/9", 502)
	}
	return root
}

// twice is POST /orders that a caller sends two times; the attempts' servers do
// what first and second play, and the first ends as outcome says.
func (s *stage) twice(method string, first, second func(server *scene.Span), outcome func(client *scene.Span), kv ...string) *scene.Span {
	orders := s.svc("order-service")
	root := s.web(2740, method, "/orders", 200)
	for i, act := range []func(*scene.Span){first, second} {
		from, dur, status := 10.0, 2500.0, 0
		if i == 1 {
			from, dur, status = 2560, 150, 200
		}
		call := root.HTTPOut(from, dur, method, "order-service.prod.svc.cluster.local:8080", "/orders", status, num("attempt", i+1))
		for j := 0; j+1 < len(kv); j += 2 {
			call.Set(str(kv[j], kv[j+1]))
		}
		if i == 0 {
			outcome(call)
		}
		if act == nil {
			continue
		}
		server := call.Child(orders, scene.HTTP, serverKind, method+" /orders", from+2, dur-4, str("http.request.method", method), str("http.route", "/orders"))
		act(server)
	}
	return root
}

func timedOut(client *scene.Span) { client.Fail("TIMEOUT", "timeout of 2500ms exceeded") }

// statements is server work: one statement after another, the last at its end.
func statements(list ...string) func(*scene.Span) {
	return func(server *scene.Span) {
		from := server.End() - 22*float64(len(list))
		for i, text := range list {
			server.SQL(postgres("orders"), from+22*float64(i), 18, text)
		}
	}
}

const insertOrder = "INSERT INTO orders (id, customer_id, total_cents) VALUES (?, ?, ?)"

func duplicateCases() []fixture {
	const d = "duplicate-write"
	along := []string{"retry-storm", "timeout-wait", "error-origin"}
	ms := map[string]float64{"first": 2500, "second": 150}
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 2, ms: map[string]float64{"root": 45, "first": 2500, "second": 150, "first_write_ends": 2400}, also: along,
			note: "the gateway answers after 45 ms, its calls go on", play: alone(func(s *stage) *scene.Span { return s.duplicateOrder(scene.Epoch, false) })},
		{detector: d, name: "waiting", found: true, count: 2, ms: map[string]float64{"root": 2872, "first": 2500, "second": 150}, also: along,
			play: alone(func(s *stage) *scene.Span { return s.duplicateOrder(scene.Epoch, true) })},
		{detector: d, name: "published-twice", found: true, count: 2, ms: ms, also: along, play: alone(func(s *stage) *scene.Span {
			publish := func(server *scene.Span) { server.Publish(server.End()-20, 6, "orders", "m-"+s.Hex(6)) }
			return s.twice("POST", publish, publish, timedOut)
		})},
		{detector: d, name: "refused-before-write", also: along, play: alone(func(s *stage) *scene.Span {
			root := s.web(190, "POST", "/orders", 200)
			root.HTTPOut(10, 3, "POST", "order-service.prod.svc.cluster.local:8080", "/orders", 0, num("attempt", 1)).Fail("ECONNREFUSED", "connect ECONNREFUSED 10.2.3.4:8080")
			_, server := root.HTTP(s.svc("order-service"), 30, 150, "POST", "/orders", "/orders", 201, num("attempt", 2))
			server.SQL(postgres("orders"), 140, 18, insertOrder)
			return root
		})},
		{detector: d, name: "upsert", atMost: "info", also: along, play: alone(func(s *stage) *scene.Span {
			write := statements(insertOrder + " ON CONFLICT (id) DO NOTHING")
			return s.twice("POST", write, write, timedOut)
		})},
		{detector: d, name: "idempotency-key", atMost: "info", also: along, play: alone(func(s *stage) *scene.Span {
			write := statements(insertOrder)
			return s.twice("POST", write, write, timedOut, "http.request.header.idempotency-key", "k-5521")
		})},
		{detector: d, name: "rolled-back", also: along, play: alone(func(s *stage) *scene.Span {
			return s.twice("POST", statements("BEGIN", insertOrder, "ROLLBACK"), statements("BEGIN", insertOrder, "COMMIT"), timedOut)
		})},
		{detector: d, name: "get-again", also: along, play: alone(func(s *stage) *scene.Span {
			read := statements("SELECT id, state FROM orders WHERE id = ?")
			return s.twice("GET", read, read, timedOut)
		})},
	}
}

// spaced plays n traces, gap apart.
func spaced(n int, gap time.Duration, play func(s *stage, i int, at time.Time)) func(*stage) {
	return func(s *stage) {
		for i := range n {
			play(s, i, scene.Epoch.Add(time.Duration(i)*gap))
		}
	}
}
