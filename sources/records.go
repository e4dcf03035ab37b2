package sources

import (
	"bytes"
	"errors"
	"fmt"
	"tracefall/sources/trace"
)

// unpackRecords replaces an input that is records of JSON by the documents in them, one a line, as if the exporter
// had not compressed. The error is the context's, or a spillError.
func (o *opening) unpackRecords(b *trace.Builder, in *input) error {
	f := records{data: in.data}
	defer f.close()
	if !isOTLPRecords(in.data) || !f.isJSON() {
		return nil
	}
	f.rewind()
	sp := o.newSpill()
	for payload, short, ok := f.step(); ok; payload, short, ok = f.step() {
		if err := o.ctx.Err(); err != nil {
			return errors.Join(err, sp.discard())
		}
		var fault error
		if bytes.HasPrefix(payload, zstdMagic[:]) {
			payload, fault = f.inflate(payload)
		}
		switch {
		case short:
			in.notes.add(note{kind: trace.NoticeTruncated, subject: shortRecord, count: 1, named: []string{f.place()}})
		case fault != nil:
			in.notes.add(note{kind: NoticeDamaged, subject: fmt.Sprintf(brokenRecord, fault), count: 1, named: []string{f.place()}})
		}
		_, err := sp.Write(payload)
		if _, endErr := sp.Write([]byte("\n")); err != nil || endErr != nil {
			return errors.Join(err, endErr, sp.discard())
		}
	}
	data, release, err := sp.finish()
	if err == nil {
		in.data = data
		b.OnClose(release)
	}
	return err
}
