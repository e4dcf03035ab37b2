package app

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
)

// counter is a tab that counts the spans of what it shows.
type counter struct {
	of     []views.Scope
	counts []int // nil until they are counted
	asked  int
}

func (c *counter) Bindings() []views.Binding {
	return []views.Binding{views.Bind(views.Back, views.Leaves)}
}
func (c *counter) Typing() bool                           { return false }
func (c *counter) Type(tea.KeyPressMsg) views.Action      { return nil }
func (c *counter) Mouse(views.Mouse) views.Action         { return nil }
func (c *counter) Status(*views.Env) (left, right string) { return "", "" }
func (c *counter) Draw(a draw.Area, env *views.Env) {
	a.Text(0, 0, fmt.Sprint("counted ", c.counts), env.Theme.Text)
}
func (c *counter) WhyNot(of []views.Scope) (without string) {
	if of[0].Query == "service=cart" {
		return "no carts here"
	}
	return ""
}

func (c *counter) Show(of []views.Scope) views.Action {
	c.of, c.counts = of, nil
	c.asked++
	return views.Measure{Of: of, Count: func(all []iter.Seq[facts.Portion]) func() views.Action {
		counts := make([]int, len(all))
		for n, portions := range all {
			for p := range portions {
				if counts[n] += len(p.Spans); p.Spans == nil {
					counts[n] += p.Facts.Trace.SpanCount()
				}
			}
		}
		return func() views.Action { c.counts = counts; return nil }
	}}
}

// headedList is the list with a line above its tabs.
type headedList struct{ views.Screen }

func (headedList) Head(a draw.Area, env *views.Env) { a.Text(1, 0, "the head", env.Theme.Title) }

// tabbedModel is a model with a counter as its second tab.
func tabbedModel(t *testing.T) *model {
	t.Helper()
	set := tracetest.Set(t, shop)
	m := testModel(t, set)
	table := []tab{{views.ShowFlame, false, func() views.Screen { return &counter{} }}}
	for _, one := range tabTable() {
		if one.command == views.ShowStatistics || one.command == views.ShowFindings {
			table = append(table, one)
		}
	}
	m.screens = newScreens(table)
	_, cmd := m.Update(loadedSet(m, set))
	settle(m, tea.Batch(cmd, m.diagnosis.start(set)))
	return m
}

// line is a line of the screen without the blanks at its end.
func line(m *model, y int) string {
	return strings.TrimRight(strings.Split(screenText(m), "\n")[y], " ")
}

// TestTabs goes through the tabs of the list, of a trace and of a comparison and back.
func TestTabs(t *testing.T) {
	m := tabbedModel(t)
	m.byID[listScreen] = headedList{m.list}
	at := func(want string) {
		t.Helper()
		var names []string
		for _, id := range m.stack {
			name := map[screenID]string{listScreen: "list", waterfallScreen: "waterfall", compareScreen: "comparison", helpScreen: "help"}[id]
			if one := m.tabOf(id); one != nil {
				name = string(one.command)
			}
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Fatalf("the screens are %q, want %q:\n%s", got, want, screenText(m))
		}
	}
	if head, tabs := line(m, 0), line(m, 1); head != " the head" || tabs != "▌1 traces  2 flame  3 statistics  8 findings 2" {
		t.Errorf("above the list stands\n%s\n%s", head, tabs)
	}
	press(t, m, "2")
	at("list flame")
	mustShow(t, m, " the head", " 1 traces ▌2 flame  3 statistics", "counted [10]")
	press(t, m, "3")
	at("list statistics")
	press(t, m, "2", "1")
	at("list")
	press(t, m, "8", "j")
	row := line(m, 4)
	press(t, m, "enter")
	at("list findings waterfall")
	if got := line(m, 1); got != "▌1 waterfall  2 flame  3 statistics  8 findings 2" {
		t.Errorf("above the waterfall stands\n%s", got)
	}
	press(t, m, "2")
	at("list findings waterfall flame")
	mustShow(t, m, "counted [8]")
	press(t, m, "8")
	at("list findings waterfall findings")
	press(t, m, "q")
	at("list findings waterfall")
	press(t, m, "q")
	at("list findings")
	if got := line(m, 4); got != row {
		t.Errorf("the findings of the list are not as they were left:\n%s\nwant\n%s", got, row)
	}
	press(t, m, "esc")
	at("list")
	press(t, m, "j", "m", "k", "=")
	at("list comparison")
	mustShow(t, m, "▌1 comparison  2 flame  8 findings")
	press(t, m, "2")
	mustShow(t, m, "counted [2 8]")
	press(t, m, "3")
	mustShow(t, m, "statistics: not available on this screen")
	press(t, m, "?")
	at("list comparison flame help")
	if got := screenText(m); strings.Contains(got, "1 comparison ") {
		t.Errorf("the help leaves room for tabs:\n%s", got)
	}
	press(t, m, "esc", "esc", "esc")
	at("list")
}

// TestTabFollowsItsScope checks that a tab is given what the list shows, and asked again for nothing where that is the same.
func TestTabFollowsItsScope(t *testing.T) {
	m := tabbedModel(t)
	typeQuery(t, m, "service=auth")
	press(t, m, "2")
	mustShow(t, m, "counted [8]")
	c := m.top().(*counter)
	press(t, m, "?", "esc")
	if c.asked != 1 {
		t.Errorf("the tab was asked %d times, want once", c.asked)
	}
	press(t, m, "1")
	typeQuery(t, m, "service=cart")
	press(t, m, "2")
	mustShow(t, m, "flame: no carts here")
	if m.screen() != listScreen {
		t.Errorf("a tab without data was opened:\n%s", screenText(m))
	}
}

// TestTabsOfSets checks that a tab gets the traces of each set.
func TestTabsOfSets(t *testing.T) {
	m := tabbedModel(t)
	settle(m, m.comparing.split(views.CompareErrors))
	press(t, m, "2")
	mustShow(t, m, "counted [2 8]")
	if c := m.top().(*counter); c.of[0].Name != "did not fail" || c.of[1].Name != "failed" || c.of[1].Traces != 1 {
		t.Errorf("the sets are %+v", c.of)
	}
}

// TestTabsAreClicked opens a tab by the mouse, also where there is room for keys only.
func TestTabsAreClicked(t *testing.T) {
	for _, width := range []int{120, 30} {
		m := tabbedModel(t)
		m.Update(tea.WindowSizeMsg{Width: width, Height: 24})
		screenText(m)
		y := m.layout.tabs.y
		before, _, _ := strings.Cut(line(m, y), "3")
		_, cmd := m.Update(tea.MouseClickMsg{X: draw.Width(before), Y: y, Button: tea.MouseLeft})
		settle(m, cmd)
		if !m.onTab(views.ShowStatistics) {
			t.Errorf("at %d columns a click on %q opened nothing:\n%s", width, line(m, y), screenText(m))
		}
	}
}

// TestTabsSumTokensByModel: the line of tabs of a trace with calls to language models says what they used, on each of
// its tabs and never on those of the list; names of models are masked as everything is.
func TestTabsSumTokensByModel(t *testing.T) {
	const chat = `
	trace 1
	agent "invoke" 0ms +900ms kind=server gen_ai.usage.input_tokens=1204 gen_ai.usage.output_tokens=310
	  agent "chat" 10ms +100ms kind=client gen_ai.operation.name=chat gen_ai.request.model=gpt-4o gen_ai.usage.input_tokens=1204 gen_ai.usage.output_tokens=310
	trace 2
	agent "chat" 5s +300ms kind=client gen_ai.operation.name=chat gen_ai.request.model="m password=m0del-hush" gen_ai.usage.input_tokens=7 gen_ai.usage.output_tokens=9
	`
	m := testModel(t, tracetest.Set(t, chat))
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	const want = "tokens: gpt-4o 1,204 in · 310 out"
	if got := line(m, 1); strings.Contains(got, "tokens") {
		t.Errorf("the tabs of the list say %q", got)
	}
	press(t, m, "enter")
	if got := line(m, 1); !strings.HasSuffix(got, want) {
		t.Errorf("the tabs of the trace say %q, want %q at the end", got, want)
	}
	press(t, m, "2")
	if got := line(m, 1); !strings.HasSuffix(got, want) {
		t.Errorf("beside the flame graph the tabs say %q", got)
	}
	m.Update(tea.WindowSizeMsg{Width: 94, Height: 30})
	if got := line(m, 1); !strings.HasSuffix(got, "tokens: 1,514") || !strings.Contains(got, "8 findings") {
		t.Errorf("in a narrow line the tabs say %q", got)
	}
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	press(t, m, "esc", "esc", "j", "enter")
	if got := line(m, 1); !strings.Contains(got, "7 in · 9 out") || strings.Contains(got, "hush") {
		t.Errorf("the tabs of the other trace say %q", got)
	}
}

// TestHelpSaysWhatAScreenDoes: where a screen does something of its own with a command, the help says that.
func TestHelpSaysWhatAScreenDoes(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	m.Update(tea.WindowSizeMsg{Width: 160, Height: 70})
	help := func() string {
		press(t, m, "?")
		text := screenText(m)
		press(t, m, "esc")
		return text
	}
	if got := help(); !strings.Contains(got, "Sort by next column") {
		t.Errorf("the help of the list:\n%s", got)
	}
	press(t, m, "2")
	if got := help(); !strings.Contains(got, "Frame width: total") || strings.Contains(got, "Sort by next column") {
		t.Errorf("the help of the flame graph:\n%s", got)
	}
	press(t, m, "4")
	if got := help(); !strings.Contains(got, "Scroll map left / right") || strings.Contains(got, "Move time window") {
		t.Errorf("the help of the map:\n%s", got)
	}
}

// TestCopiedCommandReopensTheTab copies the command of each tab of the list and of a trace, and opens the explorer as it asks.
func TestCopiedCommandReopensTheTab(t *testing.T) {
	for _, inTrace := range []bool{false, true} {
		for _, one := range tabTable() {
			if one.command == views.ShowLogs {
				continue // which needs a log store
			}
			set := tracetest.Set(t, shop)
			m := testModel(t, set)
			want := "tracefall shop.json"
			if inTrace {
				press(t, m, "enter")
				want += " --trace " + m.waterfall.Trace().ID().String()
			}
			press(t, m, m.keys.key(one.command))
			if !m.onTab(one.command) {
				t.Fatalf("%s is not open:\n%s", one.command, screenText(m))
			}
			r := m.sharing.reopening()
			if want += " --view " + string(one.command); r.Command() != want {
				t.Errorf("the command is %q, want %q", r.Command(), want)
			}
			again := testModel(t, set)
			again.asked = asked{View: r.View}
			if r.Trace != nil {
				again.asked.Trace = r.Trace.ID().String()
			}
			settle(again, again.show(set))
			if !again.onTab(one.command) || again.inTrace() != inTrace {
				t.Errorf("%s does not open the tab:\n%s", want, screenText(again))
			}
		}
	}
}

// TestUnknownTimesAreSaidOnEveryTab: where no span has a time no tab writes 0 s or a ruler, and a service without a name is not
// counted anywhere.
func TestUnknownTimesAreSaidOnEveryTab(t *testing.T) {
	b := trace.NewBuilder()
	for id := range uint64(2) {
		var raw trace.RawSpan
		raw.Reset()
		raw.Trace, raw.ID, raw.Parent = trace.TraceID{Lo: 2}, trace.SpanID{N: id + 1}, trace.SpanID{N: id}
		raw.Name = b.Symbol([]byte("load"))
		b.Add(&raw)
	}
	m := testModel(t, b.Build())
	press(t, m, "enter")
	for _, tab := range []struct{ key, want string }{
		{"1", "times unknown"}, {"2", "duration unknown · 2 spans"}, {"3", "critical path unknown"}, {"4", "duration unknown"}, {"5", "unknown"},
	} {
		press(t, m, tab.key)
		screen := screenText(m)
		for _, wrong := range []string{"0 s ", "1 ns", " 1 service ", "◆"} {
			if strings.Contains(strings.ReplaceAll(screen, "0 services", ""), wrong) {
				t.Errorf("tab %s says %q:\n%s", tab.key, wrong, screen)
			}
		}
		if !strings.Contains(screen, tab.want) {
			t.Errorf("tab %s does not say %q:\n%s", tab.key, tab.want, screen)
		}
	}
}
