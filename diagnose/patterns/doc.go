// Package patterns is what calls have to do with each other: repetition and arrangement of siblings, attempts, values that
// feed the next call, reads and writes of one thing, messages from sender to receiver, numbers that change from trace to
// trace.
//
// What belongs here: functions of the facts of a trace, or of all traces of a set, that two detectors or the comparison
// need. What does not: judgement and its thresholds, and words.
package patterns
