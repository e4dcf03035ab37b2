package sources

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"iter"

	"github.com/klauspost/compress/zstd"

	"tracefall/sources/trace"
)

// The collector's file exporter writes records instead of lines when its format is proto or it compresses:
//
//	4 bytes  big-endian length of what follows
//	n bytes  one OTLP message: protobuf, or JSON; with compression: zstd one zstd frame of either
const recordHeader = 4

// recordLimit is the most that one compressed record may hold, in bytes. The collector's batches hold some
// megabytes; a frame that claims more than this is an attack or not a batch.
const recordLimit = 128 << 20

var zstdMagic = [4]byte{0x28, 0xb5, 0x2f, 0xfd}

// isOTLPRecords tells whether data starts with a record of the file exporter. The record may be cut short.
func isOTLPRecords(data []byte) bool {
	if len(data) <= recordHeader {
		return false
	}
	n := int64(binary.BigEndian.Uint32(data))
	rest := data[recordHeader:]
	if n < 2 || n > int64(len(rest)) && data[0] != 0 { // text read as a length is at least 16 MB
		return false
	}
	if isJSONText(data) {
		return false
	}
	return bytes.HasPrefix(rest, zstdMagic[:]) || rest[0] == '{' || isOTLPProto(rest[:min(n, int64(len(rest)))])
}

// records walks the records of the file exporter. A damaged one is for its user to note; walking goes on at the next:
// the framing still holds.
type records struct {
	data   []byte
	at     int // offset of the record's header
	number int // of the record, from 1
	next   int
	zstd   *zstd.Decoder // nil until a record needs it
	out    bytes.Buffer  // the record that was decompressed last
}

// step returns the next record as it is written; short tells that it is cut short, and what is there is returned.
// At the end there is none.
func (f *records) step() (payload []byte, short, ok bool) {
	f.at = f.next
	if f.at >= len(f.data) {
		return nil, false, false
	}
	f.number++
	rest := f.data[f.at:]
	if len(rest) < recordHeader {
		f.next = len(f.data)
		return nil, true, true
	}
	n := int64(binary.BigEndian.Uint32(rest))
	rest = rest[recordHeader:]
	if n > int64(len(rest)) {
		f.next = len(f.data)
		return rest, true, true
	}
	f.next = f.at + recordHeader + int(n)
	return rest[:n], false, true
}

func (f *records) place() string { return fmt.Sprintf("record %d at byte %d", f.number, f.at) }

const (
	shortRecord  = "file truncated within a record; what is there of it was read"
	brokenRecord = "a compressed record is damaged (%v); what could be read of it was"
	oddRecord    = "a record that is neither OTLP protobuf nor JSON was skipped"
)

// otlpRecords reads records of protobuf. Records of JSON were unpacked before.
func readOTLPRecords(r *reader) decoder { return decoder{document: func() { otlpRecords(r) }} }

func otlpRecords(r *reader) {
	p := &protoReader{reader: r}
	f := records{data: r.data[:r.untilAhead()], next: r.pos, number: r.partsBefore}
	defer f.close()
	for payload, short, ok := f.step(); ok && r.stop == nil; payload, short, ok = f.step() {
		r.pos, p.record, p.base = f.at, f.number, f.at+recordHeader
		r.tick()
		if short {
			r.noteNamed(trace.NoticeTruncated, shortRecord, f.place())
		}
		if bytes.HasPrefix(payload, zstdMagic[:]) {
			inflated, err := f.inflate(payload)
			if err != nil && !short {
				r.noteNamed(NoticeDamaged, fmt.Sprintf(brokenRecord, err), f.place())
				short = true
			}
			payload, p.base = inflated, -1
		}
		switch {
		case len(payload) == 0:
		case isOTLPProto(payload):
			if cut := p.message(payload, 0); cut >= 0 && !short {
				p.noteAt(NoticeDamaged, "a record is damaged; what stands before that place was read", cut)
			}
		case !short:
			r.noteNamed(NoticeDamaged, oddRecord, f.place())
		}
	}
	r.takeAhead()
}

// recordStarts yields where the records begin, each with how many come before it.
func recordStarts(data []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		f := records{data: data}
		for _, short, ok := f.step(); ok && !short && yield(f.at, f.number-1); _, short, ok = f.step() {
		}
	}
}

// isJSON tells whether the first record is a document.
func (f *records) isJSON() bool {
	payload, _, _ := f.step()
	if bytes.HasPrefix(payload, zstdMagic[:]) {
		payload, _ = f.inflate(payload) // an error is for later
	}
	return bytes.HasPrefix(payload, []byte("{"))
}

func (f *records) close() {
	if f.zstd != nil {
		f.zstd.Close()
	}
}

// inflate decompresses one frame; with an error it returns what came before it. The result is valid until the next
// call.
func (f *records) inflate(frame []byte) ([]byte, error) {
	if f.zstd == nil {
		decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(recordLimit))
		if err != nil {
			return nil, err
		}
		f.zstd = decoder
	}
	if err := f.zstd.Reset(bytes.NewReader(frame)); err != nil {
		return nil, err
	}
	f.out.Reset()
	n, err := io.Copy(&f.out, io.LimitReader(f.zstd, recordLimit+1))
	if err == nil && n > recordLimit {
		return nil, fmt.Errorf("more than %d MB decompressed", recordLimit>>20)
	}
	return f.out.Bytes(), err
}

// rewind goes back to the first record.
func (f *records) rewind() { *f = records{data: f.data, zstd: f.zstd} }
