package otlpproto

import (
	"iter"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// Formats are OTLP protobuf and the records of it that the collector writes.
func Formats() []decode.Format {
	return []decode.Format{
		{Name: "OTLP protobuf", Binary: IsMessage, Open: openMessage, Starts: messageStarts},
		{Name: "OTLP protobuf", Binary: IsRecord, Open: openRecords, Starts: recordStarts},
	}
}

func openMessage(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: func() { ReadMessage(r) }}
}

// ReadMessage reads an input that is one message.
func ReadMessage(r *decode.Reader) {
	p := &reader{Reader: r}
	read := p.Message
	if isTempo(r.Data) {
		read = p.answer
	}
	if cut := read(r.Data[:r.UntilAhead()], r.Pos); cut >= 0 {
		kind, subject := decode.NoticeDamaged, "damaged from here on, everything before was read"
		if cut == r.UntilAhead() { // a field that claims to be longer than what is there
			kind, subject = trace.NoticeTruncated, "file truncated: "+decode.MayLack
		}
		p.noteAt(kind, subject, cut)
	}
	r.TakeAhead()
}

// messageStarts yields where the fields of a message begin: none of Tempo's answer, which has one for all spans.
func messageStarts(data []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if isTempo(data) {
			return
		}
		f := fieldsOf(data, 0)
		for n := 0; yield(f.pos, n) && f.Next() && f.pos < len(data); n++ {
		}
	}
}
