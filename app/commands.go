package app

import (
	"fmt"
	"slices"
	"strings"

	"tracefall/views"
)

// The commands of the program itself, beside those of the screens.
const (
	cmdQuit        views.Command = "quit"
	cmdClose       views.Command = "close"
	cmdHelp        views.Command = "help"
	cmdPalette     views.Command = "palette"
	cmdDiagnostics views.Command = "diagnostics"
	cmdFocus                     = views.OtherPane
	cmdTime        views.Command = "time-format"
	cmdCopy        views.Command = "copy"
	cmdCopyCommand views.Command = "copy-command"
	cmdHide                      = views.HideOthers
	cmdRedraw      views.Command = "redraw"
	cmdCompare     views.Command = "compare"
	cmdMark        views.Command = "mark"
	cmdErrors      views.Command = "compare-errors"
	cmdSlowest     views.Command = "compare-slowest"
	cmdShare       views.Command = "share"
	cmdSuspend     views.Command = "suspend"
)

// place is where a command of the program means something, as a set. Screens know their own commands.
type place uint16

const (
	inList place = 1 << iota
	inWaterfall
	inDetail
	inDiagnostics
	inHelp
	inFindings
	inStatistics
	inCompare
	inSets
	inBaselines

	inTrace  = inWaterfall | inDetail
	onScreen = inList | inTrace | inDiagnostics | inHelp | inFindings | inStatistics | inCompare | inSets
	anywhere = onScreen | inBaselines
)

// command is one line of the table: what a person can ask for, with its keys and its words.
type command struct {
	name  views.Command
	keys  []string // as Bubble Tea spells them; the first is the one that is shown
	title string   // for the palette and the footer
	help  string   // one sentence without its full stop
	group string
	where place // for commands of the program itself; 0 for those of the screens
}

// The groups of commands, in the order of the help.
const (
	groupMove    = "Move"
	groupTree    = "Fold and group"
	groupTime    = "Time"
	groupFind    = "Find"
	groupCompare = "Compare"
	groupCopy    = "Copy"
	groupScreen  = "Screens"
)

// commands is the one table that keys, help, palette, footer, configuration and the README are made from.
func commands() []command {
	return []command{
		{views.Down, []string{"j", "down"}, "down", "One row down", groupMove, 0},
		{views.Up, []string{"k", "up"}, "up", "One row up", groupMove, 0},
		{views.Left, []string{"h", "left"}, "fold or parent", "Fold the row, or go to its parent; statistics: previous key", groupMove, 0},
		{views.Right, []string{"l", "right"}, "unfold or child", "Unfold the row, or go to its first child; statistics: next key", groupMove, 0},
		{views.HalfDown, []string{"ctrl+d"}, "half a page down", "Half a page down", groupMove, 0},
		{views.HalfUp, []string{"ctrl+u"}, "half a page up", "Half a page up", groupMove, 0},
		{views.PageDown, []string{"pgdown"}, "page down", "A page down", groupMove, 0},
		{views.PageUp, []string{"pgup"}, "page up", "A page up", groupMove, 0},
		{views.Top, []string{"g", "home"}, "top", "To the first row", groupMove, 0},
		{views.Bottom, []string{"G", "end"}, "bottom", "To the last row", groupMove, 0},
		{views.Enter, []string{"enter"}, "open", "Open what is under the cursor", groupMove, 0},

		{views.Fold, []string{"space"}, "fold", "Fold or unfold the row", groupTree, 0},
		{views.FoldLevel, []string{"["}, "fold a level", "Fold one level more", groupTree, 0},
		{views.OpenLevel, []string{"]"}, "open a level", "Open one level more", groupTree, 0},
		{views.FoldAll, []string{"{"}, "fold all", "Fold everything", groupTree, 0},
		{views.OpenAll, []string{"}"}, "open all", "Open everything", groupTree, 0},
		{views.Group, []string{"o"}, "group repeats", "Show repeated siblings as one row, or apart again", groupTree, 0},

		{views.ZoomSpan, []string{"z"}, "zoom to span", "The time window becomes the span under the cursor", groupTime, 0},
		{views.ZoomIn, []string{"+"}, "zoom in", "Halve the time window", groupTime, 0},
		{views.ZoomOut, []string{"-"}, "zoom out", "Double the time window", groupTime, 0},
		{views.ZoomReset, []string{"0"}, "reset zoom", "Reset zoom to the root's extent; again: to all spans", groupTime, 0},
		{views.PanLeft, []string{"<", "shift+left"}, "earlier", "Move the time window to the left", groupTime, 0},
		{views.PanRight, []string{">", "shift+right"}, "later", "Move the time window to the right", groupTime, 0},
		{views.ClockOffsets, []string{"w"}, "clock offsets", "Times as recorded, or with clocks that are proven to be off set right", groupTime, 0},
		{views.Gaps, []string{"U"}, "uninstrumented time", "Rows for the time in which no span ran, or none again", groupTime, 0},
		{cmdTime, []string{"t"}, "time format", "Show times in UTC, in local time, or relative to the start", groupTime, anywhere},
		{views.Narrower, []string{","}, "narrower names", "Give the bars a column of the names", groupTime, 0},
		{views.Wider, []string{"."}, "wider names", "Give the names a column of the bars", groupTime, 0},

		{views.Search, []string{"/"}, "search", "Type a query; tab completes, up brings back earlier ones", groupFind, 0},
		{cmdHide, []string{"ctrl+f"}, "hide others", "Show, or count in statistics, only what matches, or all again", groupFind, inWaterfall | inStatistics},
		{views.NextMatch, []string{"n"}, "next match", "To the next match", groupFind, 0},
		{views.PrevMatch, []string{"N"}, "previous match", "To the previous match", groupFind, 0},
		{views.NextError, []string{"e"}, "next error", "To the next error", groupFind, 0},
		{views.PrevError, []string{"E"}, "previous error", "To the previous error", groupFind, 0},
		{views.NextWarn, []string{"x"}, "next doubt", "To the next span that the file leaves in doubt: orphans, repaired times", groupFind, 0},
		{views.PrevWarn, []string{"X"}, "previous doubt", "To the previous span that the file leaves in doubt", groupFind, 0},
		{views.NextFinding, []string{"f"}, "next finding", "To the next finding; in a trace the worst first", groupFind, 0},
		{views.PrevFinding, []string{"F"}, "previous finding", "To the finding before", groupFind, 0},
		{views.RootCause, []string{"r"}, "root cause", "To the error that the others follow from", groupFind, 0},
		{views.CriticalPath, []string{"c"}, "critical path", "What the trace waited for: drawn heavy, alone, or not at all", groupFind, 0},
		{views.SortNext, []string{"S"}, "sort by next column", "Sort the list by its next column", groupFind, 0},
		{views.SortFlip, []string{"I"}, "reverse order", "Turn the order of the list around", groupFind, 0},

		{cmdCompare, []string{"="}, "compare", "Compare with a good trace, or of a query the matches with the rest", groupCompare, inList | inTrace},
		{cmdMark, []string{"m"}, "mark", "Mark the trace as the good one, or no longer", groupCompare, inList | inTrace},
		{cmdNote, []string{"M"}, "mark with a note", "Mark the trace as the good one and note why, or change the note", groupCompare, inList | inTrace},
		{cmdErrors, nil, "compare errors", "Compare the traces that failed with the rest", groupCompare, inList},
		{cmdSlowest, nil, "compare slowest", "Compare the slowest tenth of each operation with the rest", groupCompare, inList},
		{views.NextWorse, []string{"J"}, "next cause", "Of a comparison: to what made the next most of the difference", groupCompare, 0},
		{views.PrevWorse, []string{"K"}, "previous cause", "Of a comparison: to what made more of the difference", groupCompare, 0},
		{views.Inspect, []string{"i"}, "what differs", "Show or hide the attributes, status and events that differ between two spans", groupCompare, 0},
		{views.OtherSide, []string{"b"}, "good or bad", "The trace that is opened and copied from", groupCompare, 0},
		{views.Merged, []string{"v"}, "one tree", "Two traces as one tree, or side by side", groupCompare, 0},
		{views.Scale, []string{"u"}, "time scales", "One time scale for both traces, or each its own", groupCompare, 0},
		{views.Swap, []string{"~"}, "swap", "The good trace becomes the bad one", groupCompare, 0},
		{views.NextPane, nil, "next part", "The keys go to the next part of the screen", groupCompare, 0},

		{cmdCopy, []string{"y"}, "copy …", "Choose what to send to the terminal's clipboard: y again for the line, v value, s span id, t trace id", groupCopy, onScreen},
		{views.CopyLine, nil, "copy line", "Send the line to the terminal's clipboard", groupCopy, 0},
		{views.CopyValue, nil, "copy value", "Send the value to the terminal's clipboard", groupCopy, 0},
		{views.CopySpanID, nil, "copy span id", "Send the span's id to the terminal's clipboard", groupCopy, 0},
		{views.CopyTrace, nil, "copy trace id", "Send the trace's id to the terminal's clipboard", groupCopy, 0},
		{cmdShare, []string{"Y"}, "copy for a chat", "Send Markdown and the command that opens this view", groupCopy, onScreen},
		{cmdCopyCommand, nil, "copy command", "Send the command that opens this very view", groupCopy, onScreen},

		{cmdFocus, []string{"tab"}, "other pane", "To the other pane or part of a comparison; or ask for matches on different spans", groupScreen, inList | inTrace | inFindings | inCompare},
		{views.ShowFindings, []string{"a"}, "findings", "All findings, with evidence, rule and limits", groupScreen, inList | inTrace | inSets | inCompare},
		{views.ShowStatistics, []string{"s"}, "statistics", "Where the time went, by service, operation, edge between services, or any attribute", groupScreen, inList | inTrace},
		{views.Reveal, []string{"V"}, "reveal secrets", "Show the secrets in values, or mask them again", groupScreen, inTrace | inFindings},
		{cmdDiagnostics, []string{"D"}, "diagnostics", "What was skipped, repaired or in doubt while reading", groupScreen, onScreen},
		{cmdJoinIDs, nil, "join trace ids", "Join traces whose ids end in the same 64 bits, or keep them apart again", groupScreen, onScreen},
		{cmdStory, []string{"B"}, "demo stories", "Choose an incident of the demo, or hide its story", groupScreen, anywhere},
		{cmdPalette, []string{":", "ctrl+p"}, "palette", "Find a command, a trace or a span by its name or id", groupScreen, onScreen},
		{views.QueryHelp, []string{"f1", "alt+h"}, "query language", "The query language on one page", groupScreen, onScreen},
		{cmdHelp, []string{"?"}, "help", "All keys of this screen", groupScreen, onScreen},
		{views.Back, []string{"esc"}, "back", "Undo what is closest: loading, the search, the zoom; then leave the screen", groupScreen, anywhere},
		{cmdClose, []string{"q"}, "close", "Leave the pane or the screen; from the first screen, the program", groupScreen, anywhere},
		{cmdRedraw, []string{"ctrl+l"}, "redraw", "Draw the screen anew", groupScreen, anywhere},
		{cmdSuspend, []string{"ctrl+z"}, "suspend", "Back to the shell, whose fg comes back here", groupScreen, anywhere},
		{cmdQuit, []string{"ctrl+c"}, "quit", "Leave the program", groupScreen, anywhere},
	}
}

// copyChoice is what may follow the key of cmdCopy.
type copyChoice struct {
	keys    []string
	what    string
	command views.Command
}

func copyChoices() []copyChoice {
	return []copyChoice{
		{[]string{"y", "l"}, "line", views.CopyLine},
		{[]string{"v"}, "value", views.CopyValue},
		{[]string{"s"}, "span id", views.CopySpanID},
		{[]string{"t"}, "trace id", views.CopyTrace},
		{[]string{"c"}, "command for this view", cmdCopyCommand},
	}
}

// keymap is the table with the configuration applied, and its index by key.
type keymap struct {
	table []command
	byKey map[string]views.Command
}

// newKeymap applies the configuration's keys. A key for two commands that share a place is refused.
func newKeymap(c config) (*keymap, error) {
	m := &keymap{table: commands(), byKey: map[string]views.Command{}}
	for i, cmd := range m.table {
		value, ok := c.Keys[cmd.name]
		if !ok {
			continue
		}
		keys, err := keyList(value)
		if err != nil {
			return nil, fmt.Errorf("keys of %s: %w", cmd.name, err)
		}
		m.table[i].keys = keys
	}
	for _, cmd := range m.table {
		for _, key := range cmd.keys {
			if other, taken := m.byKey[key]; taken {
				return nil, fmt.Errorf("the key %q is bound to both %s and %s: give one of them another in [keys]", showKey(key), other, cmd.name)
			}
			m.byKey[key] = cmd.name
		}
	}
	return m, nil
}

// command returns what a key asks for.
func (m *keymap) command(key string) (views.Command, bool) {
	c, ok := m.byKey[key]
	return c, ok
}

// key returns the key that is shown for a command, "" where it has none.
func (m *keymap) key(name views.Command) string {
	c, ok := m.named(name)
	if !ok || len(c.keys) == 0 {
		return ""
	}
	return showKey(c.keys[0])
}

// named returns the line of the table for a command.
func (m *keymap) named(name views.Command) (command, bool) {
	i := slices.IndexFunc(m.table, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return m.table[i], true
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, string(c.name))
	}
	return names
}

// spellKey writes a key as Bubble Tea does: people write ctrl-d, pgdn and a blank.
func spellKey(key string) string {
	if key == " " {
		return "space"
	}
	for _, mod := range []string{"ctrl", "alt", "shift"} {
		key = strings.ReplaceAll(key, mod+"-", mod+"+")
	}
	if base, ok := strings.CutSuffix(key, "pgdn"); ok {
		return base + "pgdown"
	}
	return key
}

// showKey writes a key as people do.
func showKey(key string) string {
	for _, mod := range []string{"ctrl", "alt", "shift"} {
		key = strings.ReplaceAll(key, mod+"+", mod+"-")
	}
	return strings.Replace(key, "pgdown", "pgdn", 1)
}
