//go:build unix

package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"tracefall/app/apptest"
)

// The secrets of the backends that fail; those that answer repeat them.
const (
	secretToken    = "tkn-3f9c-hush"
	secretPassword = "pwd-77aa-hush"
)

// credentials are how a backend is given a secret.
const (
	byEnv      = "token_env = \"TRACEFALL_TEST_TOKEN\"\n"
	byCommand  = "token_command = [\"printenv\", \"TRACEFALL_TEST_TOKEN\"]\n"
	byPassword = "user = \"oncall\"\npassword_env = \"TRACEFALL_TEST_PASSWORD\"\n"
)

// fault is something that goes wrong between the program and a backend.
type fault struct {
	name    string
	answer  http.HandlerFunc  // of the server; nil where none listens
	cert    *x509.Certificate // that it shows, nil for plain HTTP
	unknown bool              // nobody vouches for it
	config  string            // settings of the backend, beside its address
	input   string            // that is asked, "" for a window
	status  int               // of query; 2 where it is 0 and nothing came
	line    string            // all that is said on standard error; ADDR is where the server is
	printed string            // what is said there besides by commands that print
	screen  []string          // what the explorer says, in a terminal of 80 columns: line breaks are spaces
}

// whole reads all that a handler answers to a search.
func (s *standIn) whole() []byte {
	r := httptest.NewRecorder()
	s.answer(r, s.traces)
	return r.Body.Bytes()
}

// found answers requests for traces by h, and all others as the stand-in does.
func (s *standIn) found(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/v3/traces") {
			h(w, r)
			return
		}
		r.Header.Del("Authorization") // which it does not expect
		s.ServeHTTP(w, r)
	}
}

// times answers a number of requests for traces by h each time that the program starts, and the others as the stand-in
// does, or the other way round.
func (s *standIn) times(n int, h http.HandlerFunc, first bool) http.HandlerFunc {
	var asked atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/v3/capabilities":
			asked.Store(0)
		case strings.HasPrefix(r.URL.Path, "/api/v3/traces"):
			if (asked.Add(1) <= int64(n)) == first {
				h(w, r)
				return
			}
		}
		r.Header.Del("Authorization")
		s.ServeHTTP(w, r)
	}
}

// says answers with a status, a text and headers.
func says(status int, text string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// begins answers with a text and then with no more: the connection stays, or breaks off.
func begins(text []byte, breaks bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if breaks {
			w.Header().Set("Content-Length", strconv.Itoa(1<<30))
		}
		_, _ = w.Write(text)
		w.(http.Flusher).Flush()
		if breaks {
			panic(http.ErrAbortHandler)
		}
		<-r.Context().Done()
	}
}

// repeats answers with what it got, as proxies that explain themselves do.
func repeats(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no access with "+r.Header.Get("Authorization"), status)
	}
}

// repeatsIn answers with what it got, in a text, and that all is well.
func repeatsIn(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, text, r.Header.Get("Authorization")) }
}

// pads answers with a text and a gigabyte of blanks.
func pads(text []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		blanks := bytes.Repeat([]byte(" "), 1<<20)
		for _, err := w.Write(text); err == nil; {
			_, err = w.Write(blanks)
		}
	}
}

// bomb is 64 MB of blanks in a few bytes.
func bomb(t *testing.T) string {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	return string(z.EncodeAll(bytes.Repeat([]byte(" "), 64<<20), nil))
}

// certificate is one of 127.0.0.1, or of other names.
func certificate(until int, names ...string) *x509.Certificate {
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "jaeger"}, DNSNames: names, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), NotAfter: time.Date(until, 1, 2, 3, 4, 5, 0, time.UTC),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if len(names) == 0 {
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	return c
}

const (
	oneTrace   = "prod:4bf92f3577b34da6a3ce929d0e0e4736"
	notANumber = `{"error":{"httpCode":500,"message":"json: unsupported value: NaN"}}`
	noTraces   = `{"error":{"httpCode":404,"message":"No traces found"}}`
	webPage    = "answers a web page, no query API; the API is under another path (Jaeger's base path, /select/jaeger, /select/tempo, a Grafana data source proxy)"
)

// faults lists what can go wrong. The stand-in that some of them ask has 36 traces, and many more than 100.
func faults(t *testing.T, good, many *standIn) []fault {
	t.Helper()
	whole := good.whole()
	other := httptest.NewServer(says(200, "<html>login</html>"))
	t.Cleanup(other.Close)
	// The second is for a server that goes on answering, so it is also how long a busy machine may take for that.
	const short, longer = "timeout = \"300ms\"\n", "timeout = \"6s\"\n"
	return []fault{
		{name: "slow first byte", config: byEnv + short, answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			line: "prod: ADDR did not answer within 300 ms"},
		{name: "slow body", config: byEnv + longer, answer: good.times(1, begins(whole[:len(whole)/2], false), true),
			screen: []string{"36 traces"}}, // the halves come whole
		{name: "cut", config: byCommand, answer: good.found(begins(whole[:len(whole)/2], true)),
			line: "prod: 28 slices may lack traces: 214 kB of the answer came", screen: []string{"△ PARTIAL", "18 traces"}},
		{name: "cut early", config: byCommand, answer: good.found(begins(whole[:40], true)),
			line: "prod: 40 B of the answer came, too little to read"},
		{name: "429", config: byEnv, answer: says(429, "slow down", "Retry-After", "1"), line: "prod: 429 after 3 tries: slow down"},
		{name: "429 for long", config: byEnv, answer: says(429, "slow down", "Retry-After", "3600"), line: "prod: 429 slow down; it asks to wait 1 h"},
		{name: "503 twice", config: byEnv, answer: good.times(2, says(503, ""), true), screen: []string{"36 traces"}},
		{name: "503 for good", config: byCommand, answer: says(503, ""), line: "prod: 503 after 3 tries: Service Unavailable"},
		{name: "503 after a while", config: byEnv, answer: many.times(2, says(503, "upstream \x1b]0;connect\aerror"), false),
			line: "prod: 503 after 3 tries: upstream ]0;connect error; 100 traces down to 23:37:30.000 UTC are kept", screen: []string{"✗ 1 input not read", "100 traces"}, status: 2},
		{name: "500", config: byEnv, answer: good.found(says(500, `{"error":{"httpCode":500,"message":"boom \u001b[31mred\u009b1m"}}`)),
			line: "prod: 500 boom [31mred 1m"},
		{name: "a web page", config: byEnv, answer: says(200, "<!doctype html><title>Grafana</title>"), line: "prod: http://ADDR " + webPage},
		{name: "a web page for traces", config: byEnv, answer: good.found(says(200, "<!doctype html>")), line: "prod: http://ADDR " + webPage},
		{name: "other JSON", config: byEnv, answer: says(200, `{"hello":"world"}`),
			line: "prod: http://ADDR has no Jaeger API (4 paths answered 200): expected the address of Jaeger's query service (port 16686 by default), with its base path"},
		{name: "other JSON for traces", config: byEnv, answer: good.found(says(200, `{"hello":"\u001b[2Jworld","list":[1,2,3]}`)),
			line: `prod: expected spans, got: {"hello":"\u001b[2Jworld","list":[1,2,3]}`},
		{name: "an error that is 200", config: byEnv, answer: good.found(repeatsIn(`{"error":"no access with %s"}`)),
			line: "prod: the backend says: no access with Bearer ****"},
		{name: "1 GB", config: byEnv + "max_answer = \"300kB\"\n", answer: good.found(pads(whole[:len(whole)-2])),
			line: "prod: 28 slices may lack traces: only 300 kB of the answer was read (max_answer)", screen: []string{"△ PARTIAL"}},
		{name: "a bomb", config: byEnv + "max_answer = \"1MB\"\n", answer: good.found(says(200, bomb(t), "Content-Encoding", "zstd")),
			line: "prod: only 1.0 MB of the answer was read (max_answer), too little to read"},
		{name: "redirected to a host", config: byEnv, answer: says(302, "", "Location", "https://login.corp/%1b[31mstart?next=1"),
			line: "prod: redirected to login.corp: a login proxy? give a token (token_command), or go around it with a port-forward"},
		{name: "redirected to a port", config: byEnv, answer: says(302, "", "Location", other.URL), line: "prod: http://ADDR " + webPage},
		{name: "expired", config: byEnv, cert: certificate(2021), answer: says(200, ""),
			line: "prod: the certificate of ADDR is valid from 2020-01-02 to 2021-01-02 03:04:05 UTC only: renew it, or set the clock here (it is for 127.0.0.1)"},
		{name: "wrong name", config: byEnv, cert: certificate(2041, "jaeger.corp"), answer: says(200, ""),
			line: "prod: the certificate of ADDR is for jaeger.corp, valid to 2041-01-02 03:04:05 UTC: set server_name, or the url to the name it is for"},
		{name: "unknown authority", config: byEnv, unknown: true, cert: certificate(2041), answer: says(200, ""),
			line: `prod: the certificate of ADDR is signed by "CN=jaeger", which is not known here, and is valid to 2041-01-02 03:04:05 UTC: set ca_file`},
		{name: "a command that hangs", config: "token_command = [\"sleep\", \"7731\"]\n", answer: says(200, ""),
			line: "prod: token_command sleep did not end within 10 s: if it wants a login, log in outside"},
		{name: "a command that prints nothing", config: "token_command = [\"true\"]\n", answer: says(200, ""),
			line: "prod: token_command true gave nothing, expected one line"},
		{name: "a command that wants a terminal", config: "token_command = [\"sh\", \"-c\", \"(read x </dev/tty) 2>/dev/null || echo 'no tty to ask at' >&2; exit 1\"]\n", answer: says(200, ""),
			line: "prod: token_command sh failed: no tty to ask at: it has no terminal here, log in outside"},
		{name: "a command that fails", config: "token_command = [\"sh\", \"-c\", \"printenv TRACEFALL_TEST_TOKEN; echo Reauthentication failed with $TRACEFALL_TEST_TOKEN, please run: gcloud auth login >&2; exit 1\"]\n", answer: says(200, ""),
			line: "prod: token_command sh failed: Reauthentication failed with ****, please run: gcloud auth login"},
		{name: "401", answer: says(401, "no basic auth provided"),
			line: "prod: refused (401 no basic auth provided): set token_command, token_env, or user and password_file in the configuration"},
		{name: "401 for a token", config: byCommand, answer: repeats(401),
			line: "prod: refused (401 no access with Bearer ****): the token of token_command printenv was not accepted"},
		{name: "401 for a password", config: byPassword, answer: repeats(401),
			line: "prod: refused (401 no access with Basic ****): user oncall with the password of password_env TRACEFALL_TEST_PASSWORD was not accepted"},
		{name: "403", config: byEnv, answer: repeats(403),
			line: "prod: refused (403 no access with Bearer ****): the token of token_env TRACEFALL_TEST_TOKEN does not give access: ask for it, or set another"},
		{name: "no tenant", config: byEnv + "kind = \"tempo\"\n", answer: says(401, "no org id\n"), line: "prod: refused (401 no org id): set tenant in the configuration"},
		{name: "refused", config: byEnv, line: "prod: ADDR refused the connection: is the server or the port-forward running, and the port right?"},
		{name: "unknown host", config: byEnv + "url = \"https://tracefall.invalid\"\n",
			line: "prod: no address is known for tracefall.invalid: is the name right, and the VPN up?"},
		{name: "NaN in a trace", config: byEnv, input: oneTrace, answer: good.found(says(500, notANumber)),
			line: "prod: no answer for trace 4bf92f3577b34da6a3ce929d0e0e4736: an attribute is NaN or infinite, which its JSON API cannot write"},
		{name: "NaN everywhere", config: byEnv, answer: good.found(says(500, notANumber)), status: 1,
			line: "prod: 28 slices may lack traces: more than the server gives, or one that it cannot write", screen: []string{"△ PARTIAL", "No trace from 2026-03-02"}},
		{name: "no such trace", config: byPassword, input: oneTrace, answer: good.found(says(404, noTraces)),
			line: "prod: no trace 4bf92f3577b34da6a3ce929d0e0e4736"},
		{name: "nothing found", config: byPassword, answer: good.found(says(404, noTraces)), status: 1,
			printed: "prod: no trace from 2026-03-02 00:00–2026-03-03 00:00 UTC: --since, --from and --to choose another window",
			screen:  []string{"No trace from 2026-03-02 00:00–2026-03-03 00:00 UTC.", "T chooses another time window"}},
	}
}

// configured runs the server of a fault and writes a configuration for it. It returns the address, the environment and the
// arguments that ask it.
func (f *fault) configured(t *testing.T) (addr string, env, args []string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, "tracefall", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "tracefall"), 0o700); err != nil {
		t.Fatal(err)
	}
	config := "[backend.prod]\n" + f.config
	set := func(name, value string) {
		if !strings.Contains(config, "\n"+name+" = ") {
			config += name + " = \"" + value + "\"\n"
		}
	}
	s := httptest.NewUnstartedServer(f.answer)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(s.Close)
	if f.cert != nil {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.CreateCertificate(rand.Reader, f.cert, f.cert, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		if !f.unknown {
			write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
			set("ca_file", "ca.pem")
		}
		s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
		s.StartTLS()
	} else {
		s.Start()
	}
	if f.answer == nil {
		s.URL = "http://127.0.0.1:1" // a port that was free may be another test's by now
	}
	set("url", s.URL)
	set("kind", "jaeger")
	write("config.toml", config)
	env = []string{"XDG_CONFIG_HOME=" + dir, "XDG_STATE_HOME=" + dir, "TRACEFALL_TEST_TOKEN=" + secretToken, "TRACEFALL_TEST_PASSWORD=" + secretPassword}
	args = []string{"prod:", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-03T00:00:00Z"}
	if f.input != "" {
		args = []string{f.input}
	}
	return strings.TrimPrefix(strings.TrimPrefix(s.URL, "https://"), "http://"), env, args
}

// keeps checks that no secret is in what the program wrote, as it is or as headers and the clipboard have it.
func keeps(t *testing.T, where, written string) {
	t.Helper()
	for _, m := range regexp.MustCompile("\x1b]52;c;([^\a]*)\a").FindAllStringSubmatch(written, -1) {
		if copied, err := base64.StdEncoding.DecodeString(m[1]); err == nil {
			written += string(copied)
		}
	}
	for _, secret := range []string{secretToken, secretPassword} {
		if strings.Contains(written, secret) || strings.Contains(written, base64.StdEncoding.EncodeToString([]byte("oncall:"+secret))) {
			t.Errorf("%s shows %s", where, secret)
		}
	}
}

// TestFaults asks backends that fail: what is said on standard error and in the explorer is one line that names the
// backend, it is all there in a terminal of 80 columns, in the import report too, the terminal is left as it was, and no
// secret is shown.
func TestFaults(t *testing.T) {
	beside(t)
	t.Parallel()
	good, err := newStandIn("testdata/demo/retry-storm.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	many, err := newStandIn("testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	for how, look := range map[string]func(*fault, *testing.T){"query": (*fault).asked, "explorer": (*fault).looked} {
		for _, f := range faults(t, good, many) { // each has a server of its own, which counts
			t.Run(f.name+"/"+how, func(t *testing.T) {
				t.Parallel() // most of them wait
				look(&f, t)
			})
		}
	}
}

// asked asks by a command that prints.
func (f *fault) asked(t *testing.T) {
	t.Helper()
	addr, env, args := f.configured(t)
	var out, errs bytes.Buffer
	cmd := exec.Command("tracefall", append([]string{"query", ""}, args...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(apptest.Environ(t.TempDir()), env...), &out, &errs
	_ = cmd.Run() // its status is looked at
	want := ""
	if text := f.line + f.printed; text != "" {
		want = "tracefall: " + text + "\n"
	}
	if got := strings.ReplaceAll(errs.String(), addr, "ADDR"); got != want {
		t.Errorf("standard error\n%q, want\n%q", got, want)
	}
	status := f.status
	if f.screen == nil {
		status = 2
		if out.Len() > 0 {
			t.Errorf("standard output %q, want nothing", out.String())
		}
	}
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Errorf("status %d, want %d", got, status)
	}
	keeps(t, "query", out.String()+errs.String())
}

// looked asks by the explorer.
func (f *fault) looked(t *testing.T) {
	t.Helper()
	addr, env, args := f.configured(t)
	s := startWith(t, 80, 24, env, args...)
	says := func(text string) {
		t.Helper()
		s.Until("the text "+text, func(screen string) bool {
			flat := strings.Join(strings.Fields(strings.NewReplacer("┃", " ", "│", " ").Replace(apptest.Body(screen))), " ") // scroll bars
			return strings.Contains(strings.ReplaceAll(flat, addr, "ADDR"), text)
		})
	}
	for _, text := range f.screen {
		says(text)
	}
	if f.screen == nil {
		says(f.line)
		says("R asks again")
	}
	s.Send("Y")
	s.Send("D")
	says("Import report")
	if f.line != "" {
		says(strings.TrimPrefix(f.line, "prod: "))
	}
	s.Press("j")
	pid := s.Command.Process.Pid
	if data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline"); err == nil {
		keeps(t, "the list of processes", string(data))
	}
	s.Send("qqq")
	if status := s.End(); status != 0 {
		t.Errorf("the explorer ends with status %d", status)
	}
	if err := syscall.Kill(pid, 0); err == nil {
		t.Errorf("process %d is still there", pid)
	}
	keeps(t, "the explorer", s.Raw())
	for _, never := range []string{"\x1b[31mred", "\x1b[2Jworld", "\x1b]0;connect", "\u009b1m"} {
		if strings.Contains(s.Raw(), never) {
			t.Errorf("%q reached the terminal", never)
		}
	}
}
