package tracelist

import (
	"cmp"
	"slices"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// cursor is the lines of the list and which of them the cursor is on. It stays on its trace, known by its id, whatever is
// loaded, sorted, filtered, grouped or opened meanwhile.
type cursor struct {
	shown
	groups
	unread unread
	table.Scroller
	held held

	reported Findings // the latest that the detectors brought, of whichever set

	marked    *trace.Trace // the baseline, nil for none
	markedRow int          // -1 where it is not shown
}

// held is where the cursor was put. The zero value says that nobody moved it: then it stays in the first row.
type held struct {
	id     trace.TraceID
	row    int  // of the trace, -1 where it is not shown
	group  bool // the cursor is on the line of the trace's group, open or not
	unread bool // the trace was not read
}

// Selected returns the trace under the cursor, nil where there is none. Of a group it is the one that the cursor was put
// on before they became one, else the gravest.
func (c *cursor) Selected() *trace.Trace {
	if row, ok := c.selectedRow(); ok {
		return c.set.Trace(int(c.rows[row]))
	}
	return nil
}

// selectedRow returns the row of the trace under the cursor.
func (c *cursor) selectedRow() (row int, ok bool) {
	if c.Row >= c.length() {
		return 0, false
	}
	e := c.entryAt(c.Row)
	if e.unread != nil {
		return 0, false
	}
	if !c.held.id.IsZero() && c.holds(e, c.held.row) {
		return c.held.row, true
	}
	return e.row, true
}

// Select puts the cursor on a trace by its id, or on its group where that is closed. It reports whether the trace is among
// the rows.
func (c *cursor) Select(id trace.TraceID) bool {
	for row, i := range c.rows {
		if c.set.Trace(int(i)).ID() == id {
			c.held = held{id: id, row: row}
			c.Row = c.lineOf(row)
			c.Clamp(c.length())
			return true
		}
	}
	line := c.unread.find(id)
	if line < 0 {
		return false
	}
	c.held = held{id: id, row: -1, unread: true}
	c.Row = line
	c.Clamp(c.length())
	return true
}

// findMarked finds the row of the baseline.
func (c *cursor) findMarked() {
	c.markedRow = -1
	if c.marked != nil && c.marked.Set() == c.set {
		c.markedRow = slices.IndexFunc(c.rows, func(i uint32) bool { return c.set.Trace(int(i)) == c.marked })
	}
}

// regroup lays the lines anew after a group was opened or closed.
func (c *cursor) regroup() {
	c.lay(len(c.rows))
	c.unread.place(&c.shown, &c.groups)
	c.follow()
}

// follow puts the cursor where its trace is now, in the same line of the screen where that is possible.
func (c *cursor) follow() {
	offset, was := c.Row-c.Top, c.held
	switch found := !c.held.id.IsZero() && c.Select(c.held.id); {
	case !found && was.unread: // read, and it does not match: those below move up
		c.Clamp(c.length())
		c.hold()
	case !found:
		c.held.row = -1 // it may come back
		c.Row, offset = 0, 0
	case was.group:
		c.toGroup()
	}
	c.Top = c.Row - offset
	c.Clamp(c.length())
}

// toGroup moves the cursor from a trace of an open group to the group's own line.
func (c *cursor) toGroup() {
	if e := c.entryAt(c.Row); e.inside {
		c.Row = c.unread.shift(int(c.list[e.group].line))
		c.Clamp(c.length())
	}
	c.held.group = true
}

// move moves the cursor.
func (c *cursor) move(by views.Command) {
	c.Move(by, c.length())
	c.hold()
}

// hold ties the cursor to the trace it is on now.
func (c *cursor) hold() {
	if c.Row >= c.length() {
		return
	}
	e := c.entryAt(c.Row)
	if e.unread != nil {
		c.held = held{id: e.unread.ID, row: -1, unread: true}
		return
	}
	c.held = held{id: c.set.Trace(int(c.rows[e.row])).ID(), row: e.row, group: e.group >= 0 && !e.inside}
}

// Hold keeps the cursor on the trace that it is on now, also where nobody put it there.
func (c *cursor) Hold() { c.hold() }

// Forget forgets what was found, before something else is opened.
func (c *cursor) Forget() { c.findings, c.reported = Findings{}, Findings{} }

// cellOf returns what a line says, in whatever column.
func (c *cursor) cellOf(e entry) cell {
	of := cell{shown: &c.shown, i: int(c.rows[e.row]), sum: c.sumOf(e), n: 1}
	switch {
	case of.sum != nil:
		of.traces = c.rows[c.list[e.group].from:c.list[e.group].to]
		of.n = len(of.traces)
	case e.inside:
		of.of = &c.sums[c.at[c.list[e.group].kind]]
	}
	return of
}

// measured is how many lines are measured at most.
const measured = 1000

// measure returns how much room the lines need, of a list that is not too long for that.
func (c *cursor) measure() (most widths) {
	if c.length() > measured {
		return widths{}
	}
	for line := range c.length() {
		e := c.entryAt(line)
		if e.unread != nil {
			most.root = max(most.root, draw.Width(e.unread.Service)+1+draw.Width(cmp.Or(e.unread.Name, views.NoName)))
			continue
		}
		of := c.cellOf(e)
		most.root = max(most.root, of.rootWidth())
		if f := c.worst(of.i); f != nil {
			most.finding = max(most.finding, findingWidth(f))
		}
	}
	return most
}

// whyNoGroup says why there is nothing to open under the cursor.
func (c *cursor) whyNoGroup() string {
	if c.Row < c.length() && c.entryAt(c.Row).group < 0 {
		return "a single trace, no group"
	}
	return ""
}

// openHere opens or closes the group that the cursor is on or in.
func (c *cursor) openHere(open bool) {
	e := c.entryAt(c.Row)
	c.hold()
	c.held.group = true
	c.setOpen(&c.shown, e.group, open)
	c.regroup()
}

// openAll opens or closes all groups.
func (c *cursor) openAll(open bool) {
	for n := range c.list {
		if c.list[n].to-c.list[n].from > 1 && c.list[n].open != open {
			c.setOpen(&c.shown, n, open)
		}
	}
	c.regroup()
}

// lineIs reports whether a trace of a line is of a kind; of one that was not read no more is known than whether it failed.
func (c *cursor) lineIs(line int, is func(i int) bool, failed bool) bool {
	e := c.entryAt(line)
	if e.unread != nil {
		return failed && e.unread.Errors > 0
	}
	if c.sumOf(e) == nil {
		return is(int(c.rows[e.row]))
	}
	g := c.list[e.group]
	return !g.open && slices.ContainsFunc(c.rows[g.from:g.to], func(i uint32) bool { return is(int(i)) })
}

// entryAt returns what stands in a line.
func (c *cursor) entryAt(line int) entry {
	row, of := c.unread.on(line)
	if row != nil {
		return entry{group: -1, row: -1, unread: row}
	}
	return c.groups.entryAt(of)
}

// lineOf returns the line of a row: its own, or that of its group while that is closed.
func (c *cursor) lineOf(row int) int { return c.unread.shift(c.groups.lineOf(row)) }

// length is how many lines the list has.
func (c *cursor) length() int { return c.lines + len(c.unread.rows) }

// selectedUnread returns the trace under the cursor where it was not read, else nil.
func (c *cursor) selectedUnread() *Unread {
	if c.Row >= c.length() {
		return nil
	}
	return c.entryAt(c.Row).unread
}

// Wanted returns the traces that are on the screen, or so many lines below, and were not read: those nearest to the cursor
// first.
func (c *cursor) Wanted(below int) []trace.TraceID {
	if c.unread.next != nil {
		return nil // what was read last is not shown yet
	}
	top := c.Top
	if c.Height == 0 {
		top = 0 // nothing was drawn yet
	}
	var lines []int
	for k, at := range c.unread.at {
		if line := at + k; line >= top && line < top+c.Height+below {
			lines = append(lines, line)
		}
	}
	slices.SortStableFunc(lines, func(a, b int) int { return cmp.Compare(max(a-c.Row, c.Row-a), max(b-c.Row, c.Row-b)) })
	ids := make([]trace.TraceID, len(lines))
	for i, line := range lines {
		ids[i] = c.entryAt(line).unread.ID
	}
	return ids
}

// selectedID returns the id of the trace under the cursor.
func (c *cursor) selectedID() trace.TraceID {
	if u := c.selectedUnread(); u != nil {
		return u.ID
	}
	return c.Selected().ID()
}
