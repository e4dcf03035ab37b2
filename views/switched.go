package views

import "slices"

// switched is a screen whose commands still stand in two switches.
type switched interface {
	Do(c Command) Action
	Can(c Command) string
}

// switchedBindings makes bindings of the switches; footer lists those of the footer, offers what the program carries out.
func switchedBindings(s switched, footer []Command, offers ...Command) []Binding {
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

// switchedBinding replaces the binding of a name by one that a switch carries out under another name.
func switchedBinding(all []Binding, s switched, name, as Command) []Binding {
	i := slices.IndexFunc(all, func(b Binding) bool { return b.Name == name })
	if i < 0 {
		b, _ := Find(Commands(), name)
		all, i = append(all, b), len(all)
	}
	all[i].Do, all[i].Why = func() Action { return s.Do(as) }, func() string { return s.Can(as) }
	return all
}

// Bindings implements Screen.
func (l *List) Bindings() []Binding {
	all := switchedBindings(l, []Command{ShowHelp, ShowStory, Enter, ShowFindings, Search, NextFinding, CompareGood, ShowStatistics, MarkGood, NextError, ShowPalette, SortNext, ShowDiagnostics, Close},
		CompareGood, MarkGood, MarkNote, CompareErrors, CompareSlowest, OtherPane, ShowFindings)
	return switchedBinding(all, l, ShowStatistics, ShowStatistics)
}

// Bindings implements Screen.
func (w *Waterfall) Bindings() []Binding {
	all := switchedBindings(w, []Command{ShowHelp, Enter, NextFinding, RootCause, CriticalPath, CompareGood, ShowFindings, Search, NextError, ZoomSpan, Group, OtherPane, ShowPalette, Close},
		HideOthers, CompareGood, MarkGood, MarkNote, OtherPane, Reveal)
	return switchedBinding(switchedBinding(all, w, ShowStatistics, ShowStatistics), w, ShowFindings, ShowFindings)
}

// Bindings implements Screen.
func (d *Detail) Bindings() []Binding {
	return switchedBindings(d, []Command{ShowHelp, OtherPane, Search, CopyMenu, Back},
		CompareGood, MarkGood, MarkNote, OtherPane, ShowFindings, ShowStatistics, Reveal)
}

// Bindings implements Screen.
func (d *Diagnostics) Bindings() []Binding {
	return switchedBindings(d, []Command{ShowHelp, Enter, CopyMenu, Close})
}

// Bindings implements Screen.
func (f *Findings) Bindings() []Binding {
	all := switchedBindings(f, []Command{ShowHelp, Enter, OtherPane, NextFinding, Search, SortNext, Share, Back}, Reveal)
	return switchedBinding(all, f, OtherPane, OtherPane)
}

// Bindings implements Screen.
func (s *Statistics) Bindings() []Binding {
	all := switchedBindings(s, []Command{ShowHelp, Enter, SortNext, Search, HideOthers, Share, Back})
	return switchedBinding(all, s, HideOthers, HideOthers)
}

// Bindings implements Screen.
func (v *Compare) Bindings() []Binding {
	all := switchedBindings(v, []Command{ShowHelp, Enter, NextWorse, Inspect, OtherSide, OtherPane, NextMatch, Search, Share, Back}, ShowFindings)
	return switchedBinding(all, v, OtherPane, NextPane)
}

// Bindings implements Screen.
func (s *CompareSets) Bindings() []Binding {
	return switchedBindings(s, []Command{ShowHelp, Enter, Fold, Inspect, OtherSide, Back}, ShowFindings)
}

// Bindings implements Screen.
func (b *Baselines) Bindings() []Binding { return switchedBindings(b, []Command{Enter, Back}) }

// Bindings implements Screen.
func (h *Help) Bindings() []Binding {
	return switchedBindings(h, []Command{Close, Search, QueryHelp, ShowPalette})
}

// Bindings implements Screen.
func (p *Language) Bindings() []Binding {
	return switchedBindings(p, []Command{Close, Search, QueryHelp, ShowPalette})
}

// Bindings implements Screen.
func (p *Palette) Bindings() []Binding { return switchedBindings(p, nil) }
