// Package waterfall is the screen of one trace: a row per span, in the tree's order, with its bar on the time scale.
//
//	SetTrace, SetMatches --> rows.build --> rows
//	bindings, Mouse      --> view: cursor, folds, window --> (rows again, where folds changed)
//	Head, Draw           --> frame: formats the rows on screen; work: when their spans worked and when they waited
//
// What the detectors found, the critical path and the clocks come by setters and are drawn on the rows.
package waterfall
