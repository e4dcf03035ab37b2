// Package rule is what detectors are written against: Detector, the look that it gets at one trace or at a file, and
// Finding, with the words that all findings share.
//
// What belongs here: the contract, and what detectors of several families do with spans of a trace. What does not: what
// is true of traces whoever asks (facts), any detector, ranking and the report.
package rule
