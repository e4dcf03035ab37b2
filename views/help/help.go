package help

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/style"
	"tracefall/views/table"
)

// Group is a titled part of the help.
type Group struct {
	Title string
	Items []Item
}

// Item is a line of the help.
type Item struct {
	Keys, Text string
	Disabled   string // why it cannot be done now, "" when it can
}

// Help is the screen of all keys and signs. Its text comes from the command table; it adds the legend of the theme.
type Help struct {
	groups []Group
	filter prompt.Search

	lines  []helpLine
	width  int // for which lines were made
	legend *style.Theme
	total  int // items there are, and those that pass the filter
	passed int

	table.Page
	bindings []views.Binding
}

// helpLine is a line of the page: one cell for each column.
type helpLine []helpCell

// helpCell is a title, an item, a sign of the legend, more of the text of the one above, or nothing.
type helpCell struct {
	title      string
	keys, text string
	disabled   string
	ink        draw.Ink // of the keys
}

const (
	helpColumn = 52 // cells that a column takes at least
	helpGap    = 2  // between two columns
	helpKeys   = 16 // for the keys
)

// SetGroups gives the help its text, which is read from the top.
func (h *Help) SetGroups(groups []Group) {
	h.groups = groups
	h.again()
}

// legendPart is a titled part of the legend.
type legendPart struct {
	title string
	signs []helpCell
}

// legendOf explains the signs that the screens draw, each in its ink, by where they are seen.
func legendOf(theme *style.Theme) []legendPart {
	g := theme.Glyphs
	sign := func(glyph string, ink draw.Ink, text string) helpCell {
		return helpCell{keys: glyph, text: text, ink: ink}
	}
	return []legendPart{
		{"Symbols before a row", []helpCell{
			sign(g.Cause, theme.Error, "root-cause error"),
			sign(g.Critical, theme.Error, "critical or high finding"),
			sign(g.Warning, theme.Warn, "medium or low finding; data warning"),
			sign(g.Info, theme.Info, "info finding; note"),
			sign("━", theme.Dim, "where most time went (no finding)"),
			sign(g.Offender, theme.Accent, "affected span of the finding shown"),
			sign(g.Parent, theme.Accent, "parent of the affected spans (in findings)"),
			sign(g.Write, theme.Accent, "conflicting write (in findings)"),
			sign(g.Baseline, theme.Accent, "baseline trace; normal call (in findings)"),
			sign(g.Folded+" "+g.Open, theme.Text, "collapsed, expanded"),
			sign(g.Selection, theme.Accent, "selected row, current tab"),
		}},
		{"Symbols in bars", []helpCell{
			sign("━━", theme.Text, "self time (c: critical path)"),
			sign("──", theme.Text, "waiting for calls"),
			sign("┅┅", theme.Text, "group of calls"),
			sign(g.Hatch+g.Hatch, theme.Hatch, "avoidable time of the finding shown"),
			sign(g.Instant, theme.Text, "zero-duration span"),
			sign(g.Left+" "+g.Right, theme.Text, "outside the time window: before, after"),
			sign(g.Error, theme.Error, "error"),
			sign(g.Log+" "+g.Event, theme.Dim, "log line, span event (red: error)"),
			sign("┊", theme.Dim, "tick of the time axis"),
		}},
		{"Symbols beside a name", []helpCell{
			sign(g.Times+"20", theme.Strong, "20 equal calls, traces or findings"),
			sign("1/5", theme.Dim, "first of 5 calls of the finding shown"),
			sign("3"+g.Error+"+2", theme.Error, "3 calls of a group failed, 2 more errors beneath"),
			sign("+3"+g.Error, theme.Error, "3 errors in collapsed rows"),
			sign("+1"+g.Warning, theme.Warn, "1 warning in collapsed rows"),
			sign(g.Mark, theme.Accent, "matches the query"),
			sign(g.Sum, theme.Text, "total of several calls"),
			sign(g.Note, theme.Text, "note"),
			sign(g.Ellipsis, theme.Dim, "text cut off; before a root span: parent not in file"),
		}},
		{"Symbols in a comparison", []helpCell{
			sign("━━", theme.Text, "bad"),
			sign("──", theme.Dim, "baseline"),
			sign("┿", theme.Strong, "end of the baseline within the bar of bad"),
			sign("╌╌", theme.Hatch, "missing in this trace"),
			sign(g.Changed, theme.Changed, "attributes, status or events differ"),
			sign(g.Added+" "+g.Removed+" ≈", theme.Changed, "in bad only, in baseline only, renamed"),
			sign(g.Swap, theme.Text, "baseline compared with bad"),
			sign(g.Delta, theme.Text, "difference"),
		}},
		{"Symbols in lists, map and checks", []helpCell{
			sign(g.Point, theme.Text, "trace in the chart (denser: more traces)"),
			sign(g.Link, theme.Link, "call from one service to another; link to another span"),
			sign(g.Right, theme.Text, "call in the map"),
			sign(g.Right+" "+g.Error, theme.Error, "failing call in the map"),
			sign("┌ ╭ ╌", theme.Text, "in the map: service, dependency, only in baseline"),
			sign(g.SortUp+" "+g.SortDown, theme.Accent, "sorted ascending, descending"),
			sign(g.OK, theme.OK, "success; confirmed check"),
			sign("– ?", theme.Dim, "check not confirmed, not visible in this data"),
			sign("␛ ␊ \ufffd", theme.Text, "control character, made visible"),
		}},
	}
}

// build lays the text out for a width.
func (h *Help) build(width int, theme *style.Theme) {
	if h.width == width && h.legend == theme {
		return
	}
	h.width, h.legend = width, theme
	words := strings.Fields(prompt.LowerASCII(h.filter.Input.Text()))
	h.total, h.passed = 0, 0
	columns := max(width/helpColumn, 1)
	var blocks [][]helpCell
	add := func(title string, cells []helpCell) {
		block := []helpCell{{title: title}}
		for _, c := range cells {
			h.total++
			if c.passes(title, words) {
				h.passed++
				block = append(block, c.wrapped(width/columns-helpGap)...)
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
	for _, part := range legendOf(theme) {
		add(part.title, part.signs)
	}
	h.lines = flow(blocks, columns)
}

// wrapped returns the lines of an item in a column of a width: no word of it is cut. Why it cannot be done follows it.
func (c helpCell) wrapped(width int) []helpCell {
	text := c.text
	if c.disabled != "" {
		text += " (" + c.disabled + ")"
	}
	lines := draw.WrapWords(text, max(width-keysWidth(width), 1))
	cells := make([]helpCell, len(lines))
	for n, line := range lines {
		cells[n] = helpCell{text: line, disabled: c.disabled}
	}
	cells[0].keys, cells[0].ink = c.keys, c.ink
	return cells
}

// keysWidth is how many cells the keys get in a column of a width.
func keysWidth(width int) int { return min(helpKeys, width/3) }

// passes reports whether all words of the filter occur in a line.
func (c helpCell) passes(title string, words []string) bool {
	text := prompt.LowerASCII(title + " " + c.keys + " " + c.text)
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

// Bindings implements Screen. The page has no cursor: moving scrolls it.
func (h *Help) Bindings() []views.Binding {
	return views.Once(&h.bindings, func() []views.Binding {
		none := views.When(func() bool { return len(h.lines) == 0 }, "nothing to show")
		all := append(views.Moves(h.move, none), views.Bind(views.Search, views.Quiet(h.search)), views.Bind(views.Back, h.back))
		return views.Footer(all, views.Search, views.Down, views.PageDown, views.QueryHelp, views.Back)
	})
}

func (h *Help) move(c views.Command) { h.Scroll(c, len(h.lines)) }

func (h *Help) search() { h.filter.Start(h.Top) }

func (h *Help) back() views.Action {
	if h.filter.Input.Text() == "" {
		return views.Leave{}
	}
	h.filter.Input.SetText("")
	h.again()
	return nil
}

// Typing implements Screen.
func (h *Help) Typing() bool { return h.filter.On }

// Type implements Screen: the filter is typed.
func (h *Help) Type(key tea.KeyPressMsg) views.Action {
	switch was, step := h.filter.Key(key); was {
	case prompt.TypedText, prompt.TypedBack:
		h.again()
	case prompt.TypedOther:
		h.Turn(step, len(h.lines))
	case prompt.TypedDone, prompt.TypedNothing:
	}
	return nil
}

// again lays the page out anew, from its top.
func (h *Help) again() { h.width, h.Top = 0, 0 }

// Mouse implements Screen.
func (h *Help) Mouse(m views.Mouse) views.Action {
	h.Turn(m.Wheel, len(h.lines))
	return nil
}

// Draw implements Screen.
func (h *Help) Draw(a draw.Area, env *views.Env) {
	a.Fill(draw.Ink{})
	h.build(max(a.W()-2, 0), env.Theme)
	if a.H() >= 3 || h.filter.On {
		var head draw.Area
		head, a = a.Top(1)
		h.drawHead(head.Inset(1, 0), env)
	}
	if a.H() >= 12 {
		_, a = a.Top(1)
	}
	columns := max(h.width/helpColumn, 1)
	h.DrawLines(a, len(h.lines), env, func(y, n int) {
		for k, c := range h.lines[n] {
			w := h.width / columns
			c.Draw(a.Sub(1+k*w, y, w-helpGap, 1), env)
		}
	})
	if len(h.lines) == 0 {
		a.Inset(1, 0).TextEllipsis(0, 0, a.W()-2, "nothing has "+h.filter.Input.Text()+" in it", env.Theme.Dim)
	}
}

func (h *Help) drawHead(a draw.Area, env *views.Env) {
	title := "Keys and symbols"
	if !h.filter.Searching() {
		a.TextEllipsis(0, 0, a.W(), title, env.Theme.Title)
		return
	}
	counts := h.counts()
	a, right := a.Right(draw.Width(counts) + 1)
	right.TextRight(0, 0, right.W(), counts, env.Theme.Dim)
	x := a.TextEllipsis(0, 0, a.W(), title+" with ", env.Theme.Title)
	h.filter.Input.Draw(a.Sub(x, 0, a.W()-x, 1), env, h.filter.On, -1)
}

// Draw draws one cell of the page.
func (c helpCell) Draw(a draw.Area, env *views.Env) {
	if c.title != "" {
		a.TextEllipsis(0, 0, a.W(), c.title, env.Theme.Header)
		return
	}
	keys := keysWidth(a.W())
	ink, text := c.ink, env.Theme.Text
	if c.disabled != "" {
		ink, text = env.Theme.Disabled, env.Theme.Disabled
	}
	a.TextEllipsis(1, 0, keys-2, c.keys, ink)
	a.TextEllipsis(keys, 0, a.W()-keys, c.text, text)
}

// Status implements Screen.
func (h *Help) Status(*views.Env) (left, right string) {
	if h.filter.Input.Text() != "" {
		return h.counts(), ""
	}
	return h.Shown(len(h.lines)), ""
}

// counts says how many of the items pass the filter.
func (h *Help) counts() string { return draw.Count(h.passed) + " of " + draw.Count(h.total) }
