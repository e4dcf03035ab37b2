package tracelist

import (
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// Can implements Screen.
func (l *List) Can(c views.Command) string {
	if reason, known := l.CanMove(c, len(l.rows), l.whyEmpty()); known {
		return reason
	}
	switch c {
	case views.Enter, views.CopyValue, views.CopyLine, views.CopyTrace, views.SortNext, views.SortFlip:
		if len(l.rows) == 0 {
			return l.whyEmpty()
		}
		return ""
	case views.NextError, views.PrevError:
		if l.mostErrors == 0 {
			return "no trace shown has an error"
		}
		return ""
	case views.NextFinding, views.PrevFinding:
		switch {
		case l.findings.Of == nil:
			return "the detectors are not done"
		case len(l.rows) == 0:
			return l.whyEmpty()
		}
		return ""
	case views.Search, views.Back:
		return ""
	case views.ShowFindings, views.ShowStatistics:
		if l.set == nil {
			return l.whyEmpty()
		}
		return ""
	}
	return views.NotHere
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
func (l *List) Do(c views.Command) views.Action {
	if l.Can(c) != "" {
		return nil
	}
	if l.moveBy(c) {
		return nil
	}
	switch c {
	case views.Enter:
		return views.OpenTrace{Trace: l.Selected(), Span: -1}
	case views.NextError:
		return l.toNext(1, "trace with an error", l.isFailed)
	case views.PrevError:
		return l.toNext(-1, "trace with an error", l.isFailed)
	case views.NextFinding:
		return l.toNext(1, "trace with a finding", l.isFound)
	case views.PrevFinding:
		return l.toNext(-1, "trace with a finding", l.isFound)
	case views.SortNext:
		l.SortNext()
	case views.SortFlip:
		l.SortBy(l.sort, !l.descending)
	case views.CopyTrace, views.CopyValue:
		return views.Copy{What: "trace id", Text: l.Selected().ID().String()}
	case views.CopyLine:
		return views.Copy{What: "line", Text: l.line()}
	case views.Search:
		l.query.Start()
	case views.ShowFindings:
		return views.OpenFindings{}
	case views.ShowStatistics:
		return views.OpenStatistics{}
	case views.Back:
		if l.filter != nil || l.query.Input.Text() != "" {
			return l.clearQuery()
		}
		return views.Leave{}
	}
	return nil
}

// moveBy moves the cursor; false for a command that does not.
func (l *List) moveBy(c views.Command) bool {
	if !l.Move(c, len(l.rows)) {
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
func (l *List) toNext(step int, what string, is func(i int) bool) views.Action {
	n := len(l.rows)
	for k := 1; k <= n; k++ {
		row := ((l.Row+k*step)%n + n) % n
		if !is(int(l.rows[row])) {
			continue
		}
		around := (row-l.Row)*step <= 0
		l.Row = row
		l.Clamp(n)
		l.hold()
		switch {
		case k == n:
			return views.Say{Text: "the only " + what}
		case around && step > 0:
			return views.Say{Text: "went on from the top"}
		case around:
			return views.Say{Text: "went on from the bottom"}
		}
		return nil
	}
	return views.Say{Text: "no " + what + " is shown"}
}

// SortNext sorts by the next column that is on screen.
func (l *List) SortNext() {
	columns := l.places.columns
	if len(columns) == 0 {
		return
	}
	next := 0
	for i, c := range columns {
		if c.Column == l.sort {
			next = (i + 1) % len(columns)
		}
	}
	l.sortFirst(columns[next].Column)
}

// sortFirst sorts by a column in the direction one wants to see first.
func (l *List) sortFirst(c Column) { l.SortBy(c, !listColumns[c].Rising) }

// line returns the selected row as text.
func (l *List) line() string {
	var cells []string
	for _, c := range []Column{ColumnStart, ColumnDuration, ColumnSpans, ColumnErrors, ColumnRoot, ColumnFindings, ColumnTraceID} {
		if text := l.cellText(c, int(l.rows[l.Row]), views.Clock{}); text != "" {
			cells = append(cells, text)
		}
	}
	return strings.Join(cells, "  ")
}

// Mouse implements Screen: a click selects, also in the plot; a click on a column's name sorts by it, another one
// turns the order around; a double click opens.
func (l *List) Mouse(m views.Mouse) views.Action {
	if taken, changed := l.query.Popup.Mouse(m, &l.query.Input); changed {
		return l.ask(false)
	} else if taken {
		return nil
	}
	p := l.places
	if m.Wheel != 0 {
		l.Wheel(m.Wheel, len(l.rows))
		l.hold()
		return nil
	}
	switch {
	case len(l.rows) == 0:
	case m.Y == p.head:
		l.ClickHead(m.X - p.left)
	case p.plot >= 0 && m.Y >= p.plot && m.Y < p.plot+l.plot.h && m.X >= p.plotX:
		if i, ok := l.plot.nearest(m.X-p.plotX, m.Y-p.plot); ok {
			l.Select(l.set.Trace(int(i)).ID())
		}
	case m.Y >= p.table && l.Top+m.Y-p.table < len(l.rows):
		l.Row = l.Top + m.Y - p.table
		l.Clamp(len(l.rows))
		l.hold()
		if m.Double {
			return l.Do(views.Enter)
		}
	}
	return nil
}

func (l *List) ClickHead(x int) {
	for _, c := range l.places.columns {
		if x < c.X-1 || x > c.X+c.W {
			continue
		}
		if c.Column == l.sort {
			l.SortBy(c.Column, !l.descending)
		} else {
			l.sortFirst(c.Column)
		}
		return
	}
}

// Status implements Screen.
func (l *List) Status(env *views.Env) (left, right string) {
	if len(l.rows) == 0 {
		return l.whyEmpty(), "" // the notes stand in the place of the rows
	}
	left = "trace " + draw.Count(l.Row+1) + " of " + draw.Count(len(l.rows))
	if words := views.QualityWords(l.Selected().Quality()); len(words) > 0 {
		left += " · " + words[0]
		if len(words) > 1 {
			left += ", …"
		}
	}
	if text := views.FarOutside(l.Selected()); text != "" {
		left += draw.SegmentGap + "spans outside the root's extent: " + text
	}
	left = strings.Join(append([]string{left}, l.query.Notes.Texts(env, false)...), draw.SegmentGap)
	if zone := env.Clock.ZoneName(l.Selected().Start()); zone != "" {
		right = "times in " + zone
	}
	return left, right
}
