package app

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/app/terminal"
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
		subject: subject{ctx: ctx, opt: opt, inputs: inputs, where: opt.Where, words: newVocabularies()},
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
		overlays: overlays{workspace: w}, background: background{Settings: &opt.Settings},
		grid: draw.NewGrid(0, 0), working: newWorking(opt.Theme.ASCII),
	}
	m.story = story{workspace: w, comparing: &m.comparing, overlays: &m.overlays, load: loadIncident(opt)}
	m.querying = querying{workspace: w}
	m.diagnosis = diagnosis{w}
	m.asking = &asking{workspace: w, load: m.load, show: m.show}
	m.fetching = &fetching{workspace: w, asking: m.asking, now: time.Now, again: map[trace.TraceID]time.Time{}, rereadAfter: []time.Duration{5 * time.Second, 30 * time.Second}}
	m.completing = completing{workspace: w, asking: m.asking, now: time.Now}
	m.watching = &watching{workspace: w, asking: m.asking, fetching: m.fetching, every: time.Second}
	m.comparing.offer = m.fetching.offer
	m.comparing.partial = func() bool { return m.asking.text != "" }
	m.unread = unread{workspace: w, asking: m.asking}
	m.logging = logging{w, m.fetching}
	m.logging.panel().SetWhyNot(m.logging.whyNot)
	m.tabs = tabs{workspace: w, querying: &m.querying, comparing: &m.comparing, diagnosis: &m.diagnosis, logging: &m.logging, shown: map[screenID]shownTab{}}
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

// Options are what the explorer is opened with.
type Options struct {
	session.Settings
	asked

	Where      string            // the query
	Note       string            // of diff, for the screen: what was picked
	AskedSets  *AskedSets        // the sets that diff compares on the screen, nil for none
	DiffReveal bool              // it shows secrets
	Incident   *session.Incident // of the demo that is opened alone, nil for none
	Watch      bool              // the backend is asked again every few seconds
	NoMouse    bool
	Debug      string // the file for the stack of a crash, "" for none
}

// Explore opens the explorer and returns when the person has left it.
func Explore(ctx context.Context, o *Options, inputs []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m, err := newModel(ctx, o, inputs)
	if err != nil {
		return err
	}
	m.standIns = &draw.StandIns{}
	program := tea.NewProgram(m,
		tea.WithContext(ctx),
		tea.WithOutput(terminal.New(o.World.Stdout, m.standIns)),
		tea.WithEnvironment(o.World.Environ),
		tea.WithoutSignalHandler(), // Bubble Tea's own does not know SIGHUP
	)
	m.jobs.send = program.Send
	signalled, stop := session.UntilSignal()
	defer stop()
	context.AfterFunc(signalled, program.Quit) // in order, with the terminal restored
	_, err = program.Run()
	cancel()
	if o.Backends != nil {
		o.Backends.Wait()
	}
	if signalled.Err() != nil {
		return context.Cause(signalled)
	}
	switch {
	case m.crash != nil:
		return m.crash.Report(o.Debug)
	case err != nil && !errors.Is(err, tea.ErrProgramKilled):
		return err
	}
	return nil
}
