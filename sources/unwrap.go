package sources

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"tracefall/sources/console"
	"tracefall/sources/decode"
	"tracefall/sources/otlpproto"
	"tracefall/sources/trace"
	"tracefall/sources/unwrap"
)

// unwrapLooked is how far into an input it is looked what stands around its documents: a program prints this and that
// before its first span.
const unwrapLooked = 1 << 20

// longestLooked is how much of an input is looked at where it begins with a line that is longer than that.
const longestLooked = 64 << 20

// wrapping is what stood around the documents of an input.
type wrapping struct {
	unwrap.Found
	around string // in words
}

// unwrap replaces an input whose documents stand within something else by the documents: text in UTF-16, and logs whose
// lines have a prefix or are records. What begins with a document of a supported format, as nearly everything does, stays as it is.
// The error is the context's, or a spillError.
func (o *opening) unwrap(b *trace.Builder, in *input) error {
	if encoding := unwrap.Encoding(in.data); encoding != "" {
		whole := in.data
		in.cut = len(whole)%2 == 1
		err := o.replace(b, in, func(w io.Writer) error { return unwrap.Decode(w, whole, encoding, o.lookIn(in)) })
		if err != nil {
			return err
		}
		in.notes.Add(decode.Note{Kind: decode.NoticeWrapped, Count: 1, Subject: encoding + " text" + ", decoded; offsets are in UTF-8 bytes"})
	}
	data := in.data[decode.BlankBefore(in.data):]
	if !decode.IsText(data[:min(len(data), 4<<10)]) || isRecognised(data[:min(len(data), unwrapLooked)]) || !wrapped(data) {
		return nil
	}
	whole := bytes.TrimLeft(in.data, "\ufeff\x00")
	var found unwrap.Found
	err := o.replace(b, in, func(w io.Writer) (err error) {
		found, err = unwrap.Documents(w, whole, o.lookIn(in))
		return err
	})
	if err != nil {
		return err
	}
	in.cut = in.cut || found.Cut
	in.wrapping = &wrapping{found, strings.Join(found.Around, ", ")}
	in.notes.Add(in.wrapping.Note())
	return nil
}

// wrapped reports whether documents of supported formats stand within something, by the lines with which data begins; or records of a
// log, which may hold documents later.
func wrapped(data []byte) bool {
	head := data[:min(len(data), unwrapLooked)]
	if end := bytes.LastIndexByte(head, '\n') + 1; len(head) < len(data) && end > 0 {
		head = head[:end]
	} else if len(head) < len(data) { // one long line
		head, _, _ = bytes.Cut(data[:min(len(data), longestLooked)], []byte("\n"))
	}
	var out bytes.Buffer
	found, err := unwrap.Documents(&out, head, func(int) error { return nil })
	if err != nil || found.Wrapped == 0 && found.Records == 0 {
		return false
	}
	return 2*found.Records > found.Others || holdsDocument(out.Bytes())
}

// isRecognised reports whether data begins with a document of a supported format.
func isRecognised(data []byte) bool {
	if !decode.StartsJSON(data) {
		return false
	}
	r := sniffer(data)
	return r.recognise() != nil
}

// holdsDocument reports whether a line of data begins a document of a supported format.
func holdsDocument(data []byte) bool {
	if console.IsInspect(data) || isRecognised(data) {
		return true
	}
	r := sniffer(data)
	return r.nextKnown(data, 0) < len(data)
}

// replace replaces the data of an input by what write writes.
func (o *opening) replace(b *trace.Builder, in *input, write func(io.Writer) error) error {
	sp := o.newSpill()
	if err := write(&sp); err != nil {
		return errors.Join(err, sp.discard())
	}
	data, release, err := sp.Finish()
	if err != nil {
		return err
	}
	in.data = data
	b.OnClose(release)
	return nil
}

// lookIn returns what is called while an input is unwrapped: it looks whether to stop, and gives progress.
func (o *opening) lookIn(in *input) func(at int) error {
	total := int64(len(in.data))
	return func(at int) error {
		if err := o.ctx.Err(); err != nil {
			return err
		}
		if o.ticked() {
			o.progress(Progress{Input: in.name, Bytes: int64(at), Total: total, Spans: o.b.Spans(), Traces: o.b.Traces()})
		}
		return nil
	}
}

// Note says what the documents were taken out of.
func (w *wrapping) Note() decode.Note {
	text := "read from " + w.around
	switch w.Others {
	case 0:
	case 1:
		text += "; 1 other line skipped"
	default:
		text += fmt.Sprintf("; %s other lines skipped", trace.Grouped(w.Others))
	}
	return decode.Note{Kind: decode.NoticeWrapped, Count: 1, Subject: text}
}

// problem says why what stood within something is no trace; inner is why the documents are none.
func (w *wrapping) problem(inner string) string {
	if w.Documents == 0 && len(w.Sample) > 0 {
		inner = decode.LooksLike(w.Sample) + expectedExport
	}
	return "is a log (" + w.around + "); the content " + inner
}

// unpackRecords replaces an input that is records of JSON by the documents in them, one a line, as if the exporter
// had not compressed. The error is the context's, or a spillError.
func (o *opening) unpackRecords(b *trace.Builder, in *input) error {
	f := otlpproto.Records{Data: in.data}
	defer f.Close()
	if !otlpproto.IsRecord(in.data) || !f.IsJSON() {
		return nil
	}
	f.Rewind()
	return o.replace(b, in, func(w io.Writer) error {
		for payload, short, ok := f.Step(); ok; payload, short, ok = f.Step() {
			if err := o.ctx.Err(); err != nil {
				return err
			}
			var fault error
			if bytes.HasPrefix(payload, otlpproto.ZstdMagic[:]) {
				payload, fault = f.Inflate(payload)
			}
			note := decode.Note{Count: 1, Named: []string{f.Place()}}
			switch {
			case short:
				note.Kind, note.Subject = trace.NoticeTruncated, otlpproto.ShortRecord
				in.notes.Add(note)
			case fault != nil:
				note.Kind, note.Subject = decode.NoticeDamaged, fmt.Sprintf(otlpproto.BrokenRecord, fault)
				in.notes.Add(note)
			}
			_, err := w.Write(payload)
			if _, endErr := w.Write([]byte("\n")); err != nil || endErr != nil {
				return errors.Join(err, endErr)
			}
		}
		return nil
	})
}
