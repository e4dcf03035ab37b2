package facts

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"tracefall/sources/trace"
)

// SecretPart is a stretch of a value that should not be shown: bytes From up to To.
type SecretPart struct {
	Kind     SecretKind
	From, To int
}

// SecretKind is what a secret is.
type SecretKind string

// The kinds of secrets. An e-mail address is personal rather than secret; everything else opens or pays something.
const (
	SecretPassword SecretKind = "password"
	SecretToken    SecretKind = "token"
	SecretKey      SecretKind = "key"
	SecretCookie   SecretKind = "cookie"
	SecretSession  SecretKind = "session"
	SecretPrivate  SecretKind = "private key"
	SecretCard     SecretKind = "payment card number"
	SecretCode     SecretKind = "card verification code"
	SecretPIN      SecretKind = "PIN"
	SecretSSN      SecretKind = "social security number"
	SecretIBAN     SecretKind = "IBAN"
	SecretEmail    SecretKind = "e-mail address"
)

// Secret tells whether a value holds something that opens or pays something, and of which kind the first is. key is
// the attribute's key, or "" for a text without one. E-mail addresses are none.
func Secret(key, value string) (kind string, ok bool) {
	for _, part := range Secrets(key, value) {
		if part.Kind != SecretEmail {
			return string(part.Kind), true
		}
	}
	return "", false
}

// MaskText stands for a secret where it is masked; whatever its length was.
const MaskText = "****"

// Mask returns the value with its secrets replaced by MaskText, and whether there were any. E-mail addresses stay
// unless personal is set.
func Mask(key, value string, personal bool) (masked string, ok bool) {
	var b strings.Builder
	at := 0
	for _, s := range Secrets(key, value) {
		if s.Kind == SecretEmail && !personal {
			continue
		}
		b.WriteString(value[at:s.From])
		b.WriteString(MaskText)
		at, ok = s.To, true
	}
	if !ok {
		return value, false
	}
	b.WriteString(value[at:])
	return b.String(), true
}

// SpanName returns the span's name as it may be shown: with its secrets masked. Names hold URLs and commands where
// nobody normalised them.
func SpanName(s trace.Span) string {
	name, _ := Mask("", s.Name(), false)
	return name
}

// Secrets finds the secrets of a value, in order and without overlap. A key that names a secret makes all of the
// value one, unless it is masked already; otherwise the value is searched for what looks like one: tokens by their
// form, passwords by what they are assigned to, card numbers and IBANs by their check digits and issuers. It is
// linear in the value, and quick where there is nothing to find.
func Secrets(key, value string) []SecretPart {
	if len(value) < 3 {
		return nil
	}
	if kind := secretKey(key); kind != "" {
		if list := listed(kind, value); list != nil {
			return list
		}
		if secretValue(kind, value) {
			return []SecretPart{{kind, 0, len(value)}}
		}
		if masked(value) {
			return nil
		}
	}
	s := secretScan{key: key, v: value}
	for i := 0; i < len(value); {
		if !secretStart[value[i]] {
			i++
			continue
		}
		i = s.at(i)
	}
	if more := statementSecrets(key, value); len(more) > 0 {
		return merged(more, s.found)
	}
	return s.found
}

// listed finds the secrets in an array of texts, as the headers of HTTP are recorded: each of its elements is one.
func listed(kind SecretKind, value string) []SecretPart {
	if !strings.HasPrefix(value, `["`) || !strings.HasSuffix(value, `"]`) || len(value) < len(`[""]`) {
		return nil
	}
	var list []SecretPart
	from := len(`["`)
	for part := range strings.SplitSeq(value[from:len(value)-len(`"]`)], `","`) {
		if secretValue(kind, part) {
			list = append(list, SecretPart{kind, from, from + len(part)})
		}
		from += len(part) + len(`","`)
	}
	return list
}

// merged puts two lists in order; what overlaps a secret before it goes.
func merged(a, b []SecretPart) []SecretPart {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y SecretPart) int { return cmp.Compare(x.From, y.From) })
	kept := all[:0]
	for _, s := range all {
		if len(kept) == 0 || kept[len(kept)-1].To <= s.From {
			kept = append(kept, s)
		}
	}
	return kept
}

// keyEndings are the ends of keys that name a secret, lower case, words joined by points.
var keyEndings = []keyEnding{
	{"password", SecretPassword}, {"passwd", SecretPassword}, {"passphrase", SecretPassword}, {"pass", SecretPassword}, {"pwd", SecretPassword},
	{"secret", SecretPassword}, {"token", SecretToken}, {"authorization", SecretToken}, {"cookie", SecretCookie},
	{"api.key", SecretKey}, {"apikey", SecretKey}, {"access.key", SecretKey}, {"accesskey", SecretKey}, {"secret.key", SecretKey},
	{"private.key", SecretKey}, {"privatekey", SecretKey}, {"session", SecretSession}, {"sessionid", SecretSession}, {"jsessionid", SecretSession},
	{"ssn", SecretSSN}, {"cvv", SecretCode}, {"cvc", SecretCode}, {"card", SecretCard}, {"card.number", SecretCard},
	{"cardnumber", SecretCard}, {"pan", SecretCard}, {"iban", SecretIBAN}, {"pin", SecretPIN},
}

type keyEnding struct {
	end  string
	kind SecretKind
}

// endingsBy has the endings by their last byte, which most keys do not share.
var endingsBy = func() (table [256][]keyEnding) {
	for _, e := range keyEndings {
		last := e.end[len(e.end)-1]
		table[last] = append(table[last], e)
	}
	return table
}()

// secretKey returns what a key says that its value is, "" for nothing secret.
func secretKey(key string) SecretKind {
	const longest = 40
	if len(key) < 3 {
		return ""
	}
	last := key[len(key)-1]
	if isUpper(last) {
		last += 'a' - 'A'
	}
	endings := endingsBy[last]
	if len(endings) == 0 {
		return ""
	}
	key = key[max(len(key)-longest, 0):]
	var buf [2 * longest]byte
	words := buf[:0]
	for i := range len(key) {
		c := key[i]
		switch {
		case c == '_' || c == '-' || c == ' ' || c == '/':
			c = '.'
		case c >= 'A' && c <= 'Z':
			if c += 'a' - 'A'; i > 0 && key[i-1] >= 'a' && key[i-1] <= 'z' {
				words = append(words, '.')
			}
		}
		words = append(words, c)
	}
	for _, e := range endings {
		at := len(words) - len(e.end)
		if at >= 0 && string(words[at:]) == e.end && (at == 0 || words[at-1] == '.') {
			if e.kind == SecretToken && turnsPages(words[:at]) {
				return ""
			}
			return e.kind
		}
	}
	return ""
}

// turnsPages tells whether the words before "token" say that it opens nothing: page_token, nextToken.
func turnsPages(before []byte) bool {
	for _, word := range [...]string{"page.", "next.", "continuation.", "cancellation.", "resume.", "sync."} {
		if bytes.HasSuffix(before, []byte(word)) {
			return true
		}
	}
	return false
}

// secretValue tells whether a value can be what its key says.
func secretValue(kind SecretKind, value string) bool {
	if masked(value) {
		return false
	}
	n := countDigits(value)
	switch kind {
	case SecretCard:
		return n >= 13 && n <= 19 && n >= len(value)-4 && luhn(value)
	case SecretCode:
		return n == len(value) && (n == 3 || n == 4)
	case SecretPIN:
		return n == len(value) && n >= 4 && n <= 8
	case SecretSSN:
		return n == 9 && len(value) <= 11
	case SecretIBAN:
		return ibanEnd(value, 0) == len(value)
	case SecretPassword:
		return len(value) >= 4
	default:
	}
	if kind == SecretSession {
		return len(value) >= 8 && n < len(value)
	}
	return len(value) >= 4 && n < len(value) // a number is a count or an id
}

// maskWords are what people write in place of a secret.
var maskWords = wordSet("redacted filtered masked hidden removed none null nil undefined true false yes no n/a anonymous required optional " +
	"enabled disabled empty unknown default bearer basic string secret password token changed present absent unset " +
	"valid invalid expired missing found provided passed failed success verified allow allowed deny denied granted permitted rejected accepted " +
	"active inactive established authenticated created closed opened ended started primary secondary refresh access jwt oauth oauth2 saml oidc " +
	"id_token access_token refresh_token")

// references begin what names a secret that is kept elsewhere.
var references = []string{"arn:", "projects/", "secret/", "secrets/", "vault:", "file:", "env:"}

// complaints begin what validators say of a value, in its place.
var complaints = []string{"is ", "must ", "should ", "cannot ", "can't ", "may ", "too ", "not ", "does ", "has to ", "required ", "invalid "}

// masked tells whether a value holds no secret any more, or never did: stars, "[Filtered]", a placeholder.
func masked(value string) bool {
	v := strings.Trim(value, "[]\"' ")
	if v == "" || len(value) < 256 && strings.Contains(v, "***") || strings.HasPrefix(v, "xxxx") || strings.HasPrefix(v, "XXXX") {
		return true
	}
	if placeholder(v) {
		return true
	}
	if word, rest, ok := strings.Cut(v, " "); ok && (strings.EqualFold(word, "bearer") || strings.EqualFold(word, "basic")) {
		v = strings.Trim(rest, "[]\"' ")
	}
	if len(v) < 16 && maskWords[strings.ToLower(v)] {
		return true
	}
	begins := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return len(v) > len(w) && strings.EqualFold(v[:len(w)], w) })
	}
	if begins(complaints) || begins(references) {
		return true
	}
	for i := range len(v) {
		if strings.IndexByte("*xX#?.-_ \u2022", v[i]) < 0 {
			return false
		}
	}
	return true
}

// placeholder tells whether a text stands for a value that is somewhere else: ${VAR}, $1, %s, :name, @p0, <hidden>.
func placeholder(v string) bool {
	if len(v) < 2 || len(v) > 64 {
		return false
	}
	switch v[0] {
	case '$':
		return v[1] == '{' || v[1] == '(' || isDigit(v[1])
	case '%':
		return v[1] == '(' || v[1:] == "s" || v[1:] == "d"
	case '@', ':':
		return strings.IndexFunc(v[1:], func(r rune) bool { return r > 0x7f || !isWord(byte(r)) }) < 0
	case '<':
		return v[len(v)-1] == '>'
	case '{':
		return v[len(v)-1] == '}' && !strings.Contains(v, "\"")
	}
	return false
}
