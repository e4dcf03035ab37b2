package waterfall

import (
	"cmp"
	"slices"
	"sort"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/timeline"
)

// findings is what the detectors found in the trace on screen, and which finding is walked to.
type findings struct {
	known   bool // the detectors have looked
	list    []*rule.Finding
	at      int  // the one in the banner
	visited bool // the cursor was taken to it
	cause   int  // the span that the errors follow from, by the first finding that names one; -1 for none
	causeOf int  // that finding
	marks   []findingMark
	of      [][]findingMark   // by finding
	traces  []int             // in how many traces each finding is
	offends []uint32          // the offenders of the finding in the banner, by span
	apart   bool              // none of them lies beneath another
	hatch   []hatching        // of them
	waits   []timeline.Window // between them, where waiting is called avoidable as well; as recorded
}

// findingMark says what part a span plays in a finding. Marks are ordered by span, those of one span by what is
// shown first.
type findingMark struct {
	span    uint32
	finding uint32 // number in the list
	role    rule.Role
	level   views.Level
}

// current returns the finding in the banner, nil for none.
func (f *findings) current() *rule.Finding {
	if len(f.list) == 0 {
		return nil
	}
	return f.list[f.at]
}

// mark makes the marks of all findings.
func (f *findings) mark(t *trace.Trace) {
	f.of, f.traces, f.cause = make([][]findingMark, len(f.list)), make([]int, len(f.list)), -1
	for n, found := range f.list {
		var own []findingMark
		add := func(span int, role rule.Role) {
			if span >= 0 && span < t.Len() {
				own = append(own, findingMark{uint32(span), uint32(n), role, views.LevelOf(found.Severity)})
			}
		}
		if found.Trace == t {
			add(found.Anchor, rule.RoleParent)
		}
		in := map[*trace.Trace]bool{}
		var last *trace.Trace // evidence is mostly of one trace after the other
		for _, e := range found.Evidence {
			if e.Trace == t {
				add(e.Span, e.Role)
			}
			if e.Trace != nil && e.Trace != last {
				last, in[e.Trace] = e.Trace, true
			}
		}
		f.traces[n] = len(in)
		slices.SortFunc(own, func(a, b findingMark) int {
			return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(roleOrder[a.role], roleOrder[b.role]))
		})
		own = slices.CompactFunc(own, func(a, b findingMark) bool { return a.span == b.span })
		f.of[n], f.marks = own, append(f.marks, own...)
		if at := slices.IndexFunc(own, func(m findingMark) bool { return m.role == rule.RoleCause }); found.Origin && f.cause < 0 && at >= 0 {
			f.cause, f.causeOf = int(own[at].span), n
		}
	}
	slices.SortStableFunc(f.marks, func(a, b findingMark) int {
		return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(b.level, a.level), cmp.Compare(a.finding, b.finding))
	})
}

// roleOrder says which part is shown of a span that plays several in one finding: the rarest.
var roleOrder = [...]int{
	rule.RoleCause: 0, rule.RoleWrite: 1, rule.RoleParent: 2, rule.RoleOffender: 3, rule.RoleBaseline: 4,
}

// findMark returns the first mark of span i or behind it.
func findMark(marks []findingMark, i int) int {
	return sort.Search(len(marks), func(k int) bool { return int(marks[k].span) >= i })
}

// on returns the mark of span i: that of the finding in the banner, or of the loudest that is anchored there.
func (f *findings) on(i int) (mark findingMark, ok bool) {
	if len(f.list) == 0 {
		return findingMark{}, false
	}
	shown := f.of[f.at]
	if k := findMark(shown, i); k < len(shown) && int(shown[k].span) == i {
		return shown[k], true
	}
	for k := findMark(f.marks, i); k < len(f.marks) && int(f.marks[k].span) == i; k++ {
		if m := f.marks[k]; f.list[m.finding].Anchor == i {
			return m, true
		}
	}
	return findingMark{}, false
}

// mostBeneath is how many findings are looked for beneath a closed row: those that rank first.
const mostBeneath = 32

// beneath returns how many findings have a mark among the spans from..to-1, and the level of the loudest. Those that
// have one on span own, -1 for none, are not counted: its row says so already.
func (f *findings) beneath(own, from, to int) (n int, loudest views.Level) {
	if k := findMark(f.marks, from); k == len(f.marks) || int(f.marks[k].span) >= to {
		return 0, views.LevelNone
	}
	for i := range min(len(f.list), mostBeneath) {
		if own >= 0 {
			if k := findMark(f.of[i], own); k < len(f.of[i]) && int(f.of[i][k].span) == own {
				continue
			}
		}
		k := findMark(f.of[i], from)
		if k < len(f.of[i]) && int(f.of[i][k].span) < to {
			n++
			loudest = max(loudest, views.LevelOf(f.list[i].Severity))
		}
	}
	return n, loudest
}
