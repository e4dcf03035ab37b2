package facts

import (
	"cmp"
	"iter"
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
	Trace    *trace.Trace // where the longest span is
	Longest  int          // its index
}

// Portion is what is measured of a trace: all its spans, or some.
type Portion struct {
	Facts *Facts
	Spans []int32 // indices; nil is all
}

// GroupBy tells which group span i belongs to; ok is false where it has none.
type GroupBy func(f *Facts, i int) (key string, ok bool)

// ByService groups spans by the service that emitted them.
func ByService() GroupBy {
	shown := shownServices{}
	return func(f *Facts, i int) (string, bool) {
		name := shown.of(f.Trace.Span(i))
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

// ByName groups spans by service and name, as the export spells it but for secrets. It is for the traces of one set.
func ByName() GroupBy {
	labels := map[[2]trace.Symbol]string{}
	return func(f *Facts, i int) (string, bool) {
		s := f.Trace.Span(i)
		pair := [2]trace.Symbol{s.ServiceSymbol(), s.NameSymbol()}
		label, known := labels[pair]
		if !known {
			label = ServiceName(s) + " " + SpanName(s)
			labels[pair] = label
		}
		return label, true
	}
}

// ByEdge groups calls by the service that makes them and the one that they reach, or the peer that they name where it
// left no span: "gateway → cart", "cart → redis:6379", the edges of the graph of services. A call counts once, by its
// caller's span where there is one, so that its self time is what passes between the two. Other spans have no group.
func ByEdge() GroupBy {
	var c Canonical
	shown := shownServices{}
	return func(f *Facts, i int) (string, bool) {
		s, p := f.Trace.Span(i), f.Trace.Parent(i)
		if server := f.Server(i); server >= 0 {
			return shown.of(s) + edgeArrow + shown.of(f.Trace.Span(server)), true
		}
		if k := f.Kind(i); k == trace.KindClient || k == trace.KindProducer {
			if to := f.Peer(i, &c); to != "" {
				return shown.of(s) + edgeArrow + MaskedText(to), true
			}
		}
		if p < f.Trace.First() || f.Trace.Span(p).ServiceSymbol() == s.ServiceSymbol() || f.Server(p) >= 0 {
			return "", false
		}
		return shown.of(f.Trace.Span(p)) + edgeArrow + shown.of(s), true
	}
}

// shownServices are the names of services as they may be shown, by their names: looking for secrets costs more than
// remembering where there are none.
type shownServices map[string]string

func (n shownServices) of(s trace.Span) string {
	name := s.Service()
	text, known := n[name]
	if !known {
		text = MaskedText(name)
		n[name] = text
	}
	return text
}

const edgeArrow = " → "

// ByAttribute groups spans by the value of an attribute: the span's own, else its resource's. A value that should
// not be shown is masked, so that equal and different secrets are one group.
func ByAttribute(key string) GroupBy {
	shown := map[string]string{} // looking for secrets costs more than remembering where there are none
	return func(f *Facts, i int) (string, bool) {
		s := f.Trace.Span(i)
		v := s.Attrs().Get(key)
		if v.Type() == trace.TypeNone {
			v = s.Resource().Attrs().Get(key)
		}
		if v.Type() == trace.TypeNone {
			return "", false
		}
		value := v.String()
		text, known := shown[value]
		if !known {
			text, _ = Mask(key, value, false)
			shown[value] = text
		}
		return text, true
	}
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
				c.add(p.Facts, int(i), by)
			}
			continue
		}
		for i := p.Facts.Trace.First(); i < p.Facts.Trace.Len(); i++ {
			c.add(p.Facts, i, by)
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
	list  []Stat
	place map[statKey]int32
	// All durations, with the group of each: millions of groups of one span are as cheap as one of a million.
	durations []int64
	groups    []int32
}

// add counts span i.
func (c *counting) add(f *Facts, i int, by GroupBy) {
	key, ok := by(f, i)
	duration := f.Trace.Span(i).Duration()
	at, known := c.place[statKey{key, ok}]
	if !known {
		at = int32(len(c.list))
		c.place[statKey{key, ok}] = at
		c.list = append(c.list, Stat{Key: key, Missing: !ok, Max: duration, Longest: i, Trace: f.Trace})
	}
	c.durations, c.groups = append(c.durations, duration), append(c.groups, at)
	s := &c.list[at]
	s.Count++
	if f.Failed(i) {
		s.Errors++
	}
	s.Total += duration
	s.Self += f.Self[i]
	s.Critical += f.Path.Time(i)
	if duration > s.Max {
		s.Max, s.Longest, s.Trace = duration, i, f.Trace
	}
}

// percentiles brings the durations of each group together and reads their percentiles.
func (c *counting) percentiles() {
	next := make([]int, len(c.list))
	for n := 1; n < len(next); n++ {
		next[n] = next[n-1] + c.list[n-1].Count
	}
	sorted := make([]int64, len(c.durations))
	for n, at := range c.groups {
		sorted[next[at]] = c.durations[n]
		next[at]++
	}
	for n := range c.list {
		s := &c.list[n]
		mine := sorted[next[n]-s.Count : next[n]]
		slices.Sort(mine)
		s.P50, s.P95, s.P99 = Percentile(mine, 50), Percentile(mine, 95), Percentile(mine, 99)
	}
}
