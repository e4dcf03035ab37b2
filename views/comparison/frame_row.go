package comparison

import (
	"cmp"
	"strconv"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// row draws row number n into one line.
func (f *frame) row(a draw.Area, n int) {
	at := f.list[n]
	heading := at.kind == runRow || at.kind == callsRow
	switch {
	case f.merged && heading:
		f.mergedHeading(a, at)
	case f.merged:
		f.drawMerged(a, n)
	default:
		for side := range f.facts {
			col := f.layout.side[side]
			area := a.Sub(col.x, 0, col.w, 1)
			if heading {
				f.drawHeading(area, at, views.Side(side))
			} else {
				f.drawSide(area, n, views.Side(side))
			}
		}
		m := f.middle(a)
		f.drawPart(m.Sub(1, 0, m.W()-2, 1), at, 0)
	}
}

// drawSide draws one side of a row: name, bar and duration, or that it lacks what the other side has.
func (f *frame) drawSide(a draw.Area, n int, side views.Side) {
	at := f.list[n]
	col := f.layout.side[side]
	if f.spanOf(at, side) < 0 {
		f.absent(a, at, f.lackText(at), f.lackInk(at))
		return
	}
	names, rest := a.Left(col.names - 1)
	f.drawName(names, n, side, f.badges(at, side))
	f.drawBar(rest.Sub(1, 0, col.bars-1, 1), at, side)
	rest.Sub(col.bars+1, 0, col.durs, 1).TextRight(0, 0, col.durs, f.lasted(at, side, f.theme), f.textInk(at))
}

// drawIndent draws indentation and fold of a row and returns their width.
func (f *frame) drawIndent(a draw.Area, at row) int {
	x := f.tree.Indent.Draw(a, int(at.indent), f.theme)
	return x + a.Text(x, 0, f.state(at).Glyph(&f.theme.Glyphs), f.theme.Dim) + 1
}

// textInk is the ink of what a row says: strong where the call itself differs, dim where nothing at it and below does.
func (f *frame) textInk(at row) draw.Ink {
	switch {
	case at.kind == pairRow && !f.notable(at):
		return f.theme.Dim
	case at.kind == callRow && f.stands(int(at.node)):
		return f.theme.Strong
	case at.kind == callRow && f.weighs.In(int(at.node), int(at.end)) == 0:
		return f.theme.Dim
	}
	return f.theme.Text
}

// badgesWidth is the cells that badges take.
func badgesWidth(list []tree.Badge) int {
	n := 0
	for _, b := range list {
		n += draw.Width(b.Text) + 1
	}
	return n
}

// drawName draws indentation, fold, service and operation, and the badges at the right.
func (f *frame) drawName(a draw.Area, n int, side views.Side, badges []tree.Badge) {
	x := f.drawIndent(a, f.list[n])
	name := f.name(n, side)
	if !f.merged && !f.showServices(n, a.W()-x) {
		name.Service = ""
	}
	name.Draw(a, x, max(tree.DrawBadges(a, x, badges)-x, 0))
}

// name is what row n is called on a side.
func (f *frame) name(n int, side views.Side) tree.Name {
	at := f.list[n]
	service, operation := f.names(at, side)
	name := tree.Name{Service: service, Operation: operation, ServiceInk: f.theme.Service(service), Ink: f.textInk(at), Whole: true}
	name.Stem, name.Brief = f.stems[service], draw.WithoutPackage(operation)
	if n != f.tree.Top && f.known(n) {
		name.Service = ""
	}
	if f.failedHere(at, side) {
		name.Ink = f.theme.Error
	}
	return name
}

// showServices reports whether both sides have room for the service of row n: its names are then read as the same.
func (f *frame) showServices(n, room int) bool {
	for side := range f.facts {
		s := views.Side(side)
		if f.spanOf(f.list[n], s) < 0 {
			continue
		}
		if name := f.name(n, s); !name.ShowsService(room - badgesWidth(f.badges(f.list[n], s))) {
			return false
		}
	}
	return true
}

// badges lists a row's badges on one side from right to left: of a closed row they count what is beneath it.
func (f *frame) badges(at row, side views.Side) []tree.Badge {
	var list []tree.Badge
	theme, g := f.theme, &f.theme.Glyphs
	if at.kind != callRow {
		return nil
	}
	list = f.errorsBeneath(list, at, f.calls[at.node].side[side].below)
	if side == views.Bad {
		list = f.hiddenBadge(list, at)
	}
	if f.group(int(at.node)) {
		n := len(f.spans(int(at.node), side))
		list = append(list, tree.Badge{Text: g.Times + strconv.Itoa(n), Ink: theme.Strong})
	}
	return list
}

// errorsBeneath adds how many errors are folded beneath a row.
func (f *frame) errorsBeneath(list []tree.Badge, at row, n int) []tree.Badge {
	if n == 0 || f.state(at) == tree.Open {
		return list
	}
	return append(list, tree.Badge{Text: "+" + strconv.Itoa(n) + f.theme.Glyphs.Error, Ink: f.theme.Error})
}

// hiddenBadge adds how many differences are folded beneath a row.
func (f *frame) hiddenBadge(list []tree.Badge, at row) []tree.Badge {
	if f.state(at) == tree.Open {
		return list
	}
	if n := f.jumps.In(int(at.node)+1, int(at.end)); n > 0 {
		list = append(list, tree.Badge{Text: "+" + strconv.Itoa(n) + f.theme.Glyphs.Changed, Ink: f.theme.Changed})
	}
	return list
}

// absentGlyph fills the place of what a side lacks. Avoidable time, which was there, looks otherwise.
const absentGlyph = "╌"

// absent says that this side lacks what the other has, and why where that is known.
func (f *frame) absent(a draw.Area, at row, why string, ink draw.Ink) {
	x := min(f.tree.Indent.Draw(a, int(at.indent), f.theme), a.W())
	a = a.Sub(x, 0, a.W()-x-1, 1)
	a.Text(0, 0, strings.Repeat(absentGlyph, max(a.W(), 0)), f.theme.Hatch)
	if why != "" && a.W() > 4 {
		a.TextEllipsis(2, 0, a.W()-3, " "+why+" ", ink)
	}
}

func (f *frame) lackInk(at row) draw.Ink {
	n := &f.c.Nodes[at.node]
	switch {
	case n.NotReached:
		return f.theme.Dim
	case len(n.Good) < len(n.Bad):
		return f.theme.Added
	}
	return f.theme.Removed
}

// drawHeading draws a row that stands for others: on the good side what holds for both.
func (f *frame) drawHeading(a draw.Area, at row, side views.Side) {
	switch {
	case side == views.Good:
		x := f.drawIndent(a, at)
		a.TextEllipsis(x, 0, a.W()-x, f.headingText(at), f.theme.Dim)
	case at.kind == runRow && f.c.Nodes[at.node].NotReached:
		f.absent(a, at, "not executed", f.theme.Dim)
	}
}

// drawPart draws what differs between the two sides of a row: signs, and behind skip cells what the row contributed to the
// difference and its share. What an open row says is its own, what a closed one says is that of all it stands for: so
// the rows sum to the whole.
func (f *frame) drawPart(a draw.Area, at row, skip int) {
	if at.kind == callRow && f.signs > 0 {
		ends, is := f.endings(int(at.node))
		if !f.merged || f.layout.side[views.Good].bars == 0 || ends.Text != f.theme.Glyphs.Error { // else it stands at the end of the bar
			a.Text(0, 0, ends.Text, ends.Ink)
		}
		a.Text(1, 0, is.Text, is.Ink)
	}
	made := f.part(at)
	if made == 0 {
		return
	}
	ink := views.DeltaInk(made, f.theme)
	if !f.c.Weighs(made) {
		ink = f.theme.Dim
	}
	x := f.signs + skip
	a.TextRight(x, 0, f.deltas, contributed(f.c).Change(made), ink)
	x += f.deltas
	draw.Share(a, x+1, 0, f.partBar-1, compare.Abs(made), contributed(f.c).Longest, ink)
	a.TextRight(x+f.partBar, 0, f.shares, f.c.Share(made), f.theme.Text)
}

// drawMerged draws a row of the tree that both traces share: what differs, both durations, both bars in one.
func (f *frame) drawMerged(a draw.Area, n int) {
	at, col := f.list[n], f.layout.side[views.Good]
	f.drawName(a.Sub(col.x, 0, max(col.names-1, 0), 1), n, f.namedSide(at), f.mergedBadges(at))
	f.mergedBar(a.Sub(col.x+col.names, 0, col.bars-1, 1), at)
	m := a.Sub(f.delta.x, 0, f.delta.w, 1)
	if f.durs > 0 {
		for side := range f.facts {
			x, width := f.signs, f.base
			if side == int(views.Bad) {
				x, width = x+f.base, f.durs-f.base
			}
			if f.spanOf(at, views.Side(side)) < 0 {
				m.TextRight(x, 0, width, f.lackCell(at, views.Side(side)), f.lackInk(at))
				continue
			}
			ink := f.textInk(at)
			if side == int(views.Good) && ink != f.theme.Dim {
				ink = f.theme.Text
			}
			m.TextRight(x, 0, width, f.lasted(at, views.Side(side), f.theme), ink)
		}
	}
	f.drawPart(m, at, f.durs)
}

// lackCell fills the duration of a side that lacks the call: with the word for it, where it has room.
func (f *frame) lackCell(at row, side views.Side) string {
	room := f.durs - f.base
	if side == views.Good {
		room = f.base
	}
	if word := f.lackWord(at); word != "" && draw.Width(word) < room {
		return word
	}
	return strings.Repeat(absentGlyph, 2)
}

// mergedBadges are the badges of both sides, and in a word that only one trace has the call, where its cell has no room for it.
func (f *frame) mergedBadges(at row) []tree.Badge {
	theme, g, n := f.theme, &f.theme.Glyphs, &f.c.Nodes[at.node]
	var list []tree.Badge
	if ends, _ := f.endings(int(at.node)); f.failedHere(at, f.namedSide(at)) && (ends.Text == "" || at.kind == pairRow) && f.layout.side[views.Good].bars == 0 {
		list = append(list, tree.Badge{Text: g.Error, Ink: theme.Error})
	}
	if at.kind == callRow {
		of := &f.calls[at.node].side
		list = f.errorsBeneath(list, at, cmp.Or(of[views.Bad].below, of[views.Good].below))
		list = f.hiddenBadge(list, at)
	}
	if word := f.lackWord(at); word != "" && (f.durs == 0 || f.lackCell(at, 1-f.namedSide(at)) != word) {
		list = append(list, tree.Badge{Text: word, Ink: f.lackInk(at)})
	}
	if at.kind == callRow && f.group(int(at.node)) {
		text := g.Times + draw.Count(max(len(n.Good), len(n.Bad)))
		if n.Presence == compare.Matched && len(n.Good) != len(n.Bad) {
			text = g.Times + draw.Count(len(n.Good)) + g.Link + g.Times + draw.Count(len(n.Bad))
		}
		list = append(list, tree.Badge{Text: text, Ink: theme.Strong})
	}
	return list
}

func (f *frame) mergedHeading(a draw.Area, at row) {
	col := f.layout.side[views.Good]
	in := a.Sub(col.x, 0, f.delta.x+f.signs+f.durs-col.x, 1) // it has no durations
	x := f.drawIndent(in, at)
	text := f.headingText(at)
	if f.c.Nodes[at.node].NotReached && at.kind == runRow {
		text = "not executed: " + text
	}
	in.TextEllipsis(x, 0, in.W()-x, text, f.theme.Dim)
	f.drawPart(a.Sub(f.delta.x, 0, f.delta.w, 1), at, f.durs)
}

// middle draws the lines around the columns between the two sides and returns where these are.
func (f *frame) middle(a draw.Area) draw.Area {
	m := a.Sub(f.delta.x, 0, f.delta.w, 1)
	m.Text(0, 0, f.theme.Glyphs.Vertical, f.theme.Border)
	m.Text(f.delta.w-1, 0, f.theme.Glyphs.Vertical, f.theme.Border)
	return m
}

// endings returns what differs at a call that both traces have, in two signs: how it ends, and what it is. That one lacks it
// is said in words in its place, where a minus before the other's duration would be read as part of that.
func (f *frame) endings(i int) (ends, is tree.Badge) {
	n, call, g, theme := &f.c.Nodes[i], &f.calls[i], &f.theme.Glyphs, f.theme
	if n.Presence != compare.Matched {
		return ends, is
	}
	switch good, bad := call.side[views.Good].failed, call.side[views.Bad].failed; {
	case good == 0 && bad > 0:
		ends = tree.Badge{Text: g.Error, Ink: theme.Error}
	case good > 0 && bad == 0:
		ends = tree.Badge{Text: g.OK, Ink: theme.OK}
	}
	switch {
	case n.Relaxed:
		is = tree.Badge{Text: "≈", Ink: theme.Changed}
	case f.has(i, compare.KindAttribute), f.has(i, compare.KindOrder):
		is = tree.Badge{Text: g.Changed, Ink: theme.Changed}
	}
	return ends, is
}
