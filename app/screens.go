package app

import (
	"slices"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/baseline"
	"tracefall/views/comparison"
	"tracefall/views/detail"
	"tracefall/views/findings"
	"tracefall/views/flame"
	"tracefall/views/help"
	"tracefall/views/importreport"
	"tracefall/views/logs"
	"tracefall/views/palette"
	"tracefall/views/servicemap"
	"tracefall/views/sets"
	"tracefall/views/spans"
	"tracefall/views/statistics"
	"tracefall/views/tracelist"
	"tracefall/views/waterfall"
)

// screenID is one of the screens that fill the terminal.
type screenID uint16

const (
	listScreen screenID = iota
	waterfallScreen
	compareScreen
	setsScreen
	diagnosticsScreen
	helpScreen
	firstTab // what follows are the tabs, each once for each scope, and the plain screens
)

// noScreen is no screen.
const noScreen = ^screenID(0)

// scope is a kind of what tabs are about.
type scope uint8

const (
	ofList scope = iota
	ofTrace
	ofPair
	ofSets
	scopes
)

// scopeScreens are the first tabs of the scopes.
var scopeScreens = [scopes]screenID{ofList: listScreen, ofTrace: waterfallScreen, ofPair: compareScreen, ofSets: setsScreen}

// title is what the first tab is called.
func (s scope) title() string {
	return [scopes]string{ofList: "traces", ofTrace: "waterfall", ofPair: "comparison", ofSets: "comparison"}[s]
}

// tab is a view of what a scope holds.
type tab struct {
	command views.Command
	alone   bool // it shows one scope, and is no tab of a comparison
	make    func() views.Screen
}

// tabTable lists the tabs beside the first, in the order of their keys. A new one is a line here.
func tabTable() []tab {
	return []tab{
		{views.ShowFlame, false, func() views.Screen { return flame.New() }},
		{views.ShowStatistics, true, func() views.Screen { return statistics.New() }},
		{views.ShowMap, false, func() views.Screen { return servicemap.New() }},
		{views.ShowSpans, true, func() views.Screen { return spans.New() }},
		{views.ShowLogs, true, func() views.Screen { return logs.New() }},
		{views.ShowFindings, false, func() views.Screen { return findings.New() }},
	}
}

// screens are everything that draws, and which of it is on top and has the keys.
type screens struct {
	list        *tracelist.List
	waterfall   *waterfall.Waterfall
	diagnostics *importreport.Diagnostics
	help        *help.Help
	compare     *comparison.Comparison
	sets        *sets.Sets
	tabs        []tab
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

// newScreens returns all screens, the list on top, with the tabs of a table.
func newScreens(table []tab) screens {
	s := screens{
		list: tracelist.New(), waterfall: waterfall.New(), diagnostics: &importreport.Diagnostics{},
		help: &help.Help{}, compare: comparison.New(), sets: sets.New(), stack: []screenID{listScreen}, opens: map[views.Command]screenID{},
		detail: detail.New(), baselines: &baseline.Baselines{}, palette: &palette.Palette{}, tabs: table,
	}
	s.byID = []views.Screen{
		listScreen: s.list, waterfallScreen: s.waterfall, compareScreen: s.compare, setsScreen: s.sets,
		diagnosticsScreen: s.diagnostics, helpScreen: s.help,
	}
	for _, one := range s.tabs {
		for range scopes {
			s.byID = append(s.byID, one.make())
		}
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

// screensOf returns the screens of a type.
func screensOf[T views.Screen](all []views.Screen) []T {
	var some []T
	for _, one := range all {
		if s, ok := one.(T); ok {
			some = append(some, s)
		}
	}
	return some
}

// groupBy says what statistics are grouped by, unless that is "".
func (s *screens) groupBy(by string) {
	for _, panel := range screensOf[*statistics.Statistics](s.byID) {
		if by != "" {
			panel.GroupBy(by)
		}
	}
}

// all lists what can have the keys.
func (s *screens) all() []views.Screen {
	return append(slices.Clone(s.byID), s.detail, s.baselines)
}

// scope returns the scope that the screen belongs to: the nearest at the top of the stack or below it, and where in the stack
// its first tab is.
func (s *screens) scope() (in scope, at int) {
	for at = len(s.stack) - 1; at > 0; at-- {
		if in := slices.Index(scopeScreens[:], s.stack[at]); in >= 0 {
			return scope(in), at
		}
	}
	return scope(max(slices.Index(scopeScreens[:], s.stack[0]), 0)), 0
}

// tabbed reports whether the screen is a tab, and not an overlay.
func (s *screens) tabbed() bool {
	return slices.Contains(scopeScreens[:], s.screen()) || s.tabOf(s.screen()) != nil
}

// tabOf returns which of the further tabs a screen is, nil for none.
func (s *screens) tabOf(id screenID) *tab {
	if n := (int(id) - int(firstTab)) / int(scopes); id >= firstTab && n < len(s.tabs) {
		return &s.tabs[n]
	}
	return nil
}

// inTrace reports whether the screen is about one trace.
func (s *screens) inTrace() bool {
	in, _ := s.scope()
	return in == ofTrace
}

// head returns what draws the line above the tabs, nil where there is none.
func (s *screens) head() views.Headed {
	if !s.tabbed() {
		return nil
	}
	in, _ := s.scope()
	head, _ := s.byID[scopeScreens[in]].(views.Headed)
	return head
}

// tabNamed returns what opens the tab of a name, "" where there is no such tab. Names are those of the commands.
func (s *screens) tabNamed(name string) views.Command {
	for _, one := range s.tabs {
		if string(one.command) == name {
			return one.command
		}
	}
	return ""
}

// onTab reports whether the tab that a command opens is on the screen.
func (s *screens) onTab(c views.Command) bool {
	one := s.tabOf(s.screen())
	return one != nil && one.command == c
}

// tabID returns the screen of a tab for a scope, noScreen where the scope has no such tab.
func (s *screens) tabID(c views.Command, in scope) screenID {
	n := slices.IndexFunc(s.tabs, func(one tab) bool { return one.command == c })
	if n < 0 || s.tabs[n].alone && (in == ofPair || in == ofSets) || c == views.ShowStory && in != ofList || c == views.ShowLogs && in != ofTrace {
		return noScreen
	}
	return firstTab + screenID(n)*screenID(scopes) + screenID(in)
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

// about returns the trace that the tabs of the screen's scope are about, the bad one of a comparison, nil where they are about
// many.
func (s *screens) about() *trace.Trace {
	switch in, _ := s.scope(); {
	case in == ofTrace:
		return s.waterfall.Trace()
	case in == ofPair && s.compare.Comparison() != nil:
		return s.compare.Comparison().Bad.Trace
	}
	return nil
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
