package jsonscan

import (
	"encoding/binary"
	"math/bits"
)

// Text is a string token: the bytes between the quotes as they stand in the input.
type Text struct {
	Raw   []byte
	Off   int  // of raw in the input
	Plain bool // Raw is what the string says: no escapes, all ASCII
}

// PlainEnd returns where the string that begins at p ends, when it is what it says: no escapes, all ASCII.
func PlainEnd(d []byte, p int) (int, bool) {
	for p+8 <= len(d) {
		x := Load8(d, p)
		if marks := special(x) | x&highs; marks != 0 {
			p += bits.TrailingZeros64(marks) >> 3
			return p, d[p] == '"'
		}
		p += 8
	}
	return p, false
}

// Load8 returns the eight bytes from p on, the first as the lowest.
func Load8(d []byte, p int) uint64 { return binary.LittleEndian.Uint64(d[p:]) }

// The scanner looks at eight bytes at a time: ones and highs pick the lowest and the highest bit of each byte.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks with a high bit the bytes of x that are a quote, a backslash or a control character. Only the
// lowest mark is exact: a borrow may add marks above it.
func special(x uint64) uint64 {
	quote, slash := x^('"'*ones), x^('\\'*ones)
	return ((quote-ones)&^quote | (slash-ones)&^slash | (x-' '*ones)&^x) & highs
}

// Quoted reads the string whose opening quote is at pos.
func (s *Scanner) Quoted() Text {
	d, start := s.Data, s.Pos+1
	p, plain := start, true
	beyond := uint64(highs) // bytes beyond ASCII count until the first was seen
	for p+8 <= len(d) {
		x := Load8(d, p)
		marks := special(x) | x&beyond
		if marks == 0 {
			p += 8
			continue
		}
		p += bits.TrailingZeros64(marks) >> 3
		if d[p] == '"' {
			s.Pos = p + 1
			return Text{d[start:p:p], start, plain}
		}
		plain = false
		if d[p] >= 0x80 {
			beyond = 0
		} else if p = s.oddByte(p); p < 0 {
			return Text{}
		}
	}
	return s.quotedEnd(start, p, plain)
}

// quotedEnd goes on with a string byte by byte, for the last few bytes of the input.
func (s *Scanner) quotedEnd(start, p int, plain bool) Text {
	d := s.Data
	for p < len(d) {
		switch c := d[p]; {
		case c == '"':
			s.Pos = p + 1
			return Text{d[start:p:p], start, plain}
		case c == '\\' || c < ' ':
			plain = false
			if p = s.oddByte(p); p < 0 {
				return Text{}
			}
		default:
			plain = plain && c < 0x80
			p++
		}
	}
	s.Pos = p
	s.Fail("a closing quote")
	return Text{}
}

// oddByte steps over an escape sequence or a control character within a string, returning where the string goes
// on, or -1 where it cannot.
func (s *Scanner) oddByte(p int) int {
	d := s.Data
	if d[p] != '\\' {
		if d[p] != '\n' {
			return p + 1
		}
		s.Pos = p
		s.Fail("a closing quote before the end of the line")
		return -1
	}
	if p+1 < len(d) {
		switch d[p+1] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			return p + 2
		case 'u':
			digits := 0
			for digits < 4 && p+2+digits < len(d) && HexDigit[d[p+2+digits]] >= 0 {
				digits++
			}
			if digits == 4 {
				return p + 6
			}
			s.Pos = p + 2 + digits
			s.Fail("four hexadecimal digits")
			return -1
		}
	}
	s.Pos = p + 1
	s.Fail("an escape sequence")
	return -1
}
