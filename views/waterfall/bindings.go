package waterfall

import "tracefall/views"

// Bindings implements Screen.
func (w *Waterfall) Bindings() []views.Binding {
	all := views.SwitchedBindings(w, []views.Command{views.ShowHelp, views.Enter, views.NextFinding, views.RootCause, views.CriticalPath, views.CompareGood, views.ShowFindings, views.Search, views.NextError, views.ZoomSpan, views.Group, views.OtherPane, views.ShowPalette, views.Close},
		views.HideOthers, views.CompareGood, views.MarkGood, views.MarkNote, views.OtherPane, views.Reveal)
	return views.SwitchedBinding(views.SwitchedBinding(all, w, views.ShowStatistics, views.ShowStatistics), w, views.ShowFindings, views.ShowFindings)
}
