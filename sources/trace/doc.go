// Package trace is the vocabulary of the program: immutable traces and spans, and the builder that makes them.
//
//	readers --Input--> Builder --Build--> Set --> Trace --> Span
//	                   (one gate)         (published, shared without locks)
//
// The builder is the one gate through which every format passes. Behind it these things hold, and everyone
// relies on them by name (tracetest.Check verifies them):
//
//   - the spans of a trace lie in one pre-order array: a parent before its children, siblings by start time;
//   - each span knows the end of its subtree, so that the subtree of span i is the range [i, End(i));
//   - every parent exists: orphans and several roots hang under one synthetic root at index 0;
//   - raw times are as they were written, but for the repairs that the span's flags and the trace's Quality name.
//
// Storage is compact and free of pointers: a span is 64 bytes, an attribute 16, strings are interned symbols
// and long values stay where they were read. Accessors hide it, so that it can change.
//
// What belongs here: what a trace is. What does not: reading formats (package sources), analysis (package
// diagnose/facts), selection, colour or anything else that a view knows.
package trace
