// Package terminal is the terminal that the program writes to: its width, the title of its window, its clipboard, and
// whether a shell is there that the program can be suspended to.
package terminal
