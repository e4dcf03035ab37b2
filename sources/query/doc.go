// Package query is the query language: the list, the waterfall, the command line and the configuration all
// read it with the same rules.
//
//	text --Parse--> Query --Compile--> Program --Run--> Result
//	                 |                    |
//	             AST v                    +--Trace--> Matches
//	        Jaeger's structured filter
//
// A Query is a tree of terms. What Jaeger's filter (RFC 0005) can say converts to it; what stands above it, such as
// the structure of the tree or values of the whole trace, stays here. A Program is a Query bound to one trace.Set: keys
// are symbols, everything about resources and scopes is decided already, and each term turns a bitmap of candidate
// spans into the bitmap of those for which it holds.
//
// What belongs here: the language, its evaluation, its completion and its help. What does not: how a result is
// drawn, and the analysis behind self time, the critical path and findings, which comes in through Derived.
package query
