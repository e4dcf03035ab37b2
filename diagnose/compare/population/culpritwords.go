package population

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// wording says what points to suspects, and shows it.
type wording struct{ *board }

// culprit words a suspect and shows its spans.
func (b wording) culprit(s *suspect) Culprit {
	c := Culprit{
		Service: s.name, Score: s.score, Gap: toNS(s.gap), More: toNS(s.more / weightMore), Failing: s.failing, Less: s.less,
	}
	var parts []string
	var top *track // of what weighs most: its operation and its spans are the culprit's
	tell := func(t *track, text string) {
		if top == nil {
			top = t
		}
		parts = append(parts, text)
	}
	if s.failing > 0 && s.fails >= s.time {
		top, _ = b.failingIn(s)
	}
	if s.ownSure {
		t, text, more := b.ownIn(s)
		if excess := toNS(s.own.excess / float64(b.o.size[1])); more {
			c.More += excess
		} else {
			c.Own = excess
		}
		tell(t, text)
	}
	for _, x := range []struct {
		holds bool
		words func(*suspect) (*track, string)
	}{
		{s.gap > 0, b.gapAt}, {s.more > 0 || s.less > 0, b.callsOf}, {s.lost > 0, b.lostAt},
		{s.failing > 0, b.failingIn}, {s.faster > 0, b.fasterIn}, // which follows from failures where there are any
		{len(s.passed) > 0, b.stoppedAfter},
	} {
		if x.holds {
			tell(x.words(s))
		}
	}
	c.Message = strings.Join(parts, "; ")
	if top == nil {
		return c
	}
	c.Op, c.Calls = b.o.keys.Ops[top.op], b.places(s, top)
	if top.what == made && len(s.counts) > 0 && s.counts[0].excess < 0 {
		c.Evidence = b.lacking(s)
	} else {
		c.Evidence = b.evidence(top, func(x, y spot) int { return cmp.Compare(y.value, x.value) })
	}
	return c
}

// places returns the indexes into SetComparison.Calls of the calls that a track is of.
func (b wording) places(s *suspect, t *track) []int {
	var list []int
	for i := range b.c.Calls {
		n := &b.c.Calls[i]
		if n.Worker != s.name && n.Op.Service != s.name {
			continue
		}
		node := &b.p.calls[b.p.index[i]]
		if len(node.samples) == 0 {
			continue
		}
		keyAt := b.o.keys.Reader(b.p.all[node.samples[0].trace])
		own := t.what != gapTime && n.Worker == s.name && keyAt(int(node.samples[0].worst)) == t.op
		if own || node.step.Key == t.op || t.what == gapTime && node.samples[0].served > 0 && keyAt(int(node.samples[0].widest)) == t.op && n.Worker == b.o.names[t.to] {
			list = append(list, i)
		}
	}
	return list
}

// most returns the operation of some series that takes most time longer, and by how much; where none does, the one
// that takes most less.
func (b wording) most(what measured, of func(seriesKey) bool) (*track, change) {
	var known inOrder[trackKey, change]
	for _, s := range b.strata {
		if s.key.what != what || !of(s.key) {
			continue
		}
		k := trackKey{what, s.key.from, s.key.to, s.key.op}
		if what == opTime {
			k.what = ownTime
		}
		known.of(k).add(b.o.change(s))
	}
	var best trackKey
	var most *change
	for k, c := range known.all {
		if most == nil || c.excess > most.excess && (most.excess > 0 || c.excess > 0) || most.excess <= 0 && c.excess < most.excess {
			best, most = k, c
		}
	}
	if most == nil {
		return nil, change{}
	}
	return b.o.tracks.at[best], *most
}

// times says how long a call took before and now.
func (c *change) times() string {
	return fmt.Sprintf("%s → %s", lasted(c.before/c.calls), lasted((c.before+c.excess)/c.calls))
}

// perTrace says how many calls a trace makes, behind what was said of them; "" where that is as before.
func (b wording) perTrace(n [2]float64) string {
	was, is := perTraceCount(n[0]/float64(b.o.size[0])), perTraceCount(n[1]/float64(b.o.size[1]))
	if was == is {
		return ""
	}
	return ", calls/trace " + was + " → " + is
}

func (b wording) label(t *track) string { return b.o.keys.Ops[t.op].Label() }

// ownIn words the operation of a service whose self time grew most; more tells that it grew because an operation is
// run more often.
func (b wording) ownIn(s *suspect) (t *track, text string, more bool) {
	t, c := b.most(opTime, func(k seriesKey) bool { return k.to == s.id })
	if t == nil {
		return nil, fmt.Sprintf("self time %s per request", s.own.times()), false
	}
	if c.excess < s.own.excess/2 {
		if often := b.oftener(s); often != nil {
			return often, fmt.Sprintf("more calls: %s%s", b.label(often), b.perTrace(often.calls)), true
		}
	}
	return t, fmt.Sprintf("self time %s per call of %s%s", c.times(), b.label(t), b.perTrace(t.calls)) + b.moved(s, t), false
}

// oftener returns the operation of a service that takes most time because it is run more often.
func (b wording) oftener(s *suspect) *track {
	often := func(t *track) float64 {
		return (t.calls[1]/float64(b.o.size[1]) - t.calls[0]/float64(b.o.size[0])) * t.sum[1] / t.calls[1]
	}
	t := b.first(often, func(t *track) bool { return t.what == ownTime && t.to == s.id && t.calls[1] > 0 })
	if t == nil || often(t) <= 0 {
		return nil
	}
	return t
}

// first returns the first of some operations for which a value is largest, nil where there are none.
func (b wording) first(value func(*track) float64, of func(*track) bool) *track {
	var best *track
	for _, t := range b.o.tracks.all {
		if of(t) && (best == nil || value(t) > value(best)) {
			best = t
		}
	}
	return best
}

// fasterIn words that a service does less.
func (b wording) fasterIn(s *suspect) (*track, string) {
	t, _ := b.most(opTime, func(k seriesKey) bool { return k.to == s.id })
	return t, fmt.Sprintf("less self time: %s per request", s.raw.times())
}

// gapAt words the network and queue time of the calls at a service: of those that come in, where these are most.
func (b wording) gapAt(s *suspect) (*track, string) {
	sum := func(edges []*edge, share func(*edge) float64) (time float64, inflated int) {
		for _, e := range edges {
			time += e.gap * share(e)
			if e.state == edgeInflated {
				inflated++
			}
		}
		return time, inflated
	}
	in, from := sum(s.in, calleeShare)
	out, to := sum(s.out, func(e *edge) float64 { return 1 - calleeShare(e) })
	incoming := in >= out
	t, c := b.most(gapTime, func(k seriesKey) bool { return incoming && k.to == s.id || !incoming && k.from == s.id })
	if mixed, m := b.most(mixedTime, func(k seriesKey) bool { return k.to == s.id }); mixed != nil && (t == nil || c.excess < m.excess) {
		return mixed, fmt.Sprintf("self time of its caller %s %s %s per call, for %d of %d callers", b.o.names[mixed.from], b.label(mixed), m.times(), from, len(s.in))
	}
	var where string
	switch {
	case incoming && len(s.in) > 1:
		where = fmt.Sprintf(", for %d of %d callers, most for %s", from, len(s.in), b.o.names[t.from])
	case incoming:
		where = " from " + b.o.names[t.from]
	case to > 1:
		where = fmt.Sprintf(" to %s, and for %d of %d callees", b.o.names[t.to], to, len(s.out))
	default:
		where = " to " + b.o.names[t.to]
	}
	text := fmt.Sprintf("network/queue time %s per call of %s%s%s", c.times(), b.label(t), where, b.perTrace(t.calls)) + b.moved(s, t)
	if t.outlast > b.least {
		text += fmt.Sprintf("; spans of %s outlast the calls to it by up to %s (clock skew, or work after the response)", b.o.names[t.to], lasted(t.outlast))
	}
	return t, text
}

// callsOf words the calls that a service makes more or less often.
func (b wording) callsOf(s *suspect) (*track, string) {
	x := s.counts[0]
	t := b.o.tracks.at[trackKey{made, s.id, x.to, x.op}]
	what := "fewer calls"
	if x.excess > 0 {
		what = "more calls"
	}
	text := fmt.Sprintf("%s: %s %s → %s per %s", what, b.o.keys.Ops[x.op].Label(), perTraceCount(x.before/x.calls), perTraceCount((x.before+x.excess)/x.calls),
		b.o.keys.Ops[x.entry].Label())
	if n := len(s.counts) - 1; n > 0 {
		text += ", and " + trace.Counted(n, "other operation")
	}
	return t, text
}

// lostAt words the calls to a service that left no span of it.
func (b wording) lostAt(s *suspect) (*track, string) {
	best := b.first(b.grew, func(t *track) bool { return t.what == unanswered && t.to == s.id })
	return best, fmt.Sprintf("calls of %s without a server span%s", b.o.names[best.from], b.perTrace(best.calls))
}

// stoppedAfter words which callers stop after they were answered.
func (b wording) stoppedAfter(s *suspect) (*track, string) {
	u := s.passed[0]
	_, text := b.callsOf(u)
	now := func(t *track) float64 { return t.calls[1] }
	return b.first(now, func(t *track) bool { return t.what == made && t.from == u.id && t.to == s.id }), "after its responses, " + u.name + " makes " + text
}

func (b wording) failingIn(s *suspect) (*track, string) {
	best := b.first(b.grew, func(t *track) bool { return t.what == failures && t.to == s.id })
	n := b.inTraces(best)
	return best, fmt.Sprintf("errors originate in %s: %s → %s of traces", b.label(best),
		units.Percent(int64(n[0]), int64(b.o.size[0])), units.Percent(int64(n[1]), int64(b.o.size[1]))) + b.reason(best)
}

func (b wording) inTraces(t *track) (n [2]int) {
	for _, x := range t.spots {
		n[b.o.sides[x.trace]]++
	}
	return n
}

func (b wording) grew(t *track) float64 {
	n := b.inTraces(t)
	return float64(n[1])/float64(b.o.size[1]) - float64(n[0])/float64(b.o.size[0])
}

// moved says which part of the calls moved, where that is not all of them and they are made on one path.
func (b wording) moved(s *suspect, t *track) string {
	places := b.places(s, t)
	if len(places) != 1 {
		return ""
	}
	place := places[0]
	m := &b.c.Calls[place].Gap
	if t.what == ownTime {
		m = &b.c.Calls[place].Self
	}
	if text := m.MovedText(b.p.opt.Q, lasted); text != "" {
		return ": " + text
	}
	return ""
}

// reason quotes what the bad traces say most often about the failures that began in calls, with how many said so.
// Texts that differ in values only are one.
func (b wording) reason(t *track) string {
	type said struct {
		text string // with placeholders where values differ
		n    int
	}
	var known inOrder[string, said]
	all := 0
	for _, x := range t.spots {
		if b.o.sides[x.trace] == 0 {
			continue
		}
		all++
		f := b.o.facts[x.trace]
		text := cmp.Or(failure.Message(f, int(x.span)), failure.Reason(f, int(x.span)))
		if text == "" {
			continue
		}
		name := normalize.Name(text)
		x := known.of(name)
		if x.n++; x.n == 1 {
			x.text = text
		} else if x.text != text {
			x.text = name
		}
	}
	var most said
	for _, x := range known.all {
		if x.n > most.n {
			most = *x
		}
	}
	if most.n == 0 {
		return ""
	}
	return fmt.Sprintf(", %s of %s with %q", trace.Grouped(most.n), trace.Grouped(all), most.text)
}

// lacking shows calls that a service makes less often by when it was asked: bad traces in which it worked least.
func (b wording) lacking(s *suspect) []Evidence {
	t := b.o.tracks.at[trackKey{ownTime, nobody, s.id, s.counts[0].entry}]
	if t == nil {
		return nil
	}
	return b.evidence(t, func(x, y spot) int { return cmp.Compare(x.value, y.value) })
}

// evidence picks the bad spans that show most of it, which come first, and a usual good one.
func (b wording) evidence(t *track, first func(x, y spot) int) []Evidence {
	const offenders = 3
	var of [2][]spot
	for _, x := range t.spots {
		of[b.o.sides[x.trace]] = append(of[b.o.sides[x.trace]], x)
	}
	for side := range of {
		slices.SortStableFunc(of[side], first)
	}
	var list []Evidence
	for _, x := range of[1][:min(len(of[1]), offenders)] {
		list = append(list, Evidence{"offender", Place{b.o.facts[x.trace], int(x.span)}})
	}
	for _, x := range b.o.tracks.all { // where none failed so, one that did the same and did not
		if len(of[0]) == 0 && x.op == t.op && x.to == t.to && (x.what == ownTime || x.what == gapTime) {
			of[0] = slices.DeleteFunc(slices.Clone(x.spots), func(x spot) bool { return b.o.sides[x.trace] == 1 })
			slices.SortStableFunc(of[0], first)
		}
	}
	if len(of[0]) > 0 {
		x := of[0][len(of[0])/2]
		list = append(list, Evidence{"baseline", Place{b.o.facts[x.trace], int(x.span)}})
	}
	return list
}
