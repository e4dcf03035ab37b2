package secrets

import (
	"strings"
)

// scanner goes through one text.
type scanner struct {
	*search
	words   int             // where the last word ended that was looked at: it is not looked at again
	numbers int             // likewise of a number
	named   bool            // some word may have named a secret
	tokens  int             // likewise of a token
	lines   int8            // whether the text has several lines: 1 yes, -1 no, 0 not looked at yet
	head    [2]int          // where the header begins and ends that was read last
	present map[string]bool // programs that the text names, nil until asked
	digits  bool            // three digits stand somewhere
	judged  bool            // whether statement is known
}

// named is a word of a text that names a secret, and how it stands there.
type named struct {
	claim
	from, to int
	quoted   bool // it is all that stands between quotes
	flag     bool // --password
}

// sql reports whether the text is SQL.
func (s *scanner) sql() bool {
	if !s.judged {
		s.judged, s.statement = true, isStatement(s.key, s.v)
	}
	return s.statement
}

// several reports whether the text has more than one line.
func (s *scanner) several() bool {
	if s.lines == 0 {
		s.lines = -1
		if strings.IndexByte(s.v, '\n') >= 0 {
			s.lines = 1
		}
	}
	return s.lines > 0
}

// longestAssigned is how many bytes of a value are looked into once more: of longer ones that would make the search
// quadratic.
const longestAssigned = 256

// accept notes the stretch as a secret where it can be what the word says. prose says that it stands in a sentence,
// where it must look like a secret.
func (s *scanner) accept(w named, from, to int, prose bool) {
	if to-from < leastSecret {
		return
	}
	if to-from > longestAssigned {
		s.words = max(s.words, to)
	}
	value := s.v[from:to]
	c := w.claim
	c.sure = c.sure || w.flag && (c.kind == Password || c.kind == Token || c.kind == Key)
	ok, sure := c.holds(value)
	if !ok || prose && !looksSecret(value) && !c.spoken(value) {
		return
	}
	if strings.IndexByte(value, '%') >= 0 {
		if plain, _ := unescape(value); maskedAlready(plain) {
			return
		}
	}
	if scheme, rest := schemeOf(value); scheme != "" && w.kind == Token && !prose && len(rest) >= 4 {
		from = to - len(rest)
	}
	s.add(w.kind, from, to, sure)
}

// acceptLiteral accepts the text between quotes at i, and reports whether quotes stand there.
func (s *scanner) acceptLiteral(w named, i int, sql bool) bool {
	from, to, next := literal(s.v, i, sql)
	s.accept(w, from, to, false)
	return next > 0
}

// inside looks into the list or object that a word names.
func (s *scanner) inside(w named, i int) {
	if end, _ := s.container(w.claim, i); end-i > longestAssigned {
		s.words = max(s.words, end)
	}
}
