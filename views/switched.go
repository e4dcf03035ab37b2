package views

import "slices"

// switched is a screen whose commands still stand in two switches.
type switched interface {
	Do(c Command) Action
	Can(c Command) string
}

// SwitchedBindings makes bindings of the switches; footer lists those of the footer, offers what the program carries out.
func SwitchedBindings(s switched, footer []Command, offers ...Command) []Binding {
	programs := []Command{Quit, Close, ShowHelp, ShowPalette, ShowDiagnostics, OtherPane, TimeFormat, CopyMenu, CopyCommand, HideOthers, Redraw,
		CompareGood, MarkGood, CompareErrors, CompareSlowest, Share, Suspend, MarkNote, JoinIDs, ShowStory, ShowFindings, ShowStatistics, Reveal, QueryHelp}
	var all []Binding
	for _, b := range Commands() {
		b.Footer = slices.Index(footer, b.Name) + 1
		if !slices.Contains(programs, b.Name) {
			b = b.Unless(func() string { return s.Can(b.Name) })
			b.Do = func() Action { return s.Do(b.Name) }
		} else if b.Footer == 0 && !slices.Contains(offers, b.Name) {
			continue
		}
		all = append(all, b)
	}
	return all
}

// SwitchedBinding replaces the binding of a name by one that a switch carries out under another name.
func SwitchedBinding(all []Binding, s switched, name, as Command) []Binding {
	i := slices.IndexFunc(all, func(b Binding) bool { return b.Name == name })
	if i < 0 {
		b, _ := Find(Commands(), name)
		all, i = append(all, b), len(all)
	}
	all[i].Do, all[i].Why = func() Action { return s.Do(as) }, func() string { return s.Can(as) }
	return all
}
