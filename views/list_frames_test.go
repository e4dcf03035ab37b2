package views

import (
	"testing"
	"time"

	"tracefall/sources/trace"
)

func TestListFrames(t *testing.T) {
	env := testEnv(t)
	for _, test := range []struct {
		name string
		list func() *List
	}{
		{"list-empty", func() *List {
			l := NewList()
			b := trace.NewBuilder()
			b.Input("/tmp/exports/empty.json")
			b.Notice(trace.Notice{Kind: "skipped", Input: "/tmp/exports/empty.json", Count: 3, Message: "skipped 3 log records: they are no spans"})
			l.SetSet(b.Build())
			return l
		}},
		{"list-error", func() *List {
			l := NewList()
			l.SetInputs([]string{"incident.json", "good.json"})
			l.SetFailures([]string{
				"incident.json: line 3, column 40: expected a trace export (Jaeger or OTLP JSON), found HTML",
				"good.json: no such file",
			})
			return l
		}},
		{"list-waiting", func() *List {
			l := NewList()
			l.SetInputs([]string{"incident.jsonl.zst"})
			l.SetProgress(LoadProgress{Loading: true, Input: "incident.jsonl.zst", Bytes: 12_000_000, Total: 915_000_000})
			return l
		}},
		{"list-loading", func() *List {
			l := NewList()
			l.SetInputs([]string{"incident.jsonl"})
			l.SetSet(listSet(t, 30, "incident.jsonl"))
			l.SetProgress(LoadProgress{Loading: true, Input: "incident.jsonl", Bytes: 412_000_000, Total: 915_000_000, Traces: 30})
			return l
		}},
		{"list-small", func() *List {
			l := NewList()
			set := listSet(t, 12, "incident.jsonl")
			l.SetSet(set)
			l.SetFindings(findingsOf(set))
			l.Do(Down)
			return l
		}},
		{"list-huge", func() *List {
			l := NewList()
			set := listSet(t, 100_000, "incident.jsonl")
			l.SetSet(set)
			l.SetFindings(findingsOf(set))
			l.Do(NextError)
			return l
		}},
		{"list-query", func() *List {
			l := NewList()
			set := listSet(t, 1204, "incident.jsonl")
			l.SetSet(set)
			l.SetFindings(findingsOf(set))
			l.Do(Search)
			for _, c := range "duration>1s error=true" {
				l.Type(press(string(c)))
			}
			f := filterOf(set, 31)
			f.Took = 2 * time.Millisecond
			l.SetFilter(f)
			return l
		}},
		{"list-query-error", func() *List {
			l := NewList()
			l.SetSet(listSet(t, 1204, "incident.jsonl"))
			l.Do(Search)
			l.Type(press("duratoin>1s"))
			l.SetQueryError(QueryError{0, 8, "unknown field duratoin; did you mean duration?"})
			return l
		}},
		{"list-nothing-matches", func() *List {
			l := NewList()
			set := listSet(t, 1204, "incident.jsonl")
			l.SetSet(set)
			l.SetQuery("service=payments")
			l.SetFilter(&ListFilter{Set: set, Query: "service=payments", Spans: []int{}})
			return l
		}},
	} {
		t.Run(test.name, func(t *testing.T) { checkFrames(t, test.name, test.list(), env) })
	}
}
