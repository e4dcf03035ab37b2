package views

import (
	"tracefall/sources/query"
)

// completion is the list of what can stand at the cursor of a query, opened while it is typed.
type completion struct {
	vocabulary *query.Vocabulary // nil while it is not known: then only the language is completed
	list       []query.Suggestion
	from, to   int  // the bytes of the text that a suggestion replaces
	inserted   bool // the selected one stands in the text
	box        boxPlaces
	scroller
}

// open tells whether it is on the screen.
func (c *completion) open() bool { return len(c.list) > 0 }

func (c *completion) close() {
	c.list, c.row, c.top, c.inserted = nil, 0, 0, false
}

// look looks up what fits the word at the cursor. Unless asked it stays closed where that says nothing: nothing was
// typed, any key could follow, or the word is complete.
func (c *completion) look(q *queryLine, asked bool) {
	c.close()
	text, at := q.input.text, q.input.at
	if text == "" && !asked {
		return
	}
	list := query.Complete(text, at, c.vocabulary)
	if len(list) == 0 {
		return
	}
	from, to := list[0].From, list[0].To
	anyKey := from == at && (list[0].Kind == query.SuggestKey || list[0].Kind == query.SuggestFunction)
	complete := len(list) == 1 && list[0].Text == text[from:to]
	if complete || anyKey && !asked {
		return
	}
	c.list, c.from, c.to = list, from, to
}

// completionMoves are the keys that move in the list.
var completionMoves = map[string]int{"up": -1, "ctrl+p": -1, "shift+tab": -1, "down": 1, "ctrl+n": 1}

// step moves the cursor, around the ends by single steps.
func (c *completion) step(key string) {
	n := len(c.list)
	switch key {
	case "pgup":
		c.move(PageUp, n)
	case "pgdown":
		c.move(PageDown, n)
	default:
		c.row = (c.row + completionMoves[key] + n) % n
		c.clamp(n)
	}
}

// insert puts the suggestion under the cursor into the text, or the next where that one stands there already. It
// tells whether the text is another one.
func (c *completion) insert(in *Input) bool {
	if in.text[c.from:c.to] == c.list[c.row].Text {
		c.step("down")
	}
	text := c.list[c.row].Text
	if len(in.text)-(c.to-c.from)+len(text) > maxInput {
		return false
	}
	changed := in.text[c.from:c.to] != text
	in.text = in.text[:c.from] + text + in.text[c.to:]
	c.to = c.from + len(text)
	in.at = in.clusterEnd(c.to)
	c.inserted = true
	return changed
}

// mouse takes a mouse event while the list is open: the wheel scrolls it, a click on a suggestion inserts it, one beside
// the list closes it. It tells whether the event was for the list, and whether the text is another one.
func (c *completion) mouse(m Mouse, in *Input) (taken, changed bool) {
	if !c.open() {
		return false, false
	}
	b := c.box
	if m.X < b.x || m.X >= b.x+b.w || m.Y < b.y || m.Y >= b.y+b.h {
		if m.Wheel == 0 {
			c.close()
		}
		return false, false
	}
	row := c.top + m.Y - b.rows
	switch {
	case m.Wheel != 0:
		c.wheel(m.Wheel, len(c.list))
	case m.Y >= b.rows && m.Y < b.rows+c.height && row < len(c.list):
		c.row = row
		if in.text[c.from:c.to] != c.list[row].Text {
			changed = c.insert(in)
		}
		c.close()
	}
	return true, changed
}
