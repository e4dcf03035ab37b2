package views

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Baseline is a trace that another can be compared with.
type Baseline struct {
	Trace  *trace.Trace
	Reason string // in words, why it is a good one
}

// Baselines is the overlay that offers good traces to compare a bad one with, the best first.
//
// Every action that Do and Mouse return closes it, but for Say.
type Baselines struct {
	scroller
	bad  *trace.Trace
	list []Baseline
	box  boxPlaces
}

// SetBaselines offers traces to compare a bad one with.
func (b *Baselines) SetBaselines(bad *trace.Trace, list []Baseline) {
	*b = Baselines{bad: bad, list: list, scroller: scroller{height: b.height}}
}

const noBaseline = "no other trace of this operation is whole and succeeded"

// Typing implements Screen: nothing is typed here.
func (b *Baselines) Typing() bool { return false }

// Type implements Screen.
func (b *Baselines) Type(tea.KeyPressMsg) Action { return nil }

// Can implements Screen.
func (b *Baselines) Can(c Command) string {
	if reason, known := b.canMove(c, len(b.list), noBaseline); known {
		return reason
	}
	switch c {
	case Back:
		return ""
	case Enter, CopyTrace:
		if len(b.list) == 0 {
			return noBaseline
		}
		return ""
	}
	return NotHere
}

// Do implements Screen.
func (b *Baselines) Do(c Command) Action {
	switch {
	case b.Can(c) != "":
	case c == Enter:
		return CompareTraces{Good: b.list[b.row].Trace, Bad: b.bad}
	case c == CopyTrace:
		return Copy{"trace id", b.list[b.row].Trace.ID().String()}
	case c == Back:
		return Leave{}
	default:
		b.move(c, len(b.list))
	}
	return nil
}

// Mouse implements Screen: a click chooses, one beside the overlay closes it.
func (b *Baselines) Mouse(m Mouse) Action {
	inside := m.X >= b.box.x && m.X < b.box.x+b.box.w && m.Y >= b.box.y && m.Y < b.box.y+b.box.h
	switch row := b.top + m.Y - b.box.rows; {
	case m.Wheel != 0:
		b.wheel(m.Wheel, len(b.list))
	case !inside:
		return Leave{}
	case m.Y >= b.box.rows && m.Y < b.box.rows+b.height && row < len(b.list):
		b.row = row
		return b.Do(Enter)
	}
	return nil
}

// Status implements Screen.
func (b *Baselines) Status(*Env) (left, right string) {
	if len(b.list) == 0 {
		return noBaseline, ""
	}
	return draw.Count(b.row+1) + " of " + countNoun(len(b.list), "trace", "traces") + " to compare with", ""
}

// baselinesTop is the lines of the overlay above the list: which trace is bad, and the columns.
const baselinesTop = 3

// Draw implements Screen. It draws over the middle of the area and leaves the rest as it is.
func (b *Baselines) Draw(a draw.Area, env *Env) {
	w := min(a.W(), paletteWidth)
	if a.W() > 60 {
		w = min(w, a.W()-4)
	}
	h := min(a.H(), max(len(b.list), 1)+baselinesTop+2, paletteHeight)
	x, y := (a.W()-w)/2, min(max((a.H()-h)/4, 0), 3)
	b.box = boxPlaces{x: x, y: y, w: w, h: h}
	box := a.Sub(x, y, w, h)
	in := box.Box("compare with", env.Theme.Border, env.Theme.Title)
	above := (h - in.H()) / 2
	if b.bad != nil && in.H() > baselinesTop {
		var head draw.Area
		head, in = in.Top(baselinesTop)
		above += baselinesTop
		b.drawHead(head, env)
	}
	b.box.rows = y + above
	b.fit(in.H(), len(b.list))
	if len(b.list) == 0 {
		in.Inset(2, 0).TextEllipsis(0, 0, in.W()-4, noBaseline, env.Theme.Dim)
		return
	}
	for k := 0; k < in.H() && b.top+k < len(b.list); k++ {
		b.drawRow(in.Row(k), b.top+k, env)
	}
	in.Scrollbar(in.W()-1, b.top, len(b.list), env.Theme.Border, env.Theme.Scrollbar)
}

// drawHead says which trace is to be compared, and names the columns.
func (b *Baselines) drawHead(a draw.Area, env *Env) {
	theme := env.Theme
	text := "bad: " + draw.Duration(b.bad.Duration())
	if b.bad.Errors() > 0 {
		text += segmentGap + theme.Glyphs.Error + " " + countNoun(b.bad.Errors(), "error", "errors")
	}
	text += segmentGap + b.start(b.bad, env)
	n := 2 + a.TextEllipsis(2, 0, a.W()*2/5, rootLabel(b.bad), theme.Strong)
	a.TextEllipsis(n+2, 0, a.W()-n-4, text, theme.Text)
	b.columns(a.Row(2), [4]string{"DURATION", "SPANS", "START", "WHY"}, theme.Header)
}

// start writes when a trace started, with its day where the traces are of several.
func (b *Baselines) start(t *trace.Trace, env *Env) string {
	for _, other := range b.list {
		if !env.Clock.OneDay(other.Trace.Start(), b.bad.Start()) {
			return env.Clock.DayTime(t.Start())
		}
	}
	return env.Clock.Time(t.Start())
}

// columns draws a row of the list: duration, spans, start, reason.
func (b *Baselines) columns(a draw.Area, texts [4]string, ink draw.Ink) {
	const startWidth = 18 // with a day
	x := 2
	a.TextRight(x, 0, 9, texts[0], ink)
	x += 9 + 2
	if a.W() >= 80 {
		a.TextRight(x, 0, 7, texts[1], ink)
		x += 7 + 2
	}
	if a.W() >= 100 {
		n := a.TextEllipsis(x, 0, startWidth, texts[2], ink)
		x += max(n, 12) + 2
	}
	a.TextEllipsis(x, 0, a.W()-x-2, texts[3], ink)
}

func (b *Baselines) drawRow(a draw.Area, k int, env *Env) {
	l := b.list[k]
	b.columns(a, [4]string{draw.Duration(l.Trace.Duration()), draw.Count(l.Trace.SpanCount()), b.start(l.Trace, env), l.Reason}, env.Theme.Text)
	if k == b.row {
		a.Text(0, 0, env.Theme.Glyphs.Selection, env.Theme.Accent)
		a.Paint(env.Theme.Selected)
	}
}
