package timeline

import "tracefall/views"

// Bind adds the bindings that change the window; why tells why it cannot be changed in a way.
func Bind(b *views.Binder, change func(Step) views.Action, why func(Step) string) {
	for step, name := range [...]views.Command{
		ToSpan: views.ZoomSpan, In: views.ZoomIn, Out: views.ZoomOut, Reset: views.ZoomReset,
		Earlier: views.PanLeft, Later: views.PanRight,
	} {
		b.Bind(name, func() views.Action { return change(Step(step)) }, func() string { return why(Step(step)) })
	}
}
