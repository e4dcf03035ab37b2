package query_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/query"
	"tracefall/sources/query/querytest"
	"tracefall/sources/tracetest"
)

// TestComplete writes the cursor as ‸ and lists the first suggestions as they would be inserted, with counts.
func TestComplete(t *testing.T) {
	set := world(t)
	v := query.BuildVocabulary(set, standIn{})
	for _, e := range []struct{ text, want string }{
		{"‸", "duration service name error status"},
		{"dur‸", "duration trace.duration root.duration"},
		{"ret‸", "retry.count:3 retry.delay:2"},
		{"service=‸", "cart:2 gateway:2 payment:2 audit:1 postgres:1"},
		{"service=p‸", "payment:2 postgres:1"},
		{"kind=client retry.c‸", "retry.count:3"},
		{"kind=‸", "unspecified:3 client:2 server:2 internal:1 consumer"},
		{"error=t‸", "true"},
		{"http.status_code=‸", "503:2 200.5:1"},
		{"name in (items, ‸", "charge1:1 charge2:1 checkout:1 dashboard:1 items:1"},
		{`name="ch‸`, "charge1:1 charge2:1 checkout:1"},
		{"retry.count ‸", "= != > >= <"},
		{"kind ‸", "= != =~ =~i !~"},
		{"name not‸", "not in ("},
		{"has:re‸", "retry.count:3 retry.delay:2 parentSpanID children http.response.status_code:1"},
		{"resource.k8s‸", "resource.k8s.pod.name:3"},
		{"event.‸", "event.name event.time event.timeSinceStart event.exception.type:2 event.exception.message:1"},
		{"parent(serv‸", "service service.name:8 trace.services root.service peer.service:1"},
		{"par‸", "parentSpanID parent("},
		{"{ status = ‸", "unset:5 error:2 ok:1"},
		{"{ } | ‸", "count( avg( min( max( sum("},
		{"{ } | a‸", "avg("},
		{"{ } | avg(ret‸", "retry.count:3 retry.delay:2"},
		{"{ } | avg(duration) > 1‸", "1ms 10ms 100ms 1s 10s"},
		{"finding=‸", "n-plus-one retry-storm slow-external"},
		{"root.service=g‸", "gateway:2"},
		{`"free te‸`, ""},
		{"event.name=‸", "exception:2 retry.attempt:1"},
		{"count‸", "retry.count:3"},
		{`odd‸`, `"odd+key":1`},
		{"{ .ret‸", ".retry.count:3 .retry.delay:2"},
		{"{ parent.retry.c‸", "parent.retry.count:3"},
		{"span.kind=‸", "unspecified:3 client:2 server:2 internal:1 consumer"},
		{"otel.status_code=‸", "unset:5 error:2 ok:1"},
		{"{ } | coal‸", "coalesce()"},
		{"nested‸", "nestedSetLeft nestedSetRight nestedSetParent"},
		{"a=1 && -se‸rv x", "service self service.name:8 trace.services root.service"},
	} {
		cursor := strings.Index(e.text, "‸")
		text := strings.Replace(e.text, "‸", "", 1)
		var got []string
		for _, s := range query.Complete(text, cursor, v) {
			if s.From > cursor || s.To < cursor || s.To > len(text) || s.About {
				t.Errorf("%s: %s replaces %d to %d", e.text, s.Text, s.From, s.To)
			}
			word := s.Text
			if s.Count > 0 {
				word = fmt.Sprintf("%s:%d", s.Text, s.Count)
			}
			got = append(got, word)
		}
		want := strings.Fields(strings.ReplaceAll(e.want, "not in (", "not·in·("))
		for i, w := range want {
			want[i] = strings.ReplaceAll(w, "·", " ")
		}
		if got = got[:min(len(got), max(5, len(want)))]; !slices.Equal(got, want) {
			t.Errorf("%s\n got %s\nwant %s", e.text, got, want)
		}
	}
}

// TestCompletionInserts checks that what is suggested, once inserted, reads as meant.
func TestCompletionInserts(t *testing.T) {
	set := querytest.Set(t, 5, 40)
	v := query.BuildVocabulary(set, standIn{})
	for _, s := range query.Complete("", 0, v) {
		if s.Kind != query.SuggestKey {
			continue
		}
		parse(t, "has:"+s.Text)
		for _, value := range query.Complete(s.Text+"=", len(s.Text)+1, v) {
			text := s.Text + "=" + value.Text
			if q := parse(t, text); value.Count > 0 && run(t, compile(t, text, set), 1).Spans == 0 {
				t.Errorf("%s is suggested and finds nothing", q)
			}
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, e := range examples {
		f.Add(e.text, len(e.text)/2)
	}
	v := query.BuildVocabulary(querytest.Set(f, 5, 40), standIn{})
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		for _, s := range query.Complete(text, cursor, v) {
			if s.From < 0 || s.From > s.To || s.To > len(text) {
				t.Fatalf("%q at %d: %+v", text, cursor, s)
			}
		}
	})
}

// TestCompletionHidesSecrets checks that what holds a secret is neither offered nor meant.
func TestCompletionHidesSecrets(t *testing.T) {
	set := tracetest.Set(t, `
trace 1
shop-hush "GET hush" 0ms +2s kind=server user.password=x note=some-hush tenant=large key.hush=1
  shop "GET /cart" 10ms +1s kind=client note=plain
    event e-hush 11ms n=1
`)
	v := query.BuildVocabulary(set, standIn{})
	for text, want := range map[string]string{
		"service=": "shop", "name=": "GET /cart", "user.password=": "", "note=": "plain", "key": "", "event.name=": "", "tenant=": "large",
	} {
		var got []string
		for _, s := range query.Complete(text, len(text), v) {
			if s.Kind == query.SuggestValue || strings.Contains(s.Text, "hush") {
				got = append(got, strings.Trim(s.Text, `"`))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s offers %q, want %q", text, got, want)
		}
		if masked := query.MaskedAt(text, len(text), v); masked != (text != "key" && text != "tenant=") {
			t.Errorf("%s: masked is %v", text, masked)
		}
	}
	if !v.Hidden("some-hush") || v.Hidden("plain") {
		t.Error("some-hush is a value that holds a secret, plain is not")
	}
	for _, n := range run(t, compile(t, "key.huhs=1", set), 1).Notes {
		if strings.Contains(n.Text, "key.hush") {
			t.Errorf("the note says %s", n.Text)
		}
	}
}
