package sets

import (
	"strings"
	"testing"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/factstest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

var _ views.Headed = (*Sets)(nil)

func head(t *testing.T, s *Sets, width int) string {
	t.Helper()
	grid := draw.NewGrid(width, 1)
	env := viewstest.Env(t)
	env.Mask, env.Secrets = func(_, value string) (string, bool) { return value, false }, true
	s.Head(grid.All(), env)
	if text := strings.TrimRight(grid.Plain(), " |\n"); s.c != nil && width >= 100 && !strings.HasSuffix(text, "  masked") {
		t.Errorf("with masked secrets the head is %q", text)
	}
	grid = draw.NewGrid(width, 1)
	s.Head(grid.All(), viewstest.Env(t))
	viewstest.CheckSize(t, grid)
	return grid.Plain()
}

// TestHeadOfSets: what is compared with what, and once that nothing was tested; never a word cut in a narrow line.
func TestHeadOfSets(t *testing.T) {
	s := openSets(t)
	if text := head(t, s, 120); !strings.Contains(text, "baseline 60 traces · good.json.gz   ⇄   bad 40 traces · bad.json.gz   p50 99 ms → 791 ms") || !strings.Contains(text, "Δ mean +695 ms") {
		t.Errorf("the head is %q", text)
	}
	few := New()
	few.SetSets(setsOf(t, checkouts(t, 3, false), checkouts(t, 2, true), population.SplitGiven), [2]string{"a.json", "b.json"})
	const want = "△ not tested: too few traces (5 per side needed)"
	if text := head(t, few, 120); !strings.HasSuffix(strings.TrimRight(text, " |\n"), want) {
		t.Errorf("the head is %q, want %q at the right", text, want)
	}
	body := draw.NewGrid(120, 40) // without the head
	few.Draw(body.All(), viewstest.Env(t))
	if text := body.Plain(); strings.Contains(text, "not tested") || strings.Contains(text, "no significant") {
		t.Errorf("the screen says again what was not tested:\n%s", text)
	}
	if !strings.HasPrefix(few.Markdown(), "not tested: too few traces") {
		t.Errorf("Markdown does not begin with what was not tested:\n%s", few.Markdown())
	}
	few.names = [2]string{"the rest", "traces that failed"}
	for width, want := range map[int]string{
		80:  " baseline 3 · the rest ⇄ bad 2 · traces that failed △ too few traces ",
		120: " baseline 3 traces · the rest ⇄ bad 2 traces · traces that failed ",
	} {
		if text := head(t, few, width); !strings.Contains(strings.Join(strings.Fields(text), " "), strings.TrimSpace(want)) {
			t.Errorf("at %d columns the head is %q, want %q", width, text, want)
		}
	}
	few.names = [2]string{"/srv/exports/2026-03-02/before-the-deploy.jsonl.gz", "/srv/exports/2026-03-02/after.jsonl.gz"}
	if text := head(t, few, 110); !strings.Contains(text, "before-the-deploy.jsonl.gz") || !strings.Contains(text, "after.jsonl.gz") || strings.Contains(text, "/") {
		t.Errorf("where paths have no room the head is %q", text)
	}
	for width := 1; width < 200; width += 3 {
		head(t, s, width)
		head(t, few, width)
		head(t, New(), width)
	}
}

// TestDoubtIsColoured: what the head says that cannot be relied on is yellow.
func TestDoubtIsColoured(t *testing.T) {
	few := New()
	few.SetSets(setsOf(t, checkouts(t, 3, false), checkouts(t, 2, true), population.SplitGiven), [2]string{"a.json", "b.json"})
	env, found := viewstest.Env(t), false
	for _, run := range viewstest.Runs(viewstest.Frame(few, env, 120, 40)) {
		if strings.HasPrefix(run.Text, "△ not tested") {
			viewstest.WantInk(t, run, env.Theme.Warn)
			found = true
		}
	}
	if !found {
		t.Error("the head does not say that nothing was tested")
	}
}

// TestEvidenceIsNamedAsTheCulprit: a span called POST is named by what it called, as the culprit above it is.
func TestEvidenceIsNamedAsTheCulprit(t *testing.T) {
	split := population.SplitByErrors(factstest.Of(viewstest.OpenDemo(t, "no-fast-fail.jsonl.gz")))
	s := New()
	s.SetSets(setsOf(t, split.Good, split.Bad, split.By), [2]string{"did not fail", "failed"})
	s.to(t, setCulprits, setProof)
	if at, _ := s.at(); !strings.Contains(s.proofText(at), "order-service POST /stock/reserve in trace") {
		t.Errorf("the evidence is %q", s.proofText(at))
	}
}

// TestEvidenceFolds: the first culprit shows its evidence, the others when they are asked for it.
func TestEvidenceFolds(t *testing.T) {
	s := openSets(t)
	proofs := func(item int) (n int) {
		for _, r := range s.rows {
			if r.kind == setProof && r.item == item {
				n++
			}
		}
		return n
	}
	if len(s.c.Culprits) < 2 || proofs(0) == 0 || proofs(1) != 0 {
		t.Fatalf("%d culprits, with %d and %d spans of evidence", len(s.c.Culprits), proofs(0), proofs(1))
	}
	s.to(t, setCulprits, setItem)
	viewstest.Do(s, views.Fold)
	if proofs(0) != 0 || s.closed[setCulprits] {
		t.Error("the evidence of the first is not folded, or the whole section is")
	}
	if at, _ := s.at(); at.kind != setItem || at.item != 0 {
		t.Errorf("the cursor is on %+v", at)
	}
	viewstest.Do(s, views.Right)
	if proofs(0) == 0 {
		t.Error("the evidence does not open again")
	}
	viewstest.Do(s, views.Left, views.Left)
	if !s.closed[setCulprits] {
		t.Error("a second step to the left does not fold the section")
	}
}
