// Package incident stages the incidents that tracefall's detectors are for.
//
//	scenes (what happened, with its exact numbers)
//	   ├─ stories: a scene among healthy traffic, to browse ── testdata/demo
//	   └─ cases:   a scene alone, and its near-misses ──────── testdata/incidents
//
// Healthy traffic has the shapes of healthy traffic: no loops of queries, no
// reads worth running in parallel, no call without its server span. Numbers
// and rules are those of the detectors' specification.
package incident
