package viewstest

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tracefall/sources"
	"tracefall/sources/trace"
)

// Maker builds traces for the tests of waterfall and detail. Times are µs from the start of the trace.
type Maker struct {
	b      *trace.Builder
	raw    trace.RawSpan
	next   uint64
	origin map[string]uint32
}

// TraceStart is when the traces of the tests start.
var TraceStart = time.Date(2026, 11, 20, 14, 3, 22, 101_000_000, time.UTC).UnixNano()

// TraceID is the id of the traces of the tests.
var TraceID = trace.ParseTraceID("4bf92f3577b34da6a3ce929d0e0e4736")

// NewMaker returns a maker without spans.
func NewMaker() *Maker {
	m := &Maker{b: trace.NewBuilder(), next: 1, origin: map[string]uint32{}}
	m.b.Input("incident.json")
	m.raw.Reset()
	return m
}

// Span adds a span and returns its id; change may alter it before.
func (m *Maker) Span(parent uint64, service, name string, start, dur int64, change ...func(*trace.Builder, *trace.RawSpan)) uint64 {
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
	m.raw.Trace, m.raw.ID, m.raw.Parent = TraceID, trace.SpanID{N: id}, trace.SpanID{N: parent}
	m.raw.Name, m.raw.Origin = m.b.Symbol([]byte(name)), origin
	m.raw.Start, m.raw.Duration = TraceStart+start*1000, dur*1000
	for _, c := range change {
		c(m.b, &m.raw)
	}
	m.b.Add(&m.raw)
	return id
}

// Trace builds the only trace.
func (m *Maker) Trace(t testing.TB) *trace.Trace {
	t.Helper()
	set := m.b.Build()
	if set.Len() != 1 {
		t.Fatalf("%d traces were built, want 1", set.Len())
	}
	return set.Trace(0)
}

// Failed makes a span fail with a message.
func Failed(message string) func(*trace.Builder, *trace.RawSpan) {
	return func(b *trace.Builder, raw *trace.RawSpan) {
		raw.Status = trace.StatusError
		raw.Message = b.String(0, []byte(message))
	}
}

// Attr adds an attribute: a string, int, float64 or bool.
func Attr(key string, value any) func(*trace.Builder, *trace.RawSpan) {
	return func(b *trace.Builder, raw *trace.RawSpan) { raw.Attrs = append(raw.Attrs, MakeAttr(b, key, value)) }
}

// MakeAttr makes an attribute of a string, a number or a truth value.
func MakeAttr(b *trace.Builder, key string, value any) trace.Attr {
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

// CheckoutTrace is a request that retries a failing payment, and reads likes one by one.
func CheckoutTrace(t testing.TB) *trace.Trace {
	m := NewMaker()
	root := m.Span(0, "api-gateway", "POST /api/checkout", 0, 5_020_000, Failed("upstream failed"), Attr("http.request.method", "POST"))
	auth := m.Span(root, "auth", "GET /validate", 2_000, 12_000)
	m.Span(auth, "auth-db", "SELECT sessions WHERE token=?", 4_000, 3_000, Attr("db.system", "postgresql"))
	cart := m.Span(root, "cart", "GetCart", 20_000, 180_000)
	m.Span(cart, "cart-cache", "HGETALL", 24_000, 0)
	for i := range int64(5) {
		fail := Failed("503 Service Unavailable")
		if i == 4 {
			fail = func(*trace.Builder, *trace.RawSpan) {}
		}
		call := m.Span(root, "payment", "POST /charge", 210_000+i*900_000, 880_000, fail, Attr("http.response.status_code", 503), Attr("retry.attempt", int(i)))
		m.Span(call, "bank-adapter", "Authorize card with the acquiring bank", 215_000+i*900_000, 860_000, fail)
	}
	posts := m.Span(root, "posts", "getUserPosts", 4_720_000, 290_000)
	for i := range int64(50) {
		m.Span(posts, "posts-db", "SELECT likes WHERE post_id=?", 4_725_000+i*5_500, 5_000)
	}
	return m.Trace(t)
}

// BigTrace has a hundred handlers, each with ten calls.
func BigTrace(t testing.TB) *trace.Trace {
	m := NewMaker()
	root := m.Span(0, "batch", "nightly-import", 0, 60_000_000)
	for i := range int64(100) {
		h := m.Span(root, fmt.Sprintf("worker-%d", i%7), fmt.Sprintf("handle chunk %d", i), i*590_000, 580_000)
		for k := range int64(10) {
			m.Span(h, "store", "put", i*590_000+k*57_000, 50_000)
		}
	}
	return m.Trace(t)
}

// BrokenTrace has two roots, orphans, an unfinished span and what the SDK dropped.
func BrokenTrace(t testing.TB) *trace.Trace {
	m := NewMaker()
	a := m.Span(0, "web", "GET /", 0, 900_000)
	m.Span(a, "web", "render", 100_000, 700_000, func(_ *trace.Builder, raw *trace.RawSpan) { raw.DroppedAttrs = 7 })
	m.Span(a, "clock-skewed", "lookup", -40_000, 30_000)
	b := m.Span(0, "cron", "tick", 300_000, 100_000)
	m.Span(b, "cron", "sweep", 310_000, 0, func(_ *trace.Builder, raw *trace.RawSpan) { raw.Duration = trace.NoDuration })
	m.Span(0xdead, "mailer", "send", 500_000, 90_000, Failed("connection reset"))
	m.Span(0xbeef, "mailer", "", 600_000, 90_000)
	return m.Trace(t)
}

// DeepTrace is one chain.
func DeepTrace(t testing.TB, depth int) *trace.Trace {
	m := NewMaker()
	parent := uint64(0)
	for i := range int64(depth) {
		parent = m.Span(parent, "recursive", "walk", i, 2*int64(depth)-2*i)
	}
	return m.Trace(t)
}

// WideTrace is one parent with many children.
func WideTrace(t testing.TB, n int) *trace.Trace {
	m := NewMaker()
	root := m.Span(0, "loader", "load all", 0, int64(n)*10)
	for i := range int64(n) {
		if i%1000 == 999 {
			m.Span(root, "db", "SELECT item", i*10, 9, Failed("deadlock"))
			continue
		}
		m.Span(root, "db", "SELECT item", i*10, 9)
	}
	return m.Trace(t)
}

// TruncatedSet makes two traces of a file, cut off within the second or not.
func TruncatedSet(cut bool) *trace.Set {
	m := NewMaker()
	m.Span(0, "shop", "GET /a", 0, 1000)
	m.Span(0, "shop", "GET /b", 5000, 1000, func(_ *trace.Builder, raw *trace.RawSpan) { raw.Trace.Lo++ })
	if cut {
		m.b.Truncated()
		m.b.Notice(trace.Notice{Kind: trace.NoticeTruncated, Input: "incident.json", Count: 1, Message: "file truncated"})
	}
	return m.b.Build()
}

// OpenDemo reads a demo incident.
func OpenDemo(t *testing.T, name string) *trace.Set {
	t.Helper()
	r, err := sources.Open(context.Background(), []string{filepath.Join("..", "..", "testdata", "demo", name)}, sources.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Set.Close(); err != nil {
			t.Error(err)
		}
	})
	return r.Set
}

// HostileTrace has times and texts that no tracer writes.
func HostileTrace(t testing.TB) *trace.Trace {
	m := NewMaker()
	root := m.Span(0, "s\x1b[2J", "na\u202eme\n", 0, 100, Attr("key\x1b", "value\x1b]0;x\x07"))
	m.Span(root, "", "", 0, 0, func(_ *trace.Builder, raw *trace.RawSpan) { raw.Start, raw.Duration = -1<<62, 1<<62 })
	m.Span(root, "", "", 0, 0, func(_ *trace.Builder, raw *trace.RawSpan) { raw.Start, raw.Duration = 1<<62, 1<<62 })
	m.Span(root, "日本", "日本語", 0, 5, Failed("\x00\xff"))
	return m.Trace(t)
}
