// Package query is the query language: the list, the waterfall, the command line and the configuration all
// read it with the same rules.
//
//	text --Parse--> Query --eval.Compile--> eval.Program --Run--> eval.Result
//	                 |                           |
//	             AST v                           +--Trace--> eval.Matches
//	        Jaeger's structured filter
//
// A Query is a tree of terms. What Jaeger's filter (RFC 0005) can say converts to it; what stands above it, such as
// the structure of the tree or values of the whole trace, stays here.
//
// What belongs here: the language, its completion and its help. What does not: the evaluation, which is package eval,
// and how a result is drawn.
package query
