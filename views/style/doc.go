// Package style is how things look: a theme has an ink for each meaning and the
// glyphs. What is drawn with them, and where, is for package views; how an ink
// becomes bytes for the terminal is for package draw.
package style
