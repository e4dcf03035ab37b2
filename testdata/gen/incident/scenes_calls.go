package incident

import (
	"fmt"
	"time"

	"tracefall/testdata/gen/scene"
)

// checkout is POST /api/checkout through gateway, checkout, cart and payment.
// charge plays the payment part, from and to in ms.
func (s *stage) checkout(at time.Time, dur float64, status int, charge func(checkout *scene.Span, from float64)) *scene.Span {
	root := s.svc("api-gateway").Serve(at, dur, "POST", "/api/checkout", "/api/checkout", status)
	_, co := root.HTTP(s.svc("checkout-service"), 2, dur-4, "POST", "/checkout", "/checkout", status)
	_, cart := co.HTTP(s.svc("cart-service"), 6, 9, "GET", "/carts/{id}", "/carts/"+s.Hex(8), 200)
	cart.SQL(redis(), 7.4, 1.1, "HGETALL cart:"+s.Hex(8))
	charge(co, 18)
	return root
}

// checkoutFine charges once; under 100 ms in all.
func (s *stage) checkoutFine(at time.Time) *scene.Span {
	dur := s.Around(88, 0.12)
	return s.checkout(at, dur, 200, func(co *scene.Span, from float64) {
		_, pay := co.HTTP(s.svc("payment-service"), from, dur-42, "POST", "/charge", "/charge", 200)
		pay.Inner("Acquirer.authorize", from+3, dur-50)
		co.SQL(postgres("orders"), dur-20, 6.5, "INSERT INTO orders (id, cart_id, total_cents) VALUES ($1, $2, $3)")
	})
}

// retryStorm calls payment five times in a row without a pause. If recovers, the
// fifth call works, else it too fails with 503.
func (s *stage) retryStorm(at time.Time, recovers bool) *scene.Span {
	status := 503
	if recovers {
		status = 200
	}
	return s.checkout(at, 5020, status, func(co *scene.Span, from float64) {
		for i, dur := range []float64{1080, 890, 1120, 920, 910} {
			code := 503
			if recovers && i == 4 {
				code = 200
			}
			client, server := co.HTTP(s.svc("payment-service"), from, dur, "POST", "/charge", "/charge", code)
			if code == 503 {
				client.Exception("ServiceUnavailableError", "Request failed with status code 503", "")
				server.Set(str("upstream.name", "acquirer"))
			}
			co.Event(from+dur, "retry.attempt", num("retry.count", i+1), str("retry.delay", "0ms"))
			from += dur + 0.4
		}
		if recovers {
			co.SQL(postgres("orders"), from+5, 6.5, "INSERT INTO orders (id, cart_id, total_cents) VALUES ($1, $2, $3)")
		}
	})
}

// sendMail confirms an order by mail on the request path; mail is how long
// SendGrid takes of it.
func (s *stage) sendMail(at time.Time, mail float64) *scene.Span {
	dur := mail + 150
	root := s.svc("order-service").Serve(at, dur, "POST", "/api/orders/{id}/confirm", "/api/orders/"+s.Hex(6)+"/confirm", 200)
	root.SQL(postgres("orders"), 12, 9, "SELECT id, email_template, state FROM orders WHERE id = ?")
	root.SQL(postgres("orders"), 34, 14, "UPDATE orders SET state = 'confirmed' WHERE id = ?")
	root.Inner("MailTemplate.render", 62, 38)
	root.HTTPOut(120, mail, "POST", "api.sendgrid.com", "/v3/mail/send", 200)
	return root
}

// waitForUser is GET /api/orders behind a sign-in check: auth asks user-service,
// which takes 4500 ms, and gives up at 4480.
func (s *stage) waitForUser(at time.Time) *scene.Span {
	gateway, auth, user := s.svc("api-gateway"), s.svc("auth-service"), s.svc("user-service")
	root := gateway.Serve(at, 4490, "GET", "/api/orders", "/api/orders", 504)
	call := root.HTTPOut(1, 4488, "POST", "auth-service.prod.svc.cluster.local:8080", "/verify", 504)
	verify := call.Child(auth, scene.HTTP, serverKind, "POST /verify", 2, 4485,
		str("http.request.method", "POST"), str("http.route", "/verify"), num("http.response.status_code", 504))
	verify.Fail("504", "")
	read := verify.HTTPOut(4, 4480, "GET", "user-service.prod.svc.cluster.local:8080", "/users/8812", 0)
	read.Fail("java.net.SocketTimeoutException", "Read timed out").Exception("java.net.SocketTimeoutException", "Read timed out", "")
	read.Child(user, scene.HTTP, serverKind, "GET /users/{id}", 5, 4500,
		str("http.request.method", "GET"), str("http.route", "/users/{id}"), num("http.response.status_code", 200))
	return root
}

// ordersFine is the same request when user-service answers.
func (s *stage) ordersFine(at time.Time) *scene.Span {
	dur := s.Around(64, 0.15)
	root := s.svc("api-gateway").Serve(at, dur, "GET", "/api/orders", "/api/orders", 200)
	_, verify := root.HTTP(s.svc("auth-service"), 1, 18, "POST", "/verify", "/verify", 200)
	_, user := verify.HTTP(s.svc("user-service"), 4, 11, "GET", "/users/{id}", "/users/"+fmt.Sprint(s.Int(1000, 9999)), 200)
	user.SQL(postgres("users"), 6, 5, "SELECT id, name, roles FROM users WHERE id = $1")
	_, list := root.HTTP(s.svc("order-service"), 21, dur-25, "GET", "/orders", "/orders?limit=20", 200)
	list.SQL(postgres("orders"), 25, dur-38, "SELECT id, state, total_cents FROM orders WHERE customer_id = ? ORDER BY id DESC LIMIT 20", num("db.response.returned_rows", 20))
	return root
}

// reserveStock asks the warehouse for stock. The warehouse reports no spans.
const warehouse = "inventory-service.prod.svc.cluster.local:8080"

func (s *stage) reserveFine(at time.Time) *scene.Span {
	dur := s.Around(74, 0.15)
	root := s.svc("api-gateway").Serve(at, dur, "POST", "/api/reservations", "/api/reservations", 201)
	_, order := root.HTTP(s.svc("order-service"), 1, dur-2, "POST", "/reservations", "/reservations", 201)
	order.HTTPOut(8, dur-24, "POST", warehouse, "/stock/reserve", 200, yes("circuit_breaker.enabled", false), num("retry.count", 0))
	return root
}

// reserveTimeout waits 30 s for a connection that never comes.
func (s *stage) reserveTimeout(at time.Time) *scene.Span {
	root := s.svc("api-gateway").Serve(at, 30021, "POST", "/api/reservations", "/api/reservations", 504)
	_, order := root.HTTP(s.svc("order-service"), 1, 30018, "POST", "/reservations", "/reservations", 504)
	call := order.HTTPOut(8, 30003, "POST", warehouse, "/stock/reserve", 0, yes("circuit_breaker.enabled", false), num("retry.count", 0))
	call.Fail("ETIMEDOUT", "connect ETIMEDOUT 10.2.14.7:8080").Exception("ETIMEDOUT", "connect ETIMEDOUT 10.2.14.7:8080", "")
	return root
}

// reserveOpen fails at once, because a breaker is open by now.
func (s *stage) reserveOpen(at time.Time) *scene.Span {
	root := s.svc("api-gateway").Serve(at, 50, "POST", "/api/reservations", "/api/reservations", 503)
	_, order := root.HTTP(s.svc("order-service"), 1, 48, "POST", "/reservations", "/reservations", 503)
	call := order.HTTPOut(40, 3, "POST", warehouse, "/stock/reserve", 0, yes("circuit_breaker.enabled", true), str("circuit_breaker.state", "OPEN"))
	call.Fail("CallNotPermittedException", "CircuitBreaker 'inventory' is OPEN and does not permit further calls")
	return root
}

// fxRates converts a basket; the bank's rates take bank ms to come.
func (s *stage) fxRates(at time.Time, bank float64) *scene.Span {
	root := s.svc("pricing-service").Serve(at, bank+22, "GET", "/api/quotes/{id}", "/api/quotes/q-"+s.Hex(5), 200)
	root.SQL(postgres("pricing"), 3, 4.4, "SELECT id, currency, total_cents FROM quotes WHERE id = %s")
	root.HTTPOut(10, bank, "GET", "rates.partnerbank.com", "/v1/fx?base=EUR", 200)
	return root
}
