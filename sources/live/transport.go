package live

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"
)

// newTransport returns what opens connections. It opens none.
func newTransport(cfg Config, at place, env func(string) string) (*http.Transport, error) {
	secured, err := newTLS(cfg.TLS)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: connectTime}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        secured,
		TLSHandshakeTimeout:    connectTime,
		MaxIdleConnsPerHost:    cfg.Parallel,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // it is asked for and undone here, with a bound
	}
	if at.socket != "" {
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", at.socket)
		}
		return t, nil
	}
	if _, err := proxyFor(&at.base, env); err != nil {
		return nil, err
	}
	t.Proxy = func(r *http.Request) (*url.URL, error) { return proxyFor(r.URL, env) }
	t.OnProxyConnectResponse = func(_ context.Context, proxy *url.URL, _ *http.Request, r *http.Response) error {
		if r.StatusCode != http.StatusOK {
			return &proxyError{proxy.Host, fmt.Errorf("answered %s", r.Status)}
		}
		return nil
	}
	return t, nil
}

// proxyError is what went wrong before the proxy led to the server.
type proxyError struct {
	host string
	err  error
}

func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy %s (HTTPS_PROXY) %v", e.host, e.err)
}
func (e *proxyError) Unwrap() error { return e.err }

// newTLS reads the files that a configuration names.
func newTLS(files TLS) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: files.ServerName}
	if files.CAFile != "" {
		pem, err := os.ReadFile(files.CAFile)
		if err != nil {
			return nil, fmt.Errorf("ca_file: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca_file: %s holds no certificate (expected PEM)", files.CAFile)
		}
	}
	if files.CertFile == "" {
		return c, nil
	}
	load := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(files.CertFile, files.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("cert_file and key_file: %w", err)
		}
		return &pair, nil
	}
	if _, err := load(nil); err != nil {
		return nil, err
	}
	c.GetClientCertificate = load // for each connection anew, as some live for an hour
	return c, nil
}

// withoutCertificate returns a transport that does not say who the client is.
func withoutCertificate(t *http.Transport) *http.Transport {
	if t.TLSClientConfig.GetClientCertificate == nil {
		return t
	}
	bare := t.Clone()
	bare.TLSClientConfig.GetClientCertificate = nil
	return bare
}

// proxyFor returns the proxy that the environment names for an address, nil for none. Only https goes through one, so that
// a proxy sees nothing of it.
func proxyFor(u *url.URL, env func(string) string) (*url.URL, error) {
	if u.Scheme != "https" || env == nil || (place{base: *u}).loopback() {
		return nil, nil
	}
	text := cmp.Or(env("HTTPS_PROXY"), env("https_proxy"))
	if text == "" || excepted(u, cmp.Or(env("NO_PROXY"), env("no_proxy"))) {
		return nil, nil
	}
	proxy, err := url.Parse(text)
	if err != nil || proxy.Host == "" { // proxy.corp:3128
		proxy, err = url.Parse("http://" + text)
	}
	if err == nil && proxy.Host != "" {
		switch proxy.Scheme {
		case "http", "https", "socks5", "socks5h":
			return proxy, nil
		}
	}
	// What stands there may hold a password.
	return nil, errors.New("HTTPS_PROXY: expected an address such as http://proxy.corp:3128")
}

// excepted reports whether a list of names, addresses and networks, as NO_PROXY gives it, holds the host of an address: *,
// example.com and .example.com with what lies below them, 10.1.2.3, 10.0.0.0/8, each with a port behind a colon or
// without.
func excepted(u *url.URL, list string) bool {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	port := portOf(u)
	address, err := netip.ParseAddr(host)
	isAddress := err == nil
	for _, one := range strings.FieldsFunc(strings.ToLower(list), func(r rune) bool { return r == ',' || r == ' ' }) {
		if one == "*" {
			return true
		}
		if network, err := netip.ParsePrefix(one); err == nil {
			if isAddress && network.Contains(address.Unmap()) {
				return true
			}
			continue
		}
		name, onlyPort := one, ""
		if at, err := netip.ParseAddrPort(one); err == nil {
			name, onlyPort = at.Addr().String(), one[strings.LastIndex(one, ":")+1:]
		} else if strings.Count(one, ":") == 1 {
			name, onlyPort, _ = strings.Cut(one, ":")
		}
		if onlyPort != "" && onlyPort != port {
			continue
		}
		if other, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
			if isAddress && other.Unmap() == address.Unmap() {
				return true
			}
			continue
		}
		name = strings.TrimPrefix(strings.TrimPrefix(name, "*"), ".")
		if name != "" && (host == name || strings.HasSuffix(host, "."+name)) {
			return true
		}
	}
	return false
}

// portOf is the port of an address, as its scheme has it where it gives none.
func portOf(u *url.URL) string {
	return cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}
