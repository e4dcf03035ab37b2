// Package secrets finds what should not be shown in the values, names and keys of traces.
//
//	Find --> claim (what the key says) --> the whole value, or the texts of a list
//	     \-> text: words that name a secret and what stands behind them (assign, bare, listed, container, flags),
//	         tokens by their form (forms, rules_table), statements (sql), URLs, card numbers,
//	         and once more without escapes (unescape)
//
// What belongs here: recognising. What does not: what is told of it (package diagnose), and where it is masked.
package secrets
