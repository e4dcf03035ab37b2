package app

import (
	"os"
	"slices"
	"testing"

	"tracefall/diagnose"
	"tracefall/sources"
)

// TestIncidents checks that every incident of the demo opens on its own, and that the detector it names finds it in
// the traces it names.
func TestIncidents(t *testing.T) {
	demo := os.DirFS("../testdata/demo")
	all, err := incidents(demo)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		t.Run(one.Name, func(t *testing.T) {
			if one.Title == "" || len(one.Story) != 2 {
				t.Errorf("it tells %q, want a title and two sentences", one.Story)
			}
			r, err := openInputs(t.Context(), nil, nil, one.only(demo), sources.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer closeQuietly(r.Set)
			for _, id := range traceIDs(append(one.Good, one.Bad...)) {
				if r.Set.Find(id) == nil {
					t.Errorf("it has no trace %s", id)
				}
			}
			if one.Detector == "" || one.Detector == "baseline-difference" {
				return // found by an id, by comparing
			}
			if !slices.Contains(detectorNames(), one.Detector) {
				t.Fatalf("there is no detector %s", one.Detector)
			}
			report, err := diagnose.Run(t.Context(), r.Set, diagnose.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range traceIDs(one.Bad) {
				for _, f := range report.Of(r.Set.Find(id)) {
					if f.Detector == one.Detector {
						return
					}
				}
			}
			t.Errorf("%s finds nothing in the bad traces", one.Detector)
		})
	}
}

func TestIncidentFiles(t *testing.T) {
	all, err := incidents(os.DirFS("../testdata/demo"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("../testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		used := e.Name() == "index.json"
		for _, one := range all {
			used = used || slices.Contains(one.Files, e.Name())
		}
		if !used {
			t.Errorf("no incident has %s", e.Name())
		}
	}
}
