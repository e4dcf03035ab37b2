package main

import "strconv"

// operation is what a span does; it decides name, kind, scope and attributes.
type operation uint8

const (
	serve operation = iota
	call
	rpcServe
	rpcCall
	query
	cacheGet
	inner
)

// kind is the OTLP span kind of an operation.
func (o operation) kind() int {
	switch o {
	case serve, rpcServe:
		return 2
	case call, rpcCall, query, cacheGet:
		return 3
	case inner:
		return 1
	}
	return 0
}

func (o operation) scope() (name, version string) {
	switch o {
	case serve, call:
		return "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp", "0.64.0"
	case rpcServe, rpcCall:
		return "go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc", "0.64.0"
	case query:
		return "github.com/exaring/otelpgx", "v0.9.3"
	case cacheGet:
		return "github.com/redis/go-redis/extra/redisotel", "semver:9.17.0"
	case inner:
		return "shop", ""
	}
	return "", ""
}

// attr is an attribute: a string, or a whole number if str is empty.
type attr struct {
	key, str string
	num      int64
}

const serviceCount = 12

func services() [serviceCount]string {
	return [serviceCount]string{"storefront", "api-gateway", "catalog", "cart", "checkout", "payment", "inventory", "shipping", "recommendations", "users", "pricing", "search"}
}

// words are the choices that names and values are drawn from.
type words struct {
	services [serviceCount]string
	routes   []string
	paths    []string
	queries  []string
	tables   []string
	methods  []string
	work     []string
	agents   []string
}

func vocabulary() *words {
	return &words{
		services: services(),
		routes:   []string{"/api/products/{id}", "/api/carts/{id}/items", "/api/users/{id}/profile", "/api/orders/{id}", "/api/search", "/api/prices/{id}", "/api/stock/{id}"},
		paths:    []string{"/api/products/", "/api/carts/c-", "/api/users/", "/api/orders/o-", "/api/search?limit=20&q=shoes+size+", "/api/prices/", "/api/stock/"},
		queries: []string{
			"SELECT id, sku, title, price_cents, currency FROM products WHERE id = $1 AND deleted_at IS NULL",
			"SELECT o.id, o.total_cents, c.name, c.tier FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = $1 ORDER BY o.created_at DESC LIMIT 50",
			"UPDATE stock SET reserved = reserved + $1, updated_at = now() WHERE product_id = $2 AND warehouse_id = $3",
			"INSERT INTO order_lines (order_id, product_id, quantity, price_cents) VALUES ($1, $2, $3, $4) RETURNING id",
			"SELECT product_id, avg(rating) AS rating, count(*) AS n FROM reviews WHERE product_id = ANY($1) GROUP BY product_id",
		},
		tables:  []string{"products", "orders", "stock", "order_lines", "reviews"},
		methods: []string{"GetProduct", "ListItems", "Reserve", "Quote", "Recommend"},
		work:    []string{"pricing.Calculate", "cart.Merge", "render.Page", "auth.CheckSession", "rules.Evaluate"},
		agents:  []string{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0", "Go-http-client/1.1", "okhttp/4.12.0 (Android 15; SM-S921B)"},
	}
}

func at[T any](list []T, salt uint64) T { return list[salt%uint64(len(list))] }

// name is the span name.
func (w *words) name(s *span) string {
	switch s.op {
	case serve:
		return "GET " + at(w.routes, s.salt)
	case call:
		return "GET"
	case rpcServe, rpcCall:
		return "shop.v1.Catalog/" + at(w.methods, s.salt)
	case query:
		return [...]string{"SELECT products", "SELECT orders", "UPDATE stock", "INSERT order_lines", "SELECT reviews"}[s.salt%5]
	case cacheGet:
		return "get"
	case inner:
		return at(w.work, s.salt)
	}
	return ""
}

// host is the address of what the salt says was called.
func (w *words) host(salt uint64) string {
	return w.services[(salt>>8)%serviceCount] + ".prod.svc.cluster.local"
}

// attributes appends the span's attributes to out.
func (w *words) attributes(out []attr, s *span) []attr {
	id := strconv.FormatUint(s.salt>>40, 10)
	status := int64(200)
	if s.failed {
		status = 503
	}
	switch s.op {
	case serve:
		out = append(out, attr{key: "http.request.method", str: "GET"}, attr{key: "http.route", str: at(w.routes, s.salt)},
			attr{key: "url.path", str: at(w.paths, s.salt) + id}, attr{key: "url.scheme", str: "http"},
			attr{key: "server.address", str: w.services[s.service] + ".prod.svc.cluster.local"}, attr{key: "server.port", num: 8080},
			attr{key: "http.response.status_code", num: status}, attr{key: "user_agent.original", str: at(w.agents, s.salt>>16)},
			attr{key: "app.request.id", str: "req-" + id + "-" + strconv.FormatUint(s.salt&0xffffff, 16)})
	case call:
		host := w.host(s.salt)
		out = append(out, attr{key: "http.request.method", str: "GET"},
			attr{key: "url.full", str: "http://" + host + ":8080" + at(w.paths, s.salt) + id},
			attr{key: "server.address", str: host}, attr{key: "server.port", num: 8080},
			attr{key: "http.response.status_code", num: status}, attr{key: "network.protocol.version", str: "1.1"},
			attr{key: "network.peer.address", str: "10.2.7." + strconv.FormatUint(s.salt>>56, 10)}, attr{key: "http.response.body.size", num: int64(s.salt>>48) + 120},
			attr{key: "app.request.id", str: "req-" + id + "-" + strconv.FormatUint(s.salt&0xffffff, 16)})
	case rpcServe, rpcCall:
		code := int64(0)
		if s.failed {
			code = 14
		}
		out = append(out, attr{key: "rpc.system", str: "grpc"}, attr{key: "rpc.service", str: "shop.v1.Catalog"},
			attr{key: "rpc.method", str: at(w.methods, s.salt)}, attr{key: "rpc.grpc.status_code", num: code},
			attr{key: "server.address", str: w.host(s.salt)}, attr{key: "server.port", num: 50051},
			attr{key: "network.peer.address", str: "10.2.7." + strconv.FormatUint(s.salt>>56, 10)}, attr{key: "app.tenant", str: "tenant-" + strconv.FormatUint(s.salt>>16&63, 10)},
			attr{key: "app.request.id", str: "req-" + id + "-" + strconv.FormatUint(s.salt&0xffffff, 16)})
	case query:
		out = append(out, attr{key: "db.system.name", str: "postgresql"}, attr{key: "db.namespace", str: "shop"},
			attr{key: "db.query.text", str: at(w.queries, s.salt)}, attr{key: "db.operation.name", str: w.name(s)[:6]},
			attr{key: "db.collection.name", str: at(w.tables, s.salt)}, attr{key: "server.address", str: "shop-db.prod.svc.cluster.local"},
			attr{key: "server.port", num: 5432}, attr{key: "db.response.returned_rows", num: int64(s.salt >> 58)},
			attr{key: "app.request.id", str: "req-" + id + "-" + strconv.FormatUint(s.salt&0xffffff, 16)})
	case cacheGet:
		out = append(out, attr{key: "db.system.name", str: "redis"}, attr{key: "db.query.text", str: "get session:" + id + ":cart"},
			attr{key: "db.operation.name", str: "get"}, attr{key: "server.address", str: "redis.prod.svc.cluster.local"}, attr{key: "server.port", num: 6379},
			attr{key: "network.peer.address", str: "10.2.9.14"}, attr{key: "db.namespace", str: "0"}, attr{key: "app.cache.key", str: "session:" + id + ":cart"},
			attr{key: "app.tenant", str: "tenant-" + strconv.FormatUint(s.salt>>16&63, 10)})
	case inner:
		out = append(out, attr{key: "code.function.name", str: "github.com/example/shop/internal/" + at(w.work, s.salt)},
			attr{key: "code.file.path", str: "/src/shop/internal/worker/handler_" + strconv.FormatUint(s.salt>>60, 10) + ".go"}, attr{key: "code.line.number", num: int64(s.salt>>50&1023) + 1},
			attr{key: "app.tenant", str: "tenant-" + strconv.FormatUint(s.salt>>16&63, 10)}, attr{key: "app.request.id", str: "req-" + id + "-" + strconv.FormatUint(s.salt&0xffffff, 16)},
			attr{key: "app.items", num: int64(s.salt >> 57)}, attr{key: "thread.id", num: int64(s.salt >> 54 & 63)}, attr{key: "feature.flag", str: "new-pricing=off"})
	}
	return out
}

// message is the exception of a failed span; it needs escaping in JSON.
const message = "upstream said \"connection refused\"\n\tat shop/internal/client.go:88"

// resource appends the attributes of a service's resource.
func (w *words) resource(out []attr, service uint8) []attr {
	name, n := w.services[service], strconv.Itoa(int(service))
	return append(out, attr{key: "service.name", str: name}, attr{key: "service.version", str: "1." + n + ".2"},
		attr{key: "service.namespace", str: "shop"}, attr{key: "deployment.environment.name", str: "production"},
		attr{key: "k8s.pod.name", str: name + "-7d9f6c5b8" + n + "-x2x9q"}, attr{key: "k8s.namespace.name", str: "prod"},
		attr{key: "host.name", str: "ip-10-2-7-" + n + ".eu-west-1.compute.internal"},
		attr{key: "telemetry.sdk.language", str: "go"}, attr{key: "telemetry.sdk.name", str: "opentelemetry"}, attr{key: "telemetry.sdk.version", str: "1.47.0"})
}

// hasEvent says whether the span carries an event besides an exception.
func (s *span) hasEvent() bool { return s.salt>>32&15 == 0 }
