// Package baseline is what is usual in a set of traces: how long operations last, what lies between caller and callee,
// how often calls are made again, whom a request gets to and what it goes on to do. Findings hold what they see against it.
package baseline
