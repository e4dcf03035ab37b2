package comparison

import (
	"math"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
	"tracefall/views/tree"
)

// rankWidth is what a cause begins with, in cells.
const rankWidth = 5

// whyList is the ranked explanation: what contributes to the difference, the most first.
type whyList struct {
	table.Scroller
	c       *compare.Comparison
	lead    int // the node that the headline begins with: where the traces part; -1 for none
	entries []whyEntry
	ranks   []int32           // by node: its entry + 1, 0 for none
	rest    []int64           // ns, by entry: what it and all that follow make
	stems   map[string]string // of services, by name
}

// whyEntry is one cause: where, how much, and in words what.
type whyEntry struct {
	node  int
	first bool  // the first place where the traces part, where the headline does not say it; has no delta
	later bool  // what was not executed: a consequence, without a rank
	apart bool  // time that is nobody's
	delta int64 // ns
	text  string
}

// explain lists the causes of a comparison after its first divergence.
func explain(c *compare.Comparison, stems map[string]string) whyList {
	w := whyList{c: c, lead: -1, ranks: make([]int32, len(c.Nodes)), stems: stems}
	switch d := c.Divergence; {
	case d == nil || c.Trust.Unrelated:
	case d.Leads:
		w.lead = d.Node
	case d.Told:
	default:
		w.entries = append(w.entries, whyEntry{node: d.Node, first: true, text: d.Message})
	}
	for _, cause := range c.Causes {
		w.entries = append(w.entries, whyEntry{node: cause.Node, later: cause.NotExecuted, apart: cause.Apart, delta: cause.Delta, text: cause.Text})
	}
	w.rest = make([]int64, len(w.entries)+1)
	for k := len(w.entries) - 1; k >= 0; k-- {
		e := &w.entries[k]
		w.rest[k] = w.rest[k+1] + e.delta
		if !e.first {
			w.ranks[e.node] = int32(k + 1)
		}
	}
	return w
}

// name says where an entry is, "" where the text says it all: time that is nobody's.
func (w *whyList) name(e *whyEntry) string {
	switch {
	case e.later:
		return "not executed"
	case e.apart:
		return ""
	}
	return w.c.Name(e.node)
}

// call is the name of an entry, to be cut as in rows, and the cells it takes with no more than the stem of its service.
func (w *whyList) call(e *whyEntry, ink draw.Ink) (name tree.Name, stemmed int) {
	text := w.name(e)
	name = tree.Called(text, w.c.Nodes[e.node].Service, w.stems, ink)
	if stemmed = draw.Width(text); name.Stem != "" {
		stemmed += draw.Width(name.Stem) - draw.Width(name.Service)
	}
	return name, stemmed
}

// causes counts the entries that made a difference in time.
func (w *whyList) causes() int {
	return len(w.entries) - w.ranked()
}

// told reports whether the headline says all that the entries do.
func (w *whyList) told() bool { return len(w.entries) == 1 && w.causes() == 1 && w.lead < 0 }

// linesLeast is the lines that are drawn where all entries are trifles, as those of very many calls are.
const linesLeast = 3

// lines returns how many lines are worth drawing: those of the entries that are more than trifles, and of what the others
// make together.
func (w *whyList) lines() int {
	if w.told() {
		return 0
	}
	n := len(w.entries)
	for k := range w.entries {
		e := &w.entries[k]
		if !e.first && !e.later && !w.c.Weighs(e.delta) {
			return min(max(k+1, linesLeast), n)
		}
	}
	return n
}

// ranked returns the first entry that made a difference in time.
func (w *whyList) ranked() int {
	if len(w.entries) > 0 && w.entries[0].first {
		return 1
	}
	return 0
}

// start returns the node that is worth looking at first, -1 for none.
func (w *whyList) start() int {
	for _, e := range w.entries {
		if w.lead < 0 && !e.first && !e.later {
			return e.node
		}
	}
	return w.lead
}

// drawHead names the columns of the entries.
func (w *whyList) drawHead(a draw.Area, theme *style.Theme) {
	a.TextRight(0, 0, rankWidth+views.DeltaWidth, partHead, theme.Header)
	shares := sharesWidth(w.c)
	a.TextRight(rankWidth+views.DeltaWidth, 0, shares, "SHARE", theme.Header)
	a.Text(rankWidth+views.DeltaWidth+shares+2, 0, "CALL", theme.Header)
}

// draw draws the entries that there is room for, and how much the rest makes. The one under the cursor is marked where the list has the keys.
func (w *whyList) draw(a draw.Area, env *views.Env, keys bool) {
	if a.Empty() {
		return
	}
	n, rows := len(w.entries), a.H()
	more := n > rows && rows > 1
	if more {
		rows--
	}
	w.Fit(rows, n)
	y := 0
	for k := w.Top; k < min(w.Top+rows, n); k++ {
		line := a.Row(y)
		w.drawEntry(line, k, env.Theme)
		if keys && k == w.Row {
			mark(line, env)
		}
		y++
	}
	if more {
		a.TextEllipsis(4, y, a.W()-4, w.restText(w.Top+rows, env), env.Theme.Dim)
	}
}

// mark draws a line of a pane as the one under the cursor.
func mark(a draw.Area, env *views.Env) {
	a.Mark(0, 0, env.Theme.Glyphs.Selection, env.Theme.Accent)
	if env.Focused {
		env.Theme.Select(a)
	}
}

// causeAt returns which cause is drawn in a line of the explanation.
func (w *whyList) causeAt(y int) int {
	if y >= w.Height {
		return len(w.entries)
	}
	return w.Top + y
}

// restText says what the entries make that are not shown.
func (w *whyList) restText(shown int, env *views.Env) string {
	sum := w.rest[shown]
	left := len(w.entries) - shown
	if left == 0 {
		return "the last of " + draw.CountNoun(w.causes(), "contributor", "contributors")
	}
	text := env.Theme.Glyphs.Ellipsis + " " + draw.Count(left) + " more, together " + contributed(w.c).Change(sum)
	if s := w.c.Share(sum); s != "" {
		text += ", " + s
	}
	return text
}

func (w *whyList) drawEntry(a draw.Area, k int, theme *style.Theme) {
	e := &w.entries[k]
	x := 2
	if e.first {
		x += a.Text(x, 0, theme.Glyphs.Changed+" ", theme.Changed)
		a.TextEllipsis(x, 0, a.W()-x-1, "first difference: "+e.text, theme.Text)
		return
	}
	if !e.later {
		a.TextRight(1, 0, rankWidth-2, draw.Count(k+1-w.ranked()), theme.Dim)
	}
	x = w.drawPart(a, e.delta, theme)
	room := a.W() - x - 1
	name, stemmed := w.call(e, theme.Strong)
	n := room
	if text := draw.Width(e.text); draw.Width(w.name(e))+2+text > room {
		n = max(room-2-text, min(room*45/100, stemmed))
	}
	if name.Operation != "" {
		at, width := name.Draw(a, x, n)
		x = at + width + 2
	}
	a.TextEllipsis(x, 0, a.W()-x-1, e.text, theme.Text)
}

// drawPart draws a part of the difference and its share, and returns where the words begin.
func (w *whyList) drawPart(a draw.Area, delta int64, theme *style.Theme) int {
	x := rankWidth
	a.TextRight(x, 0, views.DeltaWidth, contributed(w.c).Change(delta), views.DeltaInk(delta, theme))
	x += views.DeltaWidth
	shares := sharesWidth(w.c)
	a.TextRight(x, 0, shares, w.c.Share(delta), theme.Dim)
	return x + shares + 2
}

// drawTotal draws what all causes sum to.
func (w *whyList) drawTotal(a draw.Area, theme *style.Theme) {
	x := w.drawPart(a, w.c.Delta, theme)
	a.TextEllipsis(x, 0, a.W()-x-1, w.totalText(len(w.entries)), theme.Dim)
}

// totalText says what all causes sum to where the first ones are listed one by one: what became slower and what
// faster, and that numbers are rounded where those that are listed do not add up.
func (w *whyList) totalText(listed int) string {
	text, column := "total", contributed(w.c)
	both := w.c.Slower != 0 && w.c.Faster != 0
	if both {
		text += ": slower " + column.Change(w.c.Slower) + ", faster " + column.Change(w.c.Faster)
	}
	var parts []int64
	percents := 0.0
	add := func(part int64) {
		parts = append(parts, part)
		percents += math.Round(100 * float64(part) / float64(w.c.Delta))
	}
	for k, e := range w.entries {
		if k == listed {
			add(w.rest[k])
			break
		}
		if !e.first {
			add(e.delta)
		}
	}
	if !compare.AddUp(column.Rounded, w.c.Delta, parts...) || w.c.Shares() && percents != 100 || both && !compare.AddUp(column.Rounded, w.c.Delta, w.c.Slower, w.c.Faster) {
		text += " (rounded)"
	}
	return text
}
