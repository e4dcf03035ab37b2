package baseline

import (
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
)

// Baseline is what is usual in a set of traces: what a call is compared with. It does not change once made.
type Baseline struct {
	ops  []Typical // by number of the operation
	gaps map[edge]Typical
}

// Typical is how long something usually takes.
type Typical struct {
	Calls int   // that it rests on
	P50   int64 // ns
	P95   int64 // ns
}

// edge is the way from a calling service to a called one.
type edge struct{ caller, callee trace.Symbol }

// New measures all the traces of a set: durations of the spans that did not fail, by operation, and gaps
// between caller and callee, by pair of services.
func New(all []*facts.Facts) *Baseline {
	b := &Baseline{gaps: map[edge]Typical{}}
	if len(all) == 0 {
		return b
	}
	b.measureOps(all)
	gaps := map[edge][]int64{}
	for _, f := range all {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			if f.Kind(i) != trace.KindClient || f.Leaf(i) {
				continue
			}
			if gap, server, ok := Gap(f, i); ok {
				e := edge{f.Trace.Span(i).ServiceSymbol(), f.Trace.Span(server).ServiceSymbol()}
				gaps[e] = append(gaps[e], gap)
			}
		}
	}
	for e, list := range gaps {
		b.gaps[e] = typical(list)
	}
	return b
}

// measureOps gathers the durations by operation in one array: count, place, sort each part.
func (b *Baseline) measureOps(all []*facts.Facts) {
	counts := make([]int, all[0].Ops.Len()+1)
	each := func(visit func(op int32, duration int64)) {
		for _, f := range all {
			for i := f.Trace.First(); i < f.Trace.Len(); i++ {
				if !f.Failed(i) {
					visit(f.OpNumber(i), f.Trace.Span(i).Duration())
				}
			}
		}
	}
	each(func(op int32, _ int64) { counts[op+1]++ })
	for n := 1; n < len(counts); n++ {
		counts[n] += counts[n-1]
	}
	durations := make([]int64, counts[len(counts)-1])
	next := slices.Clone(counts)
	each(func(op int32, duration int64) {
		durations[next[op]] = duration
		next[op]++
	})
	b.ops = make([]Typical, len(counts)-1)
	for n := range b.ops {
		b.ops[n] = typical(durations[counts[n]:counts[n+1]])
	}
}

// typical sorts the list.
func typical(list []int64) Typical {
	slices.Sort(list)
	return Typical{len(list), stats.Percentile(list, 50), stats.Percentile(list, 95)}
}

// Op returns how long spans of an operation that did not fail usually last.
func (b *Baseline) Op(n int32) Typical {
	if int(n) >= len(b.ops) {
		return Typical{}
	}
	return b.ops[n]
}

// Gap returns how much longer calls between two services usually take for the caller than for the callee.
func (b *Baseline) Gap(caller, callee trace.Span) Typical {
	return b.gaps[edge{caller.ServiceSymbol(), callee.ServiceSymbol()}]
}

// Gap returns by how many nanoseconds the call of client span i lasted longer than the span that served it, and
// that span. Each duration is measured by one clock, so clocks that are apart change nothing:
//
//	caller  |----------------------|
//	server            |------|         gap = 22 − 6, wherever the server's clock puts it
//
// ok is false where the trace has no serving span, where the call was tried more than once, and where the server
// lasted longer.
func Gap(f *facts.Facts, i int) (gap int64, server int, ok bool) {
	server = f.Server(i)
	if server < 0 {
		return 0, -1, false
	}
	tries := 0
	for c := range f.Children(i) {
		if f.Class(c).Remote() || f.Kind(c) == trace.KindServer {
			tries++
		}
	}
	gap = f.Trace.Span(i).Duration() - f.Trace.Span(server).Duration()
	return gap, server, tries <= 1 && gap >= 0
}
