package comparison

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// move carries out a command that moves, in the pane that has the keys.
func (v *Comparison) move(c views.Command) {
	switch v.pane {
	case paneWhy:
		v.why.Move(c, len(v.why.entries))
		v.goTo(v.why.entries[v.why.Row].node)
	case paneInspect:
		v.load()
		v.inspect.move(c)
	case paneRows:
		v.tree.Move(c)
	}
}

// nextPane gives the keys to the next pane that is there: rows, causes, differences of the pair.
func (v *Comparison) nextPane() {
	there := [...]bool{paneRows: true, paneWhy: len(v.why.entries) > 0 && v.drawn.why > 0, paneInspect: v.inspect.shown && v.drawn.inspect > 0}
	for {
		v.pane = (v.pane + 1) % pane(len(there))
		if there[v.pane] {
			return
		}
	}
}

// enter opens the waterfall at the row's span, or what the row stands for; in another pane it goes to the cause, or
// shows values whole.
func (v *Comparison) enter() views.Action {
	switch v.pane {
	case paneWhy:
		v.goTo(v.why.entries[v.why.Row].node)
		v.pane = paneRows
		return nil
	case paneInspect:
		v.load()
		v.inspect.widen()
		return nil
	case paneRows:
	}
	if at, _ := v.row(); at.kind == runRow || at.kind == callsRow {
		v.tree.Toggle()
		return nil
	}
	t, span := v.Selected()
	if t == nil {
		return nil
	}
	return views.OpenTrace{Trace: t, Span: span}
}

// reshape turns one tree for both traces into two trees, or the other way round.
func (v *Comparison) reshape() {
	if v.shape.merged(v.drawn.w) {
		v.shape = shapeSides
	} else {
		v.shape = shapeMerged
	}
}

// fold opens the row, or folds it; in the pane of what differs it shows values whole.
func (v *Comparison) fold() {
	if v.pane == paneInspect {
		v.load()
		v.inspect.widen()
		return
	}
	v.tree.Toggle()
}

// oneByOne shows the calls of a node one by one, or no longer.
func (v *Comparison) oneByOne() {
	at, _ := v.row()
	node := int(at.node)
	v.tree.Row = v.rows.find(node, callRow)
	call := v.rows.list[v.tree.Row]
	leaf := v.rows.c.Nodes[node].End == node+1
	open := v.rows.state(call) != tree.Open || !leaf && !v.rows.single.Has(node)
	if leaf {
		v.rows.folded.Put(node, !open)
	} else {
		v.rows.single.Put(node, open)
		if open {
			v.rows.folded.Remove(node)
		}
	}
	v.tree.Rebuild()
}

// jump goes to the next or previous node with a property, opening what it is hidden in.
func (v *Comparison) jump(name string, marks tree.Counts, forward bool) views.Action {
	at, _ := v.row()
	from := int(at.node)
	if !forward && at.kind > callRow {
		from++ // the row comes after the node's own
	}
	to, said := marks.Jump(from, forward, name)
	if to >= 0 {
		v.land(to)
	}
	return views.Tell(said)
}

// worse goes to the next cause in the order of how much it made, from the one under the cursor; to the worst from
// anywhere else, and from where the traces part as long as that is where the cursor was put.
func (v *Comparison) worse(down bool) views.Action {
	n, first := v.why.causes(), v.why.ranked()
	at, _ := v.row()
	node := int(at.node)
	k := int(v.why.ranks[node]) - 1 - first
	if row := v.why.Row; v.walked && row >= first && row < len(v.why.entries) && v.why.entries[row].node == node {
		k = row - first // of several that are told at one call, the one that was gone to
	}
	message := ""
	switch {
	case k < 0 || at.kind == runRow && !v.rows.c.Nodes[node].NotReached, down && !v.walked && node == v.why.lead:
		k = 0
		if v.why.entries[first].node == node {
			message = "largest contributor"
		}
	case down && k == n-1:
		k, message = 0, "back to the largest contributor"
	case !down && k == 0:
		k, message = n-1, "back to the smallest contributor"
	case down:
		k++
	default:
		k--
	}
	if n == 1 && message != "" {
		message = "the only contributor"
	}
	v.walked = true
	v.why.Row = k + first
	v.land(v.why.entries[k+first].node)
	return views.Tell(message)
}

// goBack undoes what is closest.
func (v *Comparison) goBack() views.Action {
	switch {
	case v.rows == nil:
	case v.pane != paneRows:
		v.pane = paneRows
		return nil
	case v.inspect.shown:
		v.inspect.shown = false
		return nil
	case v.isZoomed():
		v.unzoom()
		return nil
	}
	return views.Leave{}
}

// Mouse implements views.Screen: a click selects a row and its side, on a fold it folds, on a cause it goes there; the
// wheel scrolls, with shift the time.
func (v *Comparison) Mouse(m views.Mouse) views.Action {
	if v.rows == nil {
		return nil
	}
	l := v.drawn
	inspectY, why := l.inspectY(), m.Y >= l.whyY() && m.Y < l.whyY()+l.why
	row := v.tree.Top + m.Y - l.bodyY()
	switch {
	case m.Wheel != 0 && m.Shift:
		v.each(func(_ views.Side, z *timeline.Zoom, whole timeline.Window) { z.Pan(m.Wheel, whole) })
	case m.Wheel != 0 && l.inspect > 0 && m.Y >= inspectY:
		v.load()
		v.inspect.Wheel(m.Wheel, len(v.inspect.lines))
	case m.Wheel != 0 && why:
		v.why.Wheel(m.Wheel, len(v.why.entries))
	case m.Wheel != 0:
		v.tree.Wheel(m.Wheel)
	case m.X < 0 || m.X >= l.w || m.Y < 0 || m.Y >= l.h:
	case why:
		if k := v.why.causeAt(m.Y - l.whyY()); k < len(v.why.entries) {
			v.pane, v.why.Row = paneWhy, k
			v.goTo(v.why.entries[k].node)
		}
	case l.inspect > 0 && m.Y > inspectY:
		v.load()
		if v.inspect.Click(m, len(v.inspect.lines)) {
			v.pane = paneInspect
		}
	case m.Y < l.bodyY() || m.Y >= inspectY || row >= v.rows.Len():
	default:
		return v.clickRow(m, row)
	}
	return nil
}

func (v *Comparison) clickRow(m views.Mouse, row int) views.Action {
	v.pane = paneRows
	x := m.X - v.drawn.side[views.Good].x
	if !v.drawn.merged {
		v.side = views.Good
		if m.X >= v.drawn.delta.x+v.drawn.delta.w/2 {
			v.side = views.Bad
			x = m.X - v.drawn.side[views.Bad].x
		}
	}
	return v.tree.Click(row, x, m.Double, v.enter)
}

// statusFull is the width from which the status line says more of a row than how much it contributed.
const statusFull = 120

// Status implements views.Screen.
func (v *Comparison) Status(*views.Env) (left, right string) {
	if v.rows == nil {
		return v.pending, ""
	}
	if at, ok := v.row(); ok {
		left = v.rows.statusText(at, v.drawn.w >= statusFull)
	}
	var parts []string
	if v.own {
		parts = append(parts, "separate time scales")
	}
	if text := v.text(); text != "" {
		parts = append(parts, text)
	}
	return left, strings.Join(parts, draw.SegmentGap)
}

// Typing implements views.Screen: keys go to the search.
func (v *Comparison) Typing() bool { return v.search.On }

func (v *Comparison) startSearch() {
	at, _ := v.row()
	v.search.Start(int(at.node))
	v.pane = paneRows
	v.find()
}

// Type implements views.Screen. Each key goes to the first call from where the search began; enter without another text
// goes to the next one.
func (v *Comparison) Type(key tea.KeyPressMsg) views.Action {
	s := &v.search
	if v.rows == nil {
		s.On = false
		return nil
	}
	at, _ := v.row()
	switch was, step := s.Key(key); was {
	case prompt.TypedDone:
		if s.Input.Text() == s.Before {
			v.goTo(s.Next(s.Origin+1, true))
		}
		return v.foundWords()
	case prompt.TypedBack:
		v.goTo(s.Origin)
	case prompt.TypedOther:
		v.goTo(s.Next(int(at.node)+max(step, 0), step > 0))
	case prompt.TypedText:
		v.find()
		v.goTo(s.Next(s.Origin, true))
	case prompt.TypedNothing:
	}
	return nil
}

// find lists the calls that contain what is searched for.
func (v *Comparison) find() {
	s := &v.search
	s.Found = s.Found[:0]
	lower := strings.ToLower(s.Input.Text())
	for i := range v.rows.c.Nodes {
		if lower != "" && (prompt.ContainsFold(v.rows.c.Name(i), lower) || prompt.ContainsFold(v.rows.details(i), lower)) {
			s.Found = append(s.Found, i)
		}
	}
}

// foundWords says which of the found calls the cursor is on.
func (v *Comparison) foundWords() views.Action {
	s := &v.search
	text := "“" + s.Input.Text() + "”"
	switch {
	case s.Input.Text() == "":
		return nil
	case len(s.Found) == 0:
		return views.Say{Text: "no call with " + text + " in its name or differences"}
	}
	at, _ := v.row()
	k, _ := slices.BinarySearch(s.Found, int(at.node))
	return views.Say{Text: "call " + draw.Count(k+1) + " of " + draw.Count(len(s.Found)) + " with " + text + "; search again for the next"}
}
