package genai

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/trace"
)

// spanOf builds a trace of one span with attributes, and events that have attributes.
func spanOf(t testing.TB, attrs []string, events ...[]string) trace.Span {
	t.Helper()
	b := trace.NewBuilder()
	b.Input("test")
	addSpan(t, b, 1, 0, attrs, events...)
	return b.Build().Trace(0).Span(0)
}

// addSpan adds a span: attributes are keys and values by turns, of events after their names. A value of digits is a number.
func addSpan(t testing.TB, b *trace.Builder, id, parent uint64, attrs []string, events ...[]string) {
	t.Helper()
	var raw trace.RawSpan
	raw.Reset()
	raw.Trace, raw.ID, raw.Parent = trace.TraceID{Lo: 7}, trace.SpanID{N: id}, trace.SpanID{N: parent}
	raw.Name, raw.Start, raw.Duration = b.Symbol([]byte("call")), int64(1_000_000*id), 10_000_000
	raw.Origin = b.Origin(b.Resource([]trace.Attr{b.String(b.Symbol([]byte("service.name")), []byte("agent"))}, 0), b.Scope(0, 0, nil, 0))
	raw.Attrs = attrsOf(b, attrs)
	for n, e := range events {
		raw.Events = append(raw.Events, trace.RawEvent{Time: raw.Start + int64(n), Name: b.Symbol([]byte(e[0])), Attrs: attrsOf(b, e[1:])})
	}
	b.Add(&raw)
}

func attrsOf(b *trace.Builder, list []string) []trace.Attr {
	var attrs []trace.Attr
	for n := 0; n+1 < len(list); n += 2 {
		key := b.Symbol([]byte(list[n]))
		var number int64
		if _, err := fmt.Sscanf(list[n+1], "%d", &number); err == nil && fmt.Sprint(number) == list[n+1] {
			attrs = append(attrs, trace.Int(key, number))
			continue
		}
		attrs = append(attrs, b.String(key, []byte(list[n+1])))
	}
	return attrs
}

// written writes a conversation, a line for each message.
func written(list []Message) string {
	var b strings.Builder
	for _, m := range list {
		fmt.Fprintf(&b, "%s", m.Role)
		if m.Tool != "" {
			fmt.Fprintf(&b, "[%s]", m.Tool)
		}
		fmt.Fprintf(&b, ": %s\n", m.Text)
	}
	return b.String()
}

func TestMessagesOf(t *testing.T) {
	for name, test := range map[string]struct {
		attrs  []string
		events [][]string
		want   string
	}{
		"attributes of OpenTelemetry": {attrs: []string{
			"gen_ai.output.messages", `[{"role":"assistant","parts":[{"type":"text","content":"Let me look."},{"type":"tool_call","id":"1","name":"get_pods","arguments":{"ns":"shop"}}],"finish_reason":"tool_call"}]`,
			"gen_ai.system_instructions", `[{"type":"text","content":"You are terse."}]`,
			"gen_ai.input.messages", `[{"parts":[{"content":"Why \"slow\"?","type":"text"}],"role":"user"},{"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"12 pods"}]}]`,
		}, want: "system: You are terse.\nuser: Why \"slow\"?\ntool[result]: 12 pods\nassistant: Let me look.\nassistant[get_pods]: {\"ns\":\"shop\"}\n"},
		"numbered attributes of OpenLLMetry": {attrs: []string{
			"gen_ai.completion.0.content", "Paris.", "gen_ai.completion.0.role", "assistant", "gen_ai.completion.0.finish_reason", "stop",
			"gen_ai.prompt.10.content", "last", "gen_ai.prompt.10.role", "user",
			"gen_ai.prompt.0.content", "Be brief.", "gen_ai.prompt.0.role", "system",
			"gen_ai.prompt.1.content", `[{"type":"text","text":"Capital of France?"},{"type":"image_url"}]`, "gen_ai.prompt.1.role", "user",
			"gen_ai.completion.0.tool_calls.0.name", "lookup", "gen_ai.completion.0.tool_calls.0.arguments", `{"q":1}`,
		}, want: "system: Be brief.\nuser: Capital of France?\nuser: (image_url)\nuser: last\nassistant: Paris.\nassistant[lookup]: {\"q\":1}\n"},
		"OpenInference": {attrs: []string{
			"llm.input_messages.0.message.role", "user", "llm.input_messages.0.message.content", "Hi",
			"llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "f", "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", "{}",
		}, want: "user: Hi\nassistant[f]: {}\n"},
		"events": {events: [][]string{
			{"gen_ai.choice", "index", "0", "message", `{"role":"assistant","content":"It is 3."}`},
			{"gen_ai.system.message", "content", "Count."},
			{"gen_ai.user.message", "gen_ai.event.content", `{"content":"1+2?"}`},
			{"exception", "content", "no message"},
		}, want: "system: Count.\nuser: 1+2?\nassistant: It is 3.\n"},
		"an event that carries all": {events: [][]string{
			{"gen_ai.client.inference.operation.details", "gen_ai.input.messages", `[{"role":"user","content":"Hi"}]`, "gen_ai.output.messages", `[{"role":"assistant","content":[{"type":"text","text":"Ho"}]}]`},
		}, want: "user: Hi\nassistant: Ho\n"},
		"plain text": {attrs: []string{"gen_ai.prompt", "[INFO] explain", "gen_ai.completion", `["a"] is a list`}, want: "user: [INFO] explain\nassistant: [\"a\"] is a list\n"},
		"a value that is cut off": {attrs: []string{"gen_ai.input.messages", `[{"role":"user","content":"first"},{"role":"assistant","content":"seco`},
			want: "user: first\nassistant: seco\n"},
		"tool calls of a chat completion": {attrs: []string{"gen_ai.output.messages", `[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}]`},
			want: "assistant[f]: {\"a\":1}\n"},
		"a tool": {attrs: []string{"gen_ai.tool.call.result", `{"rows":12}`, "gen_ai.tool.call.arguments", `{"window":"1h"}`},
			want: "tool[call]: {\"window\":\"1h\"}\ntool[result]: {\"rows\":12}\n"},
		"nothing": {attrs: []string{"http.route", "/", "gen_ai.prompt.x.content", "a", "gen_ai.input.messages", "[]"}, want: "user: []\n"},
	} {
		if got := written(MessagesOf(spanOf(t, test.attrs, test.events...))); got != test.want {
			t.Errorf("%s:\n%swant\n%s", name, got, test.want)
		}
	}
}

func TestCallOf(t *testing.T) {
	for name, test := range map[string]struct {
		attrs []string
		want  Call
	}{
		"new": {[]string{"gen_ai.operation.name", "chat", "gen_ai.provider.name", "openai", "gen_ai.request.model", "gpt-4o", "gen_ai.response.model", "gpt-4o-2024-08-06",
			"gen_ai.usage.input_tokens", "1204", "gen_ai.usage.output_tokens", "310", "gen_ai.response.finish_reasons", `["stop"]`},
			Call{Operation: "chat", Provider: "openai", Model: "gpt-4o", Answered: "gpt-4o-2024-08-06", Finish: "stop", Input: 1204, Output: 310, Cached: -1}},
		"old": {[]string{"gen_ai.system", "cohere", "gen_ai.response.model", "command-r", "gen_ai.usage.prompt_tokens", "7", "gen_ai.usage.completion_tokens", "0"},
			Call{Provider: "cohere", Model: "command-r", Input: 7, Output: 0, Cached: -1}},
		"a tool": {[]string{"gen_ai.operation.name", "execute_tool", "gen_ai.tool.name", "f", "gen_ai.usage.input_tokens", "-4"},
			Call{Operation: "execute_tool", Tool: "f", Input: -1, Output: -1, Cached: -1}},
	} {
		if got, ok := CallOf(spanOf(t, test.attrs)); !ok || got != test.want {
			t.Errorf("%s: %v %+v, want %+v", name, ok, got, test.want)
		}
	}
	if c, ok := CallOf(spanOf(t, []string{"http.route", "/"})); ok {
		t.Errorf("a request is %+v", c)
	}
}

// TestUsageByModel: what agents repeat of the calls below them is not counted twice.
func TestUsageByModel(t *testing.T) {
	b := trace.NewBuilder()
	b.Input("test")
	usage := func(model, in, out string) []string {
		return []string{"gen_ai.request.model", model, "gen_ai.usage.input_tokens", in, "gen_ai.usage.output_tokens", out}
	}
	addSpan(t, b, 1, 0, usage("gpt-4o", "1304", "350"))
	addSpan(t, b, 2, 1, usage("gpt-4o", "1204", "310"))
	addSpan(t, b, 3, 2, []string{"http.route", "/v1/chat"})
	addSpan(t, b, 4, 1, nil)
	addSpan(t, b, 5, 4, usage("mini", "90", "30"))
	addSpan(t, b, 6, 4, []string{"gen_ai.request.model", "mini", "gen_ai.usage.prompt_tokens", "10", "gen_ai.usage.completion_tokens", "10"})
	addSpan(t, b, 7, 1, usage("large", "5", "6"))
	addSpan(t, b, 8, 7, usage("large", "", "unknown")) // no counts: those of its caller stand
	list := UsageByModel(b.Build().Trace(0))
	if got, want := fmt.Sprint(list), "[{gpt-4o 1 1204 310} {mini 2 100 40} {large 1 5 6}]"; got != want {
		t.Fatalf("usage is %s, want %s", got, want)
	}
	list = list[:2]
	if got, want := UsageText(list), "gpt-4o 1,204 in · 310 out, mini 100 in · 40 out"; got != want {
		t.Errorf("the line says %q, want %q", got, want)
	}
	if got, want := UsageText(append(list, Usage{}, Usage{})), "gpt-4o 1,204 in · 310 out, mini 100 in · 40 out and 2 more models"; got != want {
		t.Errorf("the line says %q, want %q", got, want)
	}
	texts := []string{
		"tokens: gpt-4o 1,204 in · 310 out, mini 100 in · 40 out", "gpt-4o 1,204 in · 310 out, mini 100 in · 40 out",
		"gpt-4o 1,204 in · 310 out and 1 more model", "tokens: 1,304 in · 350 out", "tokens: 1,654",
	}
	if got := UsageTexts(list); !slices.Equal(got, texts) {
		t.Errorf("from the longest to the shortest they are %q, want %q", got, texts)
	}
	if got := UsageTexts(nil); got != nil {
		t.Errorf("a trace without models has %q", got)
	}
	if list := UsageByModel(spanOf(t, []string{"http.route", "/"}).Trace()); list != nil || UsageText(list) != "" {
		t.Errorf("a trace without models uses %v", list)
	}
}

func FuzzMessages(f *testing.F) {
	f.Add("gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"a"}]}]`)
	f.Add("gen_ai.prompt.0.content", `[[[{"message":{"function":{"parts":[[`)
	f.Fuzz(func(t *testing.T, key, value string) {
		for _, m := range MessagesOf(spanOf(t, []string{key, value, "gen_ai.prompt.0.role", "user"})) {
			if m.Text == "" && m.Tool == "" {
				t.Errorf("%q=%q has an empty message", key, value)
			}
		}
	})
}
