package app

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// startNote marks the trace if it is not, and takes a note about it in the status line.
func (m *model) startNote() {
	if t := m.current(); m.good != t {
		m.good, m.note = t, ""
	}
	m.noting = &prompt.Input{Placeholder: "why this trace: enter keeps the note, esc drops it"}
	m.noting.SetText(m.note)
}

// typeNote takes a key for the note.
func (m *model) typeNote(msg tea.KeyPressMsg) {
	switch msg.String() {
	case "enter":
		m.note, m.noting = m.noting.Text(), nil
		m.say("baseline: " + m.goodWords() + " · " + m.keys.key(views.CompareGood) + " on another trace compares the two")
	case "esc":
		m.noting = nil
	default:
		m.noting.Key(msg)
	}
}

// drawNote draws the note that is being typed over the status line.
func (m *model) drawNote(a draw.Area) {
	a.Fill(draw.Ink{})
	x := 1 + a.Text(1, 0, "note: ", m.opt.look.Title)
	m.noting.Draw(a.Sub(x, 0, a.W()-x, 1), m.env(true), true, -1)
}

// goodWords names the marked trace, with its note.
func (m *model) goodWords() string {
	words := traceWords(m.good)
	if m.note != "" {
		words += " · " + draw.Clean(m.note)
	}
	return words
}

// noteMarkdown is the note about the marked trace as a line of Markdown, "" where there is none or where the trace
// is not what is shared.
func (m *model) noteMarkdown() string {
	if m.good == nil || m.note == "" {
		return ""
	}
	c := m.compare.Comparison()
	if m.current() == m.good || m.screen() == compareScreen && c != nil && c.Good.Trace == m.good {
		return "\nNote on the baseline trace: " + draw.MarkdownText(draw.Clean(m.note)) + "\n"
	}
	return ""
}
