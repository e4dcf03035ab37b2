package diagnose

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources"
)

// incident is a line of testdata/incidents/expect.json; its README says what the fields mean.
type incident struct {
	Case      string   `json:"case"`
	Detector  string   `json:"detector"`
	Expect    string   `json:"expect"`
	AtMost    string   `json:"at_most"`
	Also      []string `json:"also"`
	Count     int      `json:"count"`
	Spellings []string `json:"spellings"`
}

const incidents = "../testdata/incidents"

// TestIncidents holds the findings of every case made with the SDK against what the case expects, and its three
// spellings against each other.
func TestIncidents(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(incidents, "expect.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []incident }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	registered := map[string]bool{}
	for _, d := range Detectors() {
		registered[d.Name] = true
	}
	for _, c := range file.Cases {
		if !registered[c.Detector] {
			continue
		}
		t.Run(c.Case, func(t *testing.T) {
			var first string
			for _, spelling := range c.Spellings {
				report := diagnoseFile(t, filepath.Join(incidents, c.Case+"."+spelling+suffix(spelling)))
				c.check(t, spelling, report)
				found := outline(report)
				if first == "" {
					first = found
				}
				if found != first {
					t.Errorf("%s finds\n%s\nand %s\n%s", spelling, found, c.Spellings[0], first)
				}
			}
		})
	}
}

func suffix(spelling string) string {
	if strings.HasSuffix(spelling, ".json") {
		return ""
	}
	return ".json"
}

func diagnoseFile(t *testing.T, path string) *Report {
	t.Helper()
	opened, err := sources.Open(context.Background(), []string{path}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Set.Close(); err != nil {
			t.Error(err)
		}
	})
	report, err := Run(context.Background(), opened.Set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range report.Notices {
		t.Errorf("%s: %s", path, n.Message)
	}
	return report
}

func (c *incident) check(t *testing.T, spelling string, r *Report) {
	t.Helper()
	most, limited := rule.ParseSeverity(c.AtMost)
	found, counted := false, c.Count == 0
	for i := range r.Findings {
		f := &r.Findings[i]
		switch {
		case f.Detector == c.Detector:
			found = true
			counted = counted || f.Numbers.Count == c.Count
			if c.Expect == "" && !limited || limited && f.Severity > most {
				t.Errorf("%s: too much: %s", spelling, describe(f))
			}
		case f.Severity >= rule.Medium && f.Detector != "bottleneck" && !slices.Contains(c.Also, f.Detector):
			t.Errorf("%s: unexpected: %s", spelling, describe(f))
		}
	}
	if c.Expect != "" && !found {
		t.Errorf("%s: no %s; there are\n%s", spelling, c.Expect, describeAll(r))
	} else if c.Expect != "" && !counted {
		t.Errorf("%s: none of %d; there are\n%s", spelling, c.Count, describeAll(r))
	}
}

// outline is what the spellings of a case must agree on: everything but the words, which quote what was recorded.
func outline(r *Report) string {
	var lines []string
	for i := range r.Findings {
		f := &r.Findings[i]
		var spans []string
		for _, e := range f.Evidence {
			spans = append(spans, fmt.Sprint(e.Role, " ", e.Trace.Span(e.Span).ID()))
		}
		slices.Sort(spans)
		lines = append(lines, fmt.Sprintf("%s %s %s of %s, %.2f, at %s: %+v, by %v", f.Detector, f.Severity, f.Title, f.Service, f.Confidence, anchorName(f), f.Numbers, spans))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func anchorName(f *rule.Finding) string {
	if f.Trace == nil {
		return "the file"
	}
	return f.Trace.ID().String() + "/" + f.Trace.Span(f.Anchor).ID().String()
}
