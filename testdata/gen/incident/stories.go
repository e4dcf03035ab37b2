package incident

import (
	"math"
	"time"

	"go.opentelemetry.io/otel/trace"

	"tracefall/testdata/gen/scene"
)

// stories are the demo, in the order of its tour.
func stories() []story {
	return []story{
		{
			name: "retry-storm", title: "Checkout hammers a failing payment service", detector: "retry-storm", also: []string{"error-origin"},
			lines: [2]string{"POST /api/checkout usually takes 90 ms; some requests took 5 s and most of those failed.",
				"One request became 5 calls to payment, one right after the other, each answered with 503."},
			files: one(func(s *stage) {
				s.run(36, 1700*time.Millisecond, func(i int, at time.Time) {
					switch {
					case among(i, 14, 19, 25):
						s.culprit(s.retryStorm(at, false))
					case i == 22:
						s.culprit(s.retryStorm(at, true))
					default:
						s.reference(s.checkoutFine(at))
					}
				})
			}),
		},
		{
			name: "n-plus-one", title: "A profile page asks for the likes of every post", detector: "n-plus-one",
			lines: [2]string{"GET /api/users/profile takes 850 ms for users with 50 posts, and is fast for everyone else.",
				"One query finds the posts, 50 more of 5 ms each find their likes; joined, the page takes 55 ms."},
			files: []act{
				{play: func(s *stage) {
					s.run(30, 900*time.Millisecond, func(i int, at time.Time) {
						if among(i, 11, 17, 18) {
							s.culprit(s.profileQueries(at, 50, likesHidden))
							return
						}
						s.profileQueries(at, s.Int(1, 4), likesHidden)
					})
				}},
				{suffix: "-fixed", play: func(s *stage) {
					s.run(4, 900*time.Millisecond, func(_ int, at time.Time) { s.reference(s.profileJoined(at)) })
				}},
			},
		},
		{
			name: "n-plus-one-wrapped", title: "A slow dashboard behind innocent helper functions", detector: "n-plus-one",
			lines: [2]string{"GET /api/dashboard takes 3.2 s. No query is slow.",
				"getUserPosts calls enrichPosts, which calls getComments once for each of 50 posts, 50 ms each."},
			files: one(func(s *stage) {
				s.run(24, 2100*time.Millisecond, func(i int, at time.Time) {
					if among(i, 9, 16) {
						s.culprit(s.dashboard(at, 50, getComments))
						return
					}
					s.reference(s.dashboard(at, s.Int(1, 3), getComments))
				})
			}),
		},
		{
			name: "slow-external", title: "The order waits for the confirmation mail", detector: "slow-external",
			lines: [2]string{"Confirming an order took 8 s, and succeeded.",
				"7.85 s of it were POST api.sendgrid.com/v3/mail/send, on the request path, status 200."},
			files: one(func(s *stage) {
				s.run(28, 3*time.Second, func(i int, at time.Time) {
					if among(i, 12, 20) {
						s.culprit(s.sendMail(at, 7850))
						return
					}
					s.reference(s.sendMail(at, s.Around(150, 0.2)))
				})
			}),
		},
		{
			name: "no-fast-fail", title: "Every order waits 30 s for a dead inventory service", detector: "no-fast-fail", also: []string{"timeout-wait", "error-origin"},
			lines: [2]string{"inventory-service stopped answering; each reservation failed with ETIMEDOUT after 30 s, retry.count=0, circuit_breaker.enabled=false.",
				"The second file is from after a circuit breaker was added: it is OPEN and requests fail in 50 ms."},
			files: []act{
				{play: func(s *stage) {
					s.run(38, 8*time.Second, func(i int, at time.Time) {
						if i >= 14 && i < 26 {
							s.culprit(s.reserveTimeout(at))
							return
						}
						s.reserveFine(at)
					})
				}},
				{suffix: "-breaker", play: func(s *stage) {
					s.run(17, 2*time.Second, func(_ int, at time.Time) { s.reference(s.reserveOpen(at)) })
				}},
			},
		},
		{
			name: "shared-dependency", title: "Three services fail, one redis is down", detector: "shared-dependency", also: []string{"error-origin"},
			lines: [2]string{"auth, user and order requests fail at the same time, each service blaming itself.",
				"41 of 44 failing traces have the same origin, redis:6379 ECONNREFUSED, named in the error message only."},
			files: one(sharedRedis),
		},
		{
			name: "growing-trend", title: "A cache without bounds, slower every hour", detector: "growing-trend", also: []string{"bottleneck"},
			lines: [2]string{"GET /users/:id slowed from 100 to 800 ms within three hours; nothing failed, nothing was deployed.",
				"The attribute cache.size rose with it: 1,000 → 5,000 → 15,000 → 50,000."},
			files: one(growingCache),
		},
		{
			name: "duplicate-write", title: "One tap, two orders", detector: "duplicate-write", also: []string{"retry-storm", "timeout-wait", "error-origin"},
			lines: [2]string{"A customer was charged twice. The request succeeded, on its second attempt, after 150 ms.",
				"The first attempt timed out after 2.5 s for the caller, continued, and wrote its order too."},
			files: one(func(s *stage) {
				s.run(26, 4*time.Second, func(i int, at time.Time) {
					if i == 15 {
						s.culprit(s.duplicateOrder(at, true))
						return
					}
					s.reference(s.orderFine(at))
				})
			}),
		},
		{
			name: "bad-instance", title: "Only one server of three fails", detector: "bad-instance", also: []string{"exhaustion", "error-origin"},
			lines: [2]string{"13 % of the requests to GET /items/{id} fail. Restarting servers at random helps at random.",
				"All 12 errors come from server-3: its connection pool is exhausted."},
			files: one(badServer),
		},
		{
			name: "timeout-wait", title: "Everyone waits for user-service", detector: "timeout-wait", also: []string{"error-origin"},
			lines: [2]string{"GET /api/orders answers 504 after 4.5 s. Gateway, auth and order teams look at their own dashboards.",
				"4,490, 4,485 and 4,480 ms are one wait for user-service, which took 4,500 ms; orders and their database were never reached."},
			files: one(func(s *stage) {
				s.run(34, 2500*time.Millisecond, func(i int, at time.Time) {
					if among(i, 13, 18, 23) {
						s.culprit(s.waitForUser(at))
						return
					}
					s.reference(s.ordersFine(at))
				})
			}),
		},
		{
			name: "lost-context", title: "The payment that no trace knows", detector: "lost-context",
			lines: [2]string{"The call to GET /api/payment takes 300 ms, and the trace ends there.",
				"Payment does report spans: in traces of their own that begin inside those calls, since a client was replaced."},
			files: one(func(s *stage) {
				s.run(26, 5*time.Second, func(i int, at time.Time) {
					caller, callee := s.payPage(at, i >= 18)
					if i >= 18 {
						s.culprit(caller)
						s.culprit(callee)
						return
					}
					s.reference(caller)
				})
			}),
		},
		{
			name: "sensitive-data", title: "A card number in the trace", detector: "sensitive-data",
			lines: [2]string{"Since Monday's release the spans of POST /api/accounts carry more than they should:",
				"a card number, a bearer token and a password inside a statement. Others are masked."},
			files: one(func(s *stage) {
				s.run(30, 2*time.Second, func(i int, at time.Time) {
					if among(i, 21, 26) {
						s.culprit(s.signUp(at, true))
						return
					}
					s.signUp(at, false)
				})
			}),
		},
		{
			name: "clock-skew", title: "Answers before questions", detector: "clock-skew",
			lines: [2]string{"billing's spans start 2 s before the calls that caused them, in each of 14 traces.",
				"The clock of its host is behind; and ledger stamps its log events in local time, 8 hours off."},
			files: one(func(s *stage) {
				s.run(14, 6*time.Second, func(_ int, at time.Time) { s.culprit(s.settle(at)) })
			}),
		},
		{
			name: "no-timeout", title: "A quote that waited 47 s for a bank", detector: "timeout-wait", also: []string{"slow-external"},
			lines: [2]string{"GET /api/quotes/{id} took 47 s and succeeded.",
				"No timeout ended the call to rates.partnerbank.com, not even after 30 s."},
			files: one(func(s *stage) {
				s.run(22, 4*time.Second, func(i int, at time.Time) {
					if i == 13 {
						s.culprit(s.fxRates(at, 47320))
						return
					}
					s.reference(s.fxRates(at, s.Around(96, 0.2)))
				})
			}),
		},
		{
			name: "partial-failure", title: "An order without stock and without payment", detector: "partial-failure", also: []string{"error-origin"},
			lines: [2]string{"Support finds orders that were never charged and never shipped.",
				"The order was saved, the reservation failed, the charge was never called, and nothing undid the order."},
			files: one(func(s *stage) {
				s.run(30, 1500*time.Millisecond, func(i int, at time.Time) {
					if among(i, 12, 24) {
						s.culprit(s.placeOrder(at, true))
						return
					}
					s.reference(s.placeOrder(at, false))
				})
			}),
		},
		{
			name: "lost-update", title: "The last one, sold twice", detector: "lost-update",
			lines: [2]string{"Stock of SKU-4711 was 1; two customers bought it. No request failed.",
				"Two ReserveItem calls, 15 ms apart, both read 1 before either wrote 0."},
			files: one(func(s *stage) {
				s.run(22, 2*time.Second, func(i int, at time.Time) {
					product := "SKU-" + []string{"1022", "2044", "3308", "4117", "5120", "6093", "7771"}[i%7]
					if i == 14 {
						s.culprit(s.reserveItem(at, "SKU-4711", 1, readStock, writeStock))
						s.culprit(s.reserveItem(at.Add(15*time.Millisecond), "SKU-4711", 1, readStock, writeStock))
						return
					}
					s.reserveItem(at, product, 40-i, readStock, writeStock)
				})
			}),
		},
		{
			name: "exhaustion", title: "Seconds of waiting for milliseconds of work", detector: "exhaustion", also: []string{"bottleneck"},
			lines: [2]string{"Reading one invoice took 4.2 s for 7 of 9 customers in the same few seconds.",
				"The query took 6 ms; getting a connection from the pool took the rest."},
			files: one(func(s *stage) {
				s.run(33, 1200*time.Millisecond, func(i int, at time.Time) {
					if i >= 15 && i < 24 && i != 16 && i != 21 {
						s.culprit(s.invoice(at, s.Around(4200, 0.004)))
						return
					}
					s.invoice(at, s.Around(2, 0.3))
				})
			}),
		},
		{
			name: "baseline-difference", title: "A node joins the cluster, and gets no traffic", detector: "baseline-difference",
			lines: [2]string{"Both runs of join_cluster_node ended without an error; after the second the node receives no requests.",
				"register_cluster_node_to_lb made 2 AWS.ELBv2 calls when it worked and 1 when it did not: RegisterTargets is missing."},
			files: []act{
				{suffix: "-good", play: func(s *stage) { s.reference(s.joinCluster(scene.Epoch, true)) }},
				{suffix: "-bad", play: func(s *stage) { s.culprit(s.joinCluster(scene.Epoch.Add(26*time.Hour), false)) }},
			},
		},
		{
			name: "bottleneck", title: "Checkout is slow on the busiest day", detector: "bottleneck",
			lines: [2]string{"POST /api/checkout takes 3 s for a third of the customers. Five services are involved: which one, which call?",
				"pricing-service, one SELECT on promotions that searches with a leading wildcard."},
			files: one(func(s *stage) {
				s.run(40, 700*time.Millisecond, func(i int, at time.Time) {
					if i%3 == 1 {
						s.culprit(s.busyCheckout(at, s.Around(2900, 0.08)))
						return
					}
					s.reference(s.busyCheckout(at, s.Around(22, 0.25)))
				})
			}),
		},
		{
			name: "trace-id-in-a-log", title: "All you have is a log line", note: "trace_id:d572232a8fed45fa 422",
			lines: [2]string{"A customer's browser shows: trace_id:d572232a8fed45fa 422.",
				"Paste it as it is: the id is the low half of a 128-bit one, the trace is the one with the 422."},
			files: one(func(s *stage) {
				s.run(30, 800*time.Millisecond, func(i int, at time.Time) {
					if i != 19 {
						s.validate(at, 200)
						return
					}
					s.NextTraceID(trace.TraceID{8: 0xd5, 9: 0x72, 10: 0x23, 11: 0x2a, 12: 0x8f, 13: 0xed, 14: 0x45, 15: 0xfa})
					s.culprit(s.validate(at, 422))
				})
			}),
		},
	}
}

func one(play func(*stage)) []act { return []act{{play: play}} }

// sharedRedis: 44 failing traces of three services, 41 of them at redis, 17 of
// those with two failing calls, which makes 58 calls.
func sharedRedis(s *stage) {
	services := []struct{ name, route string }{{"auth-service", "/session"}, {"user-service", "/me"}, {"order-service", "/orders"}}
	failed := 0
	s.run(68, 600*time.Millisecond, func(i int, at time.Time) {
		to := services[i%3]
		switch {
		case i < 14 || i >= 58:
			s.reference(s.sessionCall(at, to.name, to.route, 0))
		case among(i, 20, 33, 47):
			s.paymentDown(at)
		default:
			failures := 1
			if failed < 17 {
				failures = 2
			}
			failed++
			s.culprit(s.sessionCall(at, to.name, to.route, failures))
		}
	})
}

// growingCache: 48 requests over three hours; a quarter of the way each, the
// cache holds 1,000, 5,000, 15,000 and 50,000 entries and the request takes
// 100, 200, 400 and 800 ms.
func growingCache(s *stage) {
	sizes, slow := []float64{1000, 5000, 15000, 50000}, []float64{100, 200, 400, 800}
	const n = 49
	for i := range n {
		x := float64(i) / (n - 1) * 3
		k := min(int(x), 2)
		between := func(v []float64) float64 { return v[k] * math.Pow(v[k+1]/v[k], x-float64(k)) }
		at := scene.Epoch.Add(time.Duration(x * float64(time.Hour)))
		root := s.lookupUser(at, int(math.Round(between(sizes))), math.Round(between(slow)))
		if i >= n-12 {
			s.culprit(root)
		} else if i < 12 {
			s.reference(root)
		}
	}
}

// badServer: 95 requests, 31 on server-3 of which 12 fail, 32 on each other.
func badServer(s *stage) {
	sent := map[string]int{}
	s.run(95, 450*time.Millisecond, func(i int, at time.Time) {
		server := []string{"server-1", "server-2", "server-3"}[i%3]
		sent[server]++
		bad := server == "server-3" && sent[server] > 5 && sent[server]%2 == 0 && sent[server] < 30
		root := s.item(at, server, bad)
		if bad {
			s.culprit(root)
		}
	})
}
