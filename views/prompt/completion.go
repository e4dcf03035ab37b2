package prompt

import (
	"tracefall/sources/query"
	"tracefall/views"
	"tracefall/views/table"
)

// completion is the list of what can stand at the cursor of a query, opened while it is typed.
type completion struct {
	vocabulary *query.Vocabulary // nil while it is not known: then only the language is completed
	List       []query.Suggestion
	from, to   int  // the bytes of the text that a suggestion replaces
	inserted   bool // the selected one stands in the text
	moved      bool // somebody went to the selected one: enter takes it
	awaited    bool // there was nothing to show: words that become known may be what it waits for
	asked      bool // it was asked for then, not only typed
	Box        table.Box
	table.Scroller
}

// Open reports whether it is on the screen.
func (c *completion) Open() bool { return len(c.List) > 0 }

func (c *completion) close() {
	c.List, c.Row, c.Top, c.inserted, c.moved, c.awaited, c.asked = nil, 0, 0, false, false, false, false
}

// look looks up what fits the word at the cursor. Unless asked it stays closed where that says nothing: nothing was
// typed, any key could follow, or the word is complete.
func (c *completion) look(q *Line, asked bool) {
	c.close()
	text, at := q.Input.text, q.Input.at
	if text == "" && !asked {
		return
	}
	list := query.Complete(text, at, c.vocabulary)
	if len(list) == 0 {
		c.awaited, c.asked = true, asked
		return
	}
	from, to := list[0].From, list[0].To
	anyKey := from == at && (list[0].Kind == query.SuggestKey || list[0].Kind == query.SuggestFunction)
	complete := len(list) == 1 && list[0].Text == text[from:to]
	if complete || anyKey && !asked {
		return
	}
	c.List, c.from, c.to = list, from, to
}

// completionMoves are the keys that move in the list.
var completionMoves = map[string]int{"up": -1, "ctrl+p": -1, "shift+tab": -1, "down": 1, "ctrl+n": 1}

// step moves the cursor, around the ends by single steps.
func (c *completion) step(key string) {
	n := len(c.List)
	c.moved = true
	switch key {
	case "pgup":
		c.Move(views.PageUp, n)
	case "pgdown":
		c.Move(views.PageDown, n)
	default:
		c.Row = (c.Row + completionMoves[key] + n) % n
		c.Clamp(n)
	}
}

// insert puts the suggestion under the cursor into the text, or the next where that one stands there already. It
// reports whether the text is another one.
func (c *completion) insert(in *Input) bool {
	if in.text[c.from:c.to] == c.List[c.Row].Text {
		c.step("down")
	}
	text := c.List[c.Row].Text
	if len(in.text)-(c.to-c.from)+len(text) > MaxInput {
		return false
	}
	changed := in.text[c.from:c.to] != text
	in.text = in.text[:c.from] + text + in.text[c.to:]
	c.to = c.from + len(text)
	in.at = in.clusterEnd(c.to)
	c.inserted = true
	return changed
}

// Mouse takes a mouse event while the list is open: the wheel scrolls it, a click on a suggestion inserts it, one beside
// the list closes it. It reports whether the event was for the list, and whether the text is another one.
func (c *completion) Mouse(m views.Mouse, in *Input) (taken, changed bool) {
	if !c.Open() {
		return false, false
	}
	if !c.Box.Contains(m.X, m.Y) {
		if m.Wheel == 0 {
			c.close()
		}
		return false, false
	}
	if c.Click(m, len(c.List)) {
		if in.text[c.from:c.to] != c.List[c.Row].Text {
			changed = c.insert(in)
		}
		c.close()
	}
	return true, changed
}
