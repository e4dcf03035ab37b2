package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func TestRetries(t *testing.T) {
	type answer struct {
		status int
		after  string
		body   string
	}
	stopped := answer{500, "", "queue is stopped"}
	good := answer{200, "", "{}"}
	date := time.Now().Add(8 * time.Second).UTC().Format(http.TimeFormat)
	for name, c := range map[string]struct {
		answers []answer
		waits   []time.Duration
		fails   string
	}{
		"500 while Tempo shuts down":    {[]answer{stopped, stopped, good}, []time.Duration{500 * time.Millisecond, 2 * time.Second}, ""},
		"503 once":                      {[]answer{{503, "", ""}, good}, []time.Duration{500 * time.Millisecond}, ""},
		"429 that says when":            {[]answer{{429, "7", ""}, {429, "", ""}, good}, []time.Duration{7 * time.Second, 2 * time.Second}, ""},
		"429 that says 30 s":            {[]answer{{429, "30", ""}, good}, []time.Duration{30 * time.Second}, ""},
		"429 that says too long":        {[]answer{{429, "3600", "slow down"}, good}, nil, "prod: 429 slow down; it asks to wait 1 h"},
		"429 that says what is no time": {[]answer{{429, "soon", ""}, good}, []time.Duration{500 * time.Millisecond}, ""},
		"504 until a date":              {[]answer{{504, date, ""}, good}, []time.Duration{8 * time.Second}, ""},
		"503 for good":                  {[]answer{{503, "", ""}, {503, "", ""}, {503, "", ""}, good}, []time.Duration{500 * time.Millisecond, 2 * time.Second}, "prod: 503 after 3 tries: Service Unavailable"},
		"another 500":                   {[]answer{{500, "", "json: unsupported value"}, good}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			client := connect(t, Config{URL: serve(t, func(w http.ResponseWriter, _ *http.Request) {
				a := c.answers[n]
				n++
				if a.after != "" {
					w.Header().Set("Retry-After", a.after)
				}
				w.WriteHeader(a.status)
				fmt.Fprint(w, a.body)
			})})
			r, err := client.get(t.Context(), "/x", nil, "")
			if c.fails != "" {
				if err == nil || err.Error() != c.fails {
					t.Errorf("got %v, want %s", err, c.fails)
				}
			} else if err != nil || r.status != c.answers[len(client.waited)].status {
				t.Errorf("got %+v, %v", r, err)
			}
			for i, d := range client.waited { // a date is rounded to seconds
				client.waited[i] = d.Round(500 * time.Millisecond)
				if strings.Contains(name, "date") {
					client.waited[i] = d.Round(2 * time.Second)
				}
			}
			if !reflect.DeepEqual(client.waited, c.waits) {
				t.Errorf("waited %v, want %v", client.waited, c.waits)
			}
			if want := n + len(c.waits); len(client.events) != want {
				t.Errorf("%d events, want %d: %+v", len(client.events), want, client.events)
			}
		})
	}
}

func TestJitter(t *testing.T) {
	c := connect(t, Config{URL: "http://localhost"})
	told := &reply{header: http.Header{"Retry-After": {"10"}}}
	for _, x := range []struct {
		jitter float64
		r      *reply
		want   time.Duration
	}{
		{-1, nil, 400 * time.Millisecond}, {1, nil, 600 * time.Millisecond}, {1, told, 12 * time.Second}, {-1, told, 10 * time.Second},
	} {
		c.jitter = func() float64 { return x.jitter }
		if got, ok := c.wait(0, x.r); !ok || got != x.want {
			t.Errorf("jitter %v: %v, want %v", x.jitter, got, x.want)
		}
	}
}

// TestNobodyThere asks where nothing listens, where the connection is closed at once, and where there is no socket.
func TestNobodyThere(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	closing := serve(t, func(w http.ResponseWriter, _ *http.Request) { hijack(t, w).Close() })
	for _, c := range []struct {
		url, want string
		tries     int
	}{
		{closed.URL, "prod: " + strings.TrimPrefix(closed.URL, "http://") + " refused the connection: is the server or the port-forward running, and the port right?", 3},
		{closing, "prod: " + strings.TrimPrefix(closing, "http://") + " closed the connection without an answer", 3},
		{"unix:/nowhere/x.sock", "prod: there is no socket /nowhere/x.sock", 1},
		{"http://tracefall.invalid", "prod: no address is known for tracefall.invalid: is the name right, and the VPN up?", 1},
	} {
		client := connect(t, Config{URL: c.url})
		_, err := client.get(t.Context(), "/x", nil, "")
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v\nwant %s", c.url, err, c.want)
		}
		if len(client.waited) != c.tries-1 {
			t.Errorf("%s: %d tries, want %d", c.url, len(client.waited)+1, c.tries)
		}
	}
}

func TestSocket(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "x.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip("no unix sockets: ", err)
	}
	var path string
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { path = r.RequestURI }))
	s.Listener.Close()
	s.Listener = l
	s.Start()
	defer s.Close()
	for url, want := range map[string]string{"unix:" + socket: "/x", "unix:" + socket + ":/jaeger/": "/jaeger/x"} {
		if r, err := connect(t, Config{URL: url}).get(t.Context(), "/x", nil, ""); err != nil || r.status != 200 || path != want {
			t.Errorf("%s: %v, %v, asked for %s", url, r, err, path)
		}
	}
}

// inTime tries what has to be faster than a time, which a busy machine may not be, again with more of it. What is tried says what
// was wrong, or nothing.
func inTime(t *testing.T, name string, timeout time.Duration, try func(timeout time.Duration) string) {
	t.Helper()
	wrong := try(timeout)
	for range 3 {
		if wrong == "" {
			return
		}
		timeout *= 5
		wrong = try(timeout)
	}
	if wrong != "" {
		t.Errorf("%s: %s", name, wrong)
	}
}

// TestSilence checks that a server has its time to begin, and all the time it wants while bytes come.
func TestSilence(t *testing.T) {
	done := func(r *http.Request) { <-r.Context().Done() }
	say := func(w http.ResponseWriter, text string) {
		fmt.Fprint(w, text)
		w.(http.Flusher).Flush()
	}
	start := time.Now()
	client := connect(t, Config{Timeout: 50 * time.Millisecond, URL: serve(t, func(_ http.ResponseWriter, r *http.Request) { done(r) })})
	if _, err := client.get(t.Context(), "/x", nil, ""); err == nil || !strings.HasSuffix(err.Error(), " did not answer within 50 ms") || len(client.waited) > 0 {
		t.Errorf("slow first byte: %v", err)
	}
	if took := time.Since(start); took >= connectTime {
		t.Errorf("slow first byte: given up after %v", took)
	}
	inTime(t, "stalled body", 50*time.Millisecond, func(timeout time.Duration) string {
		client := connect(t, Config{Timeout: timeout, URL: serve(t, func(w http.ResponseWriter, r *http.Request) {
			say(w, "{\"a\":")
			done(r)
		})})
		r, err := client.get(t.Context(), "/x", nil, "")
		if err != nil || string(r.body) != `{"a":` || r.cut != "5 B of the answer came, then nothing for "+lasting(timeout) {
			return fmt.Sprintf("%+v, %v", r, err)
		}
		return ""
	})
	inTime(t, "slow body", 150*time.Millisecond, func(timeout time.Duration) string {
		client := connect(t, Config{Timeout: timeout, URL: serve(t, func(w http.ResponseWriter, _ *http.Request) {
			tick := time.NewTicker(timeout / 15)
			defer tick.Stop()
			for range 25 {
				say(w, "x")
				<-tick.C
			}
		})})
		if r, err := client.get(t.Context(), "/x", nil, ""); err != nil || len(r.body) != 25 || r.cut != "" {
			return fmt.Sprintf("%+v, %v", r, err)
		}
		return ""
	})
}

func TestCutInTheMiddle(t *testing.T) {
	client := connect(t, Config{URL: serve(t, func(w http.ResponseWriter, _ *http.Request) {
		c := hijack(t, w)
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n%s", strings.Repeat("x", 1_200_000))
		c.Close()
	})})
	r, err := client.get(t.Context(), "/x", nil, "")
	if err != nil || len(r.body) != 1_200_000 || r.cut != "1.2 MB of the answer came" || len(client.waited) > 0 {
		t.Errorf("%v, %v", r, err)
	}
	if text := client.events[0].Text; text != "1.2 MB of the answer came" {
		t.Errorf("event %q", text)
	}
}

// TestSize checks that an answer is read as far as it may be, however it is compressed, and that what it is compressed by
// is undone.
func TestSize(t *testing.T) {
	zeros := make([]byte, 16<<20)
	var zip, zst bytes.Buffer
	gz := gzip.NewWriter(&zip)
	_, _ = gz.Write(zeros)
	gz.Close()
	zs, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = zs.Write(zeros)
	zs.Close()
	packed := map[string][]byte{"gzip": zip.Bytes(), "zstd": zst.Bytes()}
	for encoding, data := range packed {
		at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			_, _ = w.Write(data)
		})
		r, err := connect(t, Config{URL: at, MaxAnswer: 1 << 20}).get(t.Context(), "/x", nil, "")
		if err != nil || len(r.body) != 1<<20 || r.cut != "only 1.0 MB of the answer was read (max_answer)" {
			t.Errorf("%s bomb: %v", encoding, err)
		}
		r, err = connect(t, Config{URL: at}).get(t.Context(), "/x", nil, "")
		if err != nil || !bytes.Equal(r.body, zeros) || r.cut != "" || r.wire != int64(len(data)) {
			t.Errorf("%s: %v", encoding, err)
		}
		empty := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", encoding) })
		if r, err := connect(t, Config{URL: empty}).get(t.Context(), "/x", nil, ""); err != nil || len(r.body) > 0 || r.cut != "" {
			t.Errorf("nothing by %s: %v", encoding, err)
		}
		half := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			_, _ = w.Write(data[:len(data)/2])
		})
		r, err = connect(t, Config{URL: half}).get(t.Context(), "/x", nil, "")
		if err != nil || !strings.HasSuffix(r.cut, " of the answer came") {
			t.Errorf("half of %s: %v", encoding, err)
		}
	}
	var sent atomic.Int64
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) { // 1 GB
		for range 1 << 10 {
			n, err := w.Write(zeros[:1<<20])
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	r, err := connect(t, Config{URL: at, MaxAnswer: 1 << 20}).get(t.Context(), "/x", nil, "")
	if err != nil || len(r.body) != 1<<20 || r.cut == "" || sent.Load() > 100<<20 {
		t.Errorf("1 GB: %v, %d bytes were sent", err, sent.Load())
	}
	exact := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(zeros[:1<<20]) })
	if r, err := connect(t, Config{URL: exact, MaxAnswer: 1 << 20}).get(t.Context(), "/x", nil, ""); err != nil || r.cut != "" {
		t.Errorf("as much as is allowed: %v", err)
	}
	odd := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		fmt.Fprint(w, "x")
	})
	if _, err := connect(t, Config{URL: odd}).get(t.Context(), "/x", nil, ""); err == nil || err.Error() != `prod: the answer is compressed by "br", which was not asked for` {
		t.Errorf("br: %v", err)
	}
}

// TestWindow checks that a server cannot make the program take more memory than it needs to undo the compression.
func TestWindow(t *testing.T) {
	for size, ok := range map[int]bool{8 << 20: true, 16 << 20: false} {
		var packed bytes.Buffer
		z, err := zstd.NewWriter(&packed, zstd.WithWindowSize(size))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = z.Write(make([]byte, 1<<20))
		_ = z.Flush() // else the frame is as long as what is in it
		_, _ = z.Write(make([]byte, 1<<20))
		z.Close()
		at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "zstd")
			_, _ = w.Write(packed.Bytes())
		})
		r, err := connect(t, Config{URL: at}).get(t.Context(), "/x", nil, "")
		if err != nil || (r.cut == "") != ok {
			t.Errorf("a window of %d bytes: %v", size, err)
		}
	}
}

// TestCancel checks that the server sees at once that nobody waits any more.
func TestCancel(t *testing.T) {
	came, gone := make(chan bool), make(chan bool)
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			fmt.Fprint(w, "x")
			w.(http.Flusher).Flush()
		}
		came <- true
		<-r.Context().Done()
		gone <- true
	})
	for _, path := range []string{"/head", "/body"} {
		ctx, cancel := context.WithCancel(t.Context())
		client := connect(t, Config{URL: at})
		failed := make(chan error)
		go func() {
			_, err := client.get(ctx, path, nil, "")
			failed <- err
		}()
		<-came
		start := time.Now()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", path, err)
		}
		<-gone
		if took := time.Since(start); took > defaultTimeout/3 { // a busy machine takes a while
			t.Errorf("%s: the server saw it after %v", path, took)
		} else {
			t.Logf("%s: the server saw it after %v", path, took)
		}
	}
}

// TestParallel checks that no more questions run at a time than are allowed, and that who waits can be cancelled.
func TestParallel(t *testing.T) {
	came, goOn := make(chan bool), make(chan bool)
	client := connect(t, Config{Parallel: 2, URL: serve(t, func(http.ResponseWriter, *http.Request) {
		came <- true
		<-goOn
	})})
	failed := make(chan error)
	for range 3 {
		go func() {
			_, err := client.get(t.Context(), "/x", nil, "")
			failed <- err
		}()
	}
	<-came
	<-came
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.get(ctx, "/x", nil, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("who waited: %v", err)
	}
	select {
	case <-came:
		t.Error("three at a time")
	default:
	}
	goOn <- true
	if err := <-failed; err != nil {
		t.Error(err)
	}
	<-came
	goOn <- true
	goOn <- true
	if err := errors.Join(<-failed, <-failed); err != nil {
		t.Error(err)
	}
}

// hijack takes the connection of a request.
func hijack(t *testing.T, w http.ResponseWriter) net.Conn {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
	}
	return c
}

// TestLasting writes durations as sentences do.
func TestLasting(t *testing.T) {
	for d, want := range map[time.Duration]string{
		300 * time.Millisecond: "300 ms", 5 * time.Second: "5 s", 2500 * time.Millisecond: "2.5 s", 10 * time.Minute: "10 m",
		70 * time.Second: "1 m 10 s", time.Hour: "1 h", 70 * time.Minute: "1 h 10 m", 90*time.Minute + 5*time.Second: "1 h 30 m 5 s",
	} {
		if got := lasting(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// TestNoHTTP meets a server of another protocol, as Jaeger's port for gRPC is.
func TestNoHTTP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x05\x00\x00\x40\x00")) // SETTINGS of HTTP/2
			_ = c.Close()
		}
	}()
	client := connect(t, Config{URL: "http://" + l.Addr().String()})
	if _, err := client.get(t.Context(), "/x", nil, ""); err == nil || !strings.Contains(err.Error(), "does not answer in HTTP: a gRPC port?") || strings.Contains(err.Error(), "x00") {
		t.Errorf("it says %v", err)
	}
}
