package jsonscan

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Number reads a number and returns it as it is written. The next value must be one.
func (s *Scanner) Number() []byte {
	if s.Err != nil {
		return nil
	}
	s.Next()
	d, start := s.Data, s.Pos
	p := start
	if p < len(d) && d[p] == '-' {
		p++
	}
	switch {
	case p < len(d) && d[p] == '0':
		p++
	case p < len(d) && IsDigit(d[p]):
		p = Digits(d, p)
	default:
		return s.oddNumber(start, p)
	}
	if p < len(d) && d[p] == '.' {
		if p++; Digits(d, p) == p {
			return s.badNumber(p)
		}
		p = Digits(d, p)
	}
	if p < len(d) && d[p]|0x20 == 'e' {
		if p++; p < len(d) && (d[p] == '+' || d[p] == '-') {
			p++
		}
		if Digits(d, p) == p {
			return s.badNumber(p)
		}
		p = Digits(d, p)
	}
	s.Pos = p
	return d[start:p]
}

// oddNumber reads what Python's json module writes for numbers that JSON does not have.
func (s *Scanner) oddNumber(start, p int) []byte {
	for _, word := range [...]string{"NaN", "Infinity"} {
		if len(s.Data)-p >= len(word) && string(s.Data[p:p+len(word)]) == word {
			s.Pos = p + len(word)
			return s.Data[start:s.Pos]
		}
	}
	if p > start {
		return s.badNumber(p)
	}
	s.Fail("a number")
	return nil
}

func (s *Scanner) badNumber(p int) []byte {
	s.Pos = p
	s.Fail("a digit")
	return nil
}

// IsDigit reports whether a byte is a decimal digit.
func IsDigit(c byte) bool { return c-'0' <= 9 }

// Digits returns where the digits that begin at p end.
func Digits(d []byte, p int) int {
	for p < len(d) && IsDigit(d[p]) {
		p++
	}
	return p
}

// Word reads true, false or null and returns its first letter.
func (s *Scanner) Word() byte {
	if s.Err != nil {
		return 0
	}
	c := s.Next()
	var want string
	switch c {
	case 't':
		want = "true"
	case 'f':
		want = "false"
	case 'n':
		want = "null"
	default:
		s.Fail("a value")
		return 0
	}
	for i := range len(want) {
		if s.Pos >= len(s.Data) || s.Data[s.Pos] != want[i] {
			s.Fail(want)
			return 0
		}
		s.Pos++
	}
	return c
}

// Raw skips one value and returns it as it is written.
func (s *Scanner) Raw() []byte {
	s.Next()
	from := s.Pos
	s.Skip()
	return s.Data[from:s.Pos]
}

// Scalar skips one value that is neither an object nor an array.
func (s *Scanner) Scalar(c byte) {
	switch {
	case c == '"':
		s.Quoted()
	case c == '-' || IsDigit(c) || c == 'N' || c == 'I':
		s.Number()
	default:
		s.Word()
	}
}

// Skip steps over one value of any depth.
func (s *Scanner) Skip() {
	if s.Err != nil {
		return
	}
	s.Fresh = false
	if c := s.Next(); c != '{' && c != '[' {
		s.Scalar(c)
		return
	}
	depth := 0
	object := false
	for {
		if s.Pos >= s.LookAt && s.Look != nil {
			s.Look()
		}
		switch c := s.Next(); c {
		case '{', '[':
			s.Pos++
			s.Fresh = true
			s.Push(depth, object)
			depth++
			object = c == '{'
		default:
			s.Scalar(c)
		}
		for !s.Step(object) {
			if s.Err != nil {
				return
			}
			depth--
			if depth == 0 {
				return
			}
			object = s.Nesting[depth>>6]>>(depth&63)&1 != 0
		}
	}
}

// Push remembers the kind of the container at that depth, which is about to be covered by another.
func (s *Scanner) Push(depth int, object bool) {
	word, bit := depth>>6, uint64(1)<<(depth&63)
	if word == len(s.Nesting) {
		s.Nesting = append(s.Nesting, 0)
	}
	s.Nesting[word] &^= bit
	if object {
		s.Nesting[word] |= bit
	}
}

// Step goes to the next value of the container that is open; false is its end.
func (s *Scanner) Step(object bool) bool {
	if !object {
		return s.Element()
	}
	_, ok := s.Key()
	return ok
}

// AppendUnescaped appends what a string token says. As with encoding/json, lone surrogates and invalid UTF-8
// become U+FFFD.
func AppendUnescaped(dst, raw []byte) []byte {
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
		r = r<<4 | rune(HexDigit[c])
	}
	return r
}

// HexDigit is the value of a hexadecimal digit of either case, -1 for any other byte.
var HexDigit = func() (table [256]int8) {
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

// FirstKey returns the first key of the object that comes next, "" where it has none; the position stays.
func (s *Scanner) FirstKey() string {
	start, fault := s.Pos, s.Err
	defer func() { s.Pos, s.Err, s.Fresh = start, fault, false }()
	s.Object()
	key, _ := s.Key()
	return string(key)
}
