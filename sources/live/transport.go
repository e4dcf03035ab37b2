package live

import (
	"context"
	"net"
	"net/http"
	"time"
)

// newTransport returns what opens connections. It opens none.
func newTransport(cfg Config, _ Options, at place) (*http.Transport, error) {
	dialer := &net.Dialer{Timeout: connectTime}
	t := &http.Transport{
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   connectTime,
		MaxIdleConnsPerHost:   cfg.Parallel,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
		DisableCompression:    true, // it is asked for and undone here, with a bound
		ExpectContinueTimeout: 0,
	}
	if at.socket != "" {
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", at.socket)
		}
	}
	return t, nil
}
