package live

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"

	"tracefall/sources"
	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// same answers every request alike, without a socket.
type same struct {
	status int
	body   string
	end    error // of the body
	asked  int
}

// RoundTrip implements http.RoundTripper.
func (s *same) RoundTrip(*http.Request) (*http.Response, error) {
	s.asked++
	body := io.MultiReader(strings.NewReader(s.body), iotest.ErrReader(s.end))
	return &http.Response{StatusCode: s.status, Header: http.Header{"Location": {s.body}}, Body: io.NopCloser(body)}, nil
}

// FuzzAnswer gives each server's decoders an answer to every question that they ask: none panics, an error is one line that
// can be shown, and no server is asked without end.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"services":["a","\u001b[31mb"]}`, `{"data":["a"]}`, `{"operations":[{"name":"GET /","spanKind":"server"}]}`,
		`{"summaries":[{"traceId":"1","minStartTimeUnixNano":"1","maxEndTimeUnixNano":"2","spanCount":1}],"nextPageToken":"x"}`,
		`{"traces":[{"traceID":"1","startTimeUnixNano":"1","durationMs":5,"serviceStats":{"a":{"spanCount":2}}}],"metrics":{"completedJobs":1,"totalJobs":2}}`,
		`{"trace":{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"AAAAAAAAAAAAAAAAAAAAAQ==","spanId":"AAAAAAAAAAE="}]}]}]},"status":"PARTIAL"}`,
		`{"result":{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001"}]}]}]}}`,
		`{"data":[{"traceID":"1","spans":[{"traceID":"1","spanID":"1","operationName":"x","startTime":1,"duration":1}],"processes":{}}]}`,
		`{"error":{"httpCode":404,"message":"No traces found"}}`, `{"error":"x\u001b]0;y\u0007"}`, `{"errors":[{"code":500,"msg":"x"}]}`,
		`{"search":{"withoutServiceName":true,"paginated":true,"filter":{"levels":["span"],"operators":["eq"]}}}`,
		`{"scopes":[{"name":"span","tags":["http.url"]}]}`, `{"tagValues":[{"type":"string","value":"x"},{}]}`,
		"echo", "no org id\n", "<html>", "", "{", `{"data":[`, "\x1b[2J\u009b31m", `range specified by start and end exceeds 168h0m0s`,
		`search depth must be greater than 0`, `json: unsupported value: NaN`, `this storage backend cannot serve this query filter: operator "regex"`,
	} {
		if strings.HasPrefix(seed, `{"trace":{"r`) {
			f.Add(uint16(0), string(inProtobuf(f, []byte(seed))), false)
		}
		for _, status := range []uint16{200, 400, 404, 500} {
			f.Add(status, seed, false)
		}
		f.Add(uint16(200), seed, true)
	}
	q, err := query.Parse("service=a name=b error=true")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status uint16, body string, cut bool) {
		now := time.Unix(1_700_000_000, 0)
		open := func() *Backend {
			b, err := Open(Config{Name: "prod", URL: "http://prod"}, Options{Now: func() time.Time { return now }, Env: func(string) string { return "" }})
			if err != nil {
				t.Fatal(err)
			}
			b.api.pause = func(context.Context, time.Duration) error { return nil }
			b.config.Parallel = 1
			return b
		}
		answer := &same{status: 200 + int(status)%400, body: body, end: io.EOF}
		if cut {
			answer.end = io.ErrUnexpectedEOF
		}
		w := Window{now.Add(-time.Hour), now}
		shown := func(err error) {
			if err == nil || errors.Is(err, ErrNoTrace) {
				return
			}
			for _, r := range err.Error() {
				if !unicode.IsPrint(r) {
					t.Errorf("an error cannot be shown: %q", err)
					return
				}
			}
		}
		of := func(b *Backend) api {
			b.api.transport.RegisterProtocol("http", answer)
			return b.api
		}
		for _, kind := range []func(a api) server{
			func(a api) server { return &jaeger{api: a, params: camelCase} },
			func(a api) server { return &jaeger{api: a, params: snakeCase, older: newOlder(a, false)} },
			func(a api) server {
				return &jaeger{api: a, params: camelCase, declared: &ask.Capabilities{Paginated: true}}
			},
			func(a api) server { return newOlder(a, false) },
			func(a api) server { return newOlder(a, true) },
			func(a api) server { return newTempo(a, a.now) },
		} {
			b := open()
			b.found = kind(of(b))
			answer.asked = 0
			feed := sources.NewFeed(sources.Options{})
			_, err := b.Find(t.Context(), Question{Query: q, Window: w, Limit: 10}, feed, nil)
			shown(err)
			_, err = b.Trace(t.Context(), trace.TraceID{Lo: 1}, w, feed)
			shown(err)
			_, err = b.Services(t.Context())
			shown(err)
			_, err = b.Operations(t.Context(), "a")
			shown(err)
			_, err = b.Keys(t.Context())
			shown(err)
			_, err = b.Values(t.Context(), "service", "")
			shown(err)
			if j, ok := b.found.(summarizer); ok {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				_, err = j.Summaries(ctx, ask.Part{Service: "a"}, w, 10)
				cancel()
				shown(err)
			}
			if answer.asked > 2000 {
				t.Errorf("%T was asked %d times", b.found, answer.asked)
			}
		}
		for _, kind := range Kinds() {
			d := detection{api: of(open()), now: func() time.Time { return now }}
			_, err := d.run(t.Context(), kind)
			shown(err)
		}
	})
}
