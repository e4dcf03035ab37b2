package app

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/findings"
	"tracefall/views/statusline"
)

// model is the one Bubble Tea model: it owns the workspace and the parts that work in it, and carries out what screens
// ask for. It is used by the goroutine of the program only.
type model struct {
	*workspace
	comparing  comparing
	querying   querying
	tabs       tabs
	logging    logging
	diagnosis  diagnosis
	asking     *asking
	fetching   *fetching
	completing completing
	watching   *watching
	unread     unread
	sharing    sharing
	story      story
	overlays   overlays
	background background

	own     map[views.Command]own
	copying bool // the key of views.CopyMenu was pressed, the next says what
	started bool // there is something to show, or nothing came in time
	working working
	click   lastClick

	grid     *draw.Grid
	standIns *draw.StandIns // for what is not one cell wide, nil where frames go to no terminal
	w, h     int
	layout   layout
	laid     statusline.Laid // the hints of the last frame

	trouble string         // why nothing can be shown any more
	crash   *session.Crash // why the program ends
}

// newModel returns a model that loads the inputs.
func newModel(ctx context.Context, opt *Options, inputs []string) (*model, error) {
	if opt.Backends == nil {
		var err error
		if opt.Backends, err = session.NewBackends(&opt.Settings, session.BackendFlags{}); err != nil {
			return nil, err
		}
	}
	table, stories := tabTable(), storiesOf(opt, inputs)
	if stories != nil {
		table = append(table, storyTab(stories))
	}
	w := &workspace{
		subject: subject{ctx: ctx, opt: opt, inputs: inputs, where: opt.Where},
		screens: newScreens(table),
		jobs:    newJobs(ctx),
		asked:   opt.asked,
		reveal:  opt.DiffReveal,
		stories: stories,
	}
	var err error
	if w.keys, err = newKeymap(opt.Config, w.all()); err != nil {
		return nil, err
	}
	m := &model{
		workspace: w, comparing: comparing{workspace: w},
		overlays: overlays{workspace: w}, background: background{&opt.Settings},
		grid: draw.NewGrid(0, 0), working: newWorking(opt.Theme.ASCII),
	}
	m.story = story{workspace: w, comparing: &m.comparing, diagnosis: &m.diagnosis, overlays: &m.overlays}
	m.querying = querying{workspace: w}
	m.diagnosis = diagnosis{workspace: w, querying: &m.querying}
	m.asking = &asking{workspace: w, load: m.load, show: m.show, done: m.diagnosis.start}
	m.fetching = &fetching{workspace: w, asking: m.asking, now: time.Now, again: map[trace.TraceID]time.Time{}, rereadAfter: []time.Duration{5 * time.Second, 30 * time.Second}}
	m.completing = completing{workspace: w, asking: m.asking, now: time.Now, asked: map[query.Wanted]time.Time{}}
	m.watching = &watching{workspace: w, asking: m.asking, fetching: m.fetching, every: time.Second}
	m.comparing.offer = m.fetching.offer
	m.unread = unread{workspace: w, asking: m.asking}
	m.logging = logging{w, m.fetching}
	m.logging.panel().SetWhyNot(m.logging.whyNot)
	m.tabs = tabs{workspace: w, comparing: &m.comparing, diagnosis: &m.diagnosis, logging: &m.logging, shown: map[screenID]shownTab{}}
	m.sharing = sharing{w, &m.comparing, m.asking}
	m.own = m.ownCommands()
	m.grid.SetASCII(opt.Theme.ASCII)
	if err := m.list.SetColumns(opt.Config.Columns); err != nil {
		m.complain(err.Error())
	}
	m.list.SetInputs(session.ShownInputs(inputs))
	if opt.Config.History == nil || *opt.Config.History {
		m.querying.history.path = historyFile(opt.World.Env)
	}
	if stories != nil && m.asked == (asked{}) && m.where == "" && opt.AskedSets == nil {
		m.stack = append(m.stack, m.tabID(views.ShowStory, ofList))
	}
	for _, panel := range screensOf[*findings.Findings](w.byID) {
		panel.SetThresholds(opt.Thresholds())
	}
	return m, nil
}

// startMsg says that the first screen must not wait any longer for something to show.
type startMsg struct{}

// startWithin is how long the first screen waits: most files are read by then, and their first screen is the only
// one that is sent.
const startWithin = 120 * time.Millisecond

// Init starts loading.
func (m *model) Init() tea.Cmd {
	return tea.Batch(m.background.ask(), m.load(), m.querying.history.read(), tea.Tick(startWithin, func(time.Time) tea.Msg { return startMsg{} }))
}
