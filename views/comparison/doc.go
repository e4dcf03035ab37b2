// Package comparison is the screen of a good and a bad trace aligned, and above them what made the difference.
//
//	SetComparison --> index (what a row says) --> rows.build --> rows
//	                  explanation (ranked)
//	bindings, Mouse --> cursor, folds, panes --> (rows again, where folds changed)
//	Draw            --> frame: formats the rows on screen
//
// A row is a call of the aligned tree: on both sides one cursor, one fold state. The cursor follows its call when
// rows change.
package comparison
