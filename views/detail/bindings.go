package detail

import "tracefall/views"

// Bindings implements Screen.
func (d *Detail) Bindings() []views.Binding {
	return views.SwitchedBindings(d, []views.Command{views.ShowHelp, views.OtherPane, views.Search, views.CopyMenu, views.Back},
		views.CompareGood, views.MarkGood, views.MarkNote, views.OtherPane, views.ShowFindings, views.ShowStatistics, views.Reveal)
}
