// Package compare lays a good and a bad trace, or two sets of traces, side by side.
//
//	Facts --> call tree (one node a path of operations) --\
//	                                                       +--> aligned tree --> changes, contributions, divergence
//	Facts --> call tree ----------------------------------/
//
//	good Facts… --\                                         /--> decomposition of the means and of the tails, tests of every call
//	               +--> one tree of calls, a sample a trace +--> ways that traces went: gained, lost, slower; attributes; samplers
//	bad Facts… ---/                                         \--> culprits: service, operation, attribute
//
// Contributions partition the critical paths, so that they sum to the whole difference to the nanosecond, of two
// traces as of the means of two sets. Facts may stand on different sets: operations are compared by content.
//
// What belongs here: alignment, difference, comparison of sets, the ranking of culprits, and the choice of what to
// compare (baselines, splits). What does not: what is derived from one trace alone (facts), findings (diagnose),
// wording of screens, drawing, files, clocks and sockets.
package compare
