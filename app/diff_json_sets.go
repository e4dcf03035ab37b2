package app

import (
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
func newSetsJSON(c *population.Comparison, traces int, notices []trace.Notice, mask masking) setsJSON {
	doc := setsJSON{
		diffJSON: diffJSON{
			Version: schemaVersion, Good: newSetJSON(c.Of[0]), Bad: newSetJSON(c.Of[1]), Delta: c.Delta,
			MatchedShare: rounded(float64(len(c.Good)+len(c.Bad)) / float64(traces)),
			Changes:      []changeJSON{}, Findings: []findingJSON{}, Notices: noticesJSON(notices),
		},
		Culprits: []culpritJSON{}, Attributes: []attributeJSON{}, Shapes: []shapeJSON{}, Paces: []paceJSON{}, Samplers: []samplerJSON{},
	}
	doc.Contributions = setParts(c, c.Contributions, mask)
	if t := c.Tail; t != nil {
		doc.Tail = &tailJSON{t.Traces[0], t.Traces[1], t.Delta, setParts(c, t.Contributions, mask)}
	}
	for _, change := range setChanges(c) {
		n := &c.Calls[change.Node]
		doc.Changes = append(doc.Changes, changeJSON{
			Kind: change.Kind.String(), Service: n.Op.Service, Name: n.Op.Label(), Detail: mask.text(change.Detail),
			GoodSpans: placeIDs(n.Example[0]), BadSpans: placeIDs(n.Example[1]),
		})
	}
	for _, s := range c.Culprits {
		one := culpritJSON{Service: s.Service, Name: s.Op.Label(), Score: rounded(s.Score), Message: mask.text(s.Message), Evidence: []evidenceJSON{}, Passing: s.Passing, Explains: []explainedJSON{}}
		for _, e := range s.Explains {
			one.Explains = append(one.Explains, explainedJSON{e.Service, rounded(e.Share)})
		}
		for _, e := range s.Evidence {
			if e.Facts != nil {
				one.Evidence = append(one.Evidence, evidenceJSON{e.Role, e.Facts.Trace.ID().String(), idOf(e.Facts.Trace, e.Span)})
			}
		}
		doc.Culprits = append(doc.Culprits, one)
	}
	for i := range c.Attributes {
		doc.Attributes = append(doc.Attributes, newSetAttributeJSON(&c.Attributes[i], mask))
	}
	for _, s := range c.Shapes {
		doc.Shapes = append(doc.Shapes, newShapeJSON(c, &s, mask))
	}
	for _, p := range c.Paces {
		doc.Paces = append(doc.Paces, newPaceJSON(c, &p, mask))
	}
	for _, s := range c.Samplers {
		doc.Samplers = append(doc.Samplers, samplerJSON{mask.text(s.Text), s.Traces[0], s.Traces[1], s.Tail})
	}
	return doc
}

// setParts lists parts of a difference between two sets.
func setParts(c *population.Comparison, parts []compare.Contribution, mask masking) []contributionJSON {
	list := []contributionJSON{}
	for _, part := range parts {
		n := &c.Calls[part.Node]
		one := contributionJSON{
			Service: n.Op.Service, Name: n.Op.Label(), Path: c.Path(part.Node), Kind: part.Kind.String(), Delta: part.Delta,
			CountGood: n.Calls[0], CountBad: n.Calls[1], Message: mask.text(part.Message),
		}
		if part.Apart {
			one.Service, one.Name, one.Path = "", "", []string{}
		}
		list = append(list, one)
	}
	return list
}

func newSetAttributeJSON(a *population.AttributeRate, mask masking) attributeJSON {
	one := attributeJSON{
		Key: a.Key, Value: a.Value, GoodShare: rounded(a.Share(0)), BadShare: rounded(a.Share(1)), Q: a.Q,
		Scope: a.Scope, Absent: a.Absent, Also: []string{}, Lift: rounded(a.Lift), Bits: rounded(a.Bits),
	}
	for _, text := range a.Also {
		one.Also = append(one.Also, mask.text(text))
	}
	if m := a.Numbers; m != nil {
		one.Numbers = &setNumbersJSON{m.P50[0], m.P50[1], m.Shift}
	}
	return one
}

func newShapeJSON(c *population.Comparison, s *population.Shape, mask masking) shapeJSON {
	one := shapeJSON{
		Kind: s.Kind.String(), Good: s.Good, Bad: s.Bad, Q: s.Q, Message: mask.text(s.Message),
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

func newPaceJSON(c *population.Comparison, p *population.Pace, mask masking) paceJSON {
	one := paceJSON{
		Good: p.Good, Bad: p.Bad, GoodMean: int64(p.Times.Mean[0]), BadMean: int64(p.Times.Mean[1]), Cost: p.Cost, Q: p.Times.LeastQ(),
		Message: mask.text(p.Message), Example: p.Example[1].Trace.ID().String(),
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
