package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/dustin/go-humanize"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// reply is what a server answered: 200, or a status that the one who asked has to make sense of, such as 400, 404, 431
// and 500.
type reply struct {
	status int
	header http.Header
	body   []byte // decompressed
	wire   int64  // bytes that came
	cut    string // why the body is not whole, such as "1.2 MB of the answer came"; "" where it is
}

// page reports whether the answer is a web page: the content type is no evidence, as Jaeger's interface answers every
// path that it does not know, and its errors come as text/plain.
func (r *reply) page() bool {
	body := r.body
	if !r.binary() { // there a line feed is a tag, and < a length
		body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	}
	return bytes.HasPrefix(body, []byte("<"))
}

// protobuf is what an answer in that format is called.
const protobuf = "application/protobuf"

// binary reports whether the answer is protobuf: it is called so, or begins with a tag, and has other bytes that no text has.
func (r *reply) binary() bool {
	if kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";"); strings.EqualFold(strings.TrimSpace(kind), protobuf) {
		return true
	}
	head := r.body[:min(len(r.body), 4<<10)]
	return len(head) > 0 && head[0] < ' ' && bytes.ContainsFunc(head, func(c rune) bool { return c < ' ' && !unicode.IsSpace(c) })
}

// errSilent is the cause of a request that was given up.
var errSilent = errors.New("the server is silent")

// reading is how an answer is read: not more than a number of bytes, and not longer than they come.
type reading struct {
	max     int64         // bytes, decompressed
	timeout time.Duration // after which a server counts as silent
	silent  *time.Timer   // gives the request up
}

// wire counts the bytes that come, each of which puts off the moment at which the server counts as silent.
type wire struct {
	from io.Reader
	reading
	n   int64
	err error // what ended it
}

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	if n > 0 {
		w.n += int64(n)
		w.silent.Reset(w.timeout)
	}
	w.err = err
	return n, err
}

// read reads an answer as far as it comes and is allowed to. The error is there where nothing of it came, or the context
// ended for another cause than silence.
func (how reading) read(ctx context.Context, resp *http.Response) (*reply, error) {
	w := &wire{from: resp.Body, reading: how}
	var body bytes.Buffer
	from, err := unpacked(resp.Header.Get("Content-Encoding"), w)
	if err == nil {
		defer from.Close()
		_, err = body.ReadFrom(io.LimitReader(from, how.max+1))
	}
	r := &reply{status: resp.StatusCode, header: resp.Header, body: body.Bytes(), wire: w.n}
	cause := context.Cause(ctx)
	switch {
	case int64(len(r.body)) > how.max:
		r.body = r.body[:how.max]
		r.cut = "only " + size(how.max) + " of the answer was read (max_answer)"
	case err == nil, w.n == 0 && w.err == io.EOF: //nolint:errorlint // an empty answer, not one that breaks off
	case w.n == 0, cause != nil && !errors.Is(cause, errSilent):
		return nil, err
	default:
		r.cut = size(int64(len(r.body))) + " of the answer came"
		if cause != nil {
			r.cut += fmt.Sprintf(", then nothing for %s", lasting(how.timeout))
		}
	}
	return r, nil
}

func size(n int64) string { return humanize.Bytes(uint64(n)) }

// unpacked undoes the compression of an answer.
func unpacked(encoding string, from io.Reader) (io.ReadCloser, error) {
	switch strings.ToLower(encoding) {
	case "", "identity":
		return io.NopCloser(from), nil
	case "gzip", "x-gzip":
		return gzip.NewReader(from)
	case "zstd":
		// RFC 9659 allows windows of 8 MiB: more would be memory for whoever asks for it.
		z, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}
	return nil, fmt.Errorf("the answer is compressed by %q, which was not asked for", encoding)
}

// retryAfter is how long the server asks to wait, in seconds or until a date; 0 where it does not.
func (r *reply) retryAfter(now time.Time) time.Duration {
	text := r.header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return date.Sub(now)
	}
	return 0
}
