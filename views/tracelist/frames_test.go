package tracelist

import (
	"testing"
	"time"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
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

func TestListFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		list func() *List
	}{
		{"list-empty", func() *List {
			l := New()
			b := trace.NewBuilder()
			b.Input("/tmp/exports/empty.json")
			b.Notice(trace.Notice{Kind: "skipped", Input: "/tmp/exports/empty.json", Count: 3, Message: "skipped 3 log records: they are no spans"})
			l.SetSet(b.Build())
			return l
		}},
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
