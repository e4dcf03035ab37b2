package baseline

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// Baseline is a trace that another can be compared with.
type Baseline = compare.Baseline

// Baselines is the overlay that offers good traces to compare a bad one with, the best first.
//
// Every action that Do and Mouse return closes it, but for Say, AskBaselines and StopAsking.
type Baselines struct {
	table.Overlay
	bad      *trace.Trace
	list     []Baseline
	offer    string // where more can be asked for, in a row below; "" for nowhere
	asking   string // how far asking is, in that row; "" while nothing is asked
	bindings []views.Binding
}

// SetBaselines offers traces to compare a bad one with.
func (b *Baselines) SetBaselines(bad *trace.Trace, list []Baseline) {
	*b = Baselines{bad: bad, list: list, Overlay: table.Overlay{Scroller: table.Scroller{Height: b.Height}}}
}

// Offer offers to ask for more traces, "" no longer.
func (b *Baselines) Offer(text string) { b.offer, b.asking = text, "" }

// SetAsking shows how far asking is, "" when it is over.
func (b *Baselines) SetAsking(text string) { b.asking = text }

// Asking reports whether more traces are being asked for.
func (b *Baselines) Asking() bool { return b.asking != "" }

// Bad is the trace to be compared, nil before there is one.
func (b *Baselines) Bad() *trace.Trace { return b.bad }

// Add adds traces that were asked for, but for those that are listed, and puts the cursor on the first of them. It returns
// how many there are.
func (b *Baselines) Add(more []Baseline) int {
	listed := map[trace.TraceID]bool{}
	for _, one := range b.list {
		listed[one.Trace.ID()] = true
	}
	first := len(b.list)
	for _, one := range more {
		if !listed[one.Trace.ID()] {
			b.list = append(b.list, one)
		}
	}
	b.Row = first
	b.Clamp(b.rows())
	return len(b.list) - first
}

// rows are the traces, and the offer below them.
func (b *Baselines) rows() int {
	if b.offer != "" {
		return len(b.list) + 1
	}
	return len(b.list)
}

// onOffer reports whether the cursor is on the offer.
func (b *Baselines) onOffer() bool { return b.offer != "" && b.Row == len(b.list) }

const noBaseline = "no complete, successful trace of this operation"

// Typing implements Screen: nothing is typed here.
func (b *Baselines) Typing() bool { return false }

// Type implements Screen.
func (b *Baselines) Type(tea.KeyPressMsg) views.Action { return nil }

// Bindings implements Screen.
func (b *Baselines) Bindings() []views.Binding {
	return views.Once(&b.bindings, func() []views.Binding {
		none := views.When(func() bool { return b.rows() == 0 }, noBaseline)
		noTrace := views.When(func() bool { return len(b.list) == 0 || b.onOffer() }, "there is no trace under the cursor")
		return views.Footer(append(views.Moves(func(c views.Command) { b.Move(c, b.rows()) }, none),
			views.Bind(views.Enter, b.choose).Unless(none).Named("compare"),
			views.Bind(views.CopyTrace, views.Copies("trace id", func() string { return b.list[b.Row].Trace.ID().String() })).Unless(noTrace),
			views.Bind(views.Back, b.back).Named("close")), views.Enter, views.Down, views.Up, views.CopyTrace, views.Back)
	})
}

// choose compares with the trace under the cursor, or asks for more.
func (b *Baselines) choose() views.Action {
	switch {
	case b.onOffer() && b.Asking():
		return nil
	case b.onOffer():
		return views.AskBaselines{Bad: b.bad}
	}
	return views.CompareTraces{Good: b.list[b.Row].Trace, Bad: b.bad}
}

// back stops asking, or closes.
func (b *Baselines) back() views.Action {
	if b.Asking() {
		return views.StopAsking{}
	}
	return views.Leave{}
}

// Mouse implements Screen: a click chooses, one beside the overlay closes it.
func (b *Baselines) Mouse(m views.Mouse) views.Action { return b.Choose(m, b.rows(), b.choose) }

// Status implements Screen.
func (b *Baselines) Status(*views.Env) (left, right string) {
	switch {
	case b.Asking():
		return b.asking, ""
	case b.onOffer():
		return b.offer, ""
	case len(b.list) == 0:
		return noBaseline, ""
	}
	return "trace " + draw.Count(b.Row+1) + " of " + draw.Count(len(b.list)) + draw.SegmentGap + "closest first", ""
}

// baselinesTop is the lines of the overlay above the list: which trace is bad, and the columns.
const baselinesTop = 3

// Draw implements Screen. It draws over the middle of the area and leaves the rest as it is.
func (b *Baselines) Draw(a draw.Area, env *views.Env) {
	in, y := b.Frame(a, max(b.rows(), 1)+baselinesTop+2, "Choose a baseline", env)
	if b.bad != nil && in.H() > baselinesTop {
		var head draw.Area
		head, in = in.Top(baselinesTop)
		y += baselinesTop
		b.drawHead(head, env)
	}
	b.Fit(in.H(), b.rows())
	if b.rows() == 0 {
		in.Inset(2, 0).TextEllipsis(0, 0, in.W()-4, noBaseline, env.Theme.Dim)
		return
	}
	b.DrawRows(in, y, b.rows(), 0, true, env, func(line draw.Area, k int) {
		if k < len(b.list) {
			b.drawRow(line, b.list[k], env)
			return
		}
		text, ink := b.offer, env.Theme.Strong
		if b.Asking() {
			text, ink = b.asking, env.Theme.Dim
		}
		line.TextEllipsis(2, 0, line.W()-4, text, ink)
	})
}

// drawHead says which trace is to be compared, and names the columns.
func (b *Baselines) drawHead(a draw.Area, env *views.Env) {
	theme := env.Theme
	text := "bad: " + draw.Duration(b.bad.Duration())
	if b.bad.Errors() > 0 {
		text += draw.SegmentGap + theme.Glyphs.Error + " " + draw.CountNoun(b.bad.Errors(), "error", "errors")
	}
	text += draw.SegmentGap + b.start(b.bad, env)
	n := 2 + a.TextEllipsis(2, 0, a.W()*2/5, views.RootLabel(b.bad), theme.Strong)
	a.TextEllipsis(n+2, 0, a.W()-n-4, text, theme.Text)
	b.columns(a.Row(2), [4]string{"DURATION", "SPANS", "START", "MATCH"}, theme.Header)
}

// start writes when a trace started, with its day where the traces are of several.
func (b *Baselines) start(t *trace.Trace, env *views.Env) string {
	var dates views.Dates
	for _, other := range b.list {
		dates = max(dates, env.Clock.Dates(other.Trace.Start(), b.bad.Start()))
	}
	return env.Clock.DatedTime(t.Start(), dates)
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

func (b *Baselines) drawRow(a draw.Area, l Baseline, env *views.Env) {
	var times draw.Durations
	for _, other := range b.list {
		times.Longest = max(times.Longest, other.Trace.Duration())
	}
	b.columns(a, [4]string{times.Text(l.Trace.Duration()), draw.Count(l.Trace.SpanCount()), b.start(l.Trace, env), l.Reason}, env.Theme.Text)
}
