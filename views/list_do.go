package views

import (
	"strings"

	"tracefall/views/draw"
)

// Can implements Screen.
func (l *List) Can(c Command) string {
	if reason, known := l.canMove(c, len(l.rows), l.whyEmpty()); known {
		return reason
	}
	switch c {
	case Enter, CopyValue, CopyLine, CopyTrace, SortNext, SortFlip:
		if len(l.rows) == 0 {
			return l.whyEmpty()
		}
		return ""
	case NextError, PrevError:
		if l.mostErrors == 0 {
			return "no trace shown has an error"
		}
		return ""
	case NextFinding, PrevFinding:
		switch {
		case l.findings.Of == nil:
			return "the detectors are not done"
		case len(l.rows) == 0:
			return l.whyEmpty()
		}
		return ""
	case Search, Back:
		return ""
	case ShowFindings, ShowStatistics:
		if l.set == nil {
			return l.whyEmpty()
		}
		return ""
	}
	return NotHere
}

func (l *List) whyEmpty() string {
	if l.filter != nil {
		return "no trace matches"
	}
	if l.load.Loading {
		return "no traces yet"
	}
	return "there are no traces"
}

// Do implements Screen.
func (l *List) Do(c Command) Action {
	if l.Can(c) != "" {
		return nil
	}
	if l.moveBy(c) {
		return nil
	}
	switch c {
	case Enter:
		return OpenTrace{Trace: l.Selected(), Span: -1}
	case NextError:
		return l.toNext(1, "trace with an error", l.isFailed)
	case PrevError:
		return l.toNext(-1, "trace with an error", l.isFailed)
	case NextFinding:
		return l.toNext(1, "trace with a finding", l.isFound)
	case PrevFinding:
		return l.toNext(-1, "trace with a finding", l.isFound)
	case SortNext:
		l.sortNext()
	case SortFlip:
		l.SortBy(l.sort, !l.descending)
	case CopyTrace, CopyValue:
		return Copy{"trace id", l.Selected().ID().String()}
	case CopyLine:
		return Copy{"line", l.line()}
	case Search:
		l.query.start()
	case ShowFindings:
		return OpenFindings{}
	case ShowStatistics:
		return OpenStatistics{}
	case Back:
		if l.filter != nil || l.query.input.Text() != "" {
			return l.clearQuery()
		}
		return Leave{}
	}
	return nil
}

// moveBy moves the cursor; false for a command that does not.
func (l *List) moveBy(c Command) bool {
	if !l.move(c, len(l.rows)) {
		return false
	}
	l.hold()
	return true
}

// hold ties the cursor to the trace it is on now.
func (l *List) hold() {
	if t := l.Selected(); t != nil {
		l.anchor = t.ID()
	}
}

// isFailed tells whether there are errors in trace i of the set.
func (l *List) isFailed(i int) bool { return l.set.Trace(i).Errors() > 0 }

// isFound tells whether the detectors say something of trace i of the set.
func (l *List) isFound(i int) bool { return l.findings.Of(i).Text != "" }

// toNext goes to the next trace of a kind, which what names, in a direction, around the end.
func (l *List) toNext(step int, what string, is func(i int) bool) Action {
	n := len(l.rows)
	for k := 1; k <= n; k++ {
		row := ((l.row+k*step)%n + n) % n
		if !is(int(l.rows[row])) {
			continue
		}
		around := (row-l.row)*step <= 0
		l.row = row
		l.clamp(n)
		l.hold()
		switch {
		case k == n:
			return Say{"the only " + what}
		case around && step > 0:
			return Say{"went on from the top"}
		case around:
			return Say{"went on from the bottom"}
		}
		return nil
	}
	return Say{"no " + what + " is shown"}
}

// sortNext sorts by the next column that is on screen.
func (l *List) sortNext() {
	columns := l.places.columns
	if len(columns) == 0 {
		return
	}
	next := 0
	for i, c := range columns {
		if c.column == l.sort {
			next = (i + 1) % len(columns)
		}
	}
	l.sortFirst(columns[next].column)
}

// sortFirst sorts by a column in the direction one wants to see first.
func (l *List) sortFirst(c ListColumn) { l.SortBy(c, !listColumns[c].rising) }

// line returns the selected row as text.
func (l *List) line() string {
	var cells []string
	for _, c := range []ListColumn{ColumnStart, ColumnDuration, ColumnSpans, ColumnErrors, ColumnRoot, ColumnFindings, ColumnTraceID} {
		if text := l.cellText(c, int(l.rows[l.row]), Clock{}); text != "" {
			cells = append(cells, text)
		}
	}
	return strings.Join(cells, "  ")
}

// Mouse implements Screen: a click selects, also in the plot; a click on a column's name sorts by it, another one
// turns the order around; a double click opens.
func (l *List) Mouse(m Mouse) Action {
	if taken, changed := l.query.popup.mouse(m, &l.query.input); changed {
		return l.ask(false)
	} else if taken {
		return nil
	}
	p := l.places
	if m.Wheel != 0 {
		l.wheel(m.Wheel, len(l.rows))
		l.hold()
		return nil
	}
	switch {
	case len(l.rows) == 0:
	case m.Y == p.head:
		l.clickHead(m.X - p.left)
	case p.plot >= 0 && m.Y >= p.plot && m.Y < p.plot+l.plot.h && m.X >= p.plotX:
		if i, ok := l.plot.nearest(m.X-p.plotX, m.Y-p.plot); ok {
			l.Select(l.set.Trace(int(i)).ID())
		}
	case m.Y >= p.table && l.top+m.Y-p.table < len(l.rows):
		l.row = l.top + m.Y - p.table
		l.clamp(len(l.rows))
		l.hold()
		if m.Double {
			return l.Do(Enter)
		}
	}
	return nil
}

func (l *List) clickHead(x int) {
	for _, c := range l.places.columns {
		if x < c.x-1 || x > c.x+c.w {
			continue
		}
		if c.column == l.sort {
			l.SortBy(c.column, !l.descending)
		} else {
			l.sortFirst(c.column)
		}
		return
	}
}

// Status implements Screen.
func (l *List) Status(env *Env) (left, right string) {
	if len(l.rows) == 0 {
		return l.whyEmpty(), "" // the notes stand in the place of the rows
	}
	left = "trace " + draw.Count(l.row+1) + " of " + draw.Count(len(l.rows))
	if words := qualityWords(l.Selected().Quality()); len(words) > 0 {
		left += " · " + words[0]
		if len(words) > 1 {
			left += ", …"
		}
	}
	if text := farOutside(l.Selected()); text != "" {
		left += segmentGap + "spans outside the root's extent: " + text
	}
	left = strings.Join(append([]string{left}, l.query.notes.lines(env, false)...), segmentGap)
	if zone := env.Clock.ZoneName(l.Selected().Start()); zone != "" {
		right = "times in " + zone
	}
	return left, right
}
