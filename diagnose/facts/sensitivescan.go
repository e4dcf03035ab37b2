package facts

import "strings"

// secretStart are the bytes at which something secret can begin or be recognised; all others are passed over.
var secretStart = func() (table [256]bool) {
	for _, c := range "egxbAB-:=@" {
		table[c] = true
	}
	for c := '0'; c <= '9'; c++ {
		table[c] = true
	}
	for c := 'A'; c <= 'Z'; c++ {
		table[c] = true
	}
	return table
}()

// secretScan searches one value.
type secretScan struct {
	key   string
	v     string
	found []SecretPart
}

// add notes a secret, unless it overlaps the one before.
func (s *secretScan) add(kind SecretKind, from, to int) int {
	if n := len(s.found); n == 0 || s.found[n-1].To <= from {
		s.found = append(s.found, SecretPart{kind, from, to})
	}
	return to
}

// at looks at the byte at i and returns where to go on.
func (s *secretScan) at(i int) int {
	c, fresh := s.v[i], i == 0 || !isWord(s.v[i-1])
	switch {
	case c == '=' || c == ':':
		return s.assignment(i)
	case c == '@':
		return s.email(i)
	case c == '-' && strings.HasPrefix(s.v[i:], "-----BEGIN "):
		return s.pem(i)
	case !fresh:
		return i + 1
	case isDigit(c):
		return s.number(i)
	case c == 'e' && strings.HasPrefix(s.v[i:], "eyJ"):
		return s.jwt(i)
	case (c == 'b' || c == 'B') && len(s.v)-i > 14:
		return s.scheme(i)
	}
	if c == 'A' || c == 'g' || c == 'x' || i+2 < len(s.v) && isDigit(s.v[i+2]) {
		return s.prefixed(i)
	}
	return i + 1
}

// tokenForms are tokens that begin with their maker's mark.
var tokenForms = []struct {
	mark   string
	least  int // characters behind the mark
	upper  bool
	dashes bool
}{
	{"AKIA", 16, true, false}, {"ASIA", 16, true, false}, {"ghp_", 36, false, false}, {"gho_", 36, false, false}, {"ghu_", 36, false, false}, {"ghs_", 36, false, false}, {"ghr_", 36, false, false},
	{"github_pat_", 36, false, false}, {"glpat-", 20, false, true}, {"AIza", 35, false, true}, {"xoxb-", 10, false, true}, {"xoxa-", 10, false, true}, {"xoxp-", 10, false, true}, {"xoxr-", 10, false, true}, {"xoxs-", 10, false, true},
}

// prefixed reads a token of a known maker, or an IBAN.
func (s *secretScan) prefixed(i int) int {
	for _, form := range tokenForms {
		if form.mark[0] != s.v[i] || !strings.HasPrefix(s.v[i:], form.mark) {
			continue
		}
		to := i + len(form.mark)
		for to < len(s.v) && (isWord(s.v[to]) || s.v[to] == '-' && form.dashes) && (!form.upper || s.v[to] < 'a') {
			to++
		}
		if to-i-len(form.mark) >= form.least {
			return s.add(SecretToken, i, to)
		}
		return to
	}
	if to := ibanEnd(s.v, i); to > 0 {
		return s.add(SecretIBAN, i, to)
	}
	return i + 1
}

func isTokenByte(c byte) bool { return isWord(c) || c == '-' }

// cutMark is what SDKs and backends leave where they cut a value off.
const cutMark = "..."

// jwt reads header.payload.signature, of which header and payload are JSON objects in base 64. Where the value was cut
// off within the payload, that can be read all the same.
func (s *secretScan) jwt(i int) int {
	if i > 0 && s.v[i-1] == '-' {
		return i + 1
	}
	part := func(from int) int {
		for from < len(s.v) && isTokenByte(s.v[from]) {
			from++
		}
		return from
	}
	to := part(i)
	if to < len(s.v) && s.v[to] == '.' && strings.HasPrefix(s.v[to+1:], "eyJ") {
		end := part(to + 1)
		if end == len(s.v) || end+len(cutMark) == len(s.v) && strings.HasSuffix(s.v, cutMark) {
			return s.add(SecretToken, i, end)
		}
		if s.v[end] == '.' {
			return s.add(SecretToken, i, part(end+1))
		}
	}
	return to
}

// scheme reads "Bearer TOKEN" and "Basic TOKEN"; words are no tokens.
func (s *secretScan) scheme(i int) int {
	const least = 16
	var from int
	switch {
	case strings.EqualFold(s.v[i:i+7], "bearer "):
		from = i + 7
	case strings.EqualFold(s.v[i:i+6], "basic "):
		from = i + 6
	default:
		return s.prefixed(i)
	}
	to, odd := from, false
	for to < len(s.v) && (isTokenByte(s.v[to]) || strings.IndexByte("+/=.~", s.v[to]) >= 0) {
		odd = odd || s.v[to] < 'a' && s.v[to] != '-' && s.v[to] != '.'
		to++
	}
	if to-from >= least && odd {
		return s.add(SecretToken, from, to)
	}
	return from
}

// pem reads a private key; public ones and certificates are not secret.
func (s *secretScan) pem(i int) int {
	line := s.v[i:min(i+64, len(s.v))]
	if !strings.Contains(line, "PRIVATE KEY-----") {
		return i + len("-----BEGIN ")
	}
	to := len(s.v)
	if end := strings.Index(s.v[i:], "-----END"); end > 0 {
		to = i + end
	}
	for s.v[to-1] == '\n' || s.v[to-1] == '\r' || s.v[to-1] == ' ' {
		to--
	}
	return s.add(SecretPrivate, i, to)
}

// assignment looks at "=" and ":": user:password@ in a URL, password=…, "password": "…", password = '…' of SQL.
func (s *secretScan) assignment(i int) int {
	if strings.HasPrefix(s.v[i:], "://") {
		return s.userinfo(i + 3)
	}
	word, quotedWord, spaced := s.before(i)
	if word == "" {
		return i + 1
	}
	kind := secretKey(word)
	if kind == "" {
		return i + 1
	}
	told := s.v[i] == ':' && !quotedWord // password: …, in a message or a header
	from := i + 1
	for from < len(s.v) && (s.v[from] == ' ' || s.v[from] == '\\' || s.v[from] == '=' || s.v[from] == '>') {
		spaced = spaced || s.v[from] == ' '
		from++
	}
	to := from
	if from < len(s.v) && (s.v[from] == '\'' || s.v[from] == '"') {
		quote := s.v[from]
		from++
		for to = from; to < len(s.v) && s.v[to] != quote && (s.v[to] != '\\' || quote != '"'); {
			to++
		}
	} else if !told && (spaced || quotedWord) || isStatement(s.key, s.v) {
		return i + 1 // an expression, not a value
	} else {
		for to < len(s.v) && strings.IndexByte(" \t\r\n&;,\"'()<>[]{}", s.v[to]) < 0 {
			to++
		}
	}
	if told && from == i+1 && inCacheKey(s.v[:i-len(word)], s.v[from:to], kind) {
		return i + 1
	}
	if to-from >= 3 && secretValue(kind, s.v[from:to]) && (!told || quotedAt(s.v, from) && kind != SecretToken || madeUp(s.v[from:to])) {
		return s.add(kind, from, to)
	}
	if to-from > longestAssigned {
		return to // looking into it again would make the search quadratic
	}
	return i + 1
}

// inCacheKey tells whether a word with a colon right behind it is rather a part of a cache's key, by what stands before
// and behind: session:9959498:cart, GET token:42f3a9, but not vendor=token:42f3a9 nor password:hunter22.
func inCacheKey(before, value string, kind SecretKind) bool {
	if strings.Contains(value, ":") {
		return true
	}
	return kind != SecretPassword && (before == "" || strings.HasSuffix(before, " ") || strings.HasSuffix(before, ":"))
}

// quotedAt tells whether the value that begins at from is in quotes.
func quotedAt(v string, from int) bool { return v[from-1] == '\'' || v[from-1] == '"' }

// madeUp tells whether a text without quotes is rather a secret than a word of a sentence: "password: hunter22" but not
// "password: too short", nor "token: line 12".
func madeUp(text string) bool {
	const least = 8
	n := countDigits(text)
	return len(text) >= least && n > 0 && n < len(text)
}

// longestAssigned is how many bytes of a value that turned out to be no secret are looked into once more.
const longestAssigned = 256

// before returns the word that ends before i, whether quotes are around it, and whether spaces are behind it.
func (s *secretScan) before(i int) (word string, quotedWord, spaced bool) {
	const longest = 40
	to := i
	for to > 0 && i-to < 4 && s.v[to-1] == ' ' {
		to--
		spaced = true
	}
	if to > 0 && strings.IndexByte("!~<>:", s.v[to-1]) >= 0 { // != and the like
		to--
		for to > 0 && i-to < 4 && s.v[to-1] == ' ' {
			to--
		}
	}
	for to > 0 && i-to < 8 && strings.IndexByte("\"'\\`]", s.v[to-1]) >= 0 {
		to--
		quotedWord = quotedWord || s.v[to] == '"' || s.v[to] == '\''
	}
	from := to
	for from > 0 && to-from < longest && (isWord(s.v[from-1]) || s.v[from-1] == '.' || s.v[from-1] == '-') {
		from--
	}
	return s.v[from:to], quotedWord, spaced
}

// userinfo reads user:password@ behind "://".
func (s *secretScan) userinfo(i int) int {
	const longest = 256
	colon, at := -1, -1
	for k := i; k < len(s.v) && k < i+longest && strings.IndexByte("/?# \t\r\n\"'<>,", s.v[k]) < 0; k++ {
		switch {
		case s.v[k] == ':' && colon < 0:
			colon = k
		case s.v[k] == '@':
			at = k
		}
	}
	if colon < 0 || at <= colon+1 {
		return i
	}
	if !masked(s.v[colon+1 : at]) {
		s.add(SecretPassword, colon+1, at)
	}
	return at + 1
}
