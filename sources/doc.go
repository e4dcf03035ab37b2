// Package sources opens traces: files, directories, globs and standard input, plain or compressed, whole or
// damaged, in every format that a person would call a trace file.
//
//	Open --> input (mapped file, or decompressed to memory or to an unlinked file)
//	           |
//	         scanner (pulls JSON tokens; no recursion, no copies)
//	           |
//	         format  (sniffed by content, one file each) --> trace.Builder --> trace.Set
//
// What belongs here: finding inputs, recognising formats, reading them with as little loss as possible, saying
// exactly what was lost, and writing the two formats that we export. What does not: what a trace is (package
// trace) and anything about its meaning.
//
// A new format is one file and one line in the table of formats.go.
package sources
