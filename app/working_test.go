package app

import (
	"testing"

	"charm.land/bubbles/v2/spinner"

	"tracefall/views/draw"
)

// TestWorkingSign goes through what happens to work: it ends in time, it takes long, it ends.
func TestWorkingSign(t *testing.T) {
	w := newWorking(false)
	sign := func() string {
		g := draw.NewGrid(1, 1)
		w.draw(g.All(), draw.Ink{})
		return g.Plain()
	}
	if w.watch(false, nil) != nil {
		t.Error("ticks without work")
	}
	if w.watch(true, nil) == nil {
		t.Fatal("does not tick when work begins")
	}
	if w.watch(true, nil) != nil {
		t.Error("ticks again for the same work")
	}
	w.watch(false, nil)
	w.watch(true, nil) // other work, soon after
	if w.begin(1) != nil || sign() != " " {
		t.Error("shows the sign for work that ended in time")
	}
	tick := w.begin(2)
	if tick == nil || sign() == " " {
		t.Fatal("no sign for work that takes long")
	}
	first := sign()
	msg, ok := tick().(spinner.TickMsg)
	if !ok || w.turn(msg) == nil || sign() == first {
		t.Errorf("the sign does not move: %q", sign())
	}
	w.watch(false, nil)
	if sign() != " " || w.turn(msg) != nil {
		t.Error("the sign stays after the work")
	}
	if got, want := newWorking(true).sign.View(), "|"; got != want {
		t.Errorf("the sign in ASCII is %q, want %q", got, want)
	}
}
