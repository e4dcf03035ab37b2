package waterfall

import (
	"strconv"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// drawRow draws row number n into one line.
func (w *Waterfall) drawRow(a draw.Area, n int, env *views.Env) {
	theme, l, r := env.Theme, w.drawn, w.st.rows[n]
	names := a.Sub(l.gutter, 0, l.names, 1)
	if l.bars > 0 {
		a.Text(l.barsX-1, 0, theme.Glyphs.Vertical, theme.Border)
		a.Text(l.barsX+l.bars, 0, theme.Glyphs.Vertical, theme.Border)
	}
	bars := a.Sub(l.barsX, 0, l.bars, 1)
	durs := a.Sub(l.w-l.durs, 0, l.durs, 1)
	switch r.kind {
	case spanRow:
		s := w.st.t.Span(int(r.span))
		w.drawName(names, r, s, theme)
		w.drawBar(bars, s, theme)
		durs.TextRight(0, 0, l.durs, views.SpanDuration(s), theme.Text)
	case groupRow:
		g := w.st.runs().starting(int(r.span))
		w.drawName(names, r, w.st.t.Span(int(r.span)), theme)
		w.drawGroup(bars, g, theme)
		durs.TextRight(0, 0, l.durs, theme.Glyphs.Sum+" "+draw.Duration(g.sum), theme.Text)
	case hiddenRow:
		w.drawHidden(a.Sub(l.gutter, 0, l.w-l.gutter, 1), r, theme)
	case gapRow:
		w.drawGap(names, bars, durs, r, theme)
	}
	if l.gutter > 1 {
		w.drawMark(a.Sub(1, 0, 1, 1), r, theme)
	}
	if n != w.cursor {
		return
	}
	if l.gutter > 0 || a.W() > 0 && !env.Focused {
		ink := theme.Accent
		if !env.Focused {
			ink = theme.Dim
		}
		a.Text(0, 0, theme.Glyphs.Selection, ink)
	}
	if env.Focused {
		a.Paint(theme.Selected)
	}
}

// drawName draws indentation, fold, service and operation, and the badges at the right.
func (w *Waterfall) drawName(a draw.Area, r waterRow, s trace.Span, theme *style.Theme) {
	x := w.drawIndent(a, r, theme)
	x += a.Text(x, 0, w.foldGlyph(r, theme), theme.Dim) + 1
	room := w.drawBadges(a, x, r, s, theme) - x
	if s.Synthetic() {
		a.TextEllipsis(x, 0, room, "("+w.rootsText()+")", theme.Warn)
		return
	}
	ink := theme.Text
	if s.Error() && r.kind == spanRow {
		ink = theme.Error
	}
	serviceInk := theme.Service(s.Service())
	if w.st.hiding() && r.kind == spanRow && !w.st.kept.Has(int(r.span)) {
		ink, serviceInk = theme.Dim, theme.Dim
	}
	name := w.rowName(r, s)
	if most := serviceRoom(s, name, room); most > 0 {
		n := a.TextEllipsis(x, 0, most, facts.ServiceName(s), serviceInk) + 1
		x, room = x+n, room-n
	}
	n := DrawOperation(a, x, room, name, ink)
	if r.kind == spanRow && w.st.matches != nil && w.st.matches.Has(int(r.span)) {
		a.Sub(x, 0, n, 1).Paint(theme.Match)
	}
	if words := flagWords(s, w.st.times); words != "" && n+2+draw.Width(words) <= room {
		a.Text(x+n+1, 0, words, theme.Warn)
	}
}

// drawIndent draws the indentation and returns its width. Rows too far left or right for it say their depth.
func (w *Waterfall) drawIndent(a draw.Area, r waterRow, theme *style.Theme) int {
	level, limit := int(r.indent)-w.shift, w.levels()
	if level >= 0 && level <= limit {
		return level * w.indentWidth()
	}
	x := min(max(level, 0), limit) * w.indentWidth()
	return x + a.Text(x, 0, strconv.Itoa(int(r.indent))+" ", theme.Dim)
}

// DrawOperation draws an operation's name into room cells. Paths and method names differ at their end, words and
// statements at their beginning.
func DrawOperation(a draw.Area, x, room int, name string, ink draw.Ink) int {
	if strings.Contains(name, " ") {
		return a.TextEllipsis(x, 0, room, name, ink)
	}
	return a.TextMiddle(x, 0, room, name, ink)
}

// LeastService is the cells that a service's name gets where the operation's takes all it can.
const LeastService = 8

// serviceRoom returns how many of the cells for a row's name the service gets. Where not all fits, a service that
// is the parent's goes without saying.
func serviceRoom(s trace.Span, name string, room int) int {
	n := draw.Width(facts.ServiceName(s))
	rest := room - 1 - draw.Width(name)
	if n == 0 || n <= rest {
		return n
	}
	if p := s.Parent(); p >= 0 && s.Trace().Span(p).ServiceSymbol() == s.ServiceSymbol() {
		return 0
	}
	if n <= room*45/100 {
		return n
	}
	return max(room/3, min(room, LeastService), rest)
}

func (w *Waterfall) foldGlyph(r waterRow, theme *style.Theme) string {
	switch {
	case !w.st.canOpen(r):
		return theme.Glyphs.Leaf
	case w.st.isOpen(r):
		return theme.Glyphs.Open
	}
	return theme.Glyphs.Folded
}

// Badge is a sign at the right end of the names' column.
type Badge struct {
	Text string
	Ink  draw.Ink
}

// drawBadges draws the badges that there is room for, the most important ones rightmost, and returns where the
// name must end. Of a closed row they count what is beneath it: "+3✗".
func (w *Waterfall) drawBadges(a draw.Area, from int, r waterRow, s trace.Span, theme *style.Theme) int {
	x := a.W() - 1
	for _, b := range w.badges(r, s, theme) {
		n := draw.Width(b.Text)
		if x-n-1 < from+MinName {
			break
		}
		x -= n
		a.Text(x, 0, b.Text, b.Ink)
		x--
	}
	return x
}

// MinName is the cells that badges leave to the name.
const MinName = 6

// badges lists a row's badges from right to left.
func (w *Waterfall) badges(r waterRow, s trace.Span, theme *style.Theme) []Badge {
	g, i := theme.Glyphs, int(r.span)
	var list []Badge
	own := func(has bool, glyph string, ink draw.Ink) {
		if has {
			list = append(list, Badge{glyph, ink})
		}
	}
	beneath := func(counts SpanCounts, glyph string, ink draw.Ink) {
		if counts == nil || w.st.isOpen(r) {
			return
		}
		from := i + 1
		if r.kind == groupRow {
			from = i
		}
		if n := counts.In(from, int(r.end)); n > 0 {
			list = append(list, Badge{"+" + strconv.Itoa(n) + glyph, ink})
		}
	}
	single := r.kind == spanRow
	own(single && s.Error(), g.Error, theme.Error)
	beneath(w.st.index.errors, g.Error, theme.Error)
	own(single && w.st.index.warnings.Has(i), g.Warning, theme.Warn)
	beneath(w.st.index.warnings, g.Warning, theme.Warn)
	if w.st.matches != nil {
		own(single && w.st.matches.Has(i), g.Mark, theme.Accent)
		beneath(w.st.matches, g.Mark, theme.Accent)
	}
	if r.kind == groupRow {
		list = append(list, Badge{g.Times + strconv.Itoa(w.st.runs().starting(i).n), theme.Strong})
	}
	if by := w.st.times.moved(i); by != 0 && single && !s.Synthetic() {
		list = append(list, Badge{draw.Offset(by), theme.Warn})
	}
	return append(list, w.findingBadges(r, theme)...)
}

// flagWords says what was found about a span, in few words.
func flagWords(s trace.Span, times spanTimes) string {
	var words []string
	for _, f := range [...]struct {
		flag trace.Flags
		word string
	}{
		{trace.FlagOrphan, "orphan"},
		{trace.FlagUnfinished, "unfinished"},
		{trace.FlagCycleCut, "cycle cut"},
		{trace.FlagTimeRepaired, "time repaired"},
		{trace.FlagDuplicateID, "id shared"},
		{trace.FlagWarned, "backend warning"},
	} {
		if s.Has(f.flag) && !(s.Untimed() && (f.flag == trace.FlagUnfinished || f.flag == trace.FlagTimeRepaired)) {
			words = append(words, f.word)
		}
	}
	if s.Untimed() {
		words = append(words, "no times")
	}
	if times.beforeParent(s) {
		words = append(words, "before its parent")
	}
	if attrs, events, links := s.Dropped(); attrs+events+links > 0 {
		words = append(words, "data dropped")
	}
	if words == nil {
		return ""
	}
	return "(" + strings.Join(words, ", ") + ")"
}

// drawBar draws the span's bar.
func (w *Waterfall) drawBar(a draw.Area, s trace.Span, theme *style.Theme) {
	start, finish, ink := w.st.times.Start(s), w.st.times.finish(s), theme.Service(s.Service())
	if s.Error() {
		ink = theme.Error
	}
	switch {
	case s.Synthetic():
		a.Span(0, w.scale(), start, finish, draw.BarLight, theme.Dim)
		return
	case !w.scale().Contains(start, finish):
		w.drawOutside(a, s, ink, theme)
		return
	case w.path.mode != pathOff && w.facts != nil:
		w.drawPathBar(a, s, ink, theme)
	default:
		a.Span(0, w.scale(), start, finish, draw.BarSolid, ink)
	}
	if from, to, ok := w.finds.avoidable(s.Index()); ok {
		by := w.st.times.moved(s.Index())
		w.drawPart(a, facts.AddTime(from, by), facts.AddTime(to, by), draw.BarHatched, ink)
	}
	if f := w.finding(); f != nil && f.Trace == w.st.t && f.Anchor == s.Index() {
		by := w.st.times.moved(s.Index())
		for _, wait := range w.finds.waits {
			w.drawPart(a, facts.AddTime(wait.From, by), facts.AddTime(wait.To, by), draw.BarHollow, ink)
		}
	}
	w.drawBeyond(a, start, finish, ink)
}

// drawBeyond draws arrows at the edges of the trace's window that a bar runs over.
func (w *Waterfall) drawBeyond(a draw.Area, start, finish int64, ink draw.Ink) {
	scale := w.scale()
	if w.isZoomed() {
		return // most bars run over the edges of a part of the window
	}
	if finish > scale.To {
		a.Span(0, scale, scale.To, finish, draw.BarSolid, ink)
	}
	if start < scale.From {
		a.Span(0, scale, start, scale.From, draw.BarSolid, ink)
	}
}

// drawOutside draws a span of which nothing is in the window as an arrow at the edge that it lies behind, and how far
// it lies from the trace's window.
func (w *Waterfall) drawOutside(a draw.Area, s trace.Span, ink draw.Ink, theme *style.Theme) {
	scale, start := w.scale(), w.st.times.Start(s)
	a.Span(0, scale, start, w.st.times.finish(s), draw.BarSolid, ink)
	text := w.st.times.outside(s)
	room := scale.Width - 2
	switch {
	case text == "" || room < draw.Width(text):
	case start >= scale.To:
		a.TextRight(0, 0, room, text, theme.Dim)
	default:
		a.Text(2, 0, text, theme.Dim)
	}
}

// drawPart draws a part of a bar in another way, where it is worth a cell.
func (w *Waterfall) drawPart(a draw.Area, from, to int64, kind draw.BarKind, ink draw.Ink) {
	scale := w.scale()
	if !scale.Contains(from, to) || kind == draw.BarHollow && scale.Eighth(to)-scale.Eighth(from) < 8 {
		return
	}
	a.Span(0, scale, from, to, kind, ink)
}

// drawGroup draws where any member of a group runs, a dotted line between, and the median beside it.
func (w *Waterfall) drawGroup(a draw.Area, g *repeatGroup, theme *style.Theme) {
	scale := w.scale()
	ink := theme.Service(w.st.t.Span(g.first).Service())
	if !scale.Contains(g.start, g.finish) {
		a.Span(0, scale, g.start, g.finish, draw.BarDashed, ink)
		return
	}
	first, last := scale.Cell(g.start), scale.Cell(max(g.finish-1, g.start))
	for x := first; x <= last; x++ {
		if w.st.runs().active(g, scale.At(x), max(scale.At(x+1), scale.At(x)+1)) {
			a.Bar(x, 0, 0, 8, draw.BarDashed, ink)
		} else {
			a.Text(x, 0, theme.Glyphs.Dot, theme.Dim)
		}
	}
	w.hatchGroup(a, g, ink)
	label := "p50 " + draw.Duration(g.p50)
	n := draw.Width(label)
	switch {
	case last+2+n <= a.W():
		a.Text(last+2, 0, label, theme.Dim)
	case first >= n+2:
		a.Text(first-n-1, 0, label, theme.Dim)
	}
}

// drawHidden draws how much the filter hides here.
func (w *Waterfall) drawHidden(a draw.Area, r waterRow, theme *style.Theme) {
	x := w.drawIndent(a.Sub(0, 0, w.drawn.names, 1), r, theme)
	text := theme.Glyphs.Ellipsis + " " + draw.CountNoun(int(r.end-r.span), "span", "spans") + " hidden"
	if long := text + w.hiddenBy(); x+draw.Width(long)+len(", 9,999 errors") <= w.drawn.names {
		text = long
	}
	x += a.TextEllipsis(x, 0, max(w.drawn.names-x, 0), text, theme.Dim)
	n := w.st.index.errors.In(int(r.span), int(r.end))
	if n == 0 {
		return
	}
	errors := ", " + draw.CountNoun(n, "error", "errors")
	if room := w.drawn.names - x; room < draw.Width(errors) {
		errors = " +" + strconv.Itoa(n) + theme.Glyphs.Error
		x = max(min(x, w.drawn.names-draw.Width(errors)), 0)
	}
	a.Text(x, 0, errors, theme.Error)
}

// hiddenBy says what hides rows.
func (w *Waterfall) hiddenBy() string {
	switch {
	case w.st.path == nil:
		return " by the filter"
	case w.st.filtering():
		return ""
	}
	return " off the path"
}
