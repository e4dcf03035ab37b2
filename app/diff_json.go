package app

import (
	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// diffJSON is what `diff` prints: for two traces, and with SetsJSON for two sets. Field names and their order are
// stable.
type diffJSON struct {
	Version       int                `json:"version"`
	Good          any                `json:"good"` // a trace as query prints it, or a setJSON
	Bad           any                `json:"bad"`
	Delta         int64              `json:"delta_nano"` // of sets: between the means
	MatchedShare  float64            `json:"matched_share"`
	Divergence    *divergenceJSON    `json:"first_divergence"` // null where nothing differs in kind, and for sets
	Contributions []contributionJSON `json:"contributions"`
	Changes       []changeJSON       `json:"changes"`
	Findings      []findingJSON      `json:"findings"` // of baseline-difference; none for sets
	Notices       []noticeJSON       `json:"notices"`
}

type divergenceJSON struct {
	Kind     string `json:"kind"`
	Service  string `json:"service"`
	Name     string `json:"name"`
	GoodSpan string `json:"good_span"`
	BadSpan  string `json:"bad_span"`
	Message  string `json:"message"`
}

type contributionJSON struct {
	Service   string   `json:"service"`
	Name      string   `json:"name"`
	Path      []string `json:"path"`
	Kind      string   `json:"kind"`
	Delta     int64    `json:"delta_nano"`
	CountGood int      `json:"count_good"`
	CountBad  int      `json:"count_bad"`
	Message   string   `json:"message"`
}

type changeJSON struct {
	Kind      string   `json:"kind"`
	Service   string   `json:"service"`
	Name      string   `json:"name"`
	GoodSpans []string `json:"good_spans"`
	BadSpans  []string `json:"bad_spans"`
	Detail    string   `json:"detail"`
}

// newPairJSON makes the document of two traces.
func newPairJSON(c *compare.Comparison, notices []trace.Notice, mask masking) diffJSON {
	doc := diffJSON{
		Version: schemaVersion, Good: newTraceJSON(c.Good.Trace), Bad: newTraceJSON(c.Bad.Trace), Delta: c.Delta,
		MatchedShare: rounded(c.Trust.MatchedShare), Contributions: []contributionJSON{}, Changes: []changeJSON{}, Findings: []findingJSON{},
		Notices: noticesJSON(notices),
	}
	if v := c.Divergence; v != nil {
		n := &c.Nodes[v.Node]
		doc.Divergence = &divergenceJSON{
			Kind: v.Kind.String(), Service: n.Op.Service, Name: n.Op.Label(), Message: mask.text(v.Message),
			GoodSpan: first(idsOf(c.Good, n.Good)), BadSpan: first(idsOf(c.Bad, n.Bad)),
		}
	}
	if f := differenceOf(c); f != nil {
		doc.Findings = append(doc.Findings, newFindingJSON(mask.finding(f)))
	}
	for _, part := range c.Contributions {
		n := &c.Nodes[part.Node]
		one := contributionJSON{
			Service: n.Op.Service, Name: n.Op.Label(), Path: c.Path(part.Node), Kind: part.Kind.String(), Delta: part.Delta,
			CountGood: len(n.Good), CountBad: len(n.Bad), Message: mask.text(part.Message),
		}
		if part.Apart { // no call's: what stands at the top has no part in it
			one.Service, one.Name, one.Path = "", "", []string{}
		}
		doc.Contributions = append(doc.Contributions, one)
	}
	for _, change := range c.Changes {
		n := &c.Nodes[change.Node]
		doc.Changes = append(doc.Changes, changeJSON{
			Kind: change.Kind.String(), Service: n.Op.Service, Name: n.Op.Label(),
			GoodSpans: idsOf(c.Good, n.Good), BadSpans: idsOf(c.Bad, n.Bad), Detail: mask.text(change.Detail),
		})
	}
	return doc
}

// newTraceJSON describes a trace as query does.
func newTraceJSON(t *trace.Trace) traceJSON {
	return traceJSON{
		TraceID: t.ID().String(), RootService: secrets.ServiceName(t.Root()), RootName: secrets.SpanName(t.Root()),
		Start: nanos(t.Start()), Duration: t.Duration(),
		Spans: t.SpanCount(), Errors: t.Errors(), Services: t.Services(), MatchedSpans: []string{},
	}
}

func idsOf(f *facts.Facts, spans []int) []string {
	ids := make([]string, 0, len(spans))
	for _, i := range spans {
		ids = append(ids, idOf(f.Trace, i))
	}
	return ids
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
