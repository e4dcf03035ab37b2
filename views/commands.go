package views

import (
	"sync"

	"charm.land/bubbles/v2/key"
)

// Command is the name of something that a person can ask for. The names are stable: the configuration uses them.
type Command string

// The commands of the screens.
const (
	Down     Command = "down"
	Up       Command = "up"
	PageDown Command = "page-down"
	PageUp   Command = "page-up"
	HalfDown Command = "half-page-down"
	HalfUp   Command = "half-page-up"
	Top      Command = "top"
	Bottom   Command = "bottom"
	Left     Command = "left"  // to the parent, or collapse
	Right    Command = "right" // expand, or to the first child
	Enter    Command = "enter" // open what is under the cursor

	Fold      Command = "fold"       // collapse or expand a row
	FoldLevel Command = "fold-level" // one level less
	OpenLevel Command = "open-level" // one level more
	FoldAll   Command = "fold-all"
	OpenAll   Command = "open-all"
	Group     Command = "group" // repeated calls or equal traces as one row

	ZoomSpan  Command = "zoom-span" // the window becomes the span under the cursor
	ZoomIn    Command = "zoom-in"
	ZoomOut   Command = "zoom-out"
	ZoomReset Command = "zoom-reset"
	PanLeft   Command = "pan-left"
	PanRight  Command = "pan-right"

	NextError    Command = "next-error"
	PrevError    Command = "previous-error"
	NextMatch    Command = "next-match"
	PrevMatch    Command = "previous-match"
	NextWarn     Command = "next-warning"
	PrevWarn     Command = "previous-warning"
	NextFinding  Command = "next-finding"
	PrevFinding  Command = "previous-finding"
	RootCause    Command = "root-cause"    // to the error that caused the others
	CriticalPath Command = "critical-path" // off, drawn, only
	ClockOffsets Command = "clock-offsets" // raw times, adjusted times
	Gaps         Command = "gaps"          // rows for the time without a span
	Reveal       Command = "reveal"        // secrets in values; the program does it

	Wider    Command = "wider"    // the names column
	Narrower Command = "narrower" // the names column

	NextWorse Command = "next-worse"     // what made the bad trace longer, in the order of how much
	PrevWorse Command = "previous-worse" // likewise, towards the worst
	Scale     Command = "scale"          // one time scale for both traces, or each its own
	Merged    Command = "merged"         // two traces as one tree, or side by side
	Swap      Command = "swap"           // good becomes bad
	OtherSide Command = "other-side"     // the trace that Enter opens and copies name
	SpanLogs  Command = "span-logs"      // of the span under the cursor, or of all
	Inspect   Command = "inspect"        // show or hide what differs between two spans
	NextPane  Command = "next-pane"      // the keys go to the next part of the screen

	Search     Command = "search"      // start typing what to look for
	QueryHelp  Command = "query-help"  // the page about the query language
	HideOthers Command = "hide-others" // show only matches and their ancestors
	OtherPane  Command = "switch-pane" // what asks for matches on different spans, where those are offered
	SortNext   Command = "sort-next"
	SortFlip   Command = "sort-reverse"
	Columns    Command = "columns" // of attributes, in a table of spans
	ShowRule   Command = "rule"    // of a finding
	CopyValue  Command = "copy-value"
	CopyLine   Command = "copy-line"
	CopySpanID Command = "copy-span-id"
	CopyTrace  Command = "copy-trace-id"
	Back       Command = "back" // undo what is closest: the search, the zoom, then leave the screen
)

// The commands that the program carries out itself.
const (
	Quit            Command = "quit"
	Close           Command = "close"
	ShowHelp        Command = "help"
	ShowPalette     Command = "palette"
	ShowDiagnostics Command = "diagnostics"
	TimeFormat      Command = "time-format"
	CopyMenu        Command = "copy" // the next key says what
	CopyCommand     Command = "copy-command"
	Redraw          Command = "redraw"
	CompareGood     Command = "compare" // with the trace that is marked, or that fits best
	MarkGood        Command = "mark"
	MarkNote        Command = "note" // marks with a note, or changes the note
	CompareErrors   Command = "compare-errors"
	CompareSlowest  Command = "compare-slowest"
	Share           Command = "share"
	Suspend         Command = "suspend"
	Refresh         Command = "refresh"  // asks the backend again
	Watch           Command = "watch"    // asks it every few seconds
	SaveFetched     Command = "save"     // what the backend answered
	SetTimeWindow   Command = "window"   // of time of the backend's traces
	LoadAll         Command = "load-all" // traces of the backend's window
	ShowBackends    Command = "backends" // to choose from
	ShowServices    Command = "services" // of the backend, to choose from
	JoinIDs         Command = "join-ids" // traces of which one has the lower 64 bits of the other's id
	ShowStory       Command = "story"    // of the incident that is open
)

// The tabs of a trace, of the list, or of a comparison. The program opens them.
const (
	ShowMain       Command = "main" // the waterfall, the list, the comparison
	ShowFlame      Command = "flame"
	ShowStatistics Command = "statistics"
	ShowMap        Command = "map"
	ShowSpans      Command = "spans"
	ShowLogs       Command = "logs"
	ShowFindings   Command = "findings"
)

// The groups of commands, by what a person wants, in the order of the help.
const (
	groupMove    = "Move"
	groupSearch  = "Search"
	groupCompare = "Compare"
	groupShare   = "Share"
	groupLook    = "Look"
	groupTabs    = "Tabs"
	groupProgram = "Program"
)

// Commands is the one table that keys, help, palette, footer, configuration and docs/keys.md are made from: bindings
// without what they do, in the order of the help. A screen takes from it what it knows, by Bind. Two that are one thing in two
// directions follow each other and have one text.
func Commands() []Binding {
	return []Binding{
		command(Down, groupMove, "down", "Move down / up", "j", "down"),
		command(Up, groupMove, "up", "Move down / up", "k", "up"),
		command(HalfDown, groupMove, "half page down", "Half a page down / up", "ctrl+d"),
		command(HalfUp, groupMove, "half page up", "Half a page down / up", "ctrl+u"),
		command(PageDown, groupMove, "page down", "Page down / up", "pgdown"),
		command(PageUp, groupMove, "page up", "Page down / up", "pgup"),
		command(Top, groupMove, "first row", "First / last row", "g", "home"),
		command(Bottom, groupMove, "last row", "First / last row", "G", "end"),
		command(Left, groupMove, "collapse", "Collapse or go to parent / expand or go to child", "h", "left"),
		command(Right, groupMove, "expand", "Collapse or go to parent / expand or go to child", "l", "right"),
		command(Enter, groupMove, "open", "Open selected row", "enter"),
		command(OtherPane, groupMove, "other pane", "Switch pane", "tab"),
		command(Back, groupMove, "back", "Cancel / clear search / reset zoom / go back", "esc"),
		command(Close, groupMove, "close", "Close pane or screen; quit from the list", "q"),

		command(Search, groupSearch, "search", "Search with a query", "/"),
		command(HideOthers, groupSearch, "only matches", "Filter to matches", "ctrl+f"),
		command(NextMatch, groupSearch, "next match", "Next / previous match", "n"),
		command(PrevMatch, groupSearch, "prev match", "Next / previous match", "N"),
		command(NextError, groupSearch, "next error", "Next / previous error", "e"),
		command(PrevError, groupSearch, "prev error", "Next / previous error", "E"),
		command(NextFinding, groupSearch, "next finding", "Next / previous finding, worst first", "f"),
		command(PrevFinding, groupSearch, "prev finding", "Next / previous finding, worst first", "F"),
		command(RootCause, groupSearch, "root cause", "Jump to root-cause error", "r"),
		command(NextWarn, groupSearch, "next warning", "Next / previous data warning (orphan, repaired timestamp)", "x"),
		command(PrevWarn, groupSearch, "prev warning", "Next / previous data warning (orphan, repaired timestamp)", "X"),

		command(CompareGood, groupCompare, "compare", "Compare with a baseline trace (with a query: matches vs. rest)", "="),
		command(MarkGood, groupCompare, "mark baseline", "Mark / unmark as baseline", "m"),
		command(MarkNote, groupCompare, "note", "Mark as baseline with a note / edit note", "M"),
		command(CompareErrors, groupCompare, "compare failed", "Compare failed traces vs. rest"),
		command(CompareSlowest, groupCompare, "compare slowest", "Compare slowest 10 % per operation vs. rest"),
		command(NextWorse, groupCompare, "next contributor", "Next / previous largest contributor", "J"),
		command(PrevWorse, groupCompare, "prev contributor", "Next / previous largest contributor", "K"),
		command(Inspect, groupCompare, "differences", "Show / hide differing attributes, status and events", "i"),
		command(OtherSide, groupCompare, "other side", "Switch active side (baseline / bad)", "b"),
		command(Merged, groupCompare, "layout", "Merged tree / side by side", "v"),
		command(Scale, groupCompare, "time scale", "Shared / separate time scale", "u"),
		command(Swap, groupCompare, "swap sides", "Swap sides", "~"),
		command(NextPane, groupCompare, "next section", "Go to the next section"),

		command(CopyMenu, groupShare, "copy …", "Copy … (line, value, span id, trace id)", "y"),
		command(CopyLine, groupShare, "copy line", "Copy line"),
		command(CopyValue, groupShare, "copy value", "Copy value"),
		command(CopySpanID, groupShare, "copy span id", "Copy span id"),
		command(CopyTrace, groupShare, "copy trace id", "Copy trace id"),
		command(Share, groupShare, "share", "Copy as Markdown with link command", "Y"),
		command(CopyCommand, groupShare, "copy command", "Copy the command that opens this view"),

		command(Fold, groupLook, "collapse/expand", "Collapse / expand row or group", "space"),
		command(FoldLevel, groupLook, "collapse level", "Collapse / expand one level", "["),
		command(OpenLevel, groupLook, "expand level", "Collapse / expand one level", "]"),
		command(FoldAll, groupLook, "collapse all", "Collapse / expand all", "{"),
		command(OpenAll, groupLook, "expand all", "Collapse / expand all", "}"),
		command(Group, groupLook, "group", "Group / ungroup repeated calls, equal traces", "o"),
		command(ZoomSpan, groupLook, "zoom", "Zoom to selected span", "z"),
		command(ZoomIn, groupLook, "zoom in", "Zoom in / out", "+"),
		command(ZoomOut, groupLook, "zoom out", "Zoom in / out", "-"),
		command(ZoomReset, groupLook, "reset zoom", "Reset zoom (again: all spans)", "0"),
		command(PanLeft, groupLook, "earlier", "Move time window earlier / later", "<", "shift+left"),
		command(PanRight, groupLook, "later", "Move time window earlier / later", ">", "shift+right"),
		command(CriticalPath, groupLook, "critical path", "Critical path: highlight / only / off", "c"),
		command(ClockOffsets, groupLook, "clock skew", "Toggle clock-skew correction", "w"),
		command(Gaps, groupLook, "gaps", "Show / hide gaps (uninstrumented time)", "U"),
		command(SpanLogs, groupLook, "logs of span", "Log lines of the selected span / of the trace", "L"),
		command(TimeFormat, groupLook, "time format", "Time format: UTC / local / relative", "t"),
		command(Narrower, groupLook, "narrower", "Narrower / wider name column", ","),
		command(Wider, groupLook, "wider", "Narrower / wider name column", "."),
		command(SortNext, groupLook, "sort", "Sort by next column", "S"),
		command(SortFlip, groupLook, "reverse", "Reverse sort order", "I"),
		command(Columns, groupLook, "columns", "Choose attribute columns", "C"),
		command(ShowRule, groupLook, "rule", "Show / hide rule, thresholds and sources", "R"),
		command(Reveal, groupLook, "secrets", "Show / mask secrets", "V"),

		command(ShowMain, groupTabs, "main view", "Traces / waterfall / comparison", "1"),
		command(ShowFlame, groupTabs, "flame", "Flame graph", "2"),
		command(ShowStatistics, groupTabs, "statistics", "Statistics by service, operation or attribute", "3", "s"),
		command(ShowMap, groupTabs, "map", "Service map", "4"),
		command(ShowSpans, groupTabs, "spans", "Table of spans", "5"),
		command(ShowLogs, groupTabs, "logs", "Log lines of the trace", "6"),
		command(ShowFindings, groupTabs, "findings", "Findings with evidence and common fixes", "8", "a"),

		command(ShowHelp, groupProgram, "help", "Keys and symbols", "?"),
		command(ShowPalette, groupProgram, "palette", "Command palette", ":", "ctrl+p"),
		command(QueryHelp, groupProgram, "query language", "Query language", "f1", "alt+h"),
		command(Refresh, groupProgram, "ask again", "Ask the backend again: for this trace, or up to now", "R"),
		command(Watch, groupProgram, "watch", "Ask the backend again every few seconds, or no longer", "W"),
		command(SaveFetched, groupProgram, "save", "Save what the backend answered as OTLP JSON lines", "O"),
		command(SetTimeWindow, groupProgram, "window", "Time window of the backend (< > move it)", "T"),
		command(LoadAll, groupProgram, "load all", "Load all traces of the time window"),
		command(ShowServices, groupProgram, "services", "Services of the backend: choose one, its traces are asked for"),
		command(ShowBackends, groupProgram, "backends", "Choose a backend", "C"),
		command(ShowDiagnostics, groupProgram, "import report", "Import report", "D"),
		command(JoinIDs, groupProgram, "join trace ids", "Join / separate traces with the same lower 64 id bits"),
		command(ShowStory, groupProgram, "incidents", "Demo scenarios / hide description", "B"),
		command(Redraw, groupProgram, "redraw", "Redraw", "ctrl+l"),
		command(Suspend, groupProgram, "suspend", "Suspend (fg to resume)", "ctrl+z"),
		command(Quit, groupProgram, "quit", "Quit", "ctrl+c"),
	}
}

// command is a line of the table: a title of a word or two, one sentence without its full stop, and the keys as Bubble
// Tea spells them, of which the first is shown.
func command(name Command, group, title, help string, keys ...string) Binding {
	return Binding{Name: name, Help: help, Group: group, Key: key.NewBinding(key.WithHelp("", title))}.WithKeys(keys...)
}

// table is the table of commands, made once: a screen looks up each of its bindings in it.
var table = sync.OnceValue(Commands)

// Bind returns the line of the table for a command, with what it does.
func Bind(name Command, do func() Action) Binding {
	b, _ := Find(table(), name)
	b.Do = do
	return b
}

// Offer returns the line of the table for a command that the program carries out and that means something on a screen.
func Offer(name Command) Binding { return Bind(name, nil) }
