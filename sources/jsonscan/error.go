package jsonscan

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// SyntaxError is where a document stops being JSON.
type SyntaxError struct {
	Off      int // byte offset from the start of the scanner's data
	Expected string
	Found    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("offset %d: expected %s, found %s", e.Off, e.Expected, e.Found)
}

// Fail records that something else was expected at pos; the first error stays.
func (s *Scanner) Fail(expected string) {
	if s.Err == nil {
		s.Err = &SyntaxError{s.Pos, expected, s.found()}
	}
}

// found describes what stands at pos.
func (s *Scanner) found() string {
	if s.Pos >= len(s.Data) {
		return "the end"
	}
	switch c := s.Data[s.Pos]; {
	case c == '\n':
		return "the end of the line"
	case c < ' ' || c >= 0x7f:
		if r, n := utf8.DecodeRune(s.Data[s.Pos:]); n > 1 {
			return strconv.Quote(string(r))
		}
		return fmt.Sprintf("byte 0x%02x", c)
	default:
		return strconv.Quote(string(rune(c)))
	}
}

// Place is a position for people: line and column count from 1, columns in bytes.
type Place struct{ Line, column int }

func (p Place) String() string { return fmt.Sprintf("line %d, column %d", p.Line, p.column) }

// PlaceOf works out line and column of an offset. It counts lines, so it is for messages only.
func PlaceOf(data []byte, off int) Place {
	off = min(off, len(data))
	line := 1 + bytes.Count(data[:off], []byte{'\n'})
	return Place{line, off - bytes.LastIndexByte(data[:off], '\n')}
}
