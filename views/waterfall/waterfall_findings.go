package waterfall

import (
	"cmp"
	"slices"
	"sort"

	"tracefall/diagnose"
	"tracefall/sources/trace"
	"tracefall/views"
)

// waterFindings is what the detectors found in the trace on screen, and which finding is walked to.
type waterFindings struct {
	known   bool // the detectors have looked
	list    []*diagnose.Finding
	at      int  // the one in the banner
	visited bool // the cursor was taken to it: its runs are grouped
	marks   []findingMark
	of      [][]findingMark // by finding
	offends []uint32        // the offenders of the finding in the banner, by span
	apart   bool            // none of them lies beneath another
	hatch   []hatching      // of them
	waits   []TimeWindow    // between them, where waiting is called avoidable as well; as recorded
}

// findingMark says what part a span plays in a finding. Marks are ordered by span, those of one span by what is
// shown first.
type findingMark struct {
	span    uint32
	finding uint32 // number in the list
	role    diagnose.Role
	level   views.Level
}

// SetFindings shows what was found about the trace, ranked; empty for nothing found. Evidence in other traces is
// left out. The finding in the banner stays when it is there still.
func (w *Waterfall) SetFindings(list []*diagnose.Finding) {
	if w.st == nil {
		return
	}
	before, visited := w.finding(), w.finds.visited
	w.finds = waterFindings{known: true, list: list}
	w.finds.mark(w.st.t)
	at := 0
	for n, f := range list {
		if before != nil && f.Fingerprint == before.Fingerprint && f.Anchor == before.Anchor {
			at, w.finds.visited = n, visited
		}
	}
	w.finds.turn(at, w.st.t, w.facts)
	w.regroup()
}

// ShowFinding puts a finding of the trace into the banner and the cursor on a span of it, -1 for where the finding
// is anchored. It tells whether the finding is one of those given by SetFindings.
func (w *Waterfall) ShowFinding(f *diagnose.Finding, span int) bool {
	n := slices.Index(w.finds.list, f)
	if n < 0 || f == nil {
		return false
	}
	w.visit(n, span)
	return true
}

// finding returns the finding in the banner, nil for none.
func (w *Waterfall) finding() *diagnose.Finding {
	if len(w.finds.list) == 0 {
		return nil
	}
	return w.finds.list[w.finds.at]
}

// mark makes the marks of all findings.
func (f *waterFindings) mark(t *trace.Trace) {
	f.of = make([][]findingMark, len(f.list))
	for n, found := range f.list {
		var own []findingMark
		add := func(span int, role diagnose.Role) {
			if span >= 0 && span < t.Len() {
				own = append(own, findingMark{uint32(span), uint32(n), role, views.LevelOf(found.Severity)})
			}
		}
		if found.Trace == t {
			add(found.Anchor, diagnose.RoleParent)
		}
		for _, e := range found.Evidence {
			if e.Trace == t {
				add(e.Span, e.Role)
			}
		}
		slices.SortFunc(own, func(a, b findingMark) int {
			return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(roleOrder(a.role), roleOrder(b.role)))
		})
		own = slices.CompactFunc(own, func(a, b findingMark) bool { return a.span == b.span })
		f.of[n], f.marks = own, append(f.marks, own...)
	}
	slices.SortStableFunc(f.marks, func(a, b findingMark) int {
		return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(b.level, a.level), cmp.Compare(a.finding, b.finding))
	})
}

// roleOrder says which part is shown of a span that plays several in one finding: the rarest.
func roleOrder(r diagnose.Role) int {
	switch r {
	case diagnose.RoleCause:
		return 0
	case diagnose.RoleWrite:
		return 1
	case diagnose.RoleParent:
		return 2
	case diagnose.RoleOffender:
		return 3
	case diagnose.RoleBaseline:
	}
	return 4
}

// findMark returns the first mark of span i or behind it.
func findMark(marks []findingMark, i int) int {
	return sort.Search(len(marks), func(k int) bool { return int(marks[k].span) >= i })
}

// on returns the mark of span i: that of the finding in the banner, or of the loudest.
func (f *waterFindings) on(i int) (mark findingMark, ok bool) {
	if len(f.list) == 0 {
		return findingMark{}, false
	}
	for _, marks := range [...][]findingMark{f.of[f.at], f.marks} {
		if k := findMark(marks, i); k < len(marks) && int(marks[k].span) == i {
			return marks[k], true
		}
	}
	return findingMark{}, false
}

// mostBeneath is how many findings are looked for beneath a closed row: those that rank first.
const mostBeneath = 32

// beneath returns how many findings have a mark among the spans from..to-1, and the level of the loudest. Those that
// have one on span own, -1 for none, are not counted: its row says so already.
func (f *waterFindings) beneath(own, from, to int) (n int, loudest views.Level) {
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

// walk goes to the next finding, or the previous one. The first step goes to the one in the banner.
func (w *Waterfall) walk(by int) views.Action {
	n := len(w.finds.list)
	to := w.finds.at
	if w.finds.visited {
		to = (to + by + n) % n
	}
	message := ""
	switch {
	case !w.finds.visited:
	case n == 1:
		message = "this is the only finding"
	case by > 0 && to == 0:
		message = "no further finding; this is the first"
	case by < 0 && to == n-1:
		message = "no finding before; this is the last"
	}
	w.visit(to, -1)
	if message == "" {
		return nil
	}
	return views.Say{Text: message}
}

// mostUncovered is of how many spans of a finding the folds around are opened: more than a screen shows.
const mostUncovered = 200

// visit puts finding n into the banner, groups its runs, opens what its spans are hidden in and takes the cursor to
// a span, -1 for the anchor.
func (w *Waterfall) visit(n, span int) {
	f := w.finds.list[n]
	w.finds.turn(n, w.st.t, w.facts)
	w.finds.visited = true
	changed := w.st.focus != nil
	w.focus()
	changed = changed || w.st.focus != nil
	marks := w.finds.of[n]
	if span < 0 && f.Trace == w.st.t && f.Anchor < w.st.t.Len() {
		span = f.Anchor
	}
	if span < 0 && len(marks) > 0 {
		span = int(marks[0].span)
	}
	for _, m := range marks[:min(len(marks), mostUncovered)] {
		p := w.st.t.Parent(int(m.span))
		if p < 0 {
			continue
		}
		changed = w.st.uncover(p) || w.st.folded.Has(p) || changed
		w.st.folded.Remove(p)
	}
	if changed {
		w.rebuild()
	}
	w.Select(span)
	w.settle = true
	w.follow()
}
