// Package statusline draws the last line of the terminal: where one is, what can be done here, what just happened.
package statusline
