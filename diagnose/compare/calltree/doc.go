// Package calltree has the calls of a trace as a tree: one node for each path of operations from the root. Comparisons of
// two traces and of sets stand on it; what follows from a difference belongs to them.
package calltree
