package app

import (
	"os"
	"strings"
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views"
)

func TestStory(t *testing.T) {
	demo := os.DirFS("../testdata/demo")
	one, err := findIncident(demo, "timeout-wait")
	if err != nil {
		t.Fatal(err)
	}
	m := testModel(t, tracetest.Set(t, "shop checkout 0ms +100ms\n  shop charge 30ms +60ms\n"))
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
	m := testModel(t, tracetest.Set(t, "shop checkout 0ms +100ms\n  shop charge 30ms +60ms\n"))
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
