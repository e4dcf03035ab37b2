package comparison

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// spanOf returns the span of a side that a row stands for, its first where it is several; -1 for none.
func (r *rows) spanOf(at row, side views.Side) int {
	k := 0
	if at.kind == pairRow {
		k = int(at.pair)
	}
	return listed(r.spans(int(at.node), side), k)
}

// listed returns list[k], -1 where there is none.
func listed(list []int, k int) int {
	if k >= len(list) {
		return -1
	}
	return list[k]
}

// namedSide returns the side whose name a merged row has: the bad one's, where it is there.
func (r *rows) namedSide(at row) views.Side {
	if r.spanOf(at, views.Bad) >= 0 {
		return views.Bad
	}
	return views.Good
}

// duration returns the ns that the calls of a side took together, 0 where it has none.
func (r *rows) duration(at row, side views.Side) int64 {
	if at.kind == callRow {
		return r.calls[at.node].side[side].sum
	}
	if span := r.spanOf(at, side); span >= 0 {
		return r.facts[side].Trace.Span(span).Duration()
	}
	return 0
}

// lasted writes how long the calls of a side took.
func (r *rows) lasted(at row, side views.Side, theme *style.Theme) string {
	spans := r.spans(int(at.node), side)
	switch {
	case at.kind == callRow && len(spans) > 1:
		return theme.Glyphs.Sum + " " + r.lengths().Text(r.calls[at.node].side[side].sum)
	case r.spanOf(at, side) >= 0:
		return r.lengths().Text(r.duration(at, side))
	}
	return ""
}

// ran returns when the calls of a row ran on a side, and whether there are any.
func (r *rows) ran(at row, side views.Side) (window timeline.Window, there bool) {
	add := func(from, to int64) {
		w := timeline.Window{From: from, To: max(to, clocks.Add(from, 1))}
		if there {
			w = w.And(window)
		}
		window, there = w, true
	}
	if span := r.spanOf(at, side); at.kind == pairRow && span >= 0 {
		add(r.times(side, span))
	}
	if at.kind == pairRow {
		return window, there
	}
	end := int(at.node) + 1
	if at.kind == runRow {
		end = int(at.end)
	}
	for i := int(at.node); i < end; i++ {
		if len(r.spans(i, side)) > 0 {
			s := &r.calls[i].side[side]
			add(s.first, s.last)
		}
	}
	return window, there
}

func (r *rows) failedHere(at row, side views.Side) bool {
	if at.kind == callRow {
		return r.calls[at.node].side[side].failed > 0
	}
	span := r.spanOf(at, side)
	return span >= 0 && r.facts[side].Failed(span)
}

// part returns what a row contributed to the difference, in ns: an open one itself, a closed one with all that it stands
// for. Over the rows of all calls it is the whole.
func (r *rows) part(at row) int64 {
	switch {
	case at.kind == callsRow, at.kind == pairRow, at.kind == runRow && r.state(at) == tree.Open:
		return 0
	case at.kind == callRow && !r.folded.Has(int(at.node)):
		return r.c.OwnOf(int(at.node), int(at.node)+1)
	}
	return r.c.OwnOf(int(at.node), int(at.end))
}

// stands reports whether a call itself differs: in more than time that it waited for others.
func (x *index) stands(i int) bool {
	if x.c.Weighs(x.c.OwnOf(i, i+1)) {
		return true
	}
	return slices.ContainsFunc(x.changesOf(i), func(ch compare.Change) bool { return ch.Kind != compare.KindDuration })
}

// notable reports whether a difference of a row in time is more than what two runs of one thing differ by.
func (r *rows) notable(at row) bool {
	n := &r.c.Nodes[at.node]
	if n.Presence != compare.Matched || len(n.Good) != len(n.Bad) {
		return true
	}
	return r.c.Notable(r.duration(at, views.Good), r.duration(at, views.Bad))
}

// names returns what a row is called on one side: on the bad one, where that has it, as the call is named everywhere.
func (r *rows) names(at row, side views.Side) (service, name string) {
	f, span, n := r.facts[side], r.spanOf(at, side), &r.c.Nodes[at.node]
	if at.kind == pairRow {
		width := len(strconv.Itoa(max(len(n.Good), len(n.Bad))))
		return "", fmt.Sprintf("%*d  %s", width, at.pair+1, views.CallLabel(f, span))
	}
	if name = r.c.Label(int(at.node), side == views.Bad); name == "" {
		name = views.NoName
		if f.Trace.Span(span).Synthetic() {
			name = "(" + r.piecesText(side) + ")"
		}
	}
	return n.Services[side], name
}

// known reports whether the service of row k goes without saying: it is that of the call above it in the tree and of the
// row above it on the screen, in both traces. So it is said, at every width and on both sides alike, where it changes.
func (r *rows) known(k int) bool {
	if k == 0 {
		return false
	}
	n, before := &r.c.Nodes[r.list[k].node], &r.list[k-1]
	if n.Parent < 0 || r.c.Nodes[n.Parent].Services != n.Services {
		return false
	}
	return before.kind == runRow || r.c.Nodes[before.node].Services == n.Services
}

// piecesText says what a root that is no span holds on a side: "2 roots", as waterfalls say it.
func (r *rows) piecesText(side views.Side) string {
	n, lost := r.c.Pieces(0, side == views.Bad)
	if lost {
		return draw.Amount(n, "piece")
	}
	return draw.Amount(n, "root")
}

// lackText says why a side lacks a call; "" below one of which it was said.
func (r *rows) lackText(at row) string {
	n := &r.c.Nodes[at.node]
	if at.kind == pairRow {
		switch k := int(at.pair); {
		case n.Presence == compare.Matched && k >= len(n.Good):
			return "added"
		case n.Presence == compare.Matched && k >= len(n.Bad):
			return "missing"
		}
		return ""
	}
	if changes := r.changesOf(int(at.node)); n.Presence != compare.Matched && len(changes) > 0 {
		return changes[0].Detail
	}
	return ""
}

// lackWord says in one word what lackText says.
func (r *rows) lackWord(at row) string {
	n, text := &r.c.Nodes[at.node], r.lackText(at)
	switch {
	case at.kind == pairRow || text == "":
		return text
	case n.Moved >= 0:
		return "moved"
	case at.node == 0 && n.Level && n.Op.Label() == "":
		return "" // what holds the pieces of a trace is no call that could have been added
	case n.Level && n.Presence == compare.Missing:
		return "removed"
	case n.NotReached:
		return "not executed"
	case n.Presence == compare.Added:
		return "added"
	}
	return "missing"
}

// headingText says what a row stands for.
func (r *rows) headingText(at row) string {
	n, from, to := &r.c.Nodes[at.node], int(at.node), int(at.end)
	if at.kind == callsRow {
		verb := "show"
		if r.state(at) == tree.Open {
			verb = "hide"
		}
		return verb + " individual calls (" + draw.Count(len(n.Good)) + " vs " + draw.Count(len(n.Bad)) + ")"
	}
	count := r.members(from, to)
	members := draw.Amount(count, "call")
	spans, made := 0, int64(0)
	for i := from; i < to; i = r.c.Nodes[i].End {
		spans += r.calls[i].side[views.Good].spans
		made += r.c.DeltaOf(i)
	}
	switch {
	case n.NotReached:
		return members + ", " + draw.Amount(spans, "span")
	case made != 0:
		return members + " with small changes, " + draw.DurationSigned(made) + " on the critical path"
	case r.moved.In(from, to) > 0:
		return members + " with small changes"
	}
	return draw.Count(count) + " unchanged calls"
}

// pairTitle names the pair of a row: of several calls, which.
func (r *rows) pairTitle(at row) string {
	n := &r.c.Nodes[at.node]
	title := r.c.Name(int(at.node))
	if r.group(int(at.node)) {
		title += ": call " + draw.Count(int(at.pair)+1) + " (" + draw.Count(len(n.Good)) + " vs " + draw.Count(len(n.Bad)) + ")"
	}
	return title
}

// lineText is a row in one line, to be pasted into a chat.
func (r *rows) lineText(at row) string {
	if at.kind == runRow {
		return r.headingText(at)
	}
	text := r.c.Name(int(at.node))
	if r.spanOf(at, views.Good) >= 0 && r.spanOf(at, views.Bad) >= 0 {
		text += " " + draw.Duration(r.duration(at, views.Good)) + " → " + draw.Duration(r.duration(at, views.Bad))
	} else {
		text += " " + draw.Duration(r.duration(at, r.namedSide(at)))
	}
	if details := r.details(int(at.node)); details != "" {
		text += ": " + details
	}
	return draw.Clean(text)
}

// details says what differs at a node.
func (x *index) details(i int) string {
	var parts []string
	for _, ch := range x.changesOf(i) {
		text := ch.Detail
		switch ch.Kind {
		case compare.KindStatus:
			text = "status: " + text
		case compare.KindDuration:
			text = "duration per call " + text
			if !x.group(i) {
				text = "duration " + ch.Detail
			}
		default:
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, draw.SegmentGap)
}

// statusText is the contribution of the row under the cursor, in full, or where there is none, what differs there.
func (r *rows) statusText(at row, full bool) string {
	n, i := &r.c.Nodes[at.node], int(at.node)
	switch at.kind {
	case runRow:
		if n.NotReached {
			return "not executed: " + r.headingText(at)
		}
		return r.headingText(at)
	case pairRow:
		return r.pairTitle(at)
	case callRow, callsRow:
	}
	text := r.details(i)
	good, bad := r.duration(at, views.Good), r.duration(at, views.Bad)
	switch made := r.part(at); {
	case made != 0 && text != "" && full:
		return r.c.AmountBriefly(made) + draw.SegmentGap + text
	case made != 0:
		return r.c.AmountBriefly(made)
	case text != "":
	case n.Presence == compare.Matched && good != bad:
		text = "duration " + draw.Duration(good) + " → " + draw.Duration(bad)
	case r.jumps.In(i, n.End) > 0:
		text = "only calls below differ"
	case n.NotReached:
		text = "not executed"
	default:
		text = "no difference"
	}
	return text
}
