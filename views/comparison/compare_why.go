package comparison

import (
	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// whyList is the ranked explanation: what contributes to the difference, the most first.
type whyList struct {
	table.Scroller
	lead    bool // the first entry is the headline: the bad trace ended early, or failed
	whole   bool // it is printed, and takes as many lines as it needs
	more    int  // lines that the first entry takes beyond its first
	entries []whyEntry
	ranks   []int32 // by node: its entry + 1, 0 for none
	rest    []int64 // ns, by entry: what it and all that follow make
}

// whyEntry is one cause: where, how much, and in words what.
type whyEntry struct {
	node  int
	first bool  // the first place where the traces part; has no delta
	later bool  // what was not executed: a consequence, without a rank
	apart bool  // time that is nobody's
	delta int64 // ns
	text  string
}

// explain lists the causes of a comparison after its first divergence.
func explain(c *compare.Comparison) whyList {
	w := whyList{ranks: make([]int32, len(c.Nodes))}
	if d := c.Divergence; d != nil && !c.Trust.Unrelated {
		e := whyEntry{node: d.Node, first: true, text: d.Message}
		if w.lead = d.Leads; w.lead {
			e.text = c.Headline
		}
		w.entries = append(w.entries, e)
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
func (e *whyEntry) name(c *compare.Comparison) string {
	switch {
	case e.later:
		return "not executed"
	case e.apart:
		return ""
	}
	return c.Name(e.node)
}

// causes counts the entries that made a difference in time.
func (w *whyList) causes() int {
	if len(w.entries) > 0 && w.entries[0].first {
		return len(w.entries) - 1
	}
	return len(w.entries)
}

// Start returns the node that is worth looking at first, -1 for none.
func (w *whyList) Start() int {
	for _, e := range w.entries {
		if w.lead || !e.first && !e.later {
			return e.node
		}
	}
	return -1
}

// share writes which part of the whole difference a part of it is; "" where percents of it say nothing.
func share(c *compare.Comparison, delta int64) string {
	if !c.Shares() {
		return ""
	}
	text := views.ShareOf(delta, c.Delta, 0)
	if text == "0 %" && delta != 0 {
		return "<1 %" // nothing is 0 %, and of what is nearly nothing the sign says nothing
	}
	return text
}

// drawWhy draws the explanation: the headline where it leads, then the entries that there is room for, and how much
// the rest makes.
func (v *Comparison) drawWhy(a draw.Area, env *views.Env) {
	if a.Empty() {
		return
	}
	n, rows := len(v.why.entries), a.H()
	v.why.more = max(v.leadLines(a.W())-1, 0)
	if !v.why.whole {
		v.why.more = min(v.why.more, rows/2)
	}
	rows -= v.why.more
	more := n > rows && rows > 1
	if more {
		rows--
	}
	v.why.Fit(rows, n)
	y := 0
	for k := v.why.Top; k < min(v.why.Top+rows, n); k++ {
		h := 1
		if k == 0 {
			h += v.why.more
		}
		v.drawCause(a.Sub(0, y, a.W(), h), k, env)
		y += h
	}
	if more {
		a.TextEllipsis(4, y, a.W()-4, v.restText(v.why.Top+rows, env), env.Theme.Dim)
	}
}

// leadLines returns how many lines the headline takes where it is the first entry; the most is leadMost.
func (v *Comparison) leadLines(width int) int {
	if !v.why.lead {
		return 1
	}
	lines := len(draw.Wrap(v.why.entries[0].text, max(width-views.LeadX-1, 1)))
	if v.why.whole {
		return lines
	}
	return min(lines, views.LeadMost)
}

// causeAt returns which cause is drawn in a line of the explanation.
func (w *whyList) causeAt(y int) int {
	if w.Top == 0 {
		y = max(y-w.more, 0)
	}
	if y >= w.Height {
		return len(w.entries)
	}
	return w.Top + y
}

// restText says what the entries make that are not shown.
func (v *Comparison) restText(shown int, env *views.Env) string {
	sum := v.why.rest[shown]
	left := len(v.why.entries) - shown
	if left == 0 {
		return "the last of " + draw.CountNoun(v.why.causes(), "contributor", "contributors")
	}
	text := env.Theme.Glyphs.Ellipsis + " " + draw.Count(left) + " more, together " + draw.DurationSigned(sum)
	if s := share(v.c, sum); s != "" {
		text += ", " + s
	}
	return text
}

func (v *Comparison) drawCause(a draw.Area, k int, env *views.Env) {
	theme, e := env.Theme, v.why.entries[k]
	x := 2
	if e.first {
		ink := theme.Text
		if v.why.lead {
			ink = theme.Strong
		}
		x += a.Text(x, 0, theme.Glyphs.Critical+" ", theme.Warn)
		text := e.text
		if !v.why.lead {
			text = "first difference: " + text
		}
		a.Sub(x-1, 0, a.W()-x+1, a.H()).Lines(draw.Wrap(text, max(a.W()-x-1, 1)), ink)
	} else {
		rank := k + 1
		if v.why.entries[0].first {
			rank--
		}
		if !e.later {
			a.TextRight(1, 0, views.RankWidth-2, draw.Count(rank), theme.Dim)
		}
		x = views.RankWidth
		a.TextRight(x, 0, views.DeltaWidth, draw.DurationSigned(e.delta), views.DeltaInk(e.delta, theme))
		x += views.DeltaWidth
		a.TextRight(x, 0, views.ShareWidth, share(v.c, e.delta), theme.Dim)
		x += views.ShareWidth + 2
		room := a.W() - x - 1
		name := e.name(v.c)
		n := room
		if draw.Width(name)+2+draw.Width(e.text) > room {
			n = max(room-2-draw.Width(e.text), room*45/100)
		}
		if name != "" {
			x += a.TextMiddle(x, 0, n, name, theme.Strong) + 2
		}
		a.TextEllipsis(x, 0, a.W()-x-1, e.text, theme.Text)
	}
	if k == v.why.Row && v.pane == paneWhy {
		a.Text(0, 0, theme.Glyphs.Selection, theme.Accent)
		if env.Focused {
			a.Paint(theme.Selected)
		}
	}
}
