package findings

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/rule"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// Bindings implements Screen.
func (f *Findings) Bindings() []views.Binding {
	return views.Once(&f.bindings, func() []views.Binding {
		b := views.Binder{None: f.whyEmpty}
		b.Moves(f.step)
		b.QuietPair(views.NextFinding, views.PrevFinding, func(forward bool) {
			f.inDetail = false
			if forward {
				f.step(views.Down)
			} else {
				f.step(views.Up)
			}
		})
		b.QuietPair(views.Right, views.Left, func(detail bool) { f.inDetail = detail })
		b.Quiet(views.OtherPane, func() { f.inDetail = !f.inDetail })
		b.Quiet(views.SortNext, func() { f.resort((f.sort+1)%findingOrders, false) })
		b.Quiet(views.SortFlip, func() { f.resort(f.sort, !f.flip) })
		b.Pair(views.CopyLine, views.CopyValue, f.copy)
		b.Bind(views.Enter, f.open, f.whyNoSpan)
		b.Bind(views.CopyTrace, views.Copies("trace id", func() string { return f.Selected().Trace.ID().String() }), f.whyNoSpan)
		b.Bind(views.CopySpanID, views.Copies("span id", func() string { at := f.Selected(); return at.Trace.Span(at.Anchor).ID().String() }), f.whyNoSpan)
		b.None = nil
		b.Quiet(views.Search, func() { f.search.Start(f.Row) }, func() string { return only(len(f.list)+len(f.blind) == 0, f.whyEmpty()) })
		b.Bind(views.Back, f.goBack)
		return views.Footer(views.Offers(b.List, views.Reveal), views.ShowHelp, views.Enter, views.OtherPane, views.NextFinding, views.Search, views.SortNext, views.Share, views.Back)
	})
}

// whyNoSpan says why the row under the cursor leads to no span.
func (f *Findings) whyNoSpan() string {
	if at := f.Selected(); at == nil || at.Trace == nil {
		return "there is no span to go to"
	}
	return ""
}

// whyEmpty says why there is no row, "" where there are some.
func (f *Findings) whyEmpty() string {
	switch {
	case len(f.rows) > 0:
		return ""
	case !f.known:
		return "the detectors have not finished"
	case len(f.list)+len(f.blind) > 0:
		return f.whyNone()
	}
	return "nothing was found"
}

// step moves in the detail where the cursor is there, else among the rows.
func (f *Findings) step(c views.Command) {
	if f.inDetail {
		f.layDetail()
		f.detail.Move(c, len(f.detail.lines))
		return
	}
	f.Move(c, len(f.rows))
}

// open goes to the rows of the finding: to the span of the line under the cursor, else to where it is anchored.
func (f *Findings) open() views.Action {
	at := f.Selected()
	action := views.OpenTrace{Trace: at.Trace, Span: at.Anchor, Finding: at}
	if f.layDetail(); f.inDetail && f.detail.Row < len(f.detail.lines) {
		if l := f.detail.lines[f.detail.Row]; l.trace != nil {
			action.Trace, action.Span = l.trace, l.span
			if l.finding != nil {
				action.Finding = l.finding
			}
		}
	}
	return action
}

func (f *Findings) resort(by findingOrder, flip bool) {
	f.sort, f.flip = by, flip
	at := f.Selected()
	f.update()
	f.Select(at)
}

// copy copies the row under the cursor: all of it, or what the finding says.
func (f *Findings) copy(line bool) views.Action {
	r := f.rows[f.Row]
	if r.same == nil {
		return views.Copy{What: "line", Text: draw.Clean(r.spot.Detector + ": " + r.spot.Reason)}
	}
	message := f.env.Masked(r.same[0].Message)
	if line {
		return views.Copy{What: "finding", Text: draw.Clean(r.same[0].Title + ": " + message)}
	}
	return views.Copy{What: "message", Text: draw.Clean(message)}
}

func (f *Findings) goBack() views.Action {
	switch {
	case f.inDetail:
		f.inDetail = false
	case f.search.Input.Text() != "":
		f.search.Input.SetText("")
		return f.typed()
	default:
		return views.Leave{}
	}
	return nil
}

// Typing implements Screen.
func (f *Findings) Typing() bool { return f.search.On }

// Type implements Screen: each key filters. Up and down move among the rows meanwhile.
func (f *Findings) Type(key tea.KeyPressMsg) views.Action {
	switch was, step := f.search.Key(key); was {
	case prompt.TypedDone:
		return f.ask(true)
	case prompt.TypedText, prompt.TypedBack:
		return f.typed()
	case prompt.TypedOther:
		f.Row += step
		f.Clamp(len(f.rows))
	case prompt.TypedNothing:
	}
	return nil
}

// typed filters by what is typed now; the cursor stays on its finding.
func (f *Findings) typed() views.Action {
	at := f.Selected()
	action := f.ask(false)
	f.refilter()
	f.Select(at)
	return action
}

// Mouse implements Screen: a click selects, a double click goes to the rows, the wheel scrolls what is under it.
func (f *Findings) Mouse(m views.Mouse) views.Action {
	inDetail, hit := f.beside.Contains(m.X, m.Y), false
	switch {
	case inDetail:
		hit = f.detail.Click(m, len(f.detail.lines))
	case m.Wheel != 0 || f.at.Contains(m.X, m.Y):
		hit = f.Click(m, len(f.rows))
	}
	if hit {
		f.inDetail = inDetail
	}
	if m.Double && (hit || inDetail) {
		return views.Do(f.Bindings(), views.Enter)
	}
	return nil
}

// Status implements Screen.
func (f *Findings) Status(*views.Env) (left, right string) {
	if why := f.whyEmpty(); why != "" {
		return why, ""
	}
	r := f.rows[f.Row]
	if r.same == nil {
		return "what could not be seen: " + r.spot.Detector, ""
	}
	at := r.same[0]
	left = "finding " + draw.Count(r.rank) + " of " + draw.Count(f.kinds()) + draw.SegmentGap + at.Detector
	if n := len(at.Evidence); n > 0 {
		left += draw.SegmentGap + draw.Amount(n, "span") + " of evidence"
	}
	if f.of == nil {
		left += draw.SegmentGap + "in " + draw.Amount(r.tracesOf(), "trace")
	}
	return left, findingOrderNames[f.sort]
}

// info counts the findings that are only worth knowing: the list's count of findings is without them.
func (f *Findings) info() int {
	n := 0
	for _, one := range f.list {
		if one.Severity == rule.Info {
			n++
		}
	}
	return n
}

// kinds counts the findings that are not the same.
func (f *Findings) kinds() int {
	n := 0
	for _, r := range f.rows {
		n = max(n, r.rank)
	}
	return n
}
