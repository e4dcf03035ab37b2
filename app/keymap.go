package app

import (
	"fmt"
	"slices"

	"tracefall/app/config"
	"tracefall/views"
)

// keymap is the table of commands with the configuration applied, and its index by key.
type keymap struct {
	table []views.Binding
	byKey map[string][]views.Command // those of screens before those of the program
}

// newKeymap applies the configuration's keys to the table of commands and to what screens have beside it. A key for
// two commands is refused, but where the table itself has it for two: one of a screen, and one of the program elsewhere.
func newKeymap(c config.Config, screens []views.Screen) (*keymap, error) {
	m := &keymap{table: commandTable(screens), byKey: map[string][]views.Command{}}
	usual := map[string]int{}
	for _, b := range m.table {
		for _, key := range b.Key.Keys() {
			usual[key]++
		}
	}
	for i, b := range m.table {
		value, ok := c.Keys[b.Name]
		if !ok {
			continue
		}
		keys, err := config.KeyList(value)
		if err != nil {
			return nil, fmt.Errorf("keys of %s: %w", b.Name, err)
		}
		m.table[i] = b.WithKeys(keys...)
	}
	program := len(views.Commands()) // what screens have beside the table comes behind it
	for _, b := range slices.Concat(m.table[program:], m.table[:program]) {
		for _, key := range b.Key.Keys() {
			if others := m.byKey[key]; len(others) >= max(usual[key], 1) {
				return nil, fmt.Errorf("the key %q is bound to both %s and %s: give one of them another in [keys]", views.ShowKey(key), others[0], b.Name)
			}
			m.byKey[key] = append(m.byKey[key], b.Name)
		}
	}
	return m, nil
}

// command returns what a key asks for on the first of some screens that knows it, "" for nothing.
func (m *keymap) command(key string, on ...views.Screen) views.Command {
	all := m.byKey[key]
	if len(all) == 0 {
		return ""
	}
	for _, screen := range on {
		var offered views.Command
		for _, c := range all {
			switch b, here := views.Find(screen.Bindings(), c); {
			case here && b.Do != nil:
				return c
			case here:
				offered = c
			}
		}
		if offered != "" {
			return offered
		}
	}
	return all[len(all)-1]
}

// key returns the key that is shown for a command, "" where it has none.
func (m *keymap) key(name views.Command) string {
	b, _ := m.named(name)
	return b.Key.Help().Key
}

// named returns the line of the table for a command.
func (m *keymap) named(name views.Command) (views.Binding, bool) { return views.Find(m.table, name) }

// commandTable is the table of commands, and below it what screens have beside it.
func commandTable(screens []views.Screen) []views.Binding {
	table := views.Commands()
	for _, s := range screens {
		for _, b := range s.Bindings() {
			if _, known := views.Find(table, b.Name); !known {
				table = append(table, b)
			}
		}
	}
	return table
}

// CommandNames lists the commands that the configuration can give keys: those of the table and those of screens.
func CommandNames() []string {
	screens := newScreens(tabTable())
	var names []string
	for _, c := range commandTable(screens.all()) {
		names = append(names, string(c.Name))
	}
	return names
}

// copyChoice is what may follow the key of views.CopyMenu.
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
		{[]string{"c"}, "command", views.CopyCommand},
	}
}
