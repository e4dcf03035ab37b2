package otlpproto

import (
	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// The fields of Tempo's answer to a question for one trace, when it is asked for protobuf.
const (
	tempoTrace   = 1<<3 | wireBytes // what OTLP calls TracesData
	tempoStatus  = 3<<3 | wireVarint
	tempoMessage = 4<<3 | wireBytes

	tempoPartial = 1 // the status that says that spans are missing
)

// isTempo reports whether a message is Tempo's answer, whose resource spans are a level deeper than those of OTLP: its scopes
// stand where a resource has the number of its dropped attributes.
//
//	OTLP   1 resourceSpans { 1 resource { 1 attributes, 2 dropped }, 2 scopeSpans }
//	Tempo  1 trace { 1 resourceSpans { 1 resource, 2 scopeSpans } }, 3 status, 4 message
func isTempo(msg []byte) bool {
	for f := fieldsOf(msg, 0); f.NextPart(); {
		if f.tag == tempoTrace && !hasScopes(f.value) {
			for inner := fieldsOf(f.value, 0); inner.NextPart(); {
				if inner.tag == resourceSpans && hasScopes(inner.value) {
					return true
				}
			}
		}
	}
	return false
}

// hasScopes reports whether a message has a field where resource spans have their scopes.
func hasScopes(msg []byte) bool {
	for f := fieldsOf(msg, 0); f.NextPart(); {
		if f.tag == scopeSpans {
			return true
		}
	}
	return false
}

// answer reads Tempo's answer. It returns what Message does.
func (r *reader) answer(data []byte, from int) int {
	before := r.B.Spans()
	partial, damaged := false, -1
	var message string
	var messageAt int
	f := fieldsOf(data[from:], from)
	for f.NextPart() {
		switch f.tag {
		case tempoTrace:
			if at := r.Message(data[:f.valueAt+len(f.value)], f.valueAt); damaged < 0 {
				damaged = at
			}
		case tempoStatus:
			partial = f.number == tempoPartial
		case tempoMessage:
			message, messageAt = string(r.text(f.value)), f.valueAt
		}
	}
	if partial {
		r.B.PartialFrom(before)
		if message != "" {
			r.noteAt(trace.NoticeAnswer, "partial response from Tempo: "+decode.Clip(message), messageAt)
		}
	}
	if damaged < 0 {
		damaged = f.damagedAt()
	}
	return damaged
}
