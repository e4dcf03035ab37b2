package views

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// waterSearch is the search within the trace. The text goes to the program with a Query; what it finds comes back
// by SetMatches, maybe much later.
type waterSearch struct {
	typing  bool
	text    string
	origin  int  // the span the search began at: less and vim go back there while one types
	seeking bool // the next matches move the cursor
}

// Typing tells whether keys go to the search.
func (w *Waterfall) Typing() bool { return w.search.typing }

// startSearch begins to type.
func (w *Waterfall) startSearch() {
	w.search = waterSearch{typing: true, origin: int(w.st.rows[w.cursor].span)}
}

// Type takes a key of the search's text.
func (w *Waterfall) Type(key tea.KeyPressMsg) Action {
	text := w.search.text
	switch key.String() {
	case "enter":
		w.search.typing = false
		return Query{Text: text, Done: true}
	case "esc", "ctrl+c", "ctrl+g":
		return w.endSearch()
	case "backspace", "ctrl+h":
		if text == "" {
			return w.endSearch()
		}
		_, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
	case "ctrl+w":
		text = strings.TrimRight(text, " ")
		text = text[:strings.LastIndexByte(text, ' ')+1]
	case "ctrl+u":
		text = ""
	default:
		text += key.Text
	}
	if text == w.search.text {
		return nil
	}
	w.search.text, w.search.seeking = text, true
	return Query{Text: text}
}

// endSearch gives up the search; the cursor goes back to where it was.
func (w *Waterfall) endSearch() Action {
	origin, typing := w.search.origin, w.search.typing
	w.search = waterSearch{}
	w.SetMatches(nil, false)
	if typing {
		w.Select(origin)
	}
	return Query{Done: true}
}

// seek moves the cursor to the first match from where the search began.
func (w *Waterfall) seek() {
	if !w.search.seeking || w.st.matches == nil {
		return
	}
	w.search.seeking = w.search.typing
	to := w.st.matches.next(w.search.origin - 1)
	if to < 0 {
		to = w.st.matches.next(-1)
	}
	if to < 0 {
		to = w.search.origin
	}
	w.Select(to)
}
