package app

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/tracetest"
)

func ctrl(letter rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: letter, Mod: tea.ModCtrl} }

// typeQuery types a query in the place of the one that is there, and finishes it.
func typeQuery(t testing.TB, m *model, text string) {
	t.Helper()
	press(t, m, "/")
	m.Update(ctrl('u'))
	press(t, m, strings.Split(text, "")...)
	press(t, m, "enter")
}

// mustShow fails where a text is not on the screen.
func mustShow(t testing.TB, m *model, texts ...string) {
	t.Helper()
	screen := screenText(m)
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			t.Fatalf("%q is not on the screen:\n%s", text, screen)
		}
	}
}

func TestCompletionKnowsWhatIsLoaded(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "/")
	press(t, m, strings.Split("service=", "")...)
	mustShow(t, m, "db       5 spans", "payment  2 spans", "cart      1 span")
	press(t, m, "esc", "esc", "enter", "/") // in the trace its own spans count
	press(t, m, strings.Split("service=", "")...)
	mustShow(t, m, "db       4 spans", "gateway   1 span")
	press(t, m, "tab", "enter")
	mustShow(t, m, "4 of 8 spans")
}

func TestARefusedQueryLeavesWhatIsShown(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	typeQuery(t, m, "critical>1") // of its beginnings "c" matches as free text; "critical" is half a word, and matches nothing
	mustShow(t, m, "critical>1", "2 of 2 traces")
	if shown := m.list.Shown(); shown != "c" || m.where != shown || m.answer == nil || m.answer.Text != shown {
		t.Errorf("the matches of %q are shown, but the query is %q, its answer %+v", shown, m.where, m.answer)
	}
}

func TestMatchesOnDifferentSpansAreOffered(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	typeQuery(t, m, "service=auth error=true")
	mustShow(t, m, "0 of 2 traces", "0 spans match all; 1 trace matches on different spans: press tab")
	press(t, m, "tab")
	mustShow(t, m, "{ service=auth } && { error=true }", "1 of 2 traces")
	press(t, m, "enter")
	typeQuery(t, m, "service=auth error=true")
	mustShow(t, m, "0 spans match all; different spans of the trace match: press tab", "0 of 8 spans")
	press(t, m, "tab")
	mustShow(t, m, "{ service=auth } && { error=true }", "3 of 8 spans")
}

func TestNotesStayOnTheScreen(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	typeQuery(t, m, "db.pasword=1")
	mustShow(t, m, "no span has db.pasword; did you mean db.password (1 span)?")
	press(t, m, "D", "q")
	mustShow(t, m, "no span has db.pasword")
	press(t, m, "esc", "enter")
	typeQuery(t, m, "db.pasword=1")
	mustShow(t, m, "no span of this trace has db.pasword; did you mean db.password (1 span)?")
}

func TestOpeningKeepsTheQuery(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	typeQuery(t, m, "service=db")
	press(t, m, "enter")
	first := m.waterfall.Trace()
	if got := first.Span(m.waterfall.Selected()).Service(); got != "db" || m.waterfall.Query() != "service=db" {
		t.Fatalf("the cursor is on %s, the query %q; want the first match of the list's", got, m.waterfall.Query())
	}
	press(t, m, "q")
	typeQuery(t, m, "service=auth")
	press(t, m, "enter")
	if got := first.Span(m.waterfall.Selected()).Service(); got != "auth" || m.waterfall.Query() != "service=auth" {
		t.Errorf("opened again the cursor is on %s, the query %q; want the list's new one", got, m.waterfall.Query())
	}
	press(t, m, "q", "esc", "enter")
	if m.waterfall.Query() != "" || m.matches != nil {
		t.Errorf("the query of the list is gone, that of the trace is %q", m.waterfall.Query())
	}
	typeQuery(t, m, "service=payment")
	press(t, m, "q", "enter")
	if m.waterfall.Query() != "service=payment" {
		t.Errorf("its own query became %q by leaving and entering", m.waterfall.Query())
	}
}

func TestTypingCanHideOthers(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "enter", "/")
	press(t, m, strings.Split("service=db", "")...)
	m.Update(ctrl('f'))
	if got := screenText(m); strings.Contains(got, "auth validate") || !strings.Contains(got, "4 of 8 spans match, 2 hidden") {
		t.Errorf("ctrl-f while typing does not hide the others:\n%s", got)
	}
	m.Update(ctrl('f'))
	mustShow(t, m, "auth validate")
}

func TestSavedQueriesAreInThePalette(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	m.opt.Config.Queries = map[string]string{"failing payments": "service=payment error=true", "all": ""}
	press(t, m, ":")
	press(t, m, strings.Split("failing", "")...)
	mustShow(t, m, "failing payments  service=payment error=true")
	press(t, m, "enter")
	mustShow(t, m, "/ service=payment error=true", "1 of 2 traces · 1 of 10 spans")
	press(t, m, "enter", "esc", ":")
	press(t, m, strings.Split("failing", "")...)
	press(t, m, "enter")
	mustShow(t, m, "/ service=payment error=true", "1 of 8 spans")
	if want := []string{"service=payment error=true"}; !slices.Equal(m.querying.history.past, want) {
		t.Errorf("the history is %q, want %q", m.querying.history.past, want)
	}
}

func TestFindingsAreFilteredByQueries(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	settle(m, m.diagnosis.start(m.set))
	press(t, m, "a")
	mustShow(t, m, "root-cause error")
	typeQuery(t, m, "service=cart")
	screen := screenText(m)
	if strings.Contains(screen, "root-cause error") || !strings.Contains(screen, "0 of 2 findings · 1 of 3 info match service=cart") {
		t.Errorf("of cart there is:\n%s", screen)
	}
	typeQuery(t, m, "service=stock")
	mustShow(t, m, "0 of 2 findings · 0 of 3 info match service=stock", "no finding rests on a span that matches")
	typeQuery(t, m, "service==")
	mustShow(t, m, "unknown operator ==", "root-cause error")
	if m.where != "" {
		t.Errorf("the list is asked %q as well", m.where)
	}
	typeQuery(t, m, "duration>4s error=true")
	press(t, m, "q")
	_, cmd := m.Update(loadedSet(m, tracetest.Set(t, shop)))
	settle(m, cmd)
	press(t, m, "a")
	mustShow(t, m, "duration>4s error=true", "root-cause error")
}

func TestLanguageIsOneKeyAwayFromTyping(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "/", "d")
	m.Update(tea.KeyPressMsg{Code: tea.KeyF1})
	mustShow(t, m, "Query language", "has:retry.count")
	press(t, m, "esc")
	if !m.list.Typing() {
		t.Error("back from the page the query is not typed any more")
	}
	mustShow(t, m, "/ d")
}

// TestStaleWordsAreDropped changes what is open while the words of completion are counted.
func TestStaleWordsAreDropped(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	_, list := m.Update(tea.KeyPressMsg{Code: '/', Text: "/"})
	press(t, m, "esc", "enter", "/")
	settle(m, list)
	if m.words.ofSet.of != nil {
		t.Error("the words of the list are taken for counted, and are not")
	}
	press(t, m, "esc", "q", "/")
	press(t, m, strings.Split("service=", "")...)
	mustShow(t, m, "db       5 spans")
}

// TestQueryOfTheTableOfSpans: the table takes the queries of the list and the waterfall, with completion and history, in the
// list and in a trace.
func TestQueryOfTheTableOfSpans(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "5", "/")
	press(t, m, strings.Split("service=", "")...)
	mustShow(t, m, "db       5 spans", "payment  2 spans", "cart      1 span")
	press(t, m, "esc", "esc")
	typeQuery(t, m, "service=db")
	mustShow(t, m, "5 of 10 spans of 2 traces")
	typeQuery(t, m, "duration>")
	mustShow(t, m, "✗ expected a value after >", " 7 of 10 spans")
	typeQuery(t, m, "service=db colour=red")
	mustShow(t, m, "no span matches", "no span has colour")
	typeQuery(t, m, "")
	mustShow(t, m, "10 spans of 2 traces")
	press(t, m, "/")
	m.Update(ctrl('p'))
	mustShow(t, m, "/ service=db colour=red")
	press(t, m, "esc", "1", "enter", "5", "/")
	press(t, m, strings.Split("service=", "")...)
	mustShow(t, m, "db       4 spans", "gateway   1 span")
	press(t, m, "esc", "esc")
	typeQuery(t, m, "service=db")
	mustShow(t, m, "4 of 8 spans")
}

// TestTabsNameTheQueryThatNarrowsThem: in the same line of each tab stands by what it is narrowed, and nothing where it is not.
func TestTabsNameTheQueryThatNarrowsThem(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	says := func(key, want string) {
		t.Helper()
		press(t, m, key)
		screenText(m) // lays it out
		got := line(m, m.layout.tabs.y+1)
		if named := strings.Contains(got, "matching error=true"); named != (want != "") || named && got != want {
			t.Errorf("below the tabs of %s stands %q, want %q:\n%s", key, got, want, screenText(m))
		}
	}
	typeQuery(t, m, "error=true")
	for _, tab := range []string{"2", "3", "4"} {
		says(tab, " traces matching error=true")
		m.Update(ctrl('f'))
		says("down", " spans matching error=true")
	}
	says("5", " spans matching error=true")
	mustShow(t, m, "/ search, e.g. duration>100ms error=true")
	says("8", " all traces, not only those matching error=true")
	press(t, m, "1", "enter")
	for _, tab := range []string{"2", "3", "4", "8"} {
		says(tab, "")
	}
	says("5", " spans matching error=true")
	says("3", "")
	m.Update(ctrl('f'))
	says("down", " spans matching error=true")
	press(t, m, "1", "esc")
	for _, tab := range []string{"2", "3", "4", "5", "8"} {
		says(tab, "")
	}
}

// TestNarrowingKeepsTheQuery adds a condition to what the list is asked.
func TestNarrowingKeepsTheQuery(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	for where, want := range map[string]string{
		"":                              "service=cart",
		"error=true":                    "error=true service=cart",
		"service=auth or service=stock": "(service=auth or service=stock) service=cart",
		"name=FORD":                     "name=FORD service=cart",
		"service=cart error=true":       "service=cart error=true",
		"service=cart":                  "service=cart",
		"service=cartoon":               "service=cartoon service=cart",
		"NOT service=cart":              "NOT service=cart service=cart",
	} {
		m.where = where
		if got := m.querying.narrowed("service=cart"); got != want {
			t.Errorf("%q is narrowed to %q, want %q", where, got, want)
		}
	}
}
