// Package servicemap counts who calls whom: services, and the databases, caches, queues and hosts that they call, with
// how often, how many calls failed, how long they took, and where failures began.
//
//	facts, a trace at a time --Count--> Graph --Compare, with that of the baseline--> Map
//
// What belongs here: the numbers of nodes and edges. Edges are those of statistics by edge (facts.Edges). Where nodes
// are drawn belongs to the screen.
package servicemap
