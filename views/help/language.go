package help

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// Language is the page about the query language: queries and what they mean.
type Language struct {
	lines []languageLine
	width int // for which lines were made
	table.Page
	bindings []views.Binding
}

// languageLine is a line of the page: a title, or a query, what it means, or both.
type languageLine struct{ title, query, means string }

const (
	languageQuery = 52 // cells that the queries' column gets at most
	languageGap   = 2
)

// build lays the page out for a width: queries at the left, their meaning beside them, or in the next line where a
// query is too long for its column.
func (p *Language) build(width int) {
	if p.width == width && p.lines != nil {
		return
	}
	p.width, p.lines = width, nil
	left := min(languageQuery, max(width*9/20, 1))
	for i, section := range query.Help() {
		if i > 0 {
			p.lines = append(p.lines, languageLine{})
		}
		p.lines = append(p.lines, languageLine{title: section.Title})
		for _, line := range section.Lines {
			meaning := draw.WrapWords(line.Meaning, max(width-left-languageGap, 1))
			text := line.Text
			if draw.Width(text) > left {
				p.lines = append(p.lines, languageLine{query: text})
				text = ""
			}
			for _, words := range meaning {
				p.lines = append(p.lines, languageLine{query: text, means: words})
				text = ""
			}
		}
	}
}

// Bindings implements Screen. The page has no cursor: moving scrolls it.
func (p *Language) Bindings() []views.Binding {
	return views.Once(&p.bindings, func() []views.Binding {
		none := views.When(func() bool { return len(p.lines) == 0 }, "nothing to show")
		all := append(views.Moves(func(c views.Command) { p.Scroll(c, len(p.lines)) }, none), views.Bind(views.Back, views.Leaves))
		return views.Footer(all, views.Down, views.PageDown, views.Bottom, views.Back)
	})
}

// Typing implements Screen: nothing is typed here.
func (p *Language) Typing() bool { return false }

// Type implements Screen.
func (p *Language) Type(tea.KeyPressMsg) views.Action { return nil }

// Mouse implements Screen.
func (p *Language) Mouse(m views.Mouse) views.Action {
	p.Turn(m.Wheel, len(p.lines))
	return nil
}

// Draw implements Screen.
func (p *Language) Draw(a draw.Area, env *views.Env) {
	a.Fill(draw.Ink{})
	p.build(max(a.W()-3, 0)) // a blank at both sides, the scrollbar
	if a.H() >= 3 {
		var head draw.Area
		head, a = a.Top(1)
		head = head.Inset(1, 0)
		head.TextEllipsis(0, 0, head.W(), "Query language", env.Theme.Title)
	}
	if a.H() >= 12 {
		_, a = a.Top(1)
	}
	left := min(languageQuery, max(p.width*9/20, 1))
	p.DrawLines(a, len(p.lines), env, func(y, n int) {
		line, row := p.lines[n], a.Sub(1, y, p.width, 1)
		row.TextEllipsis(0, 0, row.W(), line.title, env.Theme.Header)
		row.TextEllipsis(0, 0, row.W(), line.query, env.Theme.KeyHint)
		row.TextEllipsis(left+languageGap, 0, row.W()-left-languageGap, line.means, env.Theme.Text)
	})
}

// Status implements Screen.
func (p *Language) Status(*views.Env) (left, right string) {
	return p.Shown(len(p.lines)), ""
}
