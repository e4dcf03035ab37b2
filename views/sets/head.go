package sets

import (
	"cmp"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Head implements views.Headed: which sets are compared, how long their traces took, and at the right what needs care.
func (s *Sets) Head(a draw.Area, env *views.Env) {
	theme := env.Theme
	a.Fill(theme.Text)
	if s.c == nil {
		a.TextEllipsis(1, 0, a.W()-2, cmp.Or(s.pending, "nothing is compared"), theme.Title)
		return
	}
	a = env.DrawMasked(a)
	names := s.names
	width := func() [2]int { return [2]int{draw.Width(names[views.Good]), draw.Width(names[views.Bad])} }
	need := width()
	if _, fixed := s.counts(false); fixed+1+need[views.Good]+need[views.Bad] > a.W() {
		names = views.BareNames(names)
		need = width()
	}
	_, least := s.counts(true)
	if care := s.care(min(a.W()/2-2, a.W()-least-need[views.Good]-need[views.Bad]-4)); care != "" {
		care = theme.Glyphs.Warning + " " + care
		n := min(draw.Width(care), a.W()/2)
		a.Sub(a.W()-n-1, 0, n, 1).TextEllipsis(0, 0, n, care, theme.Warn)
		a = a.Sub(0, 0, a.W()-n-2, 1)
	}
	facts := s.facts(theme)
	const nameLeast = 12
	counts, fixed := s.counts(false)
	room := a.W() - fixed - 1
	if room < need[views.Good]+need[views.Bad] {
		counts, fixed = s.counts(true)
		room = a.W() - fixed - 1
	}
	if left := room - draw.Width(facts) - 3; left >= 2*nameLeast || left >= need[views.Good]+need[views.Bad] {
		room = left
	} else {
		facts = ""
	}
	rooms := views.ShareRoom(room, need)
	gap := " "
	if wide := "   "; room-rooms[views.Good]-rooms[views.Bad] >= 2*len(wide)-2*len(gap) {
		gap = wide
	}
	x := 1
	for side := range counts {
		ink := theme.Strong
		if views.Side(side) == s.side {
			ink = theme.Accent
		}
		x += a.Text(x, 0, views.Side(side).Label()+" ", ink)
		x += a.Text(x, 0, counts[side], theme.Text)
		if n := rooms[side]; n > 3 || n == need[side] && n > 0 {
			x += a.Text(x, 0, draw.SegmentGap, theme.Dim)
			x += a.TextMiddle(x, 0, n, names[side], theme.Title)
		}
		if side == 0 {
			x += a.Text(x, 0, gap+theme.Glyphs.Swap+gap, theme.Dim)
		}
	}
	if facts != "" {
		a.TextEllipsis(x+3, 0, a.W()-x-3, facts, theme.Text)
	}
}

// counts says how many traces each side has, and how many cells the line has without the names of the sides.
func (s *Sets) counts(short bool) (counts [2]string, fixed int) {
	fixed = 1 + 3 // and the sign between the sides
	for side := range counts {
		n := s.c.Of[side].Traces
		if s.nothing() { // those that are left out are all of the set
			for _, l := range s.c.LeftOut {
				if (l.Side == compare.Added) == (views.Side(side) == views.Bad) {
					n += l.N
				}
			}
		}
		if counts[side] = draw.CountNoun(n, "trace", "traces"); short {
			counts[side] = draw.Count(n)
		}
		fixed += draw.Width(views.Side(side).Label()) + 1 + draw.Width(counts[side])
		if s.names[side] != "" {
			fixed += draw.Width(draw.SegmentGap)
		}
	}
	return counts, fixed
}

// facts says how long the traces of both sides took.
func (s *Sets) facts(theme *style.Theme) string {
	good, bad := &s.c.Of[views.Good], &s.c.Of[views.Bad]
	if good.Traces == 0 || bad.Traces == 0 {
		return ""
	}
	text := "p50 " + draw.Duration(good.P50) + " " + theme.Glyphs.Link + " " + draw.Duration(bad.P50)
	if s.c.Delta != 0 {
		text += "   " + theme.Glyphs.Delta + " mean " + draw.DurationSigned(s.c.Delta)
	}
	return text
}

// care says what the comparison cannot be relied on for, "" for nothing. How many traces are needed, and that nothing
// was tested with so few, is left out where there is no room.
func (s *Sets) care(room int) string {
	var parts []string
	if s.c.Descriptive && !s.nothing() {
		few := "not tested: too few traces"
		parts = append(parts, cmp.Or(draw.FirstFitting(room, few+" ("+draw.Count(population.FewTraces)+" per side needed)", few), "too few traces"))
	}
	n := 0
	for _, l := range s.c.LeftOut {
		n += l.N
	}
	if n > 0 {
		parts = append(parts, draw.Amount(n, "trace")+" left out")
	}
	return strings.Join(parts, draw.SegmentGap)
}
