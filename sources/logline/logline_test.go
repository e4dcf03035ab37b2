package logline

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/trace"
)

// span is the id that the lines of the tests carry.
var span = trace.ParseSpanID("00f067aa0ba902b7")

func TestVictoria(t *testing.T) {
	answer := `{"_time":"2026-11-28T21:56:46.878295Z","_msg":"retries exhausted","level":"error","service.name":"payment","span_id":"00f067aa0ba902b7","_stream":"{}","_stream_id":"0","retry":"3"}

{"_time":"2026-11-28T22:56:46.5+01:00","_msg":"{\"msg\":\"charge\",\"level\":30,\"user\":{\"id\":7}}","service":"checkout"}
{"_time":"yesterday","_msg":"no time"}
{"_time":"2026-11-28T21:56:47Z","_msg":"cut
["not an object"]
{"_time":"2026-11-28T21:56:47Z","_msg":"","body":"of OTLP","severity_number":"17","SpanId":"00F067AA0BA902B7","empty":""}
`
	lines, skipped := Victoria([]byte(answer), 1000)
	want := []Line{
		{Time: 1795903006500000000, Text: "charge", Severity: Info, Service: "checkout", Fields: []Field{{"user", `{"id":7}`}}},
		{Time: 1795903006878295000, Text: "retries exhausted", Severity: Error, Span: span, Service: "payment", Fields: []Field{{"retry", "3"}}},
		{Time: 1795903007000000000, Text: "of OTLP", Severity: Error, Span: span, Fields: []Field{{"empty", ""}}},
	}
	if diff := cmp.Diff(want, lines); diff != "" || skipped != 3 {
		t.Errorf("%d skipped, want 3; (-want +got):\n%s", skipped, diff)
	}
	if lines, _ := Victoria([]byte(answer), 1); len(lines) != 1 {
		t.Errorf("at most 1 line was asked for, %d came", len(lines))
	}
}

func TestLoki(t *testing.T) {
	answer := `{"status":"success","data":{"resultType":"streams","result":[
		{"stream":{"service_name":"checkout","detected_level":"warn"},"values":[
			["1795903006500000000","slow",{"structuredMetadata":{"span_id":"00f067aa0ba902b7"},"parsed":{"took":"3s"}}],
			["x","no time"],["1795903006400000000"],7]},
		{"values":[["1795903006300000000","{\"message\":\"charge 42.00\",\"spanId\":\"00f067aa0ba902b7\"}",{"pod":"a-1"}]],"stream":{"service":"payment"}},
		"odd"]}}`
	lines, skipped, ok := Loki([]byte(answer), 1000)
	want := []Line{
		{Time: 1795903006300000000, Text: "charge 42.00", Span: span, Service: "payment", Fields: []Field{{"pod", "a-1"}}},
		{Time: 1795903006500000000, Text: "slow", Severity: Warn, Span: span, Service: "checkout", Fields: []Field{{"took", "3s"}}},
	}
	if diff := cmp.Diff(want, lines); diff != "" || skipped != 4 || !ok {
		t.Errorf("ok %v, %d skipped, want 4; (-want +got):\n%s", ok, skipped, diff)
	}
	if lines, _, ok := Loki([]byte(answer), 1); len(lines) != 1 || !ok {
		t.Errorf("at most 1 line was asked for, %d came", len(lines))
	}
	for _, other := range []string{"", "[]", `{"data":{"result":{}}}`, `{"data":[]}`, "<html>", `{"data":{"result":[{"stream":`} {
		if _, _, ok := Loki([]byte(other), 1000); ok {
			t.Errorf("%q counts as an answer", other)
		}
	}
	if lines, _, ok := Loki([]byte(`{"data":{"result":[]}}`), 1000); !ok || lines != nil {
		t.Errorf("an empty answer: %v, %v", lines, ok)
	}
}

// TestNames checks the spellings of what is known of a line.
func TestNames(t *testing.T) {
	for field, want := range map[Field]Line{
		{"span_id", "00f067aa0ba902b7"}:        {Span: span},
		{"spanID", "00f067aa0ba902b7"}:         {Span: span},
		{"span.id", "00f067aa0ba902b7"}:        {Span: span},
		{"otel.span_id", "0x00f067aa0ba902b7"}: {Span: span},
		{"span_id", "0000000000000000"}:        {Fields: []Field{{"span_id", "0000000000000000"}}},
		{"level", "WARNING"}:                   {Severity: Warn},
		{"severity_text", "ERROR2"}:            {Severity: Error},
		{"SeverityNumber", "13"}:               {Severity: Warn},
		{"level", "50"}:                        {Severity: Error},
		{"log.level", "critical"}:              {Severity: Fatal},
		{"level", "gold"}:                      {Fields: []Field{{"level", "gold"}}},
		{"service.name", "cart"}:               {Service: "cart"},
		{"resource.service.name", "cart"}:      {Service: "cart"},
		{"@message", "hello"}:                  {Text: "hello"},
		{"http.status", "503"}:                 {Fields: []Field{{"http.status", "503"}}},
	} {
		if diff := cmp.Diff(want, lineOf(0, "", []Field{field})); diff != "" {
			t.Errorf("%v (-want +got):\n%s", field, diff)
		}
	}
	two := lineOf(0, "", []Field{{"level", "info"}, {"severity_text", "error"}})
	if two.Severity != Error || len(two.Fields) != 1 {
		t.Errorf("of two severities OpenTelemetry's counts: %+v", two)
	}
}

// TestBounds checks that no line keeps more than a person reads.
func TestBounds(t *testing.T) {
	var many strings.Builder
	for n := range 3 * mostFields {
		fmt.Fprintf(&many, `,"f%d":"x"`, n)
	}
	long := strings.Repeat("ä", mostValue)
	lines, skipped := Victoria([]byte(`{"_time":"2026-11-28T21:56:46Z","_msg":"`+long+`"`+many.String()+"}"), 10)
	if len(lines) != 1 || skipped != 0 {
		t.Fatalf("%d lines, %d skipped", len(lines), skipped)
	}
	if n := len(lines[0].Text); n > mostValue+len("…") || !strings.HasSuffix(lines[0].Text, "ä…") {
		t.Errorf("a text of %d bytes", n)
	}
	if n := len(lines[0].Fields); n > mostFields {
		t.Errorf("%d fields", n)
	}
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	if lines, _ := Victoria([]byte(`{"_time":"2026-11-28T21:56:46Z","deep":`+deep+"}"), 10); len(lines) != 1 {
		t.Error("a deep value is no line")
	}
}

// checkLines fails for lines that break what is promised of them.
func checkLines(t *testing.T, lines []Line, most int) {
	t.Helper()
	if len(lines) > most {
		t.Fatalf("%d lines, want at most %d", len(lines), most)
	}
	if !slices.IsSortedFunc(lines, func(a, b Line) int { return int(max(min(a.Time/1000-b.Time/1000, 1), -1)) }) {
		t.Fatal("the lines are not in the order of time")
	}
	for _, l := range lines {
		if len(l.Fields) > 3*mostFields || len(l.Text) > mostValue+len("…") || !utf8.ValidString(l.Text) {
			t.Fatalf("%d fields, a text of %d bytes", len(l.Fields), len(l.Text))
		}
		_ = l.Severity.String()
	}
}

// seeds are answers to begin from.
func seeds(t testing.TB) []string {
	var all []string
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "live", "captures", "victorialogs-*", "*.body"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return append(all,
		`{"_time":"2026-11-28T21:56:46Z","_msg":"{\"msg\":\"a\\u0000\",\"level\":30}","span_id":"00f067aa0ba902b7"}`,
		`{"data":{"result":[{"stream":{"service":"a"},"values":[["1","x",{"structuredMetadata":{"a":"b"}}]]}]}}`)
}

func FuzzLines(f *testing.F) {
	for _, text := range seeds(f) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		lines, _ := Victoria(answer, 10)
		checkLines(t, lines, 10)
		lines, _, _ = Loki(answer, 10)
		checkLines(t, lines, 10)
	})
}

// TestDamagedAnswers reads answers of which bytes were changed, dropped and doubled.
func TestDamagedAnswers(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 4))
	all := seeds(t)
	read := 0
	for range 6000 {
		answer := []byte(all[rng.IntN(len(all))])
		for range 1 + rng.IntN(6) {
			if len(answer) == 0 {
				break
			}
			at := rng.IntN(len(answer))
			switch rng.IntN(3) {
			case 0:
				answer[at] = `{}[]",:\n0`[rng.IntN(10)]
			case 1:
				answer = slices.Delete(answer, at, at+1+rng.IntN(min(len(answer)-at, 8)))
			default:
				answer = slices.Insert(answer, at, answer[at:at+rng.IntN(len(answer)-at)]...)
			}
		}
		lines, _ := Victoria(answer, 10)
		checkLines(t, lines, 10)
		read += len(lines)
		lines, _, _ = Loki(answer, 10)
		checkLines(t, lines, 10)
	}
	if read == 0 {
		t.Error("no damaged answer left a line")
	}
}
