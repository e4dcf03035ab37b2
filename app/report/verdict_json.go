package report

import (
	"bytes"
	"encoding/json"
	"math"

	"tracefall/diagnose"
	"tracefall/sources/trace"
)

// reportJSON is what `diagnose` prints. Field names and their order are stable.
type reportJSON struct {
	Version    int             `json:"version"`
	Traces     int             `json:"traces"`
	Findings   []findingJSON   `json:"findings"`
	BlindSpots []blindSpotJSON `json:"blind_spots"`
	Notices    []noticeJSON    `json:"notices"`
}

type findingJSON struct {
	Detector    string         `json:"detector"`
	Title       string         `json:"title"`
	Message     string         `json:"message"`
	Severity    string         `json:"severity"`
	Confidence  float64        `json:"confidence"`
	Scope       string         `json:"scope"` // trace or file
	TraceID     string         `json:"trace_id"`
	Service     string         `json:"service"`
	AnchorSpan  string         `json:"anchor_span"`
	Evidence    []evidenceJSON `json:"evidence"`
	Numbers     numbersJSON    `json:"numbers"`
	Checks      []checkJSON    `json:"checks"`
	Remedies    []string       `json:"remedies"`
	Limits      []string       `json:"limits"`
	Fingerprint string         `json:"fingerprint"`
}

type evidenceJSON struct {
	Role    string `json:"role"`
	TraceID string `json:"trace_id"`
	SpanID  string `json:"span_id"`
}

type checkJSON struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
}

type blindSpotJSON struct {
	Detector string `json:"detector"`
	Reason   string `json:"reason"`
}

// numbersJSON writes the measures of a finding: those that all have, then those of its detector.
type numbersJSON diagnose.Numbers

// MarshalJSON writes the object in a fixed order.
func (n numbersJSON) MarshalJSON() ([]byte, error) {
	all := append([]diagnose.Number{
		{Name: "count", Value: float64(n.Count)},
		{Name: "avoidable_nano", Value: float64(n.Avoidable)},
		{Name: "critical_share", Value: n.CriticalShare},
		{Name: "union_nano", Value: float64(n.Union)},
		{Name: "sum_nano", Value: float64(n.Sum)},
		{Name: "critical_nano", Value: float64(n.Critical)},
		{Name: "avoidable_share", Value: diagnose.Numbers(n).AvoidableShare()},
	}, n.More...)
	var b bytes.Buffer
	for i, number := range all {
		sep := byte(',')
		if i == 0 {
			sep = '{'
		}
		b.WriteByte(sep)
		name, err := marshal(number.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(rounded(number.Value))
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// rounded keeps six decimals of a share: more are noise of the arithmetic. What is no number becomes 0.
func rounded(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return math.Round(x*1e6) / 1e6
}

func diagnoseJSON(v *Verdict) reportJSON {
	doc := reportJSON{
		Version: schemaVersion, Traces: v.Traces, Findings: []findingJSON{}, BlindSpots: []blindSpotJSON{},
		Notices: noticesJSON(v.notices()),
	}
	for _, f := range v.Findings {
		doc.Findings = append(doc.Findings, newFindingJSON(f))
	}
	for _, b := range v.Report.BlindSpots {
		doc.BlindSpots = append(doc.BlindSpots, blindSpotJSON{b.Detector, b.Reason})
	}
	return doc
}

func newFindingJSON(f *diagnose.Finding) findingJSON {
	one := findingJSON{
		Detector: f.Detector, Title: f.Title, Message: f.Message, Severity: f.Severity.String(), Confidence: rounded(f.Confidence),
		Scope: "trace", Service: f.Service, Numbers: numbersJSON(f.Numbers), Evidence: []evidenceJSON{}, Checks: []checkJSON{},
		Remedies: listed(f.Remedies), Limits: listed(f.Limits), Fingerprint: f.Fingerprint,
	}
	if f.File {
		one.Scope = "file"
	}
	if f.Trace != nil {
		one.TraceID = f.Trace.ID().String()
		one.AnchorSpan = idOf(f.Trace, f.Anchor)
	}
	for _, e := range f.Evidence {
		one.Evidence = append(one.Evidence, evidenceJSON{e.Role.String(), e.Trace.ID().String(), idOf(e.Trace, e.Span)})
	}
	for _, c := range f.Checks {
		one.Checks = append(one.Checks, checkJSON{c.Name, c.Passed})
	}
	return one
}

// idOf returns the id of a span, "" where the export had no such span: a root that was made up.
func idOf(t *trace.Trace, span int) string {
	if span < 0 || span >= t.Len() || t.Span(span).Synthetic() {
		return ""
	}
	return t.Span(span).ID().String()
}

// listed is a list that JSON shows as [] where it is empty.
func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
