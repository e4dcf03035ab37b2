package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// listed reads the value that follows a name in a list: ("password", "…"), "name":"password","value":"…",
// ["--password","…"], name="password" value="…", and the body of a part of a form.
func (s *scanner) listed(w named, i int) {
	v := s.v
	comma := v[i] == ','
	from := i
	if comma {
		from = skip(v, i+1)
	}
	for from < len(v) && (v[from] == '\\' || v[from] == '"' || v[from] == '\'') && from-i < 12 {
		from++
	}
	for _, name := range [...]string{"values", "value", "val", "Values", "Value", "content"} {
		if !strings.HasPrefix(v[from:], name) {
			continue
		}
		rest := from + len(name)
		for rest < len(v) && rest-from < 24 && (v[rest] == '\\' || v[rest] == '"' || v[rest] == '\'' || v[rest] == ':' || v[rest] == '=' || v[rest] == ' ') {
			if after := skip(v, rest+1); (v[rest] == ':' || v[rest] == '=') && after < len(v) && (v[after] == '[' || v[after] == '{') {
				s.inside(w, after)
				return
			}
			if at, end, next := literal(v, rest, false); next > 0 && v[rest-1] != name[len(name)-1] && (v[rest-1] == ':' || v[rest-1] == '=' || v[rest-1] == ' ') {
				s.accept(w, at, end, false)
				return
			}
			rest++
		}
	}
	if !comma {
		s.part(w, i)
		return
	}
	at := skip(v, i+1)
	at += literalPrefix(v, at)
	text, end, next := literal(v, at, false)
	if next == 0 || strings.HasPrefix(v[text:end], "-") {
		return
	}
	behind := skip(v, next)
	pair := behind < len(v) && (v[behind] == ')' || v[behind] == ']')
	nested := pair && (s.opened(w.from) || !plainWords(v[text:end]) && s.first(w.from))
	scheme, _ := schemeOf(v[text:end])
	s.accept(w, text, end, !w.flag && !nested && scheme == "" && w.kind != Cookie)
}

// first reports whether the quoted word that begins at i is the first of a list.
func (s *scanner) first(i int) bool {
	return strings.HasSuffix(strings.TrimRight(s.v[:i], "\"'\\"), "[")
}

// nameBehind reads "value":"…","name":"password", where the name stands behind.
func (s *scanner) nameBehind(w named) bool {
	const longest = 256
	before := s.v[max(w.from-longest, 0):w.from]
	open := strings.LastIndexByte(before, '{')
	if open < 0 || !strings.Contains(before[max(len(before)-10, 0):], ":") {
		return false
	}
	at := strings.Index(strings.ToLower(before[open:]), `value`)
	if at < 0 {
		return false
	}
	from := w.from - len(before) + open + at + len("value")
	for from < w.from && strings.IndexByte("\\\"': ", s.v[from]) >= 0 {
		if text, end, next := literal(s.v, from, false); next > 0 && end < w.from && s.v[from-1] != 'e' && text < end && (s.v[from-1] == ':' || s.v[from-1] == ' ') {
			s.accept(w, text, end, false)
			return true
		}
		from++
	}
	return false
}

// opened reports whether the quoted word that begins at i is the first of a tuple, or of a list in a list.
func (s *scanner) opened(i int) bool {
	before := strings.TrimRight(s.v[:i], "\"'\\:bu")
	list, ok := strings.CutSuffix(before, "[")
	list = strings.TrimRight(list, blanks+",")
	return strings.HasSuffix(before, "(") || ok && (strings.HasSuffix(list, "[") || strings.HasSuffix(list, "]"))
}

// part reads the body of a part of a multipart form, behind name="password".
func (s *scanner) part(w named, i int) {
	v := s.v
	if w.from < 6 || !strings.Contains(v[max(w.from-12, 0):w.from], "name=") {
		return
	}
	const longest = 256
	for _, blank := range [...]string{"\r\n\r\n", "\n\n", `\r\n\r\n`, `\n\n`} {
		if n := strings.Index(v[max(i-8, 0):min(i+longest, len(v))], blank); n >= 0 {
			at := max(i-8, 0) + n + len(blank)
			s.accept(w, at, lineStop(v, at, ""), false)
			return
		}
	}
}

// called reads the arguments of a call whose name names a secret, setPassword("…"), new Credential("ada", "…"),
// BearerToken("…"), up to the parenthesis that closes it. A lookup such as getToken("cart") is given a name instead.
func (s *scanner) called(w named, i int) {
	const longest = 256
	v := s.v
	name := v[w.from:w.to]
	name = name[strings.LastIndexByte(name, '.')+1:]
	if !lex.Upper(name[0]) && !setter(name) {
		return
	}
	for k := i + 1; k < len(v) && k-i < longest && v[k] != ')' && v[k] != '('; {
		from, to, next := literal(v, k, false)
		s.accept(w, from, to, true)
		k = max(next, k+1)
	}
}
