package waterfall

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// drawMark draws the part that a row plays in a finding into the gutter. Those of findings that are not in the
// banner are dim, and so is the sign of what a closed row has beneath it.
func (w *Waterfall) drawMark(a draw.Area, r waterRow, theme *style.Theme) {
	if len(w.finds.list) == 0 || r.kind == gapRow {
		return
	}
	if r.kind == spanRow || r.kind == groupRow {
		if m, ok := w.finds.on(int(r.span)); ok {
			glyph, ink := views.RoleGlyph(m.role, m.level, theme)
			if int(m.finding) != w.finds.at {
				ink = theme.Dim
			}
			a.Text(0, 0, glyph, ink)
			return
		}
	}
	if w.st.isOpen(r) {
		return
	}
	own := -1
	if r.kind == spanRow {
		own = int(r.span)
	}
	if _, loudest := w.finds.beneath(own, int(r.span), int(r.end)); loudest > views.LevelNone {
		glyph, _ := views.LevelGlyph(loudest, theme)
		a.Text(0, 0, glyph, theme.Dim)
	}
}

// findingBadges returns what the names' column says of findings: which of the offenders a row is, and how many
// findings are beneath a closed one.
func (w *Waterfall) findingBadges(r waterRow, theme *style.Theme) []Badge {
	if len(w.finds.list) == 0 || r.kind == hiddenRow || r.kind == gapRow {
		return nil
	}
	if r.kind == spanRow {
		if n, of := w.ordinalOffender(int(r.span)); of > 1 {
			return []Badge{{strconv.Itoa(n) + "/" + strconv.Itoa(of), theme.Dim}}
		}
	}
	if r.kind != spanRow || !w.st.canOpen(r) || w.st.isOpen(r) {
		return nil
	}
	n, loudest := w.finds.beneath(int(r.span), int(r.span)+1, int(r.end))
	if n == 0 {
		return nil
	}
	glyph, ink := views.LevelGlyph(loudest, theme)
	return []Badge{{"+" + strconv.Itoa(n) + glyph, ink}}
}

// ordinalOffender returns which offender of the finding in the banner a span is, from 1, and of how many; 0 of 0
// for none, and where offenders lie beneath each other: these are no series.
func (w *Waterfall) ordinalOffender(i int) (n, of int) {
	k, found := slices.BinarySearch(w.finds.offends, uint32(i))
	if !found || !w.finds.apart {
		return 0, 0
	}
	return k + 1, len(w.finds.offends)
}

// rowName returns the operation that a row shows. A group whose members have different names shows what they have
// in common.
func (w *Waterfall) rowName(r waterRow, s trace.Span) string {
	name := facts.SpanName(s)
	if r.kind == groupRow && w.facts != nil {
		g := w.st.runs().starting(int(r.span))
		if last := w.st.t.Span(g.last); last.NameSymbol() != s.NameSymbol() {
			name = w.facts.Op(g.first).Label()
		}
	}
	if name == "" {
		return views.NoName
	}
	return name
}

// hatchGroup hatches what of a group of offenders is avoidable, cell by cell.
func (w *Waterfall) hatchGroup(a draw.Area, g *repeatGroup, ink draw.Ink) {
	hatch := w.finds.hatch
	lo := sort.Search(len(hatch), func(k int) bool { return hatch[k].span >= g.first })
	hi := sort.Search(len(hatch), func(k int) bool { return hatch[k].span >= g.end })
	if lo == hi {
		return
	}
	by := w.st.times.moved(g.first)
	from, to := facts.AddTime(hatch[lo].from, by), facts.AddTime(hatch[hi-1].to, by)
	scale := w.scale()
	if !scale.Contains(from, to) {
		return
	}
	for x := scale.Cell(from); x <= scale.Cell(to-1); x++ {
		if w.st.runs().active(g, scale.At(x), max(scale.At(x+1), scale.At(x)+1)) {
			a.Bar(x, 0, 0, 8, draw.BarHatched, ink)
		}
	}
}

// drawBanner draws the finding that is walked to.
func (w *Waterfall) drawBanner(a draw.Area, env *views.Env) {
	f := w.finding()
	if f == nil || a.Empty() {
		return
	}
	theme := env.Theme
	glyph, ink := views.LevelGlyph(views.LevelOf(f.Severity), theme)
	x := 1 + a.Text(1, 0, glyph, ink) + 1
	x += a.Text(x, 0, strconv.Itoa(w.finds.at+1)+"/"+strconv.Itoa(len(w.finds.list)), theme.Dim) + 1
	title, message := f.Title, strings.TrimSuffix(env.Masked(f.Message), ".")
	// What it cost is the end of the line, whatever is cut before it: in few words where there is little room.
	room := a.W() - 1 - x
	need := draw.Width(title) + 2 + draw.Width(message)
	tail := w.bannerTail(f, message, room, need)
	room -= draw.Width(tail)
	n := a.TextEllipsis(x, 0, room, draw.Shorten(title, room), theme.Strong)
	if left := room - n - 2; left >= leastMessage/2 && message != "" {
		n += a.Text(x+n, 0, ": ", theme.Text)
		n += a.TextEllipsis(x+n, 0, left, message, theme.Text)
	}
	a.Text(x+n, 0, tail, theme.Strong)
}

// leastMessage is how many cells a finding's message has at least beside what it cost.
const leastMessage = 24

// bannerTail is what a finding cost, for the end of its line of room cells of which title and message need some; ""
// where they say it all themselves.
func (w *Waterfall) bannerTail(f *diagnose.Finding, message string, room, need int) string {
	worth := views.WorthOf(f)
	if worth == "" || need <= room && strings.Contains(message, "critical path") {
		return ""
	}
	title := draw.Width(f.Title)
	if long := draw.SegmentGap + worth; room-draw.Width(long) >= min(title+2+leastMessage, need) {
		return long
	}
	short := draw.SegmentGap + draw.Duration(f.Numbers.Avoidable)
	if share := views.ShareText(f); share != "" {
		short += ", " + share
	}
	if room-draw.Width(short) < min(title, leastMessage) {
		return ""
	}
	return short
}
