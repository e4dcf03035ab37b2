package app

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/views"
)

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
	anywhere
)

// ownCommands is what the program does itself. The words and keys stand in the table of commands.
func (m *model) ownCommands() map[views.Command]own {
	do := func(f func()) func() tea.Cmd {
		return func() tea.Cmd { f(); return nil }
	}
	push := func(id screenID) func() tea.Cmd { return do(func() { m.push(id) }) }
	split := func(c views.Command) func() tea.Cmd { return func() tea.Cmd { return m.compareSplit(c) } }
	return map[views.Command]own{
		views.Quit:    {func() tea.Cmd { return tea.Quit }, nil, anywhere},
		views.Close:   {func() tea.Cmd { return m.back(true) }, nil, anywhere},
		views.Back:    {func() tea.Cmd { return m.back(false) }, nil, anywhere},
		views.Redraw:  {func() tea.Cmd { return tea.ClearScreen }, nil, anywhere},
		views.Suspend: {func() tea.Cmd { return tea.Suspend }, whyNotSuspend, anywhere},

		views.TimeFormat: {do(m.nextClock), nil, anywhere},
		views.ShowStory:  {do(m.toggleStory), m.whyNoStory, anywhere},

		views.ShowHelp:        {do(m.openHelp), nil, onScreen},
		views.ShowPalette:     {do(func() { m.openPalette("") }), nil, onScreen},
		views.ShowDiagnostics: {push(diagnosticsScreen), nil, onScreen},
		views.QueryHelp:       {push(languageScreen), nil, onScreen},
		views.JoinIDs:         {m.toggleJoinIDs, m.cannotJoinIDs, onScreen},
		views.CopyMenu:        {do(func() { m.copying = true }), m.whyNothingToCopy, onScreen},
		views.CopyCommand:     {m.copyCommand, nil, onScreen},
		views.Share:           {m.share, nil, onScreen},

		views.OtherPane:      {m.otherPane, m.whyNoOtherPane, offered},
		views.HideOthers:     {do(m.toggleHidden), m.whyNotHide, offered},
		views.Reveal:         {do(m.toggleReveal), nil, offered},
		views.ShowFindings:   {m.showFindings, m.whyNoFindings, offered},
		views.ShowStatistics: {func() tea.Cmd { return m.do(views.Do(m.top().Bindings(), views.ShowStatistics)) }, nil, offered},
		views.MarkGood:       {do(m.mark), m.whyNotMark, offered},
		views.MarkNote:       {do(m.startNote), m.whyNotMark, offered},
		views.CompareGood:    {m.compareHere, m.whyNotCompare, offered},
		views.CompareErrors:  {split(views.CompareErrors), m.whyNotSplit, offered},
		views.CompareSlowest: {split(views.CompareSlowest), m.whyNotSplit, offered},
	}
}

// binding returns what a command does where the keys are now, and why it cannot be done; false where it means nothing.
func (m *model) binding(c views.Command) (run func() tea.Cmd, why string, ok bool) {
	program, known := m.own[c]
	b, here := views.Find(m.focused().Bindings(), c)
	switch {
	case known && (program.where == anywhere || program.where == onScreen && !m.choosing || here && b.Do == nil):
		if program.why != nil {
			why = program.why()
		}
		return program.run, why, why != views.NotHere
	case !here || b.Do == nil:
		return nil, views.NotHere, false
	}
	why = b.Reason()
	return func() tea.Cmd { return tea.Batch(m.do(b.Do()), m.learnWords()) }, why, why != views.NotHere
}

// can reports whether a command means something now: "" or the reason why not.
func (m *model) can(c views.Command) string {
	_, why, _ := m.binding(c)
	return why
}

// command carries out a command, or says why it cannot be done.
func (m *model) command(c views.Command) tea.Cmd {
	run, why, _ := m.binding(c)
	if why == "" {
		return run()
	}
	if b, ok := m.keys.named(c); ok {
		why = b.Title() + ": " + m.elsewhere(c, why)
	}
	m.say(why)
	return nil
}

// elsewhere says more of a command that is not of this screen: that it would open this very one, or that it is of the
// other pane.
func (m *model) elsewhere(c views.Command, reason string) string {
	if reason != views.NotHere {
		return reason
	}
	if c == views.ShowFindings && m.screen() == findingsScreen || c == views.ShowStatistics && m.screen() == statisticsScreen {
		return "already on the screen"
	}
	if m.focused() == views.Screen(m.detail) {
		m.inDetail = false
		other := m.can(c)
		m.inDetail = true
		if other != views.NotHere {
			return "not in this pane; " + m.keys.key(views.OtherPane) + " goes to the other"
		}
	}
	return reason
}

// nextClock shows times another way.
func (m *model) nextClock() {
	m.clock = (m.clock + 1) % views.ClockMode(len(clockModes))
	m.say("times are " + map[views.ClockMode]string{
		views.ClockUTC: "in UTC", views.ClockLocal: "in local time", views.ClockRelative: "relative to the start"}[m.clock])
}

// otherPane asks for matches on different spans where that was offered, else the keys go to the other pane.
func (m *model) otherPane() tea.Cmd {
	if m.apartText() != "" {
		return m.apart()
	}
	m.inDetail = !m.inDetail
	return nil
}

func (m *model) whyNoOtherPane() string {
	switch {
	case m.apartText() != "":
		return ""
	case m.screen() == listScreen:
		return "no query matches on different spans"
	case !m.detailOpen:
		return "the detail is not open: " + m.keys.key(views.Enter) + " opens it"
	}
	return ""
}

// toggleHidden hides the spans that do not match, or shows them again.
func (m *model) toggleHidden() {
	m.hide = !m.hide
	m.waterfall.SetMatches(m.matches, m.hide)
}

func (m *model) whyNotHide() string {
	if m.matches == nil && !m.hide {
		return "nothing is searched for"
	}
	return ""
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

func (m *model) whyNoStory() string {
	if m.opt.incident == nil && m.stories == nil {
		return views.NotHere
	}
	return ""
}

func (m *model) whyNotMark() string {
	if m.current() == nil {
		return "there is no trace under the cursor"
	}
	return ""
}

func (m *model) whyNotCompare() string {
	if reason := m.whyNotMark(); reason != "" {
		return reason
	}
	if m.set != nil && m.set.Len() < 2 {
		return "no other trace: open the file of a baseline as well"
	}
	return ""
}

func (m *model) whyNotSplit() string {
	if m.set == nil || m.set.Len() < 2 {
		return "there are not two traces"
	}
	return ""
}

func (m *model) whyNoFindings() string {
	if m.screen() == compareScreen && m.compare.Comparison() == nil {
		return "nothing is compared"
	}
	return ""
}
