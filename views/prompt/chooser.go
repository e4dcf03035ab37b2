package prompt

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
)

// Chooser is a line in which one of many texts is chosen by typing some of it, and below it the best matches.
type Chooser struct {
	Search
	list  []string
	found []string
	row   int
}

// mostChoices is how many texts are offered at once.
const mostChoices = 8

// NewChooser begins to type; list is what can be chosen.
func NewChooser(list []string) Chooser {
	c := Chooser{Search: Search{On: true}, list: list}
	c.find()
	return c
}

// find finds the texts that match what was typed.
func (c *Chooser) find() {
	ranking := Rank(len(c.list), func(i int) Choice { return Choice{Text: c.list[i]} })
	hits, _ := ranking.Find(c.Input.Text(), func(uint8) bool { return true })
	c.found, c.row = nil, 0
	for _, h := range hits[:min(len(hits), mostChoices)] {
		c.found = append(c.found, c.list[h.Item])
	}
}

// Take takes a key. It returns the text that was chosen with it, "" for none: the one that is marked, or what was typed
// where nothing matches.
func (c *Chooser) Take(key tea.KeyPressMsg) (chosen string) {
	switch was, step := c.Key(key); was {
	case TypedDone:
		if c.row < len(c.found) {
			return c.found[c.row]
		}
		return c.Input.Text()
	case TypedOther:
		c.row = max(min(c.row+step, len(c.found)-1), 0)
	case TypedText:
		c.find()
	case TypedBack, TypedNothing:
	}
	return ""
}

// Draw draws the line and the matches; chosen are those that were chosen before. Where nothing matches stands what that
// means.
func (c *Chooser) Draw(a draw.Area, env *views.Env, placeholder, nothing string, chosen func(text string) bool) {
	theme := env.Theme
	line, rest := a.Top(1)
	c.Search.Draw(line, env, placeholder, "", theme.Dim, -1)
	if len(c.found) == 0 {
		rest.TextEllipsis(3, 0, rest.W()-4, nothing, theme.Dim)
		return
	}
	for y, text := range c.found {
		row := rest.Row(y)
		x := 3
		if chosen != nil { // the names stand below each other, chosen or not
			if chosen(text) {
				row.Text(x, 0, theme.Glyphs.OK, theme.Accent)
			}
			x += 2
		}
		row.TextEllipsis(x, 0, row.W()-x-1, env.Masked(text), theme.Text)
		if y == c.row {
			row.Mark(0, 0, theme.Glyphs.Selection, theme.Accent)
			theme.Select(row)
		}
	}
}
