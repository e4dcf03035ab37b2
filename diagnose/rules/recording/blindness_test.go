package recording_test

import (
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/rules/recording"
	"tracefall/sources/trace"
)

// TestBlindnessOfQuality: what readers and SDKs count is told, each with whom it makes blind.
func TestBlindnessOfQuality(t *testing.T) {
	got := recording.BlindnessOf(2, 1, 2, trace.Quality{
		Orphans: 3, Collisions: 1, Cycles: 1, RepairedTimes: 2, Unfinished: 1, FullAttrs: 4, CutStatements: 5,
		DroppedAttrs: 6, DroppedLinks: 1, Partial: true,
	}, diagnose.Detectors())
	want := []string{
		"bottleneck | the backend calls the trace incomplete | time of missing spans counts as their parents' own",
		"lost-context | 3 spans whose parent is missing | the critical path does not go through them",
		"bottleneck | the first span of 1 trace is missing | how long the request took is not known",
		"lost-context | several first spans of 2 traces | which of them the others belong to is not known",
		"sensitive-data | the SDKs dropped 6 attributes, 1 link | what these held is not seen",
		"sensitive-data | 4 spans with exactly 128 attributes, the SDKs' limit | further ones may have been left out",
		"redundant-calls | 5 statements cut off | they are not compared",
		"timeout-wait | 1 span without an end | how long it lasted is not known",
		"clock-skew | 2 spans whose times could not be right | repaired times prove nothing about clocks",
		"lost-context | 2 spans whose id or parent could not be right | they may hang in the wrong place",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
