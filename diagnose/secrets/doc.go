// Package secrets finds what should not be shown in the values, names and keys of traces.
//
//	Find --> claim (what the key says) --> the whole value, or the texts of a list
//	     \-> text (scan): words that name a secret and what stands behind them (assign, bare, listed, container, flags),
//	         tokens by their form (forms, rules_table), commands (redis), statements (sql), URLs, card numbers,
//	         and once more what stands in literals and without escapes (unescape)
//
// All of these note what they find in a search; keys and values say what can be a secret, quotes how texts are read.
//
// What belongs here: recognising. What does not: what is told of it (package diagnose), and where it is masked.
package secrets
