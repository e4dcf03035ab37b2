package report

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// The parts of SARIF 2.1.0 (OASIS) that a report fills. Traces have no lines of code: a finding is located by
// service and operation, and by the file that its trace was read from.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string          `json:"id"`
		Short      sarifText       `json:"shortDescription"`
		Full       sarifText       `json:"fullDescription"`
		Help       sarifText       `json:"help"`
		Properties sarifProperties `json:"properties"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifProperties map[string]any
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Descriptor sarifDescriptor `json:"descriptor"`
		Level      string          `json:"level"`
		Message    sarifText       `json:"message"`
	}
	sarifDescriptor struct {
		ID string `json:"id"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Rank         float64           `json:"rank"`
		Properties   sarifProperties   `json:"properties"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sarifFingerprint names the algorithm of a finding's fingerprint; a change of it gets a new name.
const sarifFingerprint = "tracefall/v1"

func diagnoseSARIF(v *Verdict, th rule.Thresholds) sarifLog {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "tracefall", Version: session.Version()}},
		Invocations: []sarifInvocation{{Successful: true, Notifications: []sarifNotification{}}},
		Results:     []sarifResult{},
	}
	place := map[string]int{}
	for i, d := range diagnose.Detectors() {
		place[d.Name] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(d, th))
	}
	notifications := &run.Invocations[0].Notifications
	for _, b := range v.Report.BlindSpots {
		*notifications = append(*notifications, sarifNotification{sarifDescriptor{"blind-spot"}, "note", sarifText{b.Detector + ": " + b.Reason}})
	}
	for _, n := range v.notices() {
		*notifications = append(*notifications, sarifNotification{sarifDescriptor{string(n.Kind)}, "warning", sarifText{n.String()}})
	}
	for _, f := range v.Findings {
		if diagnose.LimitsSight(f) {
			continue // what the detectors could not see is notified of, above
		}
		run.Results = append(run.Results, sarifResultOf(f, place[f.Detector]))
	}
	return sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}
}

// sarifRuleOf describes a detector. Its rule is written with the values of its thresholds: SARIF has no other place for
// them.
func sarifRuleOf(d *rule.Detector, th rule.Thresholds) sarifRule {
	help := "Rule: " + diagnose.Rule(th, d.Name)
	if len(d.Remedies) > 0 {
		help += "\nCommon fixes: " + strings.Join(d.Remedies, "; ")
	}
	if len(d.Limits) > 0 {
		help += "\nCaveats: " + strings.Join(d.Limits, "; ")
	}
	return sarifRule{
		ID: d.Name, Short: sarifText{d.Title}, Full: sarifText{d.Doc}, Help: sarifText{help},
		Properties: sarifProperties{"tags": []string{"tracing"}},
	}
}

func sarifResultOf(f *rule.Finding, rule int) sarifResult {
	r := sarifResult{
		RuleID: f.Detector, RuleIndex: rule, Level: sarifLevel(f.Severity), Message: sarifText{f.Headline() + ". " + f.Message},
		Locations: []sarifLocation{}, Fingerprints: map[string]string{sarifFingerprint: f.Fingerprint},
		Rank:       rounded(100 * f.Score()),
		Properties: sarifProperties{"severity": f.Severity.String(), "confidence": rounded(f.Confidence)},
	}
	if f.Trace == nil {
		return r
	}
	r.Properties["traceId"] = f.Trace.ID().String()
	r.Properties["spanId"] = idOf(f.Trace, f.Anchor)
	r.Locations = append(r.Locations, sarifLocationOf(f.Trace, f.Anchor))
	for _, e := range f.Evidence {
		if len(r.Related) == mostRelated {
			break
		}
		if e.Trace != f.Trace || e.Span != f.Anchor {
			at := sarifLocationOf(e.Trace, e.Span)
			at.Message = &sarifText{e.Role.Label()}
			r.Related = append(r.Related, at)
		}
	}
	return r
}

// mostRelated is how many spans of evidence a result lists; the JSON format has all.
const mostRelated = 20

// sarifLocationOf says where a span is: its operation, the span itself by the ids of trace and span, its file.
func sarifLocationOf(t *trace.Trace, span int) sarifLocation {
	s, id := t.Span(span), idOf(t, span)
	at := sarifLocation{
		Physical: sarifFile(s),
		Logical:  []sarifLogical{{Name: secrets.SpanName(s), Full: secrets.ServiceName(s) + "/" + secrets.SpanName(s), Kind: "function"}},
	}
	if id != "" {
		at.Logical = append(at.Logical, sarifLogical{Name: id, Full: t.ID().String() + "/" + id, Kind: "object"})
	}
	return at
}

// sarifLevel gives the three levels of SARIF the meaning that the three signs have on the screen.
func sarifLevel(s rule.Severity) string {
	switch {
	case s >= rule.High:
		return "error"
	case s >= rule.Low:
		return "warning"
	}
	return "note"
}

// sarifFile names the file that a span was read from, nil where it was no file.
func sarifFile(s trace.Span) *sarifPhysical {
	name := s.Input()
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		return nil
	}
	u := url.URL{Path: filepath.ToSlash(name)}
	if filepath.IsAbs(name) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") {
			u.Path = "/" + u.Path // a drive letter
		}
	}
	return &sarifPhysical{sarifArtifact{u.String()}}
}
