package app

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
)

// situations are everything that can have the keys, by the keys that lead there from the list of two traces.
var situations = map[string][]string{
	"list": nil, "no match": {"/", "z", "q", "w", "enter"}, "waterfall": {"enter"}, "filtered": {"enter", "/", "d", "b", "enter"}, "detail": {"enter", "enter"},
	"findings": {"8"}, "findings of a trace": {"enter", "8"}, "statistics": {"3"}, "statistics of a trace": {"enter", "3"},
	"flame": {"2"}, "flame of a trace": {"enter", "2"}, "map": {"4"}, "map of a trace": {"enter", "4"}, "map as a list": {"4", "L"}, "spans": {"5"}, "spans of a trace": {"enter", "5"},
	"flame of a comparison": {"m", "j", "=", "2"}, "map of a comparison": {"m", "j", "=", "4"}, "search in the flame": {"2", "/"}, "filter of spans": {"5", "/"}, "columns of spans": {"5", "C"},
	"incidents": nil, "comparison": {"m", "j", "="}, "baselines": {"enter", "="}, "help": {"?"}, "query language": {"f1"}, "import report": {"D"},
	"palette": {":"}, "copy": {"y"}, "note": {"M"}, "query": {"/"}, "query half typed": {"/", "d", "u"}, "query of a trace": {"enter", "/"},
	"search in the detail": {"enter", "enter", "/"}, "filter of findings": {"8", "/"}, "attribute": {"3", "/"}, "search in a comparison": {"m", "j", "=", "/"},
	"filter of the help":   {"?", "/"},
	"list without a match": {"/", "z", "q", "w"}, "trace without a match": {"enter", "/", "z", "q", "w"}, "findings without a match": {"8", "/", "z", "q", "w"},
	"spans without a match": {"5", "/", "z", "q", "w"}, "flame without a match": {"2", "/", "z", "q", "w"},
	"help without a match": {"?", "/", "z", "q", "w"}, "palette without a match": {":", "z", "q", "w", "x"}, "findings of no query": {"8", "/", "a", "=", "1", "enter"},
}

// in returns a model in a situation, 80 columns wide.
func in(t *testing.T, situation string) *model {
	t.Helper()
	m := testModel(t, tracetest.Set(t, shop+"trace 3\ngateway \"POST /checkout\" 9s +20ms kind=server\n"))
	if situation == "incidents" {
		m = storiesModel(t, incident("slow", "no-such"), incident("failing", "error-origin"))
	}
	settle(m, m.diagnosis.start(m.set))
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	press(t, m, situations[situation]...)
	screenText(m)
	return m
}

// TestEveryScreenShowsFourOfItsKeys counts the keys of the last line at 80 columns, and looks that no two are the same.
func TestEveryScreenShowsFourOfItsKeys(t *testing.T) {
	for situation := range situations {
		m := in(t, situation)
		last := line(m, 23)
		shown := keysOf(m)
		if shown < 4 {
			t.Errorf("%s shows %d keys: %s", situation, shown, last)
		}
		status, _, _ := strings.Cut(last, "   ")
		if n := draw.Width(status); n > 33 && m.message == "" {
			t.Errorf("%s: the status takes %d cells: %s", situation, n, last)
		}
		if tabs := line(m, 0) + line(m, 1); m.tabbed() && !m.inPalette && !m.choosing && !strings.Contains(tabs, "8 findings") {
			t.Errorf("%s has no tabs:\n%s", situation, screenText(m))
		}
	}
}

// keysOf counts the keys in the last line that was drawn.
func keysOf(m *model) int {
	keys := map[string]bool{}
	for x := range 80 {
		if key := m.laid.At(x); key != "" {
			keys[key] = true
		}
	}
	return len(keys)
}

// TestALongMessageLeavesTheKeys says what has no room beside four keys: it has a line of its own above them, where there is one.
func TestALongMessageLeavesTheKeys(t *testing.T) {
	const long = "prod: 127.0.0.1:16999 refused the connection: is the server running there?"
	for situation := range situations {
		m := in(t, situation)
		if m.copying || m.comparing.noting != nil || m.focused().Typing() || m.inPalette {
			continue // which say what they are about themselves
		}
		m.complain(long)
		if got, last := line(m, 22), line(m, 23); got != " ✗ "+long || keysOf(m) < 4 || strings.Contains(last, "refused") {
			t.Errorf("%s: above the keys stands\n%s\n%s", situation, got, last)
		}
		m.say("yes")
		if got := line(m, 23); !strings.HasPrefix(got, " yes   ") {
			t.Errorf("%s: a short message stands elsewhere:\n%s", situation, got)
		}
		m.complain(long)
		m.h = 4
		if got := screenText(m); !strings.Contains(got, "✗ prod: 127.0.0.1:16999 refused") {
			t.Errorf("%s: in four lines the message is lost:\n%s", situation, got)
		}
	}
}

// TestKeysOfTheFooterMeanSomething presses each key that a footer shows: none is refused.
func TestKeysOfTheFooterMeanSomething(t *testing.T) {
	for situation := range situations {
		m := in(t, situation)
		var keys []string
		for x := range 80 {
			if key := m.laid.At(x); key != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		for _, key := range keys {
			m := in(t, situation)
			_, cmd := m.Update(pressOf(key))
			settle(m, cmd)
			for _, refusal := range []string{"is not bound", views.NotHere, "nothing copied"} {
				if strings.Contains(m.message, refusal) && key != "esc" {
					t.Errorf("%s: %s is in the footer, and says %q", situation, key, m.message)
				}
			}
		}
	}
}

// TestFooterIsClicked clicks on a hint of a screen and of what lies over one.
func TestFooterIsClicked(t *testing.T) {
	m := in(t, "list")
	click := func(text string) {
		t.Helper()
		before, _, found := strings.Cut(line(m, 23), text)
		if !found {
			t.Fatalf("%q is not in the footer %q", text, line(m, 23))
		}
		_, cmd := m.Update(tea.MouseClickMsg{X: draw.Width(before), Y: 23, Button: tea.MouseLeft})
		settle(m, cmd)
		screenText(m)
	}
	click("open")
	if m.screen() != waterfallScreen {
		t.Fatalf("a click on open opens nothing:\n%s", screenText(m))
	}
	click("help")
	if m.screen() != helpScreen {
		t.Fatalf("a click on help shows none:\n%s", screenText(m))
	}
	press(t, m, "esc", ":")
	screenText(m)
	click("choose")
	if m.palette.Row != 1 {
		t.Errorf("a click on choose goes to row %d, want the next", m.palette.Row)
	}
	click("close")
	if m.inPalette {
		t.Error("a click on close leaves the palette open")
	}
}
