package app

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
	"tracefall/diagnose/secrets"
	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/baseline"
	"tracefall/views/comparison"
	"tracefall/views/detail"
	"tracefall/views/draw"
	"tracefall/views/findings"
	"tracefall/views/help"
	"tracefall/views/importreport"
	"tracefall/views/palette"
	"tracefall/views/prompt"
	"tracefall/views/sets"
	"tracefall/views/statistics"
	"tracefall/views/tracelist"
	"tracefall/views/waterfall"
)

// screenID is one of the screens that fill the terminal.
type screenID uint8

const (
	listScreen screenID = iota
	waterfallScreen
	diagnosticsScreen
	helpScreen
	languageScreen
	findingsScreen
	statisticsScreen
	compareScreen
	setsScreen
)

// model is the one Bubble Tea model: it owns the session and the screens, and carries out what they ask for. It is
// used by the goroutine of the program only.
type model struct {
	ctx  context.Context
	opt  *Options
	keys *keymap
	own  map[views.Command]own
	jobs jobs

	working working

	grid     *draw.Grid
	standIns *draw.StandIns // for what is not one cell wide, nil where frames go to no terminal
	w, h     int
	layout   layout
	clock    views.ClockMode

	inputs    []string
	set       *trace.Set // the latest that was loaded, nil before the first
	loading   bool
	started   bool             // there is something to show, or nothing came in time
	read      sources.Progress // how far reading is
	where     string           // the query in force
	answer    *answered        // to it, nil for none
	report    *diagnose.Report // on set, nil until the detectors are done
	matches   []bool           // of a query in the open trace, nil for none
	found     *found           // the answer to it, nil where it was inherited from the list
	inherited string           // the list's query that the open trace was entered with
	words     vocabularies
	history   history
	hide      bool  // spans that do not match are hidden, but for the ancestors of matches
	asked     asked // what the command line asks to see, until it was shown

	analysis *analysis          // of the set that was asked about last, nil before somebody asked
	giveUp   context.CancelFunc // of analysis

	list        *tracelist.List
	waterfall   *waterfall.Waterfall
	detail      *detail.Detail
	diagnostics *importreport.Diagnostics
	help        *help.Help
	language    *help.Language
	findings    *findings.Findings
	findingsOf  *trace.Trace // what they are about, nil for everything
	statistics  *statistics.Statistics
	compare     *comparison.Comparison
	sets        *sets.Sets
	baselines   *baseline.Baselines
	choosing    bool              // the baselines are open and have the keys
	askedSets   *askedSets        // the sets that diff was asked for, until they are compared
	setsWords   []string          // that ask diff for the sets on the screen
	difference  *diagnose.Finding // of the latest comparison, about its bad trace; nil for none
	good        *trace.Trace      // marked: the one to compare with, nil for none
	note        string            // about good, "" for none
	noting      *prompt.Input     // the note is being typed, nil when not
	unknown     *trace.Trace      // the open one, as long as nobody asked for its facts
	covered     []covered         // what waterfalls further down the stack showed, the last is the nearest
	reveal      bool              // secrets are shown
	palette     *palette.Palette
	inPalette   bool             // it is open and has the keys
	index       *palette.IDIndex // of set, for the palette
	screens     []views.Screen   // by screenID
	stack       []screenID       // the last is on the screen
	detailOpen  bool
	inDetail    bool // the detail has the keys
	copying     bool // the key of views.CopyMenu was pressed, the next says what

	storyRead bool       // the story of the incident is hidden
	stories   []incident // of the whole demo, nil where something else is open

	message string // what just happened; until the next key
	failed  bool
	click   lastClick

	trouble string // why nothing can be shown any more
	crash   *crash // why the program ends
}

// newModel returns a model that loads the inputs.
func newModel(ctx context.Context, opt *Options, inputs []string) (*model, error) {
	m := &model{
		ctx: ctx, opt: opt, inputs: inputs,
		grid: draw.NewGrid(0, 0), clock: opt.clock,
		list: tracelist.New(), waterfall: waterfall.New(), detail: detail.New(),
		diagnostics: &importreport.Diagnostics{}, help: &help.Help{}, language: &help.Language{}, palette: &palette.Palette{},
		findings: findings.New(), statistics: statistics.New(),
		compare: comparison.New(), sets: sets.New(), baselines: &baseline.Baselines{},
		stack: []screenID{listScreen}, asked: asked{
			view: opt.view, by: opt.by, trace: opt.trace, span: opt.span, fold: opt.fold, compare: opt.compare, finding: opt.finding, look: opt.shown},
		where:     opt.where,
		askedSets: opt.askedSets, reveal: opt.diffReveal,
	}
	m.own = m.ownCommands()
	m.screens = []views.Screen{
		listScreen: m.list, waterfallScreen: m.waterfall, diagnosticsScreen: m.diagnostics, helpScreen: m.help, languageScreen: m.language,
		findingsScreen: m.findings, statisticsScreen: m.statistics, compareScreen: m.compare, setsScreen: m.sets,
	}
	keys, err := newKeymap(opt.config, m.screens...)
	if err != nil {
		return nil, err
	}
	m.keys = keys
	m.grid.SetASCII(opt.look.ASCII)
	m.working = newWorking(opt.look.ASCII)
	if err := m.list.SetColumns(opt.config.Columns); err != nil {
		m.complain(err.Error())
	}
	m.list.SetInputs(shownInputs(inputs))
	if opt.config.History == nil || *opt.config.History {
		m.history.path = historyFile(opt.world.Env)
	}
	if len(inputs) == 0 && opt.incident == nil && opt.world.Demo != nil {
		if all, err := incidents(opt.world.Demo); err == nil { // without its index the demo is traces all the same
			m.stories = all
		}
	}
	m.findings.SetThresholds(opt.thresholds())
	return m, nil
}

// startMsg says that the first screen must not wait any longer for something to show.
type startMsg struct{}

// startWithin is how long the first screen waits: most files are read by then, and their first screen is the only
// one that is sent.
const startWithin = 120 * time.Millisecond

// Init starts loading.
func (m *model) Init() tea.Cmd {
	return tea.Batch(m.askBackground(), m.load(), m.history.read(), tea.Tick(startWithin, func(time.Time) tea.Msg { return startMsg{} }))
}

// load opens the inputs as a job: snapshots and progress while it runs, then the result.
func (m *model) load() tea.Cmd {
	m.loading = true
	m.list.SetProgress(tracelist.LoadProgress{Loading: true, Input: shownInputs(m.inputs)[0]})
	stdin, demo, inputs, opt := m.opt.world.Stdin, m.opt.world.Demo, m.inputs, m.opt.world.reading
	return m.jobs.start(m.ctx, jobLoad, func(ctx context.Context, report func(any)) (any, error) {
		opt.Progress = throttle(0, progressEvery, func(p sources.Progress) { report(p) })
		opt.First = func(set *trace.Set) { report(set) }
		return openAll(ctx, inputs, stdin, demo, opt)
	})
}

// screen returns the screen that is on top.
func (m *model) screen() screenID { return m.stack[len(m.stack)-1] }

// push puts a screen on top, push of one that is there already goes back to it.
func (m *model) push(id screenID) {
	for i, s := range m.stack {
		if s == id {
			m.stack = m.stack[:i+1]
			m.uncover()
			return
		}
	}
	m.stack = append(m.stack, id)
}

// top returns the screen that fills the terminal.
func (m *model) top() views.Screen { return m.screens[m.screen()] }

// focused returns what has the keys.
func (m *model) focused() views.Screen {
	switch {
	case m.choosing:
		return m.baselines
	case m.screen() == waterfallScreen && m.detailOpen && m.inDetail:
		return m.detail
	}
	return m.top()
}

// env is what the views are drawn with.
func (m *model) env(focused bool) *views.Env {
	zero, mask := int64(0), maskSecrets
	if m.reveal {
		mask = nil
	}
	switch t := m.waterfall.Trace(); {
	case m.screen() == waterfallScreen && t != nil:
		zero = t.Start()
	case m.set != nil:
		zero, _ = m.set.Bounds()
	}
	return &views.Env{
		Theme: m.opt.look, Focused: focused, Key: m.keys.key, Mask: mask,
		Clock: views.Clock{Mode: m.clock, Zone: localZone(), Zero: zero},
	}
}

// say shows a message until the next key.
func (m *model) say(text string) { m.message, m.failed = draw.Clean(text), false }

// complain shows a message about something that failed.
func (m *model) complain(text string) { m.message, m.failed = draw.Clean(text), true }

// title is the title of the terminal's window.
func (m *model) title() string {
	if t := m.waterfall.Trace(); t != nil && m.screen() == waterfallScreen {
		return "tracefall: " + draw.Clean(strings.TrimSpace(secrets.ServiceName(t.Root())+" "+secrets.SpanName(t.Root())))
	}
	if len(m.inputs) == 1 {
		return "tracefall: " + draw.Clean(m.inputs[0])
	}
	return "tracefall"
}
