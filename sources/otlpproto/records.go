package otlpproto

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"iter"

	"github.com/klauspost/compress/zstd"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// The collector's file exporter writes records instead of lines when its format is proto or it compresses:
//
//	4 bytes  big-endian length of what follows
//	n bytes  one OTLP message: protobuf, or JSON; with compression: zstd one zstd frame of either
const recordHeader = 4

// RecordLimit is the most that one compressed record may hold, in bytes. The collector's batches hold some
// megabytes; a frame that claims more than this is an attack or not a batch.
const RecordLimit = 128 << 20

// ZstdMagic is how a zstd frame begins.
var ZstdMagic = [4]byte{0x28, 0xb5, 0x2f, 0xfd}

// IsRecord reports whether data starts with a record of the file exporter. The record may be cut short.
func IsRecord(data []byte) bool {
	if len(data) <= recordHeader {
		return false
	}
	n := int64(binary.BigEndian.Uint32(data))
	rest := data[recordHeader:]
	if n < 2 || n > int64(len(rest)) && data[0] != 0 { // text read as a length is at least 16 MB
		return false
	}
	if decode.IsJSONText(data) {
		return false
	}
	return bytes.HasPrefix(rest, ZstdMagic[:]) || rest[0] == '{' || IsMessage(rest[:min(n, int64(len(rest)))])
}

// Records walks the records of the file exporter. A damaged one is for its user to note; walking goes on at the next:
// the framing still holds.
type Records struct {
	Data   []byte
	at     int // offset of the record's header
	number int // of the record, from 1
	next   int
	zstd   *zstd.Decoder // nil until a record needs it
	out    bytes.Buffer  // the record that was decompressed last
}

// Step returns the next record as it is written; short tells that it is cut short, and what is there is returned.
// At the end there is none.
func (f *Records) Step() (payload []byte, short, ok bool) {
	f.at = f.next
	if f.at >= len(f.Data) {
		return nil, false, false
	}
	f.number++
	rest := f.Data[f.at:]
	if len(rest) < recordHeader {
		f.next = len(f.Data)
		return nil, true, true
	}
	n := int64(binary.BigEndian.Uint32(rest))
	rest = rest[recordHeader:]
	if n > int64(len(rest)) {
		f.next = len(f.Data)
		return rest, true, true
	}
	f.next = f.at + recordHeader + int(n)
	return rest[:n], false, true
}

// Place names the record that was returned last.
func (f *Records) Place() string { return fmt.Sprintf("record %d at byte %d", f.number, f.at) }

// What is said of damaged records.
const (
	ShortRecord  = "file truncated within a record, read up to there"
	BrokenRecord = "compressed record damaged (%v), partly read"
	oddRecord    = "record skipped: neither OTLP protobuf nor JSON"
)

func openRecords(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: func() { ReadRecords(r) }}
}

// ReadRecords reads records of protobuf. Records of JSON were unpacked before.
func ReadRecords(r *decode.Reader) {
	p := &reader{Reader: r}
	f := Records{Data: r.Data[:r.UntilAhead()], next: r.Pos, number: r.PartsBefore}
	defer f.Close()
	for payload, short, ok := f.Step(); ok && r.Stop == nil; payload, short, ok = f.Step() {
		r.Pos, p.record, p.base = f.at, f.number, f.at+recordHeader
		r.Tick()
		if short {
			r.NoteNamed(trace.NoticeTruncated, ShortRecord, f.Place())
		}
		if bytes.HasPrefix(payload, ZstdMagic[:]) {
			inflated, err := f.Inflate(payload)
			if err != nil && !short {
				r.NoteNamed(decode.NoticeDamaged, fmt.Sprintf(BrokenRecord, err), f.Place())
				short = true
			}
			payload, p.base = inflated, -1
		}
		switch {
		case len(payload) == 0:
		case IsMessage(payload):
			if cut := p.Message(payload, 0); cut >= 0 && !short {
				p.noteAt(decode.NoticeDamaged, "record damaged from here on, everything before was read", cut)
			}
		case !short:
			r.NoteNamed(decode.NoticeDamaged, oddRecord, f.Place())
		}
	}
	r.TakeAhead()
}

// recordStarts yields where the records begin, each with how many come before it.
func recordStarts(data []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		f := Records{Data: data}
		for _, short, ok := f.Step(); ok && !short && yield(f.at, f.number-1); _, short, ok = f.Step() {
		}
	}
}

// IsJSON reports whether the first record is a document.
func (f *Records) IsJSON() bool {
	payload, _, _ := f.Step()
	if bytes.HasPrefix(payload, ZstdMagic[:]) {
		payload, _ = f.Inflate(payload) // an error is for later
	}
	return bytes.HasPrefix(payload, []byte("{"))
}

// Close lets go of what decompressing needed.
func (f *Records) Close() {
	if f.zstd != nil {
		f.zstd.Close()
	}
}

// Inflate decompresses one frame; with an error it returns what came before it. The result is valid until the next
// call.
func (f *Records) Inflate(frame []byte) ([]byte, error) {
	if f.zstd == nil {
		decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(RecordLimit))
		if err != nil {
			return nil, err
		}
		f.zstd = decoder
	}
	if err := f.zstd.Reset(bytes.NewReader(frame)); err != nil {
		return nil, err
	}
	f.out.Reset()
	n, err := io.Copy(&f.out, io.LimitReader(f.zstd, RecordLimit+1))
	if err == nil && n > RecordLimit {
		return nil, fmt.Errorf("more than %d MB decompressed", RecordLimit>>20)
	}
	return f.out.Bytes(), err
}

// Rewind goes back to the first record.
func (f *Records) Rewind() { *f = Records{Data: f.Data, zstd: f.zstd} }
