package eval

import (
	"context"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// Matches are the spans of one trace that satisfy a program, and the memory to find them. The zero Matches is
// ready for use; it is for one goroutine.
type Matches struct {
	m     machine
	bits  []uint64
	n     int
	count int
}

// Trace evaluates the program for one trace of its set into out, replacing what it held.
func (p *Program) Trace(t *trace.Trace, out *Matches) {
	out.m.bind(p)
	found := out.m.trace(t, 0, t.Len())
	out.bits = append(out.bits[:0], found...)
	out.n, out.count = t.Len(), population(found)
}

// Len returns the length of the trace's array of spans.
func (x *Matches) Len() int { return x.n }

// Count returns how many spans match.
func (x *Matches) Count() int { return x.count }

// Has reports whether span i matches.
func (x *Matches) Has(i int) bool { return i >= 0 && i < x.n && bit(x.bits, i) }

// Next returns the first match from span i on, -1 for none.
func (x *Matches) Next(i int) int { return nextBit(x.bits, max(i, 0)) }

// Spans appends the indices of the matches to dst, in order.
func (x *Matches) Spans(dst []int32) []int32 {
	each(x.bits, func(i int) { dst = append(dst, int32(i)) })
	return dst
}

// trace evaluates tree and pipeline for a window of a trace.
func (m *machine) trace(t *trace.Trace, lo, hi int) []uint64 {
	found := m.window(t, lo, hi)
	if len(m.p.stages) > 0 && !empty(found) {
		m.pipeline(m.p.stages, found)
	}
	return found
}

// Result is what a program found in the whole set.
type Result struct {
	Traces      []TraceMatch // with at least one matching span, in the order of the set
	Spans       int          // matching spans
	TotalTraces int
	TotalSpans  int
	Notes       []Note
	Apart       int          // traces in which the terms hold on different spans; counted when no span satisfies all
	ApartQuery  *query.Query // what asks for them; nil when Apart is 0
}

// TraceMatch is a trace with matching spans.
type TraceMatch struct {
	Trace int     // its place in the set
	Spans []int32 // indices of the spans, in order
}

// batchSpans is how many spans a worker takes at a time: some milliseconds at worst, so that cancelling is quick
// and the workers end together. Long traces are cut into windows of this length where the query allows it; a
// multiple of 64, as bitmaps are words.
const batchSpans = 1 << 14

// batch is the work between two looks at the context: traces from … to, or a window of one.
type batch struct {
	from, to int
	lo, hi   int // of trace from, where to is from+1; hi 0 for whole traces
}

// batches cuts the set into work.
func (p *Program) batches() []batch {
	var all []batch
	open, spans := batch{}, 0
	flush := func(next int) {
		if open.to > open.from {
			all = append(all, open)
		}
		open, spans = batch{from: next, to: next}, 0
	}
	for i := range p.set.Len() {
		n := p.set.Trace(i).Len()
		if n > batchSpans && !p.whole {
			flush(i + 1)
			for lo := 0; lo < n; lo += batchSpans {
				all = append(all, batch{i, i + 1, lo, min(lo+batchSpans, n)})
			}
			continue
		}
		open.to = i + 1
		if spans += n; spans >= batchSpans {
			flush(i + 1)
		}
	}
	flush(0)
	return all
}

// Run evaluates the program for every trace of its set with so many workers. Its error is the context's. The
// result does not depend on the number of workers. A panic of a worker goes on in the caller, who may recover; a
// fault of memory is one, such as a mapped file that was cut short causes.
func (p *Program) Run(ctx context.Context, workers int) (*Result, error) {
	r := &Result{TotalTraces: p.set.Len(), TotalSpans: p.set.SpanCount()}
	machines, err := p.run(ctx, workers, r)
	if err != nil {
		return nil, err
	}
	if program := p.apart(r.Spans); program != nil {
		apart := &Result{}
		if _, err := program.run(ctx, workers, apart); err != nil {
			return nil, err
		}
		if r.Apart = len(apart.Traces); r.Apart > 0 {
			r.ApartQuery = program.query
		}
	}
	r.Notes = p.notes(machines, nil)
	return r, nil
}

// One evaluates the program for one trace of its set into out, and says what Run says of all: the notes, and with
// what query the terms hold on different spans of the trace where no span satisfies all of them; nil where they do
// not. A program is for one call of Run or One.
func (p *Program) One(t *trace.Trace, out *Matches) (notes []Note, apart *query.Query) {
	p.Trace(t, out)
	notes = p.notes([]*machine{&out.m}, t)
	if program := p.apart(out.count); program != nil {
		var found Matches
		if program.Trace(t, &found); found.count > 0 {
			return notes, program.query
		}
	}
	return notes, nil
}

// run fills in what matched.
func (p *Program) run(ctx context.Context, workers int, r *Result) ([]*machine, error) {
	work := p.batches()
	found := make([][]TraceMatch, len(work))
	machines := make([]*machine, max(1, min(workers, len(work))))
	var next atomic.Int64
	var wait sync.WaitGroup
	var failure carried
	for w := range machines {
		m := &machine{}
		m.bind(p)
		machines[w] = m
		wait.Go(func() {
			defer failure.catch()()
			for ctx.Err() == nil && !failure.caught() {
				i := int(next.Add(1)) - 1
				if i >= len(work) {
					return
				}
				found[i] = m.batch(work[i])
			}
		})
	}
	wait.Wait()
	failure.goOn()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	all := slices.Concat(found...)
	r.Traces = all[:0]
	for _, match := range all {
		r.Spans += len(match.Spans)
		if last := len(r.Traces) - 1; last >= 0 && r.Traces[last].Trace == match.Trace {
			r.Traces[last].Spans = append(r.Traces[last].Spans, match.Spans...)
			continue
		}
		r.Traces = append(r.Traces, match)
	}
	return machines, nil
}

// batch evaluates a piece of work. The indices of its matches share one array.
func (m *machine) batch(b batch) []TraceMatch {
	m.found, m.spans = m.found[:0], m.spans[:0]
	for i := b.from; i < b.to; i++ {
		t := m.p.set.Trace(i)
		lo, hi := 0, t.Len()
		if b.hi > 0 {
			lo, hi = b.lo, b.hi
		}
		from := len(m.spans)
		for w, word := range m.trace(t, lo, hi) {
			for ; word != 0; word &= word - 1 {
				m.spans = append(m.spans, int32(lo+w<<6+bits.TrailingZeros64(word)))
			}
		}
		if n := len(m.spans) - from; n > 0 {
			m.found = append(m.found, count{i, n})
		}
	}
	matches, spans := make([]TraceMatch, len(m.found)), slices.Clone(m.spans)
	for i, c := range m.found {
		matches[i] = TraceMatch{c.trace, spans[:c.n:c.n]}
		spans = spans[c.n:]
	}
	return matches
}

// count is how many spans of a trace match.
type count struct{ trace, n int }

// apart compiles the terms of a conjunction to hold on any spans of a trace. It is nil where spans match as it is, for a
// query that is no conjunction, and for one that would nest too deep by it.
func (p *Program) apart(matches int) *Program {
	root := p.query.Root
	if matches > 0 || root.Kind != query.KindAnd || len(p.query.Stages) > 0 {
		return nil
	}
	program, err := Compile(&query.Query{Root: query.Join(query.KindBoth, root.Terms...)}, p.set, p.derived)
	if err != nil {
		return nil
	}
	return program
}
