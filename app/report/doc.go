// Package report prints what commands answer: a verdict of the detectors, a comparison, the traces that a query found, a
// trace; as text that fits a terminal, as Markdown for a chat, as JSON whose fields are stable, a verdict also as SARIF.
//
// Everything is printed through a Printer, which knows the width, the theme and what is masked.
package report
