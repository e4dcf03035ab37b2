package live

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/sources/query/ask"
)

const (
	first  = "5b8efff798038103d269b633813fc60c"
	second = "00000000000000000000000000c0ffee"
)

// find asks for a part of a question in the hour.
func (s *replay) find(t *testing.T, part ask.Part, limit int) string {
	t.Helper()
	p, err := s.server(t).Find(t.Context(), part, hour, limit)
	return s.found(t, p, err)
}

// names lists services and operations, or says why not.
func (s *replay) names(t *testing.T, service string) string {
	t.Helper()
	services, err := s.Services(t.Context())
	if err != nil {
		return err.Error()
	}
	operations, err := s.Operations(t.Context(), service)
	if err != nil {
		return err.Error()
	}
	return strings.Join(services, ",") + " " + strings.Join(operations, ",")
}

func TestJaegerA(t *testing.T) {
	s := again(t, Auto, "", written(t, "jaeger-a.txt"))
	is(t, "names", s.names(t, "cart"), "auth,cart DEL,GET /cart")
	is(t, "asked", strings.Join(s.asked, " "), "/api/v3/capabilities /api/v3/trace-summaries /api/v3/services /api/v3/services /api/v3/operations")
	is(t, "about", s.known().About(), "Jaeger 1.76 or 2.0 to 2.18 (api_v3)")
	is(t, "trace", s.trace(t, first, Window{}), first+" 1\n")
	is(t, "missing trace", s.trace(t, second, Window{}), "prod: no trace "+second)
	is(t, "all", s.find(t, ask.Part{}, 20), second+" 1\n"+first+" 1\n")
	is(t, "part", s.find(t, ask.Part{Service: "cart", Operation: "GET /cart", DurationMin: 1500 * time.Millisecond, DurationMax: time.Minute}, 20), first+" 1\n")
	is(t, "none", s.find(t, ask.Part{Service: "none"}, 20), "")
	is(t, "tags", s.find(t, ask.Part{Service: "cart", Tags: map[string]string{"b": "2", "a": "1"}}, 20),
		"row "+second+" cart GET /cart 21:57:27.123456000 +1.001001s 1 0\nrow "+first+" cart GET /cart 21:57:27.123456000 +1.001001s 1 0\n")
	is(t, "no tags", s.find(t, ask.Part{Service: "none", Tags: map[string]string{"a": "1"}}, 20), "")
	is(t, "tags with NaN", s.find(t, ask.Part{Service: "nan", Tags: map[string]string{"a": "1"}}, 20), second+" 1\n")
	found := s.server(t)
	if found.Dialect() != ask.Tags {
		t.Error("a dialect that it ignores in silence")
	}
	for want, part := range map[error]ask.Part{errService: {Tags: map[string]string{"a": "1"}}, errDepth: {}} {
		limit := map[error]int{errService: 20, errDepth: 100000}[want]
		if _, err := found.Find(t.Context(), part, hour, limit); !errors.Is(err, want) {
			t.Errorf("%v: %v, want %v", part, err, want)
		}
	}
	if _, err := found.Find(t.Context(), ask.Part{Operation: "DEL"}, hour, 20); !errors.Is(err, errService) {
		t.Error(err)
	}
}

func TestJaegerB(t *testing.T) {
	s := again(t, Jaeger, "", written(t, "jaeger-b.txt"))
	is(t, "names", s.names(t, "cart"), " GET /cart")
	is(t, "trace", s.trace(t, first, hour), first+" 1\n")
	is(t, "missing trace", s.trace(t, second, hour), "prod: no trace "+second+" from 2026-11-28T21:00:00Z to 2026-11-28T22:00:00Z")
	found := s.server(t)
	if found.Dialect() != ask.Filter {
		t.Error("filters are not tried")
	}
	refusal := &refusedError{}
	_, err := found.Find(t.Context(), ask.Part{Filter: []byte(`{"op":"eq","args":[]}`)}, hour, 20)
	if !errors.As(err, &refusal) || refusal.kind != refusedFilter {
		t.Error(err)
	}
	is(t, "tags", s.find(t, ask.Part{Service: "cart", Tags: map[string]string{"b": "2", "a": "1"}}, 20), first+" 1\n")
	if _, err := found.Find(t.Context(), ask.Part{Operation: "DEL"}, hour, 20); !errors.Is(err, errService) {
		t.Error(err)
	}
	is(t, "summaries", s.summaries(t, ask.Part{Service: "cart"}, 20), "row "+first+" cart GET /cart 21:57:27.123456789 +1.001000001s 3 1\n")
	is(t, "no summaries", s.summaries(t, ask.Part{Service: "none"}, 20), "")
}

func (s *replay) summaries(t *testing.T, part ask.Part, limit int) string {
	t.Helper()
	p, err := s.server(t).(summarizer).Summaries(t.Context(), part, hour, limit)
	return s.found(t, p, err)
}

func TestJaegerC(t *testing.T) {
	s := again(t, Auto, "", written(t, "jaeger-c.txt"))
	found := s.server(t)
	is(t, "asked", strings.Join(s.asked, " "), "/api/v3/capabilities")
	declared := found.(particular).Options().Declared
	if found.Dialect() != ask.Filter || declared == nil || !declared.WithoutService || !declared.Paginated || declared.SpanSearch ||
		!slices.Equal(declared.Levels, []string{"span", "resource"}) || !slices.Equal(declared.Operators, []string{"eq", "and"}) {
		t.Errorf("declared %+v", declared)
	}
	is(t, "filter", s.find(t, ask.Part{Service: "hint", Filter: []byte(`{"op":"eq","args":[]}`)}, 20), first+" 1\n")
	is(t, "a page of summaries", s.summaries(t, ask.Part{}, 1), "row "+first+" cart GET /cart 21:57:27.123456789 +1.001000001s 3 1\n")
	is(t, "summaries", s.summaries(t, ask.Part{}, 20), "row "+first+" cart GET /cart 21:57:27.123456789 +1.001000001s 3 1\n"+
		"row "+second+" cart GET /cart 21:57:27.123456789 +1.001000001s 3 1\n")
	for _, c := range []struct {
		filter string
		kind   refusal
		name   string
	}{
		{`{"op":"gt"}`, refusedTerm, "gt"},
		{`{"op":"long"}`, refusedLength, ""},
		{`{"op":"x"}`, refusedSyntax, ""},
	} {
		refusal := &refusedError{}
		_, err := found.Find(t.Context(), ask.Part{Filter: []byte(c.filter)}, hour, 20)
		if !errors.As(err, &refusal) || refusal.kind != c.kind || strings.Join(refusal.names, ",") != c.name {
			t.Errorf("%s: %#v", c.filter, err)
		}
	}
}

func TestJaeger1(t *testing.T) {
	s := again(t, Auto, "", written(t, "jaeger-1.txt"))
	is(t, "names", s.names(t, "cart"), "auth,cart GET /cart")
	is(t, "other names", s.names(t, "a/b"), "auth,cart DEL")
	is(t, "about", s.known().About(), "Jaeger 1 or compatible (JSON API)")
	is(t, "trace", s.trace(t, first, Window{}), first+" 1\n")
	is(t, "missing trace", s.trace(t, second, Window{}), "prod: no trace "+second)
	is(t, "NaN", s.trace(t, "aa", Window{}),
		"prod: no answer for trace 000000000000000000000000000000aa: an attribute is NaN or infinite, which its JSON API cannot write")
	part := ask.Part{
		Service: "cart", Operation: "GET /cart", Tags: map[string]string{"a": "1"},
		DurationMin: 1500*time.Millisecond + 1, DurationMax: 1500*time.Millisecond + 1,
	}
	is(t, "part", s.find(t, part, 20), second+" 1\n"+first+" 1\n")
	is(t, "none", s.find(t, ask.Part{Service: "none"}, 20), "")
	is(t, "bad", s.find(t, ask.Part{Service: "bad"}, 20), "error: prod: 400 parameter 'x' is odd")
	is(t, "broken", s.find(t, ask.Part{Service: "broken"}, 20), "error: prod: 200 storage is gone")
	for service, want := range map[string]error{"nan": errNumber, "": errService} {
		if _, err := s.server(t).Find(t.Context(), ask.Part{Service: service}, hour, 20); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", service, err, want)
		}
	}
}

func TestVictoriaTraces(t *testing.T) {
	s := again(t, Auto, "/select/jaeger", written(t, "victoriatraces.txt"))
	is(t, "names", s.names(t, "cart"), "cart DEL,GET /cart")
	is(t, "asked last", strings.Join(s.asked[len(s.asked)-2:], " "), "/select/jaeger/api/services /select/jaeger/api/services/cart/operations")
	is(t, "about", s.known().About(), "VictoriaTraces (Jaeger's JSON API)")
	if !s.server(t).(particular).Options().Victoria {
		t.Error("not known as VictoriaTraces")
	}
	is(t, "trace", s.trace(t, first, Window{}), first+" 1\n")
	is(t, "missing trace", s.trace(t, second, Window{}), "prod: no trace "+second)
	if _, err := s.server(t).Find(t.Context(), ask.Part{Service: "cart"}, hour, 2000); !errors.Is(err, errDepth) {
		t.Error(err)
	}
}

func TestTempo(t *testing.T) {
	s := again(t, Tempo, "", written(t, "tempo.txt"))
	is(t, "names", s.names(t, "cart"), "auth,cart GET /cart")
	is(t, "asked", s.asked[0], "/api/echo")
	is(t, "trace", s.trace(t, first, Window{}), first+" 1\n")
	is(t, "part of a trace", s.trace(t, first, hour), first+" 1 partial\n")
	is(t, "missing trace", s.trace(t, second, Window{}), "prod: no trace "+second)
	is(t, "all", s.find(t, ask.Part{}, 20), "row "+second+" cart GET /cart 21:57:27.123456789 +1.002s 3 1\n"+
		"row "+first+" cart GET /cart 21:57:27.123456789 +1.002s 3 1\n")
	is(t, "full before it ended", s.find(t, ask.Part{}, 1), "row "+first+" cart GET /cart 21:57:27.123456789 +1.002s 3 1\n")
	is(t, "none", s.find(t, ask.Part{TraceQL: `{ name = "none" }`}, 20), "partial: the server finished 2 of 3 jobs\n")
	if _, err := s.server(t).Find(t.Context(), ask.Part{}, hour, 262145); !errors.Is(err, errDepth) {
		t.Error(err)
	}
	refusal := &refusedError{}
	if _, err := s.server(t).Find(t.Context(), ask.Part{TraceQL: "{"}, hour, 20); !errors.As(err, &refusal) || refusal.kind != refusedSyntax {
		t.Error(err)
	}
	keys, err := s.Keys(t.Context())
	is(t, "keys", fmt.Sprint(keys, err), "[event.e http.route scope.s] <nil>")
	for key, want := range map[string]string{"http.route": "/cart", "key with space": ""} {
		narrowing := map[string]string{"http.route": "{ kind = server }"}[key]
		values, err := s.Values(t.Context(), key, narrowing)
		if err != nil || strings.Join(values, ",") != want {
			t.Errorf("%s: %v %v", key, values, err)
		}
	}
}

func TestOldTempo(t *testing.T) {
	s := again(t, Auto, "", written(t, "tempo-old.txt"))
	is(t, "trace", s.trace(t, first, Window{}), first+" 1\n")
	is(t, "missing trace", s.trace(t, second, Window{}), "prod: no trace "+second)
	is(t, "about", s.known().About(), "Tempo")
	s.asked = nil
	for range 2 {
		is(t, "all", s.find(t, ask.Part{}, 20), "row "+first+" cart GET /cart 21:57:27.123456789 +1.002s 3 1\n")
	}
	is(t, "asked", strings.Join(s.asked, " "), "/api/search /api/search /api/search")
}

func TestRefusedNames(t *testing.T) {
	for what, want := range map[string]string{
		`it does not support the operator "gt" on "duration"`:                  "gt",
		`it does not support the operator "exists"`:                            "exists",
		`it does not support the built-in field "status" of the "span" level`:  "span.status",
		`it does not index the "scope" level`:                                  "scope",
		`it does not support the built-in field "traceID" of the "link" level`: "link.traceID",
		`it does not like it`: "",
	} {
		is(t, what, strings.Join(refusedNames(what), ","), want)
	}
}

// TestCutAnswer has an answer that is longer than the configuration allows.
func TestCutAnswer(t *testing.T) {
	whole := written(t, "jaeger-a.txt")
	i := slices.IndexFunc(whole, func(c canned) bool { return c.path == "/api/v3/traces" && c.query.Get("query.num_traces") == "20" })
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if _, err := w.Write(whole[i].body); err != nil {
			t.Error(err)
		}
	})
	b, err := Open(Config{Name: "prod", URL: at, MaxAnswer: int64(len(whole[i].body)) - 40}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	j := &jaeger{api: b.api, params: snakeCase}
	p, err := j.Find(t.Context(), ask.Part{}, hour, 20)
	if err != nil || p.partial == "" || len(p.documents[0].notes) != 1 || p.documents[0].notes[0].Message != "PARTIAL: "+p.partial {
		t.Errorf("%+v, %v", p, err)
	}
	is(t, "what came", strings.SplitAfter(new(replay).found(t, p, err), "\n")[0], first+" 1\n")
}

func TestEmptyAnswer(t *testing.T) {
	for body, want := range map[string]bool{
		"": true, "\n": true, `{"result":{}}`: true, `{"result":{"resourceSpans":[]}}`: true,
		`{"result":{"resourceSpans":[{}]}}`: false, `{"error":{"message":"no"}}`: false, `[]`: false,
	} {
		if got := (&reply{body: []byte(body)}).empty(); got != want {
			t.Errorf("%q: %v", body, got)
		}
	}
}

// TestCutRows has ids of which the last did not come whole.
func TestCutRows(t *testing.T) {
	whole := written(t, "jaeger-a.txt")
	i := slices.IndexFunc(whole, func(c canned) bool { return c.path == "/api/traces" && c.query.Get("service") == "cart" })
	for cut, want := range map[int]string{0: second + " " + first, 200: second, 40: second + " " + first, len(whole[i].body) - 20: ""} {
		at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if _, err := w.Write(whole[i].body); err != nil {
				t.Error(err)
			}
		})
		b, err := Open(Config{Name: "prod", URL: at, MaxAnswer: int64(len(whole[i].body) - cut)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := newOlder(b.api, false).rows(t.Context(), ask.Part{Service: "cart"}, hour, 20)
		var ids []string
		for _, id := range p.found {
			ids = append(ids, id.String())
		}
		if err != nil || strings.Join(ids, " ") != want || (p.partial != "") != (cut > 0) {
			t.Errorf("cut by %d: %v, %q, %v; want %s", cut, ids, p.partial, err, want)
		}
	}
}
