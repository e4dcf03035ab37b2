package app

import (
	"os"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/sources"
	"tracefall/views"
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
			r, err := openInputs(t.Context(), nil, nil, incidentFiles{demo, one.Files}, sources.Options{})
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

func TestStory(t *testing.T) {
	demo := os.DirFS("../testdata/demo")
	one, err := findIncident(demo, "timeout-wait")
	if err != nil {
		t.Fatal(err)
	}
	m := testModel(t, readSet(t, twoSpans))
	plain := screenText(m)
	m.opt.incident = one
	if got := m.can(views.ShowStory); got != "" {
		t.Errorf("the story cannot be shown: %s", got)
	}
	told := screenText(m)
	if !strings.Contains(told, one.Title) || !strings.Contains(told, one.Story[0][:40]) || !strings.Contains(told, "charge") {
		t.Errorf("the story or the trace is missing:\n%s", told)
	}
	if got := strings.Count(told, "\n"); got != strings.Count(plain, "\n") {
		t.Errorf("%d lines, want %d", got, strings.Count(plain, "\n"))
	}
	if !strings.Contains(told, "f to what is found") {
		t.Errorf("the key to the finding is missing:\n%s", told)
	}
	compared, err := findIncident(demo, "baseline-difference")
	if err != nil {
		t.Fatal(err)
	}
	m.opt.incident = compared
	if got := screenText(m); !strings.Contains(got, "= to what is found") {
		t.Errorf("the key to the comparison is missing:\n%s", got)
	}
	m.opt.incident = one
	press(t, m, "B")
	if got := screenText(m); strings.Contains(got, one.Title) {
		t.Errorf("the story stays:\n%s", got)
	}
	press(t, m, "B")
	m.h = storyLeaves
	if got := screenText(m); strings.Contains(got, one.Title) {
		t.Errorf("the story takes what little room there is:\n%s", got)
	}
	if got := (reopening{demo: m.opt.demoName(), span: -1, view: "list"}).command(); got != "tracefall demo timeout-wait --view list" {
		t.Errorf("the command to come back is %q", got)
	}
	if _, err := findIncident(demo, "timeout-wiat"); err == nil || !strings.Contains(err.Error(), `did you mean "timeout-wait"?`) {
		t.Errorf("a name with a mistake: %v", err)
	}
}

// TestStories opens an incident from the whole demo, hides its story, and finds the others again with the same key.
func TestStories(t *testing.T) {
	m := testModel(t, readSet(t, twoSpans))
	id := m.set.Trace(0).ID().String()
	m.stories = []incident{{Name: "slow-shop", Title: "The shop is slow", Story: []string{"One.", "Two."}, Bad: []string{"a.gz#" + id}}}
	press(t, m, "B")
	if got := screenText(m); !m.inPalette || !strings.Contains(got, "slow-shop") || !strings.Contains(got, "The shop is slow") {
		t.Fatalf("the incidents are not offered:\n%s", got)
	}
	press(t, m, "enter")
	if got := screenText(m); m.screen() != waterfallScreen || !strings.Contains(got, "The shop is slow") {
		t.Fatalf("the incident is not open under its story:\n%s", got)
	}
	press(t, m, "B")
	if got := screenText(m); strings.Contains(got, "The shop is slow") {
		t.Errorf("the story stays:\n%s", got)
	}
	press(t, m, "B")
	if !m.inPalette {
		t.Error("the incidents are not offered again")
	}
	press(t, m, "enter")
	m.do(views.OpenTrace{Trace: m.set.Trace(0), Span: -1})
	if got := screenText(m); strings.Contains(got, "The shop is slow") || m.opt.demoName() != "" {
		t.Errorf("the story stays above what else was opened:\n%s", got)
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
