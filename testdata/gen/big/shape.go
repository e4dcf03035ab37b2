package main

import (
	"encoding/binary"
	"math/rand/v2"
)

// span is one span before its attributes are spelled out: those follow from
// service, operation and salt.
type span struct {
	trace      [16]byte
	id, parent [8]byte // parent zero: root
	start, end int64   // Unix ns
	service    uint8
	op         operation
	remote     bool // the parent is in another process
	failed     bool
	salt       uint64
}

// shaper makes traces of a certain shape, one after another in time.
type shaper struct {
	rng   *rand.Rand
	clock int64 // Unix ns at which the next trace starts
}

func newShaper(seed uint64) *shaper {
	const epoch = 1772460131000000000 // 2026-03-02T14:02:11Z
	return &shaper{rng: rand.New(rand.NewPCG(seed, 0x626967)), clock: epoch}
}

func (g *shaper) traceID() (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], g.rng.Uint64())
	binary.BigEndian.PutUint64(id[8:], g.rng.Uint64())
	return id
}

func (g *shaper) spanID() (id [8]byte) {
	binary.BigEndian.PutUint64(id[:], g.rng.Uint64()|1)
	return id
}

func (g *shaper) root(n int, dur int64) []span {
	spans := make([]span, 1, n)
	spans[0] = span{trace: g.traceID(), id: g.spanID(), start: g.clock, end: g.clock + dur, op: serve, salt: g.rng.Uint64()}
	return spans
}

// under is a span below p with an operation that may follow p's.
func (g *shaper) under(p *span, op operation, start, end int64) span {
	s := span{trace: p.trace, id: g.spanID(), parent: p.id, start: start, end: end, service: p.service, op: op, salt: g.rng.Uint64()}
	s.failed = g.rng.IntN(100) == 0
	if p.op == call || p.op == rpcCall {
		s.remote = true
		s.service = uint8(g.rng.IntN(serviceCount))
		s.op = serve
		if p.op == rpcCall {
			s.op = rpcServe
		}
	}
	return s
}

// next draws an operation for a child of a span that runs code.
func (g *shaper) next() operation {
	switch n := g.rng.IntN(10); {
	case n < 2:
		return call
	case n < 4:
		return rpcCall
	case n < 7:
		return query
	case n < 8:
		return cacheGet
	}
	return inner
}

// tree is one trace of n spans, as requests fan out through services: parents
// are drawn evenly, so its depth grows with the logarithm of n.
func (g *shaper) tree(n int, dur int64) []span {
	spans := g.root(n, dur)
	open := []int{0} // spans that may have children
	for len(spans) < n {
		at := g.rng.IntN(len(open))
		p := &spans[open[at]]
		s := g.under(p, g.next(), 0, 0)
		s.start, s.end = g.within(p)
		if p.op == call || p.op == rpcCall {
			// A client span has the one server span.
			open[at] = open[len(open)-1]
			open = open[:len(open)-1]
		}
		if s.op != query && s.op != cacheGet {
			open = append(open, len(spans))
		}
		spans = append(spans, s)
	}
	return spans
}

// within draws an interval inside p: nearly all of it below a client span,
// else a piece of it.
func (g *shaper) within(p *span) (start, end int64) {
	dur := p.end - p.start
	if dur < 2000 {
		return p.start, p.end
	}
	if p.op == call || p.op == rpcCall {
		slack := dur / 50
		return p.start + slack, p.end - slack
	}
	length := dur/20 + g.rng.Int64N(dur/4+1)
	start = p.start + g.rng.Int64N(dur-length+1)
	return start, start + length
}

// chain is one trace in which every span is the only child of the one before.
func (g *shaper) chain(n int) []span {
	spans := g.root(n, int64(n)*2000)
	steps := [...]operation{inner, call, serve, rpcCall, rpcServe}
	for len(spans) < n {
		p := &spans[len(spans)-1]
		spans = append(spans, g.under(p, steps[len(spans)%len(steps)], p.start+1000, p.end-1000))
		last := &spans[len(spans)-1]
		if last.op == serve || last.op == rpcServe {
			last.failed = false
		}
	}
	return spans
}

// fan is one trace in which all spans but the root are its children, one after
// another.
func (g *shaper) fan(n int) []span {
	spans := g.root(n, int64(n)*1e6)
	for i := 1; len(spans) < n; i++ {
		op := query
		if i%5 == 0 {
			op = cacheGet
		}
		start := g.clock + int64(i-1)*1e6 + 50_000
		spans = append(spans, g.under(&spans[0], op, start, start+int64(200_000+g.rng.IntN(700_000))))
	}
	return spans
}
