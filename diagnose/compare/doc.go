// Package compare lays a good and a bad trace, or two sets of traces, side by side.
//
//	Facts --> call tree (one node a path of operations) --\
//	                                                       +--> aligned tree --> changes, contributions, divergence
//	Facts --> call tree ----------------------------------/
//
// The contributions partition the critical paths of both traces, so that they sum to the whole difference to the
// nanosecond.
//
// What belongs here: alignment, difference, comparison of sets and the ranking of culprits. What does not: what is
// derived from one trace alone (facts), wording of screens, drawing, files, clocks and sockets.
package compare
