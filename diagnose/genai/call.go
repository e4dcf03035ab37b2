package genai

import (
	"strings"

	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Call is one call to a model, a tool or an agent, as its span records it. What is not recorded is "" or -1.
type Call struct {
	Operation string // chat, embeddings, execute_tool, invoke_agent
	Provider  string // openai, aws.bedrock
	Model     string // that was asked for, else the one that answered
	Answered  string // the model that answered, where that is another one
	Tool      string // for execute_tool
	Agent     string
	Finish    string // why the answer ended: stop, length, tool_calls
	Input     int64  // tokens, -1 where they are not recorded
	Output    int64
	Cached    int64 // of the input, read from the provider's cache
}

// Each list names the attributes of one meaning, the stable name of OpenTelemetry first: the first that is there counts.
var (
	operationKeys = [...]string{"gen_ai.operation.name", "llm.request.type", "openinference.span.kind"}
	providerKeys  = [...]string{"gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"}
	modelKeys     = [...]string{"gen_ai.request.model", "llm.request.model", "llm.model_name", "ai.model.id", "embedding.model_name"}
	answeredKeys  = [...]string{"gen_ai.response.model", "llm.response.model"}
	toolKeys      = [...]string{"gen_ai.tool.name", "tool.name"}
	agentKeys     = [...]string{"gen_ai.agent.name"}
	finishKeys    = [...]string{"gen_ai.response.finish_reasons", "gen_ai.completion.0.finish_reason", "llm.response.finish_reason"}
	inputKeys     = [...]string{"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens", "llm.token_count.prompt", "ai.usage.promptTokens"}
	outputKeys    = [...]string{"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens", "llm.token_count.completion", "ai.usage.completionTokens"}
	cachedKeys    = [...]string{"gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens", "llm.token_count.prompt_details.cache_read"}
)

// CallOf reads the call that a span stands for. It reports whether the span is one.
func CallOf(span trace.Span) (Call, bool) {
	a := span.Attrs()
	c := Call{
		Operation: text(a, operationKeys[:]), Provider: text(a, providerKeys[:]), Model: text(a, modelKeys[:]), Answered: text(a, answeredKeys[:]),
		Tool: text(a, toolKeys[:]), Agent: text(a, agentKeys[:]), Finish: strings.Trim(text(a, finishKeys[:]), `[]"`),
		Input: tokens(a, inputKeys[:]), Output: tokens(a, outputKeys[:]), Cached: tokens(a, cachedKeys[:]),
	}
	is := c.Operation != "" || c.Model != "" || c.Answered != "" || c.Tool != "" || c.Agent != "" || c.Input >= 0 || c.Output >= 0 || a.Get("gen_ai.system").Type() != trace.TypeNone
	if c.Model == "" {
		c.Model, c.Answered = c.Answered, ""
	}
	if c.Answered == c.Model {
		c.Answered = ""
	}
	return c, is
}

// text returns the first of some attributes that says something.
func text(a trace.Attrs, keys []string) string {
	for _, key := range keys {
		if v := a.Get(key); v.Type() != trace.TypeNone {
			if s := v.String(); s != "" {
				return s
			}
		}
	}
	return ""
}

// tokens returns the first of some attributes that is a count, -1 where none is.
func tokens(a trace.Attrs, keys []string) int64 {
	for _, key := range keys {
		if n, ok := semconv.Integer(a.Get(key)); ok && n >= 0 {
			return n
		}
	}
	return -1
}
