package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// ServerError is an answer that is an error, or that could not be understood.
type ServerError struct {
	Status  int
	Message string // the server's, cleaned; "" for none
	Text    string // the whole line
}

func (e *ServerError) Error() string { return e.Text }

// errWebPage is the error of an answer that is a web page.
var errWebPage = errors.New("a web page, no query API; the API is under another path (Jaeger's base path, /select/jaeger, /select/tempo, a Grafana data source proxy)")

// failure is an error with a line of its own.
type failure struct {
	text string
	err  error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.err }

// failed says what went wrong on the way to a server or with a credential.
func (c *client) failed(err error) error {
	return &failure{c.config.Name + ": " + c.cleanTo(why(err, c.at, c.config.Timeout), 2*longestMessage), err}
}

func (c *client) webPage(r *reply) error {
	status := ""
	if r.status != http.StatusOK {
		status = fmt.Sprintf("%d and ", r.status)
	}
	return fmt.Errorf("%s: %s answers %s%w", c.config.Name, c.config.URL, status, errWebPage)
}

// said is the error for a reply that is none of those that were expected: its status and the server's message, cleaned.
func (c *client) said(r *reply) error {
	return c.serverError(r, fmt.Sprintf("%d", r.status), "")
}

// refused is the error for a credential that is missing or did not do.
func (c *client) refused(r *reply) error {
	message := c.message(r)
	advice := c.credentials.advice(r.status)
	if strings.Contains(message, "no org id") {
		advice = "set tenant in the configuration"
	}
	text := strings.TrimSpace(fmt.Sprintf("%d %s", r.status, message))
	return &ServerError{r.status, message, fmt.Sprintf("%s: refused (%s): %s", c.config.Name, text, advice)}
}

// stayed is the error for a status that did not pass.
func (c *client) stayed(r *reply, tries int) error {
	how := fmt.Sprintf("%d after %d tries:", r.status, tries)
	if tries == 1 {
		how = fmt.Sprintf("%d", r.status)
	}
	tail := ""
	if after := r.retryAfter(c.now()); after > longestWait {
		tail = fmt.Sprintf("; it asks to wait %s", lasting(after))
	}
	return c.serverError(r, how, tail)
}

func (c *client) serverError(r *reply, how, tail string) error {
	message := c.message(r)
	text := how
	switch {
	case message != "":
		text += " " + message
	case http.StatusText(r.status) != "":
		text += " " + http.StatusText(r.status)
	}
	return &ServerError{r.status, message, c.config.Name + ": " + text + tail}
}

// message is what a server says is wrong, cleaned: the text that its JSON holds in one of several ways, or the answer.
func (c *client) message(r *reply) string {
	if r.page() {
		return "a web page"
	}
	var said struct {
		Error   json.RawMessage
		Errors  []struct{ Msg, Message string }
		Message string
	}
	if len(r.body) > 64<<10 || json.Unmarshal(r.body, &said) != nil {
		return c.clean(string(r.body[:min(len(r.body), 4<<10)]))
	}
	var inner struct{ Message string }
	var text string
	switch {
	case said.Message != "":
		return c.clean(said.Message)
	case len(said.Errors) > 0:
		return c.clean(said.Errors[0].Msg + said.Errors[0].Message)
	case json.Unmarshal(said.Error, &inner) == nil && inner.Message != "":
		return c.clean(inner.Message)
	case json.Unmarshal(said.Error, &text) == nil && text != "":
		return c.clean(text)
	}
	return c.clean(string(r.body))
}

// longestMessage is how much of a text of others is shown, in characters.
const longestMessage = 200

// clean makes a text of others fit to stand in a line: no control characters, no secrets, and not too much of it.
func (c *client) clean(text string) string { return c.cleanTo(text, longestMessage) }

func (c *client) cleanTo(text string, most int) string {
	text = c.credentials.hide(text)
	if c.opt.Mask != nil {
		text = c.opt.Mask(text)
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	runes := []rune(strings.Join(words, " "))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}
