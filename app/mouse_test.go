package app

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/tracetest"
	"tracefall/views"
)

// TestClicksAreCounted clicks at one place again and again, elsewhere, and with another button.
func TestClicksAreCounted(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	click := func(x int, button tea.MouseButton) (double, ok bool) {
		got, ok := m.click.event(tea.Mouse{X: x, Y: 5, Button: button})
		return got.Double, ok
	}
	for n, want := range []bool{false, true, false, true} { // the third is a first one again
		if double, ok := click(3, tea.MouseLeft); double != want || !ok {
			t.Errorf("click %d at one place is double: %v, counts: %v; want double %v", n+1, double, ok, want)
		}
	}
	if double, _ := click(9, tea.MouseLeft); double {
		t.Error("a click elsewhere is a double click")
	}
	if _, ok := click(9, tea.MouseRight); ok {
		t.Error("a click of the right button counts")
	}
}

// TestWheelTurnsThreeRows turns the wheel each way.
func TestWheelTurnsThreeRows(t *testing.T) {
	for button, want := range map[tea.MouseButton]views.Mouse{
		tea.MouseWheelUp: {Wheel: -3}, tea.MouseWheelDown: {Wheel: 3},
		tea.MouseWheelLeft: {Wheel: -3, Shift: true}, tea.MouseWheelRight: {Wheel: 3, Shift: true},
	} {
		if got, ok := wheel(tea.Mouse{Button: button}); !ok || got != want {
			t.Errorf("%v is %+v, %v; want %+v", button, got, ok, want)
		}
	}
}
