package live

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority signs certificates for a test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string // its certificate
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	cert, key := a.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "Test CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	})
	var err error
	if a.cert, err = x509.ParseCertificate(cert); err != nil {
		t.Fatal(err)
	}
	a.key, a.file = key, a.write("CERTIFICATE", cert)
	return a
}

// sign makes a certificate, which signs itself where there is no authority yet.
func (a *authority) sign(of *x509.Certificate) ([]byte, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	of.SerialNumber = big.NewInt(time.Now().UnixNano())
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = of, key
	}
	cert, err := x509.CreateCertificate(rand.Reader, of, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert, key
}

// pair is a certificate for a name, with its key.
func (a *authority) pair(name string, until time.Time) tls.Certificate {
	cert, key := a.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: until.Add(-24 * time.Hour), NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
	return tls.Certificate{Certificate: [][]byte{cert}, PrivateKey: key}
}

func (a *authority) write(kind string, data []byte) string {
	a.t.Helper()
	file := filepath.Join(a.t.TempDir(), "x.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return file
}

// serve starts a server with TLS.
func (a *authority) serve(c *tls.Config, answer http.HandlerFunc) string {
	s := httptest.NewUnstartedServer(answer)
	s.TLS, s.EnableHTTP2 = c, true
	s.Config.ErrorLog = discard
	s.StartTLS()
	a.t.Cleanup(s.Close)
	return s.URL
}

func TestTLS(t *testing.T) {
	a := newAuthority(t)
	var proto int
	answer := func(_ http.ResponseWriter, r *http.Request) { proto = r.ProtoMajor }
	good := &tls.Config{Certificates: []tls.Certificate{a.pair("jaeger.corp", time.Now().Add(time.Hour))}}
	old := good.Clone()
	old.MaxVersion = tls.VersionTLS11
	old.MinVersion = tls.VersionTLS10
	mutual := good.Clone()
	mutual.ClientAuth, mutual.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
	mutual.ClientCAs.AddCert(a.cert)
	mutual12 := mutual.Clone() // TLS 1.3 refuses after the handshake, when the connection may already be closed
	mutual12.MaxVersion = tls.VersionTLS12
	expiry := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	expired := &tls.Config{Certificates: []tls.Certificate{a.pair("jaeger.corp", expiry)}}
	me := a.pair("me", time.Now().Add(time.Hour))
	key, err := x509.MarshalECPrivateKey(me.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	meFile, keyFile := a.write("CERTIFICATE", me.Certificate[0]), a.write("EC PRIVATE KEY", key)
	for name, c := range map[string]struct {
		server *tls.Config
		files  TLS
		want   string // in the error, "" for none
	}{
		"good":              {good, TLS{CAFile: a.file, ServerName: "jaeger.corp"}, ""},
		"wrong name":        {good, TLS{CAFile: a.file}, "is for jaeger.corp, valid to " + time.Now().UTC().Format("2006-")},
		"wrong server_name": {good, TLS{CAFile: a.file, ServerName: "other.corp"}, "is for jaeger.corp, valid to "},
		"unknown authority": {good, TLS{ServerName: "jaeger.corp"}, `is signed by "CN=Test CA", which is not known here, and is valid to `},
		"expired":           {expired, TLS{CAFile: a.file, ServerName: "jaeger.corp"}, " is valid from 2026-01-01 to 2026-01-02 03:04:05 UTC only: renew it, or set the clock here (it is for jaeger.corp)"},
		"old TLS":           {old, TLS{CAFile: a.file, ServerName: "jaeger.corp"}, "protocol version"},
		"mutual":            {mutual, TLS{CAFile: a.file, ServerName: "jaeger.corp", CertFile: meFile, KeyFile: keyFile}, ""},
		"no certificate":    {mutual12, TLS{CAFile: a.file, ServerName: "jaeger.corp"}, "does it want a certificate? set cert_file and key_file"},
	} {
		proto = 0
		if c.files.CertFile != "" {
			client := connect(t, Config{URL: a.serve(c.server, answer), TLS: c.files})
			if _, err := client.exchange(t.Context(), question{client.at.below("/x", nil), "x/y"}, http.Header{}, client.bare); err == nil {
				t.Errorf("%s: the certificate went along without being asked for", name)
			}
		}
		client := connect(t, Config{URL: a.serve(c.server, answer), TLS: c.files})
		_, err := client.get(t.Context(), "/x", nil, "")
		switch {
		case c.want == "" && (err != nil || proto != 2):
			t.Errorf("%s: %v by HTTP/%d", name, err, proto)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", name, err, c.want)
		case c.want != "" && (proto != 0 || len(client.waited) > 0):
			t.Errorf("%s: the server was asked, or asked again", name)
		}
	}
	if _, err := newClient(Config{Name: "prod", URL: "https://x.corp", TLS: TLS{CAFile: keyFile}}, Options{}); err == nil || !strings.HasSuffix(err.Error(), " holds no certificate (expected PEM)") {
		t.Errorf("a key as ca_file: %v", err)
	}
	plain := connect(t, Config{URL: strings.Replace(serve(t, answer), "http:", "https:", 1)})
	if _, err := plain.get(t.Context(), "/x", nil, ""); err == nil || !strings.Contains(err.Error(), " does not speak TLS") {
		t.Errorf("https to http: %v", err)
	}
}

// TestCancelHTTP2 checks that a request that shares its connection ends too.
func TestCancelHTTP2(t *testing.T) {
	a := newAuthority(t)
	came, gone := make(chan bool), make(chan bool)
	at := a.serve(&tls.Config{Certificates: []tls.Certificate{a.pair("jaeger.corp", time.Now().Add(time.Hour))}}, func(_ http.ResponseWriter, r *http.Request) {
		came <- r.ProtoMajor == 2
		<-r.Context().Done()
		gone <- true
	})
	client := connect(t, Config{URL: at, TLS: TLS{CAFile: a.file, ServerName: "jaeger.corp"}})
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := client.get(ctx, "/x", nil, "")
		failed <- err
	}()
	if !<-came {
		t.Error("not HTTP/2")
	}
	cancel()
	<-gone
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestProxy goes through a proxy that sees a name and no more.
func TestProxy(t *testing.T) {
	a := newAuthority(t)
	var got string
	at := a.serve(&tls.Config{Certificates: []tls.Certificate{a.pair("jaeger.corp", time.Now().Add(time.Hour))}}, func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
	})
	var seen *http.Request
	refuse := 0
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		if refuse > 0 {
			w.WriteHeader(refuse)
			return
		}
		to, err := net.Dial("tcp", strings.TrimPrefix(at, "https://"))
		if err != nil {
			t.Error(err)
			return
		}
		from := hijack(t, w)
		fmt.Fprint(from, "HTTP/1.1 200 OK\r\n\r\n")
		go func() {
			_, _ = io.Copy(to, from)
			to.Close()
		}()
		_, _ = io.Copy(from, to)
		from.Close()
	})
	behind := strings.Replace(proxy, "http://", "http://me:hunter2@", 1)
	connectBy := func(proxy string) *asked {
		env := func(name string) string { return map[string]string{"HTTPS_PROXY": proxy, "TOKEN": "hunter3"}[name] }
		return connectIn(t, env, Config{URL: "https://jaeger.corp/base", TLS: TLS{CAFile: a.file}, Auth: Auth{TokenEnv: "TOKEN"}})
	}
	if _, err := connectBy(behind).get(t.Context(), "/x", nil, ""); err != nil || got != "Bearer hunter3" {
		t.Errorf("%v, the server got %q", err, got)
	}
	if want := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:hunter2")); seen.Method != http.MethodConnect || seen.Host != "jaeger.corp:443" || seen.Header.Get("Proxy-Authorization") != want || seen.Header.Get("Authorization") != "" {
		t.Errorf("the proxy saw %s %s %v", seen.Method, seen.Host, seen.Header)
	}
	refuse = 407
	client := connectBy(behind)
	_, err := client.get(t.Context(), "/x", nil, "")
	if err == nil || err.Error() != "prod: the proxy "+strings.TrimPrefix(proxy, "http://")+" (HTTPS_PROXY) answered 407 Proxy Authentication Required" {
		t.Errorf("a proxy that refuses: %v", err)
	}
	client.keeps(t, err, "hunter")
	client = connectBy("http://me:hunter2@127.0.0.1:1")
	_, err = client.get(t.Context(), "/x", nil, "")
	if err == nil || !strings.HasPrefix(err.Error(), "prod: no connection to the proxy (HTTPS_PROXY): dial tcp 127.0.0.1:1: ") {
		t.Errorf("a wrong proxy: %v", err)
	}
	client.keeps(t, err, "hunter")
	_, err = newClient(Config{Name: "prod", URL: "https://jaeger.corp"}, Options{Env: func(string) string { return "ftp://me:hunter2@x" }})
	if err == nil || err.Error() != "prod: HTTPS_PROXY: expected an address such as http://proxy.corp:3128" {
		t.Errorf("a proxy of another kind: %v", err)
	}
}

func TestNoProxy(t *testing.T) {
	for _, c := range []struct {
		url, except string
		proxied     bool
	}{
		{"https://jaeger.corp", "", true},
		{"https://jaeger.corp", "other.corp", true},
		{"https://jaeger.corp", "*", false},
		{"https://jaeger.corp", "x, corp", false},
		{"https://jaeger.corp", ".corp", false},
		{"https://jaeger.corp", "*.corp", false},
		{"https://Jaeger.corp", "JAEGER.CORP", false},
		{"https://notjaeger.corp", "jaeger.corp", true},
		{"https://jaeger.corp", "jaeger.corp:443", false},
		{"https://jaeger.corp:444", "jaeger.corp:443", true},
		{"https://10.1.2.3", "10.0.0.0/8", false},
		{"https://11.1.2.3", "10.0.0.0/8", true},
		{"https://10.1.2.3", "10.1.2.3", false},
		{"https://10.1.2.3:8443", "10.1.2.3:8443", false},
		{"https://10.1.2.3", "10.1.2.3:8443", true},
		{"https://[fd00::1]", "fd00::/8", false},
		{"https://[fd00::1]:444", "[fd00::1]:444", false},
		{"https://[fd00::1]", "fd00:0::1", false},
		{"https://localhost", "", false},
		{"https://127.0.0.1", "", false},
		{"https://[::1]:3000", "", false},
		{"http://jaeger.corp", "", false},
	} {
		u, err := url.Parse(c.url)
		if err != nil {
			t.Fatal(err)
		}
		proxy, err := proxyFor(u, func(name string) string {
			return map[string]string{"https_proxy": "proxy.corp:3128", "no_proxy": c.except}[name]
		})
		if err != nil || (proxy != nil) != c.proxied || proxy != nil && proxy.String() != "http://proxy.corp:3128" {
			t.Errorf("%s except %q: %v, %v", c.url, c.except, proxy, err)
		}
	}
}
