// Package flame is the flame graph: the calls of a trace, or of many, as one tree in which a frame is as wide as what
// its calls took, or of two sides as one tree with what grew and what shrank.
//
//	Show --Measure--> the program: newGraph --> a tree of calls, its widths --> rows of frames, those on screen drawn
//
// What belongs here is how the tree is drawn and walked; the tree itself is calltree.Contexts.
package flame
