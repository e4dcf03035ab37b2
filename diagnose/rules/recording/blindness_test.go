package recording_test

import (
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/rules/recording"
	"tracefall/sources/trace"
)

// TestBlindnessOfQuality: what readers and SDKs count is listed, each with the detectors that it limits.
func TestBlindnessOfQuality(t *testing.T) {
	got := recording.BlindnessOf(2, 1, 2, trace.Quality{
		Orphans: 3, Collisions: 1, Cycles: 1, RepairedTimes: 2, Unfinished: 1, FullAttrs: 4, CutStatements: 5,
		DroppedAttrs: 6, DroppedLinks: 1, Partial: true,
	}, diagnose.Detectors())
	want := []string{
		"bottleneck | backend reports a partial trace | missing spans count as self time of their parents",
		"lost-context | 3 orphan spans (parent not in file) | position in the call tree unknown",
		"bottleneck | root span missing (1 trace) | request duration unknown",
		"lost-context | several root spans (2 traces) | cannot tell which root span the other spans belong to",
		"sensitive-data | 6 attributes, 1 link dropped by the SDK | their content was not checked",
		"sensitive-data | SDK limit of 128 attributes reached (4 spans) | more attributes may have been dropped",
		"redundant-calls | 5 truncated statements | not compared",
		"timeout-wait | 1 span without end time | duration unknown",
		"clock-skew | invalid timestamps repaired (2 spans) | repaired timestamps give no clock offset",
		"lost-context | duplicate span ids or cyclic parents (2 spans) | position in the trace may be wrong",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
