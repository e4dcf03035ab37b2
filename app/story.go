package app

import (
	"context"
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

// story is what happened in the incident that is open. An incident of the whole demo is opened as if it had been opened alone: its
// traces are what a finding, a baseline and the commands to come back are about, and the whole demo stays behind them.
type story struct {
	*workspace
	comparing *comparing
	overlays  *overlays
	read      bool                                                         // it is hidden
	load      func(context.Context, *session.Incident) (*trace.Set, error) // reads the traces of one incident
	judgedOf  *trace.Set                                                   // the whole demo, whose incidents are judged or being judged
	reports   []*diagnose.Report                                           // on each incident alone, nil until all are there
	awaited   string                                                       // the incident that is opened when they are, "" for none
}

// outside is the whole demo while one of its incidents is open.
type outside struct {
	subject
	good *trace.Trace // that was marked
	note string
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

// loadIncident returns a function that reads the files of one incident of the built-in demo.
func loadIncident(opt *Options) func(context.Context, *session.Incident) (*trace.Set, error) {
	demo, reading := opt.World.Demo, opt.World.Reading
	return func(ctx context.Context, one *session.Incident) (*trace.Set, error) {
		r, err := session.OpenInputs(ctx, nil, nil, one.Only(demo), reading)
		if err != nil {
			return nil, err
		}
		return r.Set, nil
	}
}

// judge reads each incident of the demo and asks the detectors about it alone, as a job, once they are through with the whole.
func (s *story) judge() tea.Cmd {
	if s.stories == nil || s.outside != nil || s.report == nil || s.judgedOf == s.report.Set {
		return nil
	}
	s.judgedOf = s.report.Set
	stories, load, opt := s.stories, s.load, diagnose.Options{Thresholds: s.opt.Thresholds()}
	return start(&s.jobs, jobStories, func(ctx context.Context, _ progress) ([]*diagnose.Report, error) {
		reports := make([]*diagnose.Report, len(stories))
		for n := range stories {
			set, err := load(ctx, &stories[n])
			if err != nil {
				return nil, err
			}
			if reports[n], err = session.NewAnalysis(ctx, set, opt).Report(); err != nil {
				return nil, err
			}
		}
		return reports, nil
	}, s.told)
}

// told lists what each incident is about, and opens the one that was asked for meanwhile.
func (s *story) told(reports []*diagnose.Report) tea.Cmd {
	s.reports = reports
	for _, screen := range screensOf[*incidents.Incidents](s.byID) {
		screen.SetFindings(func(name string) *rule.Finding {
			f, _ := s.about(s.number(name))
			return f
		})
	}
	at := s.number(s.awaited)
	s.awaited = ""
	if in, _ := s.scope(); at < 0 || in != ofList {
		return nil // something else is looked at by now
	}
	return s.enter(at)
}

// number finds an incident by its name, -1 for none.
func (s *story) number(name string) int {
	return slices.IndexFunc(s.stories, func(one session.Incident) bool { return one.Name == name })
}

// open opens an incident under its story: its trace at what was found, the comparison of two, or what the line of a log finds
// where that is all there is to begin with.
func (s *story) open(name string, offers []offer) tea.Cmd {
	at := s.number(name)
	switch {
	case at < 0 || s.set == nil || s.loading:
		s.say("the demo is still being read")
		return nil
	case s.stories[at].Paste != "":
		s.comeBack()
		s.overlays.openPalette(s.stories[at].Paste, offers)
		s.opt.Incident, s.read = &s.stories[at], false
		return s.follow()
	case s.reports == nil:
		s.awaited = name
		s.say("the incident opens when the detectors are through")
		return nil
	}
	return s.enter(at)
}

// enter opens an incident whose traces were read and judged.
func (s *story) enter(at int) tea.Cmd {
	one, report := &s.stories[at], s.reports[at]
	f, bad := s.about(at)
	if bad == nil {
		s.say("the trace of this incident was not read")
		return nil
	}
	s.comeBack()
	s.outside = &outside{s.subject, s.comparing.good, s.comparing.note}
	s.subject = subject{ctx: s.ctx, opt: s.opt, inputs: s.inputs, set: report.Set, judged: report.Set, report: report, words: s.words}
	s.comparing.good, s.comparing.note = sameIn(s.set, s.comparing.good), ""
	s.opt.Incident, s.read = one, false
	s.restack(waterfallScreen)
	s.openTrace(bad, -1)
	if f != nil {
		s.waterfall.ShowFinding(f, -1)
	}
	var cmd tea.Cmd
	if good := firstOf(tracesOf(s.set, one.Good)); one.Detector == diagnose.BaselineDifference().Name && good != nil {
		s.restack(compareScreen)
		cmd = s.comparing.compareTraces(good, bad)
	}
	return tea.Batch(cmd, s.follow())
}

// comeBack shows the incidents of the whole demo again, where one of them is open. It reports whether one was.
func (s *story) comeBack() bool {
	if s.outside == nil {
		return false
	}
	if s.giveUp != nil {
		s.giveUp()
	}
	for _, kind := range []jobKind{jobSearch, jobBaselines, jobCompare} {
		s.jobs.stop(kind)
	}
	s.subject = s.outside.subject
	s.comparing.good, s.comparing.note, s.comparing.pair = s.outside.good, s.outside.note, [2]*trace.Trace{}
	s.outside, s.opt.Incident = nil, nil
	s.detailOpen, s.inDetail = false, false
	s.restack(listScreen, s.tabID(views.ShowStory, ofList))
	return true
}

// askedOfList comes out of an incident where a query is not for its open trace: the list is that of the whole demo.
func (s *story) askedOfList() {
	if !slices.Contains(s.stack, waterfallScreen) {
		s.comeBack()
	}
}

// about returns what an incident is about, nil for nothing, and the first of its bad traces in which that was found, or the first
// where it is in none; nil where none was read.
func (s *story) about(at int) (*rule.Finding, *trace.Trace) {
	one, report := &s.stories[at], s.reports[at]
	traces := tracesOf(report.Set, one.Bad)
	for _, t := range traces {
		if f := findingNamed(report.Of(t), one.Detector); f != nil {
			return f, t
		}
	}
	return nil, firstOf(traces)
}

// tracesOf returns those traces of a set that references name.
func tracesOf(set *trace.Set, refs []string) []*trace.Trace {
	var traces []*trace.Trace
	for _, id := range session.TraceIDs(refs) {
		if t := set.Find(id); t != nil {
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
