package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/viewstest"
)

const shop = `
	trace 4bf92f3577b34da6a3ce929d0e0e4736
	gateway "POST /checkout" 0ms +5s kind=server error="no luck"
	  auth validate 5ms +12ms
	  payment "POST /charge" 10ms +1s kind=client
	    db "SELECT x" 20ms +10ms repeat=4
	  payment "POST /charge" 1100ms +1s error=boom db.password=hunter22
	trace 2
	cart "GET /cart" 7s +20ms
	  db "SELECT cart" 7001ms +3ms
`

// testModel is a model with everything loaded, in a terminal of 120×40; with no set, it is still being read.
func testModel(t testing.TB, set *trace.Set) *model {
	t.Helper()
	theme, err := style.New("dark", false)
	if err != nil {
		t.Fatal(err)
	}
	opt := &Options{Settings: session.Settings{World: &session.World{Env: func(string) string { return "" }}, Theme: &theme}}
	m, err := newModel(context.Background(), opt, []string{"shop.json"})
	if err != nil {
		t.Fatal(err)
	}
	m.jobs.send = func(tea.Msg) {}
	m.working.after = 0 // settle waits for what is timed
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	m.Init()
	if set != nil {
		m.Update(loadedSet(m, set))
	}
	return m
}

// loadedSet is the message that everything is loaded.
func loadedSet(m *model, set *trace.Set) result {
	return result{kind: jobLoad, generation: m.jobs.current[jobLoad], done: true, show: func() tea.Cmd {
		return m.loaded(everything{Result: &sources.Result{Set: set}})
	}}
}

// press sends keys and runs the jobs that they start.
func press(t testing.TB, m *model, keys ...string) {
	t.Helper()
	for _, key := range keys {
		msg := tea.KeyPressMsg{Text: key, Code: []rune(key)[0]}
		switch key {
		case "enter":
			msg = tea.KeyPressMsg{Code: tea.KeyEnter}
		case "esc":
			msg = tea.KeyPressMsg{Code: tea.KeyEscape}
		case "tab":
			msg = tea.KeyPressMsg{Code: tea.KeyTab}
		case "space":
			msg = tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
		}
		_, cmd := m.Update(msg)
		settle(m, cmd)
	}
}

// settle runs a command and what follows from it.
func settle(m *model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			settle(m, c)
		}
	case result, historyMsg:
		_, next := m.Update(msg)
		settle(m, next)
	}
}

// screenText is the frame as plain text.
func screenText(m *model) string {
	m.View()
	return m.grid.Plain()
}

func TestOneTraceSkipsTheList(t *testing.T) {
	m := testModel(t, tracetest.Set(t, "gw checkout 0ms +5s\n  db read 1ms +2ms\n"))
	if m.screen() != waterfallScreen {
		t.Fatalf("screen %d, want the waterfall", m.screen())
	}
	press(t, m, "esc")
	if !strings.Contains(m.message, "q to quit") {
		t.Errorf("esc on the first screen says %q", m.message)
	}
	if _, cmd := m.Update(tea.KeyPressMsg{Text: "q", Code: 'q'}); cmd == nil {
		t.Error("q does not leave")
	}
}

func TestQueryInTheListAndInTheTrace(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "/")
	press(t, m, strings.Split("name~charge", "")...)
	press(t, m, "enter")
	if got := m.list.Rows(); got != 1 {
		t.Fatalf("%d traces match, want 1:\n%s", got, screenText(m))
	}
	press(t, m, "enter")
	if got := screenText(m); !strings.Contains(got, "2 of 8 spans") {
		t.Errorf("the matches of the list are not marked in the trace:\n%s", got)
	}
	press(t, m, "esc")
	if m.matches != nil || m.list.Rows() != 1 {
		t.Errorf("esc in the trace leaves the matches (%v) or ends the list's query (%d rows)", m.matches, m.list.Rows())
	}
	press(t, m, "/")
	press(t, m, strings.Split("service=db", "")...)
	press(t, m, "enter")
	if got := screenText(m); !strings.Contains(got, "4 of 8 spans") {
		t.Errorf("a query in the trace finds nothing:\n%s", got)
	}
	m.Update(tea.KeyPressMsg{Code: 'f', Mod: tea.ModCtrl})
	if got := screenText(m); strings.Contains(got, "auth validate") {
		t.Errorf("ctrl-f does not hide the others:\n%s", got)
	}
	press(t, m, "q")
	if m.screen() != listScreen || m.list.Rows() != 1 {
		t.Errorf("q: screen %d with %d rows, want the list with its query", m.screen(), m.list.Rows())
	}
	press(t, m, "/", ">", "enter")
	if got := screenText(m); m.list.Rows() != 1 || !strings.Contains(got, "✗ ") {
		t.Errorf("a bad query is not said, or blanks the list:\n%s", got)
	}
}

func TestPasteFindsTheTrace(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	m.Update(tea.PasteMsg{Content: `14:03 WARN checkout failed trace_id=4bf92f3577b34da6a3ce929d0e0e4736`})
	if !m.inPalette {
		t.Fatal("pasting does not open the palette")
	}
	press(t, m, "enter")
	if m.inPalette || m.screen() != waterfallScreen || m.waterfall.Trace().SpanCount() != 8 {
		t.Errorf("the trace is not opened:\n%s", screenText(m))
	}
}

func TestWhyAKeyDoesNothing(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	for _, step := range []struct {
		keys []string
		want string
	}{
		{[]string{"z"}, "zoom: not available on this screen"},
		{[]string{"a", "a"}, "findings: already on the screen"},
		{[]string{"esc", "s", "s"}, "statistics: already on the screen"},
		{[]string{"esc", "enter", "enter", "f"}, "next finding: detectors are still running"},
		{[]string{"I"}, "reverse: not available on this screen"},
		{[]string{"4", "c"}, "critical path: go to 1 waterfall"},
		{[]string{"z"}, "zoom: go to 1 waterfall"},
	} {
		press(t, m, step.keys...)
		mustShow(t, m, step.want)
	}
}

// TestKeysOfTheRowsWorkInTheDetail presses keys that the detail beside the rows has no use for.
func TestKeysOfTheRowsWorkInTheDetail(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	settle(m, m.diagnosis.start(m.set))
	press(t, m, "enter", "enter")
	if !m.inDetail {
		t.Fatal("the detail has no keys")
	}
	for _, key := range []string{"f", "z", "e"} {
		_, before, _ := strings.Cut(screenText(m), "8 findings")
		press(t, m, key)
		_, now, _ := strings.Cut(screenText(m), "8 findings")
		rows := func(text string) string { return text[:strings.LastIndex(text, "\n")] } // without what the last line says
		if rows(now) == rows(before) {
			t.Errorf("%s does nothing while the detail has the keys: %q\n%s", key, m.message, now)
		}
		if !m.inDetail {
			t.Errorf("%s takes the keys away from the detail", key)
		}
	}
	mustShow(t, m, "f next")
}

func TestStaleResultsAreDropped(t *testing.T) {
	set := tracetest.Set(t, shop)
	m := testModel(t, set)
	stale := loadedSet(m, tracetest.Set(t, "a b 0ms +1ms"))
	stale.generation--
	m.Update(stale)
	if m.set != set {
		t.Error("a stale result replaced the set")
	}
}

// TestAFailedLoadIsSaidOnce opens something that cannot be read: the list says so, and there is nothing that could be found in it.
func TestAFailedLoadIsSaidOnce(t *testing.T) {
	m := testModel(t, nil)
	m.Update(result{kind: jobLoad, generation: m.jobs.current[jobLoad], err: errors.New("disk on fire"), done: true})
	if got := screenText(m); strings.Count(got, "disk on fire") != 1 || !strings.Contains(got, "? help") {
		t.Errorf("after a failure:\n%s", got)
	}
	press(t, m, "8")
	if got := screenText(m); m.screen() != listScreen || !strings.Contains(got, "findings: no trace is open") {
		t.Errorf("what was found in nothing:\n%s", got)
	}
}

func TestAFailedLoadKeepsWhatIsThere(t *testing.T) {
	set := tracetest.Set(t, shop)
	m := testModel(t, set)
	m.Update(result{kind: jobLoad, generation: m.jobs.current[jobLoad], err: errors.New("disk on fire"), done: true})
	if got := screenText(m); m.set != set || !strings.Contains(got, "disk on fire") || !strings.Contains(got, "POST /checkout") {
		t.Errorf("after a failure:\n%s", got)
	}
}

// addrError is what a fault of memory panics with.
type addrError struct{}

func (addrError) Error() string { return "fault" }
func (addrError) Addr() uintptr { return 1 }

func TestCrashes(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	_, err := session.Guard(func() (int, error) { panic(addrError{}) })
	m.crashed(err)
	if got := screenText(m); m.crash != nil || !strings.Contains(got, "the file changed while it was open") {
		t.Errorf("a fault of memory shows\n%s", got)
	}
	viewstest.WantText(t, m.grid, "the file changed while it was open", m.opt.Theme.Error)
	m = testModel(t, tracetest.Set(t, shop))
	_, err = session.Guard(func() (int, error) { panic("boom") })
	m.crashed(err)
	if _, cmd := m.Update(tea.KeyPressMsg{Text: "j"}); cmd == nil || m.crash == nil {
		t.Error("the program goes on after a panic")
	}
	if err := m.crash.Report(""); !strings.HasPrefix(err.Error(), "internal error: boom; ") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the report is %q", err)
	}
}

// TestEveryFrameFits draws every screen at every size and checks that frames have exactly the terminal's size.
func TestEveryFrameFits(t *testing.T) {
	for name, keys := range map[string][]string{
		"list": nil, "waterfall": {"enter"}, "detail": {"enter", "enter"}, "help": {"?"}, "diagnostics": {"D"},
		"palette": {":"}, "copy": {"y"}, "query": {"/", "x"},
	} {
		m := testModel(t, tracetest.Set(t, shop))
		press(t, m, keys...)
		for w := 1; w < 170; w += 7 {
			for h := 1; h < 45; h += 3 {
				m.Update(tea.WindowSizeMsg{Width: w, Height: h})
				lines := strings.Split(screenText(m), "\n")
				if len(lines) != h {
					t.Fatalf("%s at %d×%d has %d lines", name, w, h, len(lines))
				}
				for y, line := range lines {
					if draw.Width(line) != w {
						t.Fatalf("%s at %d×%d: line %d is %d wide: %q", name, w, h, y, draw.Width(line), line)
					}
				}
			}
		}
		if m.crash != nil {
			t.Fatalf("%s: %v\n%s", name, m.crash, m.crash.Stack)
		}
	}
}

// TestEveryCommand runs every command on every screen: none may crash, and what cannot be done says why.
func TestEveryCommand(t *testing.T) {
	for name, keys := range map[string][]string{
		"list": nil, "waterfall": {"enter"}, "detail": {"enter", "enter"}, "help": {"?"}, "diagnostics": {"D"},
	} {
		for _, c := range views.Commands() {
			m := testModel(t, tracetest.Set(t, shop))
			press(t, m, keys...)
			reason := m.elsewhere(c.Name, m.can(c.Name))
			_, err := session.Guard(func() (tea.Cmd, error) { return m.command(c.Name), nil })
			if err != nil {
				t.Fatalf("%s on %s: %v", c.Name, name, err)
			}
			if reason != "" && !strings.Contains(m.message, reason) {
				t.Errorf("%s on %s cannot be done (%s) but the message is %q", c.Name, name, reason, m.message)
			}
			if screenText(m); m.crash != nil {
				t.Fatalf("%s on %s: %v\n%s", c.Name, name, m.crash, m.crash.Stack)
			}
		}
	}
}

// TestEveryCommandIsCarriedOut checks that each line of the table of commands is known to the program or to a screen.
func TestEveryCommandIsCarriedOut(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	for _, c := range views.Commands() {
		_, known := m.own[c.Name]
		for _, s := range m.all() {
			_, bound := views.Find(s.Bindings(), c.Name)
			known = known || bound
		}
		if !known {
			t.Errorf("%s is in the table, and nothing carries it out", c.Name)
		}
	}
}

// TestPlainScreens opens each of them over the list and over a trace, at the size of small terminals and of large ones.
func TestPlainScreens(t *testing.T) {
	for opener := range newScreens(tabTable()).opens {
		for _, keys := range [][]string{nil, {"enter"}} {
			m := testModel(t, tracetest.Set(t, shop))
			press(t, m, keys...)
			under := m.screen()
			m.command(opener)
			for _, size := range []tea.WindowSizeMsg{{Width: 1, Height: 1}, {Width: 80, Height: 24}, {Width: 200, Height: 50}} {
				m.Update(size)
				if screenText(m); m.crash != nil {
					t.Fatalf("%s: %v\n%s", opener, m.crash, m.crash.Stack)
				}
			}
			if m.screen() != m.opens[opener] || strings.TrimSpace(screenText(m)) == "" {
				t.Errorf("%s: screen %d, want %d and something on it", opener, m.screen(), m.opens[opener])
			}
			if press(t, m, "q"); m.screen() != under {
				t.Errorf("%s: left to screen %d, want %d", opener, m.screen(), under)
			}
		}
	}
}

// bigTrace is a trace of n spans.
func bigTrace(n int) *trace.Set {
	b := trace.NewBuilder()
	name := b.Symbol([]byte("GET /api/items"))
	for i := range n {
		raw := trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: uint64(i + 1)}, Name: name, Start: 1e18 + int64(i), Duration: int64(3*n - i)}
		if i > 0 {
			raw.Parent = trace.SpanID{N: uint64(i/8 + 1)}
		}
		b.Add(&raw)
	}
	return b.Build()
}

// BenchmarkView measures our part of a frame at 200×50, moving the cursor each time: the budget is 1 ms, whatever the size of the trace.
func BenchmarkView(b *testing.B) {
	for _, n := range []int{1000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := testModel(b, bigTrace(n))
			m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
			m.openSpan(0, false)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c := views.Down
				if i&64 != 0 {
					c = views.Up
				}
				m.command(c)
				m.View()
			}
		})
	}
}

// TestSpanThatIsNotReadYetIsWaitedFor: the trace that the command line names is opened at its span once that has been read, and
// nothing is said of it before.
func TestSpanThatIsNotReadYetIsWaitedFor(t *testing.T) {
	first := tracetest.Set(t, "trace 4bf92f3577b34da6a3ce929d0e0e4736\ngateway \"POST /checkout\" 0ms +5s\n")
	whole := tracetest.Set(t, shop)
	checkout := whole.Find(trace.ParseTraceID("4bf92f3577b34da6a3ce929d0e0e4736"))
	last := checkout.Len() - 1
	m := testModel(t, first)
	m.loading = true
	m.asked = asked{Trace: checkout.ID().String(), Span: checkout.Span(last).ID().String()}
	settle(m, m.show(first))
	if m.failed {
		t.Errorf("while the file is read it says %q", m.message)
	}
	m.loading = false
	settle(m, m.show(whole))
	if m.failed || m.waterfall.Trace() != checkout || m.waterfall.Selected() != last {
		t.Errorf("span %d of %v is selected, want %d; the message is %q", m.waterfall.Selected(), m.waterfall.Trace(), last, m.message)
	}
}
