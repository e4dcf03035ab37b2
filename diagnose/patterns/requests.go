package patterns

import "tracefall/diagnose/facts"

// Request returns the request or message that span i is part of: the nearest entry at or above it, or the first span.
func Request(f *facts.Facts, i int) int {
	for !f.Entry(i) && f.Trace.Parent(i) >= f.Trace.First() {
		i = f.Trace.Parent(i)
	}
	return i
}

// Requests returns Request of every span of the trace, by index.
func Requests(f *facts.Facts) []int32 {
	of := make([]int32, f.Trace.Len())
	for i := f.Trace.First(); i < len(of); i++ {
		of[i] = int32(i)
		if p := f.Trace.Parent(i); p >= f.Trace.First() && !f.Entry(i) {
			of[i] = of[p]
		}
	}
	return of
}

// StepsOf lists the calls that the process of request i made for it, in pre-order: what these called in turn is left
// out.
func StepsOf(f *facts.Facts, i int) []int {
	var steps []int
	for k := i + 1; k < f.Trace.End(i); {
		if f.Entry(k) || f.Class(k).Remote() {
			if !f.Entry(k) {
				steps = append(steps, k)
			}
			k = f.Trace.End(k)
			continue
		}
		k++
	}
	return steps
}
