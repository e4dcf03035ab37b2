package incident

import (
	"fmt"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"tracefall/testdata/gen/scene"
)

func contextCases() []fixture {
	const d = "lost-context"
	return []fixture{
		{detector: d, name: "two-traces", found: true, count: 1, ms: map[string]float64{"call": 300, "server": 292}, note: "one call is linked, one is not; good holds the linked one", play: func(s *stage) {
			linked, _ := s.payPage(scene.Epoch, false)
			caller, callee := s.payPage(scene.Epoch.Add(5*time.Second), true)
			s.reference(linked)
			s.culprit(caller)
			s.culprit(callee)
		}},
		{detector: d, name: "orphan", found: true, count: 1, note: "the parent span is not in the file", play: func(s *stage) {
			root := s.web(120, "GET", "/cart", 200)
			missing := trace.NewSpanContext(trace.SpanContextConfig{TraceID: root.Context().TraceID(), SpanID: trace.SpanID{1, 2, 3, 4, 5, 6, 7, 8}, TraceFlags: trace.FlagsSampled, Remote: true})
			orphan := s.svc("price").RootUnder(missing, scene.Epoch.Add(20*time.Millisecond), serverKind, "GET /price", 44, str("http.request.method", "GET"), str("http.route", "/price"), num("http.response.status_code", 200))
			orphan.Inner("compute", 4, 30)
			s.culprit(root)
		}},
		{detector: d, name: "external-peer", play: alone(func(s *stage) *scene.Span {
			root := s.web(260, "GET", "/rates", 200)
			root.HTTPOut(10, 230, "GET", "api.exchange.example.com", "/latest", 200)
			return root
		})},
		{detector: d, name: "never-instrumented", play: spaced(4, time.Second, func(s *stage, _ int, at time.Time) {
			root := s.svc("api").Serve(at, 90, "GET", "/legacy", "/legacy", 200)
			root.HTTPOut(4, 80, "GET", "mainframe.prod.svc.cluster.local:8080", "/tx", 200)
			s.culprit(root)
		})},
		{detector: d, name: "two-candidates", atMost: "low", note: "two payment traces fit into the call", play: func(s *stage) {
			linked, _ := s.payPage(scene.Epoch, false)
			caller, callee := s.payPage(scene.Epoch.Add(5*time.Second), true)
			other := s.svc("payment-service").Serve(scene.Epoch.Add(5*time.Second+26*time.Millisecond), 288, "GET", "/api/payment", "/api/payment?method=card", 200)
			s.reference(linked)
			s.culprit(caller)
			s.culprit(callee)
			s.culprit(other)
		}},
		{detector: d, name: "linked", note: "the consumer's trace links to the producer", play: func(s *stage) {
			root := s.web(40, "POST", "/orders", 202)
			sent := root.Publish(10, 4, "orders", "m-1")
			consumer := s.svc("fulfilment").Root(scene.Epoch.Add(60*time.Millisecond), consumerKind, "process orders", 30,
				str("messaging.system", "kafka"), str("messaging.destination.name", "orders"), str("messaging.operation.type", "process"))
			consumer.Link(sent.Context())
			s.culprit(root)
			s.culprit(consumer)
		}},
		{detector: d, name: "consumer-batch", note: "one consumer span links to three producers", play: func(s *stage) {
			consumer := s.svc("fulfilment").Root(scene.Epoch.Add(4*time.Second), consumerKind, "process orders", 90,
				str("messaging.system", "kafka"), str("messaging.destination.name", "orders"), str("messaging.operation.type", "process"), num("messaging.batch.message_count", 3))
			for i := range 3 {
				root := s.svc("api").Serve(scene.Epoch.Add(time.Duration(i)*time.Second), 40, "POST", "/orders", "/orders", 202)
				consumer.Link(root.Publish(10, 4, "orders", fmt.Sprintf("m-%d", i)).Context())
				s.culprit(root)
			}
			s.culprit(consumer)
		}},
	}
}

// rightOf calls a service whose clock is ahead by skew (behind if negative).
func (s *stage) rightOf(at time.Time, name string, skew time.Duration) {
	key := name + skew.String()
	to, ok := s.cast[key]
	if !ok {
		to = s.Service(name, scene.Go, scene.Skew(skew), scene.OnHost("host-of-"+name))
		s.cast[key] = to
	}
	root := s.svc("api").Serve(at, 60, "GET", "/pay", "/pay", 200)
	_, server := root.HTTP(to, 6, 44, "GET", "/bill", "/bill", 200)
	server.Inner("compute", server.From+4, 30)
	s.culprit(root)
}

func clockCases() []fixture {
	const d = "clock-skew"
	return []fixture{
		{detector: d, name: "two-seconds", found: true, count: 14, ms: map[string]float64{"offset": -2000}, note: "billing is 2 s behind in 14 calls",
			play: spaced(14, 6*time.Second, func(s *stage, _ int, at time.Time) { s.rightOf(at, "billing", -2*time.Second) })},
		{detector: d, name: "log-timezone", found: true, count: 3, ms: map[string]float64{"offset": -28800000}, play: alone(func(s *stage) *scene.Span {
			root := s.web(80, "GET", "/report", 200)
			for i := range 3 {
				root.EventOn(10+20*float64(i), -8*time.Hour, "log", str("log.message", fmt.Sprintf("step %d", i)))
			}
			return root
		})},
		{detector: d, name: "drift", found: true, note: "1.0, 1.3, 1.6 and 1.9 s ahead, a quarter of an hour apart", play: spaced(8, 450*time.Second, func(s *stage, i int, at time.Time) {
			s.rightOf(at, "billing", time.Second+time.Duration(i/2)*300*time.Millisecond)
		})},
		{detector: d, name: "in-step", play: spaced(3, time.Second, func(s *stage, _ int, at time.Time) { s.rightOf(at, "billing", 0) })},
		{detector: d, name: "async-consumer", also: []string{"queue-lag"}, note: "a consumer 10 s later is late, not skewed", play: alone(func(s *stage) *scene.Span {
			root := s.web(40, "POST", "/orders", 202)
			root.Publish(10, 4, "orders", "m-1").Consume(s.svc("fulfilment"), 10014, 30, "orders", "m-1")
			return root
		})},
		{detector: d, name: "one-wide-pair", also: []string{"edge-gap"}, note: "20 ms inside 100 ms, 5 ms off: the bounds hold 0", play: alone(func(s *stage) *scene.Span {
			late := s.svc("billing", scene.Skew(5*time.Millisecond))
			root := s.web(110, "GET", "/pay", 200)
			call := root.HTTPOut(4, 100, "GET", "billing.prod.svc.cluster.local:8080", "/bill", 200)
			call.Child(late, scene.HTTP, serverKind, "GET /bill", 44, 20, str("http.request.method", "GET"), str("http.route", "/bill"), num("http.response.status_code", 200))
			return root
		})},
	}
}

func sensitiveCases() []fixture {
	const d = "sensitive-data"
	with := func(key, value string) func(*stage) {
		return alone(func(s *stage) *scene.Span { return s.web(40, "POST", "/pay", 200).Set(str(key, value)) })
	}
	return []fixture{
		{detector: d, name: "card", found: true, count: 1, play: with("payment.card", "4111 1111 1111 1111")},
		{detector: d, name: "jwt", found: true, count: 1, play: with("http.request.header.authorization", "Bearer "+demoToken)},
		{detector: d, name: "password-in-sql", found: true, count: 1, play: alone(func(s *stage) *scene.Span {
			root := s.web(40, "POST", "/accounts", 201)
			root.SQL(postgres("accounts"), 4, 9, "UPDATE accounts SET password = 'correct horse battery' WHERE login = 'ada'")
			return root
		})},
		{detector: d, name: "password-in-url", found: true, count: 1, play: with("db.connection_string", "postgresql://app:hunter2secret@db.prod:5432/shop")},
		{detector: d, name: "nanoseconds", note: "passes the Luhn check", play: alone(func(s *stage) *scene.Span {
			return s.web(40, "POST", "/pay", 200).Set(num("event.sequence", 1661140374351773094))
		})},
		{detector: d, name: "token-count", play: alone(func(s *stage) *scene.Span {
			return s.web(40, "POST", "/ask", 200).Set(num("gen_ai.usage.input_tokens", 512), num("llm.input_tokens", 512))
		})},
		{detector: d, name: "placeholder", play: alone(func(s *stage) *scene.Span {
			root := s.web(40, "POST", "/login", 200)
			root.SQL(postgres("accounts"), 4, 9, "SELECT id FROM accounts WHERE login = ? AND password = ?")
			return root
		})},
		{detector: d, name: "filtered", play: with("http.request.header.authorization", "[Filtered]")},
	}
}

func differenceCases() []fixture {
	return []fixture{{detector: "baseline-difference", name: "elbv2", found: true, count: 1, note: "AWS.ELBv2 twice in good, once in bad; no error is recorded", play: func(s *stage) {
		s.reference(s.joinCluster(scene.Epoch, true))
		s.culprit(s.joinCluster(scene.Epoch.Add(26*time.Hour), false))
	}}}
}

func originCases() []fixture {
	const d = "error-origin"
	return []fixture{
		{detector: d, name: "three-deep", found: true, count: 1, play: alone(func(s *stage) *scene.Span {
			root := s.web(80, "GET", "/a", 500)
			_, b := root.HTTP(s.svc("b"), 4, 70, "GET", "/b", "/b", 500)
			_, c := b.HTTP(s.svc("c"), 8, 60, "GET", "/c", "/c", 500)
			c.SQL(postgres("c"), 12, 40, "SELECT id FROM things WHERE id = ?").Fail("42P01", "relation \"things\" does not exist")
			return root
		})},
		{detector: d, name: "masked", found: true, count: 1, note: "the root says 200", play: alone(func(s *stage) *scene.Span {
			root := s.web(80, "GET", "/page", 200)
			_, b := root.HTTP(s.svc("recommendations"), 4, 70, "GET", "/recs", "/recs", 500)
			b.Inner("rank", 8, 60).Fail("ValueError", "empty candidate list")
			return root
		})},
		{detector: d, name: "optional-404", atMost: "info", play: alone(func(s *stage) *scene.Span {
			root := s.web(40, "GET", "/page", 200)
			root.HTTP(s.svc("avatars"), 4, 20, "GET", "/avatars/{id}", "/avatars/7", 404)
			return root
		})},
		{detector: d, name: "cancelled-hedge", atMost: "low", note: "cancelled because its sibling had answered", play: alone(func(s *stage) *scene.Span {
			root := s.web(100, "GET", "/price", 200)
			root.HTTPOut(4, 88, "GET", "prices.prod.svc.cluster.local:8080", "/p/7", 0).Fail("context.Canceled", "context canceled")
			root.HTTPOut(40, 51, "GET", "prices.prod.svc.cluster.local:8080", "/p/7", 200)
			return root
		})},
	}
}

func sequentialCases() []fixture {
	const d = "sequential-calls"
	gets := func(s *stage, method string, dur float64, step float64) *scene.Span {
		paths := []string{"profile", "orders", "coupons", "messages"}
		root := s.web(20+3*step+dur, method, "/home", 200)
		for i, p := range paths {
			root.HTTP(s.svc(p), 8+step*float64(i), dur, method, "/"+p, "/"+p, 200)
		}
		return root
	}
	return []fixture{
		{detector: d, name: "four-gets", found: true, count: 4, ms: map[string]float64{"union": 800, "saved": 600}, play: alone(func(s *stage) *scene.Span { return gets(s, "GET", 200, 202) })},
		{detector: d, name: "writes", play: alone(func(s *stage) *scene.Span { return gets(s, "POST", 200, 202) })},
		{detector: d, name: "id-flow", atMost: "low", note: "each call uses what the one before answered", play: alone(func(s *stage) *scene.Span {
			root := s.web(640, "GET", "/home", 200)
			root.HTTP(s.svc("sessions"), 8, 200, "GET", "/session", "/session", 200, str("app.user_id", "u-77aa31"))
			root.HTTP(s.svc("profile"), 210, 200, "GET", "/users/{id}", "/users/u-77aa31", 200, str("app.team_id", "t-5520c"))
			root.HTTP(s.svc("teams"), 412, 200, "GET", "/teams/{id}", "/teams/t-5520c", 200)
			return root
		})},
		{detector: d, name: "little-saved", note: "40 ms would be saved", play: alone(func(s *stage) *scene.Span { return gets(s, "GET", 13.3, 15) })},
		{detector: d, name: "parallel", play: alone(func(s *stage) *scene.Span { return gets(s, "GET", 200, 2) })},
	}
}

func chattyCases() []fixture {
	return []fixture{{detector: "chatty", name: "one-pair", found: true, count: 22, note: "22 different calls from one span to one service", play: alone(func(s *stage) *scene.Span {
		root := s.web(160, "GET", "/home", 200)
		for i := range 22 {
			path := fmt.Sprintf("/section%c", 'a'+i)
			root.HTTP(s.svc("content"), 5+7*float64(i), 6, "GET", path, path, 200)
		}
		return root
	})}}
}

func redundantCases() []fixture {
	const d = "redundant-calls"
	return []fixture{
		{detector: d, name: "config-reads", found: true, count: 12, ms: map[string]float64{"union": 48}, play: alone(func(s *stage) *scene.Span {
			root := s.web(120, "GET", "/home", 200)
			for i := range 12 {
				root.HTTPOut(5+9*float64(i), 4, "GET", "config.prod.svc.cluster.local:8080", "/v1/flags/checkout", 200)
			}
			return root
		})},
		{detector: d, name: "updated-between", play: alone(func(s *stage) *scene.Span {
			root := s.web(160, "POST", "/apply", 200)
			for i := range 4 {
				root.SQL(postgres("core"), 5+38*float64(i), 12, "SELECT value FROM settings WHERE name = 'limit'")
				root.SQL(postgres("core"), 20+38*float64(i), 14, fmt.Sprintf("UPDATE settings SET value = %d WHERE name = 'limit'", i))
			}
			return root
		})},
		{detector: d, name: "poll-until-done", play: alone(func(s *stage) *scene.Span {
			root := s.web(900, "POST", "/export", 200)
			for i := range 4 {
				status := 202
				if i == 3 {
					status = 200
				}
				root.HTTPOut(5+220*float64(i), 12, "GET", "jobs.prod.svc.cluster.local:8080", "/jobs/42", status)
			}
			return root
		})},
	}
}

func bottleneckCases() []fixture {
	return []fixture{{detector: "bottleneck", name: "slow-query", found: true, count: 1, ms: map[string]float64{"root": 2978, "query": 2900}, play: alone(func(s *stage) *scene.Span { return s.busyCheckout(scene.Epoch, 2900) })}}
}

func gapCases() []fixture {
	const d = "edge-gap"
	convert := func(s *stage, client, wait, server float64, skew time.Duration) (root, call *scene.Span) {
		root = s.web(client+14, "GET", "/convert", 200)
		call = root.Child(s.svc("api"), scene.RPC, clientKind, "shop.Currency/Convert", 6, client,
			str("rpc.system.name", "grpc"), str("rpc.method", "shop.Currency/Convert"), str("rpc.status_code", "OK"), str("server.address", "currency.prod.svc.cluster.local"))
		call.Child(s.svc("currency", scene.Skew(skew)), scene.RPC, serverKind, "shop.Currency/Convert", 6+wait, server,
			str("rpc.system.name", "grpc"), str("rpc.method", "shop.Currency/Convert"), str("rpc.status_code", "OK"))
		return root, call
	}
	return []fixture{
		{detector: d, name: "late-start", found: true, count: 1, ms: map[string]float64{"client": 352, "server": 1, "gap": 351}, play: alone(func(s *stage) *scene.Span {
			root, _ := convert(s, 352, 349, 1, 0)
			return root
		})},
		{detector: d, name: "skew-only", also: []string{"clock-skew"}, note: "the server's clock is 349 ms ahead; its duration is the caller's", play: alone(func(s *stage) *scene.Span {
			root, _ := convert(s, 352, 1, 350, 349*time.Millisecond)
			return root
		})},
		{detector: d, name: "streaming", note: "the caller reads a stream after the handler has returned", play: alone(func(s *stage) *scene.Span {
			root, call := convert(s, 400, 2, 20, 0)
			call.Set(str("rpc.grpc.type", "server_streaming"))
			for i := range 5 {
				call.Event(30+70*float64(i), "message", str("message.type", "RECEIVED"), num("message.id", i+1))
			}
			return root
		})},
	}
}

func lagCases() []fixture {
	const d = "queue-lag"
	late := func(s *stage, topic string, consumer *scene.Service) (root, sent *scene.Span) {
		root = s.web(40, "POST", "/orders", 202)
		sent = root.Publish(10, 4, topic, "m-1")
		sent.Consume(consumer, 12014, 30, topic, "m-1")
		return root, sent
	}
	return []fixture{
		{detector: d, name: "twelve-seconds", found: true, count: 1, ms: map[string]float64{"wait": 12000, "processing": 30}, play: alone(func(s *stage) *scene.Span {
			root, _ := late(s, "orders", s.svc("fulfilment"))
			return root
		})},
		{detector: d, name: "delayed-on-purpose", play: alone(func(s *stage) *scene.Span {
			root, sent := late(s, "reminders.delayed", s.svc("fulfilment"))
			sent.Set(num("messaging.message.delay_ms", 12000))
			return root
		})},
		{detector: d, name: "skewed-clock", also: []string{"clock-skew"}, note: "the consumer's clock is 12 s ahead, as three calls prove", play: func(s *stage) {
			ahead := s.svc("fulfilment", scene.Skew(12*time.Second))
			for i := range 3 {
				root := s.svc("api").Serve(scene.Epoch.Add(time.Duration(i)*time.Second), 30, "GET", "/state", "/state", 200)
				root.HTTP(ahead, 4, 20, "GET", "/state", "/state", 200)
			}
			root := s.svc("api").Serve(scene.Epoch.Add(9*time.Second), 40, "POST", "/orders", "/orders", 202)
			root.Publish(10, 4, "orders", "m-1").Consume(ahead, 22, 30, "orders", "m-1")
			s.culprit(root)
		}},
	}
}

func blindCases() []fixture {
	const d = "blind-spots"
	return []fixture{
		{detector: d, name: "uninstrumented", found: true, count: 1, ms: map[string]float64{"root": 2000, "self": 1960}, play: alone(func(s *stage) *scene.Span {
			root := s.web(2000, "POST", "/pdf", 200)
			root.SQL(postgres("docs"), 10, 40, "SELECT body FROM docs WHERE id = ?")
			return root
		})},
		{detector: d, name: "dropped", found: true, note: "the SDK dropped attributes, events and links", play: alone(func(s *stage) *scene.Span {
			narrow := sdktrace.NewSpanLimits()
			narrow.AttributeCountLimit, narrow.EventCountLimit = 6, 1
			root := s.svc("api", scene.Limits(narrow)).Serve(scene.Epoch, 60, "GET", "/home", "/home", 200, str("a", "1"), str("b", "2"), str("c", "3"), str("d", "4"))
			root.Event(10, "one").Event(20, "two").Event(30, "three")
			return root
		})},
	}
}
