package shop

import (
	"math"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"tracefall/testdata/gen/scene"
)

// longQuery is over 200 bytes: readers keep such values by reference.
const longQuery = `SELECT p.id, p.sku, p.title, p.description, p.price_cents, c.code AS currency, s.on_hand, s.reserved ` +
	`FROM products p JOIN currencies c ON c.id = p.currency_id LEFT JOIN stock s ON s.product_id = p.id ` +
	`WHERE p.id = $1 AND p.deleted_at IS NULL AND p.locale IN ('de', 'en', 'ja') ORDER BY s.updated_at DESC LIMIT 1`

// shop is the cast.
type shop struct {
	*scene.World
	storefront, catalog, cart, checkout, payment, inventory, mailer *scene.Service
	products, orders, redis                                         scene.Database
}

// Stage plays the three traces and returns their spans in export order.
func Stage() []sdktrace.ReadOnlySpan {
	w := scene.NewLean(20260302)
	narrow := sdktrace.NewSpanLimits()
	narrow.AttributeCountLimit, narrow.EventCountLimit, narrow.LinkCountLimit = 8, 2, 3
	s := &shop{
		World:      w,
		storefront: w.Service("storefront", scene.Node, scene.Resource(attribute.StringSlice("process.command_args", []string{"node", "--max-old-space-size=512", "server.js"}))),
		catalog:    w.Service("catalog", scene.Go, scene.Resource(attribute.Int("process.pid", 4711), attribute.Bool("feature.preview", true))),
		cart:       w.Service("cart", scene.Java, scene.Instance("cart-0")),
		checkout:   w.Service("checkout", scene.Go, scene.Resource(attribute.Float64("host.load", 0.75))),
		payment:    w.Service("payment", scene.Java),
		inventory:  w.Service("inventory", scene.Python, scene.Resource(attribute.String("host.comment", "Lager »Köln« 倉庫"))),
		mailer:     w.Service("mailer", scene.Python, scene.Limits(narrow)),
		products:   scene.Database{System: "postgresql", Host: "products-db.prod.svc.cluster.local", Port: 5432, Namespace: "products"},
		orders:     scene.Database{System: "mysql", Host: "orders-db.prod.svc.cluster.local", Port: 3306, Namespace: "orders"},
		redis:      scene.Database{System: "redis", Host: "redis.prod.svc.cluster.local", Port: 6379, Namespace: "0"},
	}
	browsed := s.browse(scene.Epoch)
	sent := s.buy(scene.Epoch.Add(41*time.Second), browsed)
	s.fulfil(scene.Epoch.Add(44*time.Second), sent)
	return w.Spans()
}

// browse is healthy: parallel reads under one page, with values of every type.
func (s *shop) browse(at time.Time) trace.SpanContext {
	root := s.storefront.Serve(at, 96.4, "GET", "/products/{id}", "/products/8271?ref=newsletter&lang=de", 200,
		attribute.String("user.locale", "de-DE"), attribute.Bool("session.new", true))
	root.Event(0.6, "routing.done", attribute.String("handler", "ProductPage"), attribute.Int("middleware.count", 7))
	page := root.Inner("ProductPage.load", 1.2, 81.5)

	_, product := page.HTTP(s.catalog, 2, 38.5, "GET", "/api/products/{id}", "/api/products/8271", 200)
	product.SQL(s.redis, 3.6, 0.9, "GET product:8271").Event(4.4, "cache.miss", attribute.String("cache.key", "product:8271"))
	product.SQL(s.products, 5.1, 21.7, longQuery, attribute.Int("db.response.returned_rows", 1))
	product.Inner("render Grüße, 世界 🛍️", 28, 9.2, everyType()...)
	product.SQL(s.redis, 37.6, 0.8, "SET product:8271 EX 300")

	_, reviews := page.HTTP(s.catalog, 2.1, 64.2, "GET", "/api/products/{id}/reviews", "/api/products/8271/reviews?limit=20", 200)
	reviews.SQL(s.products, 4, 18.3, "SELECT id, rating, body FROM reviews WHERE product_id = $1 ORDER BY created_at DESC LIMIT 20", attribute.Int("db.response.returned_rows", 20))
	reviews.Inner("moderate", 23.4, 38.1, attribute.String("moderation.result", `{"checked":20,"hidden":[17,19],"model":{"name":"tox-3","threshold":0.82},"note":"\"quoted\" \\ and\ttabbed"}`))

	_, stock := page.GRPC(s.inventory, 2.3, 22.6, "shop.Inventory/GetStock", "OK")
	stock.SQL(s.products, 4.2, 11.4, "SELECT on_hand, reserved FROM stock WHERE product_id = %s")

	_, basket := page.HTTP(s.cart, 2.4, 12.2, "GET", "/carts/{id}", "/carts/c-9f31", 404)
	basket.SQL(s.redis, 3.7, 1.1, "HGETALL cart:c-9f31")

	root.Inner("render template", 83.2, 11.9, attribute.Int64("html.bytes", 48211))
	return root.Context()
}

// everyType has one attribute of each kind a span can carry.
func everyType() []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.Bool("type.bool", false),
		attribute.Int64("type.int.beyond_double", 1<<53+1),
		attribute.Int64("type.int.max", math.MaxInt64),
		attribute.Int64("type.int.min", math.MinInt64),
		attribute.Float64("type.double", 0.1),
		attribute.Float64("type.double.whole", 3),
		attribute.Float64("type.double.tiny", 5e-324),
		attribute.String("type.string.empty", ""),
		attribute.String("type.string.control", "bell\a escape\x1b[31m nul\x00 line\nend"),
		attribute.StringSlice("type.list.string", []string{"a", "", "ß", "日本"}),
		attribute.Int64Slice("type.list.int", []int64{1, -2, 1<<53 + 1}),
		attribute.BoolSlice("type.list.bool", []bool{true, false}),
		attribute.Float64Slice("type.list.double", []float64{1.5, -2.25}),
		attribute.ByteSlice("type.bytes", []byte{0x00, 0xff, 0x10, 0x80}),
		attribute.Slice("type.list.mixed", attribute.StringValue("x"), attribute.Int64Value(7), attribute.BoolValue(true),
			attribute.MapValue(attribute.String("deep", "yes"))),
		attribute.Map("type.kvlist", attribute.String("city", "Köln"), attribute.Int64("zip", 50667),
			attribute.Map("geo", attribute.Float64("lat", 50.9375), attribute.Float64("lon", 6.9603))),
	}
}

// notANumber are values that JSON cannot write as numbers.
func notANumber() []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.Float64("score.nan", math.NaN()),
		attribute.Float64("score.best", math.Inf(1)),
		attribute.Float64("score.worst", math.Inf(-1)),
	}
}

// buy fails once on the way: the first charge is refused with 503, the second
// succeeds. The messages it sends are returned.
func (s *shop) buy(at time.Time, browsed trace.SpanContext) []trace.SpanContext {
	state, err := trace.ParseTraceState("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")
	if err != nil {
		panic(err)
	}
	upstream := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36},
		SpanID:  trace.SpanID{}, TraceFlags: trace.FlagsSampled, TraceState: state, Remote: true,
	})
	root := s.storefront.RootUnder(upstream, at, trace.SpanKindServer, "POST /checkout", 742.8,
		attribute.String("http.request.method", "POST"), attribute.String("http.route", "/checkout"),
		attribute.String("url.path", "/checkout"), attribute.Int("http.response.status_code", 201))
	root.Link(browsed, attribute.String("link.reason", "browsed before"))

	_, order := root.HTTP(s.checkout, 2.2, 731.1, "POST", "/orders", "/orders", 201)
	place := order.Inner("placeOrder", 4.1, 724.5, attribute.String("code.function.name", "checkout/order.(*Service).Place"), attribute.Int("code.line.number", 118))

	_, cart := place.HTTP(s.cart, 5, 9.4, "GET", "/carts/{id}", "/carts/c-77aa", 200)
	cart.SQL(s.redis, 6.2, 0.9, "HGETALL cart:c-77aa")
	_, reserve := place.GRPC(s.inventory, 15.6, 41.8, "shop.Inventory/Reserve", "OK", attribute.IntSlice("order.lines", []int{2, 1, 1}))
	reserve.SQL(s.products, 18, 6.2, "BEGIN")
	reserve.SQL(s.products, 24.6, 12.1, "UPDATE stock SET reserved = reserved + %s WHERE product_id = %s")
	reserve.SQL(s.products, 38.2, 14.9, "COMMIT")

	s.charge(place, 60.2, 201.3, 1, 503)
	place.Event(262, "retry.attempt", attribute.Int("retry.count", 1), attribute.String("retry.delay", "250ms"))
	s.charge(place, 512.4, 96.6, 2, 200)

	place.SQL(s.orders, 611.2, 8.8, "INSERT INTO orders (id, customer_id, total_cents, currency) VALUES (?, ?, ?, ?)", attribute.Int64("order.id", 9007199254740993))
	place.SQL(s.orders, 621.1, 6.4, "INSERT INTO order_lines (order_id, product_id, quantity) VALUES (?, ?, ?), (?, ?, ?), (?, ?, ?)")

	first := place.Publish(629.4, 4.2, "orders", "m-1001")
	second := place.Publish(634.1, 3.9, "emails", "m-1002")
	mail := second.Consume(s.mailer, 801.7, 122.4, "emails", "m-1002")
	mail.Inner("render mail", 803.2, 31.8, notANumber()...)
	mail.HTTPOut(836.1, 85.7, "POST", "smtp-relay.example.net", "/v1/messages", 202)
	place.Inner("score fraud", 640.3, 82.9).Link(first.Context(), attribute.String("link.reason", "scores the order that was sent")).OK()
	return []trace.SpanContext{first.Context(), second.Context()}
}

func (s *shop) charge(place *scene.Span, from, dur float64, attempt, status int) {
	client, server := place.HTTP(s.payment, from, dur, "POST", "/charges", "/charges", status)
	if attempt > 1 {
		client.Set(attribute.Int("http.request.resend_count", attempt-1))
	}
	if status == 200 {
		server.Inner("ChargeService.capture", server.From+1.4, server.Dur-4.1, attribute.Bool("payment.3ds", false))
		return
	}
	acquirer := server.HTTPOut(server.From+1.5, server.Dur-3.2, "POST", "acquirer.example.com", "/v2/authorisations", 0)
	acquirer.Fail("java.net.SocketTimeoutException", "Read timed out").
		Exception("java.net.SocketTimeoutException", "Read timed out", "")
	server.Exception("com.shop.payment.AcquirerUnavailable", "acquirer did not answer within 200 ms",
		"")
	server.Set(attribute.String("exception.handled_by", "ChargeExceptionMapper"))
}

// fulfil is a batch consumer: its own trace, linked to the producers' spans.
// The mailer's SDK limits drop attributes, events and links.
func (s *shop) fulfil(at time.Time, sent []trace.SpanContext) {
	root := s.mailer.Root(at, trace.SpanKindConsumer, "process orders", 418.6,
		attribute.String("messaging.system", "kafka"), attribute.String("messaging.destination.name", "orders"),
		attribute.String("messaging.operation.type", "process"), attribute.Int("messaging.batch.message_count", 2))
	for _, to := range sent {
		root.Link(to, attribute.Int("messaging.kafka.offset", s.Int(1000, 9000)))
	}
	for i, id := range []string{"o-5501", "o-5502"} {
		from := 4 + float64(i)*196
		one := root.Inner("fulfil "+id, from, 189.3, attribute.String("order.ref", id))
		_, pick := one.GRPC(s.inventory, from+2.2, 71.2, "shop.Inventory/Pick", "OK")
		pick.SQL(s.products, from+6.3, 18.8, "SELECT shelf, bin FROM stock WHERE product_id = %s FOR UPDATE")
		pick.SQL(s.products, from+26.2, 32.5, "UPDATE stock SET on_hand = on_hand - %s, reserved = reserved - %s WHERE product_id = %s")
		one.SQL(s.redis, from+75.9, 1.3, "DEL cart:"+id)
		label := one.HTTPOut(from+79, 104.6, "POST", "labels.example.org", "/v1/labels?format=pdf&carrier=dhl", 201)
		if i == 1 {
			label.Event(from+120, "chunk", attribute.Int("bytes", 4096)).Event(from+140, "chunk", attribute.Int("bytes", 4096)).Event(from+160, "chunk", attribute.Int("bytes", 917))
			label.Set(attribute.String("label.a", "1"), attribute.String("label.b", "2"), attribute.String("label.c", "3"), attribute.String("label.d", "4"), attribute.String("label.e", "5"))
		}
	}
	late := root.Inner("flush audit", 399.2, 61.4)
	for i := range 5 {
		late.Link(sent[i%len(sent)], attribute.Int("n", i))
	}
	late.HTTPOut(402, 14.1, "GET", "10.2.9.9:9090", "/-/ready", 503).Fail("503", "audit store: ошибка соединения")
}
