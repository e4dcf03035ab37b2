package waterfall

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// hatching is the part of an offender's time that the finding calls avoidable, in ns as recorded.
type hatching struct {
	span     int
	from, to int64
}

// runs groups the offenders of each finding that follow each other as siblings and are one operation. Where most of them
// failed they stay rows: what failed is looked at one by one. nil for no group. of may be nil.
func (f *findings) runs(r *rows, of *facts.Facts) *repeats {
	runs, seen := newRepeats(r.t.Len()), tree.NewSet(r.t.Len())
	var durations []int64
	for n := range f.list {
		offends := f.offenders(n, r.t)
		if len(offends) < minGroup || mostlyFailed(r.t, offends) {
			continue
		}
		for _, i := range offends {
			first := int(i)
			if seen.Has(first) {
				continue
			}
			durations = runs.run(r.t, r.times, first, durations[:0], func(s trace.Span) bool {
				_, offender := slices.BinarySearch(offends, uint32(s.Index()))
				if offender = offender && !seen.Has(s.Index()) && r.alike(first, s.Index(), of); offender {
					seen.Add(s.Index())
				}
				return offender
			})
		}
	}
	if len(runs.groups) == 0 {
		return nil
	}
	slices.SortFunc(runs.groups, func(a, b repeatGroup) int { return cmp.Compare(a.first, b.first) })
	for n, g := range runs.groups {
		for j := g.first; j < g.end; j = r.t.End(j) {
			runs.of[j] = int32(n)
		}
	}
	return runs
}

// mostlyFailed reports whether more than half of some spans failed.
func mostlyFailed(t *trace.Trace, spans []uint32) bool {
	failed := 0
	for _, i := range spans {
		if t.Span(int(i)).Error() {
			failed++
		}
	}
	return 2*failed > len(spans)
}

// offenders returns the offenders of finding n in the trace, in order. A finding about a single span has that as its
// offender.
func (f *findings) offenders(n int, t *trace.Trace) []uint32 {
	var list []uint32
	for _, e := range f.list[n].Evidence {
		if e.Role == rule.RoleOffender && e.Trace == t && e.Span >= 0 && e.Span < t.Len() {
			list = append(list, uint32(e.Span))
		}
	}
	if marks := f.of[n]; len(list) == 0 && len(marks) == 1 {
		list = append(list, marks[0].span)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// turn puts finding n into the banner: its offenders are looked up, and what of their time it calls avoidable. of may be
// nil.
func (f *findings) turn(n int, t *trace.Trace, of *facts.Facts) {
	f.at, f.offends, f.apart, f.hatch, f.waits = n, nil, true, nil, nil
	if len(f.list) == 0 {
		return
	}
	f.offends = f.offenders(n, t)
	for k := 1; k < len(f.offends); k++ {
		f.apart = f.apart && int(f.offends[k]) >= t.End(int(f.offends[k-1]))
	}
	if of != nil {
		f.measure(of)
	}
}

// mostWaits is how many of the waits between offenders are drawn.
const mostWaits = 200

// measure finds the avoidable parts of the offenders' time: the first ones' critical path as far as the number
// reaches. Where it reaches beyond all but the last it holds the waiting between them, too.
//
//	avoidable 40 ms    |----------------|
//	attempts 1, 2, 3   |/////|  |///////|  |-----|
func (f *findings) measure(of *facts.Facts) {
	left := f.list[f.at].Numbers.Avoidable
	var most, last int64
	for _, i := range f.offends {
		if lasts := of.CriticalTime(int(i)); lasts > 0 {
			most, last = most+lasts, lasts
		}
	}
	waits := left > most-last
	drawn := int64(0) // what the clock of the span that the waits are drawn at is off
	if at := f.list[f.at]; at.Trace == of.Trace {
		drawn = of.Timing.Offset(at.Anchor)
	}
	before := int64(math.MaxInt64) // where the offender before ended
	for _, span := range f.offends {
		i := int(span)
		lasts, start := of.CriticalTime(i), of.Timing.Effective(i).Start
		if lasts == 0 {
			continue
		}
		if waits && start > before {
			left -= start - before
			if len(f.waits) < mostWaits {
				f.waits = append(f.waits, timeline.Window{From: before - drawn, To: start - drawn})
			}
		}
		if left <= 0 {
			break
		}
		part := min(lasts, left)
		end := recorded(of, i).Start + lasts
		f.hatch = append(f.hatch, hatching{i, end - part, end})
		left -= lasts
		before = start + lasts
	}
}

// avoidable returns the part of span i that is hatched.
func (f *findings) avoidable(i int) (from, to int64, ok bool) {
	k := sort.Search(len(f.hatch), func(k int) bool { return f.hatch[k].span >= i })
	if k == len(f.hatch) || f.hatch[k].span != i {
		return 0, 0, false
	}
	return f.hatch[k].from, f.hatch[k].to, true
}

// ordinal returns which offender of the finding in the banner a span is, from 1, and of how many; 0 of 0
// for none, and where offenders lie beneath each other: these are no series.
func (f *findings) ordinal(i int) (n, of int) {
	k, found := slices.BinarySearch(f.offends, uint32(i))
	if !found || !f.apart {
		return 0, 0
	}
	return k + 1, len(f.offends)
}
