package draw

import (
	"bytes"
	"io"
	"strconv"
	"sync"
	"unicode/utf8"
)

// StandIns give each glyph that is not one cell wide a run of characters that
// are, one for each of its cells, and put the glyph back where they are written
// to the terminal. The renderer behind Bubble Tea paints a row anew with every
// frame once it holds a wide cell, since it cannot know what terminals make of
// one; rows of narrow cells it compares cell by cell. The widths are settled
// here before (see Grid.SetGraphemes), so it loses nothing by not knowing.
//
//	Grid ──Frame──▶ "ab" + U+F0000 U+F0001 ──renderer──▶ what changed ──Writer──▶ "ab支" to the terminal
//
// The characters are those of the private planes 15 and 16, and what a text has
// of these gets stand-ins too. Variation selectors after them say in which
// column they are: so the renderer never takes a glyph for the same glyph beside
// it, and does not cut one when it has the terminal shift a part of a row. One StandIns belongs to one terminal; frames are
// made and written by different goroutines.
type StandIns struct {
	first map[string]int // a glyph with its padding → where in parts it begins; of whoever makes frames
	mu    sync.RWMutex
	parts []part // only grows
}

// part is what a stand-in means: a cell of a glyph.
type part struct {
	glyph     string
	at, width uint8
}

const (
	plane15   = 0xf0000
	plane16   = 0x100000
	planeSize = 0xfffe // the last two are no characters

	privateLead = 0xf3 // no character of these planes begins with a lower byte

	selector  = 0xe0100 // the first variation selector of plane 14
	selectors = 240
)

// appendFor appends the stand-ins of a glyph of so many cells from column x.
// When all are taken it appends the glyph itself: the renderer is slow with it,
// not wrong.
func (s *StandIns) appendFor(buf []byte, glyph []byte, x int, width uint8) []byte {
	n, ok := s.first[string(glyph)]
	if !ok {
		if len(s.parts)+int(width) > 2*planeSize {
			return append(buf, glyph...)
		}
		n = s.add(string(glyph), width)
	}
	for i := range int(width) {
		buf = utf8.AppendRune(buf, standIn(n+i))
		for column := x + i; ; column /= selectors {
			buf = utf8.AppendRune(buf, rune(selector+column%selectors))
			if column < selectors {
				break
			}
		}
	}
	return buf
}

func (s *StandIns) add(glyph string, width uint8) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == nil {
		s.first = map[string]int{}
	}
	n := len(s.parts)
	s.first[glyph] = n
	for at := range width {
		s.parts = append(s.parts, part{glyph: glyph, at: at, width: width})
	}
	return n
}

// standIn returns the nth stand-in.
func standIn(n int) rune {
	if n < planeSize {
		return rune(plane15 + n)
	}
	return rune(plane16 + n - planeSize)
}

// private reports whether a rune could be taken for a stand-in.
func private(r rune) bool { return r >= plane15 }

// isColumn reports whether a rune is one of those that say in which column a
// stand-in is. No text has them: they are dropped with all presentation.
func isColumn(r rune) bool { return r >= selector && r < selector+selectors }

// part returns what a stand-in means.
func (s *StandIns) part(r rune) (p part, ok bool) {
	n := int(r) - plane15
	if r >= plane16 {
		n = int(r) - plane16 + planeSize
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if n < 0 || n >= len(s.parts) {
		return part{}, false
	}
	return s.parts[n], true
}

// Writer returns a writer to the terminal that puts glyphs back. Each Write
// ends with a whole character, as those of the renderer do.
func (s *StandIns) Writer(w io.Writer) io.Writer { return &standInWriter{to: w, of: s} }

type standInWriter struct {
	to  io.Writer
	of  *StandIns
	buf []byte
}

func (w *standInWriter) Write(p []byte) (int, error) {
	w.buf = w.of.restore(w.buf[:0], p)
	if _, err := w.to.Write(w.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}

// restore appends what was written with glyphs in place of their stand-ins. A
// glyph appears with the last of its cells; cells that are written alone move
// the cursor as far as the renderer believes it to be moved.
func (s *StandIns) restore(buf, p []byte) []byte {
	var open part // the glyph of which cells were skipped just before
	skipped := 0
	move := func() {
		if skipped > 0 {
			buf = appendMove(buf, skipped, 'C')
			skipped = 0
		}
	}
	for len(p) > 0 {
		n := bytes.IndexFunc(p, private)
		if n < 0 {
			n = len(p)
		}
		if n > 0 {
			move()
			buf, p = append(buf, p[:n]...), p[n:]
			continue
		}
		r, size := utf8.DecodeRune(p)
		c, ok := s.part(r)
		rest := bytes.TrimLeftFunc(p[size:], isColumn)
		if !ok || len(rest) == len(p)-size { // in the window's title
			move()
			buf, p = append(buf, p[:size]...), p[size:]
			continue
		}
		p = rest
		if skipped > 0 && (c.glyph != open.glyph || int(c.at) != int(open.at)+1) {
			move()
		}
		if c.at+1 < c.width {
			open, skipped = c, skipped+1
			continue
		}
		if back := int(c.at) - skipped; back > 0 {
			buf = appendMove(buf, back, 'D')
		}
		buf = append(buf, c.glyph...)
		skipped = 0
	}
	move()
	return buf
}

// appendMove appends a cursor movement by n cells.
func appendMove(buf []byte, n int, way byte) []byte {
	buf = append(buf, "\x1b["...)
	if n > 1 {
		buf = strconv.AppendInt(buf, int64(n), 10)
	}
	return append(buf, way)
}
