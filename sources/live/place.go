package live

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// place is where a backend is: an address, or a socket of this machine.
type place struct {
	base   url.URL // scheme, host and path, whose last slash is gone; of a socket http://localhost
	socket string  // path of a unix socket, "" for none
}

// parsePlace reads the URL of a backend: http://…, https://…, unix:/run/x.sock, or unix:/run/x.sock:/path.
func parsePlace(text string) (place, error) {
	if rest, ok := strings.CutPrefix(text, "unix:"); ok {
		socket, path, _ := strings.Cut(rest, ":")
		if !filepath.IsAbs(socket) {
			return place{}, errors.New("expected the whole path of a socket, such as unix:/run/jaeger.sock")
		}
		return place{url.URL{Scheme: "http", Host: "localhost", Path: strings.TrimRight(path, "/")}, socket}, nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		// What url.Parse says would show a password that stands in it.
		if bare, err := url.Parse("http://" + text); err == nil && bare.Host != "" && !strings.Contains(text, "://") && !strings.ContainsAny(text, "@?#") {
			return place{}, fmt.Errorf("expected http:// or https:// in front, as in %s", bare)
		}
		return place{}, errors.New("expected an address such as https://jaeger.corp/jaeger")
	case u.User != nil:
		return place{}, errors.New("expected no user in the address: give user and password_file")
	case u.RawQuery != "" || u.Fragment != "":
		return place{}, errors.New("expected an address without ? and #")
	}
	base := url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}
	if u.RawPath != "" {
		base.RawPath = strings.TrimRight(u.RawPath, "/")
	}
	return place{base: base}, nil
}

// below returns the address of a path, escaped as in a URL, with parameters.
func (p place) below(path string, params url.Values) *url.URL {
	u := p.base
	escaped := u.EscapedPath() + path
	if plain, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = plain, escaped
	}
	u.RawQuery = params.Encode()
	return &u
}

// String is the place as messages show it.
func (p place) String() string {
	if p.socket != "" {
		return p.socket
	}
	return p.base.Host
}

// loopback reports whether the place is on this machine.
func (p place) loopback() bool {
	host := p.base.Hostname()
	ip := net.ParseIP(host)
	return p.socket != "" || host == "localhost" || ip != nil && ip.IsLoopback()
}

// question is what a server is asked.
type question struct {
	url    *url.URL
	accept string
}

// String is the question as the diagnostics show it.
func (q question) String() string { return http.MethodGet + " " + q.url.RequestURI() }

func (c *client) now() time.Time {
	if c.opt.Now == nil {
		return time.Time{}
	}
	return c.opt.Now()
}

// log tells of an event. A redirect may have put a secret into the address that is asked.
func (c *client) log(e Event) {
	if c.opt.Log != nil {
		e.Request, e.Text = c.credentials.hide(e.Request), c.credentials.hide(e.Text)
		c.opt.Log(e)
	}
}
