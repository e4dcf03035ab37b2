package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"
)

// mostRedirects is how many redirects are followed.
const mostRedirects = 3

// signed asks with the credentials of the backend, and once more when it refuses them and newer ones can be read.
func (c *client) signed(ctx context.Context, q question) (*reply, error) {
	s, err := c.credentials.sign(ctx)
	if err != nil {
		return nil, err
	}
	r, err := c.follow(ctx, q, s)
	if err != nil || r.status != http.StatusUnauthorized && r.status != http.StatusProxyAuthRequired {
		return r, err
	}
	s, changed, err := c.credentials.renew(ctx, s)
	if err != nil || !changed {
		return r, err
	}
	c.log(Event{At: c.now(), Request: q.String(), Status: r.status, Text: "asked again with new credentials"})
	return c.follow(ctx, q, s)
}

// follow asks, and goes after redirects on the same host. Where scheme or port change, no credential and no header of the
// configuration goes along, nor on any step after it.
func (c *client) follow(ctx context.Context, q question, s signature) (*reply, error) {
	header, transport := c.header.Clone(), c.transport
	c.credentials.put(s, header)
	for hops := 0; ; hops++ {
		r, err := c.exchange(ctx, q, header.Clone(), transport)
		if err != nil {
			return nil, err
		}
		to := r.redirect(q.url)
		switch {
		case to == nil:
			return r, nil
		case !c.sameHost(to):
			return nil, fmt.Errorf("redirected to %s: a login proxy? give a token (token_command), or go around it with a port-forward", c.clean(to.Host))
		case hops == mostRedirects:
			return nil, fmt.Errorf("redirected more than %d times", mostRedirects)
		case to.Scheme != c.at.base.Scheme || portOf(to) != portOf(&c.at.base):
			header, transport = http.Header{}, c.bare
			c.log(Event{At: c.now(), Request: q.String(), Text: fmt.Sprintf("redirected to %s://%s, without credentials", to.Scheme, to.Host)})
		}
		q.url = to
	}
}

// sameHost reports whether an address is of the host of the backend. A socket has no other door.
func (c *client) sameHost(u *url.URL) bool {
	base := &c.at.base
	if c.at.socket != "" {
		return u.Scheme == base.Scheme && u.Host == base.Host
	}
	return (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Hostname(), base.Hostname())
}

// redirect is where an answer sends whoever asked for an address, nil for nowhere.
func (r *reply) redirect(from *url.URL) *url.URL {
	switch r.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil
	}
	to, err := from.Parse(r.header.Get("Location"))
	if err != nil || r.header.Get("Location") == "" {
		return nil
	}
	to.User, to.Fragment = nil, ""
	return to
}

// exchange is one request and its answer.
func (c *client) exchange(ctx context.Context, q question, header http.Header, transport *http.Transport) (*reply, error) {
	start := c.now()
	r, err := c.roundTrip(ctx, q, header, transport)
	event := Event{At: start, Request: q.String(), Took: c.now().Sub(start)}
	if r != nil {
		event.Status, event.Bytes, event.Text = r.status, r.wire, r.cut
	}
	if err != nil {
		event.Text = c.clean(why(err, c.at, c.config.Timeout))
	}
	c.log(event)
	return r, err
}

func (c *client) roundTrip(ctx context.Context, q question, header http.Header, transport *http.Transport) (*reply, error) {
	trying, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silent := time.AfterFunc(connectTime+c.config.Timeout, func() { cancel(errSilent) })
	defer silent.Stop()
	traced := httptrace.WithClientTrace(trying, &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { silent.Reset(c.config.Timeout) },
	})
	req, err := http.NewRequestWithContext(traced, http.MethodGet, q.url.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header = header
	req.Header.Set("Accept", q.accept)
	req.Header.Set("Accept-Encoding", "zstd, gzip")
	req.Header.Set("User-Agent", "tracefall/"+c.opt.Version)
	req.Host = header.Get("Host")
	header.Del("Host")
	resp, err := transport.RoundTrip(req)
	if err == nil {
		defer resp.Body.Close()
		silent.Reset(c.config.Timeout)
		var r *reply
		how := reading{c.config.MaxAnswer, c.config.Timeout, silent}
		if r, err = how.read(trying, resp); err == nil {
			r.body = c.credentials.masked(r.body, leastInAnswer, r.binary()) // before anyone reads it
			return r, nil
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(context.Cause(trying), errSilent):
		return nil, errSilent
	}
	return nil, err
}
