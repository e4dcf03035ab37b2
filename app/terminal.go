package app

import (
	"io"
	"os"
	"strconv"
	"time"

	"github.com/charmbracelet/x/term"

	"tracefall/views/draw"
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

// terminal is the terminal that frames go to: still a file to whoever asks for its size and modes.
type terminal struct {
	term.File
	glyphs io.Writer // to the same file
}

// newTerminal returns where the explorer writes: what w is, with the glyphs of frames put back.
func newTerminal(w io.Writer, s *draw.StandIns) io.Writer {
	if f, ok := w.(term.File); ok {
		return terminal{File: f, glyphs: s.Writer(f)}
	}
	return s.Writer(w)
}

func (t terminal) Write(p []byte) (int, error) { return t.glyphs.Write(p) }
