package diagnose

import (
	"testing"
	"time"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/recording"
)

// TestThresholdsOf: thresholds are listed with their units, and with what the configuration changed.
func TestThresholdsOf(t *testing.T) {
	th := DefaultThresholds()
	for _, own := range th {
		if own, ok := own.(*recording.BlindSpotsThresholds); ok {
			own.Self = 2 * time.Second
		}
	}
	list := ThresholdsOf(th, "blind-spots")
	if len(list) != 2 || list[0].Name != "self" || list[0].Value != "2 s" || !list[0].Changed || list[1].Value != "50 %" || list[1].Changed || list[1].Source == "" {
		t.Errorf("the thresholds are %+v", list)
	}
	if list := ThresholdsOf(th, "no-such"); list != nil {
		t.Errorf("a detector that does not exist has %v", list)
	}
	for _, d := range Detectors() {
		for _, threshold := range ThresholdsOf(DefaultThresholds(), d.Name) {
			if threshold.Name == "" || threshold.Value == "" || threshold.Changed {
				t.Errorf("%s has %+v", d.Name, threshold)
			}
		}
	}
}

func TestLimitsSight(t *testing.T) {
	evidence := []rule.Evidence{{Role: rule.RoleOffender}}
	for _, test := range []struct {
		finding rule.Finding
		want    bool
	}{
		{rule.Finding{Detector: "blind-spots"}, true},
		{rule.Finding{Detector: "blind-spots", Evidence: evidence}, false},
		{rule.Finding{Detector: "bottleneck"}, false},
	} {
		if LimitsSight(&test.finding) != test.want {
			t.Errorf("%+v limits sight: %v, want %v", test.finding, !test.want, test.want)
		}
	}
}
