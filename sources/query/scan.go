package query

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner reads a query's words. What a sign means depends on where it stands, so the parser says what it
// expects instead of taking tokens.
type scanner struct {
	text string
	pos  int
	err  *SyntaxError // the first one; everything after it is void
}

// fail records an error from at to end.
func (s *scanner) fail(at, end int, message, suggestion string) {
	if s.err == nil {
		s.err = &SyntaxError{Query: s.text, Offset: at, Length: end - at, Message: message, Suggestion: suggestion}
	}
}

// refuse records a problem, if there is one, from at to end, and reports whether there is one.
func (s *scanner) refuse(at, end int, wrong problem) bool {
	if wrong == (problem{}) {
		return false
	}
	s.fail(at, end, wrong.message, wrong.suggestion)
	return true
}

// space skips white space and comments.
func (s *scanner) space() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		case '/':
			if !s.comment() {
				return
			}
		default:
			return
		}
	}
}

// comment skips a comment, // to the end of the line or /* to */, and reports whether one came. Within a word a slash is
// a slash.
func (s *scanner) comment() bool {
	if s.pos > 0 && !strings.ContainsRune(" \t\r\n{}()|&", rune(s.text[s.pos-1])) {
		return false
	}
	rest := s.text[s.pos:]
	switch {
	case strings.HasPrefix(rest, "//"):
		line, _, _ := strings.Cut(rest, "\n")
		s.pos += len(line)
		return true
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest, "*/")
		if end < 2 {
			s.fail(s.pos, len(s.text), "unclosed comment", "")
			end = len(rest) - 2
		}
		s.pos += end + 2
		return true
	}
	return false
}

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte { return s.byteAt(s.pos) }

func (s *scanner) byteAt(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// take consumes sign if it comes next.
func (s *scanner) take(sign string) bool {
	if strings.HasPrefix(s.text[s.pos:], sign) {
		s.pos += len(sign)
		return true
	}
	return false
}

// word returns where the run of characters that accept takes ends.
func (s *scanner) word(from int, accept func(rune) bool) int {
	return from + runEnd(s.text[from:], accept)
}

// nextWord returns the word that comes, "" for none.
func (s *scanner) nextWord() string { return s.text[s.pos:s.word(s.pos, isWordRune)] }

// isWord reports whether a word in any case comes next.
func (s *scanner) isWord(word string) bool { return strings.EqualFold(s.nextWord(), word) }

// keyword consumes a word in any case if it comes next.
func (s *scanner) keyword(word string) bool {
	next := s.nextWord()
	if !strings.EqualFold(next, word) {
		return false
	}
	s.pos += len(next)
	return true
}

// keyword reports whether a word joins or denies terms.
func keyword(word string) bool {
	return slices.Contains([]string{"and", "or", "not"}, strings.ToLower(word))
}

// name is a key as it is written: without its quotes, and how much of it stood before them.
type name struct {
	text    string
	bare    int // bytes before the quote; len(text) where nothing is quoted
	at, end int
}

func (n name) quoted() bool { return n.bare < len(n.text) || n.end-n.at > len(n.text) }

// key reads a key: words, or a quoted text that may stand behind a level and its dot. It is empty when none
// comes.
func (s *scanner) key() name {
	n := name{at: s.pos, bare: -1}
	for {
		end := s.word(s.pos, isWordRune)
		n.text += s.text[s.pos:end]
		s.pos = end
		c := s.peek()
		switch {
		case s.quoteAhead() && (n.text == "" && n.bare < 0 || strings.HasSuffix(n.text, ".")):
			if n.bare < 0 {
				n.bare = len(n.text)
			}
			n.text += s.quoted()
			if after := s.word(s.pos, isWordRune); s.err == nil && after > s.pos {
				s.fail(s.pos, after, "a space or an operator is missing behind the quote", "")
			}
		case c == ':' && n.bare < 0 && isWordRune(rune(s.byteAt(s.pos+1))):
			if _, ok := levelPrefixes[n.text]; ok {
				n.text += ":"
				s.pos++
				continue
			}
		}
		break
	}
	return s.ended(n)
}

// ended completes a name that ends here.
func (s *scanner) ended(n name) name {
	if n.end = s.pos; n.bare < 0 {
		n.bare = len(n.text)
	}
	return n
}

// quoted reads a text between quotes, the scanner standing on the first. Between " and " a backslash escapes the
// quote, itself, n, t, r, xHH, uHHHH and UHHHHHHHH; before anything else it stands for itself, so that "\d+" is a regular
// expression. Between back quotes nothing is escaped.
func (s *scanner) quoted() string {
	at, mark := s.pos, s.text[s.pos]
	s.pos++
	if mark == '`' {
		n := strings.IndexByte(s.text[s.pos:], '`')
		if n < 0 {
			s.fail(at, len(s.text), "unclosed quote", "")
			return ""
		}
		s.pos += n + 1
		return s.text[s.pos-n-1 : s.pos-1]
	}
	var b []byte
	from := s.pos
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case mark:
			b = append(b, s.text[from:s.pos]...)
			s.pos++
			return string(b)
		case '\\':
			b = append(b, s.text[from:s.pos]...)
			b = s.escape(b)
			from = s.pos
		default:
			s.pos++
		}
	}
	s.pos = len(s.text)
	s.fail(at, len(s.text), "unclosed quote", "")
	return ""
}

// escape reads what a backslash escapes.
func (s *scanner) escape(b []byte) []byte {
	s.pos++
	c := s.peek()
	if i := strings.IndexByte(escapes, c); i >= 0 && c != 0 {
		s.pos++
		return append(b, escaped[i])
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if digits > 0 && s.pos+1+digits <= len(s.text) {
		n, err := strconv.ParseUint(s.text[s.pos+1:s.pos+1+digits], 16, 32)
		if err == nil && (digits == 2 || utf8.ValidRune(rune(n))) {
			s.pos += 1 + digits
			if digits == 2 {
				return append(b, byte(n))
			}
			return utf8.AppendRune(b, rune(n))
		}
	}
	return append(b, '\\')
}

// operator reads the comparison that comes next. ok is false when no sign comes that could be meant as one;
// an unknown one is an error.
func (s *scanner) operator() (o Op, ok bool) {
	at := s.pos
	if c := s.peek(); c == 0 || !strings.ContainsRune("=!<>~:", rune(c)) {
		return 0, false
	}
	end := at + 1
	for strings.IndexByte("=!<>~", s.byteAt(end)) >= 0 && s.byteAt(end) != 0 {
		end++
	}
	sign := s.text[at:end]
	if sign == "!" {
		return 0, false
	}
	s.pos = end
	if i := slices.Index(opSigns[:], sign); i >= 0 {
		return Op(i), true
	}
	s.fail(at, end, "unknown operator "+sign, signsElsewhere[sign])
	return 0, true
}

// signsElsewhere are the operators that signs of other languages, and mistaken ones, stand for.
var signsElsewhere = map[string]string{
	":": "=", "==": "=", "=>": ">=", "=<": "<=", "<>": "!=", "=!": "!=", "~=": "=~", "~~": "~", ":=": "=", "!==": "!=",
	"===": "=", "!<": ">=", "!>": "<=", "!=~": "!~",
}

// quoteAhead reports whether a quote comes.
func (s *scanner) quoteAhead() bool { return s.peek() == '"' || s.peek() == '`' }

// singleQuoted refuses a text between the quotes of SQL, and suggests it between ours.
func (s *scanner) singleQuoted(at int) {
	text, _, closed := strings.Cut(s.text[at+1:], "'")
	if !closed {
		s.fail(at, at+1, "use double quotes", `"`)
		return
	}
	s.fail(at, at+len(text)+2, "use double quotes", quote(text))
}

// value reads a constant: quoted, or a run of characters that need no quotes.
func (s *scanner) value(after string) (v Literal, at, end int) {
	s.space()
	at = s.pos
	if s.quoteAhead() {
		v = Literal{s.quoted(), true}
		return v, at, s.pos
	}
	end = s.word(at, isValueRune)
	v = Literal{Text: s.text[at:end]}
	s.pos = end
	if end == at && s.peek() == '\'' {
		s.singleQuoted(at)
	} else if end == at {
		s.missingValue(at, after)
	} else if c := s.peek(); c != 0 && !strings.ContainsRune(" \t\n\r)},|", rune(c)) && !strings.HasPrefix(s.text[end:], "&&") {
		rest := end
		for rest < len(s.text) && !strings.ContainsRune(" \t\n\r\"`", rune(s.text[rest])) {
			rest++
		}
		s.fail(at, rest, "quote values with special characters", quote(s.text[at:rest]))
	}
	return v, at, end
}

// missingValue complains that there is no value where one must be.
func (s *scanner) missingValue(at int, after string) {
	_, size := utf8.DecodeRuneInString(s.text[at:])
	s.fail(at, at+size, "expected a value after "+after, "")
}
