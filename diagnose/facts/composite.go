package facts

import "tracefall/diagnose/semconv"

// Elastic's agents write a run of short, like calls as one span that says how many it stands for: composite.count.

// Calls returns how many calls span i stands for: 1 but for compressed spans.
func (f *Facts) Calls(i int) int { return max(int(f.spans[i].calls), 1) }

// CallsOf returns how many calls spans stand for together.
func (f *Facts) CallsOf(spans []int) int {
	if !f.Ops.compressed {
		return len(spans)
	}
	n := 0
	for _, i := range spans {
		n += f.Calls(i)
	}
	return n
}

// Compressed reports whether any span of the set stands for several calls.
func (f *Facts) Compressed() bool { return f.Ops.compressed }

// compressedCalls reads how many calls a span stands for, 0 where it does not say.
func (o *Ops) compressedCalls(c *semconv.Canonical) int32 {
	n, ok := c.Int(semconv.CompositeCount)
	if !ok || n < 2 || n > 1_000_000 {
		return 0
	}
	o.compressed = true
	return int32(n)
}
