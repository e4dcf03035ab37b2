package diagnose

import (
	"cmp"
	"slices"
	"testing"
	"tracefall/diagnose/rule"
)

// TestSubsumeNamesOnce: a story that takes in several findings of one detector names that detector once.
func TestSubsumeNamesOnce(t *testing.T) {
	on := func(detector string, spans ...int) rule.Finding {
		f := rule.Finding{Detector: detector, Severity: rule.Medium}
		for _, d := range Detectors() {
			if d.Name == detector {
				f.Relations = d.Relations
			}
		}
		for _, i := range spans {
			f.Evidence = append(f.Evidence, rule.Evidence{Role: rule.RoleOffender, Span: i})
		}
		return f
	}
	got := subsume([]rule.Finding{on("slow-external", 1), on("slow-external", 2), on("chatty", 3), on("retry-storm", 1, 2, 3)})
	if len(got) != 1 || got[0].Detector != "retry-storm" || !slices.Equal(got[0].Also, []string{"slow-external", "chatty"}) {
		t.Errorf("%+v", got)
	}
}

// TestHandledErrorsRankAboveLostTime: an error that a caller handled weighs more than a third of the request's time, less
// than one that failed the request.
func TestHandledErrorsRankAboveLostTime(t *testing.T) {
	handled := rule.Finding{Detector: "handled", Confidence: 1, ErrorWeight: rule.WeightHandled, Cap: new(rule.High)}
	slow := rule.Finding{Detector: "slow", Confidence: 1, Numbers: rule.Numbers{Avoidable: 400_000_000}}
	fatal := rule.Finding{Detector: "fatal", Confidence: 1, ErrorWeight: rule.WeightExplains}
	list := []rule.Finding{slow, handled, fatal}
	for i := range list {
		grade(&list[i], 1_000_000_000)
	}
	slices.SortStableFunc(list, func(a, b rule.Finding) int { return cmp.Compare(b.Score(), a.Score()) })
	if list[0].Detector != "fatal" || list[1].Detector != "handled" || list[2].Detector != "slow" {
		t.Errorf("the order is %s, %s, %s", list[0].Detector, list[1].Detector, list[2].Detector)
	}
}
