package sources

import (
	"google.golang.org/protobuf/encoding/protowire"

	"tracefall/sources/trace"
)

// The fields of Tempo's answer to a question for one trace, when it is asked for protobuf.
const (
	tempoTrace   = 1 // what OTLP calls TracesData
	tempoStatus  = 3
	tempoMessage = 4

	tempoPartial = 1 // the status that says that spans are missing
)

// tempoProto reads an input as Tempo's answer, of which the trace is a field, and tells whether that gave spans.
func tempoProto(r *reader, read func(data []byte, at int)) bool {
	before, notes := r.b.Spans(), len(r.notes)
	partial, message := false, ""
	for at := 0; at < len(r.data); {
		number, kind, n := protowire.ConsumeTag(r.data[at:])
		if n < 0 {
			break
		}
		m := protowire.ConsumeFieldValue(number, kind, r.data[at+n:])
		if m < 0 {
			break
		}
		value := r.data[at+n : at+n+m]
		switch {
		case number == tempoTrace && kind == protowire.BytesType:
			inner, _ := protowire.ConsumeBytes(value)
			if end := at + n + m; isOTLPProto(inner) {
				read(r.data[:end], end-len(inner))
			}
		case number == tempoStatus && kind == protowire.VarintType:
			status, _ := protowire.ConsumeVarint(value)
			partial = status == tempoPartial
		case number == tempoMessage && kind == protowire.BytesType:
			text, _ := protowire.ConsumeBytes(value)
			message = string(text)
		}
		at += n + m
	}
	if r.b.Spans() == before {
		r.notes = r.notes[:notes]
		return false
	}
	if partial {
		r.b.PartialFrom(before)
		if message != "" {
			r.notes.add(note{kind: trace.NoticeAnswer, subject: "the answer is partial: Tempo says: " + clip(message), count: 1})
		}
	}
	return true
}
