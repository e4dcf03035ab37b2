package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
)

// culprit words a suspect and shows its spans.
func (b *board) culprit(s *suspect, samples []*opSamples) Culprit {
	top := s.order[0] // a score has a reason, and each reason an operation
	weight := func(key int32) float64 {
		o := s.ops[key]
		return o.own + o.gap + o.more + o.failing*float64(b.c.Of[1].Mean)
	}
	for _, key := range s.order {
		if weight(key) > weight(top) {
			top = key
		}
	}
	o := s.ops[top]
	c := Culprit{
		Service: s.name, Score: s.score, Own: toNS(s.own), Gap: toNS(s.gap), More: toNS(s.more / weightMore), Failing: s.failing,
	}
	outgoing := ""
	for _, x := range samples {
		if x.key == top {
			c.Calls = x.places
			if x.worker != s.name {
				outgoing = x.worker
			}
		}
	}
	if len(c.Calls) > 0 {
		c.Op = b.c.Calls[c.Calls[0]].Op
	}
	var parts []string
	if o.own > 0 || o.gap > 0 {
		what, of := "own work", "in"
		switch {
		case o.own == 0 && outgoing != "" && s.inflated > 1:
			what, of = fmt.Sprintf("between it and %d of the %d services that it calls, %s", s.inflated, len(s.callees), outgoing), "of"
		case o.own == 0 && outgoing != "":
			what, of = "between it and "+outgoing, "of"
		case o.own == 0:
			what, of = "between caller and server", "of"
		}
		parts = append(parts, fmt.Sprintf("%s %s → %s a call %s %s, %s a trace", what, lasted(o.before), lasted(o.now), of, c.Op.Label(), callsATrace(o.calls))+b.moved(c.Calls, o.own > 0))
	}
	if o.note != "" {
		parts = append(parts, fmt.Sprintf("%s makes more calls: %s", c.Op.Label(), o.note))
	}
	if o.failing > 0 {
		parts = append(parts, fmt.Sprintf("failures begin in %s in %.0f %% of the traces, before in %.0f %%", c.Op.Label(), 100*o.failed[1], 100*o.failed[0])+b.reason(c.Calls))
	}
	if len(parts) == 0 {
		parts = append(parts, "calls between it and its neighbours take longer")
	}
	c.Message = strings.Join(parts, "; ")
	by := byOwn
	switch {
	case o.failing > 0 && o.own == 0:
		by = byFailure
	case o.own == 0 && o.gap > 0:
		by = byGap
	}
	c.Evidence = b.evidence(c.Calls, by)
	return c
}

// moved says which part of the calls moved, where that is not all of them and they are made on one path.
func (b *board) moved(places []int, own bool) string {
	if len(places) != 1 {
		return ""
	}
	m := &b.c.Calls[places[0]].Gap
	if own {
		m = &b.c.Calls[places[0]].Self
	}
	if text := m.MovedText(b.p.opt.Q, lasted); text != "" {
		return ": " + text
	}
	return ""
}

// reason quotes what the bad traces say most often about the failures that began in calls, with how many said so.
// Texts that differ in values only are one.
func (b *board) reason(places []int) string {
	type said struct {
		text string // with placeholders where values differ
		n    int
	}
	var list []said
	known := map[string]int{}
	all := 0
	for _, i := range places {
		node := &b.p.calls[b.p.index[i]]
		for k := range node.samples {
			s := &node.samples[k]
			if !s.origin || b.p.sideOf(s.trace) == 0 {
				continue
			}
			all++
			f := b.p.all[s.trace]
			text := cmp.Or(f.ErrorMessage(int(s.began)), f.Reason(int(s.began)))
			if text == "" {
				continue
			}
			name := facts.Name(text)
			at, ok := known[name]
			if !ok {
				at = len(list)
				known[name], list = at, append(list, said{text: text})
			}
			if list[at].n++; list[at].text != text {
				list[at].text = name
			}
		}
	}
	if len(list) == 0 {
		return ""
	}
	most := slices.MaxFunc(list, func(x, y said) int { return cmp.Compare(x.n, y.n) })
	return fmt.Sprintf(", %d of %d with %q", most.n, all, most.text)
}

func toNS(f float64) int64 { return int64(math.Round(f)) }

// evidenceBy is what spans are picked by to show what points to a service.
type evidenceBy uint8

const (
	byOwn     evidenceBy = iota // the largest self time
	byGap                       // callers with the largest gap to their servers
	byFailure                   // where a failure began
)

// evidence picks the bad spans that show most of it, and a usual good one.
func (b *board) evidence(places []int, by evidenceBy) []Evidence {
	const offenders = 3
	type found struct {
		Place
		own int64 // ns, or the gap
	}
	var bad, good []found
	for _, i := range places {
		node := &b.p.calls[b.p.index[i]]
		for k := range node.samples {
			s := &node.samples[k]
			x := found{Place{b.p.all[s.trace], int(s.worst)}, s.worstOwned}
			if by == byGap {
				if s.served == 0 {
					continue
				}
				x.Span, x.own = int(s.widest), s.widestGap
			}
			switch {
			case b.p.sideOf(s.trace) == 0:
				good = append(good, x)
			case by != byFailure:
				bad = append(bad, x)
			case s.origin:
				x.Span = int(s.began)
				bad = append(bad, x)
			}
		}
	}
	larger := func(x, y found) int { return cmp.Compare(y.own, x.own) }
	slices.SortStableFunc(bad, larger)
	slices.SortStableFunc(good, larger)
	var list []Evidence
	for _, x := range bad[:min(len(bad), offenders)] {
		list = append(list, Evidence{"offender", x.Place})
	}
	if len(good) > 0 {
		list = append(list, Evidence{"baseline", good[len(good)/2].Place})
	}
	return list
}
