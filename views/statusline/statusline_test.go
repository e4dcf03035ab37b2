package statusline

import (
	"testing"

	"charm.land/bubbles/v2/key"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

func TestStatusLine(t *testing.T) {
	env := viewstest.Env(t)
	hints := []key.Binding{views.Hint("enter", "open"), views.Hint("/", "query"), views.Hint("", "without a key"), views.Hint("?", "help")}
	var laid Laid // of the case before, which has other hints or another width
	for _, test := range []struct {
		name  string
		line  StatusLine
		width int
		want  string
	}{
		{"all", StatusLine{Left: "trace 3 of 12", Right: "by duration", Hints: hints}, 66,
			" trace 3 of 12           enter open  / query  ? help  by duration "},
		{"other hints", StatusLine{Left: "trace 3 of 12", Right: "by duration", Hints: hints[1:]}, 66,
			" trace 3 of 12                       / query  ? help  by duration "},
		{"the last hints go first", StatusLine{Left: "trace 3 of 12", Right: "by duration", Hints: hints}, 46,
			" trace 3 of 12        enter open  by duration "},
		{"then the right text", StatusLine{Left: "trace 3 of 12", Right: "by duration", Hints: hints}, 26,
			" trace 3 of 12            "},
		{"then the left one is cut", StatusLine{Left: "trace 3 of 12", Right: "by duration", Hints: hints}, 10,
			" trace 3… "},
		{"a message", StatusLine{Left: "trace 3", Right: "by duration", Hints: hints, Message: "sent the trace id to the terminal"}, 50,
			" sent the trace id to the terminal    by duration "},
		{"a failure", StatusLine{Left: "trace 3", Message: "cannot write out.json", Failed: true}, 30,
			" ✗ cannot write out.json      "},
		{"hostile", StatusLine{Left: "\x1b]0;x\a", Message: ""}, 12, " ␛]0;x␇     "},
		{"nothing", StatusLine{}, 4, "    "},
		{"no room", StatusLine{Left: "x"}, 1, " "},
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
