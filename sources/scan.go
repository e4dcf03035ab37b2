package sources

import (
	"encoding/binary"
	"math/bits"
)

// scanner pulls JSON tokens from bytes that are all in memory. It is strict about structure and checks nothing
// about meaning:
//
//	if s.object() {
//		for key, ok := s.key(); ok; key, ok = s.key() {
//			… s.str(), s.number(), s.object(), s.array() or s.skip()
//		}
//	}
//
// The first error sticks: every method does nothing after it, key and element return false, and err says where.
// The same documents are accepted as by encoding/json, with three exceptions that tolerate what real exporters
// write: control characters other than a line feed stand for themselves in strings, NaN and Infinity (with an
// optional sign) are numbers, and nesting may be of any depth.
// A line feed in a string stays an error, because most often it is the end of a line that was cut short.
type scanner struct {
	data    []byte
	pos     int
	err     *syntaxError
	fresh   bool     // a container was opened and nothing read of it yet
	keys    []byte   // where keys with escapes are unescaped
	scratch []byte   // where other strings are
	nesting []uint64 // of skip: a bit for each open container, set for objects
	lookAt  int      // position from which skip calls look
	look    func()   // whether to go on, which it says by failing; nil: always
}

// text is a string token: the bytes between the quotes as they stand in the input.
type text struct {
	raw   []byte
	off   int  // of raw in the input
	plain bool // raw is what the string says: no escapes, all ASCII
}

// next skips white space and returns the byte that follows without consuming it, 0 at the end.
func (s *scanner) next() byte {
	if s.pos < len(s.data) {
		if c := s.data[s.pos]; c > ' ' {
			return c
		}
	}
	return s.nextSlow()
}

func (s *scanner) nextSlow() byte {
	const spaces = 0x2020202020202020
	d, p := s.data, s.pos
	for p < len(d) {
		switch c := d[p]; c {
		case ' ':
			for p+8 <= len(d) && load8(d, p) == spaces {
				p += 8
			}
			if p < len(d) && d[p] == ' ' {
				p++
			}
		case '\n', '\t', '\r':
			p++
		default:
			s.pos = p
			return c
		}
	}
	s.pos = p
	return 0
}

// ended tells whether nothing but white space is left.
func (s *scanner) ended() bool { return s.next() == 0 && s.pos >= len(s.data) }

// object opens an object. Where the next value is none it does nothing and returns false.
func (s *scanner) object() bool { return s.open('{') }

// array opens an array. Where the next value is none it does nothing and returns false.
func (s *scanner) array() bool { return s.open('[') }

func (s *scanner) open(c byte) bool {
	if s.err != nil || s.next() != c {
		return false
	}
	s.pos++
	s.fresh = true
	return true
}

// key reads the next key of the object that is open and its colon, or the object's end, which is false. The key
// is unescaped and valid until the next call.
func (s *scanner) key() ([]byte, bool) {
	if s.err == nil {
		if key := s.quickKey(); key != nil {
			return key, true
		}
	}
	if !s.more('}') {
		return nil, false
	}
	if s.next() != '"' {
		s.fail("a key in quotes")
		return nil, false
	}
	t := s.quoted()
	if s.err != nil {
		return nil, false
	}
	if s.next() != ':' {
		s.fail("a colon")
		return nil, false
	}
	s.pos++
	if t.plain {
		return t.raw, true
	}
	s.keys = appendUnescaped(s.keys[:0], t.raw)
	return s.keys, true
}

// quickKey reads the next key where it is plain and there is no white space; nil where not.
func (s *scanner) quickKey() []byte {
	d, p := s.data, s.pos
	if p+2 >= len(d) {
		return nil
	}
	if !s.fresh {
		if d[p] != ',' {
			return nil
		}
		p++
	}
	if d[p] != '"' {
		return nil
	}
	end, ok := plainEnd(d, p+1)
	if !ok || end+1 >= len(d) || d[end+1] != ':' {
		return nil
	}
	s.pos, s.fresh = end+2, false
	return d[p+1 : end : end]
}

// plainEnd returns where the string that begins at p ends, when it is what it says: no escapes, all ASCII.
func plainEnd(d []byte, p int) (int, bool) {
	for p+8 <= len(d) {
		x := load8(d, p)
		if marks := special(x) | x&highs; marks != 0 {
			p += bits.TrailingZeros64(marks) >> 3
			return p, d[p] == '"'
		}
		p += 8
	}
	return p, false
}

func load8(d []byte, p int) uint64 { return binary.LittleEndian.Uint64(d[p:]) }

// element steps to the next element of the array that is open; false is the array's end.
func (s *scanner) element() bool { return s.more(']') }

// more steps over the comma to the next member of a container, or over its end.
func (s *scanner) more(end byte) bool {
	if s.err != nil {
		return false
	}
	c := s.next()
	fresh := s.fresh
	s.fresh = false
	switch {
	case c == end:
		s.pos++
		return false
	case fresh && c != 0:
		return true
	case c == ',' && !fresh:
		s.pos++
		if c = s.next(); c != end {
			return true
		}
		s.fail("a value after the comma")
	case end == '}':
		s.fail("a comma or }")
	default:
		s.fail("a comma or ]")
	}
	return false
}

// str reads a string. The next value must be one.
func (s *scanner) str() text {
	if s.err != nil {
		return text{}
	}
	if s.next() != '"' {
		s.fail("a string")
		return text{}
	}
	return s.quoted()
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

// quoted reads the string whose opening quote is at pos.
func (s *scanner) quoted() text {
	d, start := s.data, s.pos+1
	p, plain := start, true
	beyond := uint64(highs) // bytes beyond ASCII count until the first was seen
	for p+8 <= len(d) {
		x := load8(d, p)
		marks := special(x) | x&beyond
		if marks == 0 {
			p += 8
			continue
		}
		p += bits.TrailingZeros64(marks) >> 3
		if d[p] == '"' {
			s.pos = p + 1
			return text{d[start:p:p], start, plain}
		}
		plain = false
		if d[p] >= 0x80 {
			beyond = 0
		} else if p = s.oddByte(p); p < 0 {
			return text{}
		}
	}
	return s.quotedEnd(start, p, plain)
}

// quotedEnd goes on with a string byte by byte, for the last few bytes of the input.
func (s *scanner) quotedEnd(start, p int, plain bool) text {
	d := s.data
	for p < len(d) {
		switch c := d[p]; {
		case c == '"':
			s.pos = p + 1
			return text{d[start:p:p], start, plain}
		case c == '\\' || c < ' ':
			plain = false
			if p = s.oddByte(p); p < 0 {
				return text{}
			}
		default:
			plain = plain && c < 0x80
			p++
		}
	}
	s.pos = p
	s.fail("a closing quote")
	return text{}
}

// oddByte steps over an escape sequence or a control character within a string, returning where the string goes
// on, or -1 where it cannot.
func (s *scanner) oddByte(p int) int {
	d := s.data
	if d[p] != '\\' {
		if d[p] != '\n' {
			return p + 1
		}
		s.pos = p
		s.fail("a closing quote before the end of the line")
		return -1
	}
	if p+1 < len(d) {
		switch d[p+1] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			return p + 2
		case 'u':
			digits := 0
			for digits < 4 && p+2+digits < len(d) && hexDigit[d[p+2+digits]] >= 0 {
				digits++
			}
			if digits == 4 {
				return p + 6
			}
			s.pos = p + 2 + digits
			s.fail("four hexadecimal digits")
			return -1
		}
	}
	s.pos = p + 1
	s.fail("an escape sequence")
	return -1
}
