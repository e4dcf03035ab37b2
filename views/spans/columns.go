package spans

import (
	"slices"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// column is a column of the table; from columnAttribute on they are attributes.
type column uint8

const (
	columnService column = iota
	columnOperation
	columnStart
	columnDuration
	columnSelf
	columnStatus
	columnAttribute
)

// mostAttributes is how many attributes can be chosen.
const mostAttributes = 8

// columnSpecs describes the columns that every span has, by column. Those of the highest priority go first, and before
// them the attributes that were chosen last, but for one: what is asked for stays longest.
var columnSpecs = [columnAttribute]table.Spec{
	columnService:   {Title: "SERVICE", Width: 8, Most: 22, Priority: 1, Rising: true},
	columnOperation: {Title: "OPERATION", Width: 9, Most: 40, Rising: true},
	columnStart:     {Title: "START", Width: 12, Priority: 21, Rising: true},
	columnDuration:  {Title: "DURATION", Width: 10, Right: true},
	columnSelf:      {Title: "SELF", Width: 10, Priority: 20, Right: true},
	columnStatus:    {Title: "STATUS", Width: 6, Priority: 3},
}

// Cells of columns that share the room, where there is little.
const (
	leastOperation = 24
	leastStatus    = 11
	leastAttribute = 12
)

// attributePriority is that of the first attribute on screen; the others follow those that every span has.
const attributePriority = 2

// columns are the columns of the table, and the attributes that were chosen.
type columns struct {
	table.Columns[column]
	attrs []*attribute // nil while one is being read
	keys  []string     // of them
	skip  int          // attributes to the left of those on screen
	more  int          // to the right of them
	share int          // cells of the bars of the durations, 0 where there is no room
	dates views.Dates  // that tell apart when the spans start
	times draw.Durations
}

// specs are the columns with those of attributes.
func (c *columns) specs() []table.Spec {
	list := slices.Clone(columnSpecs[:])
	for n, key := range c.keys {
		spec := table.Spec{Title: draw.Clean(key), Most: mostWidth, Priority: attributePriority, Rising: true}
		if n > c.skip {
			spec.Priority = attributePriority + 1 + n - c.skip
		}
		if a := c.attrs[n]; a != nil {
			spec.Most, spec.Right = a.widest, a.number && len(a.values) > 0
		}
		spec.Most = max(spec.Most, draw.Width(spec.Title)+2)
		spec.Width = min(spec.Most, leastAttribute)
		list = append(list, spec)
	}
	return list
}

// Cells of the bar beside a duration.
const (
	leastShare = 8
	mostShare  = 20
)

// layout places the columns into w cells. Attributes that have no room are those chosen last; they scroll into sight, and
// none is out of sight at the left where there is room for all to the right.
func (c *columns) layout(w int, d *data) {
	c.skip = max(min(c.skip, len(c.keys)-1), 0)
	c.layFrom(w, d)
	for c.skip > 0 && c.more == 0 {
		c.skip--
		if c.layFrom(w, d); c.more > 0 {
			c.skip++
			c.layFrom(w, d)
			return
		}
	}
}

// layFrom is layout with so many attributes out of sight at the left.
func (c *columns) layFrom(w int, d *data) {
	c.Specs, c.Gap = c.specs(), 2
	if w < 110 {
		c.Gap = 1
	}
	width := func(col column) int {
		spec, widest := c.Specs[col], 0
		switch {
		case col >= columnAttribute: // whose name is cut to what it has
			return spec.Width
		case col == columnService:
			widest = min(d.services, spec.Most)
		case col == columnOperation:
			widest = min(d.names, leastOperation, w*3/10)
		case col == columnStatus:
			widest = min(d.statuses, leastStatus)
		case col == columnStart:
			widest = views.DatedWidth(c.dates)
		}
		return max(widest, spec.Width, c.NameWidth(col))
	}
	all := make([]column, 0, len(c.Specs))
	for n := range c.Specs {
		if col := column(n); col < columnAttribute || n-int(columnAttribute) >= c.skip {
			all = append(all, col)
		}
	}
	need := func(chosen []column) int {
		n := c.Gap * (len(chosen) - 1)
		for _, col := range chosen {
			n += width(col)
		}
		return n
	}
	priority := func(col column) int {
		if col == c.Sort {
			return 0
		}
		return c.Specs[col].Priority
	}
	chosen := table.DropColumns(all, priority, func(chosen []column, _ int) bool { return need(chosen) <= w })
	c.more = len(c.keys) - c.skip
	for _, col := range chosen {
		if col >= columnAttribute {
			c.more--
		}
	}
	c.place(chosen, width, w, w-need(chosen), d)
}

// place puts columns into w cells, of which some are left: for operations and attributes, then for the bars, then for
// operations.
func (c *columns) place(chosen []column, width func(column) int, w, left int, d *data) {
	wide, most := map[column]int{}, map[column]int{}
	for _, col := range chosen {
		wide[col], most[col] = width(col), 0
		switch {
		case col == columnOperation:
			most[col] = min(d.names, c.Specs[col].Most)
		case col == columnStatus:
			most[col] = d.statuses
		case col >= columnAttribute:
			most[col] = c.Specs[col].Most
		}
	}
	for given := true; given && left > 0; {
		given = false
		for _, col := range chosen {
			if left > 0 && wide[col] < most[col] {
				wide[col]++
				left--
				given = true
			}
		}
	}
	c.share = 0
	if n := min(left-c.Gap, mostShare); n >= leastShare {
		c.share = n
		left -= n + c.Gap
	}
	wide[columnOperation] += max(left, 0)
	c.Placed = c.Placed[:0]
	x := rowLeft
	for _, col := range chosen {
		n := wide[col]
		if col == columnDuration && c.share > 0 {
			x += c.share + c.Gap
		}
		n = max(min(n, w+rowLeft-x), 0)
		c.Placed = append(c.Placed, table.Placed[column]{Column: col, X: x, W: n})
		x += n + c.Gap
	}
}

// beside says how many attributes lie beside those on screen, and to which side, the longest text first; nothing where
// none does.
func (c *columns) beside(theme *style.Theme) []string {
	left, right := theme.Glyphs.Left+" +", " "+theme.Glyphs.Right
	skip, more := draw.CountNoun(c.skip, "column", "columns"), "+"+draw.CountNoun(c.more, "column", "columns")
	switch {
	case c.skip > 0 && c.more > 0:
		return []string{left + skip + draw.SegmentGap + more + right, left + draw.Count(c.skip) + " +" + draw.Count(c.more) + right}
	case c.skip > 0:
		return []string{left + skip}
	case c.more > 0:
		return []string{more + right}
	}
	return nil
}

// scroll moves the attributes on screen by one.
func (c *columns) scroll(right bool) {
	switch {
	case right && c.more > 0:
		c.skip++
	case !right && c.skip > 0:
		c.skip--
	}
}

const rowLeft = 2 // the mark of the selection, a blank

// title is what stands above a column. Of the key of an attribute the end says most.
func (c *columns) title(col column, env *views.Env) string {
	at := slices.IndexFunc(c.Placed, func(p table.Placed[column]) bool { return p.Column == col })
	if at < 0 || int(col) >= len(c.Specs) {
		return ""
	}
	title, width := env.Masked(c.Specs[col].Title), c.Placed[at].W
	if col == c.Sort {
		width -= c.NameWidth(col) - draw.Width(c.Specs[col].Title) // the arrow
	}
	title, _ = draw.Ending(title, width, ".")
	return title
}

// cells draws a row of the table.
type cells struct {
	*columns
	d       *data
	longest int64 // ns
	env     *views.Env
}

// draw draws a span into a line.
func (c *cells) draw(line draw.Area, n uint32) {
	s, theme := c.d.span(n), c.env.Theme
	for _, p := range c.Placed {
		text, ink := c.text(p.Column, n, s), c.ink(p.Column, n)
		switch {
		case c.Specs[p.Column].Right:
			line.TextRight(p.X, 0, p.W, text, ink)
		case p.Column == columnOperation:
			line.TextEllipsis(p.X, 0, p.W, draw.Name(text, p.W), ink)
		case p.Column >= columnAttribute:
			line.TextMiddle(p.X, 0, p.W, text, ink)
		default:
			line.TextEllipsis(p.X, 0, p.W, text, ink)
		}
		if p.Column == columnDuration && c.share > 0 {
			draw.Share(line, p.X-c.Gap-c.share, 0, c.share, s.Duration(), c.longest, theme.Service(c.d.ops[c.d.op[n]].service))
		}
	}
}

// text is what a cell says.
func (c *cells) text(col column, n uint32, s trace.Span) string {
	op := &c.d.ops[c.d.op[n]]
	switch col {
	case columnService:
		return op.service
	case columnOperation:
		return op.name
	case columnStart:
		return c.env.Clock.DatedTime(s.Start(), c.dates)
	case columnDuration:
		switch {
		case s.Untimed():
			return views.Unknown
		case s.Has(trace.FlagUnfinished):
			return "≥ " + c.times.Text(s.Duration())
		}
		return c.times.Text(s.Duration())
	case columnSelf:
		if s.Untimed() {
			return views.Unknown
		}
		return c.times.Text(c.d.self[n])
	case columnStatus:
		return c.d.status[n].text(c.env.Theme.Glyphs.Error)
	case columnAttribute:
	}
	at := int(col - columnAttribute)
	if at >= len(c.attrs) {
		return ""
	}
	return attributeText(c.attrs[at], n, c.env)
}

// attributeText is the value that a span has for an attribute, with its secrets masked where they are to be.
func attributeText(a *attribute, n uint32, env *views.Env) string {
	if a == nil || a.of[n] < 0 {
		return ""
	}
	v := &a.values[a.of[n]]
	text := v.shown // made once: to look for secrets in every cell of every frame is dear
	if env.Mask == nil {
		text = v.text
	}
	if a.number {
		text += strings.Repeat(" ", max(a.decimals-decimals(text), 0))
	}
	return text
}

// ink is the ink of a cell.
func (c *cells) ink(col column, n uint32) draw.Ink {
	theme := c.env.Theme
	switch {
	case col == columnService:
		return theme.Service(c.d.ops[c.d.op[n]].service)
	case col == columnStatus && c.d.status[n] >= statusFailed:
		return theme.Error
	case col == columnStatus, col == columnStart, col == columnSelf && c.d.self[n] == 0:
		return theme.Dim
	}
	return theme.Text
}
