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
	cmdFocus       views.Command = "switch-pane"
	cmdTime        views.Command = "time-format"
	cmdCopy        views.Command = "copy"
	cmdCopyCommand views.Command = "copy-command"
	cmdHide        views.Command = "hide-others"
	cmdRedraw      views.Command = "redraw"
)

// place is where a command means something, as a set.
type place uint8

const (
	inList place = 1 << iota
	inWaterfall
	inDetail
	inDiagnostics
	inHelp

	inTrace  = inWaterfall | inDetail
	scrolled = inList | inWaterfall | inDetail | inDiagnostics | inHelp
	anywhere = scrolled
)

// command is one line of the table: what a person can ask for, with its keys and its words.
type command struct {
	name  views.Command
	keys  []string // as Bubble Tea spells them; the first is the one that is shown
	title string   // for the palette and the footer
	help  string   // one sentence without its full stop
	group string
	where place
	own   bool // carried out by the program, not by a screen
}

// The groups of commands, in the order of the help.
const (
	groupMove   = "Move"
	groupTree   = "Fold and group"
	groupTime   = "Time"
	groupFind   = "Find"
	groupCopy   = "Copy"
	groupScreen = "Screens"
)

// commands is the one table that keys, help, palette, footer, configuration and the README are made from.
func commands() []command {
	return []command{
		{views.Down, []string{"j", "down"}, "down", "One row down", groupMove, scrolled, false},
		{views.Up, []string{"k", "up"}, "up", "One row up", groupMove, scrolled, false},
		{views.Left, []string{"h", "left"}, "fold or parent", "Fold the row, or go to its parent", groupMove, inTrace, false},
		{views.Right, []string{"l", "right"}, "unfold or child", "Unfold the row, or go to its first child", groupMove, inTrace, false},
		{views.HalfDown, []string{"ctrl+d"}, "half a page down", "Half a page down", groupMove, scrolled, false},
		{views.HalfUp, []string{"ctrl+u"}, "half a page up", "Half a page up", groupMove, scrolled, false},
		{views.PageDown, []string{"pgdown"}, "page down", "A page down", groupMove, scrolled, false},
		{views.PageUp, []string{"pgup"}, "page up", "A page up", groupMove, scrolled, false},
		{views.Top, []string{"g", "home"}, "top", "To the first row", groupMove, scrolled, false},
		{views.Bottom, []string{"G", "end"}, "bottom", "To the last row", groupMove, scrolled, false},
		{views.Enter, []string{"enter"}, "open", "Open what is under the cursor", groupMove, scrolled, false},

		{views.Fold, []string{"space"}, "fold", "Fold or unfold the row", groupTree, inTrace, false},
		{views.FoldLevel, []string{"["}, "fold a level", "Fold one level more", groupTree, inWaterfall, false},
		{views.OpenLevel, []string{"]"}, "open a level", "Open one level more", groupTree, inWaterfall, false},
		{views.FoldAll, []string{"{"}, "fold all", "Fold everything", groupTree, inWaterfall, false},
		{views.OpenAll, []string{"}"}, "open all", "Open everything", groupTree, inWaterfall, false},
		{views.Group, []string{"o"}, "group repeats", "Show repeated siblings as one row, or apart again", groupTree, inWaterfall, false},

		{views.ZoomSpan, []string{"z"}, "zoom to span", "The time window becomes the span under the cursor", groupTime, inWaterfall, false},
		{views.ZoomIn, []string{"+"}, "zoom in", "Halve the time window", groupTime, inWaterfall, false},
		{views.ZoomOut, []string{"-"}, "zoom out", "Double the time window", groupTime, inWaterfall, false},
		{views.ZoomReset, []string{"0"}, "whole trace", "The time window becomes the whole trace", groupTime, inWaterfall, false},
		{views.PanLeft, []string{"<", "shift+left"}, "earlier", "Move the time window to the left", groupTime, inWaterfall, false},
		{views.PanRight, []string{">", "shift+right"}, "later", "Move the time window to the right", groupTime, inWaterfall, false},
		{cmdTime, []string{"t"}, "time format", "Show times in UTC, in local time, or relative to the start", groupTime, anywhere, true},
		{views.Narrower, []string{","}, "narrower names", "Give the bars a column of the names", groupTime, inWaterfall, false},
		{views.Wider, []string{"."}, "wider names", "Give the names a column of the bars", groupTime, inWaterfall, false},

		{views.Search, []string{"/"}, "search", "Type what to look for", groupFind, inList | inTrace, false},
		{cmdHide, []string{"ctrl+f"}, "hide others", "Show only matches and their ancestors, or everything again", groupFind, inWaterfall, true},
		{views.NextMatch, []string{"n"}, "next match", "To the next match", groupFind, inList | inTrace, false},
		{views.PrevMatch, []string{"N"}, "previous match", "To the previous match", groupFind, inList | inTrace, false},
		{views.NextError, []string{"e"}, "next error", "To the next error", groupFind, inList | inTrace, false},
		{views.PrevError, []string{"E"}, "previous error", "To the previous error", groupFind, inList | inTrace, false},
		{views.NextWarn, []string{"x"}, "next doubt", "To the next span that the file leaves in doubt: orphans, repaired times", groupFind, inWaterfall, false},
		{views.PrevWarn, []string{"X"}, "previous doubt", "To the previous span that the file leaves in doubt", groupFind, inWaterfall, false},
		{views.SortNext, []string{"S"}, "sort by next column", "Sort the list by its next column", groupFind, inList, false},
		{views.SortFlip, []string{"I"}, "reverse order", "Turn the order of the list around", groupFind, inList, false},

		{cmdCopy, []string{"y"}, "copy …", "Choose what to send to the terminal's clipboard: y again for the line, v value, s span id, t trace id", groupCopy, inList | inTrace, true},
		{views.CopyLine, nil, "copy line", "Send the line to the terminal's clipboard", groupCopy, inList | inTrace, false},
		{views.CopyValue, nil, "copy value", "Send the value to the terminal's clipboard", groupCopy, inTrace, false},
		{views.CopySpanID, nil, "copy span id", "Send the span's id to the terminal's clipboard", groupCopy, inTrace, false},
		{views.CopyTrace, nil, "copy trace id", "Send the trace's id to the terminal's clipboard", groupCopy, inList | inTrace, false},
		{cmdCopyCommand, []string{"Y"}, "copy command", "Send the command that opens this very view", groupCopy, inList | inTrace, true},

		{cmdFocus, []string{"tab"}, "other pane", "Move the keys between waterfall and detail", groupScreen, inTrace, true},
		{cmdDiagnostics, []string{"D"}, "diagnostics", "What was skipped, repaired or in doubt while reading", groupScreen, anywhere, true},
		{cmdPalette, []string{":", "ctrl+p"}, "palette", "Find a command, a trace or a span by its name or id", groupScreen, anywhere, true},
		{cmdHelp, []string{"?"}, "help", "All keys of this screen", groupScreen, anywhere, true},
		{views.Back, []string{"esc"}, "back", "Undo what is closest: loading, the search, the zoom; then leave the screen", groupScreen, anywhere, true},
		{cmdClose, []string{"q"}, "close", "Leave the pane or the screen; from the first screen, the program", groupScreen, anywhere, true},
		{cmdRedraw, []string{"ctrl+l"}, "redraw", "Draw the screen anew", groupScreen, anywhere, true},
		{cmdQuit, []string{"ctrl+c"}, "quit", "Leave the program", groupScreen, anywhere, true},
	}
}

// copyKeys are what may follow the key of cmdCopy.
func copyKeys() map[string]views.Command {
	return map[string]views.Command{
		"y": views.CopyLine, "l": views.CopyLine, "v": views.CopyValue, "s": views.CopySpanID, "t": views.CopyTrace, "c": cmdCopyCommand,
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
