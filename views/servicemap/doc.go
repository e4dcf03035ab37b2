// Package servicemap is the tab of who calls whom: services, databases, caches, queues and hosts, drawn as boxes in
// layers from left to right with lines between them, or as a list of calls.
//
//	Show --Measure--> the program: servicemap.Count of the facts --set--> Map
//	Map, size of the screen --plan--> boxes and lines, kept until either changes --Draw--> what of them is on screen
package servicemap
