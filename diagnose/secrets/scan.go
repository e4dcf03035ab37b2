package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// triples are the sequences of three bytes at which something can begin, as a set of 15 bits each: a value without
// one of them costs one look a byte.
type triples [1 << 15 / 32]uint32

func (t *triples) add(h uint16)      { t[h>>5] |= 1 << (h & 31) }
func (t *triples) has(h uint16) bool { return t[h>>5]>>(h&31)&1 != 0 }

// Codes of bytes in a triple: letters without their case are 1 to 26.
const (
	codeOther = 0
	codeDigit = 27
	codeLine  = 28
	codeDash  = 29
	codePoint = 30
	codeBlank = 31
)

// Marks of bytes beside their codes: what a text that holds them is searched for.
const (
	codeBits   = 1<<5 - 1
	markColon  = 1 << 5 // URLs
	markAt     = 1 << 6 // addresses
	markEscape = 1 << 7 // escapes
)

var codes = func() (table [256]uint16) {
	for c := range 26 {
		table['a'+c], table['A'+c] = uint16(c+1), uint16(c+1)
	}
	table[':'], table['@'], table['%'], table['&'], table['\\'] = markColon, markAt, markEscape, markEscape, markEscape
	for c := '0'; c <= '9'; c++ {
		table[c] = codeDigit
	}
	table['_'], table['-'], table['.'], table[' '] = codeLine, codeDash, codePoint, codeBlank
	return table
}()

// triple returns the code of the first three bytes of a text that has as many.
func triple(text string) uint16 {
	return codes[text[0]]&codeBits<<10 | codes[text[1]]&codeBits<<5 | codes[text[2]]&codeBits
}

// keyTriples are those of the words that name secrets.
var keyTriples = func() *triples {
	t := &triples{}
	for word := range strings.FieldsSeq(stems) {
		t.add(triple(word))
	}
	return t
}()

// sqlTriples are those of the words with which statements set a password besides: IDENTIFIED, PRAGMA, ATTACH, HELLO, ACL, and the names of functions.
var sqlTriples = func() *triples {
	t := &triples{}
	for word := range strings.FieldsSeq("ide pra hel att acl pgp aes sp_") {
		t.add(triple(word))
	}
	return t
}()

// formTriples are those of the marks that tokens begin with.
var formTriples = func() *triples {
	t := &triples{}
	for h := range formsBy {
		t.add(h)
	}
	return t
}()

// textTriples are keyTriples, the beginnings of tokens, and what else text searches for.
var textTriples = func() *triples {
	t := &triples{}
	*t = *keyTriples
	for h := range t {
		t[h] |= formTriples[h] | sqlTriples[h]
	}
	for _, beginning := range []string{"bea", "bas", "dig", "neg", "eyj", "cod", "---", "000", " -p", " -u", " -a", " -w", " -n", " -b", " -k", "\"-p", "\"-u", "\"-a", "\"-w", "\"-n", "\"-b", "\"-k", "--u", "--p"} {
		t.add(triple(beginning))
	}
	for c := byte('a'); c <= 'z'; c++ {
		t.add(triple(string([]byte{c, '0', '0'}))) // of an IBAN
	}
	return t
}()

// shortTriples are those of the stems that are whole nouns.
var shortTriples = func() *triples {
	t := &triples{}
	for word := range strings.FieldsSeq(short) {
		t.add(triple(word))
	}
	return t
}()

// tripleCode begins code, which names a secret in URLs only.
var tripleCode = triple("code")

// mayName reports whether a key can name a secret: whether it holds one of the stems, or ends as the few short nouns do.
func mayName(key string) bool {
	n := len(key)
	if n < 2 {
		return false
	}
	key = key[max(n-longestKey, 0):]
	h := uint16(0)
	for i := range len(key) {
		h = (h<<5 | codes[key[i]]&codeBits) & 0x7fff
		if keyTriples.has(h) && i >= 2 {
			return true
		}
	}
	last, before := key[len(key)-1]|0x20, key[len(key)-2]|0x20
	return last == 'w' && before == 'p' || last == 'c' && before == 'c'
}

// text searches a value that its key says nothing about.
func (s *search) text() {
	h, seen, v := uint16(0), uint16(0), s.v
	scan := scanner{search: s}
	for i := range len(v) {
		c := codes[v[i]]
		h = (h<<5 | c&codeBits) & 0x7fff
		seen |= c
		if textTriples.has(h) && i >= 2 {
			scan.at(i-2, h)
		}
	}
	if seen&markColon != 0 && strings.Contains(v, "://") {
		s.userinfos()
	}
	if seen&markAt != 0 {
		s.addresses()
	}
	if scan.named && scan.sql() {
		if scan.digits || strings.ContainsAny(v, "'\"$") { // some literal
			s.statementText()
		}
	} else if scan.named {
		s.commands()
	}
	if seen&markEscape != 0 {
		s.escaped()
	}
}

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

// sql reports whether the text is SQL.
func (s *scanner) sql() bool {
	if !s.judged {
		s.judged, s.statement = true, isStatement(s.key, s.v)
	}
	return s.statement
}

// at looks at the triple that begins at i.
func (s *scanner) at(i int, h uint16) {
	v := s.v
	fresh := i == 0 || !lex.Word(v[i-1])
	if formTriples.has(h) && s.form(i, h, fresh) {
		return
	}
	switch c := v[i]; {
	case lex.Digit(c):
		s.digits = true
		if fresh && i >= s.numbers {
			s.numbers = s.number(i)
		}
		return
	case c == '-' && v[i+1] == '-' && v[i+2] == '-':
		if i >= s.tokens && strings.HasPrefix(v[i:], "-----BEGIN ") {
			s.tokens = s.pem(i)
		}
		return
	case c == '-' || c == ' ' || c == '"' || v[i+1] == '-':
		s.flag(i)
		return
	case lex.Digit(v[i+1]) && lex.Digit(v[i+2]):
		if i > 0 && lex.Upper(c) && lex.Upper(v[i-1]) && (i == 1 || !lex.Word(v[i-2])) {
			if to := ibanEnd(v, i-1); to > 0 {
				s.add(IBAN, i-1, to, true)
			}
		}
		return
	}
	if fresh && (v[i] == 'e' && s.jwt(i) || s.scheme(i)) {
		return
	}
	if i < s.words {
		return
	}
	s.named = s.named || sqlTriples.has(h)
	if !keyTriples.has(h) && h != tripleCode || i+3 < len(v) && lex.Lower(v[i+3]) && v[i+3] != 's' && shortTriples.has(h) {
		return
	}
	from, to := i, i+3
	for from > 0 && i-from < longestKey && isName(v[from-1]) {
		from--
	}
	for to < len(v) && isName(v[to]) {
		to++
	}
	s.words = to
	for to > i+3 && (v[to-1] == '.' || v[to-1] == '-') {
		to--
	}
	for from < i && (v[from] == '.' || v[from] == '-') {
		from++
	}
	s.word(from, to)
}

// form looks for a token of a known maker that begins at i.
func (s *scanner) form(i int, h uint16, fresh bool) bool {
	if i < s.tokens {
		return false
	}
	for _, f := range formsBy[h] {
		if to := f.match(s.v, i, fresh); to > 0 {
			s.add(Token, i, to, true)
			s.words, s.tokens = max(s.words, to), to
			return true
		}
	}
	return false
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

// isName reports whether a byte can be in a key.
func isName(c byte) bool { return lex.Alnum(c) || c == '_' || c == '.' || c == '-' }

// pem reads a private key; public ones and certificates are not secret.
func (s *search) pem(i int) int {
	line := s.v[i:min(i+64, len(s.v))]
	if !strings.Contains(line, "PRIVATE KEY") {
		return i
	}
	to := len(s.v)
	if end := strings.Index(s.v[i:], "-----END"); end > 0 {
		to = i + end
	}
	for isSpace(s.v[to-1]) {
		to--
	}
	s.add(Private, i, to, true)
	return to
}

// cutMark is what SDKs and backends leave where they cut a value off.
const cutMark = "..."

// jwt reads header.payload.signature, of which header and payload are JSON objects in base 64, or the five parts of an
// encrypted one. Where the value was cut off within the payload, that can be read all the same.
func (s *scanner) jwt(i int) bool {
	v := s.v
	if !strings.HasPrefix(v[i:], "eyJ") || i > 0 && v[i-1] == '-' {
		return false
	}
	part := func(from int) int {
		for from < len(v) && (lex.Alnum(v[from]) || v[from] == '-' || v[from] == '_') {
			from++
		}
		return from
	}
	to, parts := part(i), 1
	for parts < 5 && to < len(v) && v[to] == '.' {
		end := part(to + 1)
		if end == to+1 && parts != 1 {
			break
		}
		to, parts = end, parts+1
	}
	s.words = max(s.words, to)
	switch {
	case parts >= 3:
	case parts == 2 && (to == len(v) || to+len(cutMark) >= len(v) && strings.HasSuffix(v, cutMark)) && strings.Contains(v[i:to], ".eyJ"):
	default:
		return false
	}
	s.add(Token, i, to, true)
	return true
}

// scheme reads "Bearer TOKEN" and the like wherever they stand; words are no tokens.
func (s *scanner) scheme(i int) bool {
	v, from := s.v, 0
	for _, scheme := range [...]string{"bearer ", "basic ", "negotiate ", "digest "} {
		if len(v)-i > len(scheme)+3 && strings.EqualFold(v[i:i+len(scheme)], scheme) {
			from = i + len(scheme)
			break
		}
	}
	if from == 0 {
		return false
	}
	if v[i]|0x20 == 'd' {
		s.digest(from)
		return false
	}
	to := tokenEnd(v, from)
	value := v[from:to]
	if name := strings.TrimSuffix(value, "="); to < len(v) && v[to] == '"' && len(name) < len(value) && plainWords(name) {
		return false // Bearer realm="shop": a challenge, which holds no token
	}
	around := i == 0 || strings.IndexByte("\"'[=({,:", v[i-1]) >= 0
	if before := v[max(i-24, 0):i]; strings.Contains(before, "uthorization") || strings.Contains(before, "UTHORIZATION") {
		around = true
	}
	if around && (to == len(v) || strings.IndexByte("\"'],)}", v[to]) >= 0) && len(value) >= 4 && !maskedAlready(value) && (i > 0 || !plainWords(value)) && value != "authentication" {
		s.add(Token, from, to, looksSecret(value))
		s.words = max(s.words, to)
		return true
	}
	if looksSecret(value) && len(value) >= 8 || len(value) >= 16 && !plainWords(value) || len(value) >= 24 {
		s.add(Token, from, to, true)
		s.words = max(s.words, to)
		return true
	}
	return false
}

// tokenEnd returns where the bytes of a token of RFC 6750 end.
func tokenEnd(v string, from int) int {
	to := from
	for to < len(v) && (lex.Word(v[to]) || strings.IndexByte("-+/=.~:", v[to]) >= 0) {
		to++
	}
	return to
}

// digest reads response="…" of Digest username="ada", …, response="…".
func (s *search) digest(from int) {
	const longest = 1024
	text := s.v[from:min(from+longest, len(s.v))]
	for _, name := range [...]string{`response="`, `response=`} {
		if _, rest, ok := strings.Cut(text, name); ok {
			at := from + len(text) - len(rest)
			to := tokenEnd(s.v, at)
			if to-at >= 16 {
				s.add(Token, at, to, true)
			}
			return
		}
	}
}
