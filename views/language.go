package views

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/views/draw"
)

// Language is the page about the query language: queries and what they mean.
type Language struct {
	lines []languageLine
	width int // for which lines were made
	scroller
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
			meaning := wrapWords(line.Meaning, max(width-left-languageGap, 1))
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

// Typing implements Screen: nothing is typed here.
func (p *Language) Typing() bool { return false }

// Type implements Screen.
func (p *Language) Type(tea.KeyPressMsg) Action { return nil }

// Can implements Screen.
func (p *Language) Can(c Command) string {
	if reason, known := p.canMove(c, len(p.lines), "nothing to show"); known {
		return reason
	}
	if c == Back {
		return ""
	}
	return NotHere
}

// Do implements Screen. The page has no cursor: moving scrolls it.
func (p *Language) Do(c Command) Action {
	if p.Can(c) != "" {
		return nil
	}
	if c == Back {
		return Leave{}
	}
	p.top = scrolled(c, p.top, len(p.lines), p.height)
	return nil
}

// Mouse implements Screen.
func (p *Language) Mouse(m Mouse) Action {
	p.top = max(min(p.top+m.Wheel, len(p.lines)-p.height), 0)
	return nil
}

// Draw implements Screen.
func (p *Language) Draw(a draw.Area, env *Env) {
	a.Fill(draw.Ink{})
	p.build(max(a.W()-3, 0)) // a blank at both sides, the scrollbar
	if a.H() >= 3 {
		var head draw.Area
		head, a = a.Top(1)
		head = head.Inset(1, 0)
		x := head.TextEllipsis(0, 0, head.W(), "query language", env.Theme.Title) + 3
		drawHints(head.Sub(x, 0, head.W()-x, 1), env, []KeyHint{{env.Key(Back), "back"}})
	}
	if a.H() >= 12 {
		_, a = a.Top(1)
	}
	p.height = a.H()
	p.top = max(min(p.top, len(p.lines)-p.height), 0)
	left := min(languageQuery, max(p.width*9/20, 1))
	for y := 0; y < a.H() && p.top+y < len(p.lines); y++ {
		line, row := p.lines[p.top+y], a.Sub(1, y, p.width, 1)
		row.TextEllipsis(0, 0, row.W(), line.title, env.Theme.Header)
		row.TextEllipsis(0, 0, row.W(), line.query, env.Theme.KeyHint)
		row.TextEllipsis(left+languageGap, 0, row.W()-left-languageGap, line.means, env.Theme.Text)
	}
	a.Scrollbar(a.W()-1, p.top, len(p.lines), env.Theme.Border, env.Theme.Scrollbar)
}

// Status implements Screen.
func (p *Language) Status(*Env) (left, right string) {
	return scrollStatus(p.top, p.height, len(p.lines)), ""
}
