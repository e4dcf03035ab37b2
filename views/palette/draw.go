package palette

import (
	"cmp"
	"unicode/utf8"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/style"
	"tracefall/views/table"
)

// Draw implements Screen. It draws over the middle of the area and leaves the rest as it is.
func (p *Palette) Draw(a draw.Area, env *views.Env) {
	in, y := p.Frame(a, table.OverlayHeight, cmp.Or(p.choice.Title, "Command palette"), env)
	end := y + in.H()
	line, in := in.Top(1)
	p.drawInput(line, env)
	if p.Box.H >= 8 {
		line, in = in.Top(1)
		line.HLine(0, 0, line.W(), env.Theme.Border)
	}
	if in.H() >= 4 {
		in, line = in.Bottom(1)
		p.drawFoot(line, env)
		end--
	}
	p.Fit(in.H(), p.count())
	if p.count() == 0 {
		if p.wrong == "" { // else that stands beside the text
			in.Inset(2, 0).TextEllipsis(0, 0, in.W()-4, p.nothing(), env.Theme.Dim)
		}
		return
	}
	p.DrawRows(in, end-in.H(), p.count(), 0, true, env, func(line draw.Area, row int) { p.drawRow(line, row, env) })
}

func (p *Palette) drawInput(a draw.Area, env *views.Env) {
	prompt, a := a.Left(2)
	prompt.Text(0, 0, ":", env.Theme.Prompt)
	p.input.Placeholder = cmp.Or(p.choice.Placeholder, "command, service, operation, trace id, or text with a trace id in it")
	a, _ = a.Right(1)
	if p.wrong != "" {
		wrong := env.Theme.Glyphs.Error + " " + p.wrong
		rest, end := a.Right(min(draw.Width(wrong), max(a.W()-draw.Width(p.input.Text())-2, 0)))
		end.TextEllipsis(0, 0, end.W(), wrong, env.Theme.Error)
		a = rest
	}
	p.input.Draw(a, env, true, -1)
}

// drawFoot draws how much there is, and the signs that narrow it.
func (p *Palette) drawFoot(a draw.Area, env *views.Env) {
	text := draw.Count(p.total) + " of " + draw.Count(len(p.items))
	switch {
	case p.choice.Title != "":
		text = draw.Count(p.count()) + " of " + draw.Count(len(p.items))
		if p.count() > len(p.items) || len(p.traces) > 0 {
			text = ""
		}
	case len(p.traces) > 0 && p.total == 0:
		text = draw.Amount(p.index.Set().Len(), "trace") + " searched"
	case p.full:
		text = "only the first " + draw.Bytes(prompt.MaxInput) + " were taken"
	case p.total > len(p.hits):
		text = draw.Count(p.total) + " matches, the best " + draw.Count(len(p.hits)) + " shown"
	}
	a = a.Inset(1, 0)
	n := a.TextRight(0, 0, a.W(), text, env.Theme.Dim) + 2
	if p.choice.Title != "" {
		return // there is one kind
	}
	x := 0
	for kind, k := range paletteKinds {
		if k.sign == "" || seldom(Kind(kind)) && !p.has[kind] || x+len(k.many)+3 > a.W()-n {
			continue
		}
		x += a.Text(x, 0, k.sign, env.Theme.KeyHint) + 1
		x += a.Text(x, 0, k.many, env.Theme.Dim) + 2
	}
}

// seldom tells which kinds most people have nothing of.
func seldom(kind Kind) bool { return kind == PaletteQuery || kind == PaletteStory }

// drawRow draws an item: its text with what matches marked, its note, its keys or its kind.
func (p *Palette) drawRow(a draw.Area, row int, env *views.Env) {
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
	if p.choice.Title == "" && draw.Width(label)+12 < in.W() {
		n := in.TextRight(0, 0, in.W(), label, labelInk)
		in, _ = in.Right(n + 2)
	}
	text, note := item.Text, cmp.Or(item.Disabled, item.Note)
	if item.Short != "" && draw.Width(text)+2+draw.Width(note) > in.W() {
		text = item.Short
	}
	n := in.TextEllipsis(0, 0, in.W(), text, ink)
	markMatches(in.Sub(0, 0, n, 1), text, matched, theme)
	if room := in.W() - n - 2; note != "" && room > 4 {
		if draw.Width(note) > room {
			note = draw.Shorten(draw.WithoutBrackets(note), room)
		}
		in.TextEllipsis(n+2, 0, room, note, theme.Dim)
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
func (p *Palette) Status(*views.Env) (left, right string) {
	return draw.CountNoun(p.total+len(p.traces), "match", "matches"), ""
}
