// Package draw turns plain values into cells: text, bars, a time scale, small
// charts and boxes. What colours them is package style.
//
// How a frame is made:
//
//	NewGrid(w, h) ──All()──▶ Area ──Sub, Top, Left …──▶ Area, Area …      rectangles, clipped
//	                                                     │ Text, Bar, Ruler, Minimap, Box …
//	                                                     ▼
//	                                         cells of the one Grid: a glyph, its width, an Ink
//	                                                     │ Paint: the selected row, over it all
//	                                                     ▼
//	                              String(): minimal SGR        Plain(): golden files
//
// The grid has w×h cells before anything is drawn and w×h cells afterwards.
// No drawing can add a cell, so no line of a frame can have the wrong width
// and no frame the wrong height: there is nothing to check for callers.
//
// Text is hostile until it is drawn. Everything that reaches a cell passes one
// gate, the cluster scanner in cluster.go; a control character, an escape
// sequence or a bidirectional override becomes one visible cell. Clean and
// Escape are the same gate for text that is printed rather than drawn.
//
// What does not belong here: what a span, a trace or a finding is (package
// views), which row is selected, keys, and everything about the terminal
// itself. Values come in, cells go out; nothing is kept between two frames
// but memory.
package draw
