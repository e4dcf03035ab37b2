package views

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
)

// Binding is one thing that a person can ask for: footer, help, palette, configuration and docs/keys.md describe it by what
// stands here, and nowhere else is said what a key does.
type Binding struct {
	Name  Command
	Key   key.Binding // its keys as Bubble Tea spells them; its help: the first of them, and a title of a word or two
	Help  string      // one sentence without its full stop
	Group string
	// Footer is the place in the footer, 1 for the first, 0 for none. Where there is little room the last go first.
	Footer int
	// Do carries it out and returns what is left for the program to do, nil for nothing. Where Do is nil the program
	// carries out all of it.
	Do func() Action
	// Why tells why it means nothing here now, as one short clause for the footer ("the trace has no errors"): "" when
	// it can be done, NotHere where it never can on this screen. A nil Why is never a reason.
	Why func() string
}

// NotHere is the reason for what a screen does not know.
const NotHere = "not available on this screen"

// Unless returns the binding with its reason for not being done.
func (b Binding) Unless(why func() string) Binding {
	b.Why = why
	return b
}

// Reason returns why the binding means nothing now, "" when it does.
func (b Binding) Reason() string {
	if b.Why == nil {
		return ""
	}
	return b.Why()
}

// Moves reports whether it moves a cursor, or a page.
func (b Binding) Moves() bool {
	by, _ := Step(b.Name, 1, 3, 1, 1)
	return by != 0
}

// Title is what footer and palette call it.
func (b Binding) Title() string { return b.Key.Help().Desc }

// Named returns the binding with what its screen calls it, in a word or two, instead of the title of the table.
func (b Binding) Named(title string) Binding {
	b.Key.SetHelp(b.Key.Help().Key, title)
	return b
}

// Explained returns the binding with what it does on its screen, in one sentence without its full stop, instead of what the
// table says.
func (b Binding) Explained(help string) Binding {
	b.Help = help
	return b
}

// WithKeys returns the binding with other keys, spelled as Bubble Tea does.
func (b Binding) WithKeys(keys ...string) Binding {
	shown := ""
	if len(keys) > 0 {
		shown = ShowKey(keys[0])
	}
	b.Key = key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, b.Title()))
	return b
}

// Find returns the binding of a name.
func Find(bindings []Binding, name Command) (Binding, bool) {
	i := slices.IndexFunc(bindings, func(b Binding) bool { return b.Name == name })
	if i < 0 {
		return Binding{}, false
	}
	return bindings[i], true
}

// Do carries out one of the bindings, where it can be done.
func Do(bindings []Binding, name Command) Action {
	b, ok := Find(bindings, name)
	if !ok || b.Do == nil || b.Reason() != "" {
		return nil
	}
	return b.Do()
}

// SpellKey writes a key as Bubble Tea does: people write ctrl-d, pgdn and a blank.
func SpellKey(key string) string {
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

// ShowKey writes a key as people do.
func ShowKey(key string) string {
	for _, mod := range []string{"ctrl", "alt", "shift"} {
		key = strings.ReplaceAll(key, mod+"+", mod+"-")
	}
	return strings.Replace(key, "pgdown", "pgdn", 1)
}
