package tracelist

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/viewstest"
)

// slowServices are traces whose time went into different services, one that failed, and one that stayed in its service.
const slowServices = `
trace 1
frontend "GET /hotels" 0ms +90ms
  search "GET /nearby" 1ms +8ms
  reservation "GET /free" 10ms +75ms
trace 2
frontend "POST /buy" 5s +80ms
  inventory "POST /reserve" 5001ms +9ms
trace 3
frontend "GET /status" 6s +2ms
trace 4
frontend "POST /charge" 7s +4s error="no answer"
  payment-service "POST /charge" 7001ms +3900ms
`

// emptyList is a list of a file with a notice and nothing else.
func emptyList() *List {
	l := New()
	b := trace.NewBuilder()
	b.Input("/tmp/exports/empty.json")
	b.Notice(trace.Notice{Kind: "skipped", Input: "/tmp/exports/empty.json", Count: 3, Message: "skipped 3 log records: they are no spans"})
	l.SetSet(b.Build())
	return l
}

// TestTroubleIsColoured looks at words that have the colour of an error or a warning: one whose sign alone has it is missed
// in a row of others.
func TestTroubleIsColoured(t *testing.T) {
	env := viewstest.Env(t)
	theme := env.Theme
	closed, opened := farOutside(t), farOutside(t)
	viewstest.Act(closed, views.Down) // the selected row has colours of its own
	viewstest.Act(opened, views.OpenAll)
	failed := New()
	failed.SetFailures([]string{"good.json: no such file"})
	asked := emptyList()
	asked.SetSource(&Source{Window: "14:02–15:02 UTC", Notes: []string{"the server searches 1 h at most"}})
	damaged := headed(t, []int{0, 0, 0, 0, 1}, trace.Notice{Kind: "skipped-records", Count: 3, Message: "skipped"})
	for _, test := range []struct {
		list *List
		want string
		ink  draw.Ink
	}{
		{opened, "△ −4 d 4 h", theme.Warn},
		{closed, "△", theme.Warn},
		{halfRead(t), "1", theme.Error},
		{emptyList(), "/tmp/exports/empty.json: skipped 3", theme.Warn},
		{asked, "the server searches 1 h at most", theme.Warn},
		{failed, "✗ good.json: no such file", theme.Error},
		{failed, "✗ 1 input not read", theme.Error},
		{damaged, "△ 3 skipped", theme.Warn},
		{damaged, "▲ 1 critical", theme.Error},
		{headed(t, []int{7, 2, 1}), "△ 1 medium", theme.Warn},
	} {
		grid := draw.NewGrid(120, 40)
		head, rest := grid.All().Top(1)
		test.list.Head(head, env)
		test.list.Draw(rest, env)
		viewstest.CheckSigns(t, grid, theme)
		if !slices.ContainsFunc(viewstest.Runs(grid), func(r viewstest.Run) bool {
			return strings.HasPrefix(strings.TrimSpace(r.Text), test.want) && viewstest.HasInk(r, test.ink)
		}) {
			t.Errorf("%q has not the colour that says how grave it is:\n%s", test.want, grid.Plain())
		}
	}
}

func TestListFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		list func() *List
	}{
		{"list-empty", emptyList},
		{"list-error", func() *List {
			l := New()
			l.SetInputs([]string{"incident.json", "good.json"})
			l.SetFailures([]string{
				"incident.json: line 3, column 40: expected a trace export (Jaeger or OTLP JSON), found HTML",
				"good.json: no such file",
			})
			return l
		}},
		{"list-waiting", func() *List {
			l := New()
			l.SetInputs([]string{"incident.jsonl.zst"})
			l.SetProgress(LoadProgress{Loading: true, Input: "incident.jsonl.zst", Bytes: 12_000_000, Total: 915_000_000})
			return l
		}},
		{"list-loading", func() *List {
			l := New()
			l.SetInputs([]string{"incident.jsonl"})
			l.SetSet(viewstest.ListSet(t, 30, "incident.jsonl"))
			l.SetProgress(LoadProgress{Loading: true, Input: "incident.jsonl", Bytes: 412_000_000, Total: 915_000_000})
			return l
		}},
		{"list-small", func() *List {
			l := New()
			set := viewstest.ListSet(t, 12, "incident.jsonl")
			l.SetSet(set)
			l.SetFindings(findingsOf(set))
			viewstest.Act(l, views.Down)
			return l
		}},
		{"list-derived", func() *List {
			l := New()
			set := tracetest.Set(t, slowServices)
			l.SetSet(set)
			l.SetFindings(derived(findingsOf(set), "payment-service"))
			return l
		}},
		{"list-healthy", func() *List {
			l := New()
			set := tracetest.Set(t, slowServices)
			l.SetSet(set)
			l.SetFindings(derived(Findings{Set: set, Worst: func(int) *rule.Finding { return nil }}, ""))
			return l
		}},
		{"list-huge", func() *List {
			l := New()
			set := viewstest.ListSet(t, 100_000, "incident.jsonl")
			l.SetSet(set)
			l.SetFindings(findingsOf(set))
			viewstest.Act(l, views.NextError)
			return l
		}},
		{"list-query", func() *List {
			l := New()
			set := viewstest.ListSet(t, 1204, "incident.jsonl")
			l.SetSet(set)
			l.SetFindings(findingsOf(set))
			viewstest.Act(l, views.Search)
			for _, c := range "duration>1s error=true" {
				l.Type(viewstest.Press(string(c)))
			}
			f := filterOf(set, 31)
			f.Took = 2 * time.Millisecond
			l.SetFilter(f)
			return l
		}},
		{"list-query-error", func() *List {
			l := New()
			l.SetSet(viewstest.ListSet(t, 1204, "incident.jsonl"))
			viewstest.Act(l, views.Search)
			l.Type(viewstest.Press("duratoin>1s"))
			l.SetQueryError(prompt.Error{Offset: 0, Length: 8, Message: "unknown field duratoin; did you mean duration?"})
			return l
		}},
		{"list-nothing-matches", func() *List {
			l := New()
			set := viewstest.ListSet(t, 1204, "incident.jsonl")
			l.SetSet(set)
			l.SetQuery("service=payments")
			l.SetFilter(&Filter{Set: set, Query: "service=payments", Spans: []int{}})
			return l
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := test.list()
			viewstest.CheckFrames(t, test.name, l, viewstest.EnvOf(t, views.Scope{Set: l.Set()}))
		})
	}
}

// Without Unicode the list still says the same.
func TestListASCII(t *testing.T) {
	list, set := New(), viewstest.ListSet(t, 300, "incident.jsonl")
	list.SetSet(set)
	list.SetFindings(findingsOf(set))
	viewstest.Act(list, views.NextError)
	viewstest.CheckASCII(t, "list-ascii", 100, 30, list)
}
