package facts

import (
	"regexp"
	"strings"
)

// Secret tells whether an attribute's value looks like a secret, and of which sort: "password", "token", "private
// key". It goes by the last word of the key and by the form of the value. What the exporter masked already
// ("****", "[Filtered]", "?") is none, nor are counts of tokens.
func Secret(key, value string) (sort string, ok bool) {
	if len(value) < secretLeast || masked(value) {
		return "", false
	}
	// A plain number is a count or an id: cards and pins stay visible rather than every order id hidden.
	if sort, ok := secretKey(key); ok && digits(value) < len(value) {
		return sort, true
	}
	for _, form := range secretForms {
		if form.hint != "" && !strings.Contains(value, form.hint) {
			continue
		}
		if form.pattern.MatchString(value) {
			return form.sort, true
		}
	}
	return "", false
}

// secretLeast is the shortest value, in bytes, that is worth hiding.
const secretLeast = 4

// secretKeys match the end of a key, behind a separator or at its beginning.
var secretKeys = []struct {
	sort    string
	pattern *regexp.Regexp
}{
	{"password", regexp.MustCompile(`(?i)(?:^|[._-])(?:pass(?:word|wd)?|pin)$`)},
	{"token", regexp.MustCompile(`(?i)(?:^|[._-])(?:token|authorization|api[_-]?key|access[_-]?key|session(?:[_-]?id)?)$`)},
	{"secret", regexp.MustCompile(`(?i)(?:^|[._-])(?:secret|client[_-]?secret|private[_-]?key)$`)},
	{"cookie", regexp.MustCompile(`(?i)(?:^|[._-])(?:set-)?cookie$`)},
	{"card or account", regexp.MustCompile(`(?i)(?:^|[._-])(?:ssn|cvv|cvc|card(?:[_-]?number)?|pan|iban)$`)},
}

func secretKey(key string) (sort string, ok bool) {
	for _, k := range secretKeys {
		if k.pattern.MatchString(key) {
			return k.sort, true
		}
	}
	return "", false
}

// secretForms match values whatever their key. The hint is text that every match contains: it is cheap to look for.
var secretForms = []struct {
	sort, hint string
	pattern    *regexp.Regexp
}{
	{"private key", "-----BEGIN", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	{"token", "eyJ", regexp.MustCompile(`\beyJ[\w-]+\.eyJ[\w-]+\.`)},
	{"access key", "IA", regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"token", "gh", regexp.MustCompile(`\bgh[pousr]_\w{36}`)},
	{"token", "xox", regexp.MustCompile(`\bxox[baprs]-\w`)},
	{"token", "Bearer ", regexp.MustCompile(`\bBearer [A-Za-z0-9+/._~-]{8,}=*`)},
	{"password", "Basic ", regexp.MustCompile(`\bBasic [A-Za-z0-9+/]*[0-9=][A-Za-z0-9+/=]*`)},
	{"password", "://", regexp.MustCompile(`://[^/\s:@]+:[^/\s:@*?]+@`)},
	{"password", "=", regexp.MustCompile(`(?i)\b(?:password|pwd)=[^\s;&'"*?$:]{2,}`)},
}

// maskedForm is what exporters put in the place of a secret.
var maskedForm = regexp.MustCompile(`(?i)^(?:[*x?.•]+|\[?<?(?:filtered|redacted|masked|removed|hidden|scrubbed)>?\]?)$`)

func masked(value string) bool { return maskedForm.MatchString(value) }
