package scene

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"sort"
	"strings"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Epoch is when every staged world begins.
var Epoch = time.Date(2026, 3, 2, 14, 2, 11, 0, time.UTC)

// World is one observed system: its services share a span exporter and a seeded
// source of identifiers.
type World struct {
	rng     *rand.Rand
	ids     *identifiers
	capture *capture
	open    []*Span
	// lean leaves out attributes that only make a trace look lived-in.
	lean bool
	// cluster puts a service of a name into the same pod in every such world.
	cluster bool
}

// New makes an empty world whose identifiers and jitter follow from seed.
func New(seed uint64) *World {
	return &World{
		rng:     rand.New(rand.NewPCG(seed, 0x7261636566616c6c)),
		ids:     &identifiers{rng: rand.New(rand.NewPCG(seed, 0x7370616e))},
		capture: &capture{},
	}
}

// NewLean makes a world without decorative attributes and resources, for
// fixtures of which only the shape and a few keys matter.
func NewLean(seed uint64) *World {
	w := New(seed)
	w.lean = true
	return w
}

// NewInCluster makes a world that shares its pods and hosts with others: opened together they are one system, not
// one in which a service fails in the pod of one world only.
func NewInCluster(seed uint64) *World {
	w := New(seed)
	w.cluster = true
	return w
}

// ForgetEnvironment removes the OTEL_* variables, which would otherwise reach
// resources and span limits and change the output.
func ForgetEnvironment() error {
	for _, entry := range os.Environ() {
		key, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(key, "OTEL_") {
			if err := os.Unsetenv(key); err != nil {
				return err
			}
		}
	}
	return nil
}

// Around is v, moved by up to share (0.1 = ten per cent) either way.
func (w *World) Around(v, share float64) float64 {
	return v * (1 + share*(2*w.rng.Float64()-1))
}

// Int is a number in [lo, hi].
func (w *World) Int(lo, hi int) int { return lo + w.rng.IntN(hi-lo+1) }

// Hex is n random lower-case hex digits.
func (w *World) Hex(n int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		b[i] = digits[w.rng.IntN(16)]
	}
	return string(b)
}

// NextTraceID makes the next root start this trace instead of a random one.
func (w *World) NextTraceID(id trace.TraceID) { w.ids.next = id }

// Spans ends all open spans in the order of their end times and returns
// everything recorded so far, in that order: as an exporter would have seen it.
func (w *World) Spans() []sdktrace.ReadOnlySpan {
	sort.SliceStable(w.open, func(i, j int) bool {
		return w.open[i].endsAt().Before(w.open[j].endsAt())
	})
	for _, s := range w.open {
		s.span.End(trace.WithTimestamp(s.endsAt()))
	}
	w.open = nil
	return w.capture.spans
}

// capture is the exporter that keeps what the SDK hands it.
type capture struct{ spans []sdktrace.ReadOnlySpan }

// ExportSpans keeps the spans.
func (c *capture) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	c.spans = append(c.spans, spans...)
	return nil
}

// Shutdown does nothing: nothing is buffered.
func (c *capture) Shutdown(context.Context) error { return nil }

// identifiers is the SDK's IDGenerator with a seed.
type identifiers struct {
	rng  *rand.Rand
	next trace.TraceID
}

// NewIDs makes the ids of a root span.
func (g *identifiers) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	id := g.next
	g.next = trace.TraceID{}
	if !id.IsValid() {
		binary.BigEndian.PutUint64(id[:8], g.rng.Uint64())
		binary.BigEndian.PutUint64(id[8:], g.rng.Uint64())
	}
	return id, g.NewSpanID(ctx, id)
}

// NewSpanID makes the id of a child span.
func (g *identifiers) NewSpanID(context.Context, trace.TraceID) trace.SpanID {
	var id trace.SpanID
	binary.BigEndian.PutUint64(id[:], g.rng.Uint64())
	return id
}
