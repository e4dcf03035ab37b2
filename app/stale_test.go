package app

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
)

// TestLateAnswersAreDropped: what was to be added to something loaded comes when something else has taken its place.
func TestLateAnswersAreDropped(t *testing.T) {
	for asked, ask := range map[string]func(*model) tea.Cmd{
		"for the open trace": func(m *model) tea.Cmd { return m.fetching.reread(true) },
		"for what is new":    func(m *model) tea.Cmd { return m.watching.ask(m.fetching.now()) },
		"for another trace":  func(m *model) tea.Cmd { return m.do(views.GoTo{Trace: trace.TraceID{Lo: 10}}) },
	} {
		for took, take := range map[string]func(*model) tea.Cmd{
			"asking again":    func(m *model) tea.Cmd { return m.asking.refresh() },
			"another backend": func(m *model) tea.Cmd { return m.do(views.OpenBackend{Name: "prod"}) },
		} {
			at := time.Now().Add(-10 * time.Minute)
			s := &backendServer{traces: map[int]backendTrace{7: {at, 3, false}, 8: {at, 3, false}, 10: {at.Add(-24 * time.Hour), 1, false}}}
			m, _ := openBackend(t, s, "prod:", "")
			press(t, m, "enter", "esc")
			late := ask(m)
			s.put(9, backendTrace{at, 1, false})
			settle(m, take(m))
			want := m.set
			settle(m, late)
			if m.set != want || m.set.Len() != 3 || m.screen() != listScreen {
				t.Errorf("asked %s, then %s: %d traces on screen %d, want the 3 of the answer", asked, took, m.set.Len(), m.screen())
			}
		}
	}
}

// TestWatchingEndsWithWhatIsWatched opens another backend, which nobody asked to be watched.
func TestWatchingEndsWithWhatIsWatched(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-time.Minute), 3, false}}}
	m, _ := openBackend(t, s, "prod:", "")
	press(t, m, "W")
	if m.Update(watchMsg{m.watching.times}); !m.watching.on {
		t.Fatal("it is not watched")
	}
	m.inputs = []string{"stage:"}
	m.Update(watchMsg{m.watching.times})
	if m.watching.on || !strings.Contains(m.message, "something else was opened") {
		t.Errorf("it is watched: %v; it says %q", m.watching.on, m.message)
	}
}

// TestWatchThatCannotBeSaysWhy starts with --watch where there is no window to ask for again.
func TestWatchThatCannotBeSaysWhy(t *testing.T) {
	m, _ := openBackend(t, &backendServer{traces: map[int]backendTrace{7: {time.Now(), 3, false}}}, "prod:7", "")
	m.opt.Watch = true
	settle(m, m.load())
	if m.watching.on || m.message != "--watch: no time window is open, only a trace" || !m.failed {
		t.Errorf("it says %q", m.message)
	}
}

// TestWhatWasLeftUnansweredIsAskedAnew leaves a backend while it is asked again, and comes back to it.
func TestWhatWasLeftUnansweredIsAskedAnew(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-time.Minute), 3, false}}}
	m, _ := openBackend(t, s, "prod:", "")
	m.asking.refresh()
	settle(m, m.do(views.OpenBackend{Name: "prod"}))
	s.asked()
	press(t, m, "esc")
	if asked := s.asked(); len(asked) != 1 || m.asking.feed == nil || m.set.Len() != 1 {
		t.Errorf("asked %q, %d traces", asked, m.set.Len())
	}
	if why := m.can(views.LoadAll); why != "all traces of the window are loaded" {
		t.Errorf("the rest cannot be loaded: %s", why)
	}
}

// TestABackendThatCannotBeAskedSaysWhy opens one whose certificates are missing: why stays when a key was pressed.
func TestABackendThatCannotBeAskedSaysWhy(t *testing.T) {
	m, _ := openBackend(t, &backendServer{traces: map[int]backendTrace{7: {time.Now(), 3, false}}}, "prod:", "")
	m.opt.Backends.Scope.All = true
	m.asking.inputs = []string{"prod:"}
	settle(m, m.do(views.OpenBackend{Name: "nowhere"}))
	press(t, m, "j")
	mustShow(t, m, "nowhere")
}

// TestATraceThatWasNotHadIsAskedForAgain: only what a backend says it has not is not asked for again, until the window is.
func TestATraceThatWasNotHadIsAskedForAgain(t *testing.T) {
	at := time.Now().Add(-24 * time.Hour)
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-time.Minute), 3, false}, 9: {at, 2, false}}}
	m, _ := openBackend(t, s, "prod:", "")
	follow := func(id uint64) []string {
		s.asked()
		settle(m, m.do(views.GoTo{Trace: trace.TraceID{Lo: id}}))
		return s.asked()
	}
	s.refuse = http.StatusForbidden
	follow(9)
	s.refuse = 0
	if follow(9); m.waterfall.Trace() == nil || m.waterfall.Trace().ID().Lo != 9 {
		t.Errorf("after a failure the trace is not asked for again: %q", m.message)
	}
	press(t, m, "esc")
	if asked := follow(10); len(asked) != 1 || !strings.Contains(m.message, "no trace") {
		t.Errorf("asked %q, it says %q", asked, m.message)
	}
	if asked := follow(10); len(asked) > 0 || !strings.Contains(m.message, "is not in what was opened") {
		t.Errorf("asked again %q, it says %q", asked, m.message)
	}
	s.put(10, backendTrace{at, 1, false})
	press(t, m, "R")
	if follow(10); m.waterfall.Trace().ID().Lo != 10 {
		t.Errorf("when the window was asked for again the trace is not: %q", m.message)
	}
}

// TestEscStopsWhatIsWaitedFor: in a list with a query too, which stays.
func TestEscStopsWhatIsWaitedFor(t *testing.T) {
	for name, ask := range map[string]func(*model) tea.Cmd{
		"services": func(m *model) tea.Cmd { return m.command(views.ShowServices) },
		"a trace":  func(m *model) tea.Cmd { return m.do(views.GoTo{Trace: trace.TraceID{Lo: 9}}) },
	} {
		s := &backendServer{traces: map[int]backendTrace{7: {time.Now(), 1, false}, 9: {time.Now().Add(-24 * time.Hour), 1, false}}}
		m, _ := openBackend(t, s, "prod:", "service=cart")
		late := ask(m)
		if !strings.Contains(m.message, "esc stops") {
			t.Errorf("asking for %s says %q", name, m.message)
		}
		press(t, m, "esc")
		if m.message != "stopped asking" || m.where == "" {
			t.Errorf("esc while asking for %s says %q, the query is %q", name, m.message, m.where)
		}
		if settle(m, late); m.inPalette || m.screen() != listScreen {
			t.Errorf("%s that nobody waits for came to the screen", name)
		}
	}
}

// TestOtherBackendsAreAskedForTheirWords: what one knows completes no query of another.
func TestOtherBackendsAreAskedForTheirWords(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-time.Minute), 3, true}}}
	m, now := openBackend(t, s, "prod:", "")
	m.completing.now = func() time.Time { return *now }
	for range 2 {
		if len(m.words.learnt) > 0 {
			t.Errorf("known is %v of another backend", m.words.learnt)
		}
		press(t, m, typed("/service=c")...)
		mustShow(t, m, "checkout")
		press(t, m, "esc", "esc")
		settle(m, m.do(views.OpenBackend{Name: "prod"}))
	}
}

// TestWhatWasReadIsDiagnosed: also where reading was stopped before its end.
func TestWhatWasReadIsDiagnosed(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	m.read.Spans = 9
	if m.load(); m.read.Spans > 0 || m.read.Input != "shop.json" {
		t.Errorf("of what is read %+v was read before", m.read)
	}
	part := tracetest.Set(t, shop)
	m.Update(result{kind: jobLoad, generation: m.jobs.current[jobLoad], show: func() tea.Cmd { return m.show(part) }})
	if m.jobs.busy(jobDiagnose) && m.judged == part {
		t.Error("the detectors are asked while there is more to come")
	}
	press(t, m, "esc")
	if m.report == nil || m.report.Set != part {
		t.Errorf("it says %q, and the detectors were not asked", m.message)
	}
}

// TestComparingEndsWhereNobodyWaits leaves a comparison before it is made.
func TestComparingEndsWhereNobodyWaits(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	for _, ask := range []func() tea.Cmd{
		func() tea.Cmd { return m.comparing.compareTraces(m.set.Trace(0), m.set.Trace(1)) },
		func() tea.Cmd { return m.comparing.split(views.CompareErrors) },
	} {
		late := ask()
		press(t, m, "esc")
		if settle(m, late); m.jobs.busy(jobCompare) || m.compare.Comparison() != nil || m.comparing.setScopes != nil || m.screen() != listScreen {
			t.Errorf("on screen %d it is still compared", m.screen())
		}
	}
}

// TestASetBesideTakesNoReportAway asks for matches in a trace of another set while the detectors are at work.
func TestASetBesideTakesNoReportAway(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	a := m.analysisOf(m.set)
	m.analysisOf(tracetest.Set(t, shop))
	if _, err := a.Report(); err != nil || m.analysisOf(m.set) != a {
		t.Errorf("the detectors were stopped: %v", err)
	}
}

// TestWaterfallsBelowAreForgotten: one that another was opened above comes back when that is closed, but not once all was
// closed together.
func TestWaterfallsBelowAreForgotten(t *testing.T) {
	m := storiesModel(t, incident("failing", "error-origin"))
	one, two := m.set.Trace(0), m.set.Trace(1)
	compared := func(shown, other *trace.Trace) {
		m.openTrace(shown, -1)
		settle(m, m.comparing.compareTraces(other, shown))
		m.openTrace(other, -1)
	}
	compared(one, two)
	settle(m, m.command(views.ShowStory))
	compared(two, one)
	press(t, m, "q", "q")
	if got := m.waterfall.Trace(); m.screen() != waterfallScreen || got != two {
		t.Errorf("below the comparison is trace %s on screen %d, want %s", got.ID(), m.screen(), two.ID())
	}
}

// TestTheListsAnswerReachesTheTraceBehindATab: more is read while another tab of the trace is on the screen.
func TestTheListsAnswerReachesTheTraceBehindATab(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	typeQuery(t, m, "service=db")
	press(t, m, "enter", "3")
	_, cmd := m.Update(loadedSet(m, tracetest.Set(t, shop)))
	settle(m, cmd)
	press(t, m, "1")
	if m.waterfall.Query() != "service=db" || !slices.Contains(m.matches, true) {
		t.Errorf("the waterfall is asked %q and nothing is marked", m.waterfall.Query())
	}
}

// TestASearchEndsWhereTheListsQueryIsShown: the answer to what was asked in a trace before does not replace the list's.
func TestASearchEndsWhereTheListsQueryIsShown(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "enter")
	late := m.querying.queryTrace("service=db")
	m.inherit(m.waterfall.Trace())
	if settle(m, late); m.matches != nil {
		t.Error("the answer to a query that is not shown is marked")
	}
}

// TestCopyingEndsElsewhere: a click beside the choices, or a paste, is no choice, and nor is the key after it.
func TestCopyingEndsElsewhere(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	for name, turn := range map[string]tea.Msg{
		"a click": tea.MouseClickMsg{X: 5, Y: 20, Button: tea.MouseLeft}, "a paste": tea.PasteMsg{Content: "4bf92f35"},
	} {
		press(t, m, "y")
		m.Update(turn)
		if m.inPalette {
			press(t, m, "esc")
		}
		if press(t, m, "j"); m.copying || strings.Contains(m.message, "copied") {
			t.Errorf("the key after %s says %q", name, m.message)
		}
	}
}

// TestWhatWasAskedForIsOver once it was shown.
func TestWhatWasAskedForIsOver(t *testing.T) {
	set := tracetest.Set(t, shop)
	m := testModel(t, set)
	for _, finding := range []string{"", "error-origin"} {
		m.asked = asked{Trace: set.Trace(0).ID().String(), Finding: finding}
		settle(m, m.showAsked())
		_, cmd := m.Update(nil)
		settle(m, tea.Batch(cmd, m.diagnosis.start(set)))
		if m.asked != (asked{}) || m.screen() != waterfallScreen {
			t.Errorf("finding %q: still asked for is %+v", finding, m.asked)
		}
	}
}

// TestWhatWasAskedForIsItsSpan reads more of a trace after a span of it was shown: the finding comes with the cursor there.
func TestWhatWasAskedForIsItsSpan(t *testing.T) {
	part := tracetest.Set(t, "payment \"POST /charge\" 10ms +1s error=boom id=b parent=a\n  db \"SELECT x\" 20ms +10ms error=boom id=c\n")
	whole := tracetest.Set(t, "gateway \"POST /checkout\" 0ms +5s id=a error=boom\n  payment \"POST /charge\" 10ms +1s error=boom id=b\n    db \"SELECT x\" 20ms +10ms error=boom id=c\n")
	m := testModel(t, nil)
	m.asked = asked{Trace: part.Trace(0).ID().String(), Span: "b", Finding: "error-origin"}
	settle(m, m.show(part))
	_, cmd := m.Update(loadedSet(m, whole))
	settle(m, cmd)
	if got := m.waterfall.Trace(); got.SpanCount() != 3 || got.Span(m.waterfall.Selected()).Name() != "POST /charge" || m.waterfall.Visited() == nil {
		t.Errorf("of %d spans %d is selected, finding %v", got.SpanCount(), m.waterfall.Selected(), m.waterfall.Visited())
	}
}
