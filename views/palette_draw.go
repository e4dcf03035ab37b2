package views

import (
	"unicode/utf8"

	"tracefall/views/draw"
	"tracefall/views/style"
)

const (
	paletteWidth  = 110 // cells at most
	paletteHeight = 22  // lines at most
)

// Draw implements Screen. It draws over the middle of the area and leaves the rest as it is.
func (p *Palette) Draw(a draw.Area, env *Env) {
	w, h := min(a.W(), paletteWidth), min(a.H(), paletteHeight)
	if w < a.W() || a.W() > 60 {
		w = min(w, a.W()-4)
	}
	x, y := (a.W()-w)/2, min(max((a.H()-h)/4, 0), 3)
	p.box = boxPlaces{x: x, y: y, w: w, h: h}
	in := a.Sub(x, y, w, h).Box("go to", env.Theme.Border, env.Theme.Title)
	border := 0
	if in.H() < h {
		border = 1
	}
	line, in := in.Top(1)
	p.drawInput(line, env)
	if h >= 8 {
		var rule draw.Area
		rule, in = in.Top(1)
		rule.HLine(0, 0, rule.W(), env.Theme.Border)
	}
	var foot draw.Area
	if in.H() >= 4 {
		in, foot = in.Bottom(1)
		p.drawFoot(foot, env)
	}
	p.box.rows = y + h - border - foot.H() - in.H()
	p.fit(in.H(), p.count())
	if p.count() == 0 {
		in.Inset(2, 0).TextEllipsis(0, 0, in.W()-4, p.nothing(), env.Theme.Dim)
		return
	}
	for k := 0; k < in.H() && p.top+k < p.count(); k++ {
		p.drawRow(in.Row(k), p.top+k, env)
	}
	in.Scrollbar(in.W()-1, p.top, p.count(), env.Theme.Border, env.Theme.Scrollbar)
}

func (p *Palette) drawInput(a draw.Area, env *Env) {
	prompt, a := a.Left(2)
	prompt.Text(0, 0, ":", env.Theme.Prompt)
	p.input.Placeholder = "command, service, operation, trace id, or text with a trace id in it"
	a, _ = a.Right(1)
	p.input.Draw(a, env, true, -1)
}

// drawFoot draws how much there is, and the signs that narrow it.
func (p *Palette) drawFoot(a draw.Area, env *Env) {
	text := draw.Count(p.total) + " of " + draw.Count(len(p.items.items))
	switch {
	case len(p.traces) > 0 && p.total == 0:
		text = amount(p.index.Set().Len(), "trace") + " searched"
	case p.full:
		text = "only the first " + draw.Bytes(maxInput) + " were taken"
	case p.total > len(p.hits):
		text += ", the best " + draw.Count(len(p.hits)) + " shown"
	}
	a = a.Inset(1, 0)
	n := a.TextRight(0, 0, a.W(), text, env.Theme.Dim) + 2
	x := 0
	for kind, k := range paletteKinds {
		if k.sign == "" || seldom(PaletteKind(kind)) && !p.has[kind] || x+len(k.many)+3 > a.W()-n {
			continue
		}
		x += a.Text(x, 0, k.sign, env.Theme.KeyHint) + 1
		x += a.Text(x, 0, k.many, env.Theme.Dim) + 2
	}
}

// seldom tells which kinds most people have nothing of.
func seldom(kind PaletteKind) bool { return kind == PaletteQuery || kind == PaletteStory }

func (p *Palette) nothing() string {
	if len(p.input.Text()) > maxFuzzy {
		return "no trace id in this text"
	}
	return "nothing matches"
}

// drawRow draws an item: its text with what matches marked, its note, its keys or its kind.
func (p *Palette) drawRow(a draw.Area, row int, env *Env) {
	item, matched := p.at(row)
	theme := env.Theme
	ink := theme.Text
	if item.Disabled != "" {
		ink = theme.Disabled
	}
	in := a.Sub(2, 0, a.W()-4, 1)
	label, labelInk := paletteKinds[item.Kind].name, theme.Dim
	if item.Keys != "" {
		label, labelInk = item.Keys, theme.KeyHint
	}
	if draw.Width(label)+12 < in.W() {
		n := in.TextRight(0, 0, in.W(), label, labelInk)
		in, _ = in.Right(n + 2)
	}
	n := in.TextEllipsis(0, 0, in.W(), item.Text, ink)
	markMatches(in.Sub(0, 0, n, 1), item.Text, matched, theme)
	note := item.Note
	if item.Disabled != "" {
		note = item.Disabled
	}
	if room := in.W() - n - 2; note != "" && room > 4 {
		in.TextEllipsis(n+2, 0, room, note, theme.Dim)
	}
	if row == p.row {
		a.Text(0, 0, theme.Glyphs.Selection, theme.Accent)
		a.Paint(theme.Selected)
	}
}

// markMatches underlines the bytes of a text that match, where it was drawn from the area's left edge on.
func markMatches(a draw.Area, text string, matched []int, theme *style.Theme) {
	ink := draw.Ink{FG: theme.Accent.FG, Attr: draw.Bold | draw.Underline}
	x, at := 0, 0
	for _, m := range matched {
		if m < at || m >= len(text) || !utf8.RuneStart(text[m]) {
			continue
		}
		x += draw.Width(text[at:m])
		at = m
		if x >= a.W() {
			return
		}
		_, n := utf8.DecodeRuneInString(text[m:])
		a.Sub(x, 0, max(draw.Width(text[m:m+n]), 1), 1).Paint(ink)
	}
}

// Status implements Screen.
func (p *Palette) Status(*Env) (left, right string) {
	if n := p.total + len(p.traces); n != 1 {
		return draw.Count(n) + " matches", ""
	}
	return "1 match", ""
}
