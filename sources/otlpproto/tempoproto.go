package otlpproto

import (
	"google.golang.org/protobuf/encoding/protowire"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// The fields of Tempo's answer to a question for one trace, when it is asked for protobuf.
const (
	tempoTrace   = 1 // what OTLP calls TracesData
	tempoStatus  = 3
	tempoMessage = 4

	tempoPartial = 1 // the status that says that spans are missing
)

// tempoProto reads an input as Tempo's answer, of which the trace is a field, and reports whether that gave spans.
func tempoProto(r *decode.Reader, read func(data []byte, at int)) bool {
	before, notes := r.B.Spans(), len(r.Notes)
	partial, message := false, ""
	for at := 0; at < len(r.Data); {
		number, kind, n := protowire.ConsumeTag(r.Data[at:])
		if n < 0 {
			break
		}
		m := protowire.ConsumeFieldValue(number, kind, r.Data[at+n:])
		if m < 0 {
			break
		}
		value := r.Data[at+n : at+n+m]
		switch {
		case number == tempoTrace && kind == protowire.BytesType:
			inner, _ := protowire.ConsumeBytes(value)
			if end := at + n + m; IsMessage(inner) {
				read(r.Data[:end], end-len(inner))
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
	if r.B.Spans() == before {
		r.Notes = r.Notes[:notes]
		return false
	}
	if partial {
		r.B.PartialFrom(before)
		if message != "" {
			r.Notes.Add(decode.Note{Kind: trace.NoticeAnswer, Subject: "the answer is partial: Tempo says: " + decode.Clip(message), Count: 1})
		}
	}
	return true
}
