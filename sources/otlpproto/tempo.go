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

// tempo reads the input as Tempo's answer, of which the trace is a field, and reports whether that gave spans.
func (r *reader) tempo() bool {
	before, notes := r.B.Spans(), len(r.Notes)
	partial, message := false, ""
	for f := fieldsOf(r.Data, 0); f.Next(); {
		switch f.tag {
		case tempoTrace:
			if IsMessage(f.value) {
				r.Message(r.Data[:f.pos], f.valueAt)
			}
		case tempoStatus:
			partial = f.number == tempoPartial
		case tempoMessage:
			message = string(f.value)
		}
	}
	if r.B.Spans() == before {
		r.Notes = r.Notes[:notes]
		return false
	}
	if partial {
		r.B.PartialFrom(before)
		if message != "" {
			r.Notes.Add(decode.Note{Kind: trace.NoticeAnswer, Subject: "partial response from Tempo: " + decode.Clip(message), Count: 1})
		}
	}
	return true
}
