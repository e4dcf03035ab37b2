package facts

import (
	"cmp"
	"iter"
	"slices"

	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
)

// Stat is what the spans of one group have in common, measured. Times are nanoseconds.
type Stat struct {
	Key      string // what they are grouped by, as it is shown
	Missing  bool   // they have no such attribute; Key is ""
	Count    int
	Errors   int   // recorded as errors: what error=true finds, and what the trace counts
	Untimed  int   // whose times are not known: no number of ns counts them
	Total    int64 // sum of durations
	Self     int64 // of it not covered by children that were waited for
	Critical int64 // of the critical paths
	P50      int64 // of durations; nearest rank
	P95      int64
	P99      int64
	Max      int64
	Trace    *trace.Trace // where the longest span is
	Longest  int          // its index
}

// Timed reports whether the times of some of the spans are known.
func (s *Stat) Timed() bool { return s.Untimed < s.Count }

// Portion is what is measured of a trace: all its spans, or some.
type Portion struct {
	Facts *Facts
	Spans []int32 // indices; nil is all
}

// Stats measures the spans of traces by group, most critical time first, then most total time, then by key. Spans
// without a group come last, as one Stat whose Missing is set. Facts are used while their portion is at hand only, so
// that they need not be kept.
func Stats(portions iter.Seq[Portion], by GroupBy) []Stat {
	var c counting
	c.place = map[statKey]int32{}
	for p := range portions {
		if p.Spans != nil {
			for _, i := range p.Spans {
				c.count(p.Facts, int(i), by)
			}
			continue
		}
		for i := p.Facts.Trace.First(); i < p.Facts.Trace.Len(); i++ {
			c.count(p.Facts, i, by)
		}
	}
	c.percentiles()
	slices.SortFunc(c.list, func(a, b Stat) int {
		if a.Missing != b.Missing {
			if a.Missing {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(b.Critical, a.Critical), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Key, b.Key))
	})
	return c.list
}

// statKey is what a group is known by.
type statKey struct {
	key string
	ok  bool
}

// counting are groups while their spans are being counted.
type counting struct {
	list      []Stat
	place     map[statKey]int32
	durations stats.Groups
}

// count adds span i.
func (c *counting) count(f *Facts, i int, by GroupBy) {
	key, ok := by(f, i)
	duration := f.Trace.Span(i).Duration()
	at, known := c.place[statKey{key, ok}]
	if !known {
		at = int32(len(c.list))
		c.place[statKey{key, ok}] = at
		c.list = append(c.list, Stat{Key: key, Missing: !ok, Max: duration, Longest: i, Trace: f.Trace})
	}
	s := &c.list[at]
	s.Count++
	if f.Trace.Span(i).Untimed() {
		s.Untimed++
	} else {
		c.durations.Add(at, duration)
	}
	if f.Trace.Span(i).Error() {
		s.Errors++
	}
	s.Total += duration
	s.Self += f.Self[i]
	s.Critical += f.Path.Time(i)
	if duration > s.Max {
		s.Max, s.Longest, s.Trace = duration, i, f.Trace
	}
}

// percentiles reads the percentiles of the durations of each group.
func (c *counting) percentiles() {
	c.durations.Sorted(len(c.list), func(at int, sorted []int64) {
		s := &c.list[at]
		s.P50, s.P95, s.P99 = stats.Percentile(sorted, 50), stats.Percentile(sorted, 95), stats.Percentile(sorted, 99)
	})
}
