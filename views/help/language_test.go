package help

import (
	"strings"
	"testing"

	"tracefall/sources/query"
	"tracefall/views"
	"tracefall/views/viewstest"
)

func TestLanguageFrames(t *testing.T) {
	viewstest.CheckFrames(t, "language", &Language{}, viewstest.Env(t))
	end := &Language{}
	viewstest.Frame(end, viewstest.Env(t), 80, 24)
	viewstest.Do(end, views.Bottom)
	viewstest.CheckFrame(t, "language-end-80x24", viewstest.Frame(end, viewstest.Env(t), 80, 24))
}

// TestLanguageSaysEverything pages through the help at 80×24: every query and every word of its meaning shows, uncut.
func TestLanguageSaysEverything(t *testing.T) {
	p, env := &Language{}, viewstest.Env(t)
	shown := ""
	for range 10 {
		shown += viewstest.Plain(p, env, 80, 24) + "\n"
		viewstest.Do(p, views.PageDown)
	}
	for _, section := range query.Help() {
		for _, line := range section.Lines {
			if !strings.Contains(shown, line.Text) {
				t.Errorf("%s does not show", line.Text)
			}
			for _, word := range strings.Fields(line.Meaning) {
				if !strings.Contains(shown, word) {
					t.Errorf("%s: %q does not show", line.Text, word)
				}
			}
		}
	}
	if got := viewstest.Act(p, views.Back); got != (views.Leave{}) {
		t.Errorf("back gives %#v", got)
	}
}

func TestLanguageTakesAnything(t *testing.T) {
	viewstest.CheckAnything(t, viewstest.Env(t), 5, 300, func() views.Screen { return &Language{} }, nil)
}
