package prompt

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/clipperhouse/uax29/v2/graphemes"

	"tracefall/views"
	"tracefall/views/draw"
)

// MaxInput is what an Input takes at most, in bytes: a screenful of pasted log lines.
const MaxInput = 16 << 10

// Input is a line of text being edited: a query, a search, what the palette looks for. The cursor moves by what a
// person calls a character (grapheme clusters). The keys are those of the shell: arrows, ctrl-a ctrl-e, alt-b
// alt-f, ctrl-w, ctrl-u, ctrl-k, alt-d.
//
// The zero Input is empty and ready. What was pasted is kept as it is but for line ends and tabs, which become
// blanks; it is neutralised where it is drawn.
type Input struct {
	Placeholder string // shown dim while the text is empty

	text  string
	at    int // the cursor, in bytes: always between two clusters
	shift int // cells scrolled off at the left; kept by Draw
}

// Text returns the text.
func (in *Input) Text() string { return in.text }

// SetText replaces the text and puts the cursor at its end.
func (in *Input) SetText(text string) {
	in.text, in.at, in.shift = "", 0, 0
	in.Insert(text)
}

// Insert puts text at the cursor, as typing or pasting does. It reports whether there was room for all of it.
func (in *Input) Insert(text string) bool {
	all := true
	if room := MaxInput - len(in.text); len(text) > room {
		for room > 0 && !utf8.RuneStart(text[room]) {
			room--
		}
		text, all = text[:room], false
	}
	text = oneLine.Replace(text)
	in.text = in.text[:in.at] + text + in.text[in.at:]
	in.at = in.clusterEnd(in.at + len(text))
	return all
}

var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ", "\u2028", " ", "\u2029", " ")

// Key takes a key. It reports whether the key meant something, and whether the text is another one now. A paste is
// a key whose Text is what was pasted.
func (in *Input) Key(key tea.KeyPressMsg) (taken, changed bool) {
	before := in.text
	switch {
	case key.Text != "" && key.Mod&(tea.ModCtrl|tea.ModAlt) == 0:
		in.Insert(key.Text)
	case !in.edit(key.Keystroke()):
		return false, false
	}
	return true, in.text != before
}

// edit carries out an editing key.
func (in *Input) edit(key string) bool {
	switch key {
	case "left", "ctrl+b":
		in.at = in.before(in.at)
	case "right", "ctrl+f":
		in.at = in.after(in.at)
	case "home", "ctrl+a":
		in.at = 0
	case "end", "ctrl+e":
		in.at = len(in.text)
	case "alt+b", "alt+left", "ctrl+left":
		in.at = in.wordStart()
	case "alt+f", "alt+right", "ctrl+right":
		in.at = in.wordEnd()
	case "backspace", "ctrl+h", "shift+backspace":
		in.cut(in.before(in.at), in.at)
	case "delete", "ctrl+d":
		in.cut(in.at, in.after(in.at))
	case "ctrl+w":
		in.cut(in.blankWordStart(), in.at)
	case "alt+backspace", "ctrl+backspace":
		in.cut(in.wordStart(), in.at)
	case "alt+d", "alt+delete", "ctrl+delete":
		in.cut(in.at, in.wordEnd())
	case "ctrl+u":
		in.cut(0, in.at)
	case "ctrl+k":
		in.cut(in.at, len(in.text))
	default:
		return false
	}
	return true
}

func (in *Input) cut(from, to int) {
	in.text = in.text[:from] + in.text[to:]
	in.at = in.clusterEnd(from)
}

// clusterEnd returns the first boundary of clusters at or after a place: what is inserted or left after cutting
// may join with its neighbours.
func (in *Input) clusterEnd(at int) int {
	end := 0
	for end < min(at, len(in.text)) {
		end = in.after(end)
	}
	return end
}

// clusterStart returns the last boundary of clusters at or before a place.
func (in *Input) clusterStart(at int) int {
	if at >= len(in.text) {
		return len(in.text)
	}
	start := 0
	for end := 0; end <= at; end = in.after(end) {
		start = end
	}
	return start
}

// after returns the end of the cluster that begins at a boundary.
func (in *Input) after(at int) int {
	if at >= len(in.text) {
		return len(in.text)
	}
	if c := in.text[at]; c < utf8.RuneSelf && (at+1 == len(in.text) || in.text[at+1] < utf8.RuneSelf) {
		return at + 1
	}
	return at + len(graphemes.FromString(in.text[at:]).First())
}

// before returns the beginning of the cluster that ends at a boundary.
func (in *Input) before(at int) int { return in.clusterStart(at - 1) }

// wordStart returns where the word before the cursor begins: letters, digits and _ make a word.
func (in *Input) wordStart() int {
	at := strings.TrimRightFunc(in.text[:in.at], notWord)
	return in.clusterStart(len(strings.TrimRightFunc(at, isWord)))
}

// blankWordStart is wordStart for words between blanks, as ctrl-w has it in a shell.
func (in *Input) blankWordStart() int {
	at := strings.TrimRight(in.text[:in.at], " ")
	return in.clusterStart(strings.LastIndexByte(at, ' ') + 1)
}

// wordEnd returns where the word after the cursor ends.
func (in *Input) wordEnd() int {
	rest := strings.TrimLeftFunc(in.text[in.at:], notWord)
	return in.clusterEnd(len(in.text) - len(strings.TrimLeftFunc(rest, isWord)))
}

func isWord(r rune) bool  { return unicode.In(r, unicode.L, unicode.N, unicode.M) || r == '_' }
func notWord(r rune) bool { return !isWord(r) }

// Draw draws the text into the first line of an area, scrolled so that the cursor is visible where focused is
// set. From byte bad on the text is drawn as wrong; -1 for none.
func (in *Input) Draw(a draw.Area, env *views.Env, focused bool, bad int) {
	a = a.Row(0)
	a.Fill(draw.Ink{})
	if a.Empty() {
		return
	}
	if in.text == "" {
		in.shift = 0
		a.TextEllipsis(0, 0, a.W(), in.Placeholder, env.Theme.Dim)
		if focused {
			a.Cursor(0, 0)
		}
		return
	}
	column, cursor := draw.Width(in.text[:in.at]), 1
	if in.at < len(in.text) {
		cursor = max(draw.Width(in.text[in.at:in.after(in.at)]), 1)
	}
	total := draw.Width(in.text) + 1 // with the cursor behind the last character
	in.scroll(column, cursor, total, a.W(), focused)
	if bad < 0 || bad > len(in.text) {
		bad = len(in.text)
	}
	bad = in.clusterStart(bad)
	n := a.Text(-in.shift, 0, in.text[:bad], env.Theme.Text)
	a.Text(n-in.shift, 0, in.text[bad:], env.Theme.Error.With(draw.Underline))
	if in.shift > 0 {
		a.Text(0, 0, env.Theme.Glyphs.Ellipsis, env.Theme.Dim)
	}
	if total-1-in.shift > a.W() {
		a.Text(a.W()-1, 0, env.Theme.Glyphs.Ellipsis, env.Theme.Dim)
	}
	if focused {
		a.Cursor(column-in.shift, 0)
	}
}

// scroll chooses the shift: as little as shows the cursor beside the signs of what is cut off.
func (in *Input) scroll(column, cursor, total, width int, focused bool) {
	if !focused || total <= width {
		in.shift = 0
		return
	}
	margin := 1
	if width < cursor+2*margin {
		margin = 0
	}
	in.shift = min(in.shift, max(column-margin, 0))
	in.shift = max(in.shift, column+cursor+margin-width)
	in.shift = max(min(in.shift, total-width), 0)
}
