package live

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tracefall/sources"
	"tracefall/sources/export"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

func TestMasked(t *testing.T) {
	const secret = `tok/en+="é😀`
	for _, c := range []struct{ text, secret, want string }{
		{"a " + secret + " b", secret, "a **** b"},
		{secret + secret, secret, "********"},
		{`"tok\/en+=\"é😀"`, secret, `"****"`},
		{`"\u0074ok\u002Fen\u002b\u003d\u0022\u00e9\ud83d\ude00"`, secret, `"****"`},
		{"?t=tok%2fen%2B%3D%22%c3%a9%F0%9F%98%80&x", secret, "?t=****&x"},
		{"<p>tok/en+=&quot;&#233;&#x1f600;</p>", secret, "<p>****</p>"},
		{"tok%2", secret, "tok%2"},
		{`tok\`, secret, `tok\`},
		{"totoken/en", "token/en", "to****"},
		{`C:\%41&amp;`, `C:\%41&amp;`, mask},
		{`{"n":12345678,"at":"912345678","to":123456789}`, "12345678", `{"n":****,"at":"912345678","to":123456789}`},
		{"hunter2", "hunter2", "hunter2"}, // too short for an answer
		{"", secret, ""},
	} {
		is(t, c.text, string(masked([]byte(c.text), c.secret, leastInAnswer, false)), c.want)
	}
}

// canaries are secrets that a server is sent, and how it may write them back.
var canaries = []struct {
	name    string
	auth    Auth
	env     string // of the token or the password
	sent    string // what the server gets to see of it
	written string // by the server
}{
	{"token", Auth{TokenEnv: "S"}, "canary-tok.en_1", "canary-tok.en_1", "canary-tok.en_1"},
	{"escaped token", Auth{TokenEnv: "S"}, "canary/tok+en=1", "canary/tok+en=1", `canary\/tok\u002ben\u003d1`},
	{"token behind its scheme", Auth{TokenEnv: "S"}, "Token canary-tok.en_1", "canary-tok.en_1", "canary-tok.en_1"},
	{"password", Auth{User: "oncall", PasswordEnv: "S"}, "canary-password", "canary-password", "canary-password"},
	{"user and password", Auth{User: "oncall", PasswordEnv: "S"}, "c", base64.StdEncoding.EncodeToString([]byte("oncall:c")), base64.StdEncoding.EncodeToString([]byte("oncall:c"))},
}

// TestMaskedInProtobuf masks a secret so that the lengths which stand before the texts stay right, and one of digits beside whatever
// bytes, which are no digits there.
func TestMaskedInProtobuf(t *testing.T) {
	for _, c := range []struct{ text, secret, want string }{
		{"\n\x0ftoken/en\x12", "token/en", "\n\x0f********\x12"},
		{`token\/entoken/en`, "token/en", strings.Repeat("*", 17)},
		{"\x2a\x09 12345678\x30\x0112", "12345678", "\x2a\x09 ********\x30\x0112"},
	} {
		is(t, c.text, string(masked([]byte(c.text), c.secret, leastInAnswer, true)), c.want)
	}
}

// TestEchoedInProtobuf has a Tempo send back in protobuf what it was sent: the trace is read, and does not hold it.
func TestEchoedInProtobuf(t *testing.T) {
	digits := canaries[0]
	digits.name, digits.env, digits.sent = "digits", "9753186420", "9753186420"
	for _, canary := range append(slices.Clone(canaries), digits) {
		t.Run(canary.name, func(t *testing.T) {
			text := func(key string) *commonpb.KeyValue {
				return &commonpb.KeyValue{Key: key, Value: &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: "beside " + canary.sent}}}
			}
			answer, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{
				Resource: &resourcepb.Resource{Attributes: []*commonpb.KeyValue{text("service.name"), text(canary.sent)}},
				ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{{
					TraceId: []byte("0123456789abcdef"), SpanId: []byte("01234567"), Name: "GET " + canary.sent, Kind: tracepb.Span_SPAN_KIND_SERVER,
					StartTimeUnixNano: 1795903047123456789, EndTimeUnixNano: 1795903048123456789, Attributes: []*commonpb.KeyValue{text("a")},
					Status: &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR, Message: canary.sent},
				}}}},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			answer = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), answer)
			s := echoing(t, canary.env, canary.auth, http.StatusOK, string(answer), "")
			s.found = tempoOf(s.api)
			s.holdsNone(t, canary.sent, "beside "+strings.Repeat("*", len(canary.sent)), func(b *Backend, feed *sources.Feed) (any, error) {
				a, err := b.Trace(t.Context(), trace.TraceID{}, Window{}, feed)
				if err != nil || feed.Set().SpanCount() != 1 {
					t.Errorf("%d spans, %v", feed.Set().SpanCount(), err)
				}
				return a, err
			})
		})
	}
}

// TestEchoedSecrets has servers that send back what they were sent, in every place of an answer: nothing that comes of it
// holds it, while what stands beside it is there.
func TestEchoedSecrets(t *testing.T) {
	const spans = `{"result":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"beside CANARY"}},{"key":"CANARY","value":{"stringValue":"x"}}]},` +
		`"scopeSpans":[{"scope":{"name":"CANARY"},"spans":[{"traceId":"` + first + `","spanId":"a000000000000001","name":"GET CANARY","startTimeUnixNano":"1795903047123456789",` +
		`"endTimeUnixNano":"1795903048123456789","traceState":"k=CANARY","status":{"code":2,"message":"CANARY"},` +
		`"attributes":[{"key":"a","value":{"stringValue":"Bearer CANARY"}},{"key":"l","value":{"arrayValue":{"values":[{"stringValue":"CANARY"}]}}},` +
		`{"key":"@jaeger@warnings","value":{"arrayValue":{"values":[{"stringValue":"CANARY"}]}}}],` +
		`"events":[{"name":"CANARY","timeUnixNano":"1795903047123456789","attributes":[{"key":"e","value":{"stringValue":"CANARY"}}]}],` +
		`"links":[{"traceId":"` + second + `","spanId":"a000000000000002","attributes":[{"key":"m","value":{"stringValue":"CANARY"}}]}]}]}]}]}}`
	traces := func(b *Backend, feed *sources.Feed) (any, error) {
		return b.Find(t.Context(), Question{Window: hour, Light: Sparing}, feed, nil)
	}
	one := func(b *Backend, feed *sources.Feed) (any, error) {
		return b.Trace(t.Context(), trace.ParseTraceID(first), Window{}, feed)
	}
	for _, c := range []struct {
		name   string
		server func(a api) server // nil to find it out
		status int
		body   string
		ask    func(b *Backend, feed *sources.Feed) (any, error)
		beside string // what is there of the answer
	}{
		{"attributes and messages", jaegerOf, 200, spans, traces, "beside ****"},
		{"one trace", jaegerOf, 200, spans, one, "Bearer ****"},
		{"JSON API", olderOf, 200, `{"data":[{"traceID":"` + first + `","spans":[{"traceID":"` + first + `","spanID":"a1","operationName":"CANARY","references":[],"startTime":1795903047123456,"duration":1000,` +
			`"tags":[{"key":"k","type":"string","value":"v CANARY"}],"logs":[{"timestamp":1795903047123456,"fields":[{"key":"event","type":"string","value":"CANARY"}]}],` +
			`"warnings":["CANARY"],"processID":"p1"}],"processes":{"p1":{"serviceName":"CANARY","tags":[]}}}]}`, one, "v ****"},
		{"rows", tempoOf, 200, `{"traces":[{"traceID":"` + first + `","rootServiceName":"CANARY","rootTraceName":"GET CANARY","startTimeUnixNano":"1795903047123456789","durationMs":1001}]}`, traces, "GET ****"},
		{"services", jaegerOf, 200, `{"services":["a CANARY"]}`, func(b *Backend, _ *sources.Feed) (any, error) { return b.Services(t.Context()) }, "a ****"},
		{"values", tempoOf, 200, `{"tagValues":[{"value":"a CANARY"}]}`, func(b *Backend, _ *sources.Feed) (any, error) { return b.Values(t.Context(), "a", "") }, "a ****"},
		{"JSON message", jaegerOf, 400, `{"error":{"httpCode":400,"message":"odd: CANARY"}}`, traces, "odd: ****"},
		{"messages of the JSON API", olderOf, 400, `{"data":null,"errors":[{"code":400,"msg":"odd: CANARY"}]}`, one, "odd: ****"},
		{"plain text", tempoOf, 500, `odd: CANARY`, traces, "odd: ****"},
		{"refusal", jaegerOf, 401, `odd: CANARY`, traces, "odd: ****"},
		{"refused filter", jaegerOf, 400, `{"error":{"httpCode":400,"message":"this storage backend cannot serve this query filter: CANARY"}}`, func(b *Backend, _ *sources.Feed) (any, error) {
			_, err := b.known().Find(t.Context(), ask.Part{Filter: []byte("{}")}, hour, 20)
			return nil, err
		}, "refused: ****"},
		{"web page", nil, 200, `<html><title>CANARY</title>`, traces, "a web page"},
		{"other JSON", jaegerOf, 200, `["CANARY"]`, func(b *Backend, _ *sources.Feed) (any, error) { return b.Services(t.Context()) }, `["****"]`},
	} {
		for _, canary := range canaries {
			t.Run(c.name+"/"+canary.name, func(t *testing.T) {
				s := echoing(t, canary.env, canary.auth, c.status, strings.ReplaceAll(c.body, "CANARY", canary.written), "")
				if c.server != nil {
					s.found = c.server(s.api)
				}
				s.holdsNone(t, canary.sent, c.beside, c.ask)
			})
		}
	}
	for _, canary := range canaries {
		for to, beside := range map[string]string{
			"/next?token=CANARY":        "redirected more than 3 times",
			"http://CANARY.corp/":       "redirected to ",
			"http://127.0.0.1:1/CANARY": "without credentials",
		} {
			t.Run(to+"/"+canary.name, func(t *testing.T) {
				sent := canary.sent
				if !strings.Contains(to, "CANARY.corp") {
					sent = strings.NewReplacer("/", "%2F", "+", "%2B", "=", "%3D").Replace(sent)
				}
				s := echoing(t, canary.env, canary.auth, http.StatusFound, "", strings.ReplaceAll(to, "CANARY", sent))
				s.holdsNone(t, canary.sent, beside, traces)
				s.holdsNone(t, sent, beside, traces)
			})
		}
	}
}

func jaegerOf(a api) server { return &jaeger{api: a, params: snakeCase, about: "Jaeger"} }
func olderOf(a api) server  { return newOlder(a, false) }
func tempoOf(a api) server  { return newTempo(a, func() time.Time { return now }) }

// echoed is a backend of a server that sends back secrets, with what happened on its connection.
type echoed struct {
	*Backend
	asked
}

func echoing(t *testing.T, secret string, auth Auth, status int, body, location string) *echoed {
	t.Helper()
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			t.Error("nothing was sent")
		}
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		if location != "" {
			w.Header().Set("Location", location)
		}
		w.WriteHeader(status)
		if _, err := w.Write([]byte(body)); err != nil {
			t.Error(err)
		}
	})
	s := &echoed{}
	b, err := Open(Config{Name: "prod", URL: at, Auth: auth}, Options{
		Env: func(string) string { return secret }, Now: func() time.Time { return now },
		Log: func(e Event) {
			s.mutex.Lock()
			defer s.mutex.Unlock()
			s.events = append(s.events, e)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.api.pause = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	s.Backend, s.client = b, b.api.client
	return s
}

// holdsNone asks, and looks for a secret in all that comes of it.
func (s *echoed) holdsNone(t *testing.T, secret, beside string, ask func(*Backend, *sources.Feed) (any, error)) {
	t.Helper()
	feed := sources.NewFeed(sources.Options{})
	answer, err := ask(s.Backend, feed)
	var out bytes.Buffer
	set := feed.Set()
	var all []*trace.Trace
	for i := range set.Len() {
		all = append(all, set.Trace(i))
	}
	for _, write := range []func() error{
		func() error { return export.WriteOTLP(&out, all, export.Options{}) },
		func() error { return export.WriteJaeger(&out, all, export.Options{}) },
	} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Fprintf(&out, "%v %+v %#v %v", err, err, answer, set.Notices())
	if a, ok := answer.(*Answer); ok {
		fmt.Fprintf(&out, " %+v", *a)
		if a.Rest != nil {
			fmt.Fprintf(&out, " %+v", a.Rest.Rows)
		}
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		fmt.Fprintf(&out, " %+v", inner)
	}
	fmt.Fprintf(&out, " %+v", s.events)
	if text := out.String(); strings.Contains(text, secret) {
		t.Errorf("%q is in\n%s", secret, text)
	} else if !strings.Contains(text, beside) {
		t.Errorf("%q is not in\n%s", beside, text)
	}
}

// TestEchoedLogs has log stores that send back what they were sent.
func TestEchoedLogs(t *testing.T) {
	for kind, body := range map[Kind]string{
		VictoriaLogs: `{"_time":"2026-11-28T21:57:27Z","_msg":"beside CANARY","CANARY":"CANARY"}` + "\n",
		Loki:         `{"data":{"result":[{"stream":{"a":"CANARY"},"values":[["1795903047123456789","beside CANARY"]]}]}}`,
	} {
		for _, canary := range canaries {
			s := echoing(t, canary.env, canary.auth, 200, strings.ReplaceAll(body, "CANARY", canary.written), "")
			store := &LogStore{config: LogConfig{Config: Config{Name: "logs", Kind: kind}}, api: s.api}
			lines, a, err := store.Lines(t.Context(), trace.ParseTraceID(first), hour, 10)
			if err != nil || len(lines) != 1 {
				t.Fatal(lines, err)
			}
			text := fmt.Sprintf("%+v %+v %+v", lines, a, s.events)
			if strings.Contains(text, canary.sent) || !strings.Contains(text, "beside ****") {
				t.Errorf("%s, %s: %s", kind, canary.name, text)
			}
		}
	}
}

// TestUnknownSecrets leaves an answer as it is where no secret stands in it: it is not even copied.
func TestUnknownSecrets(t *testing.T) {
	text := []byte(`{"a":"can%2Fary \u0063 &amp; c"}`)
	if got := masked(text, "canary", 1, false); &got[0] != &text[0] || !slices.Equal(got, text) {
		t.Errorf("%s", got)
	}
}

// BenchmarkMasked looks for a token in an answer of 32 MiB that does not hold it.
func BenchmarkMasked(b *testing.B) {
	text := bytes.Repeat([]byte(`{"key":"http.route","value":{"stringValue":"\/cart%20&amp;"}},`), 32<<20/62)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		masked(text, `{"keynote-of-nothing`, leastInAnswer, false)
	}
}
