package tracelist

import (
	"slices"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// Bindings implements Screen.
func (l *List) Bindings() []views.Binding {
	list := views.Once(&l.bindings, func() []views.Binding {
		b := views.Binder{None: l.whyEmpty}
		b.Moves(func(by views.Command) {
			last := l.Row == l.length()-1
			if l.move(by); l.Row == l.length()-1 {
				l.reached(by, last)
			}
		})
		b.Bind(views.Enter, func() views.Action {
			if u := l.selectedUnread(); u != nil {
				return views.OpenUnread{ID: u.ID}
			}
			return views.OpenTrace{Trace: l.Selected(), Span: -1}
		})
		b.Quiet(views.SortNext, func() { l.SortNext(); l.update() })
		b.Quiet(views.SortFlip, func() { l.SortFlip(); l.update() })
		l.bindGroups(&b)
		id := views.Copies("trace id", func() string { return l.selectedID().String() })
		b.Bind(views.CopyTrace, id)
		b.Bind(views.CopyValue, id)
		b.Bind(views.CopyLine, views.Copies("line", l.line))
		b.None = nil
		b.Quiet(views.Search, l.Start)
		b.Bind(views.Back, l.back)
		b.Pair(views.NextError, views.PrevError, func(down bool) views.Action { return l.toNext(down, "trace with an error", l.isFailed, true) },
			views.When(func() bool { return l.mostErrors == 0 }, "no trace shown has an error"))
		b.Pair(views.NextFinding, views.PrevFinding, func(down bool) views.Action { return l.toNext(down, "trace with a finding", l.isFound, false) },
			views.When(func() bool { return l.findings.Worst == nil }, "the detectors are not done"), l.whyEmpty)
		b.Bind(views.ShowStatistics, func() views.Action { return views.OpenStatistics{} }, func() string {
			if l.set != nil {
				return ""
			}
			return l.whyEmpty()
		})
		all := views.Offers(b.List, views.MarkNote, views.CompareErrors, views.CompareSlowest, views.OtherPane, views.PanLeft, views.PanRight, views.Refresh, views.SetTimeWindow, views.LoadAll)
		return views.Footer(all, views.ShowHelp, views.Enter, views.Search, views.Refresh, views.SetTimeWindow, views.CompareGood, views.ShowFindings, views.ShowStory, views.Fold,
			views.SortNext, views.NextFinding, views.ShowStatistics, views.MarkGood, views.NextError, views.ShowPalette, views.ShowDiagnostics, views.Close)
	})
	fold := slices.IndexFunc(list, func(b views.Binding) bool { return b.Name == views.Fold })
	title := "expand"
	if l.Row < l.length() {
		if e := l.entryAt(l.Row); e.group >= 0 && l.list[e.group].open {
			title = "collapse"
		}
	}
	list[fold] = list[fold].Named(title)
	return list
}

// bindGroups adds what is done with traces that are one line.
func (l *List) bindGroups(b *views.Binder) {
	b.Quiet(views.Fold, func() { l.openHere(!l.list[l.entryAt(l.Row).group].open) }, l.whyNoGroup)
	b.Quiet(views.Left, func() {
		if l.held.group || !l.entryAt(l.Row).inside {
			l.openHere(false)
			return
		}
		l.hold()
		l.toGroup()
	}, l.whyNoGroup)
	b.Quiet(views.Right, func() {
		switch e := l.entryAt(l.Row); {
		case e.inside:
		case l.list[e.group].open:
			l.move(views.Down)
		default:
			l.openHere(true)
		}
	}, l.whyNoGroup)
	b.QuietPair(views.OpenAll, views.FoldAll, l.openAll, views.When(func() bool { return len(l.list) == 0 }, "no traces are grouped"))
	b.Bind(views.Group, func() views.Action {
		l.apart = !l.apart
		l.update()
		if l.apart {
			return views.Say{Text: "each trace on its own line"}
		}
		return views.Say{Text: "traces with the same root operation and finding on one line"}
	})
}

// whyEmpty says why there is no row, "" where there are some.
func (l *List) whyEmpty() string {
	switch {
	case l.length() > 0:
		return ""
	case l.filter != nil:
		return "no trace matches"
	case l.load.Loading:
		return "no traces yet"
	}
	return "there are no traces"
}

// back asks for all traces, then leaves.
func (l *List) back() views.Action {
	if l.filter == nil && l.Input.Text() == "" {
		return views.Leave{}
	}
	l.Line.Set("")
	return l.ask(true)
}

// toNext goes to the next line with a trace of a kind, which what names, in a direction, around the end. A closed group is
// a line with the traces in it; an open one has lines for them. Failed says that one which was not read may be of the kind.
func (l *List) toNext(down bool, what string, is func(i int) bool, failed bool) views.Action {
	was, row := l.Row, l.Next(l.length(), down, func(row int) bool { return l.lineIs(row, is, failed) })
	if row < 0 {
		return views.Say{Text: "no " + what + " is shown"}
	}
	l.Row = row
	l.Clamp(l.length())
	l.hold()
	switch {
	case row == was:
		return views.Say{Text: "the only " + what}
	case down && row < was:
		return views.Say{Text: "went on from the top"}
	case !down && row > was:
		return views.Say{Text: "went on from the bottom"}
	}
	return nil
}

// line returns what the line under the cursor says, as text.
func (l *List) line() string {
	e := l.entryAt(l.Row)
	if e.unread != nil {
		return e.unread.line(views.Clock{})
	}
	of := l.cellOf(e)
	var cells []string
	for _, c := range []Column{ColumnStart, ColumnDuration, ColumnRange, ColumnSpans, ColumnErrors, ColumnRoot, ColumnFindings, ColumnPath, ColumnTraceID} {
		if text := of.text(c, views.Clock{}); text != "" {
			cells = append(cells, text)
		}
	}
	return strings.Join(cells, "  ")
}

// Mouse implements Screen: a click selects, also in the plot; a click on a column's name sorts by it, another one
// turns the order around; a double click opens.
func (l *List) Mouse(m views.Mouse) views.Action {
	if taken, changed := l.Popup.Mouse(m, &l.Input); changed {
		return l.ask(false)
	} else if taken {
		return nil
	}
	switch y := m.Y - l.plotY; {
	case l.length() > 0 && l.ClickHead(m, l.update):
	case m.Wheel == 0 && l.plotY >= 0 && y >= 0 && y < l.plot.h && m.X >= plotLabels:
		if i, ok := l.plot.nearest(m.X-plotLabels, y); ok {
			l.Select(l.set.Trace(int(i)).ID())
		}
	case l.Click(m, l.length()):
		l.hold()
		switch {
		case m.X < listLeft && l.whyNoGroup() == "" && !l.entryAt(l.Row).inside:
			return views.Do(l.Bindings(), views.Fold)
		case m.Double:
			return views.Do(l.Bindings(), views.Enter)
		}
	case m.Wheel != 0:
		l.hold()
		if m.Wheel > 0 && l.source != nil && l.source.More && l.Top+l.Height >= l.lines {
			l.wants = WantMore
		}
	}
	return nil
}

// Status implements Screen. It is short, so that keys have room beside it: the zone of times stands in the first line.
func (l *List) Status(*views.Env) (where, counts string) {
	if why := l.whyEmpty(); why != "" {
		return why, "" // the notes stand in the place of the rows
	}
	e := l.entryAt(l.Row)
	left := "row " + draw.Count(l.Row+1) + " of " + draw.Count(l.length())
	if n := len(l.unread.rows); n > 0 {
		counts = "findings: on the screen only"
	}
	switch s := l.sumOf(e); {
	case e.unread != nil:
		left += draw.SegmentGap + views.NotRead
	case s != nil:
		left += draw.SegmentGap + "p50 " + strings.TrimSpace(l.cellOf(e).duration())
	default:
		if words := views.QualityWords(l.Selected().Quality()); len(words) > 0 {
			left += draw.SegmentGap + words[0]
		}
	}
	return left, counts
}
