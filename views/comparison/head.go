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

// care says in few words what the comparison cannot be relied on for, "" for nothing.
func (f *frame) care() string {
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
	return f.theme.Glyphs.Warning + " " + strings.Join(parts, draw.SegmentGap)
}

// matched says how much of the traces has a counterpart.
func (f *frame) matched() string {
	return draw.PercentOf(f.c.Trust.MatchedShare) + " of spans matched"
}

// title draws what is compared, as much as there is room for.
func (f *frame) title(a draw.Area) {
	theme := f.theme
	a = f.env.DrawMasked(a)
	if care := f.care(); care != "" {
		n := min(draw.Width(care), a.W()/2)
		a.Sub(a.W()-n-1, 0, n, 1).TextEllipsis(0, 0, n, care, theme.Warn)
		a = a.Sub(0, 0, a.W()-n-2, 1)
	}
	name := views.CallLabel(f.c.Bad, f.c.Bad.Trace.Root().Index())
	if other := views.CallLabel(f.c.Good, f.c.Good.Trace.Root().Index()); other != name {
		name = other + " " + theme.Glyphs.Swap + " " + name
	}
	segments := append(f.segments(views.Good), tree.Segment{Text: theme.Glyphs.Swap, Ink: theme.Dim, Rank: 20, Gap: wideGap})
	segments = append(segments, f.segments(views.Bad)...)
	if d := f.c.Delta; d != 0 {
		segments = append(segments, tree.Segment{Text: theme.Glyphs.Delta + " " + draw.DurationSigned(d), Ink: views.DeltaInk(d, theme), Rank: 14, Gap: wideGap})
	}
	if f.c.Trust.MatchedShare >= matchedWell {
		segments = append(segments, tree.Segment{Text: f.matched(), Ink: theme.Dim, Rank: 9, Gap: wideGap})
	}
	tree.DrawTitle(a, name, max(a.W()/4, 8), "", segments, theme)
}

// segments are one side's part of the title.
func (f *frame) segments(side views.Side) []tree.Segment {
	theme, clock, t := f.theme, f.env.Clock, f.facts[side].Trace
	lead := tree.Segment{Text: side.Label() + " " + draw.Duration(f.c.Length(side == views.Bad)), Ink: theme.Strong, Rank: 15, Gap: wideGap}
	if f.facts[side].Failed(0) {
		lead.Text += " " + theme.Glyphs.Error
		lead.Ink = theme.Error
	}
	start := clock.Time(t.Start())
	if !clock.OneDay(f.c.Good.Trace.Start(), f.c.Bad.Trace.Start()) {
		start = clock.DayTime(t.Start())
	}
	if zone := clock.ZoneName(t.Start()); zone != "" && side == views.Bad {
		start += " " + zone
	}
	return []tree.Segment{
		lead,
		{Text: draw.Amount(t.SpanCount(), "span"), Ink: theme.Text, Rank: 10},
		{Text: start, Ink: theme.Text, Rank: 8},
	}
}
