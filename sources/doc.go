// Package sources opens traces: files, directories, globs and standard input, plain or compressed, whole or
// damaged, in every format that a person would call a trace file.
//
//	Open --> input (mapped file, or decompressed to memory or to an unlinked file)
//	           |
//	         documents (found, recognised, resumed behind damage; large ones by several workers)
//	           |
//	         decoder   (a package for each format) --> trace.Builder --> trace.Set
//
// What belongs here: finding inputs, telling what they are, and finding their documents. What does not: what a format
// looks like (its own package), what a trace is (package trace) and anything about its meaning.
//
// A new format is a package and one line in the table of formats.go.
package sources
