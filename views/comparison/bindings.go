package comparison

import "tracefall/views"

// Bindings implements Screen.
func (v *Comparison) Bindings() []views.Binding {
	all := views.SwitchedBindings(v, []views.Command{views.ShowHelp, views.Enter, views.NextWorse, views.Inspect, views.OtherSide, views.OtherPane, views.NextMatch, views.Search, views.Share, views.Back}, views.ShowFindings)
	return views.SwitchedBinding(all, v, views.OtherPane, views.NextPane)
}
