package spans

import (
	"slices"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
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

// columnSpecs describes the columns that every span has, by column.
var columnSpecs = [columnAttribute]table.Spec{
	columnService:   {Title: "SERVICE", Width: 8, Most: 22, Priority: 1, Rising: true},
	columnOperation: {Title: "OPERATION", Width: 16, Rising: true},
	columnStart:     {Title: "START", Width: 12, Priority: 6, Rising: true},
	columnDuration:  {Title: "DURATION", Width: 10, Right: true},
	columnSelf:      {Title: "SELF", Width: 10, Priority: 4, Right: true},
	columnStatus:    {Title: "STATUS", Width: 6, Priority: 5},
}

// leastAttribute is how many cells an attribute takes where there is little room.
const leastAttribute = 16

// attributePriority is that of the first attribute: those that were chosen stay longer than the rest.
const attributePriority = 2

// columns are the columns of the table, and the attributes that were chosen.
type columns struct {
	table.Columns[column]
	attrs []*attribute // nil while one is being read
	keys  []string     // of them
	share int          // cells of the bars of the durations, 0 where there is no room
	dated bool         // the spans start on different days
}

// specs are the columns with those of attributes.
func (c *columns) specs() []table.Spec {
	list := slices.Clone(columnSpecs[:])
	for n, key := range c.keys {
		spec := table.Spec{Title: draw.Clean(key), Width: 8, Most: mostWidth, Priority: attributePriority + min(n, 1), Rising: true}
		if a := c.attrs[n]; a != nil {
			spec.Most, spec.Right = a.widest, a.number && len(a.values) > 0
		}
		spec.Most = max(spec.Most, draw.Width(spec.Title)+2)
		spec.Width = max(spec.Width, min(spec.Most, leastAttribute))
		list = append(list, spec)
	}
	return list
}

// Cells of the bar beside a duration.
const (
	leastShare = 8
	mostShare  = 20
)

// leastOperation is how many more cells the names of operations get before there are bars.
const leastOperation = 12

// layout places the columns into w cells.
func (c *columns) layout(w int, d *data) {
	c.Specs, c.Gap = c.specs(), 2
	if w < 110 {
		c.Gap = 1
	}
	width := func(col column) int {
		switch spec := c.Specs[col]; {
		case col == columnService:
			return max(min(d.services, spec.Most), spec.Width)
		case col == columnStatus:
			return max(d.statuses, spec.Width)
		case col == columnStart && c.dated:
			return len("01-02 15:04:05.000")
		}
		return c.Specs[col].Width
	}
	all := make([]column, len(c.Specs))
	for n := range all {
		all[n] = column(n)
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
	c.place(chosen, width, w, w-need(chosen))
}

// place puts columns into w cells, of which some are left: for what attributes need, then for the bars, then for the names
// of operations.
func (c *columns) place(chosen []column, width func(column) int, w, left int) {
	wide := map[column]int{}
	for _, col := range chosen {
		wide[col] = width(col)
		if col >= columnAttribute {
			more := max(min(c.Specs[col].Most-wide[col], left-leastOperation), 0)
			wide[col] += more
			left -= more
		}
	}
	c.share = 0
	if n := min((left-leastOperation)/2, mostShare); n >= leastShare {
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

const rowLeft = 2 // the mark of the selection, a blank

// title is what stands above a column.
func (c *columns) title(col column) string {
	if int(col) < len(c.Specs) {
		return c.Specs[col].Title
	}
	return ""
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
		case p.Column == columnOperation || p.Column >= columnAttribute:
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
		if c.dated {
			return c.env.Clock.DayTime(s.Start())
		}
		return c.env.Clock.Time(s.Start())
	case columnDuration:
		if s.Untimed() || s.Has(trace.FlagUnfinished) {
			return views.SpanDuration(s)
		}
		return draw.DurationAligned(s.Duration())
	case columnSelf:
		return draw.DurationAligned(c.d.self[n])
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
	if env.Mask == nil {
		return v.text
	}
	return v.shown // made once: to look for secrets in every cell of every frame is dear
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
