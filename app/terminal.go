package app

import (
	"io"
	"os"
	"strconv"
	"time"

	"github.com/charmbracelet/x/term"
)

// defaultWidth is how many cells text is given where there is no terminal to ask.
const defaultWidth = 120

// fd returns the file descriptor of a reader or writer that is a terminal.
func fd(stream any) (uintptr, bool) {
	if f, ok := stream.(*os.File); ok && term.IsTerminal(f.Fd()) {
		return f.Fd(), true
	}
	return 0, false
}

// terminalWidth returns the width of the terminal that w is, or what COLUMNS says, or the default.
func terminalWidth(w io.Writer, env func(string) string) int {
	if f, ok := fd(w); ok {
		if width, _, err := term.GetSize(f); err == nil && width > 0 {
			return width
		}
	}
	if n, err := strconv.Atoi(env("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return defaultWidth
}

// localZone is the zone of the person at the terminal.
func localZone() *time.Location { return time.Local }
