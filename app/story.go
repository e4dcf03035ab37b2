package app

import (
	"tracefall/views"
	"tracefall/views/draw"
)

// cmdStory shows or hides the story of the incident that is open.
const cmdStory views.Command = "story"

// storyLeaves is how many lines a story leaves at least to what it is about; where there are fewer it is not shown.
const storyLeaves = 12

// storyRows is how many lines of the terminal a story takes, 0 where there is none or no room.
func (m *model) storyRows() int {
	if m.opt.incident == nil || m.storyRead {
		return 0
	}
	rows := 1 + len(m.storyLines()) + 1 // title, sentences, a rule
	if m.h < rows+storyLeaves {
		return 0
	}
	return rows
}

// storyLines breaks the story into lines.
func (m *model) storyLines() []string {
	var lines []string
	for _, sentence := range m.opt.incident.Story {
		lines = append(lines, draw.Wrap(sentence, m.w-2)...)
	}
	return lines
}

// drawStory draws what happened in the incident that is open, above everything.
func (m *model) drawStory(a draw.Area) {
	if a.Empty() {
		return
	}
	one, look := m.opt.incident, m.opt.look
	x := 1 + a.TextEllipsis(1, 0, a.W()-1, one.Title, look.Title)
	hint := m.keys.key(cmdStory) + " hides this"
	if one.Paste != "" {
		hint = "paste: " + one.Paste + "   " + hint
	}
	if w := draw.Width(hint); x+2+w < a.W() {
		a.Text(a.W()-w-1, 0, hint, look.Dim)
	}
	for n, line := range m.storyLines() {
		a.Text(1, n+1, line, look.Text)
	}
	a.HLine(0, a.H()-1, a.W(), look.Border)
}
