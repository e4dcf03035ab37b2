package incident

import (
	"fmt"
	"math"
	"time"

	"tracefall/testdata/gen/scene"
)

// keep is a step inside a service that fails at a dependency. As message, only
// the error's text names it; otherwise attributes do.
func (s *stage) keep(at time.Time, service, host string, asMessage, handled bool) {
	status := 500
	if handled {
		status = 200
	}
	root := s.svc(service).Serve(at, 16, "GET", "/"+service, "/"+service, status)
	if asMessage {
		step := root.Inner("SessionStore.load", 3, 2.6)
		step.Fail("ECONNREFUSED", "connect ECONNREFUSED "+host+":6379")
	} else {
		db := redis()
		db.Host = host
		root.SQL(db, 3, 2.6, "GET session:"+s.Hex(6), num("server.port", 6379)).Fail("ECONNREFUSED", "connection refused")
	}
	if handled {
		root.SQL(postgres("core"), 7, 5, "SELECT payload FROM sessions WHERE id = ?")
	} else {
		s.culprit(root)
	}
}

func dependencyCases() []fixture {
	const d = "shared-dependency"
	origin := []string{"error-origin"}
	services := []string{"auth-service", "user-service", "order-service"}
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 11, also: origin, note: "11 of 12 failing traces, 3 callers; redis is in the message only", play: spaced(20, time.Second, func(s *stage, i int, at time.Time) {
			switch {
			case i < 4 || i >= 16:
				s.svc(services[i%3]).Serve(at, 12, "GET", "/"+services[i%3], "/"+services[i%3], 200)
			case i == 9:
				root := s.svc("order-service").Serve(at, 212, "POST", "/pay", "/pay", 502)
				root.HTTPOut(4, 200, "POST", "acquirer.example.net", "/v2/authorisations", 502)
			default:
				s.keep(at, services[i%3], "redis", true, false)
			}
		})},
		{detector: d, name: "mixed-forms", found: true, count: 9, also: origin, note: "one caller names redis in attributes, the others in messages", play: spaced(9, time.Second, func(s *stage, i int, at time.Time) {
			s.keep(at, services[i%3], "redis", i%3 != 1, false)
		})},
		{detector: d, name: "three-databases", also: origin, play: spaced(9, time.Second, func(s *stage, i int, at time.Time) {
			s.keep(at, services[i%3], "redis-"+services[i%3], true, false)
		})},
		{detector: d, name: "handled", also: origin, note: "redis fails, every request is answered", play: spaced(9, time.Second, func(s *stage, i int, at time.Time) {
			s.keep(at, services[i%3], "redis", true, true)
		})},
		{detector: d, name: "one-service", also: origin, play: spaced(9, time.Second, func(s *stage, _ int, at time.Time) {
			s.keep(at, "auth-service", "redis", true, false)
		})},
	}
}

// measured is a request of one span with one number on it.
func (s *stage) measured(at time.Time, key string, value int, dur float64) {
	s.culprit(s.svc("user-service").Serve(at, dur, "GET", "/users/:id", "/users/7", 200, num(key, value)))
}

func trendCases() []fixture {
	const d = "growing-trend"
	const n = 32
	calm := func(s *stage) float64 { return s.Around(50, 0.15) }
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 4, ms: map[string]float64{"first": 100, "last": 800}, note: "four points: 1,000, 5,000, 15,000, 50,000", play: spaced(4, time.Hour, func(s *stage, i int, at time.Time) {
			s.culprit(s.lookupUser(at, []int{1000, 5000, 15000, 50000}[i], []float64{100, 200, 400, 800}[i]))
		})},
		{detector: d, name: "noisy", found: true, count: n, note: "32 points, each 10 % off", play: spaced(n, time.Minute, func(s *stage, i int, at time.Time) {
			s.measured(at, "cache.size", int(s.Around(1000+800*float64(i), 0.1)), s.Around(100+12*float64(i), 0.1))
		})},
		{detector: d, name: "order-id", play: spaced(n, time.Minute, func(s *stage, i int, at time.Time) { s.measured(at, "order.id", 70000+13*i, calm(s)) })},
		{detector: d, name: "kafka-offset", play: spaced(n, time.Minute, func(s *stage, i int, at time.Time) {
			s.measured(at, "messaging.kafka.offset", 1000+90*i, calm(s))
		})},
		{detector: d, name: "sawtooth", note: "grows and is emptied, four times", play: spaced(n, time.Minute, func(s *stage, i int, at time.Time) {
			s.measured(at, "cache.size", 1000+800*(i%8), calm(s))
		})},
		{detector: d, name: "step", atMost: "info", note: "one step, at a deploy, which may be told as that", play: spaced(n, time.Minute, func(s *stage, i int, at time.Time) {
			size := 1000.0
			if i >= 16 {
				size = 4000
			}
			s.measured(at, "cache.size", int(s.Around(size, 0.05)), calm(s))
		})},
		{detector: d, name: "flat", play: spaced(n, time.Minute, func(s *stage, i int, at time.Time) {
			s.measured(at, "cache.size", int(5000+400*math.Sin(float64(i))), calm(s))
		})},
	}
}

// replied is a request of one span to one instance of api.
func (s *stage) replied(at time.Time, instance, route string, dur float64, failed bool) {
	status := 200
	if failed {
		status = 500
	}
	root := s.replica("api", instance).Serve(at, dur, "GET", route, route, status)
	if failed {
		root.Fail("500", "internal error")
		s.culprit(root)
	}
}

func instanceCases() []fixture {
	const d = "bad-instance"
	origin := []string{"error-origin"}
	server := func(i int) string { return fmt.Sprintf("server-%d", i%3+1) }
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 12, also: origin, note: "12 of 31 on server-3, 0 of 64 elsewhere", play: spaced(95, time.Second, func(s *stage, i int, at time.Time) {
			nth := i/3 + 1
			s.replied(at, server(i), "/items/{id}", s.Around(40, 0.2), i%3 == 2 && nth%2 == 0 && nth > 5 && nth < 30)
		})},
		{detector: d, name: "slow", found: true, count: 12, ms: map[string]float64{"typical": 40, "bad": 110}, note: "no errors: server-3 is slower", play: spaced(36, time.Second, func(s *stage, i int, at time.Time) {
			dur := 40.0
			if i%3 == 2 {
				dur = 110
			}
			s.replied(at, server(i), "/items/{id}", s.Around(dur, 0.15), false)
		})},
		{detector: d, name: "proportional", also: origin, play: spaced(60, time.Second, func(s *stage, i int, at time.Time) {
			s.replied(at, server(i), "/items/{id}", s.Around(40, 0.2), i%10 == 4)
		})},
		{detector: d, name: "one-each", also: origin, play: spaced(45, time.Second, func(s *stage, i int, at time.Time) {
			s.replied(at, server(i), "/items/{id}", s.Around(40, 0.2), i == 12 || i == 22 || i == 32)
		})},
		{detector: d, name: "too-few", also: origin, note: "server-3 saw 4 requests, 3 failed", play: spaced(34, time.Second, func(s *stage, i int, at time.Time) {
			if among(i, 8, 15, 21, 28) {
				s.replied(at, "server-3", "/items/{id}", 40, i != 8)
				return
			}
			s.replied(at, server(i%2), "/items/{id}", s.Around(40, 0.2), false)
		})},
		{detector: d, name: "own-operation", also: origin, note: "only server-3 serves /exports, and that is what fails", play: spaced(60, time.Second, func(s *stage, i int, at time.Time) {
			if i%3 == 2 && i%2 == 0 {
				s.replied(at, "server-3", "/exports", s.Around(90, 0.2), true)
				return
			}
			s.replied(at, server(i), "/items/{id}", s.Around(40, 0.2), false)
		})},
	}
}

func exhaustionCases() []fixture {
	const d = "exhaustion"
	origin := []string{"error-origin"}
	return []fixture{
		{detector: d, name: "acquire", found: true, count: 1, ms: map[string]float64{"wait": 4200, "query": 6}, play: alone(func(s *stage) *scene.Span { return s.invoice(scene.Epoch, 4200) })},
		{detector: d, name: "seven-of-nine", found: true, count: 7, ms: map[string]float64{"wait": 4200, "query": 6}, play: spaced(9, 400*time.Millisecond, func(s *stage, i int, at time.Time) {
			wait := 4200.0
			if i == 1 || i == 5 {
				wait = 2
			}
			s.culprit(s.invoice(at, wait))
		})},
		{detector: d, name: "message", found: true, count: 1, also: origin, note: "the error's text says it", play: alone(func(s *stage) *scene.Span {
			root := s.web(640, "GET", "/items", 500)
			root.Inner("loadItems", 4, 630).Fail("HikariPool", "HikariPool-1 - Connection is not available, request timed out after 625ms")
			return root
		})},
		{detector: d, name: "bulkhead", found: true, count: 1, also: origin, play: alone(func(s *stage) *scene.Span {
			root := s.web(310, "GET", "/items", 503)
			root.Inner("callPricing", 4, 300).Fail("BulkheadFullException", "Bulkhead 'pricing' is full and does not permit further calls")
			return root
		})},
		{detector: d, name: "plateau", found: true, count: 40, note: "40 queries, never more than 10 at once", play: alone(func(s *stage) *scene.Span { return manyQueries(s, 10) })},
		{detector: d, name: "no-cap", note: "40 queries at once", play: alone(func(s *stage) *scene.Span { return manyQueries(s, 40) })},
		{detector: d, name: "cold-connect", note: "one connect of 80 ms when the process starts", play: alone(func(s *stage) *scene.Span {
			root := s.web(240, "GET", "/items", 200)
			root.Inner("pg-pool.connect", 4, 80)
			for i := range 4 {
				root.SQL(postgres("items"), 88+36*float64(i), 12, "INSERT INTO views (item_id) VALUES (?)")
				root.Inner("hydrate", 101+36*float64(i), 20)
			}
			return root
		})},
		{detector: d, name: "one-by-one", also: []string{"n-plus-one"}, note: "a loop has one query at a time: no plateau", play: alone(func(s *stage) *scene.Span { return manyQueries(s, 1) })},
	}
}

// manyQueries runs 40 queries of about 20 ms, no more than most at once.
func manyQueries(s *stage, most int) *scene.Span {
	free := make([]float64, most)
	type job struct{ from, dur float64 }
	var jobs []job
	end := 0.0
	for range 40 {
		next := 0
		for i := range free {
			if free[i] < free[next] {
				next = i
			}
		}
		j := job{from: max(5, free[next]+0.3), dur: s.Around(20, 0.2)}
		free[next] = j.from + j.dur
		end = max(end, free[next])
		jobs = append(jobs, j)
	}
	root := s.web(end+6, "POST", "/recalculate", 200)
	for i, j := range jobs {
		root.SQL(postgres("prices"), j.from, j.dur, fmt.Sprintf("SELECT price_cents FROM prices WHERE sku = 'A-%d'", 100+i))
	}
	return root
}

func partialCases() []fixture {
	const d = "partial-failure"
	origin := []string{"error-origin"}
	failing := func(s *stage, before, after func(root *scene.Span)) *scene.Span {
		root := s.svc("checkout-service").Serve(scene.Epoch, 140, "POST", "/api/orders", "/api/orders", 500)
		if before != nil {
			before(root)
		}
		client, _ := root.GRPC(s.svc("inventory-service"), 40, 32, "shop.Inventory/Reserve", "INTERNAL")
		client.Fail("", "stock shard 3 is read-only")
		if after != nil {
			after(root)
		}
		return root
	}
	insert := func(root *scene.Span) { root.SQL(postgres("orders"), 12, 12, insertOrder) }
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 1, also: origin, play: alone(func(s *stage) *scene.Span { return s.placeOrder(scene.Epoch, true) })},
		{detector: d, name: "rollback", also: origin, play: alone(func(s *stage) *scene.Span {
			return failing(s, func(root *scene.Span) {
				root.SQL(postgres("orders"), 4, 2, "BEGIN")
				insert(root)
			}, func(root *scene.Span) { root.SQL(postgres("orders"), 80, 6, "ROLLBACK") })
		})},
		{detector: d, name: "cancelled", also: origin, play: alone(func(s *stage) *scene.Span {
			return failing(s, insert, func(root *scene.Span) {
				root.Inner("cancelOrder", 80, 30).SQL(postgres("orders"), 84, 16, "UPDATE orders SET state = 'cancelled' WHERE id = ?")
			})
		})},
		{detector: d, name: "reserve-first", also: origin, play: alone(func(s *stage) *scene.Span { return failing(s, nil, nil) })},
		{detector: d, name: "audit-only", also: origin, play: alone(func(s *stage) *scene.Span {
			return failing(s, func(root *scene.Span) {
				root.SQL(postgres("orders"), 12, 6, "INSERT INTO audit_log (actor, action) VALUES (?, ?)")
			}, nil)
		})},
		{detector: d, name: "recovered", also: origin, note: "the second attempt reserves, and all goes on", play: alone(func(s *stage) *scene.Span {
			root := s.svc("checkout-service").Serve(scene.Epoch, 190, "POST", "/api/orders", "/api/orders", 201)
			insert(root)
			client, _ := root.GRPC(s.svc("inventory-service"), 30, 22, "shop.Inventory/Reserve", "UNAVAILABLE")
			client.Fail("", "connection closed")
			root.GRPC(s.svc("inventory-service"), 80, 24, "shop.Inventory/Reserve", "OK")
			root.HTTP(s.svc("payment-service"), 110, 60, "POST", "/charge", "/charge", 200)
			return root
		})},
	}
}

// takeOne reads and writes one product's stock on a host of inventory-service,
// called by a gateway.
func (s *stage) takeOne(at time.Time, instance, product, read, write string) {
	root := s.svc("api-gateway").Serve(at, 72, "POST", "/reserve", "/reserve", 200)
	_, server := root.HTTP(s.replica("inventory-service", instance), 1, 70, "POST", "/reserve", "/reserve", 200)
	item := server.Inner("ReserveItem", 3, 64)
	item.SQL(postgres("stock"), 6, 4, fmt.Sprintf(read, product))
	item.SQL(postgres("stock"), 54, 9, fmt.Sprintf(write, product))
	s.culprit(root)
}

func updateCases() []fixture {
	const d = "lost-update"
	const write = "UPDATE stock SET quantity = 0 WHERE product_id = '%s'"
	pair := func(read, write, second string, apart time.Duration, instance string) func(*stage) {
		return func(s *stage) {
			s.takeOne(scene.Epoch, "inv-1", "SKU-4711", read, write)
			s.takeOne(scene.Epoch.Add(apart), instance, second, read, write)
		}
	}
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 2, ms: map[string]float64{"apart": 15}, play: pair(readStock, write, "SKU-4711", 15*time.Millisecond, "inv-1")},
		{detector: d, name: "for-update", play: pair(readStock+" FOR UPDATE", write, "SKU-4711", 15*time.Millisecond, "inv-1")},
		{detector: d, name: "version", play: pair("SELECT quantity, version FROM stock WHERE product_id = '%s'", write+" AND version = 7", "SKU-4711", 15*time.Millisecond, "inv-1")},
		{detector: d, name: "relative", note: "the update subtracts in the database", play: pair(readStock, "UPDATE stock SET quantity = quantity - 1 WHERE product_id = '%s'", "SKU-4711", 15*time.Millisecond, "inv-1")},
		{detector: d, name: "different-products", play: pair(readStock, write, "SKU-1022", 15*time.Millisecond, "inv-1")},
		{detector: d, name: "within-clock-error", note: "two hosts; the windows overlap by 0.3 ms, their clocks are known to about 1 ms", play: pair(readStock, write, "SKU-4711", 56_700*time.Microsecond, "inv-2")},
	}
}
