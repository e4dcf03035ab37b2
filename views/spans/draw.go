package spans

import (
	"slices"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Draw implements Screen.
func (s *Spans) Draw(a draw.Area, env *views.Env) {
	s.drawTable(a, env)
	if s.On && a.H() >= queryLeast {
		s.Popup.Draw(a, &s.Line, 0, env)
	}
}

// queryLeast is the height from which on there is a line for the query.
const queryLeast = 4

func (s *Spans) drawTable(a draw.Area, env *views.Env) {
	theme := env.Theme
	a.Fill(theme.Text)
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
	query := take(queryLeast)
	why := s.whyEmpty()
	if why == "" {
		s.dates, s.times.Longest = env.Clock.Dates(s.data.from, s.data.to), s.longest
		s.layout(max(a.W()-rowLeft-1, 0), s.data)
	}
	s.drawQuery(query, env)
	if s.chooser.On {
		s.chooser.Draw(rest, env, "attribute key", "no attribute matches", func(key string) bool { return slices.Contains(s.keys, key) })
		return
	}
	if why != "" {
		if s.data == nil && len(s.of) > 0 {
			why += " " + theme.Glyphs.Ellipsis
		}
		s.Fit(rest.H(), 0)
		rest.TextEllipsis(1, rest.H()/2, rest.W()-2, why, theme.Dim)
		return
	}
	if a.H() >= 3 {
		s.Head = y
		s.DrawNames(take(3), theme, func(col column) string { return s.title(col, env) })
	}
	s.Fit(rest.H(), len(s.rows))
	row := cells{&s.columns, s.data, s.longest, env}
	s.DrawRows(rest, y, len(s.rows), 0, env.Focused && !s.On, env, func(line draw.Area, i int) { row.draw(line, s.rows[i]) })
}

// drawQuery draws the query and how many spans there are.
func (s *Spans) drawQuery(a draw.Area, env *views.Env) {
	if a.Empty() || len(s.of) == 0 {
		return
	}
	s.Line.Draw(a.Inset(1, 0), 1, 0, env, "duration>100ms error=true", draw.FirstFitting(a.W()-26, s.facts(env.Theme)...))
}

// counts says how many spans there are, the longest text first.
func (s *Spans) counts() []string {
	if s.data == nil || s.rows == nil {
		return nil
	}
	all := draw.CountNoun(len(s.data.index), "span", "spans")
	if s.of[0].Matching {
		all = draw.CountNoun(len(s.data.index), "matching span", "matching spans")
	}
	switch shown := len(s.rows); {
	case s.half != nil:
		all = "0 of " + all
	case shown < len(s.data.index):
		all = draw.Count(shown) + " of " + all
	}
	if n := len(s.data.traces); n > 1 {
		return []string{all + " of " + draw.Amount(n, "trace"), all}
	}
	return []string{all}
}

// facts are the counts, and behind them the columns that are not on screen, which are told where nothing else is.
func (s *Spans) facts(theme *style.Theme) []string {
	list := s.counts()
	if beside := s.beside(theme); len(beside) > 0 {
		for n := range list {
			list[n] += draw.SegmentGap + beside[0]
		}
		list = append(list, beside...)
	}
	return list
}
