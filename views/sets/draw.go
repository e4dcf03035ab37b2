package sets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/tree"
)

// Draw implements Screen. Only the rows on screen are formatted.
func (s *Sets) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	if s.c == nil {
		s.Fit(a.H(), 0)
		a.TextEllipsis(0, a.H()/2, a.W(), " "+cmp.Or(s.pending, "nothing is compared"), env.Theme.Dim)
		return
	}
	total := a.H()
	if a.H() >= 5 {
		lines := draw.Wrap(cmp.Or(s.pending, s.c.Headline), max(a.W()-2, 1))
		var head draw.Area
		head, a = a.Top(min(len(lines), 3, a.H()-4))
		head.Lines(lines, env.Theme.Strong)
		_, a = a.Top(1)
	}
	s.Fit(a.H(), len(s.rows))
	s.DrawRows(a, total-a.H(), len(s.rows), 0, env.Focused, env, func(line draw.Area, n int) { s.drawRow(line, s.rows[n], env.Theme) })
}

func (s *Sets) drawRow(a draw.Area, r setRow, theme *style.Theme) {
	in := a.Sub(2, 0, a.W()-3, 1)
	switch r.kind {
	case setTitle:
		s.drawSection(in, r, theme)
	case setNone:
		in.TextEllipsis(2, 0, in.W()-2, s.emptyText(r.section), theme.Dim)
	case setMore:
		in.TextEllipsis(2, 0, in.W()-2, s.moreText(r, theme), theme.Dim)
	case setNote:
		in.TextEllipsis(8, 0, in.W()-8, s.standing(r.item), theme.Text)
	case setProof:
		in.TextEllipsis(8, 0, in.W()-8, s.proofText(r), theme.Dim)
	case setItem:
		s.drawItem(in, r, theme)
	case setBlank:
	}
}

// The columns of the summary and of rows with a share on both sides.
const (
	setLabel = 22
	setValue = 13
)

func (s *Sets) drawSection(a draw.Area, r setRow, theme *style.Theme) {
	glyph := theme.Glyphs.Open
	if s.closed[r.section] {
		glyph = theme.Glyphs.Folded
	}
	title := setSectionTitles[r.section].title
	x := a.Text(0, 0, glyph+" ", theme.Dim)
	n := s.items[r.section]
	if r.section == setSummary {
		a.Text(x, 0, title, theme.Header)
		x = setLabel
		for _, head := range [...]string{"BASELINE", "BAD", theme.Glyphs.Delta} {
			a.TextRight(x, 0, setValue, head, theme.Header)
			x += setValue
		}
		return
	}
	x += a.TextEllipsis(x, 0, a.W()-x, title, theme.Header)
	if n > 0 {
		x += a.Text(x+1, 0, "("+draw.Count(n)+")", theme.Dim)
	}
	if n > 0 {
		a.TextEllipsis(x+3, 0, a.W()-x-3, s.besideTitle(r.section), theme.Dim)
	}
}

func (s *Sets) drawItem(a draw.Area, r setRow, theme *style.Theme) {
	c := s.c
	switch r.section {
	case setSummary:
		s.drawSummary(a, r.item, theme)
	case setCulprits:
		s.drawCulprit(a, r.item, theme)
	case setContributions:
		s.drawPart(a, c.Contributions, r.item, c.Delta, s.share(c.Contributions[r.item].Delta), theme)
	case setTail:
		s.drawPart(a, s.tail(), r.item, c.Tail.Delta, views.ShareOf(s.tail()[r.item].Delta, c.Tail.Delta, 0), theme)
	case setAttributes:
		s.drawAttribute(a, &c.Attributes[r.item], theme)
	case setShapes:
		s.drawWay(a, r.item, theme)
	case setCalls:
		i := s.changed[r.item]
		x := 2 + s.callWidth(a.W()) + 2
		a.TextMiddle(2, 0, x-4, setCallName(c.Calls[i].Op), theme.Strong)
		a.TextEllipsis(x, 0, a.W()-x, s.callText(i, false), theme.Text)
	case setLeftOut:
		a.TextEllipsis(2, 0, a.W()-2, s.leftOutText(r.item), theme.Text)
	case setSampling:
		a.TextEllipsis(2, 0, a.W()-2, s.samplerText(r.item), theme.Text)
	default:
	}
}

// drawCulprit draws a service that is to blame: its share of the blame, and why.
func (s *Sets) drawCulprit(a draw.Area, item int, theme *style.Theme) {
	p := &s.c.Culprits[item]
	if len(p.Evidence) > 0 {
		glyph := theme.Glyphs.Folded
		if s.proofs[item] {
			glyph = theme.Glyphs.Open
		}
		a.Text(2, 0, glyph, theme.Dim)
	}
	a.TextRight(3, 0, 3, draw.Count(item+1), theme.Dim)
	x := 7
	x += a.Text(x, 0, fmt.Sprintf("%5.2f  ", p.Score), theme.Text)
	ink := theme.Service(p.Service)
	ink.Attr |= theme.Strong.Attr
	a.TextEllipsis(x, 0, s.nameWidth(a.W()), p.Service, ink)
	x += s.nameWidth(a.W()) + 2
	a.TextEllipsis(x, 0, a.W()-x, p.Message, theme.Text)
}

// nameWidth is the width of the column of the culprits' services.
func (s *Sets) nameWidth(w int) int {
	n := 0
	for k := range s.c.Culprits {
		n = max(n, draw.Width(s.c.Culprits[k].Service))
	}
	return min(n, max(w/4, 8))
}

// callWidth is the width of the column of the changed calls that are shown at first.
func (s *Sets) callWidth(w int) int {
	n := 0
	for _, i := range s.changed[:min(len(s.changed), setItemsMost)] {
		n = max(n, draw.Width(setCallName(s.c.Calls[i].Op)))
	}
	return min(n, w*2/5)
}

// drawSummary draws a line of the summary: both sides, the difference, and how certain it is.
func (s *Sets) drawSummary(a draw.Area, line int, theme *style.Theme) {
	cells := s.summary(line)
	a.Text(2, 0, summaryLines[line], theme.Key)
	x := setLabel
	for k, text := range cells[:3] {
		ink := theme.Text
		if k == 2 && strings.HasPrefix(text, "+") {
			ink = theme.Added
		} else if k == 2 {
			ink = theme.Removed
		}
		a.TextRight(x, 0, setValue, text, ink)
		x += setValue
	}
	a.TextEllipsis(x+2, 0, a.W()-x-2, cells[3], theme.Dim)
}

// drawPart draws one of the parts of a whole difference, as the causes of a pair of traces are drawn.
func (s *Sets) drawPart(a draw.Area, parts []compare.Contribution, k int, whole int64, share string, theme *style.Theme) {
	part := parts[k]
	a.TextRight(1, 0, 4, draw.Count(k+1), theme.Dim)
	x := 5
	a.TextRight(x, 0, views.DeltaWidth, contributed(parts).Change(part.Delta), views.DeltaInk(part.Delta, theme))
	x += views.DeltaWidth
	a.TextRight(x, 0, views.ShareWidth, share, theme.Dim)
	x += views.ShareWidth + 2
	what := partText(part)
	if offset := s.c.Offset(part.Delta, whole); offset != "" && share != "" {
		what += "; " + offset
	}
	room := max((a.W()-x)*45/100, a.W()-x-2-draw.Width(what)) // the name takes what the text leaves
	text, call := s.c.PartName(part), &s.c.Calls[part.Node]
	service := call.Op.Service
	if strings.HasPrefix(text, call.Worker+" ") {
		service = call.Worker
	}
	name := tree.Called(text, service, s.stems, theme.Strong)
	at, width := name.Draw(a, x, room)
	x = at + width + 2
	a.TextEllipsis(x, 0, a.W()-x, what, theme.Text)
}

// partText says what a part is, where its size stands beside it.
func partText(part compare.Contribution) string {
	switch {
	case part.Kind == compare.KindDuration:
		return "self time"
	case part.Kind == compare.KindGap && !part.Apart:
		return "network/queue time"
	default:
		return part.Message
	}
}

// drawAttribute draws how often both sides have an attribute.
func (s *Sets) drawAttribute(a draw.Area, r *population.AttributeRate, theme *style.Theme) {
	x := 2 + setShares + 2
	if slices.ContainsFunc(s.c.Attributes, func(r population.AttributeRate) bool { return r.Numbers != nil }) {
		x = setLabel + 6
	}
	if r.Numbers == nil {
		drawShares(a, 2, [2]string{draw.PercentOf(r.Share(0)), draw.PercentOf(r.Share(1))}, theme.Added, theme)
	} else {
		text := "p50 " + number(r.Numbers.P50[0]) + " " + theme.Glyphs.Link + " " + number(r.Numbers.P50[1])
		x = max(x, a.TextEllipsis(2, 0, a.W()/3, text, theme.Added)+4)
	}
	x += a.TextEllipsis(x, 0, a.W()-x, draw.Escape(r.Text()), theme.Strong) + 2
	rest := r.Scope
	if r.Numbers != nil {
		rest += "; " + numbersText(r)
	}
	if len(r.Also) > 0 {
		rest += "; the same traces: " + strings.Join(r.Also, ", ")
	}
	a.TextEllipsis(x, 0, a.W()-x, rest, theme.Dim)
}

// drawShares draws from a cell on which shares of the traces of both sides have something, and returns where they end.
func drawShares(a draw.Area, x int, shares [2]string, ink draw.Ink, theme *style.Theme) int {
	a.TextRight(x, 0, setShare, shares[0], ink)
	x += setShare + 1
	x += a.Text(x, 0, theme.Glyphs.Link+" ", ink)
	a.TextRight(x, 0, setShare, shares[1], ink)
	return x + setShare
}

// drawWay draws a way: how many went it, what it cost, and what is different.
func (s *Sets) drawWay(a draw.Area, item int, theme *style.Theme) {
	w := s.wayOf(item)
	ink := theme.Removed
	if w.gained {
		ink = theme.Added
	}
	a.TextEllipsis(2, 0, setLabel-2, w.kind, ink)
	x := drawShares(a, setLabel, [2]string{w.share(0), w.share(1)}, theme.Text, theme)
	cost := ""
	if w.cost != 0 {
		cost = s.costs().Change(w.cost)
	}
	a.TextRight(x, 0, views.DeltaWidth, cost, views.DeltaInk(w.cost, theme))
	x += views.DeltaWidth + 2
	x += a.TextEllipsis(x, 0, a.W()-x, w.message, theme.Text) + 2
	if a.W() >= setWayRoom && draw.Width(w.sum) <= a.W()-x {
		a.Text(x, 0, w.sum, theme.Dim)
	}
}
