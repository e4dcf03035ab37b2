package waterfall

import (
	"math"
	"slices"
	"sort"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// hatching is the part of an offender's time that the finding calls avoidable, in ns as recorded.
type hatching struct {
	span     int
	from, to int64
}

// regroup makes the rows anew where the runs of a finding are, or were, one row each.
func (w *Waterfall) regroup() {
	was := w.st.focus
	w.focus()
	if was != nil || w.st.focus != nil {
		w.rebuild()
	}
}

// focus finds the runs of the finding in the banner, once the cursor was taken there.
func (w *Waterfall) focus() {
	w.st.focus = nil
	f := w.finding()
	if f == nil || !w.finds.visited {
		return
	}
	w.st.focus = w.runsOf(w.finds.offends)
	if w.st.focus != nil {
		for _, g := range w.st.focus.groups {
			w.st.open.Remove(g.first)
		}
	}
}

// runsOf groups offenders that follow each other as siblings and are one operation. Where most of them failed they
// stay rows: what failed is looked at one by one. nil for no group.
func (w *Waterfall) runsOf(offends []uint32) *repeats {
	st := w.st
	failed := 0
	for _, i := range offends {
		if st.t.Span(int(i)).Error() {
			failed++
		}
	}
	if len(offends) < minGroup || 2*failed > len(offends) {
		return nil
	}
	runs := newRepeats(st.t.Len())
	seen := NewSpanBits(st.t.Len())
	var durations []int64
	for _, i := range offends {
		first := int(i)
		if seen.Has(first) {
			continue
		}
		durations = runs.run(st.t, st.times, first, durations[:0], func(s trace.Span) bool {
			_, offender := slices.BinarySearch(offends, uint32(s.Index()))
			if offender = offender && w.alike(first, s.Index()); offender {
				seen.Add(s.Index())
			}
			return offender
		})
	}
	if len(runs.groups) == 0 {
		return nil
	}
	return runs
}

// alike tells whether two spans are one operation.
func (w *Waterfall) alike(a, b int) bool {
	if w.facts != nil {
		return w.facts.OpNumber(a) == w.facts.OpNumber(b)
	}
	x, y := w.st.t.Span(a), w.st.t.Span(b)
	return x.NameSymbol() == y.NameSymbol() && x.ServiceSymbol() == y.ServiceSymbol()
}

// turn puts finding n into the banner: its offenders are looked up, and what of their time it calls avoidable. A
// finding about a single span has that as its offender. of may be nil.
func (f *waterFindings) turn(n int, t *trace.Trace, of *facts.Facts) {
	f.at, f.offends, f.apart, f.hatch, f.waits = n, nil, true, nil, nil
	if len(f.list) == 0 {
		return
	}
	for _, e := range f.list[n].Evidence {
		if e.Role == diagnose.RoleOffender && e.Trace == t && e.Span >= 0 && e.Span < t.Len() {
			f.offends = append(f.offends, uint32(e.Span))
		}
	}
	if marks := f.of[n]; len(f.offends) == 0 && len(marks) == 1 {
		f.offends = append(f.offends, marks[0].span)
	}
	slices.Sort(f.offends)
	f.offends = slices.Compact(f.offends)
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
func (f *waterFindings) measure(of *facts.Facts) {
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
				f.waits = append(f.waits, TimeWindow{before - drawn, start - drawn})
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
func (f *waterFindings) avoidable(i int) (from, to int64, ok bool) {
	k := sort.Search(len(f.hatch), func(k int) bool { return f.hatch[k].span >= i })
	if k == len(f.hatch) || f.hatch[k].span != i {
		return 0, 0, false
	}
	return f.hatch[k].from, f.hatch[k].to, true
}
