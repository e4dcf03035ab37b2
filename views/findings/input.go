package findings

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
	"tracefall/views"
	"tracefall/views/draw"
)

// Bindings implements Screen.
func (f *Findings) Bindings() []views.Binding {
	return views.Once(&f.bindings, func() []views.Binding {
		all := append(views.Moves(f.step, f.whyEmpty),
			views.Bind(views.Enter, f.open).Unless(f.whyNoSpan),
			views.Bind(views.NextFinding, views.Quiet(func() { f.inDetail = false; f.step(views.Down) })).Unless(f.whyEmpty),
			views.Bind(views.PrevFinding, views.Quiet(func() { f.inDetail = false; f.step(views.Up) })).Unless(f.whyEmpty),
			views.Bind(views.Left, views.Quiet(func() { f.inDetail = false })).Unless(f.whyEmpty),
			views.Bind(views.Right, views.Quiet(func() { f.inDetail = true })).Unless(f.whyEmpty),
			views.Bind(views.OtherPane, views.Quiet(func() { f.inDetail = !f.inDetail })).Unless(f.whyEmpty),
			views.Bind(views.SortNext, views.Quiet(func() { f.resort((f.sort+1)%findingOrders, false) })).Unless(f.whyEmpty),
			views.Bind(views.SortFlip, views.Quiet(func() { f.resort(f.sort, !f.flip) })).Unless(f.whyEmpty),
			views.Bind(views.Search, views.Quiet(func() { f.typing, f.before = true, f.query.Text() })).
				Unless(func() string { return only(len(f.list)+len(f.blind) == 0, f.whyEmpty()) }),
			views.Bind(views.CopyLine, func() views.Action { return f.copy(views.CopyLine) }).Unless(f.whyEmpty),
			views.Bind(views.CopyValue, func() views.Action { return f.copy(views.CopyValue) }).Unless(f.whyEmpty),
			views.Bind(views.CopyTrace, views.Copies("trace id", func() string { return f.Selected().Trace.ID().String() })).Unless(f.whyNoSpan),
			views.Bind(views.CopySpanID, views.Copies("span id", func() string { at := f.Selected(); return at.Trace.Span(at.Anchor).ID().String() })).Unless(f.whyNoSpan),
			views.Bind(views.Back, f.goBack))
		return views.Footer(views.Offers(all, views.Reveal), views.ShowHelp, views.Enter, views.OtherPane, views.NextFinding, views.Search, views.SortNext, views.Share, views.Back)
	})
}

// whyNoSpan says why the row under the cursor leads to no span.
func (f *Findings) whyNoSpan() string {
	if at := f.Selected(); len(f.rows) > 0 && (at == nil || at.Trace == nil) {
		return "there is no span to go to"
	}
	return f.whyEmpty()
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
func (f *Findings) copy(c views.Command) views.Action {
	r := f.rows[f.Row]
	if r.same == nil {
		return views.Copy{What: "line", Text: draw.Clean(r.spot.Detector + ": " + r.spot.Reason)}
	}
	message := f.env.Masked(r.same[0].Message)
	if c == views.CopyLine {
		return views.Copy{What: "finding", Text: draw.Clean(r.same[0].Title + ": " + message)}
	}
	return views.Copy{What: "message", Text: draw.Clean(message)}
}

func (f *Findings) goBack() views.Action {
	switch {
	case f.inDetail:
		f.inDetail = false
	case f.query.Text() != "":
		return f.setFilter("")
	default:
		return views.Leave{}
	}
	return nil
}

// Typing implements Screen.
func (f *Findings) Typing() bool { return f.typing }

// Type implements Screen: each key filters. Up and down move among the rows meanwhile.
func (f *Findings) Type(key tea.KeyPressMsg) views.Action {
	switch key.Keystroke() {
	case "enter":
		f.typing = false
		return f.ask(true)
	case "esc", "ctrl+c", "ctrl+g":
		f.typing = false
		return f.setFilter(f.before)
	case "up", "ctrl+p":
		f.Move(views.Up, len(f.rows))
	case "down", "ctrl+n":
		f.Move(views.Down, len(f.rows))
	default:
		at := f.Selected()
		if _, changed := f.query.Key(key); changed {
			action := f.ask(false)
			f.refilter()
			f.Select(at)
			return action
		}
	}
	return nil
}

func (f *Findings) setFilter(text string) views.Action {
	at := f.Selected()
	f.query.SetText(text)
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
	if m.Double && (hit || inDetail) && f.whyNoSpan() == "" {
		return f.open()
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
		if one.Severity == diagnose.Info {
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
