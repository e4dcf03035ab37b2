package comparison

import (
	"errors"
	"strings"
	"testing"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// printed is all that Print draws.
func printed(t *testing.T, v *Comparison, width int) string {
	t.Helper()
	var lines []string
	err := v.Print(width, viewstest.Env(t), func(g *draw.Grid) error {
		viewstest.CheckSize(t, g)
		lines = append(lines, g.Plain())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func TestPrintedComparison(t *testing.T) {
	v := New()
	v.SetComparison(pairOf(t, manyDifferences(1), manyDifferences(4)))
	viewstest.Do(v, views.OpenAll)
	text := printed(t, v, 100)
	if n := strings.Count(text, "\n"); n < 140 {
		t.Errorf("%d lines are printed, want a row for each call", n)
	}
	for _, want := range []string{"baseline 12.0 s", "more, together", "step en", "SERVICE  OPERATION"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed", want)
		}
	}
	if strings.Contains(text, "▌") {
		t.Error("a cursor is printed")
	}
	stop := errors.New("stop")
	if err := v.Print(80, viewstest.Env(t), func(*draw.Grid) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of emit comes back as %v", err)
	}
	for width := 1; width < 150; width += 7 {
		printed(t, v, width)
	}
}

func TestMarkdownOfAComparison(t *testing.T) {
	v := New()
	v.SetComparison(pairOf(t, goodDashboard, badDashboard))
	text := v.Markdown()
	for _, want := range []string{
		"**GET /api/dashboard**: baseline 412 ms (trace `00000000000000000000000000000001`), bad 3.21 s",
		"| +210.0 ms | 8 % | web getUserPosts | self time |",
		"| +2.80 s | 100 % | total | |",
		"- web getComments: ×3 → ×50",
		"- web GET feature-flags: added",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	v.SetComparison(pairTraces(viewstest.HostileTrace(t), viewstest.BrokenTrace(t)))
	if strings.ContainsAny(v.Markdown(), "\x1b\x07\u202e") {
		t.Error("a control character is copied")
	}
}
