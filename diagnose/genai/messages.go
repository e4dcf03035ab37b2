package genai

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tracefall/sources/trace"
)

// MessagesOf returns the conversation of a call: instructions, what was asked, and the answer, in their order.
func MessagesOf(span trace.Span) []Message {
	var c conversation
	c.attrs(span.Attrs(), 0)
	for i := range span.Events() {
		c.event(span.Event(i))
	}
	c.expand()
	list := c.list
	slices.SortStableFunc(list, func(a, b turn) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.Time, b.Time), cmp.Compare(a.n, b.n), cmp.Compare(a.sub, b.sub))
	})
	messages := make([]Message, len(list))
	for n := range list {
		messages[n] = list[n].Message
	}
	return messages
}

// IsMessageKey reports whether an attribute carries messages, which MessagesOf lays out.
func IsMessageKey(key string) bool {
	if _, ok := wholeKeys[key]; ok {
		return true
	}
	_, _, _, ok := indexed(key)
	return ok
}

// wholeKeys are the attributes that carry whole messages as JSON or as text, with where they belong and who speaks.
var wholeKeys = map[string]struct {
	part part
	role string
}{
	"gen_ai.system_instructions":  {partSystem, "system"},
	"gen_ai.input.messages":       {partInput, "user"},
	"gen_ai.prompt":               {partInput, "user"},
	"gen_ai.output.messages":      {partOutput, "assistant"},
	"gen_ai.completion":           {partOutput, "assistant"},
	"gen_ai.tool.call.arguments":  {partInput, "tool"},
	"gen_ai.tool.input":           {partInput, "tool"},
	"gen_ai.tool.call.result":     {partOutput, "tool"},
	"gen_ai.tool.output":          {partOutput, "tool"},
	"ai.prompt.messages":          {partInput, "user"},
	"ai.response.text":            {partOutput, "assistant"},
	"gen_ai.request.instructions": {partSystem, "system"},
}

// attrs reads the attributes of a span, or of an event of that time.
func (c *conversation) attrs(attrs trace.Attrs, time int64) {
	for key, value := range attrs.All() {
		if !strings.HasPrefix(key, "gen_ai.") && !strings.HasPrefix(key, "llm.") && !strings.HasPrefix(key, "ai.") {
			continue
		}
		if whole, ok := wholeKeys[key]; ok {
			c.whole(value, turn{Message: Message{Role: whole.role, Key: key, Time: time}, part: whole.part})
			continue
		}
		if t, sub, field, ok := indexed(key); ok {
			t.Time = time
			c.indexed(t, sub, field, value.String())
		}
	}
}

// whole reads an attribute that carries messages. Tools have arguments and results, which are no messages.
func (c *conversation) whole(value trace.Value, at turn) {
	text := value.String()
	if at.Role == "tool" {
		at.Tool, at.Text = "call", text
		if at.part == partOutput {
			at.Tool = "result"
		}
		c.add(at)
		return
	}
	if !c.parse(text, at) {
		at.Text = text
		c.add(at)
	}
}

// eventParts are the events that carry one message each.
var eventParts = map[string]struct {
	part part
	role string
}{
	"gen_ai.system.message":     {partSystem, "system"},
	"gen_ai.user.message":       {partInput, "user"},
	"gen_ai.assistant.message":  {partInput, "assistant"},
	"gen_ai.tool.message":       {partInput, "tool"},
	"gen_ai.choice":             {partOutput, "assistant"},
	"gen_ai.content.prompt":     {partInput, "user"},
	"gen_ai.content.completion": {partOutput, "assistant"},
}

// IsMessageEvent reports whether an event carries messages, which MessagesOf lays out.
func IsMessageEvent(name string) bool {
	_, ok := eventParts[name]
	return ok || name == inferenceDetails
}

// inferenceDetails is the event that carries all messages of a call.
const inferenceDetails = "gen_ai.client.inference.operation.details"

// event reads an event that carries messages.
func (c *conversation) event(e trace.Event) {
	if !IsMessageEvent(e.Name()) {
		return
	}
	before := len(c.list)
	c.attrs(e.Attrs(), e.Time())
	if len(c.list) > before || e.Name() == inferenceDetails {
		return
	}
	place := eventParts[e.Name()]
	at := turn{Message: Message{Role: place.role, Key: e.Name(), Time: e.Time()}, part: place.part}
	for key, value := range e.Attrs().All() {
		switch key {
		case "role":
			at.Role = cmp.Or(value.String(), at.Role)
		case "content", "message", "gen_ai.event.content", "body", "tool_calls":
			c.whole(value, at)
		}
	}
}

// indexedKeys are the beginnings of keys that number messages, with where they belong and who speaks.
var indexedKeys = [...]struct {
	prefix string
	part   part
	role   string
}{
	{"gen_ai.prompt.", partInput, "user"},
	{"gen_ai.completion.", partOutput, "assistant"},
	{"llm.input_messages.", partInput, "user"},
	{"llm.output_messages.", partOutput, "assistant"},
}

// indexed takes a key apart that names a field of a numbered message, or of a numbered tool call in it:
// gen_ai.prompt.0.content, gen_ai.completion.0.tool_calls.1.name, llm.input_messages.0.message.role. Of a message itself
// sub is -1.
func indexed(key string) (at turn, sub int, field string, ok bool) {
	for _, k := range &indexedKeys {
		rest, found := strings.CutPrefix(key, k.prefix)
		if !found {
			continue
		}
		number, rest, _ := strings.Cut(rest, ".")
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 {
			return turn{}, 0, "", false
		}
		rest = strings.TrimPrefix(rest, "message.")
		sub = -1
		if calls, tool := strings.CutPrefix(rest, "tool_calls."); tool {
			number, rest, _ = strings.Cut(calls, ".")
			if sub, err = strconv.Atoi(number); err != nil || sub < 0 {
				return turn{}, 0, "", false
			}
			rest = rest[strings.LastIndexByte(rest, '.')+1:]
		}
		switch rest {
		case "role", "content", "name", "arguments", "finish_reason":
			return turn{Message: Message{Role: k.role, Key: key}, part: k.part, n: n}, sub, rest, true
		}
		return turn{}, 0, "", false
	}
	return turn{}, 0, "", false
}

// indexed adds a field to the turn that its numbers name.
func (c *conversation) indexed(at turn, sub int, field, value string) {
	if field == "finish_reason" {
		return
	}
	at.sub, at.numbered = sub+1, true
	id := [3]int{int(at.part), at.n, at.sub}
	k, known := c.of[id]
	if !known {
		if len(c.list) >= mostMessages {
			return
		}
		if c.of == nil {
			c.of = map[[3]int]int{}
		}
		k = len(c.list)
		c.of[id] = k
		c.list = append(c.list, at)
	}
	t := &c.list[k]
	switch field {
	case "role":
		t.Role = value
	case "name":
		t.Tool = value
	case "arguments":
		t.Text = value
	case "content":
		t.Text, t.Key = value, at.Key
	}
}

// expand takes apart the numbered messages whose content is a list of parts: only now their roles are known.
func (c *conversation) expand() {
	whole := c.list
	c.list = nil
	for _, t := range whole {
		if t.numbered && t.Tool == "" && c.parse(t.Text, t) {
			continue
		}
		c.add(t)
	}
}
