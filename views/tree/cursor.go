package tree

import "tracefall/views"

// Cursor is a cursor in a column of rows, and which of them are on screen. The zero value has no rows.
type Cursor struct {
	Of     interface{ Len() int } // the rows
	Row    int
	Top    int  // first row on screen
	page   int  // rows on screen in the last frame
	settle bool // the cursor came from afar: the next frame shows what is around it
}

// lookAround is the part of the screen above the cursor after a jump: a third.
const lookAround = 3

// Len returns how many rows there are.
func (c *Cursor) Len() int {
	if c.Of == nil {
		return 0
	}
	return c.Of.Len()
}

// Page returns how many rows are on screen.
func (c *Cursor) Page() int { return max(c.page, 1) }

// Fit takes the rows that a frame has room for.
func (c *Cursor) Fit(page int) {
	c.page = page
	c.Follow()
	c.settle = false
}

// Follow scrolls as little as is needed to have the cursor on the screen.
func (c *Cursor) Follow() {
	n, page := c.Len(), c.Page()
	c.Row = min(max(c.Row, 0), max(n-1, 0))
	if c.settle {
		c.Top = c.Row - page/lookAround
	}
	c.Top = min(max(c.Top, c.Row-page+1), c.Row)
	c.Top = max(min(c.Top, n-page), 0)
}

// To puts the cursor on a row.
func (c *Cursor) To(row int) {
	c.Row, c.settle = row, false
	c.Follow()
}

// Reach puts the cursor on a row that may be far away: then with what is around it.
func (c *Cursor) Reach(row int) {
	c.Row = row
	c.settle = c.settle || row < c.Top || row >= c.Top+c.Page()
	c.Follow()
}

// Settle shows what is around the cursor.
func (c *Cursor) Settle() {
	c.settle = true
	c.Follow()
}

// Move carries out a command that moves by rows. By pages cursor and screen move together, so that the eye keeps its
// place.
func (c *Cursor) Move(command views.Command) {
	by, window := views.Step(command, c.Row, c.Len(), max(c.Page()-1, 1), max(c.Page()/2, 1))
	if window {
		c.Top += by
	}
	c.To(c.Row + by)
}

// Wheel scrolls the screen; the cursor stays on it.
func (c *Cursor) Wheel(rows int) {
	c.Top = max(min(c.Top+rows, c.Len()-c.Page()), 0)
	c.To(min(max(c.Row, c.Top), c.Top+c.Page()-1))
}
