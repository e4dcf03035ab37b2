package views

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

var _ Screen = (*Help)(nil)

func testGroups() []HelpGroup {
	return []HelpGroup{
		{"Moving", []HelpItem{
			{"j ↓", "down", ""}, {"k ↑", "up", ""}, {"g", "to the first row", ""}, {"G", "to the last row", ""},
			{"ctrl-d", "half a page down", ""}, {"ctrl-u", "half a page up", ""},
		}},
		{"Finding", []HelpItem{
			{"/", "query", ""}, {"n", "next match", "nothing was searched"}, {"N", "previous match", "nothing was searched"},
			{"e", "next error", ""}, {"E", "previous error", ""},
			{"r", "root-cause error", "the trace has no errors"},
		}},
		{"Waterfall", []HelpItem{
			{"space", "fold or unfold the row", ""}, {"[ ]", "fold or open all", ""}, {"o", "repeated siblings as one row", ""},
			{"z", "zoom to the span", ""}, {"c", "critical path", ""},
		}},
		{"Program", []HelpItem{{":", "palette: anything by its name", ""}, {"?", "this help", ""}, {"q", "back", ""}}},
	}
}

func TestHelpFrames(t *testing.T) {
	env := testEnv(t)
	var h Help
	h.SetGroups(testGroups())
	checkFrames(t, "help", &h, env)
	h.Do(Search)
	for _, c := range "error" {
		h.Type(press(string(c)))
	}
	checkFrames(t, "help-find", &h, env)
}

func TestHelp(t *testing.T) {
	env := testEnv(t)
	var h Help
	h.SetGroups(testGroups())
	text := plain(&h, env, 200, 60)
	for _, g := range testGroups() {
		for _, item := range g.Items {
			if !strings.Contains(text, item.Text) || !strings.Contains(text, item.Disabled) {
				t.Errorf("%q is not on the page", item.Text)
			}
		}
	}
	h.Do(Search)
	h.Type(press("zoom"))
	if text := plain(&h, env, 80, 24); !strings.Contains(text, "zoom to the span") || strings.Contains(text, "half a page") {
		t.Errorf("the filter does not filter:\n%s", text)
	}
	h.Type(press("enter"))
	if h.Typing() {
		t.Error("enter ends typing")
	}
	if got := h.Do(Back); got != nil || h.input.Text() != "" {
		t.Error("back takes the filter away first")
	}
	if got := h.Do(Back); got != (Leave{}) {
		t.Errorf("back gave %#v, want to leave", got)
	}
	plain(&h, env, 80, 10)
	h.Do(Bottom)
	if text := plain(&h, env, 80, 10); !strings.Contains(text, "made visible") {
		t.Errorf("the bottom is not the end:\n%s", text)
	}
	var many []HelpGroup
	for i := range 9 {
		many = append(many, HelpGroup{fmt.Sprint("Group ", i), testGroups()[i%4].Items})
	}
	h.SetGroups(many)
	for w := 1; w < 260; w += 7 {
		checkSize(t, frame(&h, env, w, 30))
	}
}

func TestHelpAnything(t *testing.T) {
	env := testEnv(t)
	for seed := range uint64(3) {
		checkAnything(t, env, seed, 300, func() Screen { return &Help{} }, func(s Screen, rng *rand.Rand) {
			s.(*Help).SetGroups(testGroups()[:rng.IntN(5)])
		})
	}
}
