package diagnose

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources"
	"tracefall/sources/trace"
)

// TestDemoOpenedWhole opens the demo's incidents together, as the program does without an input: no story may make
// the traces of another look ill.
func TestDemoOpenedWhole(t *testing.T) {
	const demo = "../testdata/demo"
	data, err := os.ReadFile(filepath.Join(demo, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	type story struct {
		Name, Detector string
		Also, Files    []string
	}
	var index struct{ Incidents []story }
	if err := json.Unmarshal(data, &index); err != nil {
		t.Fatal(err)
	}
	var inputs []string
	of := map[trace.TraceID]story{}
	for _, s := range index.Incidents {
		for _, file := range s.Files {
			path := filepath.Join(demo, file)
			inputs = append(inputs, path)
			for _, id := range traceIDs(t, path) {
				of[id] = s
			}
		}
	}
	opened, err := sources.Open(context.Background(), inputs, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Set.Close()
	report, err := Run(context.Background(), opened.Set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for i := range report.Findings {
		f := &report.Findings[i]
		if f.Severity < rule.Medium || f.Trace == nil {
			continue
		}
		s := of[f.Trace.ID()]
		if f.Detector != s.Detector && !slices.Contains(s.Also, f.Detector) && f.Detector != "bottleneck" {
			t.Errorf("in the story %s: %s", s.Name, describe(f))
		}
		found[s.Name+" "+f.Detector] = true
	}
	if len(found) < len(index.Incidents)/2 {
		t.Errorf("found only %v", found)
	}
}

func traceIDs(t *testing.T, path string) []trace.TraceID {
	t.Helper()
	opened, err := sources.Open(context.Background(), []string{path}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Set.Close()
	ids := make([]trace.TraceID, opened.Set.Len())
	for i := range ids {
		ids[i] = opened.Set.Trace(i).ID()
	}
	return ids
}
