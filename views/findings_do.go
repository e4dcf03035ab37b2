package views

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
	"tracefall/views/draw"
)

// Can implements Screen.
func (f *Findings) Can(c Command) string {
	if reason, known := f.canMove(c, len(f.rows), f.whyEmpty()); known {
		return reason
	}
	switch c {
	case Back:
		return ""
	case Search:
		if len(f.list)+len(f.blind) == 0 {
			return f.whyEmpty()
		}
		return ""
	case NextFinding, PrevFinding, SortNext, SortFlip, Left, Right, OtherPane, CopyLine, CopyValue:
		if len(f.rows) == 0 {
			return f.whyEmpty()
		}
		return ""
	case Enter, CopyTrace, CopySpanID:
		if len(f.rows) == 0 {
			return f.whyEmpty()
		}
		if at := f.Selected(); at == nil || at.Trace == nil {
			return "there is no span to go to"
		}
		return ""
	}
	return NotHere
}

func (f *Findings) whyEmpty() string {
	switch {
	case !f.known:
		return "the detectors have not finished"
	case len(f.list)+len(f.blind) > 0:
		return f.whyNone()
	}
	return "nothing was found"
}

// Do implements Screen.
func (f *Findings) Do(c Command) Action {
	if f.Can(c) != "" {
		return nil
	}
	if f.inDetail {
		if f.layDetail(); f.detail.move(c, len(f.detail.lines)) {
			return nil
		}
	}
	if f.move(c, len(f.rows)) {
		return nil
	}
	switch c {
	case Enter:
		return f.open()
	case NextFinding, PrevFinding:
		f.inDetail = false
		f.move(map[Command]Command{NextFinding: Down, PrevFinding: Up}[c], len(f.rows))
	case Left, Right:
		f.inDetail = c == Right
	case OtherPane:
		f.inDetail = !f.inDetail
	case SortNext, SortFlip:
		f.resort(c)
	case Search:
		f.typing, f.before = true, f.query.Text()
	case CopyLine, CopyValue, CopyTrace, CopySpanID:
		return f.copy(c)
	case Back:
		return f.goBack()
	}
	return nil
}

// open goes to the rows of the finding: to the span of the line under the cursor, else to where it is anchored.
func (f *Findings) open() Action {
	at := f.Selected()
	action := OpenTrace{Trace: at.Trace, Span: at.Anchor, Finding: at}
	if f.layDetail(); f.inDetail && f.detail.row < len(f.detail.lines) {
		if l := f.detail.lines[f.detail.row]; l.trace != nil {
			action.Trace, action.Span = l.trace, l.span
			if l.finding != nil {
				action.Finding = l.finding
			}
		}
	}
	return action
}

func (f *Findings) resort(c Command) {
	if c == SortFlip {
		f.flip = !f.flip
	} else {
		f.sort, f.flip = (f.sort+1)%findingOrders, false
	}
	at := f.Selected()
	f.update()
	f.Select(at)
}

func (f *Findings) copy(c Command) Action {
	r := f.rows[f.row]
	if r.same == nil {
		return Copy{"line", draw.Clean(r.spot.Detector + ": " + r.spot.Reason)}
	}
	at := r.same[0]
	switch c {
	case CopyLine:
		return Copy{"finding", draw.Clean(at.Title + ": " + f.env.masked(at.Message))}
	case CopyTrace:
		return Copy{"trace id", at.Trace.ID().String()}
	case CopySpanID:
		return Copy{"span id", at.Trace.Span(at.Anchor).ID().String()}
	}
	return Copy{"message", draw.Clean(f.env.masked(at.Message))}
}

func (f *Findings) goBack() Action {
	switch {
	case f.inDetail:
		f.inDetail = false
	case f.query.Text() != "":
		return f.filter("")
	default:
		return Leave{}
	}
	return nil
}

// Typing implements Screen.
func (f *Findings) Typing() bool { return f.typing }

// Type implements Screen: each key filters. Up and down move among the rows meanwhile.
func (f *Findings) Type(key tea.KeyPressMsg) Action {
	switch key.Keystroke() {
	case "enter":
		f.typing = false
		return f.ask(true)
	case "esc", "ctrl+c", "ctrl+g":
		f.typing = false
		return f.filter(f.before)
	case "up", "ctrl+p":
		f.move(Up, len(f.rows))
	case "down", "ctrl+n":
		f.move(Down, len(f.rows))
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

func (f *Findings) filter(text string) Action {
	at := f.Selected()
	f.query.SetText(text)
	action := f.ask(false)
	f.refilter()
	f.Select(at)
	return action
}

// refilter makes the rows anew and puts the cursor on the first.
func (f *Findings) refilter() {
	f.update()
	f.row, f.top, f.inDetail = 0, 0, false
	f.clamp(len(f.rows))
}

// Mouse implements Screen: a click selects, a double click goes to the rows, the wheel scrolls what is under it.
func (f *Findings) Mouse(m Mouse) Action {
	p := f.places
	inDetail := p.detail.contains(m.X, m.Y)
	switch {
	case m.Wheel != 0 && inDetail:
		f.detail.wheel(m.Wheel, len(f.detail.lines))
		return nil
	case m.Wheel != 0:
		f.wheel(m.Wheel, len(f.rows))
		return nil
	case inDetail:
		if row := f.detail.top + m.Y - p.detail.y; row < len(f.detail.lines) {
			f.inDetail = true
			f.detail.row = row
			f.detail.clamp(len(f.detail.lines))
		}
	case p.list.contains(m.X, m.Y):
		row := f.top + m.Y - p.list.y
		if row >= len(f.rows) {
			return nil
		}
		f.inDetail, f.row = false, row
		f.clamp(len(f.rows))
	default:
		return nil
	}
	if m.Double && f.Can(Enter) == "" {
		return f.open()
	}
	return nil
}

// Status implements Screen.
func (f *Findings) Status(*Env) (left, right string) {
	if len(f.rows) == 0 {
		return f.whyEmpty(), ""
	}
	r := f.rows[f.row]
	if r.same == nil {
		return "what could not be seen: " + r.spot.Detector, ""
	}
	at := r.same[0]
	left = "finding " + draw.Count(r.rank) + " of " + draw.Count(f.kinds()) + segmentGap + at.Detector
	if n := len(at.Evidence); n > 0 {
		left += segmentGap + amount(n, "span") + " of evidence"
	}
	if f.of == nil {
		left += segmentGap + "in " + amount(r.tracesOf(), "trace")
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
