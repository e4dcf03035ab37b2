// Package diagnose says what is wrong in traces: detectors, their findings, and the report of one trace or of many.
//
//	Set --> facts of each trace --> detectors of one trace --\
//	                            \-> detectors of the file ---+--> subsumed --> ranked --> Report
//
// A detector is one file, one line in the registry and one test script. It reads facts, never raw attributes or
// keys, and reports findings: numbers, evidence, checks, confidence; facts, not verdicts. Severity and rank follow
// from the numbers by one rule for all.
//
// What belongs here: detectors, thresholds, findings and their ranking. What does not: derived structures that
// more than one detector needs (facts), comparison (compare), drawing, files, clocks and sockets.
package diagnose
