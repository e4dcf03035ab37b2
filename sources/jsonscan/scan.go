package jsonscan

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
	for _, want := range [...]string{"true", "false", "null"} {
		if c != want[0] {
			continue
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
	s.Fail("a value")
	return 0
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

// FirstKey returns the first key of the object that comes next, "" where it has none; the position stays.
func (s *Scanner) FirstKey() string {
	start, fault := s.Pos, s.Err
	defer func() { s.Pos, s.Err, s.Fresh = start, fault, false }()
	s.Object()
	key, _ := s.Key()
	return string(key)
}
