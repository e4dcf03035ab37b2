package views

import (
	"fmt"
	"testing"
	"time"

	"tracefall/sources/trace"
)

// traceMaker builds traces for the tests of waterfall and detail. Times are µs from the start of the trace.
type traceMaker struct {
	b      *trace.Builder
	raw    trace.RawSpan
	next   uint64
	origin map[string]uint32
}

// traceStart is when the traces of the tests start.
var traceStart = time.Date(2026, 11, 20, 14, 3, 22, 101_000_000, time.UTC).UnixNano()

var traceID = trace.ParseTraceID("4bf92f3577b34da6a3ce929d0e0e4736")

func newTraceMaker() *traceMaker {
	m := &traceMaker{b: trace.NewBuilder(), next: 1, origin: map[string]uint32{}}
	m.b.Input("incident.json")
	m.raw.Reset()
	return m
}

// span adds a span and returns its id; change may alter it before.
func (m *traceMaker) span(parent uint64, service, name string, start, dur int64, change ...func(*trace.Builder, *trace.RawSpan)) uint64 {
	origin, ok := m.origin[service]
	if !ok {
		key := m.b.Symbol([]byte("service.name"))
		version := m.b.Symbol([]byte("service.version"))
		resource := m.b.Resource([]trace.Attr{m.b.String(key, []byte(service)), m.b.String(version, []byte("1.4.2"))}, 0)
		origin = m.b.Origin(resource, m.b.Scope(m.b.Symbol([]byte("io.otel.http")), m.b.Symbol([]byte("0.58.0")), nil, 0))
		m.origin[service] = origin
	}
	id := m.next
	m.next++
	m.raw.Reset()
	m.raw.Trace, m.raw.ID, m.raw.Parent = traceID, trace.SpanID{N: id}, trace.SpanID{N: parent}
	m.raw.Name, m.raw.Origin = m.b.Symbol([]byte(name)), origin
	m.raw.Start, m.raw.Duration = traceStart+start*1000, dur*1000
	for _, c := range change {
		c(m.b, &m.raw)
	}
	m.b.Add(&m.raw)
	return id
}

// trace builds the only trace.
func (m *traceMaker) trace(t testing.TB) *trace.Trace {
	t.Helper()
	set := m.b.Build()
	if set.Len() != 1 {
		t.Fatalf("%d traces were built, want 1", set.Len())
	}
	return set.Trace(0)
}

// failed makes a span fail with a message.
func failed(message string) func(*trace.Builder, *trace.RawSpan) {
	return func(b *trace.Builder, raw *trace.RawSpan) {
		raw.Status = trace.StatusError
		raw.Message = b.String(0, []byte(message))
	}
}

// attr adds an attribute: a string, int, float64 or bool.
func attr(key string, value any) func(*trace.Builder, *trace.RawSpan) {
	return func(b *trace.Builder, raw *trace.RawSpan) { raw.Attrs = append(raw.Attrs, makeAttr(b, key, value)) }
}

func makeAttr(b *trace.Builder, key string, value any) trace.Attr {
	k := b.Symbol([]byte(key))
	switch v := value.(type) {
	case string:
		return b.String(k, []byte(v))
	case int:
		return trace.Int(k, int64(v))
	case float64:
		return trace.Float(k, v)
	case bool:
		return trace.Bool(k, v)
	}
	panic(fmt.Sprintf("no attribute of type %T", value))
}

// checkoutTrace is a request that retries a failing payment, and reads likes one by one.
func checkoutTrace(t testing.TB) *trace.Trace {
	m := newTraceMaker()
	root := m.span(0, "api-gateway", "POST /api/checkout", 0, 5_020_000, failed("upstream failed"), attr("http.request.method", "POST"))
	auth := m.span(root, "auth", "GET /validate", 2_000, 12_000)
	m.span(auth, "auth-db", "SELECT sessions WHERE token=?", 4_000, 3_000, attr("db.system", "postgresql"))
	cart := m.span(root, "cart", "GetCart", 20_000, 180_000)
	m.span(cart, "cart-cache", "HGETALL", 24_000, 0)
	for i := range int64(5) {
		fail := failed("503 Service Unavailable")
		if i == 4 {
			fail = func(*trace.Builder, *trace.RawSpan) {}
		}
		call := m.span(root, "payment", "POST /charge", 210_000+i*900_000, 880_000, fail, attr("http.response.status_code", 503), attr("retry.attempt", int(i)))
		m.span(call, "bank-adapter", "Authorize card with the acquiring bank", 215_000+i*900_000, 860_000, fail)
	}
	posts := m.span(root, "posts", "getUserPosts", 4_720_000, 290_000)
	for i := range int64(50) {
		m.span(posts, "posts-db", "SELECT likes WHERE post_id=?", 4_725_000+i*5_500, 5_000)
	}
	return m.trace(t)
}

// bigTrace has a hundred handlers, each with ten calls.
func bigTrace(t testing.TB) *trace.Trace {
	m := newTraceMaker()
	root := m.span(0, "batch", "nightly-import", 0, 60_000_000)
	for i := range int64(100) {
		h := m.span(root, fmt.Sprintf("worker-%d", i%7), fmt.Sprintf("handle chunk %d", i), i*590_000, 580_000)
		for k := range int64(10) {
			m.span(h, "store", "put", i*590_000+k*57_000, 50_000)
		}
	}
	return m.trace(t)
}

// brokenTrace has two roots, orphans, an unfinished span and what the SDK dropped.
func brokenTrace(t testing.TB) *trace.Trace {
	m := newTraceMaker()
	a := m.span(0, "web", "GET /", 0, 900_000)
	m.span(a, "web", "render", 100_000, 700_000, func(_ *trace.Builder, raw *trace.RawSpan) { raw.DroppedAttrs = 7 })
	m.span(a, "clock-skewed", "lookup", -40_000, 30_000)
	b := m.span(0, "cron", "tick", 300_000, 100_000)
	m.span(b, "cron", "sweep", 310_000, 0, func(_ *trace.Builder, raw *trace.RawSpan) { raw.Duration = trace.NoDuration })
	m.span(0xdead, "mailer", "send", 500_000, 90_000, failed("connection reset"))
	m.span(0xbeef, "mailer", "", 600_000, 90_000)
	return m.trace(t)
}

// deepTrace is one chain.
func deepTrace(t testing.TB, depth int) *trace.Trace {
	m := newTraceMaker()
	parent := uint64(0)
	for i := range int64(depth) {
		parent = m.span(parent, "recursive", "walk", i, 2*int64(depth)-2*i)
	}
	return m.trace(t)
}

// wideTrace is one parent with many children.
func wideTrace(t testing.TB, n int) *trace.Trace {
	m := newTraceMaker()
	root := m.span(0, "loader", "load all", 0, int64(n)*10)
	for i := range int64(n) {
		if i%1000 == 999 {
			m.span(root, "db", "SELECT item", i*10, 9, failed("deadlock"))
			continue
		}
		m.span(root, "db", "SELECT item", i*10, 9)
	}
	return m.trace(t)
}
