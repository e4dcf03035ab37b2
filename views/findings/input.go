package findings

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
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
			f.inSheet = false
			if forward {
				f.step(views.Down)
			} else {
				f.step(views.Up)
			}
		})
		b.QuietPair(views.Right, views.Left, func(sheet bool) { f.inSheet = sheet })
		b.Quiet(views.OtherPane, func() { f.inSheet = !f.inSheet })
		b.Quiet(views.SortNext, func() { f.resort((f.sort+1)%findingOrders, false) })
		b.Quiet(views.SortFlip, func() { f.resort(f.sort, !f.flip) })
		b.Pair(views.CopyLine, views.CopyValue, f.copy)
		b.Bind(views.Enter, f.open, f.whyNowhere)
		b.Quiet(views.ShowRule, f.toggleRule, views.When(func() bool { return f.Selected() == nil }, "the row is no finding"))
		b.Bind(views.CopyTrace, views.Copies("trace id", func() string { return f.Selected().Trace.ID().String() }), f.whyNoSpan)
		b.Bind(views.CopySpanID, views.Copies("span id", func() string { at := f.Selected(); return at.Trace.Span(at.Anchor).ID().String() }), f.whyNoSpan)
		b.None = nil
		b.Quiet(views.Search, func() { f.search.Start(f.Row) }, func() string { return f.whyNothing() })
		b.Bind(views.Back, f.goBack)
		return views.Footer(views.Offers(b.List, views.Reveal), views.ShowHelp, views.Enter, views.OtherPane, views.ShowRule, views.NextFinding, views.Search, views.SortNext, views.Share, views.Back)
	})
}

// whyNoSpan says why the row under the cursor leads to no span.
func (f *Findings) whyNoSpan() string {
	if at := f.Selected(); at == nil || at.Trace == nil {
		return "there is no span to go to"
	}
	return ""
}

// whyNowhere says why enter does nothing: the row leads to no span, and neither does the line of the sheet.
func (f *Findings) whyNowhere() string {
	if l := f.line(); l != nil && (l.trace != nil || l.does != doesNothing) {
		return ""
	}
	return f.whyNoSpan()
}

// line returns the line of the sheet that the cursor is on, nil where it is in the list.
func (f *Findings) line() *sheetLine {
	f.laySheet()
	if !f.inSheet || f.sheet.Row >= len(f.sheet.lines) {
		return nil
	}
	return &f.sheet.lines[f.sheet.Row]
}

// toggleRule shows when the detectors fire, or hides it.
func (f *Findings) toggleRule() {
	f.showRule = !f.showRule
	f.layAgain()
}

// layAgain lays out the sheet anew after a change of what it shows; its cursor stays.
func (f *Findings) layAgain() {
	f.sheet.laid = false
	f.laySheet()
	f.sheet.Clamp(len(f.sheet.lines))
}

// whyNothing says why there is nothing to filter, "" where there is something.
func (f *Findings) whyNothing() string {
	if len(f.list)+len(f.blind) == 0 {
		return f.whyEmpty()
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
	return diagnose.NoIssues
}

// step moves in the detail where the cursor is there, else among the rows.
func (f *Findings) step(c views.Command) {
	if f.inSheet {
		f.laySheet()
		f.sheet.Move(c, len(f.sheet.lines))
		return
	}
	f.Move(c, len(f.rows))
}

// open goes to the rows of the finding: to the span of the line under the cursor, else to where it is anchored. On a line
// that only stands for more it shows them.
func (f *Findings) open() views.Action {
	at := f.Selected()
	l := f.line()
	if l != nil && l.trace != nil {
		return views.OpenTrace{Trace: l.trace, Span: l.span, Finding: l.finding}
	}
	if l != nil && l.does != doesNothing {
		switch l.does {
		case doesEvidence:
			f.sheet.allEvidence = true
		case doesTraces:
			f.sheet.allTraces = true
		case doesRule:
			f.showRule = !f.showRule
		case doesNothing:
		}
		f.layAgain()
		return nil
	}
	return views.OpenTrace{Trace: at.Trace, Span: at.Anchor, Finding: at}
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
		var text []string
		for _, l := range r.limited {
			text = append(text, draw.Clean(l.detector+": "+f.env.Masked(l.reason)))
		}
		return views.Copy{What: "limits", Text: strings.Join(text, "\n")}
	}
	message := f.env.Masked(r.same[0].Message)
	if line {
		return views.Copy{What: "finding", Text: draw.Clean(r.same[0].Headline() + ". " + message)}
	}
	return views.Copy{What: "message", Text: draw.Clean(message)}
}

func (f *Findings) goBack() views.Action {
	switch {
	case f.inSheet:
		f.inSheet = false
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
	inSheet, hit := f.beside.Contains(m.X, m.Y), false
	switch {
	case inSheet:
		hit = f.sheet.Click(m, len(f.sheet.lines))
	case m.Wheel != 0 || f.at.Contains(m.X, m.Y):
		hit = f.Click(m, len(f.rows))
	}
	if hit {
		f.inSheet = inSheet
	}
	if m.Double && (hit || inSheet) {
		return views.Do(f.Bindings(), views.Enter)
	}
	return nil
}

// Status implements Screen.
func (f *Findings) Status(*views.Env) (left, right string) {
	if why := f.whyEmpty(); why != "" {
		if f.whyNothing() == "" {
			why = "no finding matches" // at length it is said in the place of the rows
		}
		return why, ""
	}
	r := f.rows[f.Row]
	if r.same == nil {
		return footnote(r), ""
	}
	left = f.shown.place(f.rows[:f.Row+1])
	if f.orderShown {
		return left, ""
	}
	return left, findingOrderNames[f.sort]
}
