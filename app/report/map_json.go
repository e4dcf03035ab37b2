package report

import (
	"tracefall/diagnose/servicemap"
)

// mapJSON is what `map` prints. Field names and their order are stable.
type mapJSON struct {
	Version int `json:"version"`
	answeredJSON
	Total    countsJSON   `json:"total"`
	RateUnit string       `json:"rate_unit"` // calls, calls/trace or calls/s
	Nodes    []nodeJSON   `json:"nodes"`
	Edges    []edgeJSON   `json:"edges"`
	Notices  []noticeJSON `json:"notices"`
}

type nodeJSON struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // service, database, cache, queue, external, uninstrumented
	callsJSON
}

type edgeJSON struct {
	From string `json:"from"`
	To   string `json:"to"`
	callsJSON
}

// callsJSON are the numbers of calls; times are null where there are no calls.
type callsJSON struct {
	Calls           int          `json:"calls"`
	Rate            float64      `json:"rate"`
	Errors          int          `json:"errors"`
	RootCauseErrors int          `json:"root_cause_errors"`
	P50             *int64       `json:"p50_nano"`
	P95             *int64       `json:"p95_nano"`
	P99             *int64       `json:"p99_nano"`
	Max             *int64       `json:"max_nano"`
	Slowest         *slowestJSON `json:"slowest"`
}

// slowestJSON is where the slowest call is.
type slowestJSON struct {
	TraceID string `json:"trace_id"`
	SpanID  string `json:"span_id"`
}

func newMapJSON(m *servicemap.Map, r Remarks) mapJSON {
	graph := m.Of[1]
	calls := func(c *servicemap.Calls) callsJSON {
		one := callsJSON{Calls: c.Least(), Rate: rounded(m.Rates[1].Of(c.Count)), Errors: c.Errors, RootCauseErrors: c.Causes}
		if c.Count > 0 {
			one.P50, one.P95, one.P99, one.Max = &c.P50, &c.P95, &c.P99, &c.Max
			one.Slowest = &slowestJSON{c.Trace.ID().String(), c.Trace.Span(c.Span).ID().String()}
		}
		return one
	}
	doc := mapJSON{
		Version: schemaVersion, Total: countsJSON{graph.Traces, graph.Spans}, RateUnit: m.Rates[1].Unit.String(),
		Nodes: []nodeJSON{}, Edges: []edgeJSON{}, Notices: noticesJSON(r.Notices),
	}
	for i := range m.Nodes {
		n := &m.Nodes[i]
		doc.Nodes = append(doc.Nodes, nodeJSON{n.Name, n.Kind.String(), calls(&n.Calls)})
	}
	for i := range m.Edges {
		e := &m.Edges[i]
		doc.Edges = append(doc.Edges, edgeJSON{m.Nodes[e.From].Name, m.Nodes[e.To].Name, calls(&e.Calls)})
	}
	return doc
}
