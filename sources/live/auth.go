package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// mask stands for a secret in what is shown, as everywhere in the program.
const mask = "****"

// longestSecret bounds a token in bytes: servers refuse longer headers.
const longestSecret = 64 << 10

// secret is a text that is sent and never shown.
type secret string

func (secret) String() string   { return mask }
func (secret) GoString() string { return mask }

// credentials are what a backend is given beside each question: a token, a user with a password, both, or neither.
type credentials struct {
	header   string // of the token
	token    *credential
	user     string
	password *credential
}

func newCredentials(a Auth, env func(string) string) *credentials {
	return &credentials{
		header:   cmp.Or(a.TokenHeader, "Authorization"),
		token:    newCredential("token", a.TokenCommand, a.TokenFile, a.TokenEnv, env),
		user:     a.User,
		password: newCredential("password", a.PasswordCommand, a.PasswordFile, a.PasswordEnv, env),
	}
}

// signature is what credentials were when a question was asked.
type signature struct{ token, password issue }

// sign returns the credentials.
func (cs *credentials) sign(ctx context.Context) (signature, error) {
	return cs.since(ctx, signature{})
}

// renew returns credentials for one more try after a server refused those of before, and false where they are the same.
func (cs *credentials) renew(ctx context.Context, before signature) (signature, bool, error) {
	s, err := cs.since(ctx, before)
	return s, err == nil && (s.token.text != before.token.text || s.password.text != before.password.text), err
}

func (cs *credentials) since(ctx context.Context, before signature) (s signature, err error) {
	if cs.token != nil {
		if s.token, err = cs.token.since(ctx, before.token.number); err != nil {
			return s, err
		}
	}
	if cs.password != nil {
		s.password, err = cs.password.since(ctx, before.password.number)
	}
	return s, err
}

// put writes the credentials into the headers of a request.
func (cs *credentials) put(s signature, header http.Header) {
	if cs.password != nil {
		header.Set("Authorization", "Basic "+cs.basic(s.password.text))
	}
	if cs.token == nil {
		return
	}
	token := string(s.token.text)
	switch http.CanonicalHeaderKey(cs.header) {
	case "Authorization", "Proxy-Authorization":
		if !strings.Contains(token, " ") { // else it names its scheme
			token = "Bearer " + token
		}
	}
	header.Set(cs.header, token)
}

func (cs *credentials) basic(password secret) string {
	return base64.StdEncoding.EncodeToString([]byte(cs.user + ":" + string(password)))
}

// How long a secret is that is looked for, in bytes: a shorter one may stand in any word or number, and to mask it there
// would tell it. What is sent of a password is longer.
const (
	leastInMessage = 4
	leastInAnswer  = 8
)

// hide replaces the secrets that were had so far in a message.
func (cs *credentials) hide(text string) string {
	return string(cs.masked([]byte(text), leastInMessage, false))
}

// masked replaces the secrets that were had so far, of so many bytes or more.
func (cs *credentials) masked(text []byte, least int, framed bool) []byte {
	for _, one := range cs.token.issued() {
		text = masked(text, string(one), least, framed)
		if _, alone, ok := strings.Cut(string(one), " "); ok { // behind a scheme
			text = masked(text, alone, least, framed)
		}
	}
	for _, one := range cs.password.issued() {
		text = masked(text, cs.basic(one), least, framed)
		text = masked(text, string(one), least, framed)
	}
	return text
}

// masked replaces a secret in a text, however JSON, an address or a web page write its characters. It returns the text
// itself where the secret is not in it. What is framed keeps its length: in protobuf it stands before each text.
func masked(text []byte, secret string, least int, framed bool) []byte {
	if len(secret) < least {
		return text
	}
	number := strings.Trim(secret, "0123456789") == "" && !framed
	var to []byte
	from := 0
	for i := 0; i < len(text); {
		if c := text[i]; c != secret[0] && c != '\\' && c != '%' && c != '&' {
			i++
			continue
		}
		n := spelled(text[i:], secret)
		if n == 0 || number && within(text, i, i+n) {
			i++
			continue
		}
		if to = append(to, text[from:i]...); framed {
			to = append(to, bytes.Repeat([]byte("*"), n)...)
		} else {
			to = append(to, mask...)
		}
		i += n
		from = i
	}
	if from == 0 {
		return text
	}
	return append(to, text[from:]...)
}

// within reports whether digits stand before or behind a part of a text: then a secret of digits is none, but a part of a time
// or a count, which is no JSON without it.
func within(text []byte, from, to int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(text) && '0' <= text[i] && text[i] <= '9' }
	return digit(from-1) || digit(to)
}

// spelled is how many bytes a secret takes that a text begins with; 0 where it does not.
func spelled(text []byte, secret string) int {
	if bytes.HasPrefix(text, []byte(secret)) {
		return len(secret)
	}
	n := 0
	for secret != "" {
		if n == len(text) {
			return 0
		}
		if c, took := unescaped(text[n:]); took > 0 && strings.HasPrefix(secret, c) {
			n, secret = n+took, secret[len(c):]
			continue
		}
		if text[n] != secret[0] {
			return 0
		}
		n, secret = n+1, secret[1:]
	}
	return n
}

// unescaped is the character that an escape at the start of a text stands for, \u002f, \/, %2F or &#47;, and how many bytes
// that takes; 0 where there is none.
func unescaped(text []byte) (c string, took int) {
	switch text[0] {
	case '\\':
		if r, ok := hexadecimal(text, 2, 6); ok && text[1] == 'u' {
			if low, ok := hexadecimal(text, 8, 12); ok && utf16.IsSurrogate(r) {
				return string(utf16.DecodeRune(r, low)), 12
			}
			return string(r), 6
		}
		if len(text) > 1 {
			return string(text[1:2]), 2
		}
	case '%':
		if r, ok := hexadecimal(text, 1, 3); ok {
			return string([]byte{byte(r)}), 3
		}
	case '&':
		if end := bytes.IndexByte(text[:min(len(text), longestEntity)], ';'); end > 0 {
			return html.UnescapeString(string(text[:end+1])), end + 1
		}
	}
	return "", 0
}

// longestEntity is more than a character takes in a web page, in bytes.
const longestEntity = 12

// hexadecimal reads the digits of a character at a place of a text.
func hexadecimal(text []byte, from, to int) (rune, bool) {
	if len(text) < to {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[from:to]), 16, 16)
	return rune(n), err == nil
}

// advice says what is wrong with credentials that a server refused with a status: 403 is for those whom it knows.
func (cs *credentials) advice(status int) string {
	problem := "was not accepted"
	if status == http.StatusForbidden {
		problem = "does not give access: ask for it, or set another"
	}
	switch {
	case cs.token != nil && cs.password != nil:
		return fmt.Sprintf("the token of %s, or the password of user %s, %s", cs.token.name, cs.user, problem)
	case cs.token != nil:
		return fmt.Sprintf("the token of %s %s", cs.token.name, problem)
	case cs.password != nil:
		return fmt.Sprintf("user %s with the password of %s %s", cs.user, cs.password.name, problem)
	}
	return "set token_command, token_env, or user and password_file in the configuration"
}

// credential is one secret, which is read when it is first needed and again when a server refused it.
type credential struct {
	what string // token or password
	name string // the setting that says where it comes from, as messages show it
	have func(context.Context) (string, error)

	turn chan struct{} // who holds it may ask

	mutex sync.Mutex
	all   []secret // that were had; the last one counts
}

// issue is a secret with its number, counted from 1.
type issue struct {
	text   secret
	number int
}

// newCredential returns nil where none is configured.
func newCredential(what string, command []string, file, variable string, env func(string) string) *credential {
	c := &credential{what: what, turn: make(chan struct{}, 1)}
	switch {
	case command != nil:
		c.name = what + "_command " + command[0]
		c.have = func(ctx context.Context) (string, error) { return output(ctx, command, commandTime) }
	case file != "":
		c.name = what + "_file " + file
		c.have = func(context.Context) (string, error) { return contents(file) }
	case variable != "":
		c.name = what + "_env " + variable
		c.have = func(context.Context) (string, error) {
			if text := env(variable); text != "" {
				return text, nil
			}
			return "", errors.New("is not set")
		}
	default:
		return nil
	}
	return c
}

// since returns the secret that came after a number, and has a new one where there is none yet. Those who ask at the same
// time get the same one.
func (c *credential) since(ctx context.Context, number int) (issue, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return issue{}, ctx.Err()
	}
	if all := c.issued(); len(all) > number {
		return issue{all[len(all)-1], len(all)}, nil
	}
	text, err := c.have(ctx)
	if err == nil {
		text, err = oneLine(text)
	}
	switch {
	case ctx.Err() != nil:
		return issue{}, ctx.Err()
	case err != nil:
		return issue{}, fmt.Errorf("%s %w", c.name, err)
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if number == 0 || c.all[number-1] != secret(text) {
		c.all = append(c.all, secret(text))
	}
	return issue{secret(text), len(c.all)}, nil
}

func (c *credential) issued() []secret {
	if c == nil {
		return nil
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.all[:len(c.all):len(c.all)]
}

// oneLine takes what stands in a line alone, as programs and editors end a line. No error shows any of it.
func oneLine(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", errors.New("gave nothing, expected one line")
	case len(text) > longestSecret:
		return "", errors.New("gave more than 64 KiB")
	case strings.ContainsAny(text, "\r\n"):
		return "", errors.New("gave several lines, expected one")
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", errors.New("gave control characters")
	}
	return text, nil
}

func contents(file string) (string, error) {
	info, err := os.Stat(file)
	if err == nil && info.Size() > longestSecret {
		return "", errors.New("holds more than 64 KiB")
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(file)
	}
	var path *os.PathError
	if errors.As(err, &path) {
		return "", fmt.Errorf("cannot be read: %w", path.Err)
	}
	return string(data), err
}

// commandTime is how long a command may take. Who has to log in cannot do so here: it has no terminal.
const commandTime = 10 * time.Second
