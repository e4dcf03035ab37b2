package patterns

import "tracefall/diagnose/facts"

// mostOrdered is how far up the calls that led to a span are looked for; beyond it only clocks tell.
const mostOrdered = 64

// Ordered reports whether span a surely ended before span b began: by the clock of one host, their own or that of the
// two calls that led to them, or by more than what is not known of the clocks of their hosts.
//
//	gateway     |------------------------|
//	call 1        |------|                  a is in what the gateway waited for
//	  a             |==|                    before it made the call that led to b
//	call 2                  |------|
//	  b                       |==|
func Ordered(f *facts.Facts, a, b int) bool {
	t, clocks := f.Trace, f.Ops.Clocks()
	within := func(i, top int) bool { return top <= i && i < t.End(top) }
	first, waited := a, true // of the spans above a, the highest that is not above b
	for n, p := 0, t.Parent(a); n < mostOrdered && p >= 0 && !within(b, p); n, p = n+1, t.Parent(p) {
		waited = waited && !f.Timing.Async(first)
		first = p
	}
	second := b
	for n, p := 0, t.Parent(b); n < mostOrdered && p >= 0 && !within(a, p); n, p = n+1, t.Parent(p) {
		second = p
	}
	before := func(x, y int) bool {
		return clocks.SameHost(t.Span(x).Resource(), t.Span(y).Resource()) && f.Timing.Own(x).End <= f.Timing.Own(y).Start
	}
	if before(a, b) || before(a, second) || waited && (before(first, b) || before(first, second)) {
		return true
	}
	_, uncertainty, known := clocks.Between(t.Span(a).Resource(), t.Span(b).Resource(), t.Root().Start())
	return known && f.Timing.Own(b).Start-f.Timing.Own(a).End > uncertainty
}
