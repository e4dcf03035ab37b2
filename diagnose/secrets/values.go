package secrets

import (
	"slices"
	"strings"

	"tracefall/diagnose/lex"
)

// holds reports whether a value can be what its key says, and whether that leaves no doubt.
func (c claim) holds(value string) (ok, sure bool) {
	if maskedAlready(value) {
		return false, false
	}
	n := lex.CountDigits(value)
	switch c.kind {
	case Card:
		return n >= 13 && n <= 19 && n >= len(value)-4 && luhn(value), issued(value, n)
	case Code:
		return n == len(value) && (n == 3 || n == 4), c.sure
	case OneTime:
		return oneTime(value, n), n >= 4
	case PIN:
		return n == len(value) && n >= 4 && n <= 8, c.sure
	case SSN:
		return n == 9 && len(value) <= 11, c.sure
	case IBAN:
		to := ibanEnd(value, 0)
		return to == len(value), true
	case Session:
		return n < len(value) && (c.sure && len(value) >= 4 || len(value) >= 8 && looksSecret(value)), c.sure
	case Cookie:
		return strings.Contains(value, "=") || looksSecret(value) || odd(value), true
	case Password:
		if isPath(value) || len(value) < 4 {
			return false, false
		}
		if c.sure {
			return true, !plainWords(value)
		}
		return looksSecret(value) || strings.HasPrefix(value, "$") || credentialPair(value), false
	default:
	}
	if scheme, rest := schemeOf(value); scheme != "" && len(rest) >= 4 && !maskedAlready(rest) {
		return !plainWords(rest) || c.sure && !strings.Contains(rest, " "), looksSecret(rest)
	}
	switch {
	case len(value) < 4, n == len(value) && (n < 8 || c.several || !c.sure): // a number is a count or an id
		return false, false
	case c.sure && c.kind == Token && sentence(value):
		return false, false
	case c.sure:
		return true, !plainWords(value)
	}
	return looksSecret(value) || (c.kind == Token || c.kind == Key) && odd(value), false
}

// given reports whether a value in quotes is what a word of little meaning names, though it is but letters:
// token='correcthorse', "secret": "correcthorse".
func (c claim) given(v string) bool {
	const least = 6
	return (c.kind == Token || c.kind == Password) && !c.several && len(v) >= least && !maskedAlready(v) && !isPath(v) &&
		strings.Trim(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// odd reports whether a value is one word of letters and digits, however they stand: tok-9.
func odd(v string) bool {
	const least = 6
	n := lex.CountDigits(v)
	if strings.Trim(v, "vV0123456789.") == "" { // a version
		return false
	}
	return len(v) >= least && n > 0 && n < len(v) && !isPath(v) && !strings.ContainsAny(v, " \t\n()<>{}[]|*,:/") && strings.ContainsAny(v, "abcdefghijklmnopqrstuvwxyz")
}

// spoken reports whether a word in a sentence is the secret that the word before it names, though it is short: hush9 of a
// password, six digits of a one-time code.
func (c claim) spoken(v string) bool {
	n := lex.CountDigits(v)
	switch c.kind {
	case OneTime, PIN, Code, SSN, Card, IBAN:
		return c.sure && n >= 3
	case Password:
		return c.sure && n > 0 && n < len(v) && len(v) >= 4 && !strings.ContainsAny(v, "()<>{}[]")
	case Token, Key:
		return c.sure && odd(v)
	default:
		return false
	}
}

// oneTime reports whether a value is a code that is sent to a phone or kept for a lost one.
func oneTime(v string, n int) bool {
	return n >= 4 && len(v) <= 24 || len(v) >= 6 && len(v) <= 40 && n > 0 || len(v) >= 16 && !strings.Contains(v, " ")
}

// credentialPair reports whether a value is user:password.
func credentialPair(v string) bool {
	user, password, ok := strings.Cut(v, ":")
	return ok && user != "" && len(password) >= 4 && !strings.ContainsAny(v, " /")
}

// isPath reports whether a value is a path of a file: of PWD, the working directory, not of a password.
func isPath(v string) bool {
	drive := len(v) > 2 && v[1] == ':' && (v[2] == '\\' || v[2] == '/') && !lex.Digit(v[0])
	return drive || v[0] == '/' && (strings.Count(strings.Trim(v, "/"), "/") > 0 || plainWords(v) && v[len(v)-1] != '/') && !strings.ContainsAny(v, "=+ ") || strings.HasPrefix(v, "~/") || strings.HasPrefix(v, "./")
}

// sentence reports whether a value is words for people: invalid credentials for user.
func sentence(v string) bool { return strings.Count(v, " ") >= 2 && plainWords(v) }

// plainWords reports whether a text is letters, in words that spaces, dashes, points or underscores part.
func plainWords(v string) bool {
	return run(v, 0, func(c byte) bool { return lex.Letter(c) || strings.IndexByte(" -_.,/'", c) >= 0 }) == len(v)
}

// looksSecret reports whether a value looks made up rather than like a word, a name, a number, a path or a date: letters
// and digits mixed within a word, or long and of both cases.
func looksSecret(v string) bool {
	const least = 6
	if len(v) < least || isPath(v) || strings.ContainsAny(v, " \t\n()<>{}[]|*,") || strings.Contains(v, "://") {
		return false
	}
	from := 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && strings.IndexByte("-_./:@=+~!#$%&^?;\\\"'`", v[i]) < 0 {
			continue
		}
		if mixed(v[from:i]) {
			return true
		}
		from = i + 1
	}
	return false
}

// mixed reports whether a word is of letters and digits as ids and secrets are, or of both cases as base 64 is.
func mixed(word string) bool {
	const leastMixed, leastWithin, leastCases = 6, 4, 16
	digits, uppers, changes, within := 0, 0, 0, false
	for i := range len(word) {
		switch c := word[i]; {
		case lex.Digit(c):
			digits++
		case lex.Upper(c):
			uppers++
		case !lex.Lower(c) && c < 0x80:
			return false
		}
		within = within || i > 0 && i+1 < len(word) && lex.Digit(word[i]) && lex.Lower(word[i-1]) && lex.Lower(word[i+1])
		if i > 0 && lex.Upper(word[i]) != lex.Upper(word[i-1]) {
			changes++
		}
	}
	if digits > 0 && digits < len(word) {
		return len(word) >= leastMixed || within && len(word) >= leastWithin
	}
	return len(word) >= leastCases && uppers > 2 && uppers < len(word) && 3*changes > len(word)
}

// maskWords are what people write in place of a secret.
var maskWords = lex.Set("redacted filtered masked hidden removed none null nil undefined true false yes no n/a anonymous required optional " +
	"enabled disabled empty unknown default bearer basic string secret password token changed present absent unset " +
	"valid invalid expired missing found provided passed failed success verified allow allowed deny denied granted permitted rejected accepted " +
	"active inactive established authenticated created closed opened ended started primary secondary refresh access jwt oauth oauth2 saml oidc " +
	"id_token access_token refresh_token include omit same-origin incorrect wrong correct unexpected placeholder example changeit varchar text bool boolean int number object array " +
	"username user name email login id digest negotiate apikey api_key cookie session authorization resumed issued new anonymous protected private secured confidential encrypted rbac abac acl sensitive obfuscated scrubbed elided")

// references begin what names a secret that is kept elsewhere.
var references = []string{"arn:", "projects/", "secret/", "secrets/", "vault:", "file:", "env:", "ref:", "/run/secrets/", "/var/run/secrets/", "op://", "ssm:"}

// complaints begin what validators say of a value, in its place.
var complaints = []string{"is ", "must ", "should ", "cannot ", "can't ", "may ", "too ", "not ", "does ", "has to ", "required ", "invalid "}

// maskedAlready reports whether a value holds no secret any more, or never did: stars, "[Filtered]", a placeholder.
func maskedAlready(value string) bool {
	v := strings.Trim(value, "[]\"' \t\r\n")
	if v == "" || len(value) < 256 && strings.Contains(v, "***") || strings.HasPrefix(v, "xxxx") || strings.HasPrefix(v, "XXXX") || placeholder(v) {
		return true
	}
	if word, rest := schemeOf(v); word != "" {
		v = strings.Trim(rest, "[]\"' ")
	}
	star := func(c byte) bool { return strings.IndexByte("*xX#?.-_ \u2022", c) >= 0 }
	return placeholder(v) || len(v) < 16 && maskWords[strings.ToLower(v)] || begins(v, complaints) || begins(v, references) || run(v, 0, star) == len(v)
}

// placeholder reports whether a text stands for a value that is somewhere else: ${VAR}, $1, %s, {{ name }}, <hidden>.
// A password may begin with the same signs: $2b$12$…, @home4711.
func placeholder(v string) bool {
	if len(v) < 2 || len(v) > 64 {
		return false
	}
	inner := v[1 : len(v)-1]
	switch last := v[len(v)-1]; v[0] {
	case '$':
		return v[1] == '{' && last == '}' || v[1] == '(' || lex.CountDigits(v) == len(v)-1 || strings.Trim(v[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
	case '%':
		return v[1] == '(' || strings.TrimLeft(v, "%") == "s" || strings.TrimLeft(v, "%") == "d" || len(v) == 2 && lex.Lower(v[1]) || last == '%' && plainWords(inner)
	case '@', ':':
		return claimOf(v[1:]).kind != "" || strings.Trim(v[2:], "0123456789") == "" && lex.Lower(v[1]) // @password, :p0
	case '<':
		return last == '>' && plainWords(inner)
	case '{':
		return last == '}' && (v[1] == '{' || plainWords(inner) || lex.CountDigits(inner) == len(inner))
	}
	return false
}

// schemes are how Authorization headers begin.
var schemes = []string{"bearer", "basic", "digest", "negotiate", "ntlm", "apikey", "api-key", "token", "hawk", "hoba", "mutual", "aws4-hmac-sha256", "sharedkey", "sharedaccesssignature", "oauth", "key", "jwt", "splunk", "githubtoken", "genie-key", "session", "aws"}

// schemeOf cuts the scheme off an Authorization header; "" where there is none.
func schemeOf(v string) (scheme, rest string) {
	word, rest, ok := strings.Cut(v, " ")
	known := func(s string) bool { return len(s) == len(word) && strings.EqualFold(s, word) }
	if !ok || !slices.ContainsFunc(schemes, known) {
		return "", ""
	}
	return word, strings.TrimLeft(rest, " ")
}
