package genai

import (
	"cmp"
	"strings"

	"tracefall/sources/jsonscan"
)

// parseLimit is how many bytes of JSON are taken apart: longer values are shown as they are written.
const parseLimit = 256 << 10

// parse adds the messages of a JSON text: one message or a list of them, parts of one, or plain strings. Exporters cut
// long values off, so what stands before an error counts. It reports whether there was a message.
func (c *conversation) parse(text string, at turn) bool {
	trimmed := strings.TrimSpace(text)
	if len(trimmed) < 2 || len(trimmed) > parseLimit || trimmed[0] != '{' && trimmed[0] != '[' {
		return false
	}
	before := len(c.list)
	p := parser{Scanner: jsonscan.Scanner{Data: []byte(trimmed)}, to: c}
	if p.Array() {
		for n := 0; p.Element(); n++ {
			at.n = n
			p.message(at)
		}
	} else {
		p.message(at)
	}
	if p.Err == nil && !p.Ended() {
		c.list = c.list[:before] // text that only begins like JSON
	}
	return len(c.list) > before
}

// parser reads messages.
type parser struct {
	jsonscan.Scanner
	to *conversation
}

// message reads a message, or a part of one where there is no role. Role and parts come in any order.
func (p *parser) message(at turn) {
	switch p.Next() {
	case '"':
		at.Text = p.string()
		p.to.add(at)
	case '{':
		from := len(p.to.list)
		role, answers := p.fields(&at)
		if answers && role == "" {
			role = "tool"
		}
		for k := from; k < len(p.to.list) && role != ""; k++ {
			p.to.list[k].Role = role
		}
	}
}

// fields reads the fields of a message or a part, and adds what they say. answers reports whether it is a tool's answer.
func (p *parser) fields(at *turn) (role string, answers bool) {
	var text, name, kind string
	from := len(p.to.list)
	p.Object()
	for key, ok := p.Key(); ok; key, ok = p.Key() {
		switch string(key) {
		case "role":
			role = p.string()
		case "type":
			kind = p.string()
		case "name":
			name = cmp.Or(p.string(), name)
		case "content", "text", "arguments", "input", "response", "result", "output", "thinking", "refusal":
			answers = answers || string(key) == "response" || string(key) == "result"
			if p.Next() == '[' && string(key) != "arguments" && string(key) != "input" {
				p.parts(*at)
				continue
			}
			text = cmp.Or(p.value(), text)
		case "parts", "tool_calls":
			p.parts(*at)
		case "message", "function":
			inner, _ := p.function(*at)
			role = cmp.Or(inner, role)
		}
	}
	if kind == "tool_call_response" || kind == "tool_result" {
		answers = true
	}
	t := *at
	t.Text = text
	switch {
	case answers:
		t.Tool, t.Role = cmp.Or(name, "result"), "tool"
	case name != "" && (kind == "tool_call" || kind == "function" || kind == "tool_use" || kind == "" && role == ""):
		t.Tool = name
	case kind != "" && kind != "text" && kind != "message" && text == "" && len(p.to.list) == from:
		t.Text = "(" + kind + ")" // an image, a file
	}
	p.to.add(t)
	return role, answers
}

// mostNested is how deep messages hold parts that hold parts: a part of a part of a message's function.
const mostNested = 4

// parts reads a list of parts.
func (p *parser) parts(at turn) {
	if at.sub++; at.sub > mostNested || !p.Array() {
		return
	}
	for p.Element() {
		p.message(at)
	}
}

// function reads what stands in a field of its own: the message of a choice, the function of a tool call.
func (p *parser) function(at turn) (role string, answers bool) {
	if at.sub++; at.sub > mostNested || p.Next() != '{' {
		return "", false
	}
	return p.fields(&at)
}

// string reads a string; "" where the value is none, which is skipped then.
func (p *parser) string() string {
	if p.Next() != '"' {
		return ""
	}
	from := p.Pos + 1
	raw := p.Str().Raw
	if p.Err != nil {
		raw = p.Data[from:] // the end of the string is cut off
	}
	return string(jsonscan.AppendUnescaped(nil, raw))
}

// value reads a string, or any other value as it is written.
func (p *parser) value() string {
	if p.Next() == '"' {
		return p.string()
	}
	if raw := string(p.Raw()); raw != "null" {
		return raw
	}
	return ""
}
