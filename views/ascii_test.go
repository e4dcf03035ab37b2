package views

import (
	"testing"

	"tracefall/views/draw"
	"tracefall/views/style"
)

// Without Unicode every screen still says the same.
func TestASCIIFrames(t *testing.T) {
	env := testEnv(t)
	theme, err := style.New("none", true)
	if err != nil {
		t.Fatal(err)
	}
	env.Theme = &theme
	list, set := NewList(), listSet(t, 300, "incident.jsonl")
	list.SetSet(set)
	list.SetFindings(findingsOf(set))
	list.Do(NextError)
	palette, diagnostics, help := &Palette{}, &Diagnostics{}, &Help{}
	palette.SetItems(testItems())
	palette.Open("pay")
	diagnostics.SetSet(damagedSet(t))
	diagnostics.SetLoad(testLoad())
	help.SetGroups(testGroups())
	for name, s := range map[string]Screen{
		"list-ascii": list, "palette-ascii": palette, "diagnostics-ascii": diagnostics, "help-ascii": help,
	} {
		grid := draw.NewGrid(100, 30)
		grid.SetASCII(true)
		s.Draw(grid.All(), env)
		for _, r := range grid.Plain() {
			if r >= 0x80 {
				t.Errorf("%s contains %q", name, r)
			}
		}
		checkFrame(t, name+"-100x30", grid)
	}
}
