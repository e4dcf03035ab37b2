// Package facts is what every conclusion stands on: measures derived from a trace, each with one definition that
// detectors, comparison, statistics and the screens share.
//
//	Set   --> Ops (canonical attributes, operations), Clocks (by how much hosts are apart)
//	Trace --> Timing (where each span counts, whom its parent waits for) --> self times
//	                                                                     \-> critical path
//	Facts of all traces --> Baseline, Reach, RetryRates, Steps, Work: what is usual in a file
//
// What belongs here: pure functions of immutable traces, and the statistical tests; among them Mask, the one gate
// through which screens and exports show texts (package secrets recognises). What does not: judgement and its thresholds
// (package diagnose), sentences but for durations, drawing, files and sockets.
package facts
