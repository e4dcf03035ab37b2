package live

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What a connection takes where the configuration does not say otherwise.
const (
	defaultTimeout   = 30 * time.Second // to the first byte
	defaultMaxAnswer = 256 << 20        // bytes
	defaultParallel  = 2
	connectTime      = 5 * time.Second // to a connection, and again to its TLS session
)

// client is the connection to one backend.
//
//	get -> tries -> signed -> follow -> exchange -> server
//
// tries asks again where that may help, signed adds the credentials and has them anew after a 401, follow goes after
// redirects, exchange is one request and its answer. All may be called from several goroutines.
type client struct {
	config Config // with the defaults filled in
	opt    Options
	at     place
	header http.Header // what the configuration adds to each request; no credentials
	slots  chan struct{}

	credentials *credentials

	transport *http.Transport
	bare      *http.Transport // without the certificate of the client

	pause  func(context.Context, time.Duration) error
	jitter func() float64 // from -1 to 1
}

// newClient returns a client of a configuration that was checked. It opens no socket.
func newClient(cfg Config, opt Options) (*client, error) {
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.MaxAnswer <= 0 {
		cfg.MaxAnswer = defaultMaxAnswer
	}
	if cfg.Parallel <= 0 {
		cfg.Parallel = defaultParallel
	}
	c := &client{
		config: cfg, opt: opt, header: http.Header{},
		slots:       make(chan struct{}, cfg.Parallel),
		credentials: newCredentials(cfg.Auth, opt.Env),
		pause:       pause,
		jitter:      func() float64 { return 2*rand.Float64() - 1 },
	}
	var err error
	if c.at, err = parsePlace(cfg.URL); err != nil {
		return nil, c.failed(err)
	}
	for name, value := range cfg.Headers {
		c.header.Set(name, value)
	}
	c.setTenant()
	if c.transport, err = newTransport(cfg, c.at, opt.Env); err != nil {
		return nil, c.failed(err)
	}
	c.bare = withoutCertificate(c.transport)
	return c, nil
}

// setTenant adds the headers that name the tenant.
func (c *client) setTenant() {
	account, project, ok := strings.Cut(c.config.Tenant, ":")
	switch {
	case ok && isNumber(account) && isNumber(project):
		c.header.Set("AccountID", account)
		c.header.Set("ProjectID", project)
	case c.config.Tenant != "":
		c.header.Set("X-Scope-OrgID", c.config.Tenant)
	}
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// get asks for a path below the backend's, escaped as in a URL, with parameters. What no one could make sense of is an
// error that says in one line what to do: no connection, a refused credential (*ServerError), a redirect, a web page
// (errWebPage), a status that stayed after the retries (*ServerError). An accept of "" is JSON.
func (c *client) get(ctx context.Context, path string, params url.Values, accept string) (*reply, error) {
	if accept == "" {
		accept = "application/json"
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, c.failed(ctx.Err())
	}
	r, err := c.tries(ctx, question{c.at.below(path, params), accept})
	switch {
	case err != nil:
		return nil, err
	case r.status == http.StatusUnauthorized, r.status == http.StatusForbidden, r.status == http.StatusProxyAuthRequired:
		return nil, c.refused(r)
	case r.page() && r.status < 500:
		return nil, c.webPage(r)
	}
	return r, nil
}
