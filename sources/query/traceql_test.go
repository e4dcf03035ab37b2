package query_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/query"
	"tracefall/sources/query/eval"
	"tracefall/sources/query/querytest"
	"tracefall/sources/tracetest"
)

func TestTraceQLIsRead(t *testing.T) {
	lines := traceqlLines()
	seen := map[string]bool{}
	incident, random := world(t), querytest.Set(t, 11, 30)
	for _, text := range lines {
		if seen[text] {
			t.Errorf("%s stands twice", text)
		}
		seen[text] = true
		q, err := query.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		check(t, text, random)
		got := run(t, compile(t, text, incident), 2)
		if slow := slow(q, incident, standIn{}); !cmp.Equal(slow, got.Traces) {
			t.Errorf("%s: the slow evaluator finds %v, not %v", text, slow, got.Traces)
		}
	}
	if len(lines) < 250 {
		t.Errorf("%d examples", len(lines))
	}
}

// TestTraceQLMeans compares what queries of TraceQL find in the incident with what they must.
func TestTraceQLMeans(t *testing.T) {
	set := world(t)
	for _, e := range []struct{ text, canon, want string }{
		{"{ true }", "", everything},
		{"{ false }", "{ NOT true }", ""},
		{"{ 1 = 2 } || { name = \"list\" }", "{ NOT true } || { name=list }", "list"},
		{"{ .flag }", "flag=true", "dashboard"},
		{"{ !.flag }", "flag=false", "list"}, // as in TraceQL: where the key is missing, neither holds
		{"{ !(.flag) }", "flag=false", "list"},
		{"{ .flag && .size = 503 }", "flag=true size=503", ""},
		{"{ true && .flag }", "{ true && flag=true }", "dashboard"},
		{"{ (.size > 1) = false }", "NOT size>1", "checkout charge1 charge2 items query dashboard"},
		{"{ 503 = .size }", "size=503", "list lost"},
		{"{ 504 > .limit }", "limit<504", "list"},
		{"{ .size = .limit }", "size=field(limit)", "list"},
		{"{ .size + 1 = .limit }", "{ .size + 1 = .limit }", "lost"},
		{"{ .limit - .size = 1 }", "{ .limit - .size = 1 }", "lost"},
		{"{ .limit / .size > 1 }", "{ .limit / .size > 1 }", "lost"},
		{"{ .http.status_code % 2 = 1 }", "{ .http.status_code % 2 = 1 }", "checkout charge1 charge2"},
		{"{ -.size < -502 }", "{ -.size < -502 }", "list lost"},
		{"{ 2 ^ 3 ^ 1 = 8 && .size > 0 }", "{ true && size>0 }", "list lost"},
		{"{ .retry.count * 2 > 9 }", "{ .retry.count * 2 > 9 }", "charge1"},
		{"{ .retry.count + 1 != 3 }", "{ .retry.count + 1 != 3 }", "charge1"}, // what is no number has no sum
		{"{ .retry.delay * 2 = 300ms }", "{ .retry.delay * 2 = 300ms }", "charge2"},
		{"{ duration > 2 * 400ms }", "duration>800ms", "checkout charge1 charge2"},
		{"{ duration * 2 > 3s }", "{ duration * 2 > 3s }", "checkout"},
		{"{ duration / 1ms = 50 }", "{ duration / 1ms = 50 }", "list"},
		{"{ traceDuration - duration < 1ms }", "{ trace.duration - duration < 1ms }", "checkout dashboard"},
		{"{ .big + 1 = 9007199254740994 }", "{ .big + 1 = 9007199254740994 }", "dashboard"},
		{"{ .big * 1.0 = 9007199254740992 }", "{ .big * 1.0 = 9007199254740992 }", "dashboard"},
		{"{ childCount = 3 }", "children=3", "checkout"},
		{"{ nestedSetParent = -1 }", "nestedSetParent=-1", "checkout dashboard"},
		{"{ nestedSetParent = 0 }", "nestedSetParent=0", "lost"},
		{"{ nestedSetLeft = 6 }", "nestedSetLeft=6", "items"},
		{"{ nestedSetRight = 9 }", "nestedSetRight=9", "items"},
		{"{ nestedSetRight - nestedSetLeft = 3 }", "{ nestedSetRight - nestedSetLeft = 3 }", "items dashboard"},
		{"{ parent = nil }", "NOT has:parentSpanID", "checkout dashboard"},
		{"{ parent.resource.service.name = \"gateway\" }", `parent(resource.service.name="gateway")`, "charge1 charge2 items list"},
		{"{ parent.flag }", "parent(flag=true)", "list"},
		{"{ parent.flag = nil && kind = client }", "NOT parent(has:flag) kind=client", "charge1 charge2"},
		{"{ parent.resource.service.name != resource.service.name }", "{ parent.resource.service.name != resource.service.name }", "charge1 charge2 items query list"},
		{"{ parent.duration > 1s }", "parent(span.duration>1s)", "charge1 charge2 items"},
		{"{ parent.duration + 0s >= 0s }", "{ parent.span.duration + 0s >= 0s }", "charge1 charge2 items query list"}, // several roots have no parent
		{"{ event:timeSinceStart * 2 = 12ms }", "{ event.timeSinceStart * 2 = 12ms }", "charge1"},
		{"{ event.n + 1 = 6 }", "{ event.n + 1 = 6 }", "charge1"},
		{"{ name =~ \"charge\" }", "name=~^charge$", ""},
		{"{ name =~ \"charge.\" }", "name=~^charge.$", "charge1 charge2"},
		{"{ name =~ \".*arge.*\" }", "name=~arge", "charge1 charge2"},
		{"{ name =~ \"items|list\" }", `name=~"^(?:items|list)$"`, "items list"},
		{"{ name =~ \"^items$\" }", "name=~^items$", "items"},
		{"{ name !~ \"charge.\" && kind = client }", "name!~^charge.$ kind=client", ""},
		{"{ name=~i\"CHARGE\" }", `name=~i"CHARGE"`, "charge1 charge2"},
		{"{ .nosuch !~ \"x\" }", "nosuch!~^x$", ""},
		{"{ status = error || kind = internal }", "status=error OR kind=internal", "checkout charge1 items"},
		{"{ ok = status }", "status=ok", "items"},
		{"{ name = rootName }", "name=field(root.name)", "checkout dashboard"},
		{"{ span.\"odd+key\" = 1 }", `span."odd+key"=1`, "query"},
		{"{ .odd+key = 1 }", `"odd+key"=1`, "query"},
		{"{ .retry.count in [2, 5] }", "retry.count in (2, 5)", "charge1 charge2"},
		{"{ name =~ [\"item.\", \"li.*\"] }", `name=~"^(?:(?:item.)|(?:li.*))$"`, "items list"},
		{"count() = 3", "{ } | count() = 3", "dashboard list lost"},
		{"3 < count()", "{ } | count() > 3", "checkout charge1 charge2 items query"},
		{"{ } | count() * 2 = 6", "{ } | count() * 2 = 6", "dashboard list lost"},
		{"max(duration) > 3 * avg(duration)", "{ } | max(duration) > 3 * avg(duration)", "checkout charge1 charge2 items query"},
		{"max(duration) > 1m || { name = \"lost\" }", "({ } | max(duration) > 1m) || { name=lost }", "lost"},
		{"{ } | sum(.size + 0) = 1006", "{ } | sum(.size + 0) = 1006", "dashboard list lost"},
		{"{ } | max(.retry.delay) = 150ms", "{ } | max(retry.delay) = 150ms", "checkout charge1 charge2 items query"},
		{"{ } | max(.retry.delay) + 1ms > 151ms", "{ } | max(.retry.delay) + 1ms > 151ms", ""},
		{"{ } | by(.size + 1) | count() = 2", "{ } | by(.size + 1) | count() = 2", "list lost"},
		{"{ } | by(name) | count() = 1 | coalesce() | count() = 5", "", "checkout charge1 charge2 items query"},
		{"({ name = \"list\" } | count() = 1) && ({ kind = server } | count() = 1)", "({ name=list } | count() = 1) && ({ kind=server } | count() = 1)", "dashboard list"},
		{"({ kind = client } | count() = 2) < { }", "({ kind=client } | count() = 2) < { }", "checkout"},
		{"({ kind = server } | count() = 1) > { kind = client }", "({ kind=server } | count() = 1) > { kind=client }", "charge1 charge2"},
		{"(({ kind = client }) | count() = 2) | max(duration) = 1s", "kind=client | count() = 2 | max(duration) = 1s", "charge1 charge2"},
		{"{ kind = server } | select(name, .region) with (most_recent=true)", "kind=server | select(name, region) with (most_recent=true)", "checkout dashboard"},
		{"{ status = error } // why?", "status=error", "checkout charge1"},
		{"{ otel.status_code = \"ERROR\" }", "otel.status_code=\"ERROR\"", "checkout charge1"},
		{"otel.status_code=OK", "", "items"},
		{"otel.status_code!=OK kind=client", "", "charge1 charge2"},
		{"otel.status_description~luck", "", "checkout"},
		{"has:otel.status_description", "", "checkout"},
		{"span.kind=client", "", "charge1 charge2"},
		{"span.kind in (client, server)", "", "checkout charge1 charge2 dashboard"},
		{"span.duration>1s", "", "checkout"},
		{"span.duration not in (1s, 5s)", "", "items query dashboard list lost"},
		{"span.name=list", "", "list"},
	} {
		canon := e.canon
		if canon == "" && e.text != "{ true }" {
			canon = e.text
		}
		q := parse(t, e.text)
		if q.String() != canon {
			t.Errorf("%s is written as %s, want %s", e.text, q, canon)
		}
		if !query.Equal(q, parse(t, q.String())) {
			t.Errorf("%s: reading %s back gives another query", e.text, q)
		}
		r := run(t, compile(t, e.text, set), 1)
		if got := names(set, r); got != e.want {
			t.Errorf("%s finds %q, want %q", e.text, got, e.want)
		}
		if slow := slow(q, set, standIn{}); !cmp.Equal(slow, r.Traces) {
			t.Errorf("%s: the slow evaluator finds %v", e.text, slow)
		}
	}
}

// TestTraceQLRefusals checks what is no query of TraceQL, or asks for numbers over time.
func TestTraceQLRefusals(t *testing.T) {
	for _, e := range []struct{ text, message string }{
		{"{ } | rate()", "rate() is a metric"},
		{"{ status = error } | rate() by (resource.service.name)", "rate() is a metric"},
		{"{ } | count_over_time() by (span.http.status_code) | topk(3)", "count_over_time() is a metric"},
		{"{ } | quantile_over_time(duration, .99, .9)", "quantile_over_time() is a metric"},
		{"{ } | histogram_over_time(duration)", "histogram_over_time() is a metric"},
		{"{ } | min_over_time(duration)", "min_over_time() is a metric"},
		{"{ } | max_over_time(duration)", "max_over_time() is a metric"},
		{"{ } | avg_over_time(duration)", "avg_over_time() is a metric"},
		{"{ } | sum_over_time(.size)", "sum_over_time() is a metric"},
		{"{ } | compare({ status = error })", "compare() is a metric"},
		{"{ } | rate() | topk(5)", "rate() is a metric"},
		{"{ } | rate() > 5", "rate() is a metric"},
		{"({ status = error } | rate()) / ({ } | rate())", "rate() is a metric"},
		{"{ } | bottomk(2)", "bottomk() is a metric"},
		{"{ duration }", "expected an operator"},
		{"{ name }", "expected an operator"},
		{"{ 5 }", "no condition"},
		{"{ 1 + 1 }", "no condition"},
		{"{ .a + 1 }", "no condition"},
		{"{ duration > 5 }", "needs a unit"},
		{"{ duration * 2 > 5 }", "needs a unit"},
		{"{ duration + 1 > 5s }", "a duration needs a unit"},
		{"{ duration * duration > 5s }", "does not join"},
		{"{ name + 1 = 2 }", "name is text"},
		{"{ .a + \"x\" = 2 }", "is text"},
		{"{ name > 3 }", "name is text and 3 is a number; quotes"},
		{"{ name = 3 }", "name is text and 3 is a number; quotes"},
		{"{ name = true }", "name is text and true is true or false"},
		{"{ name = 3s }", "name is text and 3s is a duration"},
		{"{ rootServiceName = 1 }", "root.service is text"},
		{"{ rootName =~ duration }", "=~ takes a constant"},
		{"{ status > 5 }", "has no order"},
		{"{ status = 5 }", "(use unset"},
		{"{ kind = \"x\" }", "(use unspecified"},
		{"{ kind = error }", "kind"},
		{"{ status = kind }", "status is a status and kind is a span kind"},
		{"{ childCount = \"x\" }", "invalid number"},
		{"{ 1 = \"x\" }", "does not compare"},
		{"{ 1s = 1 }", "does not compare"},
		{"{ true > false }", "does not compare"},
		{"{ 1 / 0 = 1 }", "has no result"},
		{"{ event.a + link.b = 1 }", "not both"},
		{"{ (.a = 1) + 1 = 2 }", "unexpected"},
		{"{ 1 + (.a = 1) = 2 }", "a condition is no number"},
		{"{ (.a = 1) = 2 }", "compared with true or false"},
		{"{ .a =~ .b }", "=~ takes a constant"},
		{"{ .a = }", "expected a value"},
		{"{ .a = 1 && }", "expected a term"},
		{"{ = 1 }", "unexpected"},
		{"{ .a 1 }", "unknown operator 1"},
		{"{ .a .b }", "unknown operator .b"},
		{"{ .a = 1 .b }", "expected an operator"},
		{"{ true true }", "unknown operator true"},
		{"{ .a + 1 .b = 2 }", "expected an operator"},
		{"{ span. = 1 }", "a key is missing"},
		{"{ .a = 1", "unclosed {"},
		{"{ .a == 1 }", "unknown operator"},
		{"{ .a = 'x' }", "double quotes"},
		{"{ .a > nil }", "nil has no order"},
		{"{ { .a } }", "cannot stand within"},
		{"{ count() > 1 }", "stands behind a pipe"},
		{"{ } { }", "need an operator between them"},
		{"{ } > > { }", "unexpected"},
		{"{ } |", "a function is missing"},
		{"{ } | count() > 1 && { }", "a pipeline stands in parentheses"},
		{"{ } | count()", "is compared with"},
		{"{ } | count() > \"x\"", "for count()"},
		{"{ } | count() =~ 1", "is compared with"},
		{"{ } | avg(duration) > 1", "needs a unit"},
		{"{ } | avg(duration) > count()", "is a duration and count() is a number"},
		{"{ } | avg(name) > 1", "name is text"},
		{"{ } | avg() > 1", "needs a key"},
		{"{ } | count(.a) > 1", "takes nothing"},
		{"{ } | by() | count() > 1", "needs a key"},
		{"{ } | coalesce(.a)", "takes nothing"},
		{"{ } | select()", "needs a key"},
		{"{ } | select(.a + 1)", "select() takes fields"},
		{"{ } | ({ } | count() > 1)", "cannot stand behind a pipe"},
		{"1 > 2", "the field comes first"},
		{"count() > ", "expected a value"},
		{"{ } with (most_recent)", "name=value"},
		{"{ } with most_recent=true", "need an operator"},
		{"{ } /* open", "unclosed comment"},
		{"{ .a in [] }", "the list is empty"},
		{"{ .a > [1] }", "takes no list"},
	} {
		_, err := query.Parse(e.text)
		var refused *query.SyntaxError
		if !errors.As(err, &refused) {
			t.Errorf("%s is read", e.text)
			continue
		}
		if !strings.Contains(refused.Message, e.message) {
			t.Errorf("%s: %q, want %q in it\n%s", e.text, refused.Message, e.message, refused.Caret())
		}
		if strings.Count(refused.Caret(), "^") == 0 {
			t.Errorf("%s: no caret", e.text)
		}
	}
}

// TestTwins asks for names that stand for an attribute and for a field, in a set that has the attributes.
func TestTwins(t *testing.T) {
	set := tracetest.Set(t, `
trace 1
shop GET 0ms +2s kind=server duration=slow name=n kind.x=1 resource.service=tier1
  shop call 10ms +1s kind=client otel.status_code=ERROR span.kind=proxy
  shop save 20ms +5ms status=error otel.scope.name=kept
`)
	for _, e := range []struct{ text, want, note string }{
		{"span.duration=slow", "GET", "span.duration is the attribute here; duration is the field"},
		{"span.duration>1ms", "", "span.duration is the attribute here; duration is the field"},
		{"{ span.duration = \"slow\" }", "GET", "span.duration is the attribute here; duration is the field"},
		{"span.duration!=slow", "", "span.duration is the attribute here; duration is the field"},
		{"span:duration>1ms", "GET call save", ""},
		{"duration>1ms", "GET call save", ""},
		{"resource.service=tier1", "GET", "resource.service is the attribute here; service is the field"},
		{"span.name=GET", "", "span.name is the attribute here; name is the field"},
		{"{ parent.duration = \"slow\" }", "call save", "span.duration is the attribute here; duration is the field"},
		{"{ parent.span.duration = \"slow\" && duration < 10ms }", "save", "span.duration is the attribute here; duration is the field"},
		{"{ parent.name != span:name }", "call save", "span.name is the attribute here; name is the field"},
		{"span.kind=proxy", "call", ""},
		{"span.kind=client", "call", ""},
		{"span.kind=server", "GET", ""},
		{"span.kind!=client", "GET save", ""},
		{"otel.status_code=ERROR", "call save", ""},
		{"otel.status_code=error", "save", ""},
		{"otel.status_code!=ERROR", "GET", ""},
		{"otel.status_code in (ERROR, OK)", "call save", ""},
		{"otel.status_code=~i\"err\"", "call save", ""},
		{`"otel.status_code"=ERROR`, "call", ""},
		{"otel.scope.name=kept", "save", ""},
		{"has:otel.scope.name", "save", ""},
		{"{ } | by(otel.status_code) | count() = 1", "GET call save", ""},
	} {
		q := parse(t, e.text)
		r := run(t, compile(t, e.text, set), 1)
		if got := names(set, r); got != e.want {
			t.Errorf("%s finds %q, want %q", e.text, got, e.want)
		}
		if slow := slow(q, set, standIn{}); !cmp.Equal(slow, r.Traces) {
			t.Errorf("%s: the slow evaluator finds %v", e.text, slow)
		}
		note := ""
		for _, n := range r.Notes {
			if n.Kind == eval.NoteReadAs {
				note += n.Text
			}
		}
		if note != e.note {
			t.Errorf("%s: notes %q, want %q", e.text, note, e.note)
		}
		if !query.Equal(q, parse(t, q.String())) {
			t.Errorf("%s is written as %s", e.text, q)
		}
	}
}

// TestCalculationsAllocateNothing evaluates what TraceQL adds, again and again.
func TestCalculationsAllocateNothing(t *testing.T) {
	set := world(t)
	for _, text := range []string{
		"{ .size * 2 > .limit }", "{ .retry.count * 2 > 9 }", "{ parent.http.status_code + 1 > 2 || -duration < 0s }", "{ event:timeSinceStart * 2 > 1ms }", "{ nestedSetRight - nestedSetLeft > 1 }",
		"count() * 2 > max(childCount)", "{ } | coalesce() | max(duration) > 2 * avg(duration)",
		"({ .a } | count() > 0) || ({ } | count() > 3)", "otel.status_code=ERROR", "span.kind=client",
	} {
		p := compile(t, text, set)
		var out eval.Matches
		each := func() {
			for i := range set.Len() {
				p.Trace(set.Trace(i), &out)
			}
		}
		each()
		if n := testing.AllocsPerRun(5, each); n > 0 {
			t.Errorf("%s: %.0f allocations", text, n)
		}
	}
}
