package app

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/incidents"
)

// story is what happened in the incident that is open.
type story struct {
	*workspace
	comparing *comparing
	diagnosis *diagnosis
	overlays  *overlays
	read      bool              // it is hidden
	unfound   *session.Incident // it was opened before the detectors were through: its finding is shown when they are
	listed    *diagnose.Report  // of which the list of incidents shows the findings
}

// storiesOf returns the incidents of the demo where all of it is opened, nil elsewhere.
func storiesOf(opt *Options, inputs []string) []session.Incident {
	if len(inputs) > 0 || opt.Incident != nil || opt.World.Demo == nil {
		return nil
	}
	all, err := session.Incidents(opt.World.Demo)
	if err != nil {
		return nil // without its index the demo is traces all the same
	}
	return all
}

// storyTab is the tab of the list that lists incidents.
func storyTab(all []session.Incident) tab {
	list := make([]incidents.Incident, len(all))
	for n, one := range all {
		list[n] = incidents.Incident{Name: one.Name, Title: one.Title, Story: one.Story}
	}
	return tab{views.ShowStory, true, func() views.Screen { return incidents.New(list) }}
}

// open opens an incident under its story: its trace at what was found, the comparison of two, or what the line of a log finds
// where that is all there is to begin with.
func (s *story) open(name string, offers []offer) tea.Cmd {
	at := slices.IndexFunc(s.stories, func(one session.Incident) bool { return one.Name == name })
	if at < 0 || s.set == nil || s.loading {
		s.say("the demo is still being read")
		return nil
	}
	one := &s.stories[at]
	good, bad := firstOf(s.tracesOf(one.Good)), s.bad(one)
	var cmd tea.Cmd
	switch {
	case one.Paste != "":
		s.overlays.openPalette(one.Paste, offers)
	case bad == nil:
		s.say("the trace of this incident was not read")
		return nil
	case one.Detector == diagnose.BaselineDifference().Name && good != nil:
		cmd = s.comparing.compareTraces(good, bad)
	default:
		s.openTrace(bad, -1)
		s.unfound = one
	}
	s.opt.Incident, s.read = one, false
	s.showFinding()
	return tea.Batch(cmd, s.follow())
}

// finders are the detectors that an incident is about. Among all traces of the demo the few of one incident may not be enough
// for the first of them: then it is what another one found there.
func finders(one *session.Incident) []string { return append([]string{one.Detector}, one.Also...) }

// foundIn returns what an incident is about in one of its traces, nil for nothing.
func (s *story) foundIn(t *trace.Trace, one *session.Incident) *rule.Finding {
	list := s.findingsAbout(t)
	for _, name := range finders(one) {
		if f := findingNamed(list, name); f != nil {
			return f
		}
	}
	return nil
}

// bad returns the first of an incident's bad traces in which it is found, or the first where that is in none.
func (s *story) bad(one *session.Incident) *trace.Trace {
	traces := s.tracesOf(one.Bad)
	for _, name := range finders(one) {
		for _, t := range traces {
			if findingNamed(s.findingsAbout(t), name) != nil {
				return t
			}
		}
	}
	return firstOf(traces)
}

// tracesOf returns those traces that references name and that were read.
func (s *story) tracesOf(refs []string) []*trace.Trace {
	var traces []*trace.Trace
	for _, id := range session.TraceIDs(refs) {
		if t := s.set.Find(id); t != nil {
			traces = append(traces, t)
		}
	}
	return traces
}

// firstOf returns the first of some traces, nil where there are none.
func firstOf(traces []*trace.Trace) *trace.Trace {
	if len(traces) == 0 {
		return nil
	}
	return traces[0]
}

// showFinding goes to what the incident is about, once the detectors are through and while its trace is on the screen.
func (s *story) showFinding() {
	one := s.unfound
	if one == nil || s.report == nil {
		return
	}
	s.unfound = nil
	if f := s.foundIn(s.waterfall.Trace(), one); f != nil && s.screen() == waterfallScreen && s.opt.Incident == one {
		s.waterfall.ShowFinding(f, -1)
	}
}

// showFindings lists what each incident is about, once the detectors are through.
func (s *story) showFindings() {
	if s.stories == nil || s.report == nil || s.report == s.listed {
		return
	}
	s.listed = s.report
	for _, screen := range screensOf[*incidents.Incidents](s.byID) {
		screen.SetFindings(func(name string) *rule.Finding {
			at := slices.IndexFunc(s.stories, func(one session.Incident) bool { return one.Name == name })
			if bad := s.bad(&s.stories[at]); bad != nil {
				return s.foundIn(bad, &s.stories[at])
			}
			return nil
		})
	}
}

// storyLeaves is how many lines a story leaves at least to what it is about; where there are fewer it is not shown.
const storyLeaves = 12

// rows is how many lines of the terminal a story of w×h cells takes, 0 where there is none or no room.
func (s *story) rows(w, h int) int {
	if in, _ := s.scope(); s.opt.Incident == nil || s.read || s.stories != nil && in == ofList {
		return 0 // its trace is not on the screen
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

// hint says which key leads to what is found, and in the whole demo, where that is on the screen, back to the incidents.
func (s *story) hint() string {
	one := s.opt.Incident
	switch {
	case s.stories != nil:
		return s.keys.key(views.Back) + " all incidents"
	case one.Paste != "":
		return "paste: " + one.Paste
	case one.Detector == diagnose.BaselineDifference().Name:
		return s.keys.key(views.CompareGood) + " shows the difference"
	}
	return s.keys.key(views.NextFinding) + " shows the finding"
}

// draw draws what happened in the incident that is open, above everything.
func (s *story) draw(a draw.Area) {
	if a.Empty() {
		return
	}
	one, look := s.opt.Incident, s.opt.Theme
	x := 1 + a.TextEllipsis(1, 0, a.W()-1, one.Title, look.Title)
	hides := s.keys.key(views.ShowStory) + " hides this"
	a.TextRight(0, 0, a.W()-1, draw.FirstFitting(a.W()-x-3, s.hint()+"   "+hides, s.hint(), hides), look.Dim)
	for n, line := range s.lines(a.W()) {
		a.Text(1, n+1, line, look.Text)
	}
	a.HLine(0, a.H()-1, a.W(), look.Border)
}
