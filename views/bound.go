package views

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
)

// Once returns the bindings of a screen, which are made when they are asked for first and kept in made.
func Once(made *[]Binding, bind func() []Binding) []Binding {
	if *made == nil {
		*made = bind()
	}
	return *made
}

// Quiet is what a binding does that leaves nothing for the program to do.
func Quiet(f func()) func() Action {
	return func() Action { f(); return nil }
}

// Copies is what a binding does that copies a text; what names it in the message.
func Copies(what string, text func() string) func() Action {
	return func() Action { return Copy{what, text()} }
}

// When is the reason for not doing something that is always the same one.
func When(not func() bool, why string) func() string {
	return func() string {
		if not() {
			return why
		}
		return ""
	}
}

// Leaves closes the screen or panel.
func Leaves() Action { return Leave{} }

// Moves returns the bindings that move a cursor among rows, or a page; why says why there is nothing to move among.
func Moves(move func(Command), why func() string) []Binding {
	var all []Binding
	for _, c := range [...]Command{Down, Up, PageDown, PageUp, HalfDown, HalfUp, Top, Bottom} {
		all = append(all, Bind(c, Quiet(func() { move(c) })).Unless(why))
	}
	return all
}

// Offers adds commands that the program carries out and that mean something on the screen.
func Offers(all []Binding, names ...Command) []Binding {
	for _, name := range names {
		all = append(all, Offer(name))
	}
	return all
}

// Footer puts commands into the footer, the most useful first. Those that the screen does not carry out are offered.
func Footer(all []Binding, names ...Command) []Binding {
	for n, name := range names {
		i := slices.IndexFunc(all, func(b Binding) bool { return b.Name == name })
		if i < 0 {
			all, i = append(all, Offer(name)), len(all)
		}
		all[i].Footer = n + 1
	}
	return all
}

// Hint is a key, as Bubble Tea spells it, and in a word or two what it does here, for the footer; a key that is "" is not
// shown. Of two keys ("up down") the last is what a click on the hint presses.
func Hint(name, text string) key.Binding {
	if name == "" {
		return key.Binding{}
	}
	keys := strings.Fields(name)
	slices.Reverse(keys)
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(ShowKey(name), text))
}

// Tell says a text; "" says nothing.
func Tell(text string) Action {
	if text == "" {
		return nil
	}
	return Say{text}
}
