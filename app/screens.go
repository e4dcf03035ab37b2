package app

import (
	"slices"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/baseline"
	"tracefall/views/comparison"
	"tracefall/views/detail"
	"tracefall/views/findings"
	"tracefall/views/help"
	"tracefall/views/importreport"
	"tracefall/views/palette"
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
	findingsScreen
	statisticsScreen
	compareScreen
	setsScreen
)

// screens are everything that draws, and which of it is on top and has the keys.
type screens struct {
	list        *tracelist.List
	waterfall   *waterfall.Waterfall
	diagnostics *importreport.Diagnostics
	help        *help.Help
	findings    *findings.Findings
	statistics  *statistics.Statistics
	compare     *comparison.Comparison
	sets        *sets.Sets
	byID        []views.Screen
	opens       map[views.Command]screenID // which plain screen a command opens
	stack       []screenID                 // the last is on the screen

	detail     *detail.Detail
	detailOpen bool
	inDetail   bool // the detail has the keys
	baselines  *baseline.Baselines
	choosing   bool // the baselines are open and have the keys
	palette    *palette.Palette
	inPalette  bool // it is open and has the keys
}

// newScreens returns all screens, the list on top.
func newScreens() screens {
	s := screens{
		list: tracelist.New(), waterfall: waterfall.New(), diagnostics: &importreport.Diagnostics{},
		help: &help.Help{}, findings: findings.New(), statistics: statistics.New(),
		compare: comparison.New(), sets: sets.New(), stack: []screenID{listScreen}, opens: map[views.Command]screenID{},
		detail: detail.New(), baselines: &baseline.Baselines{}, palette: &palette.Palette{},
	}
	s.byID = []views.Screen{
		listScreen: s.list, waterfallScreen: s.waterfall, diagnosticsScreen: s.diagnostics, helpScreen: s.help,
		findingsScreen: s.findings, statisticsScreen: s.statistics, compareScreen: s.compare, setsScreen: s.sets,
	}
	for _, one := range plainScreens() {
		s.opens[one.opener] = screenID(len(s.byID))
		s.byID = append(s.byID, one.screen)
	}
	return s
}

// plainScreen is a screen that needs nothing of the program but the command that opens it and, where it is about all that
// was read, the set (views.OfSet).
type plainScreen struct {
	opener views.Command
	screen views.Screen
}

// plainScreens lists the plain screens. A new one is a line here.
func plainScreens() []plainScreen {
	return []plainScreen{
		{views.QueryHelp, &help.Language{}},
	}
}

// setSet gives the set to the screens that are about it.
func (s *screens) setSet(set *trace.Set) {
	for _, one := range s.byID {
		if about, ok := one.(views.OfSet); ok {
			about.SetSet(set)
		}
	}
}

// all lists what can have the keys.
func (s *screens) all() []views.Screen {
	return append(slices.Clone(s.byID), s.detail, s.baselines)
}

// screen returns the screen that is on top.
func (s *screens) screen() screenID { return s.stack[len(s.stack)-1] }

// top returns the screen that fills the terminal.
func (s *screens) top() views.Screen { return s.byID[s.screen()] }

// focused returns what has the keys.
func (s *screens) focused() views.Screen {
	switch {
	case s.choosing:
		return s.baselines
	case s.screen() == waterfallScreen && s.detailOpen && s.inDetail:
		return s.detail
	}
	return s.top()
}

// current returns the trace that the screen is about, or the one under the cursor, nil for none.
func (s *screens) current() *trace.Trace {
	switch s.screen() {
	case listScreen:
		return s.list.Selected()
	case waterfallScreen:
		return s.waterfall.Trace()
	default:
		return nil
	}
}
