// Package eval answers queries: a Program is a query bound to one trace.Set. Keys are symbols, everything about
// resources and scopes is decided already, and each term turns a bitmap of candidate spans into the bitmap of those
// for which it holds.
//
// What does not belong here: the analysis behind self time, the critical path and findings, which comes in through
// Derived.
package eval
