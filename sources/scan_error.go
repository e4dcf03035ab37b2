package sources

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// syntaxError is where a document stops being JSON.
type syntaxError struct {
	off      int // byte offset from the start of the scanner's data
	expected string
	found    string
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("offset %d: expected %s, found %s", e.off, e.expected, e.found)
}

// fail records that something else was expected at pos; the first error stays.
func (s *scanner) fail(expected string) {
	if s.err == nil {
		s.err = &syntaxError{s.pos, expected, s.found()}
	}
}

// found describes what stands at pos.
func (s *scanner) found() string {
	if s.pos >= len(s.data) {
		return "the end"
	}
	switch c := s.data[s.pos]; {
	case c == '\n':
		return "the end of the line"
	case c < ' ' || c >= 0x7f:
		if r, n := utf8.DecodeRune(s.data[s.pos:]); n > 1 {
			return strconv.Quote(string(r))
		}
		return fmt.Sprintf("byte 0x%02x", c)
	default:
		return strconv.Quote(string(rune(c)))
	}
}

// place is a position for people: line and column count from 1, columns in bytes.
type place struct{ line, column int }

func (p place) String() string { return fmt.Sprintf("line %d, column %d", p.line, p.column) }

// placeOf works out line and column of an offset. It counts lines, so it is for messages only.
func placeOf(data []byte, off int) place {
	off = min(off, len(data))
	line := 1 + bytes.Count(data[:off], []byte{'\n'})
	return place{line, off - bytes.LastIndexByte(data[:off], '\n')}
}
