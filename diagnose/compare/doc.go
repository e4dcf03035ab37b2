// Package compare lays a good and a bad trace side by side.
//
//	Facts --> call tree (one node a path of operations) --\
//	                                                       +--> aligned tree --> changes, contributions, divergence
//	Facts --> call tree ----------------------------------/
//
// Contributions partition the critical paths, so that they sum to the whole difference to the nanosecond. Facts may
// stand on different sets: operations are compared by content.
//
// What belongs here: alignment, difference, and the choice of what to compare with (baselines). What does not: sets of
// traces (population), what is derived from one trace alone (facts), findings (diagnose), wording of screens, drawing,
// files, clocks and sockets.
package compare
