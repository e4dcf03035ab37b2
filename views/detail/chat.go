package detail

import (
	"tracefall/diagnose/genai"
	"tracefall/views/draw"
)

// How many messages of a long conversation are shown: how it began, and how it ended.
const (
	messagesFirst = 10
	messagesLast  = 90
)

// conversation adds the messages of a call to a language model: who speaks, and what.
func (m *entryMaker) conversation() {
	list := genai.MessagesOf(m.s)
	if len(list) == 0 {
		return
	}
	m.title(sectionConversation, draw.CountNoun(len(list), "message", "messages"))
	for n, message := range list {
		if between := len(list) - messagesFirst - messagesLast; between > 1 && n >= messagesFirst && n < messagesFirst+between {
			if n == messagesFirst {
				m.note(draw.Count(between)+" messages are left out here; the attributes have them", tonePlain)
			}
			continue
		}
		e := entry{kind: entryMessage, key: m.env.Masked(message.Role), text: message.Text}
		switch message.Tool {
		case "":
		case "call", "result":
			e.key = "tool " + message.Tool
		default:
			e.key = "tool call"
			if message.Role == "tool" {
				e.key = "tool result"
			}
			e.text = message.Tool + "(" + message.Text + ")"
		}
		key := e.key
		e.key = message.Key // what the attribute is called tells of secrets
		m.mask(&e, e.text)
		e.key = key
		m.add(e)
	}
}
