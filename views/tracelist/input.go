package tracelist

import (
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// Bindings implements Screen.
func (l *List) Bindings() []views.Binding {
	return views.Once(&l.bindings, func() []views.Binding {
		b := views.Binder{None: l.whyEmpty}
		b.Moves(l.move)
		b.Bind(views.Enter, func() views.Action { return views.OpenTrace{Trace: l.Selected(), Span: -1} })
		l.Bind(&b, l.update)
		id := views.Copies("trace id", func() string { return l.Selected().ID().String() })
		b.Bind(views.CopyTrace, id)
		b.Bind(views.CopyValue, id)
		b.Bind(views.CopyLine, views.Copies("line", l.line))
		b.None = nil
		b.Quiet(views.Search, l.Start)
		b.Bind(views.Back, l.back)
		b.Pair(views.NextError, views.PrevError, func(down bool) views.Action { return l.toNext(down, "trace with an error", l.isFailed) },
			views.When(func() bool { return l.mostErrors == 0 }, "no trace shown has an error"))
		b.Pair(views.NextFinding, views.PrevFinding, func(down bool) views.Action { return l.toNext(down, "trace with a finding", l.isFound) },
			views.When(func() bool { return l.findings.Of == nil }, "the detectors are not done"), l.whyEmpty)
		b.Bind(views.ShowStatistics, func() views.Action { return views.OpenStatistics{} }, func() string {
			if l.set != nil {
				return ""
			}
			return l.whyEmpty()
		})
		all := views.Offers(b.List, views.MarkNote, views.CompareErrors, views.CompareSlowest, views.OtherPane)
		return views.Footer(all, views.ShowHelp, views.ShowStory, views.Enter, views.ShowFindings, views.Search, views.NextFinding,
			views.CompareGood, views.ShowStatistics, views.MarkGood, views.NextError, views.ShowPalette, views.SortNext, views.ShowDiagnostics, views.Close)
	})
}

// whyEmpty says why there is no row, "" where there are some.
func (l *List) whyEmpty() string {
	switch {
	case len(l.rows) > 0:
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

// toNext goes to the next trace of a kind, which what names, in a direction, around the end.
func (l *List) toNext(down bool, what string, is func(i int) bool) views.Action {
	n, step := len(l.rows), 1
	if !down {
		step = -1
	}
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

// line returns the selected row as text.
func (l *List) line() string {
	var cells []string
	for _, c := range []Column{ColumnStart, ColumnDuration, ColumnSpans, ColumnErrors, ColumnRoot, ColumnFindings, ColumnTraceID} {
		if text := l.text(c, int(l.rows[l.Row]), views.Clock{}); text != "" {
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
	case len(l.rows) > 0 && l.ClickHead(m, l.update):
	case m.Wheel == 0 && l.plotY >= 0 && y >= 0 && y < l.plot.h && m.X >= plotLabels:
		if i, ok := l.plot.nearest(m.X-plotLabels, y); ok {
			l.Select(l.set.Trace(int(i)).ID())
		}
	case l.Click(m, len(l.rows)):
		l.hold()
		if m.Double {
			return views.Do(l.Bindings(), views.Enter)
		}
	case m.Wheel != 0:
		l.hold()
	}
	return nil
}

// Status implements Screen.
func (l *List) Status(*views.Env) (left, right string) {
	if why := l.whyEmpty(); why != "" {
		return why, "" // the notes stand in the place of the rows
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
	return left, ""
}
