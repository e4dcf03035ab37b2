package help

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/views"
	"tracefall/views/viewstest"
)

var _ views.Screen = (*Help)(nil)

func testGroups() []Group {
	return []Group{
		{"Moving", []Item{
			{"j ↓", "down", ""}, {"k ↑", "up", ""}, {"g", "to the first row", ""}, {"G", "to the last row", ""},
			{"ctrl-d", "half a page down", ""}, {"ctrl-u", "half a page up", ""},
		}},
		{"Finding", []Item{
			{"/", "query", ""}, {"n", "next match", "nothing was searched"}, {"N", "previous match", "nothing was searched"},
			{"e", "next error", ""}, {"E", "previous error", ""},
			{"r", "root-cause error", "the trace has no errors"},
		}},
		{"Waterfall", []Item{
			{"space", "fold or unfold the row", ""}, {"[ ]", "fold or open all", ""}, {"o", "repeated siblings as one row", ""},
			{"z", "zoom to the span", ""}, {"c", "critical path", ""},
		}},
		{"Program", []Item{{":", "palette: anything by its name", ""}, {"?", "this help", ""}, {"q", "back", ""}}},
	}
}

func TestHelpFrames(t *testing.T) {
	env := viewstest.Env(t)
	var h Help
	h.SetGroups(testGroups())
	viewstest.CheckFrames(t, "help", &h, env)
	viewstest.Act(&h, views.Search)
	for _, c := range "error" {
		h.Type(viewstest.Press(string(c)))
	}
	viewstest.CheckFrames(t, "help-find", &h, env)
}

func TestHelp(t *testing.T) {
	env := viewstest.Env(t)
	var h Help
	h.SetGroups(testGroups())
	text := viewstest.Plain(&h, env, 200, 60)
	for _, g := range testGroups() {
		for _, item := range g.Items {
			if !strings.Contains(text, item.Text) || !strings.Contains(text, item.Disabled) {
				t.Errorf("%q is not on the page", item.Text)
			}
		}
	}
	viewstest.Act(&h, views.Search)
	h.Type(viewstest.Press("zoom"))
	if text := viewstest.Plain(&h, env, 80, 24); !strings.Contains(text, "zoom to the span") || strings.Contains(text, "half a page") {
		t.Errorf("the filter does not filter:\n%s", text)
	}
	h.Type(viewstest.Press("enter"))
	if h.Typing() {
		t.Error("enter ends typing")
	}
	if got := viewstest.Act(&h, views.Back); got != nil || h.input.Text() != "" {
		t.Error("back takes the filter away first")
	}
	if got := viewstest.Act(&h, views.Back); got != (views.Leave{}) {
		t.Errorf("back gave %#v, want to leave", got)
	}
	viewstest.Plain(&h, env, 80, 10)
	viewstest.Act(&h, views.Bottom)
	if text := viewstest.Plain(&h, env, 80, 10); !strings.Contains(text, "made visible") {
		t.Errorf("the bottom is not the end:\n%s", text)
	}
	var many []Group
	for i := range 9 {
		many = append(many, Group{fmt.Sprint("Group ", i), testGroups()[i%4].Items})
	}
	h.SetGroups(many)
	for w := 1; w < 260; w += 7 {
		viewstest.CheckSize(t, viewstest.Frame(&h, env, w, 30))
	}
}

func TestHelpAnything(t *testing.T) {
	env := viewstest.Env(t)
	for seed := range uint64(3) {
		viewstest.CheckAnything(t, env, seed, 300, func() views.Screen { return &Help{} }, func(s views.Screen, rng *rand.Rand) {
			s.(*Help).SetGroups(testGroups()[:rng.IntN(5)])
		})
	}
}

// Without Unicode the help still says the same.
func TestHelpASCII(t *testing.T) {
	help := &Help{}
	help.SetGroups(testGroups())
	viewstest.CheckASCII(t, "help-ascii", 100, 30, help)
}
