package statusline

import (
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

func TestStatusLine(t *testing.T) {
	env := viewstest.Env(t)
	hints := []key.Binding{
		views.Hint("enter", "open"), views.Hint("/", "query"), views.Hint("", "without a key"), views.Hint("f", "next"), views.Hint("=", "compare"), views.Hint("?", "help"),
	}
	var laid Laid // of the case before, which has other hints or another width
	for _, test := range []struct {
		name  string
		line  StatusLine
		width int
		want  string
	}{
		{"all", StatusLine{Status: []string{"trace 3 of 12"}, Hints: hints}, 66,
			" trace 3 of 12     enter open  / query  f next  = compare  ? help "},
		{"other hints", StatusLine{Status: []string{"trace 3 of 12"}, Hints: hints[1:]}, 66,
			" trace 3 of 12                 / query  f next  = compare  ? help "},
		{"two fifths for the status", StatusLine{Status: []string{"trace 3", "by duration", "in UTC"}, Hints: hints}, 66,
			" trace 3 · by duration        enter open  / query  f next  ? help "},
		{"a status that is too long", StatusLine{Status: []string{"trace 3", "by duration, the longest first, and so on"}, Hints: hints[3:]}, 66,
			" trace 3                                f next  = compare  ? help "},
		{"four hints at the cost of the status", StatusLine{Status: []string{"trace 3 of 12"}, Hints: hints}, 52,
			" trace 3 of …   enter open  / query  f next  ? help "},
		{"brackets before a number is cut", StatusLine{Status: []string{"+4.87 s of 5 s (99 %)"}, Hints: hints[3:]}, 52,
			" +4.87 s of 5 s           f next  = compare  ? help "},
		{"the last hint stays", StatusLine{Status: []string{"trace 3 of 12"}, Hints: hints}, 24,
			"     enter open  ? help "},
		{"a message", StatusLine{Status: []string{"trace 3"}, Hints: hints, Message: "sent the trace id to the terminal"}, 50,
			" sent the trace id to the terminal         ? help "},
		{"a message whose brackets have no room", StatusLine{Hints: hints, Message: "critical path: 16 of 16 spans (heavy bars)"}, 70,
			" critical path: 16 of 16 spans    enter open  / query  f next  ? help "},
		{"a long message", StatusLine{Hints: hints, Message: "sent the trace id to the terminal"}, 36, " sent the trace id to the terminal  "},
		{"a failure", StatusLine{Status: []string{"trace 3"}, Message: "cannot write out.json", Failed: true}, 30,
			" ✗ cannot write out.json      "},
		{"hostile", StatusLine{Status: []string{"\x1b]0;x\a"}}, 22, " ␛]0;x␇               "},
		{"nothing", StatusLine{}, 4, "    "},
		{"no room", StatusLine{Status: []string{"x"}}, 1, " "},
	} {
		test.line.Laid = &laid
		for range 2 { // the second frame finds them laid out
			grid := draw.NewGrid(test.width, 1)
			test.line.Draw(grid.All(), env)
			if got := grid.Plain(); got != test.want {
				t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
			}
		}
	}
}

// TestHintsAreKnownByTheirPlace asks for the key at the first and the last cell of each hint, and between two.
// TestReasonsOverflow keeps what a message says in brackets: it goes into a line of its own before that is left out.
func TestReasonsOverflow(t *testing.T) {
	env := viewstest.Env(t)
	line := StatusLine{Hints: []key.Binding{views.Hint("enter", "open"), views.Hint("?", "help")}, Message: "merged view (window too narrow for side-by-side)"}
	if !line.Overflows(40, env.Theme) || line.Overflows(80, env.Theme) {
		t.Error("the message does not go into its own line at 40 cells, or does at 80")
	}
}

func TestHintsAreKnownByTheirPlace(t *testing.T) {
	var laid Laid
	grid := draw.NewGrid(60, 1)
	StatusLine{Status: []string{"here"}, Hints: []key.Binding{views.Hint("ctrl+f", "only matches"), views.Hint("?", "help")}, Laid: &laid}.Draw(grid.All(), viewstest.Env(t))
	text := grid.Plain()
	for part, want := range map[string]string{"ctrl-f": "ctrl+f", "matches": "ctrl+f", "?": "?", "help": "?", "  ?": ""} {
		if got := laid.At(strings.Index(text, part)); got != want {
			t.Errorf("at %q of %q is %q, want %q", part, text, got, want)
		}
	}
	if got := laid.At(59); got != "" {
		t.Errorf("behind the hints is %q", got)
	}
}

// TestFailuresAreRed: what failed is told apart from what was done by its colour too.
func TestFailuresAreRed(t *testing.T) {
	env := viewstest.Env(t)
	for _, failed := range []bool{true, false} {
		grid, ink := draw.NewGrid(60, 1), env.Theme.Notice
		if failed {
			ink = env.Theme.Error
		}
		StatusLine{Message: "cannot write out.json", Failed: failed}.Draw(grid.All(), env)
		viewstest.WantText(t, grid, "cannot write out.json", ink)
	}
}

// TestAShortHintTakesTheRoomOfALongOne: beside a long message there are as many keys as there is room for.
func TestAShortHintTakesTheRoomOfALongOne(t *testing.T) {
	grid := draw.NewGrid(64, 1)
	hints := []key.Binding{views.Hint("enter", "open"), views.Hint("L", "map or list"), views.Hint("Y", "share"), views.Hint("?", "help")}
	StatusLine{Message: "critical path: go to 1 waterfall", Hints: hints}.Draw(grid.All(), viewstest.Env(t))
	if got := grid.Plain(); !strings.Contains(got, "enter open  Y share  ? help") {
		t.Errorf("the line is %q", got)
	}
}
