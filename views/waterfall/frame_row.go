package waterfall

import (
	"strconv"
	"strings"

	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// nameRoom is the cells that indentation leaves to a row's name and badges.
const nameRoom = 18

// row draws row number n into one line.
func (f *frame) row(a draw.Area, n int) {
	r := f.rows.list[n]
	names := a.Sub(f.gutter, 0, f.names, 1)
	if f.bars > 0 {
		f.borders(a)
	}
	bars := a.Sub(f.barsX, 0, f.bars, 1)
	durs := a.Sub(f.w-f.durs, 0, f.durs, 1)
	switch r.kind {
	case spanRow:
		s := f.rows.t.Span(int(r.span))
		f.drawName(names, r, s)
		f.drawBar(bars, s)
		durs.TextRight(0, 0, f.durs, views.SpanDuration(s), f.theme.Text)
	case groupRow:
		g := f.rows.runs().starting(int(r.span))
		f.drawName(names, r, f.rows.t.Span(int(r.span)))
		f.drawGroup(bars, g)
		durs.TextRight(0, 0, f.durs, f.theme.Glyphs.Sum+" "+draw.Duration(g.sum), f.theme.Text)
	case hiddenRow:
		f.drawHidden(a.Sub(f.gutter, 0, f.w-f.gutter, 1), r)
	case gapRow:
		f.drawGap(names, bars, durs, r)
	}
	if f.gutter > 1 {
		f.drawMark(a.Sub(1, 0, 1, 1), r)
	}
}

// drawName draws indentation, fold, service and operation, and the badges at the right.
func (f *frame) drawName(a draw.Area, r row, s trace.Span) {
	theme := f.theme
	x := f.drawIndent(a, r)
	x += a.Text(x, 0, f.rows.state(r).Glyph(&theme.Glyphs), theme.Dim) + 1
	badges, _ := a.Left(a.W() - 1)
	room := tree.DrawBadges(badges, x, f.badges(r, s)) - x
	if s.Synthetic() {
		a.TextEllipsis(x, 0, room, "("+f.rows.index.rootsText()+")", theme.Warn)
		return
	}
	name := tree.Name{Service: secrets.ServiceName(s), Operation: f.operation(r, s), ServiceInk: theme.Service(s.Service()), Ink: theme.Text}
	if p := s.Parent(); p >= 0 {
		name.Known = s.Trace().Span(p).ServiceSymbol() == s.ServiceSymbol()
	}
	single := r.kind == spanRow
	if s.Error() && single {
		name.Ink = theme.Error
	}
	if f.rows.hiding() && single && !f.rows.kept.Has(int(r.span)) {
		name.Ink, name.ServiceInk = theme.Dim, theme.Dim
	}
	end := x + room
	x, n := name.Draw(a, x, room)
	if single && f.rows.matches != nil && f.rows.matches.Has(int(r.span)) {
		a.Sub(x, 0, n, 1).Paint(theme.Match)
	}
	if words := flagWords(s, f.rows.times); words != "" && x+n+2+draw.Width(words) <= end {
		a.Text(x+n+1, 0, words, theme.Warn)
	}
}

// drawIndent draws the indentation of a row and returns its width.
func (f *frame) drawIndent(a draw.Area, r row) int {
	return f.tree.Indent.Draw(a, int(r.indent), f.theme)
}

// operation returns the operation that a row shows. A group whose members have different names shows what they have
// in common.
func (f *frame) operation(r row, s trace.Span) string {
	name := secrets.SpanName(s)
	if r.kind == groupRow && f.facts != nil {
		g := f.rows.runs().starting(int(r.span))
		if last := f.rows.t.Span(g.last); last.NameSymbol() != s.NameSymbol() {
			name = f.facts.Op(g.first).Label()
		}
	}
	if name == "" {
		return views.NoName
	}
	return name
}

// badges lists a row's badges from right to left. Of a closed row they count what is beneath it: "+3✗".
func (f *frame) badges(r row, s trace.Span) []tree.Badge {
	theme, g, i := f.theme, &f.theme.Glyphs, int(r.span)
	var list []tree.Badge
	add := func(text string, ink draw.Ink) { list = append(list, tree.Badge{Text: text, Ink: ink}) }
	single, from, closed := r.kind == spanRow, i+1, f.rows.state(r) != tree.Open
	if r.kind == groupRow {
		from = i
	}
	counted := func(counts tree.Counts, has bool, glyph string, ink draw.Ink) {
		if has && single {
			add(glyph, ink)
		}
		if counts == nil || !closed {
			return
		}
		if n := counts.In(from, int(r.end)); n > 0 {
			add("+"+strconv.Itoa(n)+glyph, ink)
		}
	}
	counted(f.rows.index.errors, s.Error(), g.Error, theme.Error)
	counted(f.rows.index.warnings, f.rows.index.warnings.Has(i), g.Warning, theme.Warn)
	if f.rows.matches != nil {
		counted(f.rows.matches, f.rows.matches.Has(i), g.Mark, theme.Accent)
	}
	if r.kind == groupRow {
		add(g.Times+strconv.Itoa(f.rows.runs().starting(i).n), theme.Strong)
	}
	if by := f.rows.times.moved(i); by != 0 && single && !s.Synthetic() {
		add(draw.Offset(by), theme.Warn)
	}
	if len(f.finds.list) == 0 || !single {
		return list
	}
	// Which of the offenders the row is, or how many findings are beneath a closed one.
	if n, of := f.finds.ordinal(i); of > 1 {
		add(strconv.Itoa(n)+"/"+strconv.Itoa(of), theme.Dim)
	} else if f.rows.state(r) == tree.Folded {
		if n, loudest := f.finds.beneath(i, i+1, int(r.end)); n > 0 {
			glyph, ink := views.LevelGlyph(loudest, theme)
			add("+"+strconv.Itoa(n)+glyph, ink)
		}
	}
	return list
}

// drawMark draws the part that a row plays in a finding into the gutter. Those of findings that are not in the
// banner are dim, and so is the sign of what a closed row has beneath it.
func (f *frame) drawMark(a draw.Area, r row) {
	if len(f.finds.list) == 0 || r.kind == gapRow {
		return
	}
	if r.kind != hiddenRow {
		if m, ok := f.finds.on(int(r.span)); ok {
			glyph, ink := views.RoleGlyph(m.role, m.level, f.theme)
			if int(m.finding) != f.finds.at {
				ink = f.theme.Dim
			}
			a.Text(0, 0, glyph, ink)
			return
		}
	}
	if f.rows.state(r) == tree.Open {
		return
	}
	own := -1
	if r.kind == spanRow {
		own = int(r.span)
	}
	if _, loudest := f.finds.beneath(own, int(r.span), int(r.end)); loudest > views.LevelNone {
		glyph, _ := views.LevelGlyph(loudest, f.theme)
		a.Text(0, 0, glyph, f.theme.Dim)
	}
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

// drawHidden draws how much the filter hides here.
func (f *frame) drawHidden(a draw.Area, r row) {
	x := f.drawIndent(a.Sub(0, 0, f.names, 1), r)
	text := f.theme.Glyphs.Ellipsis + " " + draw.Amount(int(r.end-r.span), "span") + " hidden"
	if long := text + f.rows.hiddenBy(); x+draw.Width(long)+len(", 9,999 errors") <= f.names {
		text = long
	}
	x += a.TextEllipsis(x, 0, max(f.names-x, 0), text, f.theme.Dim)
	n := f.rows.index.errors.In(int(r.span), int(r.end))
	if n == 0 {
		return
	}
	errors := ", " + draw.Amount(n, "error")
	if room := f.names - x; room < draw.Width(errors) {
		errors = " +" + strconv.Itoa(n) + f.theme.Glyphs.Error
		x = max(min(x, f.names-draw.Width(errors)), 0)
	}
	a.Text(x, 0, errors, f.theme.Error)
}

// drawGap draws a time without a span: its length, and dots where it lies.
func (f *frame) drawGap(names, bars, durs draw.Area, r row) {
	g, dot := f.rows.gaps[r.end], f.theme.Glyphs.Dot
	dots := dot + dot + dot
	took := draw.Duration(g.To - g.From)
	x := f.drawIndent(names, r) + 2
	text := dots + " " + took + " without a span " + dots
	if x+draw.Width(text) > names.W() {
		text = dots + " " + took
	}
	names.TextEllipsis(x, 0, max(names.W()-x, 0), text, f.theme.Dim)
	if f.scale.Contains(g.From, g.To) {
		for c := f.scale.Cell(g.From); c <= f.scale.Cell(g.To-1); c++ {
			bars.Text(c, 0, dot, f.theme.Dim)
		}
	}
	durs.TextRight(0, 0, durs.W(), took, f.theme.Dim)
}

// borders draws the lines on either side of the bars.
func (f *frame) borders(a draw.Area) {
	a.Text(f.barsX-1, 0, f.theme.Glyphs.Vertical, f.theme.Border)
	a.Text(f.barsX+f.bars, 0, f.theme.Glyphs.Vertical, f.theme.Border)
}
