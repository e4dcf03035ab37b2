package timeline

import "tracefall/views"

// Bindings returns the bindings that change the window; why tells why it cannot be changed in a way.
func Bindings(change func(Step) views.Action, why func(Step) string) []views.Binding {
	var list []views.Binding
	for step, name := range [...]views.Command{
		ToSpan: views.ZoomSpan, In: views.ZoomIn, Out: views.ZoomOut, Reset: views.ZoomReset,
		Earlier: views.PanLeft, Later: views.PanRight,
	} {
		list = append(list, views.Bind(name, func() views.Action { return change(Step(step)) }).
			Unless(func() string { return why(Step(step)) }))
	}
	return list
}
