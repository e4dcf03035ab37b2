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
// Every action that Do and Mouse return closes it, but for Say.
type Baselines struct {
	table.Overlay
	bad      *trace.Trace
	list     []Baseline
	bindings []views.Binding
}

// SetBaselines offers traces to compare a bad one with.
func (b *Baselines) SetBaselines(bad *trace.Trace, list []Baseline) {
	*b = Baselines{bad: bad, list: list, Overlay: table.Overlay{Scroller: table.Scroller{Height: b.Height}}}
}

const noBaseline = "no complete, successful trace of this operation"

// Typing implements Screen: nothing is typed here.
func (b *Baselines) Typing() bool { return false }

// Type implements Screen.
func (b *Baselines) Type(tea.KeyPressMsg) views.Action { return nil }

// Bindings implements Screen.
func (b *Baselines) Bindings() []views.Binding {
	return views.Once(&b.bindings, func() []views.Binding {
		none := views.When(func() bool { return len(b.list) == 0 }, noBaseline)
		return views.Footer(append(views.Moves(func(c views.Command) { b.Move(c, len(b.list)) }, none),
			views.Bind(views.Enter, b.compare).Unless(none).Named("compare"),
			views.Bind(views.CopyTrace, views.Copies("trace id", func() string { return b.list[b.Row].Trace.ID().String() })).Unless(none),
			views.Bind(views.Back, views.Leaves).Named("close")), views.Enter, views.Down, views.Up, views.CopyTrace, views.Back)
	})
}

func (b *Baselines) compare() views.Action {
	return views.CompareTraces{Good: b.list[b.Row].Trace, Bad: b.bad}
}

// Mouse implements Screen: a click chooses, one beside the overlay closes it.
func (b *Baselines) Mouse(m views.Mouse) views.Action { return b.Choose(m, len(b.list), b.compare) }

// Status implements Screen.
func (b *Baselines) Status(*views.Env) (left, right string) {
	if len(b.list) == 0 {
		return noBaseline, ""
	}
	return draw.Count(b.Row+1) + " of " + draw.CountNoun(len(b.list), "trace", "traces") + ", closest first", ""
}

// baselinesTop is the lines of the overlay above the list: which trace is bad, and the columns.
const baselinesTop = 3

// Draw implements Screen. It draws over the middle of the area and leaves the rest as it is.
func (b *Baselines) Draw(a draw.Area, env *views.Env) {
	in, y := b.Frame(a, max(len(b.list), 1)+baselinesTop+2, "Choose a baseline", env)
	if b.bad != nil && in.H() > baselinesTop {
		var head draw.Area
		head, in = in.Top(baselinesTop)
		y += baselinesTop
		b.drawHead(head, env)
	}
	b.Fit(in.H(), len(b.list))
	if len(b.list) == 0 {
		in.Inset(2, 0).TextEllipsis(0, 0, in.W()-4, noBaseline, env.Theme.Dim)
		return
	}
	b.DrawRows(in, y, len(b.list), 0, true, env, func(line draw.Area, k int) { b.drawRow(line, b.list[k], env) })
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

func (b *Baselines) drawRow(a draw.Area, l Baseline, env *views.Env) {
	b.columns(a, [4]string{draw.DurationAligned(l.Trace.Duration()), draw.Count(l.Trace.SpanCount()), b.start(l.Trace, env), l.Reason}, env.Theme.Text)
}
