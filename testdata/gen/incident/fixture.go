package incident

import (
	"encoding/json"
	"fmt"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"tracefall/testdata/gen/scene"
	"tracefall/testdata/gen/wire"
)

// fixture is one case of one detector: a scene alone, or a near-miss.
type fixture struct {
	detector, name string
	// found: the detector must report it. Otherwise it must stay silent.
	found bool
	// atMost is the severity that must not be exceeded, "" for no limit; a
	// near-miss with a limit may be reported at that severity.
	atMost string
	// also may be found beside it.
	also []string
	// count and ms are the numbers that the finding stands on.
	count int
	ms    map[string]float64
	note  string
	play  func(*stage)
	// edit changes what no SDK would export.
	edit func(ptrace.Traces)
}

// expectation is a fixture in expect.json. Expect is null for silence.
type expectation struct {
	Case     string             `json:"case"`
	Detector string             `json:"detector"`
	Expect   *string            `json:"expect"`
	AtMost   string             `json:"at_most,omitempty"`
	Also     []string           `json:"also,omitempty"`
	Count    int                `json:"count,omitempty"`
	MS       map[string]float64 `json:"ms,omitempty"`
	Traces   int                `json:"traces"`
	Spans    int                `json:"spans"`
	Good     []string           `json:"good,omitempty"`
	Bad      []string           `json:"bad,omitempty"`
	Note     string             `json:"note,omitempty"`
	// Spellings are the suffixes of the case's files.
	Spellings []string `json:"spellings"`
}

// fixtures are all cases, in the order of the detectors.
func fixtures() []fixture {
	var all []fixture
	for _, list := range [][]fixture{
		retryCases(), duplicateCases(), nPlusOneCases(), externalCases(), timeoutCases(), fastFailCases(), dependencyCases(), trendCases(),
		instanceCases(), exhaustionCases(), partialCases(), updateCases(), contextCases(), clockCases(), sensitiveCases(), differenceCases(),
		originCases(), sequentialCases(), chattyCases(), redundantCases(), bottleneckCases(), gapCases(), lagCases(), blindCases(),
	} {
		all = append(all, list...)
	}
	return all
}

// CaseFiles are the contents of testdata/incidents by file name: each case in
// the stable conventions, the older ones, and as Jaeger JSON.
func CaseFiles() (map[string][]byte, error) {
	out := map[string][]byte{}
	var expected []json.RawMessage
	for i, f := range fixtures() {
		name := f.detector + "." + f.name
		if _, twice := out[name+".new.otlp.json"]; twice {
			return nil, fmt.Errorf("two cases are named %s", name)
		}
		s := newStage(scene.NewLean(uint64(50_000 + i)))
		f.play(s)
		td, err := wire.OTLP(s.Spans())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		forgetVersions(td)
		if f.edit != nil {
			f.edit(td)
		}
		e := f.expectation(s, td)
		if e.Spellings, err = spellings(out, name, td, f.found || e.Spans <= manySpans); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		line, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		expected = append(expected, line)
	}
	doc := []byte("{\"version\":1,\"cases\":[\n")
	for i, line := range expected {
		if i > 0 {
			doc = append(doc, ",\n"...)
		}
		doc = append(doc, line...)
	}
	out["expect.json"] = append(doc, "\n]}\n"...)
	return out, nil
}

// forgetVersions takes the versions from the scopes, to save space.
func forgetVersions(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			ss.Scope().SetVersion("")
		}
	}
}

// namedTraces is how many traces an expectation names.
const namedTraces = 12

// manySpans is from how many spans on a near-miss is written in one spelling
// only, to keep the folder small.
const manySpans = 10

// spellings writes td under the names of a case and lists their suffixes. If
// every, td ends up in the older conventions, which Jaeger's form follows.
func spellings(out map[string][]byte, name string, td ptrace.Traces, every bool) ([]string, error) {
	suffixes := []string{"new.otlp.json"}
	doc, err := wire.JSON(td)
	out[name+".new.otlp.json"] = append(doc, '\n')
	if err != nil || !every {
		return suffixes, err
	}
	wire.Old(td)
	if doc, err = wire.JSON(td); err != nil {
		return nil, err
	}
	out[name+".old.otlp.json"] = append(doc, '\n')
	traces, err := wire.Jaeger(td)
	if err != nil {
		return nil, err
	}
	out[name+".jaeger.json"], err = wire.JaegerDocument(traces)
	return append(suffixes, "old.otlp.json", "jaeger.json"), err
}

func (f fixture) expectation(s *stage, td ptrace.Traces) expectation {
	e := expectation{Case: f.detector + "." + f.name, Detector: f.detector, AtMost: f.atMost, Also: f.also, Count: f.count, MS: f.ms, Note: f.note, Spans: td.SpanCount()}
	if f.found {
		e.Expect = &f.detector
	}
	for _, id := range s.good {
		e.Good = append(e.Good, id.String())
	}
	for _, id := range s.bad[:min(len(s.bad), namedTraces)] {
		e.Bad = append(e.Bad, id.String())
	}
	traces := map[[16]byte]bool{}
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				traces[span.TraceID()] = true
			}
		}
	}
	e.Traces = len(traces)
	return e
}

// alone plays one trace at the epoch.
func alone(play func(s *stage) *scene.Span) func(*stage) {
	return func(s *stage) { s.culprit(play(s)) }
}
