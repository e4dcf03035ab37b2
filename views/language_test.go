package views

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/sources/query"
)

func TestLanguageFrames(t *testing.T) {
	checkFrames(t, "language", &Language{}, testEnv(t))
	end := &Language{}
	frame(end, testEnv(t), 80, 24)
	do(end, Bottom)
	checkFrame(t, "language-end-80x24", frame(end, testEnv(t), 80, 24))
}

// TestLanguageSaysEverything pages through the help at 80×24: every query and every word of its meaning shows, uncut.
func TestLanguageSaysEverything(t *testing.T) {
	p, env := &Language{}, testEnv(t)
	shown := ""
	for range 10 {
		shown += plain(p, env, 80, 24) + "\n"
		do(p, PageDown)
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
	if got := p.Do(Back); got != (Leave{}) {
		t.Errorf("back gives %#v", got)
	}
}

func TestLanguageTakesAnything(t *testing.T) {
	checkAnything(t, testEnv(t), 5, 300, func() Screen { return &Language{} }, nil)
}

// TestTypingTakesAnything is about the query line: completion and history at any size.
func TestTypingTakesAnything(t *testing.T) {
	stir := func(s Screen, rng *rand.Rand) {
		l := s.(*List)
		switch rng.IntN(5) {
		case 0:
			l.SetFilter(&ListFilter{Set: l.Set(), Apart: rng.IntN(3), Notes: []string{"no span has \x1b[31m"}})
		case 1:
			l.SetFilter(nil)
		case 2:
			l.SetQueryError(QueryError{rng.IntN(30) - 1, rng.IntN(20), "wrong"})
		case 3:
			l.SetQuery([]string{"", "duration>1s", "日本 = \"é"}[rng.IntN(3)])
		default:
			l.Do(Search)
			for _, key := range []string{"service", "=", "tab", "down", "tab"}[:rng.IntN(6)] {
				l.Type(press(key))
			}
		}
	}
	checkAnything(t, testEnv(t), 6, 1500, func() Screen { return typingList(t, "") }, stir)
}
