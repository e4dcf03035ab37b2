package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// inQuery reports whether the word that begins at i is a parameter of a URL or of a form.
func (s *scanner) inQuery(i int) bool {
	if i == 0 {
		return strings.HasSuffix(s.key, "query") || strings.HasSuffix(s.key, "query_string") || strings.IndexByte(s.v, ' ') < 0
	}
	c := s.v[i-1]
	return c == '?' || c == '&' || c == ';' && strings.IndexByte(s.v[max(i-256, 0):i], '/') >= 0 || c == '#' && i > 1
}

// lineStart reports whether only blanks, a dash or an export stand before i in its line.
func (s *scanner) lineStart(i int) bool {
	before := strings.TrimRight(s.v[:i], " \t-><*")
	return before == "" || strings.HasSuffix(before, "\n")
}

// bare reads a value without quotes. i is behind the operator, from where the value begins.
func (s *scanner) bare(w named, i, from int, op byte, spaced bool) {
	v := s.v
	if s.sql() {
		to := stop(v, from, " \t\r\n,;()")
		if op == '=' && from == i && !spaced && to-from >= 6 && strings.IndexByte(v[from:to], '.') < 0 && looksSecret(v[from:to]) && (to == len(v) || v[to] != '(') {
			s.accept(w, from, to, true) // no column is named so
		} else if w.kind != Token && w.kind != Key && w.kind != Session { // a number that it is compared with or set to
			s.accept(w, from, from+lex.Digits(v[from:]), false)
		}
		return
	}
	const longest = 1024
	var to int
	prose, gap := false, from > i
	query := s.inQuery(w.from)
	header := w.kind == Cookie || w.kind == Token && w.sure && strings.HasSuffix(strings.ToLower(v[w.from:w.to]), "authorization")
	switch {
	case strings.IndexByte(v[i:from], '\n') >= 0 && op == ':' && !w.quoted: // a name with a block behind it
		return
	case header && (op == ':' || !query):
		s.header(w, from)
		return
	case w.quoted && op == ':': // a number in JSON
		to = stop(v, from, " \t\r\n,}]\\")
		if (w.kind == Token || w.kind == Key) && lex.CountDigits(v[from:to]) == to-from {
			return // a count
		}
	case w.sure && op == ':' && (v[w.from]|0x20) == 'x' && w.from+1 < len(v) && v[w.from+1] == '-': // X-Api-Key: …
		to = stop(v, from, " \t\r\n,;\"'])}")
	case w.sure && i > 1 && v[i-1] == '>' && v[i-2] == '=': // [password] => x
		to = stop(v, from, " \t\r\n,;)]}")
	case op == '=' && !gap && !spaced:
		s.equals(w, from, query)
		return
	case op == '=': // password = hunter22
		to = lineEnd(v[:min(from+longest, len(v))], from)
		prose = !w.sure && !looksSecret(v[from:to]) || strings.ContainsAny(v[from:to], "() ") || code(v[from:to])
		if prose {
			to = stop(v, from, " \t\r\n,;)")
		}
	case !gap: // {Password:x}, vendor=token:x, but not session:17:cart
		to = stop(v[:min(from+longest, len(v))], from, " \t\r\n,;&\"')]}")
		if !w.quoted && s.cacheKey(w, from, to) {
			return
		}
		inside := w.from > 0 && strings.IndexByte("{[ ", v[w.from-1]) >= 0 && s.structure(w.from, to)
		prose = !inside && !w.flag
	case s.several() && s.lineStart(w.from):
		to = lineEnd(v, from)
		if v[from] == '>' || v[from] == '|' { // a block of YAML
			from = skip(v, len(v)-len(strings.TrimLeft(v[from+1:], "+-")))
			to = lineEnd(v, from)
		}
		prose = strings.Contains(v[from:to], " ")
	default:
		to, prose = stop(v, from, " \t\r\n,;\"')]}"), true
	}
	s.accept(w, from, to, prose)
}

// equals reads key=value without blanks: of a query, a form, an environment, a log line, or what Java and Python write.
func (s *scanner) equals(w named, from int, query bool) {
	v := s.v
	var to int
	switch {
	case query:
		to = stop(v, from, " \t\r\n&\"'<>#;")
		if !w.sure && w.kind != PIN && w.kind != OneTime && to-from >= 5 && !maskedAlready(v[from:to]) && lex.CountDigits(v[from:to]) < to-from {
			s.add(w.kind, from, to, looksSecret(v[from:to]))
			return
		}
		if w.kind == OneTime && !w.sure && !(to-from >= 10 && looksSecret(v[from:to])) {
			return
		}
	case s.inBrackets(w.from):
		to = s.member(from)
	case w.flag:
		to = stop(v, from, " \t\r\n\"'")
	case s.several() && s.lineStart(w.from):
		to = lineEnd(v, from)
	default:
		to = stop(v, from, " \t\r\n&;,\"'<>)]}`")
	}
	s.accept(w, from, to, false)
}

// inBrackets reports whether the word at i is a member of what a bracket or a comma before it opens: Foo(password=x, y=z).
func (s *scanner) inBrackets(i int) bool {
	before := strings.TrimRight(s.v[:i], " ")
	return before != "" && strings.IndexByte("({[,", before[len(before)-1]) >= 0
}

// member returns where a member without quotes ends: before ", name=" or the bracket that closes.
func (s *scanner) member(from int) int {
	const longest = 512
	v := s.v
	depth := 0
	for i := from; i < len(v) && i-from < longest; i++ {
		switch c := v[i]; {
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			if depth == 0 {
				return i
			}
			depth--
		case c == ',' && depth == 0:
			name := run(v, i+1, func(c byte) bool { return c == ' ' })
			if end := run(v, name, isName); end > name && end < len(v) && v[end] == '=' {
				return i
			}
		case c == '\n' || c == '"':
			return i
		}
	}
	return stop(v, from, " \t\r\n,;)]}")
}

// structure reports whether name:value stands between braces or brackets, as Go writes structures and maps.
func (s *scanner) structure(from, to int) bool {
	const longest = 512
	if to >= len(s.v) || strings.IndexByte(" ]},", s.v[to]) < 0 {
		return false
	}
	before := s.v[max(from-longest, 0):from]
	open := strings.LastIndexAny(before, "{[")
	return open >= 0 && strings.LastIndexAny(before, "}]") < open
}

// cacheKey reports whether a word with a colon right behind it is rather a part of a cache's key: session:9959498:cart,
// GET token:42f3a9, but not vendor=token:42f3a9.
func (s *scanner) cacheKey(w named, from, to int) bool {
	name := w.from > 1 && s.v[w.from-1] == ':' && isName(s.v[w.from-2]) // arn:aws:…:secret:db
	return name || strings.Contains(s.v[from:to], ":") ||
		w.kind != Password && (w.from == 0 || s.v[w.from-1] == ':' || s.v[w.from-1] == ' ' && !s.structure(w.from, to))
}

// header reads the value of a header in a text, up to the end of its line or of the quotes around it.
func (s *scanner) header(w named, from int) {
	v := s.v
	to := from
	if from >= s.head[0] && from < s.head[1] {
		to = s.head[1]
	}
	to = lineStop(v, to, "\"'")
	s.head = [2]int{from, to}
	if w.kind == Cookie {
		s.accept(w, from, to, false)
		return
	}
	scheme, rest := schemeOf(v[from:to])
	at := from
	if scheme != "" {
		at = to - len(rest)
	}
	end := stop(v, at, " \t\r\n,;\"'])}")
	if scheme != "" && strings.IndexByte(v[at:end], '=') > 0 && end < to { // Digest name=value, …
		s.accept(w, from, to, false)
		return
	}
	value := v[at:end]
	if len(value) < 4 || maskedAlready(value) || plainWords(value) && end < to && v[end] == ' ' && len(value) < 16 {
		return
	}
	s.add(Token, at, end, looksSecret(value))
}

// code reports whether a text is rather an expression of a program than a value: request.password.
func code(v string) bool {
	return strings.Contains(v, ".") && plainWords(v) || strings.HasPrefix(v, "&") || strings.HasPrefix(v, "!")
}

// fillers stand in a sentence between the word for a secret and the secret.
var fillers = lex.Set("is was to of set provided value be now changed used")

// spoken reads what stands behind a word and a blank: --password x, PASSWORD 'x', password is "x", password hunter22.
func (s *scanner) spoken(w named, from int) {
	v := s.v
	if w.flag {
		at, to := from, stop(v, from, " \t\r\n")
		if v[from] == '"' || v[from] == '\'' {
			at, to, _ = literal(v, from, false)
		}
		if at < to && v[at] != '-' {
			s.accept(w, at, to, false)
		}
		return
	}
	for range 3 {
		to := run(v, from, lex.Lower)
		if !fillers[v[from:to]] {
			break
		}
		from = skip(v, len(v)-len(strings.TrimPrefix(v[to:], ":")))
	}
	if from >= len(v) || strings.EqualFold(v[w.from:w.to], "auth") { // AUTH is a command of Redis
		return
	}
	if v[from] == '\'' || v[from] == '"' {
		at, to, _ := literal(v, from, false)
		if w.sure && (w.kind == Password || w.kind == Key) || looksSecret(v[at:to]) {
			s.accept(w, at, to, false)
		}
		return
	}
	to := stop(v, from, " \t\r\n,;\"'")
	if to > from+1 && strings.IndexByte(")]}", v[to-1]) >= 0 && !strings.ContainsAny(v[from:to], "([{") { // (using password x)
		to--
	}
	stored := strings.HasPrefix(v, "HSET") || strings.HasPrefix(v, "HMSET") || strings.HasPrefix(v, "machine ")
	s.accept(w, from, to, !stored)
}
