package app

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/app/terminal"
	"tracefall/views"
)

// chosen closes the baselines when they return anything but a message or what is asked for them. It reports whether that was all they asked for.
func (m *model) chosen(action views.Action) bool {
	switch action.(type) {
	case nil, views.Say, views.AskBaselines, views.StopAsking:
		return false
	}
	if !m.choosing {
		return false
	}
	m.choosing = false
	m.jobs.stop(jobBaselines) // nobody waits for it any more
	_, leave := action.(views.Leave)
	return leave
}

// back cancels, clears or resets what the screen has, or goes back. From the first screen only the key that closes quits.
func (m *model) back(leave bool) tea.Cmd {
	action := views.Action(views.Leave{})
	if !leave {
		if m.stopAsked() {
			return nil
		}
		action = views.Do(m.focused().Bindings(), views.Back)
	}
	if _, closes := action.(views.Leave); !closes {
		return m.do(action)
	}
	switch {
	case m.choosing, m.detailOpen && m.screen() == waterfallScreen, len(m.stack) > 1:
		return m.do(action)
	case m.story.comeBack():
		return m.follow()
	case m.loading && !leave:
		m.jobs.stop(jobLoad)
		m.stopLoading()
		m.list.SetFailures([]string{session.ReadText(m.read) + ": stopped here"})
		m.say("stopped reading: this is what was read until then")
	case leave:
		return tea.Quit
	case m.unread.halt():
		m.say("stopped reading traces; " + m.keys.key(views.Enter) + " reads one, " + m.keys.key(views.Refresh) + " asks again")
	case len(m.asking.behind) > 0:
		return m.asking.comeBack()
	default:
		m.say("press " + m.keys.key(views.Close) + " to quit")
	}
	return nil
}

// stopAsked ends what somebody waits for a backend to answer. It reports whether there was anything.
func (m *model) stopAsked() bool {
	inList := m.screen() == listScreen
	switch {
	case inList && (m.loading || m.jobs.busy(jobMore)) && m.asking.halt():
		m.say("stopped asking: this is what came until then")
	case inList && m.jobs.busy(jobServices), m.jobs.busy(jobFetch):
		m.jobs.stop(jobServices)
		m.jobs.stop(jobFetch)
		m.say("stopped asking")
	default:
		return false
	}
	return true
}

// do carries out what a view asks for.
func (m *model) do(action views.Action) tea.Cmd {
	if m.chosen(action) {
		return nil
	}
	switch a := action.(type) {
	case nil:
	case views.OpenTrace:
		m.openTrace(a.Trace, a.Span)
		if a.Finding != nil {
			m.waterfall.ShowFinding(a.Finding, a.Span)
		}
	case views.OpenUnread:
		return m.unread.open(a.ID)
	case views.OpenStory:
		return m.story.open(a.Name, m.offers())
	case views.OpenFindings:
		return m.tabs.openFindings(a.Finding)
	case views.OpenStatistics:
		return m.command(views.ShowStatistics)
	case views.Measure:
		return m.tabs.measure(m.screen(), a)
	case views.AskLogs:
		return m.logging.ask(a)
	case views.CompareTraces:
		return m.comparing.compareTraces(a.Good, a.Bad)
	case views.AskBaselines:
		return m.fetching.goodTraces(a.Bad)
	case views.StopAsking:
		m.fetching.stopGood()
	case views.OpenSpan:
		m.openSpan(a.Span, a.Focus)
	case views.GoTo:
		if m.asking.canFetch(a.Trace) {
			return m.asking.fetch(a.Trace, func() { m.goTo(a.Trace, a.Span) })
		}
		m.goTo(a.Trace, a.Span)
	case views.Copy:
		return m.sharing.copy(a.What, a.Text)
	case views.Say:
		m.say(a.Text)
	case views.Run:
		return m.command(a.Command)
	case views.SetTheme:
		return m.background.choose(a.Name)
	case views.Query:
		if m.onTab(views.ShowSpans) {
			return tea.Batch(m.tabs.querySpans(m.screen(), a.Text), m.querying.keep(a))
		}
		return tea.Batch(m.querying.run(a), m.asking.askedAnew(a))
	case views.SetWindow:
		return m.asking.setWindow(a.Text)
	case views.OpenBackend:
		m.story.comeBack()
		return m.asking.openBackend(a.Name)
	case views.Ask:
		m.story.askedOfList()
		return tea.Batch(m.querying.ask(a.Text), m.asking.askedAnew(views.Query{Text: a.Text, Done: true}))
	case views.Apart:
		return m.querying.apart()
	case views.Narrow:
		m.story.askedOfList()
		return m.querying.narrowTo(a)
	case views.Leave:
		m.leave()
	}
	return m.follow()
}

// fromPalette carries out what the palette asks for. Anything but a message closes it.
func (m *model) fromPalette(action views.Action) tea.Cmd {
	switch action.(type) {
	case nil, views.Say:
	case views.Leave:
		m.inPalette = false
		return nil
	default:
		m.inPalette = false
	}
	return m.do(action)
}

// own is a command that the program carries out itself.
type own struct {
	run   func() tea.Cmd
	why   func() string // nil: it can always be done
	where reach
}

// reach says where a command of the program means something.
type reach uint8

const (
	offered  reach = iota // on screens that offer it
	onScreen              // on every screen, but not in what lies over one
	onTabs                // where tabs are, but not in what lies over one
	anywhere
)

// ownCommands is what the program does itself. The words and keys stand in the table of commands.
func (m *model) ownCommands() map[views.Command]own {
	do := func(f func()) func() tea.Cmd {
		return func() tea.Cmd { f(); return nil }
	}
	push := func(id screenID) func() tea.Cmd { return do(func() { m.push(id) }) }
	split := func(c views.Command) own {
		tooFew := func() bool { return m.set == nil || m.set.Len() < 2 }
		return own{func() tea.Cmd { return m.comparing.split(c) }, views.When(tooFew, "there are not two traces"), offered}
	}
	spanLogs := func() tea.Cmd {
		opened := m.tabs.open(views.ShowLogs)
		m.logging.panel().ShowSpan(m.waterfall.Selected())
		return opened
	}
	noStory := func() bool { return m.opt.Incident == nil && m.stories == nil }
	noMatches := func() bool { return m.matches == nil && !m.hide }
	all := map[views.Command]own{
		views.Quit:    {func() tea.Cmd { return tea.Quit }, nil, anywhere},
		views.Close:   {func() tea.Cmd { return m.back(true) }, nil, anywhere},
		views.Back:    {func() tea.Cmd { return m.back(false) }, nil, anywhere},
		views.Redraw:  {func() tea.Cmd { return tea.ClearScreen }, nil, anywhere},
		views.Suspend: {func() tea.Cmd { return tea.Suspend }, terminal.WhyNotSuspend, anywhere},

		views.TimeFormat: {do(m.nextClock), nil, anywhere},
		views.ShowStory:  {do(m.toggleStory), views.When(noStory, views.NotHere), anywhere},

		views.ShowHelp:        {do(func() { m.overlays.showHelp(m.offers()) }), nil, onScreen},
		views.ShowPalette:     {do(func() { m.overlays.openPalette("", m.offers()) }), nil, onScreen},
		views.ShowDiagnostics: {push(diagnosticsScreen), nil, onScreen},
		views.Refresh:         {m.logging.askAgain, m.logging.whyNotAgain, onScreen},
		views.Watch:           {m.watching.toggle, m.watching.whyNot, onScreen},
		views.SaveFetched:     {m.fetching.save, m.fetching.whyNotSave, onScreen},
		views.SetTimeWindow:   {do(m.asking.chooseWindow), m.asking.whyNoBackend, onScreen},
		views.ShowBackends:    {do(m.asking.chooseBackend), views.When(func() bool { return len(m.opt.Backends.Names()) == 0 }, "no backend is configured"), onScreen},
		views.ShowServices:    {m.fetching.chooseService, m.fetching.whyNoServices, onScreen},
		views.LoadAll:         {m.asking.loadAll, m.asking.whyNotAll, onScreen},
		views.PanLeft:         {func() tea.Cmd { return m.asking.moveWindow(false) }, m.asking.whyNoWindow, offered},
		views.PanRight:        {func() tea.Cmd { return m.asking.moveWindow(true) }, m.asking.whyNoWindow, offered},
		views.JoinIDs:         {m.toggleJoinIDs, m.whyNotJoinIDs, onScreen},
		views.CopyMenu:        {do(func() { m.copying = true }), m.whyNothingToCopy, onScreen},
		views.CopyCommand:     {m.sharing.copyCommand, nil, onScreen},
		views.Share:           {m.sharing.share, nil, onScreen},

		views.SpanLogs:       {spanLogs, func() string { return m.tabs.why(views.ShowLogs) }, offered},
		views.OtherPane:      {m.querying.otherPane, m.querying.whyNoOtherPane, offered},
		views.HideOthers:     {do(m.toggleHidden), views.When(noMatches, "nothing is searched for"), offered},
		views.Reveal:         {do(m.toggleReveal), nil, offered},
		views.MarkGood:       {do(m.comparing.mark), m.comparing.whyNotMark, offered},
		views.MarkNote:       {do(m.comparing.startNote), m.comparing.whyNotMark, offered},
		views.CompareGood:    {m.comparing.here, m.comparing.whyNotCompare, offered},
		views.CompareErrors:  split(views.CompareErrors),
		views.CompareSlowest: split(views.CompareSlowest),
	}
	for opener, id := range m.opens {
		all[opener] = own{push(id), nil, onScreen}
	}
	for _, c := range []views.Command{views.ShowMain, views.ShowFlame, views.ShowStatistics, views.ShowMap, views.ShowSpans, views.ShowLogs} {
		all[c] = own{func() tea.Cmd { return m.tabs.open(c) }, func() string { return m.tabs.why(c) }, onTabs}
	}
	showFindings := func() tea.Cmd {
		if m.screen() == waterfallScreen {
			return m.tabs.openFindings(m.banner())
		}
		return m.tabs.open(views.ShowFindings)
	}
	all[views.ShowFindings] = own{showFindings, func() string { return m.tabs.why(views.ShowFindings) }, onTabs}
	return all
}

// binding returns what a command does where the keys are now, and why it cannot be done; nil where it means nothing.
func (m *model) binding(c views.Command) (run func() tea.Cmd, why string) {
	program, known := m.own[c]
	b, here := views.Find(m.focused().Bindings(), c)
	switch {
	case known && (program.where == anywhere || !m.choosing && (program.where == onScreen || program.where == onTabs && m.tabbed()) || here && b.Do == nil):
		if program.why != nil {
			why = program.why()
		}
		return program.run, why
	case !here || b.Do == nil:
		return nil, views.NotHere
	}
	return func() tea.Cmd { return tea.Batch(m.do(b.Do()), m.learnWords()) }, b.Reason()
}

// offers lists the commands that mean something where the keys are now.
func (m *model) offers() []offer {
	var all []offer
	for _, b := range m.keys.table {
		if reason := m.can(b.Name); reason != views.NotHere {
			one := offer{Binding: b, disabled: reason}
			if own, here := views.Find(m.focused().Bindings(), b.Name); here {
				one.here, one.Footer = true, own.Footer
				one.Binding = one.Named(own.Title()).Explained(own.Help) // the screen's own text wins; keys are the configuration's
			}
			all = append(all, one)
		}
	}
	return all
}

// can reports whether a command means something now: "" or the reason why not.
func (m *model) can(c views.Command) string {
	_, why := m.binding(c)
	return why
}

// command carries out a command, or says why it cannot be done.
func (m *model) command(c views.Command) tea.Cmd {
	run, why := m.binding(c)
	if why == "" {
		return run()
	}
	if b, ok := m.keys.named(c); ok {
		why = b.Title() + ": " + m.elsewhere(c, why)
	}
	m.say(why)
	return nil
}

// elsewhere says more of a command that is not of this screen: that it is of the other pane, or of which tab of the trace. What
// more than two tabs know is no part of the trace but a way to handle lists.
func (m *model) elsewhere(c views.Command, reason string) string {
	if reason != views.NotHere {
		return reason
	}
	if m.focused() == views.Screen(m.detail) {
		m.inDetail = false
		other := m.can(c)
		m.inDetail = true
		if other != views.NotHere {
			return "in the other pane (" + m.keys.key(views.OtherPane) + ")"
		}
	}
	if names := m.tabs.knowing(c); m.inTrace() && (len(names) == 1 || len(names) == 2) {
		return "go to " + names[0]
	}
	return reason
}

// whyNothingToCopy reports whether no command that copies means anything now.
func (m *model) whyNothingToCopy() string {
	for _, c := range copyChoices() {
		if c.command == views.CopyCommand {
			continue
		}
		if b, ok := views.Find(m.focused().Bindings(), c.command); ok && b.Reason() == "" {
			return ""
		}
	}
	return "there is nothing to copy"
}

// toggleStory hides the story that is shown. Where the whole demo is open it goes to its incidents next, else it shows
// the story again.
func (m *model) toggleStory() {
	switch {
	case m.story.rows(m.w, m.h) > 0:
		m.story.read = true
	case m.stories != nil:
		if !m.story.comeBack() {
			m.detailOpen, m.inDetail = false, false
			m.restack(listScreen, m.tabID(views.ShowStory, ofList))
		}
	default:
		m.story.read = false
	}
}
