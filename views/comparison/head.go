package comparison

import (
	"cmp"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// matchedWell is the share of the spans from which two traces are the same for the most part.
const matchedWell = 0.9

// wideGap is what is before a part of the title with which something else begins.
const wideGap = "   "

// Head implements views.Headed: what is compared with what, and at the right what needs care.
func (v *Comparison) Head(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	if v.rows == nil {
		a.TextEllipsis(1, 0, a.W()-2, cmp.Or(v.pending, "no comparison"), env.Theme.Title)
		return
	}
	v.frame(env).title(a)
}

// care says in few words what the comparison cannot be relied on for, as much as fits into width cells, at least its sign;
// "" for nothing. How much was matched goes first: the lines below say what else is in doubt.
func (f *frame) care(width int) string {
	var parts []string
	t := &f.c.Trust
	if t.Unrelated {
		parts = append(parts, "different operations")
	}
	switch t.Incomplete {
	case [2]bool{true, true}:
		parts = append(parts, "both traces incomplete")
	case [2]bool{true, false}:
		parts = append(parts, "baseline incomplete")
	case [2]bool{false, true}:
		parts = append(parts, "bad trace incomplete")
	}
	if t.MatchedShare < matchedWell {
		parts = append(parts, f.matched())
	}
	if parts == nil {
		return ""
	}
	sign := f.theme.Glyphs.Warning
	for n := len(parts); n > 0; n-- {
		if text := sign + " " + strings.Join(parts[:n], draw.SegmentGap); draw.Width(text) <= width {
			return text
		}
	}
	return sign
}

// matched says how much of the traces has a counterpart.
func (f *frame) matched() string {
	return draw.PercentOf(f.c.Trust.MatchedShare) + " of spans matched"
}

// nameLeast is the cells that the name of the call keeps in the title, of either side where they call different things.
const nameLeast = 8

// sideRank is the rank of what the title always has.
const sideRank = 20

// title draws what is compared. Both sides are always there, with how long they took; where there is no room for all,
// these give way, the first first: when the traces started, how much was matched, how many spans they have, the
// difference, the words of what needs care, and of the names all but nameLeast cells.
func (f *frame) title(a draw.Area) {
	theme := f.theme
	a = f.env.DrawMasked(a)
	swap := tree.Segment{Text: theme.Glyphs.Swap, Ink: theme.Dim, Rank: sideRank, Gap: wideGap}
	fixed := 1 + draw.Width(swap.Text) + len(wideGap)
	var names, labels [2]string
	var sides [2][]tree.Segment
	var need [2]int // cells of the names
	for side := range sides {
		s := views.Side(side)
		names[side], labels[side], sides[side] = views.CallLabel(f.facts[s], f.facts[s].Trace.Root().Index()), s.Label()+" ", f.segments(s)
		fixed += draw.Width(labels[side]) + draw.Width(sides[side][0].Text) + len(wideGap)
		need[side] = draw.Width(names[side])
	}
	same := names[views.Good] == names[views.Bad]
	if same { // it is said once, before both
		need[views.Good] = 0
	} else {
		fixed += 2
	}
	least := min(need[views.Good], nameLeast) + min(need[views.Bad], nameLeast)
	if fixed+least > a.W() {
		a.TextEllipsis(1, 0, a.W()-2, sides[views.Good][0].Text+" "+swap.Text+" "+sides[views.Bad][0].Text, theme.Title)
		return
	}
	if care := f.care(min(a.W()/2, a.W()-2-fixed-least)); care != "" {
		n := min(draw.Width(care), a.W())
		a.Sub(a.W()-n-1, 0, n, 1).TextEllipsis(0, 0, n, care, theme.Warn)
		a = a.Sub(0, 0, a.W()-n-2, 1)
	}
	name := names[views.Bad]
	if same {
		for side := range sides {
			sides[side][0].Text = labels[side] + sides[side][0].Text
		}
		if fixed+need[views.Bad] > a.W() { // rather a whole name than air around the sign between the sides
			swap.Gap, sides[views.Bad][0].Gap = " ", " "
			fixed -= 2 * (len(wideGap) - 1)
		}
		least = min(max(a.W()/4, nameLeast), max(a.W()-fixed, 0))
	} else {
		room := views.ShareRoom(a.W()-fixed, need)
		sides[views.Good][0].Gap, sides[views.Bad][0].Gap = " ", " "
		name = labels[views.Good] + draw.Middle(names[views.Good], room[views.Good])
		least = draw.Width(name)
		bad := labels[views.Bad] + draw.Middle(names[views.Bad], room[views.Bad])
		sides[views.Bad] = append([]tree.Segment{{Text: bad, Ink: theme.Title, Rank: sideRank, Gap: wideGap}}, sides[views.Bad]...)
	}
	segments := append(append(sides[views.Good], swap), sides[views.Bad]...)
	if d := f.c.Delta; d != 0 {
		segments = append(segments, tree.Segment{Text: theme.Glyphs.Delta + " " + draw.DurationSigned(d), Ink: views.DeltaInk(d, theme), Rank: 14, Gap: wideGap})
	}
	if f.c.Trust.MatchedShare >= matchedWell {
		segments = append(segments, tree.Segment{Text: f.matched(), Ink: theme.Dim, Rank: 9, Gap: wideGap})
	}
	tree.DrawTitle(a, name, least, "", segments, theme)
}

// segments are one side's part of the title: how long the trace took, how many spans it has, when it started.
func (f *frame) segments(side views.Side) []tree.Segment {
	theme, clock, t := f.theme, f.env.Clock, f.facts[side].Trace
	lead := tree.Segment{Text: draw.Duration(f.c.Length(side == views.Bad)), Ink: theme.Strong, Rank: sideRank, Gap: wideGap}
	if f.facts[side].Failed(0) {
		lead.Text += " " + theme.Glyphs.Error
		lead.Ink = theme.Error
	}
	start := clock.DatedTime(t.Start(), clock.Dates(f.c.Good.Trace.Start(), f.c.Bad.Trace.Start()))
	if zone := clock.ZoneName(t.Start()); zone != "" && side == views.Bad {
		start += " " + zone
	}
	return []tree.Segment{
		lead,
		{Text: draw.Amount(t.SpanCount(), "span"), Ink: theme.Text, Rank: 10},
		{Text: start, Ink: theme.Text, Rank: 8},
	}
}
