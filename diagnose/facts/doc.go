// Package facts is what is derived of one trace: for each span its operation, class, kind, outcome and effective duration.
//
//	Set   --> Ops (canonical attributes, operations), clocks
//	Trace --> timing (where each span counts, whom its parent waits for) --> self times
//	                                                                     \-> critical path
//	Facts --> patterns, failures; of all traces --> what is usual, statistics by group
//
// What belongs here: what nearly every conclusion asks of a span, in constant time. What reaches over several spans is a
// function of package patterns or failure; judgement and its thresholds belong to the detectors.
package facts
