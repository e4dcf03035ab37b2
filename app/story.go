package app

import (
	"slices"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// story is what happened in the incident that is open.
type story struct {
	*workspace
	read bool // it is hidden
}

// storySign is what the palette takes for: incidents of the demo only.
const storySign = "!"

// open opens the first bad trace of an incident under its story. Where a line of a log is all there is to begin
// with, it is the list.
func (s *story) open(name string) {
	at := slices.IndexFunc(s.stories, func(one session.Incident) bool { return one.Name == name })
	if at < 0 || s.set == nil {
		s.say("the demo is still being read")
		return
	}
	one := &s.stories[at]
	if ids := session.TraceIDs(one.Bad); one.Paste == "" && len(ids) > 0 {
		s.goTo(ids[0], trace.SpanID{})
	} else {
		for len(s.stack) > 1 {
			s.leave()
		}
	}
	s.opt.Incident, s.read = one, false
}

// storyLeaves is how many lines a story leaves at least to what it is about; where there are fewer it is not shown.
const storyLeaves = 12

// rows is how many lines of the terminal a story of w×h cells takes, 0 where there is none or no room.
func (s *story) rows(w, h int) int {
	if s.opt.Incident == nil || s.read {
		return 0
	}
	rows := 1 + len(s.lines(w)) + 1 // title, sentences, a rule
	if h < rows+storyLeaves {
		return 0
	}
	return rows
}

// lines breaks the story into lines.
func (s *story) lines(w int) []string {
	var lines []string
	for _, sentence := range s.opt.Incident.Story {
		lines = append(lines, draw.Wrap(sentence, w-2)...)
	}
	return lines
}

// draw draws what happened in the incident that is open, above everything.
func (s *story) draw(a draw.Area) {
	if a.Empty() {
		return
	}
	one, look := s.opt.Incident, s.opt.Theme
	x := 1 + a.TextEllipsis(1, 0, a.W()-1, one.Title, look.Title)
	hint := s.keys.key(views.NextFinding) + " to what is found"
	switch {
	case one.Paste != "":
		hint = "paste: " + one.Paste
	case one.Detector == diagnose.BaselineDifference().Name:
		hint = s.keys.key(views.CompareGood) + " to what is found"
	}
	hint += "   " + s.keys.key(views.ShowStory) + " hides this"
	if w := draw.Width(hint); x+2+w < a.W() {
		a.Text(a.W()-w-1, 0, hint, look.Dim)
	}
	for n, line := range s.lines(a.W()) {
		a.Text(1, n+1, line, look.Text)
	}
	a.HLine(0, a.H()-1, a.W(), look.Border)
}
