package incident

import (
	"fmt"
	"time"

	"tracefall/testdata/gen/scene"
)

// profileQueries is GET /api/users/profile: one query for the posts of a user
// and one for the likes of each. With 50 posts it takes 850 ms.
func (s *stage) profileQueries(at time.Time, posts int, query func(post int) string) *scene.Span {
	dur := 40 + 16.2*float64(posts)
	root := s.svc("users-api").Serve(at, dur, "GET", "/api/users/profile", "/api/users/profile?id="+fmt.Sprint(s.Int(100, 999)), 200)
	root.SQL(postgres("social"), 6, 5, "SELECT id, title FROM posts WHERE author_id = $1 ORDER BY id DESC", num("db.response.returned_rows", posts))
	root.Event(12, "posts.loaded", num("posts.count", posts))
	for i := range posts {
		root.SQL(postgres("social"), 16+16.2*float64(i), 5, query(i+1), num("db.response.returned_rows", 3))
	}
	root.Event(dur-6, "profile.assembled", num("posts.count", posts))
	return root
}

func likesHidden(int) string { return "SELECT id, user_id FROM likes WHERE post_id = ?" }
func likesLiteral(post int) string {
	return fmt.Sprintf("SELECT id, user_id FROM likes WHERE post_id = %d", post)
}

// profileJoined is the same page after the fix.
func (s *stage) profileJoined(at time.Time) *scene.Span {
	root := s.svc("users-api").Serve(at, 55, "GET", "/api/users/profile", "/api/users/profile?id="+fmt.Sprint(s.Int(100, 999)), 200)
	root.SQL(postgres("social"), 6, 24, "SELECT p.id, p.title, l.id, l.user_id FROM posts p LEFT JOIN likes l ON l.post_id = p.id WHERE p.author_id = $1", num("db.response.returned_rows", 150))
	root.Event(49, "profile.assembled", num("posts.count", 50))
	return root
}

// dashboard is GET /api/dashboard: getUserPosts calls enrichPosts, which calls
// getComments for each post, 50 ms each. With 50 posts: 3200, 2800 and 2700 ms.
func (s *stage) dashboard(at time.Time, posts int, name func(post int) string) *scene.Span {
	comments := 53.5 * float64(posts)
	root := s.svc("dashboard-api").Serve(at, comments+525, "GET", "/api/dashboard", "/api/dashboard", 200)
	get := root.Inner("getUserPosts", 120, comments+125)
	get.SQL(postgres("social"), 126, 22, "SELECT id, title, body FROM posts WHERE author_id = $1 LIMIT 50", num("db.response.returned_rows", posts))
	enrich := get.Inner("enrichPosts", 195, comments+25)
	for i := range posts {
		from := 205 + 53.5*float64(i)
		one := enrich.Inner(name(i+1), from, 50, num("post_id", i+1))
		one.SQL(postgres("social"), from+1.5, 46, "SELECT id, author_id, body FROM comments WHERE post_id = $1", num("db.response.returned_rows", 4))
	}
	root.Inner("renderDashboard", comments+260, 255)
	return root
}

func getComments(int) string { return "getComments" }

// order is POST /api/orders from the phone's backend to order-service.
func (s *stage) orderFine(at time.Time) *scene.Span {
	dur := s.Around(168, 0.1)
	root := s.svc("mobile-bff").Serve(at, dur, "POST", "/api/orders", "/api/orders", 201)
	_, server := root.HTTP(s.svc("order-service"), 3, dur-8, "POST", "/orders", "/orders", 201)
	s.createOrder(server, server.From+6, 60)
	return root
}

func (s *stage) createOrder(server *scene.Span, from, fraud float64) {
	server.Inner("FraudCheck.score", from, fraud)
	server.SQL(postgres("orders"), from+fraud+4, 18, "INSERT INTO orders (id, customer_id, total_cents) VALUES (?, ?, ?)")
}

// duplicateOrder times out after 2500 ms while the first attempt goes on and
// writes at 2400 ms; the second attempt takes 150 ms and writes again. A gateway
// that does not wait answers after 45 ms.
func (s *stage) duplicateOrder(at time.Time, waits bool) *scene.Span {
	dur, status := 2872.0, 201
	if !waits {
		dur, status = 45, 202
	}
	orders := s.svc("order-service")
	root := s.svc("mobile-bff").Serve(at, dur, "POST", "/api/orders", "/api/orders", status)
	first := root.HTTPOut(10, 2500, "POST", "order-service.prod.svc.cluster.local:8080", "/orders", 0, num("attempt", 1))
	first.Fail("TIMEOUT", "timeout of 2500ms exceeded").Exception("AxiosError", "timeout of 2500ms exceeded", "")
	slow := first.Child(orders, scene.HTTP, serverKind, "POST /orders", 12, 2610,
		str("http.request.method", "POST"), str("http.route", "/orders"), num("http.response.status_code", 201))
	s.createOrder(slow, 18, 2360)
	second := root.HTTPOut(2712, 150, "POST", "order-service.prod.svc.cluster.local:8080", "/orders", 201, num("attempt", 2), num("http.request.resend_count", 1))
	quick := second.Child(orders, scene.HTTP, serverKind, "POST /orders", 2714, 146,
		str("http.request.method", "POST"), str("http.route", "/orders"), num("http.response.status_code", 201))
	s.createOrder(quick, 2722, 61)
	return root
}

// placeOrder saves, reserves and charges. If broken, the reservation fails and
// nothing undoes the saved order.
func (s *stage) placeOrder(at time.Time, broken bool) *scene.Span {
	status, code := 201, "OK"
	dur := s.Around(122, 0.1)
	if broken {
		status, code, dur = 500, "INTERNAL", 71
	}
	root := s.svc("checkout-service").Serve(at, dur, "POST", "/api/orders", "/api/orders", status)
	root.SQL(postgres("orders"), 6, 12, "INSERT INTO orders (id, customer_id, state) VALUES ($1, $2, 'new')")
	client, reserve := root.GRPC(s.svc("inventory-service"), 24, 32, "shop.Inventory/Reserve", code)
	if broken {
		client.Fail("", "stock shard 3 is read-only")
		reserve.Exception("psycopg2.errors.ReadOnlySqlTransaction", "cannot execute UPDATE in a read-only transaction", "")
		return root
	}
	reserve.SQL(postgres("stock"), 29, 16, "UPDATE stock SET reserved = reserved + %s WHERE product_id = %s")
	_, pay := root.HTTP(s.svc("payment-service"), 60, dur-68, "POST", "/charge", "/charge", 200)
	pay.Inner("Acquirer.authorize", 64, dur-78)
	return root
}

// reserveItem reads the stock of a product, thinks, and writes what it found
// less one.
func (s *stage) reserveItem(at time.Time, product string, stock int, read, write string) *scene.Span {
	root := s.svc("inventory-service").Serve(at, 66, "POST", "/reserve", "/reserve", 200, str("product.id", product))
	item := root.Inner("ReserveItem", 3, 60, str("product.id", product))
	item.SQL(postgres("stock"), 5, 4, fmt.Sprintf(read, product), num("db.response.returned_rows", 1))
	item.Inner("checkLimits", 11, 36)
	item.SQL(postgres("stock"), 50, 9, fmt.Sprintf(write, stock-1, product))
	return root
}

const (
	readStock  = "SELECT quantity FROM stock WHERE product_id = '%s'"
	writeStock = "UPDATE stock SET quantity = %d WHERE product_id = '%s'"
)

// invoice reads one invoice; wait is how long the pool takes to give a
// connection for the 6 ms query.
func (s *stage) invoice(at time.Time, wait float64) *scene.Span {
	root := s.svc("billing-service").Serve(at, wait+24, "GET", "/api/invoices/{id}", "/api/invoices/"+fmt.Sprint(s.Int(10000, 99999)), 200)
	root.Inner("HikariPool.getConnection", 4, wait, str("db.client.connection.pool.name", "main"))
	root.SQL(postgres("billing"), wait+6, 6, "SELECT id, customer_id, total_cents FROM invoices WHERE id = ?")
	return root
}

// lookupUser reads a user through a cache of the given size that takes longer
// the larger it is.
func (s *stage) lookupUser(at time.Time, size int, dur float64) *scene.Span {
	root := s.svc("user-service").Serve(at, dur, "GET", "/users/:id", "/users/"+fmt.Sprint(s.Int(1000, 9999)), 200, num("cache.size", size))
	root.Inner("UserCache.get", 3, dur-22)
	root.SQL(postgres("users"), dur-16, s.Around(9, 0.2), "SELECT id, name, roles FROM users WHERE id = $1")
	return root
}
