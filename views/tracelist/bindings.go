package tracelist

import "tracefall/views"

// Bindings implements Screen.
func (l *List) Bindings() []views.Binding {
	all := views.SwitchedBindings(l, []views.Command{views.ShowHelp, views.ShowStory, views.Enter, views.ShowFindings, views.Search, views.NextFinding, views.CompareGood, views.ShowStatistics, views.MarkGood, views.NextError, views.ShowPalette, views.SortNext, views.ShowDiagnostics, views.Close},
		views.CompareGood, views.MarkGood, views.MarkNote, views.CompareErrors, views.CompareSlowest, views.OtherPane, views.ShowFindings)
	return views.SwitchedBinding(all, l, views.ShowStatistics, views.ShowStatistics)
}
