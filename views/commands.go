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
	Left     Command = "left"  // to the parent, or fold
	Right    Command = "right" // unfold, or to the first child
	Enter    Command = "enter" // open what is under the cursor

	Fold      Command = "fold"       // fold or unfold the row
	FoldLevel Command = "fold-level" // one level less
	OpenLevel Command = "open-level" // one level more
	FoldAll   Command = "fold-all"
	OpenAll   Command = "open-all"
	Group     Command = "group" // repeated siblings as one row

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
	RootCause    Command = "root-cause"    // to the error that the others follow from
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
	Inspect   Command = "inspect"        // show or hide what differs between two spans
	ShowRule  Command = "show-rule"      // when the detector of a finding fires
	NextPane  Command = "next-pane"      // the keys go to the next part of the screen

	Search     Command = "search"      // start typing what to look for
	QueryHelp  Command = "query-help"  // the page about the query language
	HideOthers Command = "hide-others" // show only matches and their ancestors
	OtherPane  Command = "switch-pane" // what asks for matches on different spans, where those are offered
	SortNext   Command = "sort-next"
	SortFlip   Command = "sort-reverse"
	Columns    Command = "columns" // which attributes are columns
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
	ShowFindings   Command = "findings"
)

// The groups of commands, in the order of the help.
const (
	groupMove    = "Move"
	groupTree    = "Fold and group"
	groupTime    = "Time"
	groupFind    = "Find"
	groupCompare = "Compare"
	groupCopy    = "Copy"
	groupTabs    = "Tabs"
	groupScreen  = "Screens"
)

// Commands is the one table that keys, help, palette, footer, configuration and docs/keys.md are made from: bindings
// without what they do, in the order of the help. A screen takes from it what it knows, by Bind.
func Commands() []Binding {
	return []Binding{
		command(Down, groupMove, "down", "One row down", "j", "down"),
		command(Up, groupMove, "up", "One row up", "k", "up"),
		command(Left, groupMove, "fold or parent", "Fold the row, or go to its parent; statistics: previous key", "h", "left"),
		command(Right, groupMove, "unfold or child", "Unfold the row, or go to its first child; statistics: next key", "l", "right"),
		command(HalfDown, groupMove, "half a page down", "Half a page down", "ctrl+d"),
		command(HalfUp, groupMove, "half a page up", "Half a page up", "ctrl+u"),
		command(PageDown, groupMove, "page down", "A page down", "pgdown"),
		command(PageUp, groupMove, "page up", "A page up", "pgup"),
		command(Top, groupMove, "top", "To the first row", "g", "home"),
		command(Bottom, groupMove, "bottom", "To the last row", "G", "end"),
		command(Enter, groupMove, "open", "Open what is under the cursor", "enter"),

		command(Fold, groupTree, "fold", "Fold or unfold the row", "space"),
		command(FoldLevel, groupTree, "fold a level", "Fold one level more", "["),
		command(OpenLevel, groupTree, "open a level", "Open one level more", "]"),
		command(FoldAll, groupTree, "fold all", "Fold everything", "{"),
		command(OpenAll, groupTree, "open all", "Open everything", "}"),
		command(Group, groupTree, "group repeats", "Show repeated siblings as one row, or apart again", "o"),

		command(ZoomSpan, groupTime, "zoom to span", "The time window becomes the span under the cursor", "z"),
		command(ZoomIn, groupTime, "zoom in", "Halve the time window", "+"),
		command(ZoomOut, groupTime, "zoom out", "Double the time window", "-"),
		command(ZoomReset, groupTime, "reset zoom", "Reset zoom to the root's extent; again: to all spans", "0"),
		command(PanLeft, groupTime, "earlier", "Move the time window to the left", "<", "shift+left"),
		command(PanRight, groupTime, "later", "Move the time window to the right", ">", "shift+right"),
		command(ClockOffsets, groupTime, "clock offsets", "Times as recorded, or with clocks that are proven to be off set right", "w"),
		command(Gaps, groupTime, "uninstrumented time", "Rows for the time in which no span ran, or none again", "U"),
		command(TimeFormat, groupTime, "time format", "Show times in UTC, in local time, or relative to the start", "t"),
		command(Narrower, groupTime, "narrower names", "Give the bars a column of the names", ","),
		command(Wider, groupTime, "wider names", "Give the names a column of the bars", "."),

		command(Search, groupFind, "search", "Type a query; tab completes, up brings back earlier ones", "/"),
		command(HideOthers, groupFind, "hide others", "Show, or count in statistics, only what matches, or all again", "ctrl+f"),
		command(NextMatch, groupFind, "next match", "To the next match", "n"),
		command(PrevMatch, groupFind, "previous match", "To the previous match", "N"),
		command(NextError, groupFind, "next error", "To the next error", "e"),
		command(PrevError, groupFind, "previous error", "To the previous error", "E"),
		command(NextWarn, groupFind, "next doubt", "To the next span that the file leaves in doubt: orphans, repaired times", "x"),
		command(PrevWarn, groupFind, "previous doubt", "To the previous span that the file leaves in doubt", "X"),
		command(NextFinding, groupFind, "next finding", "To the next finding; in a trace the worst first", "f"),
		command(PrevFinding, groupFind, "previous finding", "To the finding before", "F"),
		command(RootCause, groupFind, "root cause", "To the error that the others follow from", "r"),
		command(CriticalPath, groupFind, "critical path", "What the trace waited for: drawn heavy, alone, or not at all", "c"),
		command(SortNext, groupFind, "sort by next column", "Sort the list by its next column", "S"),
		command(SortFlip, groupFind, "reverse order", "Turn the order of the list around", "I"),
		command(Columns, groupFind, "columns", "Choose attribute columns of the span table", "C"),

		command(CompareGood, groupCompare, "compare", "Compare with a good trace, or of a query the matches with the rest", "="),
		command(MarkGood, groupCompare, "mark", "Mark the trace as the good one, or no longer", "m"),
		command(MarkNote, groupCompare, "mark with a note", "Mark the trace as the good one and note why, or change the note", "M"),
		command(CompareErrors, groupCompare, "compare errors", "Compare the traces that failed with the rest"),
		command(CompareSlowest, groupCompare, "compare slowest", "Compare the slowest tenth of each operation with the rest"),
		command(NextWorse, groupCompare, "next cause", "Of a comparison: to what made the next most of the difference", "J"),
		command(PrevWorse, groupCompare, "previous cause", "Of a comparison: to what made more of the difference", "K"),
		command(Inspect, groupCompare, "what differs", "Show or hide the attributes, status and events that differ between two spans", "i"),
		command(OtherSide, groupCompare, "good or bad", "The trace that is opened and copied from", "b"),
		command(Merged, groupCompare, "one tree", "Two traces as one tree, or side by side", "v"),
		command(Scale, groupCompare, "time scales", "One time scale for both traces, or each its own", "u"),
		command(Swap, groupCompare, "swap", "The good trace becomes the bad one", "~"),
		command(NextPane, groupCompare, "next part", "The keys go to the next part of the screen"),

		command(CopyMenu, groupCopy, "copy …", "Choose what to send to the terminal's clipboard: y again for the line, v value, s span id, t trace id", "y"),
		command(CopyLine, groupCopy, "copy line", "Send the line to the terminal's clipboard"),
		command(CopyValue, groupCopy, "copy value", "Send the value to the terminal's clipboard"),
		command(CopySpanID, groupCopy, "copy span id", "Send the span's id to the terminal's clipboard"),
		command(CopyTrace, groupCopy, "copy trace id", "Send the trace's id to the terminal's clipboard"),
		command(Share, groupCopy, "copy for a chat", "Send Markdown and the command that opens this view", "Y"),
		command(CopyCommand, groupCopy, "copy command", "Send the command that opens this very view"),

		command(ShowMain, groupTabs, "main view", "Traces, waterfall or comparison", "1"),
		command(ShowFlame, groupTabs, "flame", "Flame graph", "2"),
		command(ShowStatistics, groupTabs, "statistics", "Statistics by service, operation, service → service, or any attribute", "3", "s"),
		command(ShowMap, groupTabs, "map", "Service map", "4"),
		command(ShowSpans, groupTabs, "spans", "Table of spans", "5"),
		command(ShowFindings, groupTabs, "findings", "Findings, with evidence, rule and caveats", "8", "a"),

		command(OtherPane, groupScreen, "other pane", "To the other pane or part of a comparison; or ask for matches on different spans", "tab"),
		command(Reveal, groupScreen, "reveal secrets", "Show the secrets in values, or mask them again", "V"),
		command(ShowDiagnostics, groupScreen, "diagnostics", "What was skipped, repaired or in doubt while reading", "D"),
		command(JoinIDs, groupScreen, "join trace ids", "Join traces whose ids end in the same 64 bits, or keep them apart again"),
		command(ShowRule, groupScreen, "rule", "Show or hide the rule of the finding, its thresholds and their sources", "R"),
		command(ShowStory, groupScreen, "demo stories", "Choose an incident of the demo, or hide its story", "B"),
		command(ShowPalette, groupScreen, "palette", "Find a command, a trace or a span by its name or id", ":", "ctrl+p"),
		command(QueryHelp, groupScreen, "query language", "The query language on one page", "f1", "alt+h"),
		command(ShowHelp, groupScreen, "help", "All keys of this screen", "?"),
		command(Back, groupScreen, "back", "Undo what is closest: loading, the search, the zoom; then leave the screen", "esc"),
		command(Close, groupScreen, "close", "Leave the pane or the screen; from the first screen, the program", "q"),
		command(Redraw, groupScreen, "redraw", "Draw the screen anew", "ctrl+l"),
		command(Suspend, groupScreen, "suspend", "Back to the shell, whose fg comes back here", "ctrl+z"),
		command(Quit, groupScreen, "quit", "Leave the program", "ctrl+c"),
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
