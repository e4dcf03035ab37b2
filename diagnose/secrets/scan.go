package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// formTriples are those of the marks that tokens begin with.
var formTriples = func() *triples {
	t := &triples{}
	for h := range formsBy {
		t.add(h)
	}
	return t
}()

// sqlTriples are those of the words with which statements set a password besides: IDENTIFIED, PRAGMA, ATTACH, HELLO,
// ACL, and the names of functions.
var sqlTriples = triplesOf(strings.Fields("ide pra hel att acl pgp aes sp_")...)

// textTriples are keyTriples, sqlTriples, formTriples, and what else text searches for.
var textTriples = func() *triples {
	t := triplesOf("bea", "bas", "dig", "neg", "eyj", "cod", "---", "000", " -p", " -u", " -a", " -w", " -n", " -b", " -k", "\"-p", "\"-u", "\"-a", "\"-w", "\"-n", "\"-b", "\"-k", "--u", "--p")
	for c := byte('a'); c <= 'z'; c++ {
		t.add(triple(string([]byte{c, '0', '0'}))) // of an IBAN
	}
	for h := range t {
		t[h] |= keyTriples[h] | formTriples[h] | sqlTriples[h]
	}
	return t
}()

// tripleCode begins code, which names a secret in URLs only.
var tripleCode = triple("code")

// text searches a value that its key says nothing about.
func text(s *search) {
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
	switch {
	case !scan.named:
	case !scan.sql():
		s.commands()
	case scan.digits || strings.ContainsAny(v, "'\"$"): // some literal
		statement(s)
		for _, p := range s.held {
			again(s, "", v[p.from:p.to], func(i int) int { return p.from + i })
		}
	}
	if seen&markEscape != 0 && hasEscapes(v) {
		plain, at := unescape(v)
		again(s, s.key, plain, func(i int) int { return int(at[i]) })
	}
}

// mostLayers is how often a text within a text is searched: JSON in a URL in JSON.
const mostLayers = 3

// again searches a text that a value holds, escaped or between quotes; at tells where a byte of it stands in the value.
func again(s *search, key, held string, at func(i int) int) {
	if s.layer >= mostLayers {
		return
	}
	below := search{key: key, v: held, layer: s.layer + 1}
	text(&below)
	for _, p := range below.found {
		s.add(p.Kind, at(p.From), at(p.To), p.Sure)
	}
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

// pem reads a private key; public ones and certificates are not secret.
func (s *scanner) pem(i int) int {
	if !strings.Contains(s.v[i:min(i+64, len(s.v))], "PRIVATE KEY") {
		return i
	}
	body, _, _ := strings.Cut(s.v[i:], "-----END")
	to := trimmed(s.v, i, i+len(body))
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
	part := func(c byte) bool { return lex.Alnum(c) || c == '-' || c == '_' }
	to, parts := run(v, i, part), 1
	for parts < 5 && to < len(v) && v[to] == '.' {
		end := run(v, to+1, part)
		if end == to+1 && parts != 1 {
			break
		}
		to, parts = end, parts+1
	}
	s.words = max(s.words, to)
	cut := parts == 2 && (to == len(v) || to+len(cutMark) >= len(v) && strings.HasSuffix(v, cutMark)) && strings.Contains(v[i:to], ".eyJ")
	if parts >= 3 || cut {
		s.add(Token, i, to, true)
		return true
	}
	return false
}

// scheme reads "Bearer TOKEN" and the like wherever they stand; words are no tokens.
func (s *scanner) scheme(i int) bool {
	v, from := s.v, 0
	for _, scheme := range [...]string{"bearer ", "basic ", "negotiate ", "digest "} {
		if len(v)-i > len(scheme)+3 && strings.EqualFold(v[i:i+len(scheme)], scheme) {
			from = i + len(scheme)
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
	before, likely := v[max(i-24, 0):i], looksSecret(value)
	around := i == 0 || strings.IndexByte("\"'[=({,:", v[i-1]) >= 0 || strings.Contains(before, "uthorization") || strings.Contains(before, "UTHORIZATION")
	alone := around && (to == len(v) || strings.IndexByte("\"'],)}", v[to]) >= 0) && len(value) >= 4 && !maskedAlready(value) && (i > 0 || !plainWords(value)) && value != "authentication"
	made := likely && len(value) >= 8 || len(value) >= 16 && !plainWords(value) || len(value) >= 24
	if !alone && !made {
		return false
	}
	s.add(Token, from, to, likely || !alone)
	s.words = max(s.words, to)
	return true
}

// tokenEnd returns where the bytes of a token of RFC 6750 end.
func tokenEnd(v string, from int) int {
	return run(v, from, func(c byte) bool { return lex.Word(c) || strings.IndexByte("-+/=.~:", c) >= 0 })
}

// digest reads response="…" of Digest username="ada", …, response="…".
func (s *scanner) digest(from int) {
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
