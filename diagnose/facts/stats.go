package facts

import (
	"cmp"
	"slices"

	"tracefall/sources/trace"
)

// Stat is what the spans of one group have in common, measured. Times are nanoseconds.
type Stat struct {
	Key      string // what they are grouped by, as it is shown
	Missing  bool   // they have no such attribute; Key is ""
	Count    int
	Errors   int   // failed hard
	Total    int64 // sum of durations
	Self     int64 // of it not covered by children that were waited for
	Critical int64 // of the critical paths
	P50      int64 // of durations; nearest rank
	P95      int64
	P99      int64
	Max      int64
	Facts    *Facts // where the longest span is
	Longest  int    // its index
}

// GroupBy tells which group span i belongs to; ok is false where it has none.
type GroupBy func(f *Facts, i int) (key string, ok bool)

// ByService groups spans by the service that emitted them.
func ByService() GroupBy {
	return func(f *Facts, i int) (string, bool) {
		name := f.Trace.Span(i).Service()
		return name, name != ""
	}
}

// ByOperation groups spans by service and operation: "payment POST /charge". It is for the traces of one set.
func ByOperation() GroupBy {
	labels := map[int32]string{} // by number of the operation; operations of a set are numbered once
	return func(f *Facts, i int) (string, bool) {
		n := f.OpNumber(i)
		label, known := labels[n]
		if !known {
			op := f.Ops.Op(n)
			label = op.Service + " " + op.Label()
			labels[n] = label
		}
		return label, true
	}
}

// ByName groups spans by service and name, as the export spells it.
func ByName() GroupBy {
	return func(f *Facts, i int) (string, bool) {
		s := f.Trace.Span(i)
		return s.Service() + " " + s.Name(), true
	}
}

// ByAttribute groups spans by the value of an attribute: the span's own, else its resource's. A value that should
// not be shown is masked, so that equal and different secrets are one group.
func ByAttribute(key string) GroupBy {
	return func(f *Facts, i int) (string, bool) {
		s := f.Trace.Span(i)
		v := s.Attrs().Get(key)
		if v.Type() == trace.TypeNone {
			v = s.Resource().Attrs().Get(key)
		}
		if v.Type() == trace.TypeNone {
			return "", false
		}
		text, _ := Mask(key, v.String(), false)
		return text, true
	}
}

// Stats measures the spans of traces by group, most critical time first, then most total time, then by key. keep
// says which spans count; nil is all. Spans without a group come last, as one Stat whose Missing is set.
func Stats(all []*Facts, by GroupBy, keep func(f *Facts, i int) bool) []Stat {
	type slot struct {
		key string
		ok  bool
	}
	var list []Stat
	var durations [][]int64
	place := map[slot]int{}
	for _, f := range all {
		t := f.Trace
		for i := t.First(); i < t.Len(); i++ {
			if keep != nil && !keep(f, i) {
				continue
			}
			key, ok := by(f, i)
			at, known := place[slot{key, ok}]
			if !known {
				at = len(list)
				place[slot{key, ok}] = at
				list = append(list, Stat{Key: key, Missing: !ok, Longest: i, Facts: f})
				durations = append(durations, nil)
			}
			list[at].add(f, i)
			durations[at] = append(durations[at], t.Span(i).Duration())
		}
	}
	for n := range list {
		slices.Sort(durations[n])
		list[n].P50, list[n].P95, list[n].P99 = Quantile(durations[n], 0.50), Quantile(durations[n], 0.95), Quantile(durations[n], 0.99)
	}
	slices.SortFunc(list, func(a, b Stat) int {
		if a.Missing != b.Missing {
			if a.Missing {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(b.Critical, a.Critical), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Key, b.Key))
	})
	return list
}

// add counts span i.
func (s *Stat) add(f *Facts, i int) {
	duration := f.Trace.Span(i).Duration()
	s.Count++
	if f.Failed(i) {
		s.Errors++
	}
	s.Total += duration
	s.Self += f.Self[i]
	s.Critical += f.Path.Time(i)
	if duration > s.Max {
		s.Max, s.Longest, s.Facts = duration, i, f
	}
}
