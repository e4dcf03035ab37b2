// Package diagnose detects problems in traces: the registry of detectors, and the report of one trace or of many.
//
//	Set --> facts of each trace --> detectors of one trace --\
//	                            \-> detectors of the file ---+--> subsumed --> ranked --> Report
//
// A detector is a value in a package of rules, one line in the registry and one test script. It reads facts, never raw
// attributes or keys, and reports findings: numbers, evidence, checks, confidence; facts, not verdicts. Severity and
// rank follow from the numbers, and what a finding absorbs from the relations of its detector, by one rule for all.
//
// What belongs here: the registry, the ranking of findings, the report. What does not: detectors (rules), what they are
// written against (rule), derived structures (facts), comparison (compare), drawing, files, clocks and sockets.
package diagnose
