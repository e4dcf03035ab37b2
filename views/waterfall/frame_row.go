package waterfall

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// nameRoom is the cells that indentation leaves to a row's name and badges.
const nameRoom = 24

// row draws row number n into one line.
func (f *frame) row(a draw.Area, n int) {
	r := f.rows.list[n]
	names := a.Sub(f.gutter, 0, f.names, 1)
	bars := a.Sub(f.barsX, 0, f.bars, 1)
	selfs, durs := a.Sub(f.selfsX(), 0, f.selfs, 1), a.Sub(f.w-f.durs, 0, f.durs, 1)
	if f.bars > 0 {
		f.borders(a)
		bars.GridLines(f.ticks, f.theme.Border.With(draw.Faint))
	}
	switch r.kind {
	case spanRow:
		s := f.rows.t.Span(int(r.span))
		f.drawName(names, r, s)
		f.drawBar(bars, r, s)
		f.drawSelf(selfs, r)
		durs.TextRight(0, 0, f.durs, f.duration(s), f.theme.Text)
	case groupRow:
		g := f.rows.runs().starting(int(r.span))
		f.drawName(names, r, f.rows.t.Span(int(r.span)))
		f.drawGroup(bars, r, g)
		f.drawSelf(selfs, r)
		durs.TextRight(0, 0, f.durs, f.theme.Glyphs.Sum+" "+f.aligned(g.sum), f.theme.Text)
	case hiddenRow:
		f.drawHidden(a.Sub(f.gutter, 0, f.w-f.gutter, 1), r)
	case gapRow:
		f.drawGap(names, bars, durs, r)
	}
	if f.gutter > 1 {
		f.drawMark(a.Sub(1, 0, 1, 1), r)
	}
}

// aligned writes a duration for a column.
func (f *frame) aligned(ns int64) string {
	return draw.Durations{Longest: f.rows.times.to - f.rows.times.from}.Text(ns)
}

// duration writes how long a span took, for a column.
func (f *frame) duration(s trace.Span) string {
	if s.Untimed() || s.Has(trace.FlagUnfinished) {
		return views.SpanDuration(s)
	}
	return f.aligned(s.Duration())
}

// littleShare is below which part of the trace, in percent, a self time is nearly nothing.
const littleShare = 1

// hot reports whether a self time in ns is a large part of the trace.
func (f *frame) hot(self int64) bool { return f.reaches(self, views.HotShare) }

// reaches reports whether a time in ns is some percent of the trace.
func (f *frame) reaches(ns, percent int64) bool {
	return ns > 0 && ns/percent >= (f.rows.times.to-f.rows.times.from)/100
}

// self returns the self time of a span, or of a group's members, in ns, and whether it is known.
func (f *frame) self(r row) (ns int64, known bool) {
	switch {
	case r.kind == spanRow:
		return f.work.self(int(r.span)), !f.rows.t.Span(int(r.span)).Untimed()
	case r.kind == groupRow && f.facts != nil:
		runs := f.rows.runs()
		return runs.self(runs.starting(int(r.span)), f.rows.t, f.facts), true
	}
	return 0, false
}

// drawSelf draws the self time of a row, the larger the louder.
func (f *frame) drawSelf(a draw.Area, r row) {
	self, known := f.self(r)
	ink := f.theme.Dim
	switch {
	case !known:
		return
	case f.hot(self):
		ink = f.theme.Strong
	case f.reaches(self, littleShare):
		ink = f.theme.Text
	}
	a.TextRight(0, 0, a.W(), f.aligned(self), ink)
}

// drawName draws indentation, fold, service and operation, and the badges at the right. The service is shown where it is
// not that of the row above in the tree.
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
	name := f.name(r, s)
	end := x + room
	x, n := name.Draw(a, x, room)
	single := r.kind == spanRow
	cause := single && f.isCause(int(r.span))
	if single && !cause && f.rows.matches != nil && f.rows.matches.Has(int(r.span)) {
		a.Sub(x, 0, n, 1).Paint(theme.Match)
	}
	x += n + 1
	if cause && x+draw.Width(causeWords) <= end {
		x += a.Text(x, 0, causeWords, f.causeInk()) + 1
	}
	if words := flagWords(s, f.rows.times); words != "" && x+draw.Width(words) <= end {
		a.Text(x, 0, words, theme.Warn)
	}
}

// causeWords stand on the row of the error that the others follow from.
const causeWords = "root cause"

// isCause reports whether a span is the one that the errors follow from.
func (f *frame) isCause(i int) bool { return len(f.finds.list) > 0 && f.finds.cause == i }

// causeInk is the ink of the root cause and of nothing else: the loudest of all.
func (f *frame) causeInk() draw.Ink { return f.theme.Error.With(draw.Bold | draw.Reverse) }

// name returns what a row is called, and how loud.
func (f *frame) name(r row, s trace.Span) tree.Name {
	theme, i := f.theme, s.Index()
	name := tree.Name{Service: secrets.ServiceName(s), Operation: f.operation(r, s), ServiceInk: theme.Service(s.Service()), Ink: theme.Text}
	name.Stem, name.Brief = f.stems[name.Service], draw.WithoutPackage(name.Operation)
	if f.knownService(r, s) {
		name.Service = ""
	}
	failed := r.kind == spanRow && s.Error() || r.kind == groupRow && f.rows.runs().starting(i).failed > 0
	off := f.rows.hiding() && r.kind == spanRow && !f.rows.kept.Has(i)
	off = off || f.pathIs == pathDrawn && f.facts.CriticalTime(i) == 0
	switch {
	case failed:
		name.Ink = theme.Error
	case off:
		name.Ink, name.ServiceInk = theme.Dim, theme.Dim
	}
	cause := r.kind == spanRow && f.isCause(i)
	if self, known := f.self(r); cause || known && !off && f.hot(self) {
		name.Ink, name.ServiceInk = name.Ink.With(draw.Bold), name.ServiceInk.With(draw.Bold)
	}
	if cause {
		name.Ink = f.causeInk()
	}
	return name
}

// knownService reports whether the service of a row is that of the row above in the tree: of the span's parent, or of the
// group that it is in.
func (f *frame) knownService(r row, s trace.Span) bool {
	if runs := f.rows.runs(); runs != nil && r.kind == spanRow && runs.of[s.Index()] >= 0 {
		return true // a member has a row of its own only below its group's
	}
	p := s.Parent()
	return p >= 0 && s.Trace().Span(p).ServiceSymbol() == s.ServiceSymbol()
}

// drawIndent draws the indentation of a row and returns its width.
func (f *frame) drawIndent(a draw.Area, r row) int {
	return f.tree.Indent.Draw(a, int(r.indent), f.theme)
}

// operation returns the operation that a row shows: what was called. A group whose members have different names shows
// what they have in common.
func (f *frame) operation(r row, s trace.Span) string {
	var name string
	switch g := f.rows.runs(); {
	case f.facts == nil:
		name = secrets.SpanName(s)
	case r.kind == groupRow && f.rows.t.Span(g.starting(s.Index()).last).NameSymbol() != s.NameSymbol():
		name = f.facts.Op(s.Index()).Label()
	default:
		name = f.facts.Label(s.Index())
	}
	if name == "" {
		return views.NoName
	}
	return name
}

// countedFrom is how wide the names' column must be for log lines to be counted in it: in a narrower one names are cut for it,
// and the bars show the lines in any case.
const countedFrom = 40

// badges lists a row's badges from right to left. Of a closed row they add what is beneath it: "+3✗", and "✗+3" where the row
// has it itself; of a closed group "4✗+3" where 4 of its calls have it. So what rows say adds up to what the head says. Log
// lines are counted as they are marked on the bar.
func (f *frame) badges(r row, s trace.Span) []tree.Badge {
	theme, g, i := f.theme, &f.theme.Glyphs, int(r.span)
	var list []tree.Badge
	add := func(text string, ink draw.Ink) { list = append(list, tree.Badge{Text: text, Ink: ink}) }
	single, closed := r.kind == spanRow, f.rows.state(r) != tree.Open
	counted := func(counts tree.Counts, calls int, glyph string, ink draw.Ink) {
		own, said, more := "", calls, 0
		switch {
		case counts == nil:
			return
		case calls > 0:
			own = strconv.Itoa(calls) + glyph
		case single && counts.Has(i):
			own, said = glyph, 1
		}
		if closed {
			more = counts.In(i, int(r.end)) - said
		}
		switch {
		case more > 0 && own == "":
			add("+"+strconv.Itoa(more)+glyph, ink)
		case more > 0:
			add(own+"+"+strconv.Itoa(more), ink)
		case own != "":
			add(own, ink)
		}
	}
	failed := 0
	if r.kind == groupRow {
		failed = f.rows.runs().starting(i).failed
	}
	counted(f.rows.index.errors, failed, g.Error, theme.Error)
	counted(f.rows.index.warnings, 0, g.Warning, theme.Warn)
	counted(f.rows.matches, 0, g.Mark, theme.Accent)
	if r.kind == groupRow {
		add(g.Times+strconv.Itoa(f.rows.runs().starting(i).n), theme.Strong)
	}
	if by := f.rows.times.moved(i); by != 0 && single && !s.Synthetic() {
		add(draw.Offset(by), theme.Warn)
	}
	if lines := f.logs.on(i, f.rows.logged(r)); len(lines) > 0 && f.names >= countedFrom {
		worst := slices.MaxFunc(lines, func(a, b logMark) int { return cmp.Compare(a.severity, b.severity) }).severity
		add(g.Log+strconv.Itoa(len(lines)), views.SeverityInk(worst, theme))
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

// drawMark draws the sign of a row into the gutter: the root cause, else where the finding in the banner is anchored and what
// other spans it is about. Of the other findings the anchors are marked, dim; so is what a closed row has beneath it.
func (f *frame) drawMark(a draw.Area, r row) {
	if len(f.finds.list) == 0 || r.kind == gapRow {
		return
	}
	theme := f.theme
	if r.kind == spanRow && f.isCause(int(r.span)) {
		a.Text(0, 0, theme.Glyphs.Cause, theme.Error.With(draw.Bold))
		return
	}
	if r.kind != hiddenRow {
		if m, ok := f.finds.on(int(r.span)); ok {
			glyph, ink := views.LevelGlyph(m.level, theme)
			switch {
			case int(m.finding) != f.finds.at:
				ink = theme.Dim
			case m.role == rule.RoleCause:
				glyph = theme.Glyphs.Cause
			case m.role != rule.RoleParent && f.finds.current().Anchor != int(r.span):
				glyph = theme.Glyphs.Offender
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
		glyph, _ := views.LevelGlyph(loudest, theme)
		a.Text(0, 0, glyph, theme.Dim)
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
		words = append(words, "starts before parent")
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
	text := f.theme.Glyphs.Ellipsis + " " + draw.Amount(f.rows.spansIn(int(r.span), int(r.end)), "span") + " hidden"
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
	text := dots + " gap " + took + " (uninstrumented) " + dots
	if x+draw.Width(text) > names.W() {
		text = dots + " gap " + took
	}
	names.TextEllipsis(x, 0, max(names.W()-x, 0), text, f.theme.Dim)
	if f.scale.Contains(g.From, g.To) {
		for c := f.scale.Cell(g.From); c <= f.scale.Cell(g.To-1); c++ {
			bars.Text(c, 0, dot, f.theme.Dim)
		}
	}
	durs.TextRight(0, 0, durs.W(), f.aligned(g.To-g.From), f.theme.Dim)
}
