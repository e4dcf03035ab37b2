// Package population lays two sets of traces side by side, good and bad.
//
//	good Facts… --\                                         /--> decomposition of the means and of the tails, tests of every call
//	               +--> one tree of calls, a sample a trace +--> ways that traces went: gained, lost, slower; attributes; samplers
//	bad Facts… ---/                                         \--> culprits: service, operation, attribute
//
// Contributions partition the critical paths, so that they sum to the whole difference of the means to the nanosecond.
//
// What belongs here: the comparison of sets, the ranking of culprits, and the split of one set into two. What does not:
// two traces (compare), findings (diagnose), wording of screens, drawing, files, clocks and sockets.
package population
