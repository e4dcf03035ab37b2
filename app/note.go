package app

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// startNote marks the trace if it is not, and takes a note about it in the status line.
func (c *comparing) startNote() {
	if t := c.current(); c.good != t {
		c.good, c.note = t, ""
	}
	c.noting = &prompt.Input{Placeholder: "why this trace: enter keeps the note, esc drops it"}
	c.noting.SetText(c.note)
}

// typeNote takes a key for the note.
func (c *comparing) typeNote(msg tea.KeyPressMsg) {
	switch msg.String() {
	case "enter":
		c.note, c.noting = c.noting.Text(), nil
		c.say("baseline: " + c.goodWords() + " · " + c.keys.key(views.CompareGood) + " on another trace compares the two")
	case "esc":
		c.noting = nil
	default:
		c.noting.Key(msg)
	}
}

// drawNote draws the note that is being typed over the status line.
func (c *comparing) drawNote(a draw.Area, env *views.Env) {
	a.Fill(draw.Ink{})
	x := 1 + a.Text(1, 0, "note: ", env.Theme.Title)
	c.noting.Draw(a.Sub(x, 0, a.W()-x, 1), env, true, -1)
}

// noteMarkdown is the note about the marked trace as a line of Markdown, "" where there is none or where the trace
// is not what is shared.
func (c *comparing) noteMarkdown() string {
	if c.good == nil || c.note == "" {
		return ""
	}
	on := c.compare.Comparison()
	if c.current() == c.good || c.screen() == compareScreen && on != nil && on.Good.Trace == c.good {
		return "\nNote on the baseline trace: " + draw.MarkdownText(draw.Clean(c.note)) + "\n"
	}
	return ""
}
