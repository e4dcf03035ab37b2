package jsonscan

import (
	"encoding/binary"
	"math/bits"
)

// Scanner pulls JSON tokens from bytes that are all in memory. It is strict about structure and checks nothing
// about meaning:
//
//	if s.object() {
//		for key, ok := s.key(); ok; key, ok = s.key() {
//			… s.str(), s.number(), s.object() or s.array()
//		}
//	}
//
// A value of which nothing is read is skipped when the next key or element is asked for.
// The first error sticks: every method does nothing after it, key and element return false, and err says where.
// The same documents are accepted as by encoding/json, with three exceptions that tolerate what real exporters
// write: control characters other than a line feed stand for themselves in strings, NaN and Infinity (with an
// optional sign) are numbers, and nesting may be of any depth.
// A line feed in a string stays an error, because most often it is the end of a line that was cut short.
type Scanner struct {
	Data    []byte
	Pos     int
	Err     *SyntaxError
	Fresh   bool     // a container was opened and nothing read of it yet
	unread  int      // where the value begins that Key or Element came to last
	keys    []byte   // where keys with escapes are unescaped
	Scratch []byte   // where other strings are
	Nesting []uint64 // of skip: a bit for each open container, set for objects
	LookAt  int      // position from which skip calls look
	Look    func()   // whether to go on, which it says by failing; nil: always
}

// Text is a string token: the bytes between the quotes as they stand in the input.
type Text struct {
	Raw   []byte
	Off   int  // of raw in the input
	Plain bool // Raw is what the string says: no escapes, all ASCII
}

// Next skips white space and returns the byte that follows without consuming it, 0 at the end.
// It is written so that the compiler puts it where it is called.
func (s *Scanner) Next() (c byte) {
	if s.Pos < len(s.Data) {
		if c = s.Data[s.Pos]; c > ' ' {
			return
		}
	}
	return s.afterSpace()
}

func (s *Scanner) afterSpace() byte {
	const spaces = 0x2020202020202020
	d, p := s.Data, s.Pos
	for p < len(d) {
		switch c := d[p]; c {
		case ' ':
			for p+8 <= len(d) && Load8(d, p) == spaces {
				p += 8
			}
			if p < len(d) && d[p] == ' ' {
				p++
			}
		case '\n', '\t', '\r':
			p++
		default:
			s.Pos = p
			return c
		}
	}
	s.Pos = p
	return 0
}

// Ended reports whether nothing but white space is left.
func (s *Scanner) Ended() bool { return s.Next() == 0 && s.Pos >= len(s.Data) }

// Object opens an object. Where the next value is none it does nothing and returns false.
func (s *Scanner) Object() bool { return s.Open('{') }

// Array opens an array. Where the next value is none it does nothing and returns false.
func (s *Scanner) Array() bool { return s.Open('[') }

// Open opens a container. Where the next value is none of that kind it does nothing and returns false.
func (s *Scanner) Open(c byte) bool {
	if s.Err != nil || s.Next() != c {
		return false
	}
	s.Pos++
	s.Fresh = true
	return true
}

// Key reads the next key of the object that is open and its colon, or the object's end, which is false. The key
// is unescaped and valid until the next call.
func (s *Scanner) Key() ([]byte, bool) {
	if s.Err == nil {
		if key := s.quickKey(); key != nil {
			return key, true
		}
	}
	if !s.more('}') {
		return nil, false
	}
	if s.Next() != '"' {
		s.Fail("a key in quotes")
		return nil, false
	}
	t := s.Quoted()
	if s.Err != nil {
		return nil, false
	}
	if s.Next() != ':' {
		s.Fail("a colon")
		return nil, false
	}
	s.Pos++
	s.Next()
	s.unread = s.Pos
	if t.Plain {
		return t.Raw, true
	}
	s.keys = AppendUnescaped(s.keys[:0], t.Raw)
	return s.keys, true
}

// quickKey reads the next key where it is plain and there is no white space; nil where not.
func (s *Scanner) quickKey() []byte {
	d, p := s.Data, s.Pos
	if p+2 >= len(d) {
		return nil
	}
	if !s.Fresh {
		if d[p] != ',' || p == s.unread {
			return nil
		}
		p++
	}
	if d[p] != '"' {
		return nil
	}
	end, ok := PlainEnd(d, p+1)
	if !ok || end+1 >= len(d) || d[end+1] != ':' {
		return nil
	}
	s.Pos, s.Fresh = end+2, false
	if s.Pos < len(d) && d[s.Pos] <= ' ' {
		s.afterSpace()
	}
	s.unread = s.Pos
	return d[p+1 : end : end]
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

// Element steps to the next element of the array that is open; false is the array's end.
func (s *Scanner) Element() bool { return s.more(']') }

// more steps over the comma to the next member of a container, or over its end.
func (s *Scanner) more(end byte) bool {
	if s.Err != nil {
		return false
	}
	c := s.Next()
	fresh := s.Fresh
	if s.Fresh = false; s.Pos == s.unread && !fresh {
		if s.Skip(); s.Err != nil {
			return false
		}
		c = s.Next()
	}
	switch {
	case c == end:
		s.Pos++
		return false
	case fresh && c != 0:
		s.unread = s.Pos
		return true
	case c == ',' && !fresh:
		s.Pos++
		if c = s.Next(); c != end {
			s.unread = s.Pos
			return true
		}
		s.Fail("a value after the comma")
	case end == '}':
		s.Fail("a comma or }")
	default:
		s.Fail("a comma or ]")
	}
	return false
}

// Str reads a string. The next value must be one.
func (s *Scanner) Str() Text {
	if s.Err != nil {
		return Text{}
	}
	if s.Next() != '"' {
		s.Fail("a string")
		return Text{}
	}
	return s.Quoted()
}

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
