package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
)

func TestStory(t *testing.T) {
	demo := os.DirFS("../testdata/demo")
	one, err := session.FindIncident(demo, "timeout-wait")
	if err != nil {
		t.Fatal(err)
	}
	m := testModel(t, tracetest.Set(t, "shop checkout 0ms +100ms\n  shop charge 30ms +60ms\n"))
	plain := screenText(m)
	m.opt.Incident = one
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
	if !strings.Contains(told, "f shows the finding   B hides this") {
		t.Errorf("the key to the finding is missing:\n%s", told)
	}
	compared, err := session.FindIncident(demo, "baseline-difference")
	if err != nil {
		t.Fatal(err)
	}
	m.opt.Incident = compared
	if got := screenText(m); !strings.Contains(got, "= shows the difference   B hides this") {
		t.Errorf("the key to the comparison is missing:\n%s", got)
	}
	m.opt.Incident = one
	press(t, m, "B")
	if got := screenText(m); strings.Contains(got, one.Title) {
		t.Errorf("the story stays:\n%s", got)
	}
	press(t, m, "B")
	m.h = storyLeaves
	if got := screenText(m); strings.Contains(got, one.Title) {
		t.Errorf("the story takes what little room there is:\n%s", got)
	}
	if got := (session.Reopening{Demo: m.opt.DemoName(), Span: -1, View: "list"}).Command(); got != "tracefall demo timeout-wait --view list" {
		t.Errorf("the command to come back is %q", got)
	}
	if _, err := session.FindIncident(demo, "timeout-wiat"); err == nil || !strings.Contains(err.Error(), `did you mean "timeout-wait"?`) {
		t.Errorf("a name with a mistake: %v", err)
	}
}

// TestEveryIncidentOpensAtItsFinding goes through the incidents of the demo: one key opens each at what was found, the comparison
// of two, or what a line of a log finds, and one key comes back to its row.
func TestEveryIncidentOpensAtItsFinding(t *testing.T) {
	demo := os.DirFS("../testdata/demo")
	all, err := session.Incidents(demo)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 20 {
		t.Errorf("there are %d incidents, want 20", len(all))
	}
	files, err := filepath.Glob("../testdata/demo/*.gz")
	if err != nil {
		t.Fatal(err)
	}
	r, err := sources.Open(t.Context(), files, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.CloseQuietly(r.Set) })
	load, read := loadIncident(&Options{Settings: session.Settings{World: &session.World{Demo: demo}}}), 0
	m := storiesOver(t, r.Set, func(ctx context.Context, one *session.Incident) (*trace.Set, error) {
		read++
		return load(ctx, one)
	}, all...)
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	for n, one := range all {
		row := fmt.Sprintf("incident %d of 20", n+1)
		mustShow(t, m, row, "enter open incident")
		press(t, m, "enter")
		switch {
		case one.Paste != "":
			mustShow(t, m, "Command palette", "1 match")
		case one.Detector == "baseline-difference":
			mustShow(t, m, one.Title, "▌1 comparison")
		default:
			mustShow(t, m, one.Title, "esc all incidents", "▌1 waterfall")
			if f := m.waterfall.Visited(); f == nil || f.Detector != one.Detector {
				t.Errorf("%s is opened at %v, want what %s found", one.Name, f, one.Detector)
			}
			alone, err := load(t.Context(), &all[n])
			if err != nil {
				t.Fatal(err)
			}
			if m.set.Len() != alone.Len() {
				t.Errorf("%s is opened among %d traces, want its own %d", one.Name, m.set.Len(), alone.Len())
			}
		}
		press(t, m, "esc")
		mustShow(t, m, row)
		press(t, m, "j")
	}
	if read != len(all) {
		t.Errorf("%d incidents were read, want each of %d once", read, len(all))
	}
}

// storiesModel is a model of the whole demo, whose incidents are about the traces of the shop.
func storiesModel(t *testing.T, stories ...session.Incident) *model {
	t.Helper()
	set := tracetest.Set(t, shop)
	return storiesOver(t, set, func(context.Context, *session.Incident) (*trace.Set, error) { return set, nil }, stories...)
}

// storiesOver is storiesModel over any set. load reads one incident.
func storiesOver(t *testing.T, set *trace.Set, load func(context.Context, *session.Incident) (*trace.Set, error), stories ...session.Incident) *model {
	t.Helper()
	m := testModel(t, nil)
	m.stories, m.story.load = stories, load
	m.screens = newScreens(append(tabTable(), storyTab(stories)))
	m.stack = append(m.stack, m.tabID(views.ShowStory, ofList))
	_, cmd := m.Update(loadedSet(m, set))
	settle(m, cmd)
	return m
}

// incident is one about the first trace of the shop, the second is the good one.
func incident(name, detector string) session.Incident {
	return session.Incident{
		Name: name, Title: "The " + name + " incident", Story: []string{"One.", "Two."}, Detector: detector,
		Bad: []string{"a.gz#4bf92f3577b34da6a3ce929d0e0e4736"}, Good: []string{"a.gz#2"},
	}
}

// TestStories opens an incident from the first screen of the demo at what was found, comes back to the same row, and goes to
// the plain list.
func TestStories(t *testing.T) {
	m := storiesModel(t, incident("slow", "no-such"), incident("failing", "error-origin"), incident("differing", "baseline-difference"))
	mustShow(t, m, " 1 traces", "▌B incidents", "The slow incident", "▌ The slow", "enter open incident")
	mustShow(t, m, "The failing incident    ▲ root-cause error")
	press(t, m, "j", "enter")
	mustShow(t, m, "▌1 waterfall", "The failing incident", "esc all incidents   B hides this", "One.", "root-cause error")
	if got := m.waterfall.Visited(); got == nil || got.Detector != "error-origin" {
		t.Errorf("the incident is opened at %v, want at its finding", got)
	}
	press(t, m, "B")
	if got := screenText(m); strings.Contains(got, "The failing incident") || !m.inTrace() {
		t.Errorf("the story stays, or its trace does not:\n%s", got)
	}
	press(t, m, "esc")
	mustShow(t, m, "▌ The failing")
	press(t, m, "j", "enter")
	if c := m.compare.Comparison(); m.screen() != compareScreen || c == nil || c.Bad.Trace != m.set.Find(trace.ParseTraceID("4bf92f3577b34da6a3ce929d0e0e4736")) {
		t.Errorf("what differs from a good trace is not compared with it:\n%s", screenText(m))
	}
	press(t, m, "q", "1")
	mustShow(t, m, "▌1 traces", "row 1 of 2")
	press(t, m, "enter")
	if got := screenText(m); strings.Contains(got, "incident") || m.opt.DemoName() != "" {
		t.Errorf("a story stands above what else was opened:\n%s", got)
	}
	press(t, m, "B")
	mustShow(t, m, "▌B incidents")
}

// TestStoryWaitsForTheDetectors opens an incident before they are through: it is shown when they are.
func TestStoryWaitsForTheDetectors(t *testing.T) {
	m := storiesModel(t, incident("failing", "error-origin"))
	m.story.reports, m.story.judgedOf = nil, m.set
	press(t, m, "enter")
	mustShow(t, m, "▌B incidents", "the incident opens when the detectors are through")
	m.story.judgedOf = nil
	_, cmd := m.Update(nil)
	settle(m, cmd)
	if got := m.waterfall.Visited(); got == nil || got.Detector != "error-origin" || m.screen() != waterfallScreen {
		t.Errorf("the incident shows %v, want its finding", got)
	}
}

// TestStoryOfALogLine looks for what was pasted.
func TestStoryOfALogLine(t *testing.T) {
	one := incident("log", "")
	one.Paste = "trace_id:4bf92f3577b34da6a3ce929d0e0e4736 503"
	m := storiesModel(t, one)
	press(t, m, "enter")
	mustShow(t, m, one.Paste, "open trace 4bf92f35")
	press(t, m, "enter")
	if m.screen() != waterfallScreen {
		t.Errorf("the trace of the line is not opened:\n%s", screenText(m))
	}
}
