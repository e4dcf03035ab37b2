package app

import (
	"slices"

	"tracefall/diagnose"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/palette"
)

// storySign is what the palette takes for: incidents of the demo only.
const storySign = "!"

// toggleStory hides the story that is shown. Where the whole demo is open it offers its incidents next, else it shows
// the story again.
func (m *model) toggleStory() {
	switch {
	case m.storyRows() > 0:
		m.storyRead = true
	case m.stories != nil:
		m.openPalette(storySign)
	default:
		m.storyRead = false
	}
}

// storyItems are the incidents of the demo, where all of it is open.
func (m *model) storyItems() []palette.Item {
	var items []palette.Item
	for _, one := range m.stories {
		items = append(items, palette.Item{Kind: palette.PaletteStory, Text: one.Name, Note: one.Title, Action: views.OpenStory{Name: one.Name}})
	}
	return items
}

// openStory opens the first bad trace of an incident under its story. Where a line of a log is all there is to begin
// with, it is the list.
func (m *model) openStory(name string) {
	at := slices.IndexFunc(m.stories, func(one incident) bool { return one.Name == name })
	if at < 0 || m.set == nil {
		m.say("the demo is still being read")
		return
	}
	one := &m.stories[at]
	if ids := traceIDs(one.Bad); one.Paste == "" && len(ids) > 0 {
		m.goTo(ids[0], trace.SpanID{})
	} else {
		for len(m.stack) > 1 {
			m.leave()
		}
	}
	m.opt.incident, m.storyRead = one, false
}

// endStory takes the story away when something else is opened, where the whole demo is open.
func (m *model) endStory() {
	if m.stories != nil {
		m.opt.incident = nil
	}
}

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
	hint := m.keys.key(views.ShowStory) + " hides this"
	switch {
	case one.Paste != "":
		hint = "paste: " + one.Paste + "   " + hint
	case one.Detector == diagnose.BaselineDifference().Name:
		hint = m.keys.key(views.CompareGood) + " to what is found   " + hint
	default:
		hint = m.keys.key(views.NextFinding) + " to what is found   " + hint
	}
	if w := draw.Width(hint); x+2+w < a.W() {
		a.Text(a.W()-w-1, 0, hint, look.Dim)
	}
	for n, line := range m.storyLines() {
		a.Text(1, n+1, line, look.Text)
	}
	a.HLine(0, a.H()-1, a.W(), look.Border)
}
