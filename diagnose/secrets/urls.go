package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// userinfos reads user:password@ and token@ behind each "://". Passwords hold / # ? and @ where nobody escaped them, so
// the last "@" counts that a host stands behind.
func (s *search) userinfos() {
	v := s.v
	for at := 0; ; {
		n := strings.Index(v[at:], "://")
		if n < 0 {
			return
		}
		at += n + len("://")
		s.userinfo(at)
	}
}

// longestUserinfo is how far an "@" is looked for.
const longestUserinfo = 256

func (s *search) userinfo(i int) {
	v := s.v
	end := i
	for end < len(v) && end-i < longestUserinfo && strings.IndexByte(" \t\r\n\"'<>`", v[end]) < 0 && !strings.HasPrefix(v[end:], "://") {
		end++
	}
	text := v[i:end]
	sign := -1
	for k := len(text) - 1; k >= 0; k-- {
		if text[k] == '@' && hosts(text[k+1:]) {
			sign = k
			break
		}
	}
	if sign <= 0 && !strings.HasSuffix(text, "@") {
		return
	}
	if sign < 0 {
		sign = len(text) - 1
	}
	colon := strings.IndexByte(text[:sign], ':')
	special := strings.IndexAny(text[:sign], "/?#,")
	if special >= 0 && (colon < 0 || colon > special || portThenPath(text[colon+1:sign])) {
		return // a path with an "@" in it
	}
	if colon < 0 {
		if n := sign; n >= 20 && mixed(text[:n]) { // a token in place of a user
			s.add(Token, i, i+n, true)
		}
		return
	}
	if sign-colon > 1 && !maskedAlready(text[colon+1:sign]) {
		s.add(Password, i+colon+1, i+sign, true)
	}
}

// portThenPath reports whether what is behind the colon is a port and a path: 8080/a@b.
func portThenPath(text string) bool {
	n := 0
	for n < len(text) && lex.Digit(text[n]) {
		n++
	}
	return n > 0 && n <= 5 && n < len(text) && strings.IndexByte("/?#", text[n]) >= 0
}

// hosts reports whether a text begins with the name of a host, or with nothing.
func hosts(text string) bool {
	if text == "" {
		return true
	}
	return lex.Alnum(text[0]) || text[0] == '[' || text[0] == '/' || text[0] == '$' || text[0] == '{'
}

// addresses looks at each "@": user:password@tcp(host) of Go's drivers, scott/tiger@host of Oracle's, and e-mail
// addresses.
func (s *search) addresses() {
	v := s.v
	for at := 0; ; at++ {
		n := strings.IndexByte(v[at:], '@')
		if n < 0 {
			return
		}
		at += n
		if strings.HasPrefix(v[at+1:], "tcp(") || strings.HasPrefix(v[at+1:], "unix(") || strings.HasPrefix(v[at+1:], "//") || strings.Contains(v[max(at-longestUserinfo, 0):at], "oracle:") {
			s.driver(at)
			continue
		}
		s.email(at)
	}
}

// driver reads the password before the "@" of a data source without a scheme.
func (s *search) driver(at int) {
	from := at
	for from > 0 && at-from < longestUserinfo && strings.IndexByte(" \t\r\n\"'<>`=,", s.v[from-1]) < 0 {
		from--
	}
	text := s.v[from:at]
	cut := strings.IndexByte(text, ':')
	if n := strings.LastIndexByte(text, '/'); n > 0 && !strings.HasPrefix(s.v[at+1:], "tcp(") && !strings.HasPrefix(s.v[at+1:], "unix(") { // jdbc:oracle:thin:scott/tiger@//db
		cut = strings.LastIndexByte(text, '/')
	}
	if cut < 0 || at-from-cut < 3 || maskedAlready(text[cut+1:]) {
		return
	}
	s.add(Password, from+cut+1, at, true)
}

// nobody ends the domains of documentation, of machines, and file names that hold an "@".
var nobody = []string{"example.com", "example.org", "example.net", ".example", ".png", ".jpg", ".svg", ".js", ".css"}

// privateDomains are last labels that no public DNS resolves.
var privateDomains = lex.Set("local localhost internal intranet private lan corp home svc cluster consul docker kube localdomain arpa invalid " +
	"prod production staging stage stg qa test default")

// email reads an address around the "@" at i. Addresses of machines and of documentation are nobody's.
func (s *search) email(i int) {
	const longest = 64
	v := s.v
	from := i
	for from > 0 && i-from < longest && (lex.Alnum(v[from-1]) || strings.IndexByte("_.%+-", v[from-1]) >= 0) {
		from--
	}
	to := i + 1
	for to < len(v) && to-i < 4*longest && (lex.Alnum(v[to]) || v[to] == '-' || v[to] == '.') {
		to++
	}
	domain := strings.ToLower(strings.TrimRight(v[i+1:to], ".-"))
	last := strings.LastIndexByte(domain, '.')
	if from == i || last <= 0 || v[from:i] == "git" || from > 0 && (v[from-1] == '/' || v[from-1] == ':') || !lex.Alnum(domain[0]) {
		return
	}
	if label := domain[last+1:]; len(label) < 2 || privateDomains[label] || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz") != "" && !strings.HasPrefix(label, "xn--") || strings.Contains(domain, ".svc.") {
		return
	}
	for _, end := range nobody {
		if strings.HasSuffix(domain, end) {
			return
		}
	}
	s.add(Email, from, i+1+len(domain), true)
}
