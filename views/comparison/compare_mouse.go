package comparison

import "tracefall/views"

// Mouse implements Screen: a click selects a row and its side, on a fold it folds, on a cause it goes there; the
// wheel scrolls, with shift the time.
func (v *Comparison) Mouse(m views.Mouse) views.Action {
	if v.c == nil {
		return nil
	}
	l := v.drawn
	inspectY := l.h - l.inspect
	if m.Wheel != 0 {
		switch {
		case m.Shift:
			for side := range v.zoom {
				v.zoom[side].Pan(m.Wheel, v.whole(views.Side(side)))
			}
		case l.inspect > 0 && m.Y >= inspectY:
			v.load()
			v.inspect.Wheel(m.Wheel, len(v.inspect.lines))
		case l.why > 0 && m.Y >= l.whyY() && m.Y < l.whyY()+l.why:
			v.why.Wheel(m.Wheel, len(v.why.entries))
		default:
			v.Wheel(m.Wheel)
		}
		return nil
	}
	if m.X < 0 || m.X >= l.w || m.Y < 0 || m.Y >= l.h {
		return nil
	}
	switch {
	case m.Y >= l.whyY() && m.Y < l.whyY()+l.why:
		v.clickCause(m.Y - l.whyY())
		return nil
	case l.inspect > 0 && m.Y > inspectY:
		v.load()
		v.pane = paneInspect
		v.inspect.Row = v.inspect.Top + m.Y - inspectY - 1
		v.inspect.Clamp(len(v.inspect.lines))
		return nil
	}
	row := v.top + m.Y - l.bodyY()
	if m.Y < l.bodyY() || m.Y >= inspectY || row >= len(v.tree.rows) {
		return nil
	}
	return v.clickRow(m, row)
}

func (v *Comparison) clickCause(y int) {
	k := v.why.causeAt(y)
	if k >= len(v.why.entries) {
		return
	}
	v.pane, v.why.Row = paneWhy, k
	v.goTo(v.why.entries[k].node)
}

func (v *Comparison) clickRow(m views.Mouse, row int) views.Action {
	v.pane = paneRows
	v.moveTo(row)
	x := m.X - v.drawn.side[views.Good].x
	if !v.drawn.merged {
		v.side = views.Good
		if m.X >= v.drawn.delta.x+v.drawn.delta.w/2 {
			v.side = views.Bad
			x = m.X - v.drawn.side[views.Bad].x
		}
	}
	if m.Double {
		return v.enter()
	}
	r := v.tree.rows[row]
	level := min(max(int(r.indent)-v.shift, 0), v.levels()) * v.indentWidth()
	if v.tree.canOpen(r) && x >= level && x <= level+1 {
		v.tree.setOpen(r, !v.tree.isOpen(r))
		v.rebuild()
	}
	return nil
}

// Wheel scrolls the rows; the cursor stays on the screen.
func (v *Comparison) Wheel(rows int) {
	v.settle = false
	v.top = max(min(v.top+rows, len(v.tree.rows)-v.page), 0)
	v.cursor = min(max(v.cursor, v.top), v.top+v.page-1)
	v.follow()
}
