package live

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Check says what is wrong with a configuration, and which setting it is about; "" for none of them alone. It opens
// nothing.
func (c Config) Check() (setting string, err error) {
	c.Kind = cmp.Or(c.Kind, Auto)
	return c.checkAs("jaeger, tempo or auto", Kinds())
}

// checkAs checks the configuration of a server of one of some kinds, which are expected in so many words.
func (c Config) checkAs(expected string, kinds []Kind) (setting string, err error) {
	switch {
	case c.Kind == "":
		return "", errors.New("kind is missing: expected " + expected)
	case !slices.Contains(kinds, c.Kind):
		return "kind", fmt.Errorf("unknown kind %q: expected %s", c.Kind, expected)
	}
	if c.URL == "" {
		return "", errors.New("url is missing")
	}
	at, err := parsePlace(c.URL)
	if err != nil {
		return "url", err
	}
	if !headerValue(c.Tenant) {
		return "tenant", errors.New("control characters cannot stand in a header")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		if err := CheckHeader(name, c.Headers[name]); err != nil {
			return "headers", err
		}
	}
	if setting, err := c.Auth.check(); err != nil {
		return setting, err
	}
	switch {
	case c.TLS.CertFile != "" && c.TLS.KeyFile == "":
		return "cert_file", errors.New("the key is missing: set key_file")
	case c.TLS.CertFile == "" && c.TLS.KeyFile != "":
		return "key_file", errors.New("the certificate is missing: set cert_file")
	}
	if c.Auth.given() && at.base.Scheme == "http" && !at.loopback() && !c.Plain {
		return "url", fmt.Errorf("credentials would cross the network as plain text to %s: use https, a port-forward, or plain = true", at)
	}
	return "", nil
}

// named puts the server's name before the result of Check; nil for nothing.
func (c Config) named(setting string, err error) error {
	switch {
	case err == nil:
		return nil
	case setting == "":
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	return fmt.Errorf("%s: %s: %w", c.Name, setting, err)
}

// Kinds lists the kinds that a configuration names.
func Kinds() []Kind { return []Kind{Auto, Jaeger, Tempo} }

// check looks at where credentials come from.
func (a Auth) check() (setting string, err error) {
	tokens := settings(named{"token_command", a.TokenCommand != nil}, named{"token_file", a.TokenFile != ""}, named{"token_env", a.TokenEnv != ""})
	passwords := settings(named{"password_command", a.PasswordCommand != nil}, named{"password_file", a.PasswordFile != ""}, named{"password_env", a.PasswordEnv != ""})
	switch {
	case len(tokens) > 1:
		return tokens[1], fmt.Errorf("the token comes from one place, %s gives it already", tokens[0])
	case len(passwords) > 1:
		return passwords[1], fmt.Errorf("the password comes from one place, %s gives it already", passwords[0])
	case a.TokenHeader != "" && len(tokens) == 0:
		return "token_header", errors.New("there is no token: set token_command, token_file or token_env")
	case a.TokenHeader != "" && (!isToken(a.TokenHeader) || ownHeader(a.TokenHeader)):
		return "token_header", fmt.Errorf("expected the name of a header such as X-Api-Key, got %q", a.TokenHeader)
	case a.User != "" && len(passwords) == 0:
		return "user", errors.New("there is no password: set password_command, password_file or password_env")
	case a.User == "" && len(passwords) > 0:
		return passwords[0], errors.New("there is no user: set user")
	case strings.Contains(a.User, ":") || !headerValue(a.User):
		return "user", errors.New("expected a name without colons and control characters")
	case len(tokens) > 0 && a.User != "" && http.CanonicalHeaderKey(cmp.Or(a.TokenHeader, "Authorization")) == "Authorization":
		return tokens[0], errors.New("the token and the user would both stand in Authorization: set token_header")
	case a.TokenCommand != nil && !runs(a.TokenCommand):
		return "token_command", errNoCommand
	case a.PasswordCommand != nil && !runs(a.PasswordCommand):
		return "password_command", errNoCommand
	}
	return "", nil
}

var errNoCommand = errors.New(`expected a program and its arguments, such as ["gcloud", "auth", "print-identity-token"]`)

func runs(command []string) bool { return len(command) > 0 && command[0] != "" }

// given reports whether there are credentials.
func (a Auth) given() bool {
	return a.TokenCommand != nil || a.TokenFile != "" || a.TokenEnv != "" || a.User != ""
}

// Commands lists the settings that name commands.
func (a Auth) Commands() []string {
	return settings(named{"token_command", a.TokenCommand != nil}, named{"password_command", a.PasswordCommand != nil})
}

// named is a setting, and whether it is given.
type named struct {
	name string
	set  bool
}

func settings(all ...named) []string {
	var names []string
	for _, one := range all {
		if one.set {
			names = append(names, one.name)
		}
	}
	return names
}

// CheckHeader says why a header cannot be given by the configuration or the command line: it holds a secret, which both
// show to others, or the connection sets it.
func CheckHeader(name, value string) error {
	canonical := http.CanonicalHeaderKey(name)
	switch {
	case !isToken(name):
		return fmt.Errorf("expected the name of a header such as X-Team, got %q", name)
	case canonical == "Authorization", canonical == "Proxy-Authorization", canonical == "Cookie",
		strings.HasPrefix(canonical, "X-") && strings.HasSuffix(canonical, "-Key"), strings.HasSuffix(canonical, "-Token"):
		return fmt.Errorf("%s holds a secret: set token_header, and token_command, token_file or token_env", canonical)
	case ownHeader(canonical):
		return fmt.Errorf("%s is set by the connection", canonical)
	case !headerValue(value):
		return fmt.Errorf("%s: control characters cannot stand in a header", canonical)
	}
	return nil
}

// ownHeader reports whether a header is the business of the connection.
func ownHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Accept-Encoding", "User-Agent", "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Te", "Trailer":
		return true
	}
	return false
}

// isToken reports whether a text is a token of RFC 9110, which names of headers are.
func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		return !letter && !('0' <= r && r <= '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func headerValue(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
