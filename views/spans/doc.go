// Package spans is the table of spans, of a trace or of all that match: columns for what every span has and for attributes
// that are chosen, sorted by any of them.
//
//	Show --Measure--> the program: read --> the spans as columns of numbers --arrange--> rows: filtered, sorted
//
// Sorting, filtering and reading an attribute of very many spans are jobs as well; only rows on screen are written out.
package spans
