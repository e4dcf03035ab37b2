package terminal

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/charmbracelet/x/term"

	"tracefall/views/draw"
)

// defaultWidth is how many cells text is given where there is no terminal to ask.
const defaultWidth = 120

// FD returns the file descriptor of a reader or writer that is a terminal.
func FD(stream any) (uintptr, bool) {
	if f, ok := stream.(*os.File); ok && term.IsTerminal(f.Fd()) {
		return f.Fd(), true
	}
	return 0, false
}

// Width returns the width of the terminal that w is, or what COLUMNS says, or the default.
func Width(w io.Writer, env func(string) string) int {
	if f, ok := FD(w); ok {
		if width, _, err := term.GetSize(f); err == nil && width > 0 {
			return width
		}
	}
	if n, err := strconv.Atoi(env("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return defaultWidth
}

// terminal is the terminal that frames go to: still a file to whoever asks for its size and modes.
type terminal struct {
	term.File
	glyphs io.Writer // to the same file
	titled bool      // the window has our title, its own is saved
}

// Sequences that save the title of the window and bring it back (XTWINOPS).
const (
	saveTitle    = "\x1b[22;2t"
	restoreTitle = "\x1b[23;2t"
)

// New returns where the explorer writes: what w is, with the glyphs of frames put back.
func New(w io.Writer, s *draw.StandIns) io.Writer {
	if f, ok := w.(term.File); ok {
		return &terminal{File: f, glyphs: s.Writer(f)}
	}
	return s.Writer(w)
}

// Write writes frames and what Bubble Tea sends around them. At the end, and when it is suspended, Bubble Tea clears
// the title of the window; the window gets back the one it had.
func (t *terminal) Write(p []byte) (int, error) {
	const title, cleared = "\x1b]2;", "\x1b]2;\a"
	n := len(p)
	switch at := bytes.Index(p, []byte(title)); {
	case at < 0:
	case bytes.HasPrefix(p[at:], []byte(cleared)) && t.titled:
		t.titled = false
		p = slices.Concat(p[:at], []byte(restoreTitle), p[at+len(cleared):])
	case !t.titled:
		t.titled = true
		p = slices.Concat(p[:at], []byte(saveTitle), p[at:])
	}
	if _, err := t.glyphs.Write(p); err != nil {
		return 0, err
	}
	return n, nil
}
