package diagnose

import (
	"cmp"
	"slices"
	"testing"

	"tracefall/diagnose/rule"
)

// on makes a finding of a detector with these offenders.
func on(detector string, spans ...int) rule.Finding {
	f := rule.Finding{Detector: detector, Severity: rule.Medium, Evidence: rule.SpansOf(nil, rule.RoleOffender, spans...)}
	for _, d := range Detectors() {
		if d.Name == detector {
			f.Relations = d.Relations
		}
	}
	return f
}

// TestSubsumeTakesWhatItMostlyHas: a finding is part of a stronger story that has more than half of its offenders.
func TestSubsumeTakesWhatItMostlyHas(t *testing.T) {
	for shared, want := range map[int]int{2: 2, 3: 1} {
		storm := on("retry-storm", []int{1, 2, 3}[:shared]...)
		if got := subsume([]rule.Finding{on("chatty", 1, 2, 3, 4, 5), storm}); len(got) != want {
			t.Errorf("of 5 calls a retry storm has %d: %d findings stay, want %d", shared, len(got), want)
		}
	}
}

// TestSubsumeNamesOnce: a story that takes in several findings of one detector names that detector once.
func TestSubsumeNamesOnce(t *testing.T) {
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
