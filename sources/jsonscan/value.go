package jsonscan

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
