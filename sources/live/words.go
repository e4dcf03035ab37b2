package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// why says in words what went wrong on a connection, and what to do about it.
func why(err error, at place, timeout time.Duration) string {
	var proxy *proxyError
	var dns *net.DNSError
	var op *net.OpError
	var slow net.Error
	switch isOp := errors.As(err, &op); {
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, errSilent):
		return fmt.Sprintf("%s did not answer within %s", at, lasting(timeout))
	case errors.As(err, &proxy):
		return proxy.Error()
	case isOp && op.Op == "proxyconnect":
		return "no connection to the proxy (HTTPS_PROXY): " + op.Err.Error()
	case errors.As(err, &dns):
		return fmt.Sprintf("no address is known for %s: is the name right, and the VPN up?", at.base.Hostname())
	case errors.Is(err, fs.ErrNotExist) && at.socket != "":
		return fmt.Sprintf("there is no socket %s", at)
	case isRefused(err) && at.socket != "":
		return fmt.Sprintf("no server listens on %s", at)
	case isRefused(err) && at.loopback():
		return fmt.Sprintf("%s refused the connection: is the server or the port-forward running, and the port right?", at)
	case isRefused(err):
		return fmt.Sprintf("%s refused the connection: is the port right?", at)
	case unanswered(err):
		return fmt.Sprintf("%s closed the connection without an answer", at)
	case isOp && op.Op == "dial" && op.Timeout():
		return fmt.Sprintf("no connection to %s within %s", at, lasting(connectTime))
	case errors.As(err, &slow) && slow.Timeout():
		return fmt.Sprintf("no TLS session with %s within %s", at, lasting(connectTime))
	}
	// Of neither has net/http a type: an answer in something else, or one before the question, as gRPC begins.
	if text := err.Error(); strings.Contains(text, "malformed HTTP response") || strings.Contains(text, "readLoopPeekFailLocked") {
		return fmt.Sprintf("%s does not answer in HTTP: a gRPC port? The HTTP port of Jaeger is 16686 by default, of Tempo 3200", at)
	}
	if text := whyTLS(err, at); text != "" {
		return text
	}
	return err.Error()
}

// whyTLS says in words why there is no TLS session, "" where the error is another one.
func whyTLS(err error, at place) string {
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	var alert *net.OpError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s is valid from %s to %s UTC only: renew it, or set the clock here (it is for %s)", at,
			invalid.Cert.NotBefore.UTC().Format(time.DateOnly), invalid.Cert.NotAfter.UTC().Format(time.DateTime), subject(invalid.Cert))
	case errors.As(err, &name):
		return fmt.Sprintf("the certificate of %s is for %s, valid to %s UTC: set server_name, or the url to the name it is for",
			at, subject(name.Certificate), name.Certificate.NotAfter.UTC().Format(time.DateTime))
	case errors.As(err, &authority):
		issuer := "an authority that is not known here"
		if cert := authority.Cert; cert != nil {
			issuer = fmt.Sprintf("%q, which is not known here, and is valid to %s UTC", cert.Issuer.String(), cert.NotAfter.UTC().Format(time.DateTime))
		}
		return fmt.Sprintf("the certificate of %s is signed by %s: set ca_file", at, issuer)
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Sprintf("%s does not speak TLS: a backend behind a port-forward is often http://", at)
	case errors.As(err, &alert) && alert.Op == "remote error":
		return fmt.Sprintf("%s refused the TLS session (%v): does it want a certificate? set cert_file and key_file", at, alert.Err)
	}
	return ""
}

// subject lists the names that a certificate is for.
func subject(c *x509.Certificate) string {
	names := c.DNSNames
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) > 3 {
		return fmt.Sprintf("%s and %d other names", strings.Join(names[:3], ", "), len(names)-3)
	}
	if len(names) == 0 {
		return c.Subject.String()
	}
	return strings.Join(names, ", ")
}

// Windows has numbers of its own for what Unix calls ECONNREFUSED and ECONNRESET.
const (
	refusedOnWindows = syscall.Errno(10061)
	resetOnWindows   = syscall.Errno(10054)
)

func isRefused(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, refusedOnWindows)
}

// unanswered reports whether a connection was refused, or closed before the first byte of an answer.
func unanswered(err error) bool {
	for _, one := range []error{syscall.ECONNRESET, syscall.EPIPE, resetOnWindows, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, one) {
			return true
		}
	}
	return isRefused(err)
}
