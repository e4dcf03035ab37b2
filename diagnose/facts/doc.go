// Package facts is what every conclusion stands on: measures derived from a trace, each with one definition that
// detectors, comparison, statistics and the screens share.
//
//	Trace --> Timing (where each span counts, whom its parent waits for) --> self times
//	                                                                     \-> critical path
//
// What belongs here: pure functions of immutable traces, without thresholds and without words; among them Secrets,
// with which a detector finds and screens and exports mask what should not be shown. What does not:
// judgement (package diagnose), drawing, files, clocks and sockets.
package facts
