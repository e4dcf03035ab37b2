package incident

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"tracefall/testdata/gen/scene"
)

func nPlusOneCases() []fixture {
	const d = "n-plus-one"
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 50, ms: map[string]float64{"root": 850, "union": 250}, note: "parameters are hidden",
			play: alone(func(s *stage) *scene.Span { return s.profileQueries(scene.Epoch, 50, likesHidden) })},
		{detector: d, name: "literals", found: true, count: 50, ms: map[string]float64{"root": 850, "union": 250}, note: "50 distinct literals",
			play: alone(func(s *stage) *scene.Span { return s.profileQueries(scene.Epoch, 50, likesLiteral) })},
		{detector: d, name: "joined", ms: map[string]float64{"root": 55}, play: alone(func(s *stage) *scene.Span { return s.profileJoined(scene.Epoch) })},
		{detector: d, name: "wrapped", found: true, count: 50, ms: map[string]float64{"root": 3200, "union": 2500}, note: "the repeated span is getComments (post_id=1…50)",
			play: alone(func(s *stage) *scene.Span {
				return s.dashboard(scene.Epoch, 50, func(post int) string { return fmt.Sprintf("getComments (post_id=%d)", post) })
			})},
		{detector: d, name: "pair", found: true, count: 12, note: "two queries alternate 12 times", play: alone(func(s *stage) *scene.Span {
			root := s.web(230, "POST", "/routes/query", 200)
			list := root.Inner("RouteController.queryByIds", 3, 224)
			for i := range 12 {
				list.SQL(postgres("routes"), 6+18.4*float64(i), 8, "SELECT * FROM route_stations WHERE route_id = ?")
				list.SQL(postgres("routes"), 15+18.4*float64(i), 8, "SELECT * FROM route_distances WHERE route_id = ?")
			}
			return root
		})},
		{detector: d, name: "parallel", found: true, atMost: "low", count: 20, note: "20 calls at once: a fan-out, not a loop", play: alone(func(s *stage) *scene.Span {
			root := s.web(70, "GET", "/feed", 200)
			for i := range 20 {
				root.HTTPOut(4+0.4*float64(i), s.Around(44, 0.1), "GET", "posts.prod.svc.cluster.local:8080", fmt.Sprintf("/posts/%d", 300+i), 200)
			}
			return root
		})},
		{detector: d, name: "pool-between", found: true, count: 20, ms: map[string]float64{"union": 100}, note: "pg-pool.connect before each query", play: alone(func(s *stage) *scene.Span {
			root := s.web(180, "GET", "/tags", 200)
			for i := range 20 {
				root.Inner("pg-pool.connect", 5+8*float64(i), 1)
				root.SQL(postgres("blog"), 6.2+8*float64(i), 5, fmt.Sprintf("SELECT name FROM tags WHERE post_id = %d", i+1))
			}
			return root
		})},
		{detector: d, name: "orm-and-driver", found: true, count: 20, ms: map[string]float64{"union": 120}, note: "each query is two nested spans: 20, not 40", play: alone(func(s *stage) *scene.Span {
			root := s.web(260, "GET", "/authors", 200)
			for i := range 20 {
				orm := root.Child(s.svc("api"), scene.Own, clientKind, "SELECT authors", 5+8*float64(i), 6, str("db.system.name", "postgresql"), str("db.collection.name", "authors"), str("db.operation.name", "SELECT"))
				orm.SQL(postgres("blog"), 5.5+8*float64(i), 5, fmt.Sprintf("SELECT id, name FROM authors WHERE id = %d", i+1))
			}
			return root
		})},
		{detector: d, name: "four", play: alone(func(s *stage) *scene.Span { return s.profileQueries(scene.Epoch, 4, likesLiteral) })},
		{detector: d, name: "below-gates", note: "5 × 1 ms in 2 s", play: alone(func(s *stage) *scene.Span {
			root := s.web(2000, "GET", "/report", 200)
			root.Inner("render", 40, 1950)
			for i := range 5 {
				root.SQL(postgres("blog"), 4+4*float64(i), 1, fmt.Sprintf("SELECT name FROM tags WHERE id = %d", i))
			}
			return root
		})},
		{detector: d, name: "paging", atMost: "info", note: "ten pages by LIMIT and OFFSET", play: alone(func(s *stage) *scene.Span {
			root := s.web(260, "GET", "/export", 200)
			for i := range 10 {
				root.SQL(postgres("blog"), 5+24*float64(i), 20, fmt.Sprintf("SELECT id, title FROM posts ORDER BY id LIMIT 100 OFFSET %d", 100*i))
			}
			return root
		})},
		{detector: d, name: "identical", also: []string{"redundant-calls"}, note: "one parameter, 20 times", play: alone(func(s *stage) *scene.Span {
			root := s.web(180, "GET", "/menu", 200)
			for i := range 20 {
				root.SQL(postgres("blog"), 5+8*float64(i), 6, "SELECT value FROM settings WHERE name = 'theme'")
			}
			return root
		})},
		{detector: d, name: "chunks", note: "three chunked IN lists", play: alone(func(s *stage) *scene.Span {
			root := s.web(100, "GET", "/feed", 200)
			for i := range 3 {
				root.SQL(postgres("blog"), 5+27*float64(i), 24, fmt.Sprintf("SELECT id, name FROM authors WHERE id IN (%d, %d, %d)", i*3, i*3+1, i*3+2))
			}
			return root
		})},
		{detector: d, name: "batched-inserts", note: "each insert is a batch of 100", play: alone(func(s *stage) *scene.Span {
			root := s.web(140, "POST", "/import", 200)
			for i := range 12 {
				root.SQL(postgres("blog"), 5+10*float64(i), 8, "INSERT INTO events (id, kind) VALUES (?, ?)", num("db.operation.batch.size", 100))
			}
			return root
		})},
	}
}

func externalCases() []fixture {
	const d = "slow-external"
	mail := func(root *scene.Span) *scene.Span {
		return root.HTTPOut(root.From+100, 7850, "POST", "api.sendgrid.com", "/v3/mail/send", 200)
	}
	return []fixture{
		{detector: d, name: "scenario", found: true, count: 1, ms: map[string]float64{"root": 8000, "call": 7850},
			play: alone(func(s *stage) *scene.Span { return s.sendMail(scene.Epoch, 7850) })},
		{detector: d, name: "grpc", found: true, count: 1, ms: map[string]float64{"call": 3200}, play: alone(func(s *stage) *scene.Span {
			root := s.web(3400, "POST", "/scan", 200)
			root.Child(s.svc("api"), scene.RPC, clientKind, "google.cloud.vision.v1.ImageAnnotator/BatchAnnotateImages", 40, 3200,
				str("rpc.system.name", "grpc"), str("rpc.method", "google.cloud.vision.v1.ImageAnnotator/BatchAnnotateImages"), str("rpc.status_code", "OK"), str("server.address", "vision.googleapis.com"), num("server.port", 443))
			return root
		})},
		{detector: d, name: "in-a-consumer", found: true, atMost: "low", note: "nobody waits for a consumer", play: alone(func(s *stage) *scene.Span {
			root := s.svc("mailer").Root(scene.Epoch, consumerKind, "process mails", 8000, str("messaging.system", "kafka"), str("messaging.destination.name", "mails"), str("messaging.operation.type", "process"))
			mail(root)
			return root
		})},
		{detector: d, name: "internal-host", also: []string{"bottleneck"}, play: alone(func(s *stage) *scene.Span {
			root := s.web(7200, "GET", "/report", 200)
			root.HTTPOut(100, 7000, "GET", "reports.prod.svc.cluster.local:8080", "/yearly", 200)
			return root
		})},
		{detector: d, name: "event-stream", play: alone(func(s *stage) *scene.Span {
			root := s.web(9000, "GET", "/prices/live", 200)
			root.HTTPOut(100, 8800, "GET", "stream.example.org", "/v1/prices", 200, str("http.response.header.content-type", "text/event-stream"))
			return root
		})},
		{detector: d, name: "hidden", note: "7.8 s beside 7.9 s of own work: it decides nothing", play: alone(func(s *stage) *scene.Span {
			root := s.web(8000, "POST", "/orders", 201)
			root.HTTPOut(60, 7800, "POST", "api.sendgrid.com", "/v3/mail/send", 200)
			root.Inner("pack", 40, 7900)
			return root
		})},
	}
}

func timeoutCases() []fixture {
	const d = "timeout-wait"
	origin := []string{"error-origin"}
	return []fixture{
		{detector: d, name: "scenario", found: true, also: origin, ms: map[string]float64{"gateway": 4490, "auth": 4485, "call": 4480, "user": 4500},
			play: alone(func(s *stage) *scene.Span { return s.waitForUser(scene.Epoch) })},
		{detector: d, name: "etimedout", found: true, also: origin, ms: map[string]float64{"call": 30003}, note: "no status: no answer came",
			play: alone(func(s *stage) *scene.Span { return s.reserveTimeout(scene.Epoch) })},
		{detector: d, name: "inverted", found: true, also: origin, ms: map[string]float64{"gave_up": 2000, "went_on": 6000}, note: "the caller's limit is below the callee's own wait", play: alone(func(s *stage) *scene.Span {
			root := s.web(2010, "GET", "/search", 504)
			call := root.HTTPOut(4, 2000, "GET", "search.prod.svc.cluster.local:8080", "/q", 0)
			call.Fail("timeout", "request timed out after 2000 ms")
			server := call.Child(s.svc("search"), scene.HTTP, serverKind, "GET /q", 6, 6040, str("http.request.method", "GET"), str("http.route", "/q"), num("http.response.status_code", 504))
			server.Fail("504", "")
			server.HTTPOut(10, 6000, "GET", "index.prod.svc.cluster.local:9200", "/docs/_search", 0).Fail("timeout", "request timed out after 6000 ms")
			return root
		})},
		{detector: d, name: "no-limit", found: true, also: []string{"slow-external"}, ms: map[string]float64{"call": 47320}, play: alone(func(s *stage) *scene.Span { return s.fxRates(scene.Epoch, 47320) })},
		{detector: d, name: "unfinished", found: true, note: "the call was never ended: end time 0", edit: unfinished, play: alone(func(s *stage) *scene.Span {
			root := s.web(61000, "GET", "/quote", 200)
			root.Inner("render", 60900, 80)
			root.HTTPOut(20, 60800, "GET", "rates.prod.svc.cluster.local:8080", "/never", 0)
			return root
		})},
		{detector: d, name: "report-job", note: "30.0 s, successful", play: alone(func(s *stage) *scene.Span {
			root := s.svc("report-service").Root(scene.Epoch, internalKind, "nightly report", 30000)
			root.Inner("aggregate", 20, 29900)
			return root
		})},
		{detector: d, name: "long-poll", play: alone(func(s *stage) *scene.Span {
			root := s.svc("worker").Root(scene.Epoch, internalKind, "wait for work", 30020)
			root.HTTPOut(5, 30000, "GET", "queue.prod.svc.cluster.local:8080", "/poll?wait=30s", 204)
			return root
		})},
		{detector: d, name: "fast-failure", also: origin, play: alone(func(s *stage) *scene.Span {
			root := s.web(14, "GET", "/cart", 502)
			root.HTTPOut(4, 3, "GET", "carts.prod.svc.cluster.local:8080", "/c/1", 0).Fail("ECONNREFUSED", "connect ECONNREFUSED 10.2.8.8:8080")
			return root
		})},
		{detector: d, name: "slow-query-ok", also: []string{"bottleneck"}, note: "5.0 s, successful", play: alone(func(s *stage) *scene.Span {
			root := s.web(5040, "GET", "/stats", 200)
			root.SQL(postgres("stats"), 12, 5000, "SELECT day, sum(total_cents) FROM orders GROUP BY day")
			return root
		})},
	}
}

// unfinished takes the end from the call whose path is /never.
func unfinished(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				if v, ok := span.Attributes().Get("url.full"); ok && v.Str() == "http://rates.prod.svc.cluster.local:8080/never" {
					span.SetEndTimestamp(0)
				}
			}
		}
	}
}

// reserve is one request that calls the warehouse; it fails unless err is "".
func (s *stage) reserve(at time.Time, dur float64, errorType, message string) *scene.Span {
	status := 200
	if errorType != "" {
		status = 504
	}
	root := s.svc("order-service").Serve(at, dur+12, "POST", "/reservations", "/reservations", status)
	call := root.HTTPOut(6, dur, "POST", warehouse, "/stock/reserve", map[bool]int{true: 0, false: 200}[errorType != ""])
	if errorType != "" {
		call.Fail(errorType, message)
	}
	s.culprit(root)
	return root
}

func fastFailCases() []fixture {
	const d = "no-fast-fail"
	along := []string{"timeout-wait", "error-origin"}
	dead := func(s *stage, at time.Time) {
		s.reserve(at, s.Around(30010, 0.0003), "ETIMEDOUT", "connect ETIMEDOUT 10.2.14.7:8080")
	}
	return []fixture{
		{detector: d, name: "ten-timeouts", found: true, count: 10, also: along, play: spaced(10, 20*time.Second, func(s *stage, _ int, at time.Time) { dead(s, at) })},
		{detector: d, name: "breaker-disabled", found: true, count: 6, also: along, note: "circuit_breaker.enabled=false is recorded",
			play: spaced(6, 20*time.Second, func(s *stage, _ int, at time.Time) { s.culprit(s.reserveTimeout(at)) })},
		{detector: d, name: "alternating", also: along, play: spaced(10, 20*time.Second, func(s *stage, i int, at time.Time) {
			if i%2 == 0 {
				s.reserve(at, 44, "", "")
				return
			}
			dead(s, at)
		})},
		{detector: d, name: "fast-failures", also: along, play: spaced(10, time.Second, func(s *stage, _ int, at time.Time) {
			s.reserve(at, 3, "ECONNREFUSED", "connect ECONNREFUSED 10.2.14.7:8080")
		})},
		{detector: d, name: "breaker-opens", atMost: "info", also: along, note: "five waits, then OPEN: the state is a fact, not a finding", play: spaced(14, 20*time.Second, func(s *stage, i int, at time.Time) {
			if i < 5 {
				dead(s, at)
				return
			}
			s.culprit(s.reserveOpen(at))
		})},
		{detector: d, name: "two-traces", also: along, play: spaced(2, 20*time.Second, func(s *stage, _ int, at time.Time) { dead(s, at) })},
	}
}
