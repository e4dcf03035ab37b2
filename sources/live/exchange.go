package live

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"time"
)

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
			r.body = c.credentials.masked(r.body, leastInAnswer) // before anyone reads it
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
