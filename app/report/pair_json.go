package report

import (
	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// diffJSON is what `diff` prints: for two traces, and with setsJSON for two sets. Field names and their order are
// stable.
type diffJSON struct {
	Version int `json:"version"`
	answeredJSON
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
func newPairJSON(c *compare.Comparison, notices []trace.Notice, mask session.Masking) diffJSON {
	doc := diffJSON{
		Version: schemaVersion, Good: newTraceJSON(c.Good.Trace), Bad: newTraceJSON(c.Bad.Trace), Delta: c.Delta,
		MatchedShare: rounded(c.Trust.MatchedShare), Findings: []findingJSON{}, Notices: noticesJSON(notices),
	}
	if v := c.Divergence; v != nil {
		n := &c.Nodes[v.Node]
		doc.Divergence = &divergenceJSON{
			Kind: v.Kind.String(), Service: n.Service, Name: n.Op.Label(), Message: mask.Text(v.Message),
			GoodSpan: first(idsOf(c.Good, n.Good)), BadSpan: first(idsOf(c.Bad, n.Bad)),
		}
	}
	if f := session.DifferenceOf(c); f != nil {
		doc.Findings = append(doc.Findings, newFindingJSON(mask.Finding(f)))
	}
	doc.Contributions = listOf(c.Contributions, func(part compare.Contribution) contributionJSON {
		n := &c.Nodes[part.Node]
		op := n.Op
		op.Service = n.Service
		return newContributionJSON(&part, op, c.Path(part.Node), len(n.Good), len(n.Bad), mask)
	})
	doc.Changes = listOf(c.Changes, func(change compare.Change) changeJSON {
		n := &c.Nodes[change.Node]
		return changeJSON{change.Kind.String(), n.Service, n.Op.Label(), idsOf(c.Good, n.Good), idsOf(c.Bad, n.Bad), mask.Text(change.Detail)}
	})
	return doc
}

// newContributionJSON makes a part of a difference that is a call's; one that is no call's has no place, as what stands
// at the top of the tree has no part in it.
func newContributionJSON(part *compare.Contribution, op facts.Op, path []string, good, bad int, mask session.Masking) contributionJSON {
	one := contributionJSON{op.Service, op.Label(), path, part.Kind.String(), part.Delta, good, bad, mask.Text(part.Message)}
	if part.Apart {
		one.Service, one.Name, one.Path = "", "", []string{}
	}
	return one
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
	return listOf(spans, func(i int) string { return idOf(f.Trace, i) })
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
