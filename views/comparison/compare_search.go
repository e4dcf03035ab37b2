package comparison

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// search looks for calls by their words: what they are called, and what differs at them.
type search struct {
	input  prompt.Input
	typing bool
	before string // the text when typing began: esc goes back to it
	origin int    // the node the cursor was on then
	found  []int  // nodes, in order
}

// Typing implements Screen: keys go to the search.
func (v *Comparison) Typing() bool { return v.search.typing }

func (v *Comparison) startSearch() {
	r, _ := v.row()
	s := &v.search
	s.typing, s.before, s.origin = true, s.input.Text(), int(r.node)
	v.pane = paneRows
	v.Find()
}

// Type implements Screen. Each key goes to the first call from where the search began; enter without another text
// goes to the next one.
func (v *Comparison) Type(key tea.KeyPressMsg) views.Action {
	s := &v.search
	if v.c == nil {
		s.typing = false
		return nil
	}
	switch key.Keystroke() {
	case "enter":
		s.typing = false
		if s.input.Text() == s.before {
			v.seek(s.origin+1, true)
		}
		return v.foundWords()
	case "esc", "ctrl+c", "ctrl+g":
		s.typing = false
		s.input.SetText(s.before)
		v.goTo(s.origin)
	case "up", "ctrl+p":
		v.seek(v.searchedFrom(), false)
	case "down", "ctrl+n":
		v.seek(v.searchedFrom()+1, true)
	default:
		if _, changed := s.input.Key(key); changed {
			v.Find()
			v.seek(s.origin, true)
		}
	}
	return nil
}

// searchedFrom is the node under the cursor.
func (v *Comparison) searchedFrom() int {
	r, _ := v.row()
	return int(r.node)
}

// Find lists the calls that contain what is searched for.
func (v *Comparison) Find() {
	s := &v.search
	s.found = s.found[:0]
	lower := strings.ToLower(s.input.Text())
	for i := range v.c.Nodes {
		if lower != "" && (prompt.ContainsFold(v.c.Name(i), lower) || prompt.ContainsFold(v.details(i), lower)) {
			s.found = append(s.found, i)
		}
	}
}

// seek goes to the first found call from a node on, or to the last before it; at the end it begins again. Where
// there is none the cursor is where the search began.
func (v *Comparison) seek(from int, forward bool) {
	found := v.search.found
	if len(found) == 0 {
		v.goTo(v.search.origin)
		return
	}
	k, _ := slices.BinarySearch(found, from)
	if !forward {
		k += len(found) - 1
	}
	v.goTo(found[k%len(found)])
}

// foundWords says which of the found calls the cursor is on.
func (v *Comparison) foundWords() views.Action {
	s := &v.search
	text := "“" + s.input.Text() + "”"
	switch {
	case s.input.Text() == "":
		return nil
	case len(s.found) == 0:
		return views.Say{Text: "no call with " + text + " in its name or differences"}
	}
	k, _ := slices.BinarySearch(s.found, v.searchedFrom())
	return views.Say{Text: "call " + draw.Count(k+1) + " of " + draw.Count(len(s.found)) + " with " + text + "; search again for the next"}
}

// drawSearch draws the line that is typed into, and how many calls are found.
func (v *Comparison) drawSearch(a draw.Area, env *views.Env) {
	s := &v.search
	a.Fill(draw.Ink{})
	count := draw.CountNoun(len(s.found), "call", "calls")
	room := max(a.W()-draw.Width(count)-2, 0)
	a.TextRight(room, 0, a.W()-room-1, count, env.Theme.Dim)
	a.Text(1, 0, "/", env.Theme.Accent)
	s.input.Draw(a.Sub(3, 0, max(room-4, 0), 1), env, env.Focused, -1)
}
