package waterfall

import (
	"cmp"
	"strconv"
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// heading draws what stands above the columns: the line above the tabs and the finding's.
type heading struct{ *frame }

// head draws the line above the tabs: what the trace is, and at the right what needs care.
func (f heading) head(a draw.Area) {
	care := f.care(a.W() * 2 / 5)
	x := a.W() - 1
	for k := len(care) - 1; k >= 0; k-- {
		x -= draw.Width(care[k].Text)
		a.Text(x, 0, care[k].Text, care[k].Ink)
		if k > 0 {
			x -= draw.Width(draw.SegmentGap)
			a.Text(x, 0, draw.SegmentGap, f.theme.Dim)
		}
	}
	if len(care) > 0 {
		a = a.Sub(0, 0, max(x-1, 0), 1)
	}
	tree.DrawTitle(a, f.rootName(), max(a.W()/3, 8), "   ", f.segments(a.W()), f.theme)
}

// rootName names the trace by the operation of its root.
func (f heading) rootName() string {
	root := f.rows.t.Root()
	if f.facts == nil {
		return views.RootLabel(f.rows.t)
	}
	return views.CallLabel(f.facts, root.Index())
}

// plainID is how long a trace id is at least that is known as one.
const plainID = 8

// segments are the facts of a title of some cells.
func (f heading) segments(width int) []tree.Segment {
	theme, t, clock := f.theme, f.rows.t, f.env.Clock
	times := f.rows.times
	start := clock.Time(times.from)
	if times.from == 0 {
		start = "time " + views.Unknown
	} else if width >= 100 {
		start = clock.DateTime(times.from)
	}
	if zone := clock.ZoneName(times.from); zone != "" {
		start += " " + zone
	}
	took := draw.Duration(times.to - times.from)
	if t.Untimed() {
		took = "duration " + views.Unknown
	}
	list := []tree.Segment{
		{Text: draw.Clean(secrets.ServiceName(t.Root())), Ink: theme.Service(t.Root().Service()), Rank: 80},
		{Text: took, Ink: theme.Strong, Rank: 100},
		{Text: draw.Amount(t.SpanCount(), "span"), Ink: theme.Text, Rank: 60},
		{Text: draw.Amount(t.Services(), "service"), Ink: theme.Text, Rank: 40},
	}
	if t.Errors() > 0 {
		list = append(list, tree.Segment{Text: theme.Glyphs.Error + " " + draw.Count(t.Errors()), Ink: theme.Error, Rank: 91})
	}
	id := views.ShortID(t.ID())
	if len(id) < plainID {
		id = "trace " + id // a number alone could be a number of anything
	}
	return append(list, tree.Segment{Text: start, Ink: theme.Text, Rank: 70}, tree.Segment{Text: id, Ink: theme.Dim, Rank: 30})
}

// care lists what needs care, the gravest last, as far as it has room in some cells; the gravest is there in any case.
func (f heading) care(room int) []tree.Badge {
	t, q, times := f.rows.t, f.rows.t.Quality(), f.rows.times
	var list []tree.Badge // the gravest first
	used := 0
	add := func(has bool, ink draw.Ink, text string) {
		if !has || len(list) > 0 && used+draw.Width(draw.SegmentGap+text) > room {
			return
		}
		used += draw.Width(draw.SegmentGap + text)
		list = append([]tree.Badge{{Text: text, Ink: ink}}, list...)
	}
	warn, warning := f.theme.Warn, f.theme.Glyphs.Warning+" "
	add(q.Truncated, warn, warning+"truncated: spans may be missing")
	add(f.grows, warn, "may still grow"+f.hint(views.Refresh))
	add(times.shift != nil, warn, warning+clocksAdjusted)
	add(f.skewed, warn, warning+"clock skew"+f.hint(views.ClockOffsets))
	add(q.Partial, warn, warning+views.Partial)
	add(!q.Truncated && t.Set().Truncated(t.Root().Input()), warn, warning+"file truncated")
	add(t.First() == 1, warn, warning+f.rows.index.rootsText())
	add(f.env.Masks(), f.theme.Dim, views.MaskedState)
	return list
}

// drawBanner draws the finding that is walked to, and that a clock is off: what is wrong, where, how much it cost.
func (f heading) drawBanner(a draw.Area) {
	if a.Empty() {
		return
	}
	theme, found := f.theme, f.finds.current()
	room := a.W() - 1
	if right := f.bannerEnd(a.W()); right != "" {
		a.TextRight(0, 0, room, right, theme.Dim)
		room -= draw.Width(right) + 2
	}
	if found == nil {
		x := 1 + a.Text(1, 0, theme.Glyphs.Warning+" ", theme.Warn)
		a.TextEllipsis(x, 0, room-x, f.skewText(), theme.Strong)
		return
	}
	glyph, ink := views.LevelGlyph(views.LevelOf(found.Severity), theme)
	x := 1 + a.Text(1, 0, glyph, ink) + 1
	where, tail := f.where(found), ""
	if where != "" {
		where = draw.SegmentGap + where
	}
	service, _, _ := strings.Cut(strings.TrimPrefix(where, draw.SegmentGap), " ")
	place := min(draw.Width(where), draw.Width(draw.SegmentGap+service)+leastWhere) // the least of it that says something
	if found.Numbers.Avoidable > 0 {                                                // in few words where the place has no room beside it
		traces := f.finds.traces[f.finds.at]
		texts, title := avoidable(found, traces), draw.Width(found.Title)
		if tail = draw.FirstFitting(room-x-title-draw.Width(where), texts...); tail == "" {
			switch {
			case title > room-x: // it is cut in any case
				title = leastTitle
			case traces > 1 || draw.Duration(found.Took) == draw.Duration(found.Numbers.Avoidable):
				title += place // tells more than the cost of other traces, or what the title says already
			}
			tail = draw.FirstFitting(room-x-title, texts[len(texts)-1])
		}
	}
	left := max(room-x-draw.Width(tail), 0)
	n := a.TextEllipsis(x, 0, left, views.Title(found.Title, left), theme.Strong)
	if where != "" && left-n >= place {
		n += a.TextEllipsis(x+n, 0, left-n, where, theme.Text)
	}
	n += a.Text(x+n, 0, tail, theme.Strong)
	message := strings.TrimSuffix(f.env.Masked(found.Message), ".")
	if rest := room - x - n - draw.Width(draw.SegmentGap); message != "" && rest >= min(draw.Width(message), leastSentence) {
		n += a.Text(x+n, 0, draw.SegmentGap, theme.Dim)
		a.TextEllipsis(x+n, 0, rest, message, theme.Dim)
	}
}

// How many cells of what a finding is about, behind its service, of its title and of its sentence are shown at least, where they
// are: the beginning of a sentence often says the title again.
const (
	leastWhere    = 8
	leastTitle    = 24
	leastSentence = 48
)

// avoidable says how much time a finding calls avoidable, in more words and in fewer, and in how many traces where it is more
// than one: then it can be more than this one took.
func avoidable(found *rule.Finding, traces int) []string {
	took, in, of := draw.SegmentGap+draw.Duration(found.Numbers.Avoidable), "", " of the critical path"
	if traces > 1 {
		in, of = " in "+draw.Amount(traces, "trace"), " of their critical paths"
	}
	texts := []string{took + " avoidable" + in}
	if share := views.ShareText(found); share != "" {
		texts = []string{texts[0] + ", " + share + of, texts[0]}
	}
	return texts
}

// where is what a finding is about, in the words of all lists of findings, without what its title names already.
func (f heading) where(found *rule.Finding) string {
	text := cmp.Or(found.Where, secrets.Masked(found.Service))
	if text == "" || strings.Contains(found.Title, text) {
		return ""
	}
	return draw.Clean(text)
}

// bannerEnd is what of bannerRight has room in a line.
func (f heading) bannerEnd(width int) string {
	found := f.finds.current()
	right := f.bannerRight(found, true)
	if found != nil && draw.Width(found.Title)+draw.Width(right)+leastTitle > width {
		right = f.bannerRight(found, false) // the head says it, too
	}
	if draw.Width(right)+leastTitle > width-1 {
		return ""
	}
	return right
}

// nextCells returns from which cell of a line on the key of the next finding stands, and to which; both are 0 where it does not.
func (f heading) nextCells(width int) [2]int {
	text := f.hintTo(views.NextFinding, "next")
	if text == "" || !strings.HasSuffix(f.bannerEnd(width), text) {
		return [2]int{}
	}
	return [2]int{width - 1 - draw.Width(text), width - 1}
}

// bannerRight is the end of the finding's line: with skew what the clocks are, which finding it is of how many, and the key of the
// next.
func (f heading) bannerRight(found *rule.Finding, skew bool) string {
	var parts []string
	if skew && f.skewed && found != nil {
		parts = append(parts, "clock skew"+f.hint(views.ClockOffsets))
	}
	if found != nil && len(f.finds.list) > 1 {
		parts = append(parts, strconv.Itoa(f.finds.at+1)+"/"+strconv.Itoa(len(f.finds.list)))
	}
	if text := f.hintTo(views.NextFinding, "next"); found != nil && text != "" {
		parts = append(parts, text)
	}
	return strings.Join(parts, draw.SegmentGap)
}

// skewText says what the clocks are, where no finding is shown.
func (f heading) skewText() string {
	text, does := clocksAdjusted, "shows times as recorded"
	if f.skewed {
		text, does = "clock skew", "corrects the times"
	}
	if n := f.rows.index.early; n > 0 {
		text += draw.SegmentGap + draw.CountNoun(n, "span starts", "spans start") + " before the parent"
	}
	if hint := f.hintTo(views.ClockOffsets, does); hint != "" {
		text += draw.SegmentGap + hint
	}
	return text
}
