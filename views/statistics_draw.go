package views

import (
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// statPlaces is where things were drawn last: what the mouse points at.
type statPlaces struct {
	head, table int
	columns     []placedStat
	bar, barW   int
}

// placedStat is a column with its place in a row.
type placedStat struct {
	column statColumn
	x, w   int
}

// statSpec is what is known about a column. Those of a high priority go first where it is narrow.
type statSpec struct {
	title    string
	width    int
	priority int
}

var statSpecs = [statColumns]statSpec{
	statName:     {"", 16, 0},
	statCount:    {"COUNT", 7, 1},
	statErrors:   {"ERR", 6, 3},
	statTotal:    {"TOTAL", 10, 5},
	statSelf:     {"SELF", 10, 4},
	statCritical: {"CRITICAL", 12, 1},
	statP50:      {"P50", 10, 6},
	statP95:      {"P95", 10, 2},
	statP99:      {"P99", 10, 7},
}

// statOrder is the order of the columns on the screen.
var statOrder = [...]statColumn{statName, statCount, statErrors, statTotal, statSelf, statCritical, statP50, statP95, statP99}

// Cells of the bar that shows a group's part of the critical path, with its percents.
const (
	shareCells = 6
	shareLeast = shareCells + 6
	shareMost  = shareCells + 30
)

// mostName is how many cells of a name are shown at most where there is room for everything.
const mostName = 48

// layout places the columns: the numbers take what they need, then the bar, and the names the rest. The column that
// the rows are sorted by is always among them.
func (s *Statistics) layout(w int) {
	names := min(max(s.longest, 20), mostName)
	bar := 0
	var chosen []statColumn
	for limit := 7; limit >= 0; limit-- {
		chosen = chosen[:0]
		left := w
		for _, c := range statOrder {
			if statSpecs[c].priority <= limit || c == s.sort {
				chosen = append(chosen, c)
				left -= statSpecs[c].width
			}
		}
		left += statSpecs[statName].width
		if room := left - min(names, 32); room > 0 || limit == 0 {
			if room >= shareLeast+2 {
				bar = min(max(left-names-2, shareLeast), shareMost)
			}
			names = max(left-bar-2*min(bar, 1), 0)
			break
		}
	}
	s.places.columns = s.places.columns[:0]
	x := 0
	for _, c := range chosen {
		width := statSpecs[c].width
		if c == statName {
			width = names
		}
		s.places.columns = append(s.places.columns, placedStat{c, x, width})
		x += width
	}
	s.places.bar, s.places.barW = x+2, bar
}

const statLeft = 2 // the mark of the selection, a blank

// Draw implements Screen.
func (s *Statistics) Draw(a draw.Area, env *Env) {
	a.Fill(env.Theme.Text)
	s.places.head, s.places.table = -1, a.H()
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
	s.drawTitle(take(4), env)
	s.drawTabs(take(6), env)
	if s.chooser.typing {
		s.drawChooser(rest, env)
		return
	}
	if len(s.stats) == 0 {
		s.fit(rest.H(), 0)
		rest.TextEllipsis(1, rest.H()/2, rest.W()-2, s.whyEmpty()+s.stillGoing(env.Theme), env.Theme.Dim)
		return
	}
	s.layout(max(a.W()-statLeft-1, 0))
	for n := range s.places.columns {
		s.places.columns[n].x += statLeft
	}
	s.places.bar += statLeft
	if a.H() >= 3 {
		s.places.head = y
		s.drawHead(take(3), env.Theme)
	}
	s.places.table = y
	s.fit(rest.H(), len(s.stats))
	for line := 0; line < rest.H() && s.top+line < len(s.stats); line++ {
		s.drawRow(rest.Row(line), s.top+line, env)
	}
	rest.Scrollbar(rest.W()-1, s.top, len(s.stats), env.Theme.Border, env.Theme.Scrollbar)
}

// stillGoing follows what is not finished.
func (s *Statistics) stillGoing(theme *style.Theme) string {
	if s.of.Set != nil && !s.ready {
		return " " + theme.Glyphs.Ellipsis
	}
	return ""
}

func (s *Statistics) drawTitle(a draw.Area, env *Env) {
	if a.Empty() || s.of.Set == nil {
		return
	}
	title, text := "all traces", countNoun(s.of.Traces, "trace", "traces")
	switch {
	case s.of.Trace != nil:
		title, text = rootText(s.of.Trace), countNoun(s.of.Trace.SpanCount(), "span", "spans")
	case s.of.Query != "":
		title = s.of.Query
	}
	if s.ready {
		text = s.titleFacts()
	}
	x := 1 + a.TextEllipsis(1, 0, a.W()/3, title, env.Theme.Title) + 2
	a.TextEllipsis(x, 0, a.W()-x-1, text, env.Theme.Text)
}

// titleFacts says what was counted.
func (s *Statistics) titleFacts() string {
	spans := countNoun(s.spans, "span", "spans")
	if s.of.Matching {
		spans = countNoun(s.spans, "matching span", "matching spans")
	}
	if s.of.Trace == nil {
		spans += " of " + countNoun(s.of.Traces, "trace", "traces")
	}
	return spans + " in " + countNoun(len(s.stats), "group", "groups") + segmentGap + "critical path " + draw.Duration(s.critical)
}

// drawTabs draws what spans can be grouped by, the one in force marked and in sight.
func (s *Statistics) drawTabs(a draw.Area, env *Env) {
	if a.Empty() || s.of.Set == nil {
		return
	}
	theme, list := env.Theme, s.groupings()
	hint := ""
	if left, right := env.Key(Left), env.Key(Right); left != "" && right != "" {
		hint = left + " " + right + " choose"
	}
	if key := env.Key(Search); key != "" {
		hint = strings.TrimPrefix(hint+segmentGap, segmentGap) + key + " any attribute"
	}
	if n := draw.Width(hint); n+30 < a.W() {
		a.TextRight(a.W()-1-n, 0, n, hint, theme.Dim)
		a, _ = a.Right(n + 3)
	}
	a.Text(1, 0, "by", theme.Dim)
	a = a.Sub(4, 0, a.W()-4, 1)
	first := 0
	for at := 0; at < len(list); at++ {
		if list[at] != s.by {
			continue
		}
		for width := tabsWidth(list[first : at+1]); first < at && width > a.W(); width = tabsWidth(list[first : at+1]) {
			first++
		}
	}
	x := 0
	if first > 0 {
		x += a.Text(0, 0, theme.Glyphs.Left+" ", theme.Dim)
	}
	for _, by := range list[first:] {
		ink := theme.Dim
		if by == s.by {
			ink = theme.Accent
		}
		if by != s.by && x+draw.Width(by) > a.W()-2 {
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

func (s *Statistics) drawHead(a draw.Area, theme *style.Theme) {
	for _, p := range s.places.columns {
		title, ink := statSpecs[p.column].title, theme.Header
		if p.column == statName {
			title = draw.Clean(s.by)
		}
		if p.column == s.sort {
			ink = theme.Accent
			arrow := theme.Glyphs.SortDown
			if s.flip != (p.column == statName) {
				arrow = theme.Glyphs.SortUp
			}
			title += " " + arrow
		}
		if p.column == statName {
			a.TextEllipsis(p.x, 0, p.w-1, title, ink)
		} else {
			a.TextRight(p.x, 0, p.w, title, ink)
		}
	}
	if s.places.barW > 0 {
		a.TextEllipsis(s.places.bar, 0, s.places.barW, "OF THE CRITICAL PATH", theme.Header)
	}
}

// drawRow draws one group.
func (s *Statistics) drawRow(a draw.Area, n int, env *Env) {
	stat, theme := s.stats[n], env.Theme
	for _, p := range s.places.columns {
		s.drawCell(a, p, stat, theme)
	}
	if w := s.places.barW; w > 0 {
		a.TextRight(s.places.bar, 0, shareCells-1, draw.Percent(stat.Critical, s.critical), theme.Text)
		a.Progress(s.places.bar+shareCells, 0, w-shareCells, stat.Critical, s.critical, theme.ProgressFull, theme.ProgressEmpty)
	}
	if n == s.row {
		a.Text(0, 0, theme.Glyphs.Selection, theme.Accent)
		if env.Focused {
			a.Paint(theme.Selected)
		}
	}
}

func (s *Statistics) drawCell(a draw.Area, p placedStat, stat *facts.Stat, theme *style.Theme) {
	value := p.column.value(stat)
	switch p.column {
	case statName:
		ink := theme.Text
		if stat.Missing {
			ink = theme.Dim
		} else if s.by == GroupService {
			ink = theme.Service(stat.Key)
		}
		a.TextEllipsis(p.x, 0, p.w-1, s.name(stat), ink)
	case statCount:
		a.TextRight(p.x, 0, p.w, draw.Count(int(value)), theme.Text)
	case statErrors:
		if value > 0 {
			a.TextRight(p.x, 0, p.w, draw.Count(int(value)), theme.Error)
		}
	default:
		ink := theme.Text
		if value == 0 {
			ink = theme.Dim
		}
		a.TextRight(p.x, 0, p.w, draw.Duration(value), ink)
	}
}

// drawChooser draws the line being typed, and the attributes that match.
func (s *Statistics) drawChooser(a draw.Area, env *Env) {
	theme, c := env.Theme, &s.chooser
	line, rest := a.Top(1)
	line.Text(1, 0, theme.Glyphs.Prompt, theme.Prompt)
	c.input.Placeholder = "the key of an attribute"
	c.input.Draw(line.Sub(3, 0, line.W()-4, 1), env, env.Focused, -1)
	if len(c.found) == 0 {
		rest.TextEllipsis(3, 0, rest.W()-4, "no attribute matches; enter groups by it all the same", theme.Dim)
		return
	}
	for y, key := range c.found {
		row := rest.Row(y)
		row.TextEllipsis(3, 0, row.W()-4, key, theme.Text)
		if y == c.row {
			row.Text(0, 0, theme.Glyphs.Selection, theme.Accent)
			row.Paint(theme.Selected)
		}
	}
}
