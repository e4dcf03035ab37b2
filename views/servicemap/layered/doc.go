// Package layered lays a directed graph out in layers from left to right, in cells, with lines that turn at right
// angles, after Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981).
//
//	nodes, edges --Arrange--> layers, in order: cycles broken, long edges cut at each layer, few crossings
//	             --Place----> boxes, and the corners of every edge
//
// Everything is iterative and deterministic. What belongs here: geometry. What is in the boxes, and how lines are drawn,
// belongs to the screen.
package layered
