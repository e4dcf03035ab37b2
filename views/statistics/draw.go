package statistics

import (
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// statSpecs describes the columns, by statColumn.
var statSpecs = [statColumns]table.Spec{
	statName:     {Width: 16, Rising: true},
	statCount:    {Title: "COUNT", Width: 7, Priority: 1, Right: true},
	statErrors:   {Title: "ERR", Width: 6, Priority: 3, Right: true},
	statTotal:    {Title: "TOTAL", Width: 10, Priority: 5, Right: true},
	statSelf:     {Title: "SELF", Width: 10, Priority: 4, Right: true},
	statCritical: {Title: "CRITICAL", Width: 12, Priority: 1, Right: true},
	statP50:      {Title: "P50", Width: 10, Priority: 6, Right: true},
	statP95:      {Title: "P95", Width: 10, Priority: 2, Right: true},
	statP99:      {Title: "P99", Width: 10, Priority: 7, Right: true},
}

// statOrder is the order of the columns on the screen.
var statOrder = [...]statColumn{statName, statCount, statErrors, statTotal, statSelf, statCritical, statP50, statP95, statP99}

// Cells of the bar that shows a group's part of the critical path, with its percents.
const (
	shareCells = 7
	shareLeast = shareCells + 6
	shareAmple = shareCells + 20
	shareMost  = shareCells + 60
)

// Cells of a name that come before the bar, and that are shown at most.
const (
	mostName  = 60
	wholeName = 160
)

// layout places the columns: the names get what they need up to a measure, before the less important numbers, then come
// the bar and the rest of the names. The column that the rows are sorted by is always among them. What nobody needs stays
// at the right, so that the numbers stand near the names.
func (s *Statistics) layout(w int) {
	whole := max(s.longest, 20) + 1 // with the blank behind them
	names := min(whole, mostName+1)
	least := min(names, table.NameShare(w))
	left := 0 // for names and bar
	priority := func(c statColumn) int {
		if c == s.Sort {
			return 0
		}
		return statSpecs[c].Priority
	}
	width := func(chosen []statColumn) int {
		n := 0
		for _, c := range chosen {
			if c != statName {
				n += statSpecs[c].Width
			}
		}
		return n
	}
	chosen := table.DropColumns(statOrder[:], priority, func(chosen []statColumn, _ int) bool {
		left = w - width(chosen)
		return left >= least
	})
	bar := 0
	if left-whole-2 >= shareAmple { // the bar says as much with fewer cells, a name does not
		names = whole
	}
	if left >= least+shareLeast+2 {
		bar = min(max(left-names-2, shareLeast), shareMost)
	}
	names = min(max(left-bar-2*min(bar, 1), 0), whole)
	s.Placed = s.Placed[:0]
	x := statLeft
	for _, c := range chosen {
		width, blank := statSpecs[c].Width, 0
		if c == statName {
			width, blank = names, 1
		}
		s.Placed = append(s.Placed, table.Placed[statColumn]{Column: c, X: x, W: width - blank})
		x += width
	}
	s.bar, s.barW = x+2, bar
}

const statLeft = 2 // the mark of the selection, a blank

// Draw implements Screen.
func (s *Statistics) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	s.Head, s.First = -1, a.H()
	rest, y := a, 0
	take := func(least int) draw.Area {
		if a.H() < least {
			return draw.Area{}
		}
		var part draw.Area
		part, rest = rest.Top(1)
		y++
		return part
	}
	s.drawFacts(take(4), env)
	s.drawTabs(take(6), env)
	if s.chooser.On {
		s.chooser.Draw(rest, env, "attribute key", "no attribute matches; enter groups by it all the same", nil)
		return
	}
	if len(s.stats) == 0 {
		s.Fit(rest.H(), 0)
		rest.TextEllipsis(1, rest.H()/2, rest.W()-2, s.whyEmpty()+s.stillGoing(env.Theme), env.Theme.Dim)
		return
	}
	s.layout(max(a.W()-statLeft-1, 0))
	if a.H() >= 3 {
		s.Head = y
		s.drawHead(take(3), env)
	}
	s.Fit(rest.H(), len(s.stats))
	s.DrawRows(rest, y, len(s.stats), 0, env.Focused, env, func(line draw.Area, n int) { s.drawRow(line, s.stats[n], env.Theme) })
}

// stillGoing follows what is not finished.
func (s *Statistics) stillGoing(theme *style.Theme) string {
	if s.of.Set != nil && !s.ready {
		return " " + theme.Glyphs.Ellipsis
	}
	return ""
}

// drawFacts says what the groups are made of.
func (s *Statistics) drawFacts(a draw.Area, env *views.Env) {
	if a.Empty() || s.of.Set == nil {
		return
	}
	text := draw.CountNoun(s.of.Traces, "trace", "traces")
	switch {
	case s.ready:
		text = s.titleFacts()
	case s.of.Trace != nil:
		text = draw.CountNoun(s.of.Trace.SpanCount(), "span", "spans")
	}
	a.TextEllipsis(1, 0, a.W()-2, text, env.Theme.Text)
}

// titleFacts says what was counted.
func (s *Statistics) titleFacts() string {
	spans := draw.CountNoun(s.spans, "span", "spans")
	if s.of.Matching {
		spans = draw.CountNoun(s.spans, "matching span", "matching spans")
	}
	if s.of.Trace == nil {
		spans += " of " + draw.CountNoun(s.of.Traces, "trace", "traces")
	}
	return spans + " in " + draw.CountNoun(len(s.stats), "group", "groups") + draw.SegmentGap + "critical path " + s.criticalText()
}

// noTime stands in a column for a time that is not known.
const noTime = "–"

// criticalText writes the time of the critical paths, or that no span has a time.
func (s *Statistics) criticalText() string {
	if len(s.stats) > 0 && !slices.ContainsFunc(s.stats, (*facts.Stat).Timed) {
		return views.Unknown
	}
	return draw.Duration(s.critical)
}

// drawTabs draws what spans can be grouped by, the one in force marked and in sight.
func (s *Statistics) drawTabs(a draw.Area, env *views.Env) {
	if a.Empty() || s.of.Set == nil {
		return
	}
	theme, list := env.Theme, s.groupings()
	hint := ""
	if left, right := env.Key(views.Left), env.Key(views.Right); left != "" && right != "" {
		hint = left + " " + right + " choose"
	}
	if key := env.Key(views.Search); key != "" {
		hint = strings.TrimPrefix(hint+draw.SegmentGap, draw.SegmentGap) + key + " any attribute"
	}
	if n := draw.Width(hint); n+30 < a.W() {
		a.TextRight(a.W()-1-n, 0, n, hint, theme.Dim)
		a, _ = a.Right(n + 3)
	}
	a.Text(1, 0, "by", theme.Dim)
	a = a.Sub(4, 0, a.W()-4, 1)
	first, at := 0, slices.Index(list, s.by)
	for n, by := range list {
		list[n] = label(env.Masked(by))
	}
	for first < at && tabsWidth(list[first:at+1]) > a.W() {
		first++
	}
	x := 0
	if first > 0 {
		x += a.Text(0, 0, theme.Glyphs.Left+" ", theme.Dim)
	}
	for n, by := range list[first:] {
		ink := theme.Dim
		if first+n == at {
			ink = theme.Accent
		}
		if first+n != at && x+draw.Width(by) > a.W()-2 {
			a.Text(x, 0, theme.Glyphs.Right, theme.Dim)
			break
		}
		x += a.TextEllipsis(x, 0, a.W()-x, by, ink) + 2
	}
}

func tabsWidth(list []string) int {
	n := 2
	for _, by := range list {
		n += draw.Width(by) + 2
	}
	return n
}

func (s *Statistics) drawHead(a draw.Area, env *views.Env) {
	theme := env.Theme
	s.DrawNames(a, theme, func(c statColumn) string {
		if c == statName {
			if slices.Contains([]string{GroupService, GroupOperation, GroupTemplate, GroupEdge}, s.by) {
				return strings.ToUpper(label(s.by))
			}
			return label(env.Masked(s.by))
		}
		return statSpecs[c].Title
	})
	if s.barW > 0 {
		a.Text(s.bar, 0, draw.FirstFitting(s.barW, "OF THE CRITICAL PATH", "OF CRITICAL PATH", "OF CRITICAL"), theme.Header)
	}
}

// drawRow draws one group.
func (s *Statistics) drawRow(a draw.Area, stat *facts.Stat, theme *style.Theme) {
	for _, p := range s.Placed {
		s.drawCell(a, p, stat, theme)
	}
	if w := s.barW; w > 0 {
		a.TextRight(s.bar, 0, shareCells-1, draw.Percent(stat.Critical, s.critical), theme.Text)
		ink := theme.Dim
		if service := s.service(stat); service != "" {
			ink = theme.Service(service)
		}
		draw.Share(a, s.bar+shareCells, 0, w-shareCells, stat.Critical, s.critical, ink)
	}
}

// drawName draws the name of a group, its services in the colours that they have on every screen. Of a call both ends are to
// be recognised, and the one that more calls share is cut first.
func (s *Statistics) drawName(a draw.Area, stat *facts.Stat, theme *style.Theme) {
	name := s.name(stat)
	if from, to, ok := facts.Ends(name); ok && s.by == GroupEdge && !stat.Missing {
		left, right := draw.Pair(from, to, a.W()-draw.Width(facts.Arrow), s.ends[0][from] >= s.ends[1][to])
		x := a.TextEllipsis(0, 0, a.W(), left, endInk(from, theme))
		x += a.Text(x, 0, facts.Arrow, theme.Dim)
		a.TextEllipsis(x, 0, a.W()-x, right, endInk(to, theme))
		return
	}
	ink := theme.Text
	if stat.Missing {
		ink = theme.Dim
	}
	name = draw.Shorten(name, a.W())
	a.TextEllipsis(0, 0, a.W(), name, ink)
	if service := s.service(stat); service != "" {
		if first, _, _ := strings.Cut(name, " "); s.by != GroupService {
			name = first // shortened it is one word still
		}
		a.Sub(0, 0, draw.Width(name), 1).Paint(theme.Service(service))
	}
}

// endInk is the ink of an end of a call: the colour of a service; a host or a database has none.
func endInk(name string, theme *style.Theme) draw.Ink {
	if slices.Contains(theme.Services(), name) {
		return theme.Service(name)
	}
	return theme.Text
}

func (s *Statistics) drawCell(a draw.Area, p table.Placed[statColumn], stat *facts.Stat, theme *style.Theme) {
	value := p.Column.value(stat)
	switch p.Column {
	case statName:
		s.drawName(a.Sub(p.X, 0, p.W, 1), stat, theme)
	case statCount:
		a.TextRight(p.X, 0, p.W, draw.Count(int(value)), theme.Text)
	case statErrors:
		if value > 0 {
			a.TextRight(p.X, 0, p.W, draw.Count(int(value)), theme.Error)
		}
	default:
		ink := theme.Text
		if value == 0 {
			ink = theme.Dim
		}
		text := s.times.Text(value)
		if !stat.Timed() {
			text = noTime
		}
		a.TextRight(p.X, 0, p.W, text, ink)
	}
}
