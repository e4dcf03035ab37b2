package waterfall

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/tree"
)

// minGroup is how many repeats make a group: two calls of a kind are no pattern.
const minGroup = 3

// repeats are the groups of a trace: runs of siblings that follow each other with the same service and name.
//
//	▾ getPosts               a run of siblings is a range of the
//	  SELECT likes   ┐       pre-order array: from its first
//	    net.write    │ one   member to the end of the last
//	  SELECT likes   │ group member's subtree
//	  SELECT likes   ┘
//	  SELECT users
type repeats struct {
	groups  []repeatGroup
	of      []int32 // the group whose member a span is, -1 for none
	members []repeatMember
}

// repeatGroup is one run.
type repeatGroup struct {
	first, last, end int    // first and last member; the end of the last one's subtree
	at, n            int    // its members are members[at:at+n]
	start, finish    int64  // ns since the epoch
	sum, p50         int64  // of the members' durations, ns
	failed           int    // members that failed
	self             *int64 // of the members' self times, ns; nil while not asked for
}

// repeatMember says when a member runs: finish is the latest of it and the members before, so that a search
// finds who runs at a time. Members are ordered by start.
type repeatMember struct{ start, finish int64 }

// findRepeats finds all groups by one pass; groups are ordered by their first member.
func findRepeats(t *trace.Trace, times spanTimes) *repeats {
	n := t.Len()
	r := newRepeats(n)
	seen := tree.NewSet(n)
	var durations []int64
	for i := t.First(); i < n; i++ {
		if seen.Has(i) {
			continue
		}
		first := t.Span(i)
		durations = r.run(t, times, i, durations[:0], func(s trace.Span) bool {
			alike := s.NameSymbol() == first.NameSymbol() && s.ServiceSymbol() == first.ServiceSymbol()
			if alike {
				seen.Add(s.Index())
			}
			return alike
		})
	}
	return r
}

// newRepeats returns no groups, for a trace of n spans.
func newRepeats(n int) *repeats {
	r := &repeats{of: make([]int32, n)}
	for i := range r.of {
		r.of[i] = -1
	}
	return r
}

// run follows the siblings from span i on as long as they belong to its run, and keeps them when they are enough
// for a group. durations is room to work in.
func (r *repeats) run(t *trace.Trace, times spanTimes, i int, durations []int64, belongs func(trace.Span) bool) []int64 {
	limit := t.Len()
	if p := t.Parent(i); p >= 0 {
		limit = t.End(p)
	}
	g := repeatGroup{first: i, at: len(r.members), start: times.start(t.Span(i)), finish: math.MinInt64}
	for j := i; j < limit; {
		s := t.Span(j)
		if !belongs(s) {
			break
		}
		g.last, g.end = j, s.End()
		g.start = min(g.start, times.start(s))
		g.finish = max(g.finish, times.finish(s))
		g.sum = clocks.Add(g.sum, s.Duration())
		if s.Error() {
			g.failed++
		}
		durations = append(durations, s.Duration())
		r.members = append(r.members, repeatMember{times.start(s), times.finish(s)})
		j = g.end
	}
	g.n = len(durations)
	if g.n < minGroup {
		r.members = r.members[:g.at]
		return durations
	}
	slices.Sort(durations)
	g.p50 = durations[(g.n-1)/2]
	orderMembers(r.members[g.at:])
	for j := g.first; j < g.end; j = t.End(j) {
		r.of[j] = int32(len(r.groups))
	}
	r.groups = append(r.groups, g)
	return durations
}

// orderMembers puts members in order and makes finish the latest so far. Only adjusted clocks change their order.
func orderMembers(members []repeatMember) {
	byStart := func(a, b repeatMember) int { return cmp.Compare(a.start, b.start) }
	if !slices.IsSortedFunc(members, byStart) {
		slices.SortFunc(members, byStart)
	}
	for k := 1; k < len(members); k++ {
		members[k].finish = max(members[k].finish, members[k-1].finish)
	}
}

// self returns the self times of a group's members in ns. They are summed up once.
func (r *repeats) self(g *repeatGroup, t *trace.Trace, of *facts.Facts) int64 {
	if g.self == nil {
		sum := int64(0)
		for j := g.first; j < g.end; j = t.End(j) {
			sum = clocks.Add(sum, of.Self[j])
		}
		g.self = &sum
	}
	return *g.self
}

// starting returns the group whose first member span i is, nil for none.
func (r *repeats) starting(i int) *repeatGroup {
	if r.of[i] < 0 || r.groups[r.of[i]].first != i {
		return nil
	}
	return &r.groups[r.of[i]]
}

// active reports whether a member of the group runs between two times.
func (r *repeats) active(g *repeatGroup, from, to int64) bool {
	members := r.members[g.at : g.at+g.n]
	k := sort.Search(len(members), func(k int) bool { return members[k].start >= to })
	return k > 0 && (members[k-1].finish > from || members[k-1].start >= from)
}
