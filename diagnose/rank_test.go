package diagnose

import (
	"slices"
	"testing"
)

// TestSubsumeNamesOnce: a story that takes in several findings of one detector names that detector once.
func TestSubsumeNamesOnce(t *testing.T) {
	on := func(detector string, spans ...int) Finding {
		f := Finding{Detector: detector, Severity: Medium}
		for _, i := range spans {
			f.Evidence = append(f.Evidence, Evidence{Role: RoleOffender, Span: i})
		}
		return f
	}
	got := subsume([]Finding{on("slow-external", 1), on("slow-external", 2), on("chatty", 3), on("retry-storm", 1, 2, 3)})
	if len(got) != 1 || got[0].Detector != "retry-storm" || !slices.Equal(got[0].Also, []string{"slow-external", "chatty"}) {
		t.Errorf("%+v", got)
	}
}
