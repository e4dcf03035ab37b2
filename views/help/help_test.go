package help

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
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
		{"Search", []Item{
			{"/", "query", ""}, {"n", "next match", "nothing was searched"}, {"N", "previous match", "nothing was searched"},
			{"e", "next error", ""}, {"E", "previous error", ""},
			{"r", "root-cause error", "the trace has no errors"},
		}},
		{"Waterfall", []Item{
			{"space", "collapse or expand the row", ""}, {"[ ]", "collapse or expand all", ""}, {"o", "repeated calls as one row", ""},
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
	if left, _ := h.Status(env); !strings.Contains(viewstest.Plain(&h, env, 80, 24), " "+left) || !strings.HasPrefix(left, "1 of ") {
		t.Errorf("the footer says %q, which the page does not say", left)
	}
	h.Type(viewstest.Press("enter"))
	if h.Typing() {
		t.Error("enter ends typing")
	}
	if got := viewstest.Act(&h, views.Back); got != nil || h.filter.Input.Text() != "" {
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

// TestLegendIsComplete looks for each glyph of a theme in the legend, but for those that are lines of boxes and trees, or
// stand where a person types.
func TestLegendIsComplete(t *testing.T) {
	drawn := []string{
		"Leaf", "Point", "Dot", "Vertical", "Horizontal", "RightTee", "Up", "Down", "Prompt", "Cursor",
	}
	theme := viewstest.Env(t).Theme
	var legend strings.Builder
	for _, part := range legendOf(theme) {
		for _, c := range part.signs {
			legend.WriteString(c.keys + " ")
		}
	}
	for _, sign := range []string{"━━", "──", "┅┅", "┊", "╌╌", "┿", "≈", "1/5"} { // drawn by bars, rulers and badges
		if !strings.Contains(legend.String(), sign) {
			t.Errorf("the legend has no %s", sign)
		}
	}
	glyphs := reflect.ValueOf(theme.Glyphs)
	for i := range glyphs.NumField() {
		name, glyph := glyphs.Type().Field(i).Name, glyphs.Field(i).String()
		if !slices.Contains(drawn, name) && !strings.Contains(legend.String(), glyph) {
			t.Errorf("the legend has no %s (%s)", glyph, name)
		}
	}
}

// TestHelpCutsNoWord lays out the help of real commands at 80 and at 120 columns and looks for every word of it.
func TestHelpCutsNoWord(t *testing.T) {
	h := &Help{}
	var items []Item
	for _, c := range views.Commands() {
		items = append(items, Item{Keys: c.Key.Help().Key, Text: c.Help, Disabled: "there is no such thing here, for a reason that is long"})
	}
	h.SetGroups([]Group{{"All", items[:len(items)/2]}, {"More", items[len(items)/2:]}})
	for _, width := range []int{80, 120} {
		text, _, _ := strings.Cut(viewstest.Plain(h, viewstest.Env(t), width, 300), "Symbols")
		if strings.Contains(text, "…  ") {
			t.Errorf("at %d columns something is cut", width)
		}
		for _, item := range items {
			for _, word := range strings.Fields(item.Text) {
				if !strings.Contains(text, word) {
					t.Errorf("at %d columns %q of %q is cut", width, word, item.Text)
				}
			}
		}
	}
}
