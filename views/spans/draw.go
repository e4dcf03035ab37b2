package spans

import (
	"slices"

	"tracefall/views"
	"tracefall/views/draw"
)

// Draw implements Screen.
func (s *Spans) Draw(a draw.Area, env *views.Env) {
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
	s.drawFilter(take(4), env)
	if s.chooser.On {
		s.chooser.Draw(rest, env, "the key of an attribute", "no attribute matches", func(key string) bool { return slices.Contains(s.keys, key) })
		return
	}
	if why := s.whyEmpty(); why != "" {
		if s.data == nil && len(s.of) > 0 {
			why += " " + theme.Glyphs.Ellipsis
		}
		s.Fit(rest.H(), 0)
		rest.TextEllipsis(1, rest.H()/2, rest.W()-2, why, theme.Dim)
		return
	}
	s.dated = !env.Clock.OneDay(s.data.from, s.data.to)
	s.layout(max(a.W()-rowLeft-1, 0), s.data)
	if a.H() >= 3 {
		s.Head = y
		s.DrawNames(take(3), theme, func(col column) string { return env.Masked(s.title(col)) })
	}
	s.Fit(rest.H(), len(s.rows))
	row := cells{&s.columns, s.data, s.longest, env}
	s.DrawRows(rest, y, len(s.rows), 0, env.Focused && !s.filter.On, env, func(line draw.Area, i int) { row.draw(line, s.rows[i]) })
}

// drawFilter draws the text that rows are filtered by, and how many there are.
func (s *Spans) drawFilter(a draw.Area, env *views.Env) {
	if a.Empty() || len(s.of) == 0 {
		return
	}
	theme := env.Theme
	if count := draw.FirstFitting(a.W()-26, s.counts()...); count != "" {
		n := draw.Width(count)
		a.TextRight(a.W()-1-n, 0, n, count, theme.Dim)
		a, _ = a.Right(n + 3)
	}
	ink := theme.Dim
	if s.filter.Searching() {
		ink = theme.Prompt
	}
	a.Text(1, 0, theme.Glyphs.Prompt, ink)
	s.filter.Input.Placeholder = "filter: part of a service, an operation or a value"
	s.filter.Input.Draw(a.Sub(3, 0, a.W()-4, 1), env, s.filter.On && env.Focused, -1)
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
	if len(s.rows) < len(s.data.index) {
		all = draw.Count(len(s.rows)) + " of " + all
	}
	if n := len(s.data.traces); n > 1 {
		return []string{all + " of " + draw.Amount(n, "trace"), all}
	}
	return []string{all}
}
