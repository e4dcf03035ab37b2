package secrets

import (
	"slices"
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

// longestUserinfo is how far an "@" is looked for, unquoted are bytes that stand in no URL.
const (
	longestUserinfo = 256
	unquoted        = blanks + "\"'<>`"
)

func (s *search) userinfo(i int) {
	v := s.v
	text, _, _ := strings.Cut(v[i:min(i+longestUserinfo+len("//"), len(v))], "://")
	text = text[:min(stop(text, 0, unquoted), longestUserinfo)]
	sign := strings.LastIndexByte(text, '@')
	for sign > 0 && !hosts(text[sign+1:]) {
		sign = strings.LastIndexByte(text[:sign], '@')
	}
	if sign <= 0 {
		return
	}
	colon := strings.IndexByte(text[:sign], ':')
	special := strings.IndexAny(text[:sign], "/?#,")
	if special >= 0 && (colon < 0 || colon > special || portThenPath(text[colon+1:sign])) {
		return // a path with an "@" in it
	}
	if colon < 0 {
		if sign >= 20 && mixed(text[:sign]) { // a token in place of a user
			s.add(Token, i, i+sign, true)
		}
		return
	}
	if sign-colon > 1 && !maskedAlready(text[colon+1:sign]) {
		s.add(Password, i+colon+1, i+sign, true)
	}
}

// portThenPath reports whether what is behind the colon is a port and a path: 8080/a@b.
func portThenPath(text string) bool {
	n := lex.Digits(text)
	return n > 0 && n <= 5 && n < len(text) && strings.IndexByte("/?#", text[n]) >= 0
}

// hosts reports whether a text begins with the name of a host, or with nothing.
func hosts(text string) bool {
	return text == "" || lex.Alnum(text[0]) || strings.IndexByte("[/${", text[0]) >= 0
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
	text := s.v[max(at-longestUserinfo, 0):at]
	text = text[strings.LastIndexAny(text, unquoted+"=,")+1:]
	cut := strings.IndexByte(text, ':')
	if n := strings.LastIndexByte(text, '/'); n > 0 && !strings.HasPrefix(s.v[at+1:], "tcp(") && !strings.HasPrefix(s.v[at+1:], "unix(") { // jdbc:oracle:thin:scott/tiger@//db
		cut = n
	}
	if word := text[cut+1:]; cut >= 0 && len(word) > 1 && !maskedAlready(word) {
		s.add(Password, at-len(word), at, true)
	}
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
	to := run(v[:min(i+4*longest, len(v))], i+1, func(c byte) bool { return lex.Alnum(c) || c == '-' || c == '.' })
	domain := strings.ToLower(strings.TrimRight(v[i+1:to], ".-"))
	last := strings.LastIndexByte(domain, '.')
	if from == i || last <= 0 || v[from:i] == "git" || from > 0 && (v[from-1] == '/' || v[from-1] == ':') || !lex.Alnum(domain[0]) {
		return
	}
	label := domain[last+1:]
	if len(label) < 2 || privateDomains[label] || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz") != "" && !strings.HasPrefix(label, "xn--") || strings.Contains(domain, ".svc.") {
		return
	}
	if !slices.ContainsFunc(nobody, func(end string) bool { return strings.HasSuffix(domain, end) }) {
		s.add(Email, from, i+1+len(domain), true)
	}
}
