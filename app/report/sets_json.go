package report

import (
	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/sources/trace"
)

// setsJSON is diffJSON with what only sets have.
type setsJSON struct {
	diffJSON
	Culprits   []culpritJSON   `json:"culprits"`
	Attributes []attributeJSON `json:"attributes"`
	Shapes     []shapeJSON     `json:"shapes"`
	Paces      []paceJSON      `json:"paces"`
	Samplers   []samplerJSON   `json:"samplers"`
	Tail       *tailJSON       `json:"tail,omitempty"` // not there where it is too small, or says what the means say
}

// samplerJSON is how traces were sampled, as they say.
type samplerJSON struct {
	Sampler string `json:"sampler"`
	Good    int    `json:"good"`
	Bad     int    `json:"bad"`
	Tail    bool   `json:"tail"` // after they had ended: errors and slow ones are more than their share
}

// tailJSON is the difference of the slowest traces of both sides.
type tailJSON struct {
	Good          int                `json:"good"`
	Bad           int                `json:"bad"`
	Delta         int64              `json:"delta_nano"`
	Contributions []contributionJSON `json:"contributions"`
}

type setJSON struct {
	Traces    int     `json:"traces"`
	P50       int64   `json:"p50_nano"`
	P95       int64   `json:"p95_nano"`
	P99       int64   `json:"p99_nano"`
	ErrorRate float64 `json:"error_rate"`
}

type explainedJSON struct {
	Service string  `json:"service"`
	Share   float64 `json:"share"`
}

type culpritJSON struct {
	Service  string         `json:"service"`
	Name     string         `json:"name"`
	Score    float64        `json:"score"`
	Message  string         `json:"message"`
	Evidence []evidenceJSON `json:"evidence"`

	Explains []explainedJSON `json:"explains"` // services behind it in the list: the share of their excess time that is in calls that lead to it
	Passing  string          `json:"passing"`  // why it stands behind a smaller one
}

type attributeJSON struct {
	Key       string  `json:"key"`
	Value     string  `json:"value"`
	GoodShare float64 `json:"good_share"`
	BadShare  float64 `json:"bad_share"`
	Q         float64 `json:"q"`

	Scope   string          `json:"scope"`
	Absent  bool            `json:"absent"` // it is the lack of the key
	Also    []string        `json:"also"`   // what exactly the same traces have
	Lift    float64         `json:"lift"`
	Bits    float64         `json:"bits"` // of mutual information
	Numbers *setNumbersJSON `json:"numbers,omitempty"`
}

// setNumbersJSON compares the values of a key that holds many different numbers.
type setNumbersJSON struct {
	GoodP50 float64 `json:"good_p50"`
	BadP50  float64 `json:"bad_p50"`
	Shift   float64 `json:"shift"` // the median of all differences
}

type shapeJSON struct {
	Kind    string `json:"kind"`
	Good    int    `json:"good"`
	Bad     int    `json:"bad"`
	Example string `json:"example"` // the id of a trace

	Q         float64 `json:"q"`
	Message   string  `json:"message"`
	Precursor string  `json:"precursor"` // the id of a good trace that went the way before; "" where no way lost its traces to this one
	Extra     float64 `json:"extra_traces"`
	Longer    int64   `json:"longer_nano"` // than those, in the mean
	Cost      int64   `json:"cost_nano"`   // extra traces × longer
}

// paceJSON is a way on which the bad traces took another time than the good ones.
type paceJSON struct {
	Good     int     `json:"good"`
	Bad      int     `json:"bad"`
	GoodMean int64   `json:"good_mean_nano"`
	BadMean  int64   `json:"bad_mean_nano"`
	Cost     int64   `json:"cost_nano"` // bad traces × the difference
	Q        float64 `json:"q"`
	Service  string  `json:"service"` // of the call inside that moved most; "" where none did alone
	Name     string  `json:"name"`
	Kind     string  `json:"kind"` // "duration" its own work, "gap" between caller and server
	Delta    int64   `json:"delta_nano"`
	Message  string  `json:"message"`
	Example  string  `json:"example"` // the id of a bad trace
}

// newSetsJSON makes the document of two sets, which had so many traces together.
func newSetsJSON(c *population.Comparison, traces int, notices []trace.Notice, mask session.Masking) setsJSON {
	doc := setsJSON{
		diffJSON: diffJSON{
			Version: schemaVersion, Good: newSetJSON(c.Of[0]), Bad: newSetJSON(c.Of[1]), Delta: c.Delta,
			MatchedShare:  rounded(float64(len(c.Good)+len(c.Bad)) / float64(traces)),
			Contributions: setParts(c, c.Contributions, mask), Findings: []findingJSON{}, Notices: noticesJSON(notices),
		},
		Culprits:   listOf(c.Culprits, func(s population.Culprit) culpritJSON { return newCulpritJSON(&s, mask) }),
		Attributes: listOf(c.Attributes, func(a population.AttributeRate) attributeJSON { return newSetAttributeJSON(&a, mask) }),
		Shapes:     listOf(c.Shapes, func(s population.Shape) shapeJSON { return newShapeJSON(c, &s, mask) }),
		Paces:      listOf(c.Paces, func(p population.Pace) paceJSON { return newPaceJSON(c, &p, mask) }),
		Samplers: listOf(c.Samplers, func(s population.Sampler) samplerJSON {
			return samplerJSON{mask.Text(s.Text), s.Traces[0], s.Traces[1], s.Tail}
		}),
	}
	if t := c.Tail; t != nil {
		doc.Tail = &tailJSON{t.Traces[0], t.Traces[1], t.Delta, setParts(c, t.Contributions, mask)}
	}
	doc.Changes = listOf(setChanges(c), func(change compare.Change) changeJSON {
		n := &c.Calls[change.Node]
		return changeJSON{change.Kind.String(), n.Op.Service, n.Op.Label(), placeIDs(n.Example[0]), placeIDs(n.Example[1]), mask.Text(change.Detail)}
	})
	return doc
}

// setParts lists parts of a difference between two sets.
func setParts(c *population.Comparison, parts []compare.Contribution, mask session.Masking) []contributionJSON {
	return listOf(parts, func(part compare.Contribution) contributionJSON {
		n := &c.Calls[part.Node]
		return newContributionJSON(&part, n.Op, c.Path(part.Node), n.Calls[0], n.Calls[1], mask)
	})
}

func newCulpritJSON(s *population.Culprit, mask session.Masking) culpritJSON {
	one := culpritJSON{
		Service: s.Service, Name: s.Op.Label(), Score: rounded(s.Score), Message: mask.Text(s.Message), Evidence: []evidenceJSON{}, Passing: s.Passing,
		Explains: listOf(s.Explains, func(e population.Explained) explainedJSON { return explainedJSON{e.Service, rounded(e.Share)} }),
	}
	for _, e := range s.Evidence {
		if e.Facts != nil {
			one.Evidence = append(one.Evidence, newEvidenceJSON(e.Role, e.Facts.Trace, e.Span))
		}
	}
	return one
}

func newSetAttributeJSON(a *population.AttributeRate, mask session.Masking) attributeJSON {
	one := attributeJSON{
		Key: a.Key, Value: a.Value, GoodShare: rounded(a.Share(0)), BadShare: rounded(a.Share(1)), Q: a.Q,
		Scope: a.Scope, Absent: a.Absent, Also: listOf(a.Also, mask.Text), Lift: rounded(a.Lift), Bits: rounded(a.Bits),
	}
	if m := a.Numbers; m != nil {
		one.Numbers = &setNumbersJSON{m.P50[0], m.P50[1], a.Shift}
	}
	return one
}

func newShapeJSON(c *population.Comparison, s *population.Shape, mask session.Masking) shapeJSON {
	one := shapeJSON{
		Kind: s.Kind.String(), Good: s.Good, Bad: s.Bad, Q: s.Q, Message: mask.Text(s.Message),
		Extra: rounded(s.Extra), Longer: s.Longer, Cost: s.Cost,
	}
	if s.Example != nil {
		one.Example = s.Example.Trace.ID().String()
	}
	if s.Precursor >= 0 {
		one.Precursor = c.Shapes[s.Precursor].Example.Trace.ID().String()
	}
	return one
}

func newPaceJSON(c *population.Comparison, p *population.Pace, mask session.Masking) paceJSON {
	one := paceJSON{
		Good: p.Good, Bad: p.Bad, GoodMean: int64(p.Times.Mean[0]), BadMean: int64(p.Times.Mean[1]), Cost: p.Cost, Q: p.Times.LeastQ(),
		Message: mask.Text(p.Message), Example: p.Example[1].Trace.ID().String(),
	}
	if p.Node >= 0 {
		op := c.Calls[p.Node].Op
		one.Service, one.Name, one.Kind, one.Delta = op.Service, op.Label(), p.Kind.String(), p.Delta
	}
	return one
}

func newSetJSON(s population.Summary) setJSON {
	return setJSON{Traces: s.Traces, P50: s.P50, P95: s.P95, P99: s.P99, ErrorRate: rounded(s.ErrorRate)}
}

func placeIDs(p population.Place) []string {
	if p.Facts == nil {
		return []string{}
	}
	return idsOf(p.Facts, []int{p.Span})
}
