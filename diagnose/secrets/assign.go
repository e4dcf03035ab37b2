package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// word looks at the word from up to to, and at what stands behind it if it names a secret.
func (s *scanner) word(from, to int) {
	v := s.v
	w := named{claim: claimOf(v[from:to]), from: from, to: to}
	if c, ok := s.apart(from, to); ok && (c.kind != "" || w.kind == Token) && !w.sure {
		w.claim = c // api key, access token, but not cursor token
	}
	if w.kind == "" && v[from:to] == "code" && s.inQuery(from) {
		w.claim = claim{kind: OneTime}
	}
	if w.kind == "" {
		return
	}
	s.named = true
	at := from
	for at > 0 && (v[at-1] == '-' || v[at-1] == '/' && at-1 == 0 || v[at-1] == '/' && at > 1 && (v[at-2] == ' ' || v[at-2] == '"')) {
		at--
	}
	w.flag = at < from && (at == 0 || strings.IndexByte(" \"'\t\n=", v[at-1]) >= 0)
	i := to
	if at > 0 && isQuote(v[at-1]) {
		slashes := at - 1 - len(strings.TrimRight(v[:at-1], `\`))
		end := to
		for end < len(v) && end-to < slashes && v[end] == '\\' {
			end++
		}
		if w.quoted = end < len(v) && v[end] == v[at-1]; w.quoted {
			i = end + 1
		}
	}
	if i < len(v) && v[i] == ']' && !w.quoted || i < len(v) && w.quoted && v[i] == ']' && strings.IndexByte("[", v[max(at-2, 0)]) >= 0 {
		i++
	}
	s.behind(w, len(v)-len(strings.TrimPrefix(v[i:], "[]"))) // password[]=x of a form
}

// apart joins a word with the one before it, if a blank parts them, and reports whether one does.
func (s *scanner) apart(from, to int) (c claim, ok bool) {
	if from < 2 || s.v[from-1] != ' ' || !lex.Alnum(s.v[from-2]) {
		return claim{}, false
	}
	start := from - 1
	for start > 0 && from-start < 16 && isName(s.v[start-1]) {
		start--
	}
	if states[strings.ToLower(s.v[start:from-1])] { // using token …: that is a sentence
		return claim{}, false
	}
	return claimOfWords(s.v[start:from-1] + "." + s.v[from:to]), true
}

// behind looks at what stands behind a word: an operator, the next of a list, a tag's text, a value.
func (s *scanner) behind(w named, i int) {
	v := s.v
	from := skip(v, i)
	if from == len(v) {
		return
	}
	switch c := v[from]; {
	case c == '>' && (w.quoted || s.tagged(w.from)) || isSpace(v[i]) && s.tagged(w.from):
		s.element(w, from)
	case c == '=' || c == ':':
		s.assigned(w, i, from)
	case c == '<' && w.from > 0 && v[w.from-1] == '>' && strings.HasPrefix(v[from:], "</"): // <key>password</key><string>…
		s.sibling(w, from)
	case (c == '!' || c == '<') && from+1 < len(v) && (v[from+1] == '=' || v[from+1] == '>'):
		if !s.sql() {
			s.value(w, from+2, '=', true)
		}
	case c == '-' && strings.HasPrefix(v[from:], "->"):
		s.value(w, from+2, ':', true)
	case w.flag && c == ',' && !w.quoted: // [app, --password, x]
		at := skip(v, from+1)
		s.accept(w, at, stop(v, at, " ,]\r\n"), false)
	case w.quoted && c == ';' && strings.HasPrefix(v[from:], `;s:`): // s:8:"password";s:4:"…" of PHP
		s.measured(w, from)
	case w.quoted && (c == '}' || c == ']') && s.nameBehind(w):
	case s.sql():
	case c == '(' && from == i && !w.quoted:
		s.called(w, from)
	case w.quoted && (c == ',' || from > i):
		s.listed(w, from)
	case from > i:
		s.spoken(w, from)
	}
}

// measured accepts a text that PHP wrote with its length before it, and reports whether one stands there.
func (s *scanner) measured(w named, i int) bool {
	n := strings.IndexByte(s.v[i:min(i+16, len(s.v))], '"')
	return n > 0 && s.acceptLiteral(w, i+n, false)
}

// tagged reports whether the word that begins at i is the name of an element: <password>, <ns2:password>.
func (s *scanner) tagged(i int) bool {
	const longest = 24
	before := s.v[max(i-longest, 0):i]
	open := strings.LastIndexByte(before, '<')
	return open >= 0 && run(before, open+1, func(c byte) bool { return isName(c) || c == ':' }) == len(before)
}

// element reads the text of an element, behind its name or an attribute that is its name.
func (s *scanner) element(w named, i int) {
	const longest = 256
	end := strings.IndexByte(s.v[i:min(i+longest, len(s.v))], '>')
	if end < 0 || end > 0 && s.v[i+end-1] == '/' {
		if w.quoted {
			s.listed(w, i)
		}
		return
	}
	from := skip(s.v, i+end+1)
	if open := "<![CDATA["; strings.HasPrefix(s.v[from:], open) {
		from += len(open)
		if n := strings.Index(s.v[from:min(from+4096, len(s.v))], "]]>"); n >= 0 {
			s.accept(w, from, from+n, false)
			return
		}
	}
	const longestText = 4096
	to := stop(s.v[:min(from+longestText, len(s.v))], from, "<")
	s.accept(w, from, trimmed(s.v, from, to), false)
}

// sibling reads the text of the element behind the one whose text is a name.
func (s *scanner) sibling(w named, i int) {
	const longest = 64
	end := strings.IndexByte(s.v[i:min(i+longest, len(s.v))], '>')
	if end < 0 {
		return
	}
	if next := skip(s.v, i+end+1); strings.HasPrefix(s.v[next:], "<") && !strings.HasPrefix(s.v[next:], "</") {
		s.element(w, next)
	}
}

// assigned reads key=value, key: value, key => value, key := value; sep is where the operator begins, at is where the
// word ended.
func (s *scanner) assigned(w named, at, sep int) {
	v := s.v
	to := sep + 1
	for to < len(v) && to-sep < 3 && (v[to] == '=' || v[to] == '>') {
		to++
	}
	if v[sep] == ':' && to < len(v) && (v[to] == ':' || v[to] == '/' && strings.HasPrefix(v[to:], "//")) {
		return
	}
	op := v[sep]
	if to > sep+1 {
		op = '='
	}
	s.value(w, to, op, sep > at)
}

// value reads what an operator gives a name. spaced says that blanks stand before the operator.
func (s *scanner) value(w named, i int, op byte, spaced bool) {
	v := s.v
	from := skip(v, i)
	if from >= len(v) {
		return
	}
	if w.quoted && op == ':' || v[from] == '"' || v[from] == '\'' || v[from] == '`' || v[from] == '\\' {
		if at, end, next := literal(v, from, s.sql()); next > 0 {
			if at >= end || maskedAlready(v[at:end]) {
				return
			}
			if (op == '=' || w.quoted) && !w.sure && w.given(v[at:end]) {
				s.add(w.kind, at, end, false)
			}
			s.accept(w, at, end, false)
			return
		}
	}
	switch c := v[from]; {
	case c == '[' || c == '(' || c == '{':
		if c == '{' && op == '=' && !strings.ContainsAny(v[from:min(from+64, len(v))], "\"':=") {
			if n := strings.IndexByte(v[from:], '}'); n > 0 { // Pwd={…} of ODBC
				s.accept(w, from+1, from+n, false)
				return
			}
		}
		if !s.sql() {
			s.inside(w, from)
		}
		return
	case literalPrefix(v, from) > 0:
		s.acceptLiteral(w, from+1, s.sql())
		return
	case strings.HasPrefix(v[from:], "string(") && s.measured(w, from): // string(4) "…" of PHP
		return
	}
	if open := call(v, from); open > 0 && !s.sql() { // Some("…"), Optional[…], md5('…')
		s.inside(w, open)
		return
	}
	s.bare(w, i, from, op, spaced)
}
