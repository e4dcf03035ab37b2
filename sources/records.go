package sources

import (
	"bytes"
	"errors"
	"fmt"
	"tracefall/sources/decode"
	"tracefall/sources/otlpproto"
	"tracefall/sources/trace"
)

// unpackRecords replaces an input that is records of JSON by the documents in them, one a line, as if the exporter
// had not compressed. The error is the context's, or a spillError.
func (o *opening) unpackRecords(b *trace.Builder, in *input) error {
	f := otlpproto.Records{Data: in.data}
	defer f.Close()
	if !otlpproto.IsRecord(in.data) || !f.IsJSON() {
		return nil
	}
	f.Rewind()
	sp := o.newSpill()
	for payload, short, ok := f.Step(); ok; payload, short, ok = f.Step() {
		if err := o.ctx.Err(); err != nil {
			return errors.Join(err, sp.discard())
		}
		var fault error
		if bytes.HasPrefix(payload, otlpproto.ZstdMagic[:]) {
			payload, fault = f.Inflate(payload)
		}
		switch {
		case short:
			in.notes.Add(decode.Note{Kind: trace.NoticeTruncated, Subject: otlpproto.ShortRecord, Count: 1, Named: []string{f.Place()}})
		case fault != nil:
			in.notes.Add(decode.Note{Kind: decode.NoticeDamaged, Subject: fmt.Sprintf(otlpproto.BrokenRecord, fault), Count: 1, Named: []string{f.Place()}})
		}
		_, err := sp.Write(payload)
		if _, endErr := sp.Write([]byte("\n")); err != nil || endErr != nil {
			return errors.Join(err, endErr, sp.discard())
		}
	}
	data, release, err := sp.Finish()
	if err == nil {
		in.data = data
		b.OnClose(release)
	}
	return err
}
