package report

import (
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// reportJSON is what `diagnose` prints. Field names and their order are stable.
type reportJSON struct {
	Version int `json:"version"`
	answeredJSON
	Traces     int             `json:"traces"`
	Findings   []findingJSON   `json:"findings"`
	BlindSpots []blindSpotJSON `json:"blind_spots"`
	Notices    []noticeJSON    `json:"notices"`
	Counts     severitiesJSON  `json:"counts"`
}

// severitiesJSON is how many findings there are by severity, the same one in several traces counted once, and in how many
// traces there is one that is more than information.
type severitiesJSON struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
	Info     int `json:"info"`
	Traces   int `json:"traces"`
}

func newSeveritiesJSON(c diagnose.Counts) severitiesJSON {
	return severitiesJSON{c.By[rule.Critical], c.By[rule.High], c.By[rule.Medium], c.By[rule.Low], c.By[rule.Info], c.Traces}
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
	Unseen bool   `json:"unseen,omitempty"` // this data cannot show it
}

type blindSpotJSON struct {
	Detector string `json:"detector"`
	Reason   string `json:"reason"`
}

// numbersJSON writes the measures of a finding: those that all have, then those of its detector.
type numbersJSON rule.Numbers

// MarshalJSON writes the object in a fixed order.
func (n numbersJSON) MarshalJSON() ([]byte, error) {
	all := append([]rule.Number{
		{Name: "count", Value: float64(n.Count)},
		{Name: "avoidable_nano", Value: float64(n.Avoidable)},
		{Name: "critical_share", Value: n.CriticalShare},
		{Name: "union_nano", Value: float64(n.Union)},
		{Name: "sum_nano", Value: float64(n.Sum)},
		{Name: "critical_nano", Value: float64(n.Critical)},
		{Name: "avoidable_share", Value: rule.Numbers(n).AvoidableShare()},
	}, n.More...)
	doc := make(object, len(all))
	for i, number := range all {
		doc[i] = field{number.Name, rounded(number.Value)}
	}
	return doc.MarshalJSON()
}

func diagnoseJSON(v *Verdict) reportJSON {
	return reportJSON{
		schemaVersion, answeredJSON{}, v.Traces, listOf(v.Findings, newFindingJSON),
		listOf(v.Report.BlindSpots, func(b rule.BlindSpot) blindSpotJSON { return blindSpotJSON(b) }), noticesJSON(v.notices()),
		newSeveritiesJSON(diagnose.Count(v.Findings)),
	}
}

func newFindingJSON(f *rule.Finding) findingJSON {
	one := findingJSON{
		Detector: f.Detector, Title: f.Headline(), Message: f.Message, Severity: f.Severity.String(), Confidence: rounded(f.Confidence),
		Scope: "trace", Service: f.Service, Numbers: numbersJSON(f.Numbers),
		Evidence: listOf(f.Evidence, func(e rule.Evidence) evidenceJSON { return newEvidenceJSON(e.Role.String(), e.Trace, e.Span) }),
		Checks:   listOf(f.Checks, func(c rule.Check) checkJSON { return checkJSON(c) }),
		Remedies: listed(f.Remedies), Limits: listed(f.Limits), Fingerprint: f.Fingerprint,
	}
	if f.File {
		one.Scope = "file"
	}
	if f.Trace != nil {
		one.TraceID = f.Trace.ID().String()
		one.AnchorSpan = idOf(f.Trace, f.Anchor)
	}
	return one
}

func newEvidenceJSON(role string, t *trace.Trace, span int) evidenceJSON {
	return evidenceJSON{role, t.ID().String(), idOf(t, span)}
}

// idOf returns the id of a span, "" where the export had no such span: a root that was made up.
func idOf(t *trace.Trace, span int) string {
	if span < 0 || span >= t.Len() || t.Span(span).Synthetic() {
		return ""
	}
	return t.Span(span).ID().String()
}
