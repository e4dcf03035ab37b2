package palette

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same trace, as everything that is pasted at night spells it.
const (
	fullID = "4bf92f3577b34da6a3ce929d0e0e4736"
	lowID  = "a3ce929d0e0e4736"
	lowDec = "11803532876627986230" // lowID as a decimal number
)

func TestExtractIDs(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string // id, "~" before it where only the lower half is known, "@" span, ":" form
	}{
		{"nothing", "GET /api/checkout 503 in 4821 ms", nil},
		{"empty", "", nil},
		{"bare", fullID, []string{fullID + ":id"}},
		{"bare upper case", strings.ToUpper(fullID), []string{fullID + ":id"}},
		{"bare, with 0x", "0x" + fullID, []string{fullID + ":id"}},
		{"bare low half", "  " + lowID + "\n", []string{"~0000000000000000" + lowID + ":id"}},
		{"dashed", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736", []string{fullID + ":id"}},
		{"padded zeros", "0000000000000000" + lowID, []string{"0000000000000000" + lowID + ":id"}},
		{"traceparent", "traceparent: 00-" + fullID + "-00f067aa0ba902b7-01", []string{fullID + "@00f067aa0ba902b7:traceparent"}},
		{"X-Ray header", "x-amzn-trace-id: Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=53995c3f42cd8ad8;Sampled=1",
			[]string{fullID + "@53995c3f42cd8ad8:X-Ray"}},
		{"X-Ray id", "1-4bf92f35-77b34da6a3ce929d0e0e4736", []string{fullID + ":X-Ray"}},
		{"uber-trace-id", "uber-trace-id: " + lowID + ":5b3cd4e2:0:1", []string{"~0000000000000000" + lowID + "@000000005b3cd4e2:uber-trace-id"}},
		{"uber-trace-id, escaped", "uber-trace-id=" + fullID + "%3A5b3cd4e2%3A0%3A1", []string{fullID + "@000000005b3cd4e2:uber-trace-id"}},
		{"uber-trace-id without its key", fullID + ":5b3cd4e2:0:1", []string{fullID + "@000000005b3cd4e2:uber-trace-id"}},
		{"short uber-trace-id", "Uber-Trace-Id: abc:def:0:1", []string{"~00000000000000000000000000000abc@0000000000000def:uber-trace-id"}},
		{"b3", "b3: " + fullID + "-00f067aa0ba902b7-1-05e3ac9a4f6e3b90", []string{fullID + "@00f067aa0ba902b7:b3"}},
		{"b3, several headers", "X-B3-TraceId: " + lowID + "\nX-B3-SpanId: 00f067aa0ba902b7",
			[]string{"~0000000000000000" + lowID + "@00f067aa0ba902b7:trace id"}},
		{"Datadog", "dd.trace_id=" + lowDec + " dd.span_id=7", []string{"~0000000000000000" + lowID + "@0000000000000007:Datadog", "00000000000011803532876627986230@0000000000000007:trace id"}},
		{"Datadog header", "x-datadog-trace-id: " + lowDec, []string{"~0000000000000000" + lowID + ":Datadog", "00000000000011803532876627986230:trace id"}},
		{"Datadog, hexadecimal", `dd.trace_id="` + fullID + `"`, []string{fullID + ":trace id"}},
		{"decimal alone", lowDec, []string{"~0000000000000000" + lowID + ":decimal", "00000000000011803532876627986230:trace id"}},
		{"digits that may be both", "trace_id:1234567890123456", []string{"~00000000000000001234567890123456:trace id", "~0000000000000000000462d53c8abac0:decimal"}},
		{"log line", "14:03:22 ERROR trace_id:d572232a8fed45fa 422 Unprocessable", []string{"~0000000000000000d572232a8fed45fa:trace id"}},
		{"JSON log line", `{"level":"error","traceId":"` + fullID + `","spanId":"00f067aa0ba902b7"}`,
			[]string{fullID + "@00f067aa0ba902b7:trace id"}},
		{"the span's key first", `span_id=00f067aa0ba902b7 trace_id=` + fullID + " failed", []string{fullID + "@00f067aa0ba902b7:trace id"}},
		{"the parent's key is no span's", `{"parentSpanId":"53995c3f42cd8ad8","spanId":"00f067aa0ba902b7","traceId":"` + fullID + `"}`,
			[]string{fullID + "@00f067aa0ba902b7:trace id"}},
		{"each line its own span", "trace_id=" + lowID + " span_id=00f067aa0ba902b7\ntrace_id=" + fullID + " span_id=53995c3f42cd8ad8",
			[]string{"~0000000000000000" + lowID + "@00f067aa0ba902b7:trace id", fullID + "@53995c3f42cd8ad8:trace id"}},
		{"a span on another line, and two traces", "trace_id=" + lowID + "\ntrace_id=" + fullID + "\nspan_id=00f067aa0ba902b7",
			[]string{"~0000000000000000" + lowID + ":trace id", fullID + ":trace id"}},
		{"Datadog's span in decimal", "dd.trace_id=" + lowDec + " dd.span_id=67667974448284343", []string{
			"~0000000000000000" + lowID + "@00f067aa0ba902b7:Datadog", "00000000000011803532876627986230@00f067aa0ba902b7:trace id"}},
		{"escaped JSON with a span", `"{\"trace_id\":\"` + fullID + `\",\"span_id\":\"00f067aa0ba902b7\"}"`, []string{fullID + "@00f067aa0ba902b7:trace id"}},
		{"a span too long to be one", "trace_id=" + fullID + " span_id=00f067aa0ba902b700f0", []string{fullID + ":trace id"}},
		{"words about spans", "trace_id=" + fullID + " span: added", []string{fullID + ":trace id"}},
		{"JSON in JSON", `"{\"trace_id\":\"` + fullID + `\"}"`, []string{fullID + ":trace id"}},
		{"OTLP JSON in base64", `"traceId": "S/kvNXezTaajzpKdDg5HNg=="`, []string{fullID + ":base64"}},
		{"Spring", "INFO [orders," + fullID + ",00f067aa0ba902b7]", []string{fullID + "@00f067aa0ba902b7:id"}},
		{"Jaeger's address", "https://jaeger.example/trace/3ce929d0e0e4736?uiFind=x", []string{"~000000000000000003ce929d0e0e4736:Jaeger address"}},
		{"Google", "X-Cloud-Trace-Context: " + fullID + "/123;o=1", []string{fullID + "@000000000000007b:id"}},
		{"Google's log entry", `{"trace":"projects/p/traces/` + fullID + `","spanId":"00f067aa0ba902b7"}`,
			[]string{fullID + "@00f067aa0ba902b7:Jaeger address"}},
		{"Elastic's fields as objects", `{"trace":{"id":"` + fullID + `"},"span":{"id":"00f067aa0ba902b7"}}`, []string{fullID + "@00f067aa0ba902b7:id"}},
		{"Serilog", `{"@tr":"` + fullID + `","@sp":"00f067aa0ba902b7"}`, []string{fullID + "@00f067aa0ba902b7:id"}},
		{"a span in Jaeger's address", "https://jaeger.example/trace/" + fullID + "?uiFind=00f067aa0ba902b7",
			[]string{fullID + "@00f067aa0ba902b7:Jaeger address"}},
		{"OTLP JSON in base64 with a span", `"traceId": "S/kvNXezTaajzpKdDg5HNg==", "spanId": "APBnqgupArc="`, []string{fullID + "@00f067aa0ba902b7:base64"}},
		{"elements", "<trace_id>" + fullID + "</trace_id><span_id>00f067aa0ba902b7</span_id>", []string{fullID + "@00f067aa0ba902b7:trace id"}},
		{"the collector's lines", "    Trace ID       : " + fullID + "\n    Parent ID      : 53995c3f42cd8ad8\n    ID             : 00f067aa0ba902b7\n",
			[]string{fullID + "@00f067aa0ba902b7:trace id"}},
		{"the parent on a line of its own", "X-B3-TraceId: " + fullID + "\nX-B3-ParentSpanId: 53995c3f42cd8ad8\nX-B3-SpanId: 00f067aa0ba902b7",
			[]string{fullID + "@00f067aa0ba902b7:trace id"}},
		{"a key in words", "Trace ID = " + strings.ToUpper(fullID), []string{fullID + ":trace id"}},
		{"the same twice", fullID + " " + strings.ToUpper(fullID), []string{fullID + ":id"}},
		{"zero is none", "trace_id=0000000000000000", nil},
		{"part of something longer", "sha256:" + fullID + fullID, nil},
		{"no word of letters", "trace id: added", nil},
		{"a clock is none", "12:34:56:78", nil},
		{"control characters around", "\x1b[31mtrace_id=" + fullID + "\x1b[0m", []string{fullID + ":trace id"}},
	} {
		var got []string
		for _, g := range ExtractIDs(test.text) {
			s := g.ID.String()
			if g.Low {
				s = "~" + s
			}
			if !g.Span.IsZero() {
				s += "@" + g.Span.String()
			}
			got = append(got, s+":"+g.Form)
			if g.From < 0 || g.To <= g.From || g.To > len(test.text) {
				t.Errorf("%s: no such place %d–%d", test.name, g.From, g.To)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %q (-want +got):\n%s", test.name, test.text, diff)
		}
	}
}

func TestExtractIDsIsBounded(t *testing.T) {
	var text strings.Builder
	for i := range 100_000 {
		text.WriteString(" trace_id=")
		for k := range 16 {
			text.WriteByte("0123456789abcdef"[i>>(k/4)&15])
		}
	}
	if n := len(ExtractIDs(text.String())); n == 0 || n > maxGuesses {
		t.Errorf("%d guesses, want 1 to %d", n, maxGuesses)
	}
}

func FuzzExtractIDs(f *testing.F) {
	f.Add("traceparent: 00-" + fullID + "-00f067aa0ba902b7-01")
	f.Add("x-amzn-trace-id: Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=53995c3f42cd8ad8")
	f.Add("dd.trace_id=" + lowDec)
	f.Fuzz(func(t *testing.T, text string) {
		for _, g := range ExtractIDs(text) {
			if g.From < 0 || g.To <= g.From || g.To > len(text) || g.ID.IsZero() || g.ID.Text != "" {
				t.Errorf("%q gives %+v", text, g)
			}
		}
	})
}
