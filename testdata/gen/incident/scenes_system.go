package incident

import (
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"tracefall/testdata/gen/scene"
)

// sessionCall is a request to one of the services that keep sessions in redis.
// The client library is not instrumented: redis shows in error messages only.
func (s *stage) sessionCall(at time.Time, service, route string, failures int) *scene.Span {
	dur, status := s.Around(31, 0.2), 200
	if failures > 0 {
		dur, status = s.Around(17, 0.2), 500
	}
	root := s.svc("api-gateway").Serve(at, dur, "GET", "/api"+route, "/api"+route, status)
	_, server := root.HTTP(s.svc(service), 1, dur-2, "GET", route, route, status)
	steps := []string{"SessionStore.load", "RateLimiter.take"}
	for i, step := range steps {
		one := server.Inner(step, 3+5*float64(i), 2.6)
		if failures == 0 {
			continue
		}
		one.Fail("ECONNREFUSED", "connect ECONNREFUSED redis:6379").Exception("Error", "connect ECONNREFUSED redis:6379", "")
		if failures--; failures == 0 {
			return root
		}
	}
	if status == 200 {
		server.SQL(postgres("core"), 14, dur-19, "SELECT payload FROM documents WHERE id = $1")
	}
	return root
}

// paymentDown is an error that has nothing to do with redis.
func (s *stage) paymentDown(at time.Time) *scene.Span {
	root := s.svc("api-gateway").Serve(at, 210, "POST", "/api/pay", "/api/pay", 502)
	_, pay := root.HTTP(s.svc("payment-service"), 2, 206, "POST", "/pay", "/pay", 502)
	pay.HTTPOut(6, 198, "POST", "acquirer.example.net", "/v2/authorisations", 502)
	return root
}

// item is a request that the load balancer sends to one of three servers. On
// the bad one some find the connection pool empty.
func (s *stage) item(at time.Time, server string, exhausted bool) *scene.Span {
	dur, status := s.Around(46, 0.2), 200
	if exhausted {
		status = 500
		dur = []float64{582, 664, 741, 823, 897, 1128, 1194, 1263}[s.Int(0, 7)]
	}
	root := s.svc("edge-lb").Serve(at, dur, "GET", "/api/items/{id}", "/api/items/"+fmt.Sprint(s.Int(100, 999)), status)
	_, api := root.HTTP(s.replica("api", server), 1, dur-2, "GET", "/items/{id}", "/items/"+fmt.Sprint(s.Int(100, 999)), status)
	if exhausted {
		wait := api.Inner("pool.acquire", 4, dur-10)
		wait.Fail("PoolExhaustedError", "connection pool exhausted: size 10, in use 10, waiting 37").
			Exception("PoolExhaustedError", "connection pool exhausted: size 10, in use 10, waiting 37", "")
		return root
	}
	api.Inner("pool.acquire", 4, 0.4)
	api.SQL(postgres("items"), 6, dur-14, "SELECT id, name, price_cents FROM items WHERE id = $1")
	return root
}

// payPage asks payment for a quote. If lost, the call carries no trace context
// and payment begins a trace of its own.
func (s *stage) payPage(at time.Time, lost bool) (caller, callee *scene.Span) {
	payment := s.svc("payment-service")
	root := s.svc("storefront").Serve(at, 342, "GET", "/checkout/payment", "/checkout/payment", 200)
	root.Inner("session.restore", 3, 14)
	if !lost {
		_, server := root.HTTP(payment, 20, 300, "GET", "/api/payment", "/api/payment?method=card", 200)
		s.quote(server, 24)
		return root, server
	}
	root.HTTPOut(20, 300, "GET", "payment-service.prod.svc.cluster.local:8080", "/api/payment?method=card", 200)
	server := payment.Serve(at.Add(24*time.Millisecond), 292, "GET", "/api/payment", "/api/payment?method=card", 200)
	s.quote(server, 4)
	return root, server
}

func (s *stage) quote(server *scene.Span, from float64) {
	server.SQL(postgres("payment"), from, 12, "SELECT id, fee_bps FROM methods WHERE name = ?")
	server.Inner("QuoteService.price", from+16, 244)
}

// signUp registers a card. If leaky, attributes hold what they should not.
func (s *stage) signUp(at time.Time, leaky bool) *scene.Span {
	dur := s.Around(118, 0.1)
	card, auth := "**** **** **** 1111", "[Filtered]"
	statement := "INSERT INTO accounts (login, password_hash) VALUES ($1, $2)"
	if leaky {
		card, auth = "4111 1111 1111 1111", "Bearer "+demoToken
		statement = "INSERT INTO accounts (login, password) VALUES ('ada', 'correct horse battery')"
	}
	root := s.svc("storefront").Serve(at, dur, "POST", "/api/accounts", "/api/accounts", 201, str("http.request.header.authorization", auth))
	_, pay := root.HTTP(s.svc("payment-service"), 3, 52, "POST", "/cards", "/cards", 201)
	pay.Inner("CardVault.store", 7, 41, str("payment.card", card), str("payment.scheme", "visa"))
	root.SQL(postgres("accounts"), 62, dur-72, statement)
	return root
}

// demoToken has the form of a JWT; it is no one's.
const demoToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkZW1vLXVzZXIiLCJzY29wZSI6Im9yZGVycyJ9.bm90LWEtcmVhbC1zaWduYXR1cmU"

// settle books a payment on three hosts: billing's clock is 2 s behind, and
// ledger stamps its log events in local time, eight hours back.
func (s *stage) settle(at time.Time) *scene.Span {
	billing, ledger := s.svc("billing-service", scene.Skew(-2*time.Second), scene.OnHost("ip-10-2-25-226.eu-west-1.compute.internal")), s.svc("ledger")
	root := s.svc("api-gateway").Serve(at, s.Around(140, 0.1), "POST", "/api/settlements", "/api/settlements", 200)
	_, bill := root.HTTP(billing, 4, 76, "POST", "/settle", "/settle", 200)
	bill.SQL(postgres("billing"), 12, 22, "UPDATE invoices SET state = 'settled' WHERE id = ?")
	bill.Inner("TaxRules.apply", 38, 34)
	_, book := root.HTTP(ledger, 84, 36, "POST", "/entries", "/entries", 201)
	book.SQL(postgres("ledger"), 88, 18, "INSERT INTO entries (account, amount_cents) VALUES ($1, $2)")
	book.EventOn(110, -8*time.Hour, "log", str("log.severity", "INFO"), str("log.message", "entry booked"))
	return root
}

// joinCluster adds a node to a cluster. Registering it with the load balancer
// takes two calls of AWS.ELBv2; when it goes wrong the second is not made, and
// nothing says so.
func (s *stage) joinCluster(at time.Time, works bool) *scene.Span {
	wait, register := 4100.0, 640.0
	if !works {
		wait, register = 21700, 236
	}
	op := s.svc("cluster-operator")
	root := op.Root(at, internalKind, "join_cluster_node", 9600+register+wait, str("cluster.name", "prod-eu-1"), str("node.name", "worker-17"))
	launch := root.Inner("launch_instance", 20, 6400)
	s.aws(launch, 40, 820, "EC2", "RunInstances")
	launch.Inner("wait_for_running", 880, 5500)
	config := root.Inner("configure_node", 6440, 2900)
	s.aws(config, 6460, 140, "SSM", "SendCommand")
	config.Inner("run_playbook", 6620, 2690)
	node := root.Inner("register_cluster_node_to_lb", 9360, register)
	s.aws(node, 9376, 208, "ELBv2", "DescribeTargetHealth")
	if works {
		s.aws(node, 9600, 390, "ELBv2", "RegisterTargets")
	}
	root.Inner("wait_for_target_health", 9380+register, wait, str("target.state", map[bool]string{true: "healthy", false: "unused"}[works]))
	return root
}

func (s *stage) aws(parent *scene.Span, from, dur float64, service, operation string) *scene.Span {
	host := map[string]string{"ELBv2": "elasticloadbalancing", "EC2": "ec2", "SSM": "ssm"}[service] + ".eu-west-1.amazonaws.com"
	return parent.Child(parent.Service(), scene.RPC, clientKind, "AWS."+service, from, dur,
		str("rpc.system.name", "aws-api"), str("rpc.method", "AWS."+service+"/"+operation), str("server.address", host),
		num("http.response.status_code", 200), attribute.String("cloud.region", "eu-west-1"))
}

// busyCheckout prices a basket; promotions is how long the query for promotions
// takes on the way.
func (s *stage) busyCheckout(at time.Time, promotions float64) *scene.Span {
	dur := promotions + 78
	root := s.svc("api-gateway").Serve(at, dur, "POST", "/api/checkout", "/api/checkout", 200)
	_, co := root.HTTP(s.svc("checkout-service"), 1, dur-2, "POST", "/checkout", "/checkout", 200)
	_, cart := co.HTTP(s.svc("cart-service"), 5, 8, "GET", "/carts/{id}", "/carts/"+s.Hex(8), 200)
	cart.SQL(redis(), 6.5, 1, "HGETALL cart:"+s.Hex(8))
	_, price := co.HTTP(s.svc("pricing-service"), 16, promotions+14, "POST", "/price", "/price", 200)
	price.SQL(postgres("pricing"), 22, promotions, "SELECT * FROM promotions WHERE active AND title ILIKE '%black friday%' ORDER BY priority", num("db.response.returned_rows", 12))
	_, pay := co.HTTP(s.svc("payment-service"), promotions+33, 26, "POST", "/charge", "/charge", 200)
	pay.Inner("Acquirer.authorize", promotions+35, 21)
	co.SQL(postgres("orders"), promotions+62, 7, "INSERT INTO orders (id, cart_id, total_cents) VALUES ($1, $2, $3)")
	return root
}

// validate checks an address; a bad one is answered with 422.
func (s *stage) validate(at time.Time, status int) *scene.Span {
	dur := s.Around(38, 0.2)
	root := s.svc("api-gateway").Serve(at, dur, "POST", "/api/addresses", "/api/addresses", status)
	_, v := root.HTTP(s.svc("address-service"), 1, dur-3, "POST", "/validate", "/validate", status)
	v.SQL(postgres("geo"), 4, 9, "SELECT city, street FROM streets WHERE zip = $1 LIMIT 5")
	if status == 422 {
		v.Event(20, "validation.failed", str("field", "zip"), str("reason", "zip and city do not match"))
	}
	return root
}
