package recording

import (
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// BlindnessOf says what a quality hides from detectors, with what a number of traces lacks.
func BlindnessOf(traces, rootless, manyRoots int, quality trace.Quality, detectors []*rule.Detector) []string {
	b := blindness{traces: traces, rootless: rootless, manyRoots: manyRoots, quality: quality}
	var list []string
	for _, r := range b.reasons(detectors) {
		list = append(list, strings.Join(r.detectors, " ")+" | "+r.fact+" | "+r.effect)
	}
	return list
}
