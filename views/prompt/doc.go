// Package prompt is a line in which text is typed: the editor, the query with its completion and history, and how choices are
// ranked by what was typed.
package prompt
