package views

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/views/draw"
	"tracefall/views/style"
)

// HelpGroup is a titled part of the help.
type HelpGroup struct {
	Title string
	Items []HelpItem
}

// HelpItem is a line of the help.
type HelpItem struct {
	Keys, Text string
	Disabled   string // why it cannot be done now, "" when it can
}

// Help is the screen of all keys and signs. Its text comes from the command table; it adds the legend of the theme.
type Help struct {
	groups []HelpGroup
	input  Input
	typing bool
	before string // the filter before typing began

	lines  []helpLine
	width  int // for which lines were made
	legend string
	total  int // items there are, and those that pass the filter
	passed int

	scroller
}

// helpLine is a line of the page: one cell for each column.
type helpLine []helpCell

// helpCell is a title, an item, a sign of the legend or nothing.
type helpCell struct {
	title      string
	keys, text string
	disabled   string
	ink        draw.Ink // of the keys
}

const (
	helpColumn = 52 // cells that a column takes at least
	helpKeys   = 14 // cells for the keys
)

// SetGroups gives the help its text.
func (h *Help) SetGroups(groups []HelpGroup) {
	h.groups, h.width = groups, 0
}

// legendOf explains the glyphs of a theme, each in its ink.
func legendOf(theme *style.Theme) []helpCell {
	g := theme.Glyphs
	sign := func(glyph string, ink draw.Ink, text string) helpCell {
		return helpCell{keys: glyph, text: text, ink: ink}
	}
	return []helpCell{
		sign(g.Error, theme.Error, "the span failed"),
		sign(g.Critical, theme.Error, "a critical or high finding"),
		sign(g.Warning, theme.Warn, "a medium or low finding"),
		sign(g.Info, theme.Info, "worth knowing"),
		sign(g.Folded+" "+g.Open, theme.Text, "folded, unfolded"),
		sign("━━", theme.CriticalPath, "on the critical path"),
		sign("──", theme.Text, "off the critical path"),
		sign("┅┅", theme.Text, "a group of repeats"),
		sign("╱╱", theme.Hatch, "missing here"),
		sign(g.Instant, theme.Text, "a moment without duration"),
		sign(g.Left+" "+g.Right, theme.Text, "outside the window, before or after"),
		sign(g.Ellipsis, theme.Dim, "cut off; before a root: parent missing"),
		sign(g.Selection, theme.Accent, "the row of the cursor"),
		sign("␛ ␊ \ufffd", theme.Text, "a control character, made visible"),
	}
}

// build lays the text out for a width.
func (h *Help) build(width int, theme *style.Theme) {
	legend := theme.Name
	if h.width == width && h.legend == legend {
		return
	}
	h.width, h.legend = width, legend
	filter := strings.Fields(lowerASCII(h.input.Text()))
	h.total, h.passed = 0, 0
	var blocks [][]helpCell
	add := func(title string, cells []helpCell) {
		block := []helpCell{{title: title}}
		for _, c := range cells {
			h.total++
			if c.passes(title, filter) {
				h.passed++
				block = append(block, c)
			}
		}
		if len(block) > 1 {
			blocks = append(blocks, append(block, helpCell{}))
		}
	}
	for _, group := range h.groups {
		cells := make([]helpCell, len(group.Items))
		for i, item := range group.Items {
			cells[i] = helpCell{keys: item.Keys, text: item.Text, disabled: item.Disabled, ink: theme.KeyHint}
		}
		add(group.Title, cells)
	}
	add("Signs", legendOf(theme))
	h.lines = flow(blocks, max(width/helpColumn, 1))
}

// passes tells whether all words of the filter occur in a line.
func (c helpCell) passes(title string, words []string) bool {
	text := lowerASCII(title + " " + c.keys + " " + c.text)
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// flow distributes blocks over columns of about the same height, in order, none torn apart.
func flow(blocks [][]helpCell, columns int) []helpLine {
	height := 0 // the least height at which the blocks fit into so many columns
	for _, b := range blocks {
		height = max(height, len(b))
	}
	for ; columnsAt(blocks, height) > columns; height++ {
	}
	var lines []helpLine
	column, y := 0, 0
	for _, b := range blocks {
		if y > 0 && y+len(b) > height {
			column, y = column+1, 0
		}
		for _, c := range b {
			for len(lines) <= y {
				lines = append(lines, make(helpLine, columns))
			}
			lines[y][column] = c
			y++
		}
	}
	return lines
}

// columnsAt returns how many columns of a height the blocks take.
func columnsAt(blocks [][]helpCell, height int) int {
	columns, y := 1, 0
	for _, b := range blocks {
		if y > 0 && y+len(b) > height {
			columns, y = columns+1, 0
		}
		y += len(b)
	}
	return columns
}

// Typing implements Screen.
func (h *Help) Typing() bool { return h.typing }

// Type implements Screen: the filter is typed.
func (h *Help) Type(key tea.KeyPressMsg) Action {
	switch key.Keystroke() {
	case "enter":
		h.typing = false
	case "esc", "ctrl+c", "ctrl+g":
		h.typing = false
		h.setFilter(h.before)
	case "up", "ctrl+p":
		h.Do(Up)
	case "down", "ctrl+n":
		h.Do(Down)
	default:
		if _, changed := h.input.Key(key); changed {
			h.width, h.top = 0, 0
		}
	}
	return nil
}

func (h *Help) setFilter(text string) {
	h.input.SetText(text)
	h.width, h.top = 0, 0
}

// Can implements Screen.
func (h *Help) Can(c Command) string {
	if reason, known := h.canMove(c, len(h.lines), "nothing to show"); known {
		return reason
	}
	if c == Search || c == Back {
		return ""
	}
	return NotHere
}

// Do implements Screen. The page has no cursor: moving scrolls it.
func (h *Help) Do(c Command) Action {
	if h.Can(c) != "" {
		return nil
	}
	switch c {
	case Search:
		h.typing, h.before = true, h.input.Text()
	case Back:
		if h.input.Text() == "" {
			return Leave{}
		}
		h.setFilter("")
	default:
		h.top = scrolled(c, h.top, len(h.lines), h.height)
	}
	return nil
}

// scrolled returns the first line on the screen after a command moved a page of n lines of which height show.
func scrolled(c Command, top, n, height int) int {
	page := max(height-1, 1)
	switch c {
	case Down:
		top++
	case Up:
		top--
	case PageDown:
		top += page
	case PageUp:
		top -= page
	case HalfDown:
		top += max(page/2, 1)
	case HalfUp:
		top -= max(page/2, 1)
	case Top:
		top = 0
	case Bottom:
		top = n
	}
	return max(min(top, n-height), 0)
}

// Mouse implements Screen.
func (h *Help) Mouse(m Mouse) Action {
	h.top = max(min(h.top+m.Wheel, len(h.lines)-h.height), 0)
	return nil
}

// Draw implements Screen.
func (h *Help) Draw(a draw.Area, env *Env) {
	a.Fill(draw.Ink{})
	h.build(max(a.W()-2, 0), env.Theme)
	if a.H() >= 3 || h.typing {
		var head draw.Area
		head, a = a.Top(1)
		h.drawHead(head.Inset(1, 0), env)
	}
	if a.H() >= 12 {
		_, a = a.Top(1)
	}
	h.height = a.H()
	h.top = max(min(h.top, len(h.lines)-h.height), 0)
	columns := max(h.width/helpColumn, 1)
	for y := 0; y < a.H() && h.top+y < len(h.lines); y++ {
		for k, c := range h.lines[h.top+y] {
			w := h.width / columns
			c.draw(a.Sub(1+k*w, y, w-2, 1), env)
		}
	}
	if len(h.lines) == 0 {
		a.Inset(1, 0).TextEllipsis(0, 0, a.W()-2, "nothing has "+h.input.Text()+" in it", env.Theme.Dim)
	}
	a.Scrollbar(a.W()-1, h.top, len(h.lines), env.Theme.Border, env.Theme.Scrollbar)
}

func (h *Help) drawHead(a draw.Area, env *Env) {
	title := "keys and signs"
	if h.input.Text() == "" && !h.typing {
		x := a.TextEllipsis(0, 0, a.W(), title, env.Theme.Title) + 3
		hints := []KeyHint{{env.Key(Search), "find"}, {env.Key(Back), "back"}}
		drawHints(a.Sub(x, 0, a.W()-x, 1), env, hints)
		return
	}
	counts := draw.Count(h.passed) + " of " + draw.Count(h.total)
	a, right := a.Right(draw.Width(counts) + 1)
	right.TextRight(0, 0, right.W(), counts, env.Theme.Dim)
	x := a.TextEllipsis(0, 0, a.W(), title+" with ", env.Theme.Title)
	h.input.Draw(a.Sub(x, 0, a.W()-x, 1), env, h.typing, -1)
}

// draw draws one cell of the page.
func (c helpCell) draw(a draw.Area, env *Env) {
	if c.title != "" {
		a.TextEllipsis(0, 0, a.W(), c.title, env.Theme.Header)
		return
	}
	keys := min(helpKeys, a.W()/3)
	ink, text := c.ink, env.Theme.Text
	if c.disabled != "" {
		ink, text = env.Theme.Disabled, env.Theme.Disabled
	}
	a.TextEllipsis(1, 0, keys-2, c.keys, ink)
	n := a.TextEllipsis(keys, 0, a.W()-keys, c.text, text)
	if c.disabled != "" && keys+n+3 < a.W() {
		a.TextEllipsis(keys+n+1, 0, a.W()-keys-n-1, "("+c.disabled+")", env.Theme.Dim)
	}
}

// Status implements Screen.
func (h *Help) Status(*Env) (left, right string) {
	return scrollStatus(h.top, h.height, len(h.lines)), ""
}

// scrollStatus says which of n lines are shown.
func scrollStatus(top, height, n int) string {
	if n <= height {
		return "all shown"
	}
	return "lines " + draw.Count(top+1) + "–" + draw.Count(min(top+height, n)) + " of " + draw.Count(n)
}
