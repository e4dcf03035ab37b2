package sources

import (
	"unicode/utf16"
	"unicode/utf8"
)

// number reads a number and returns it as it is written. The next value must be one.
func (s *scanner) number() []byte {
	if s.err != nil {
		return nil
	}
	s.next()
	d, start := s.data, s.pos
	p := start
	if p < len(d) && d[p] == '-' {
		p++
	}
	switch {
	case p < len(d) && d[p] == '0':
		p++
	case p < len(d) && isDigit(d[p]):
		p = digits(d, p)
	default:
		return s.oddNumber(start, p)
	}
	if p < len(d) && d[p] == '.' {
		if p++; digits(d, p) == p {
			return s.badNumber(p)
		}
		p = digits(d, p)
	}
	if p < len(d) && d[p]|0x20 == 'e' {
		if p++; p < len(d) && (d[p] == '+' || d[p] == '-') {
			p++
		}
		if digits(d, p) == p {
			return s.badNumber(p)
		}
		p = digits(d, p)
	}
	s.pos = p
	return d[start:p]
}

// oddNumber reads what Python's json module writes for numbers that JSON does not have.
func (s *scanner) oddNumber(start, p int) []byte {
	for _, word := range [...]string{"NaN", "Infinity"} {
		if len(s.data)-p >= len(word) && string(s.data[p:p+len(word)]) == word {
			s.pos = p + len(word)
			return s.data[start:s.pos]
		}
	}
	if p > start {
		return s.badNumber(p)
	}
	s.fail("a number")
	return nil
}

func (s *scanner) badNumber(p int) []byte {
	s.pos = p
	s.fail("a digit")
	return nil
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// digits returns where the digits that begin at p end.
func digits(d []byte, p int) int {
	for p < len(d) && isDigit(d[p]) {
		p++
	}
	return p
}

// word reads true, false or null and returns its first letter.
func (s *scanner) word() byte {
	if s.err != nil {
		return 0
	}
	c := s.next()
	var want string
	switch c {
	case 't':
		want = "true"
	case 'f':
		want = "false"
	case 'n':
		want = "null"
	default:
		s.fail("a value")
		return 0
	}
	for i := range len(want) {
		if s.pos >= len(s.data) || s.data[s.pos] != want[i] {
			s.fail(want)
			return 0
		}
		s.pos++
	}
	return c
}

// raw skips one value and returns it as it is written.
func (s *scanner) raw() []byte {
	s.next()
	from := s.pos
	s.skip()
	return s.data[from:s.pos]
}

// scalar skips one value that is neither an object nor an array.
func (s *scanner) scalar(c byte) {
	switch {
	case c == '"':
		s.quoted()
	case c == '-' || isDigit(c) || c == 'N' || c == 'I':
		s.number()
	default:
		s.word()
	}
}

// skip steps over one value of any depth.
func (s *scanner) skip() {
	if s.err != nil {
		return
	}
	s.fresh = false
	if c := s.next(); c != '{' && c != '[' {
		s.scalar(c)
		return
	}
	depth := 0
	object := false
	for {
		if s.pos >= s.lookAt && s.look != nil {
			s.look()
		}
		switch c := s.next(); c {
		case '{', '[':
			s.pos++
			s.fresh = true
			s.push(depth, object)
			depth++
			object = c == '{'
		default:
			s.scalar(c)
		}
		for !s.step(object) {
			if s.err != nil {
				return
			}
			depth--
			if depth == 0 {
				return
			}
			object = s.nesting[depth>>6]>>(depth&63)&1 != 0
		}
	}
}

// push remembers the kind of the container at that depth, which is about to be covered by another.
func (s *scanner) push(depth int, object bool) {
	word, bit := depth>>6, uint64(1)<<(depth&63)
	if word == len(s.nesting) {
		s.nesting = append(s.nesting, 0)
	}
	s.nesting[word] &^= bit
	if object {
		s.nesting[word] |= bit
	}
}

// step goes to the next value of the container that is open; false is its end.
func (s *scanner) step(object bool) bool {
	if !object {
		return s.element()
	}
	_, ok := s.key()
	return ok
}

// appendUnescaped appends what a string token says. As with encoding/json, lone surrogates and invalid UTF-8
// become U+FFFD.
func appendUnescaped(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		c := raw[i]
		if c >= 0x80 {
			r, n := utf8.DecodeRune(raw[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
			continue
		}
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		i += 2
		switch c = raw[i-1]; c {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			var r rune
			r, i = unicodeEscape(raw, i)
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// unicodeEscape decodes the \u escape whose digits begin at i, and the second half of a surrogate pair.
func unicodeEscape(raw []byte, i int) (rune, int) {
	r := hexRune(raw[i:])
	i += 4
	if !utf16.IsSurrogate(r) {
		return r, i
	}
	if i+6 <= len(raw) && raw[i] == '\\' && raw[i+1] == 'u' {
		if pair := utf16.DecodeRune(r, hexRune(raw[i+2:])); pair != utf8.RuneError {
			return pair, i + 6
		}
	}
	return utf8.RuneError, i
}

func hexRune(d []byte) rune {
	var r rune
	for _, c := range d[:4] {
		r = r<<4 | rune(hexDigit[c])
	}
	return r
}

// hexDigit is the value of a hexadecimal digit of either case, -1 for any other byte.
var hexDigit = func() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	for i, c := range "0123456789abcdef" {
		table[c] = int8(i)
		if c >= 'a' {
			table[c-'a'+'A'] = int8(i)
		}
	}
	return table
}()

// firstKey returns the first key of the object that comes next, "" where it has none; the position stays.
func (s *scanner) firstKey() string {
	start, fault := s.pos, s.err
	defer func() { s.pos, s.err, s.fresh = start, fault, false }()
	s.object()
	key, _ := s.key()
	return string(key)
}
