package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// idStyle is how a file writes its ids.
type idStyle uint8

const (
	idHex idStyle = iota
	idBase64
)

// guessIDStyle decides how a file writes its ids from the first of its trace ids that can be one thing only:
// base64 of 16 bytes has 22 or 24 characters and hardly ever only hexadecimal ones.
func guessIDStyle(data []byte) idStyle {
	const enough = 8
	data = data[:min(len(data), 1<<20)]
	for range enough {
		i := bytes.Index(data, []byte(`race`))
		if i < 0 {
			break
		}
		data = data[i+4:]
		id, ok := idAfter(data)
		if !ok {
			continue
		}
		if n := len(id); (n == 22 || n == 24) && !allHex(id) {
			return idBase64
		}
	}
	return idHex
}

// idAfter returns the string value that follows the rest of a key such as traceId or trace_id.
func idAfter(data []byte) ([]byte, bool) {
	data = bytes.TrimPrefix(data, []byte("_"))
	if len(data) < 4 || data[0]|0x20 != 'i' || data[1]|0x20 != 'd' || data[2] != '"' {
		return nil, false
	}
	data = bytes.TrimLeft(data[3:], ": \t\r\n")
	if len(data) == 0 || data[0] != '"' {
		return nil, false
	}
	end := bytes.IndexByte(data[1:], '"')
	if end < 0 {
		return nil, false
	}
	return data[1 : 1+end], true
}

func allHex(text []byte) bool {
	for _, c := range text {
		if jsonscan.HexDigit[c] < 0 {
			return false
		}
	}
	return true
}

// TraceID reads a trace id in the style of the file.
func (style idStyle) TraceID(text []byte) trace.TraceID {
	if len(text) == 32 {
		hi, ok1 := Hex16(text)
		lo, ok2 := Hex16(text[16:])
		if ok1 && ok2 {
			return trace.TraceID{Hi: hi, Lo: lo}
		}
	}
	var raw [18]byte
	if style.decode(raw[:], text, 16) {
		return trace.TraceID{Hi: binary.BigEndian.Uint64(raw[:]), Lo: binary.BigEndian.Uint64(raw[8:])}
	}
	var digits [36]byte
	if hexInBase64(digits[:], text, 32) {
		return style.TraceID(digits[:32])
	}
	return trace.ParseTraceID(string(bytes.TrimSpace(text)))
}

// SpanID reads a span id in the style of the file.
func (style idStyle) SpanID(text []byte) trace.SpanID {
	if len(text) == 16 {
		if n, ok := Hex16(text); ok {
			return trace.SpanID{N: n}
		}
	}
	var raw [18]byte
	if style.decode(raw[:], text, 8) {
		return trace.SpanID{N: binary.BigEndian.Uint64(raw[:])}
	}
	if hexInBase64(raw[:], text, 16) {
		return style.SpanID(raw[:16])
	}
	return trace.ParseSpanID(string(bytes.TrimSpace(text)))
}

// decode decodes base64 of exactly size bytes: text with padding can be nothing else, text without only where
// the file writes its ids so.
func (style idStyle) decode(dst, text []byte, size int) bool {
	bare := bytes.TrimRight(text, "=")
	return (len(bare) < len(text) || style == idBase64) && decode64(dst, bare, size)
}

// decode64 decodes base64 without padding, in either alphabet, of exactly size bytes.
func decode64(dst, bare []byte, size int) bool {
	if len(bare) != base64.RawStdEncoding.EncodedLen(size) {
		return false
	}
	n, err := alphabetOf(bare).Decode(dst, bare)
	return err == nil && n == size
}

// alphabetOf returns the one of base64's two alphabets in which bytes are written, without padding.
func alphabetOf(bare []byte) *base64.Encoding {
	if bytes.ContainsAny(bare, "-_") {
		return base64.RawURLEncoding
	}
	return base64.RawStdEncoding
}

// hexInBase64 decodes the base64 of an id's hexadecimal text, which is what an encoder for bytes makes of an id that is
// text already.
func hexInBase64(dst, text []byte, digits int) bool {
	return decode64(dst, bytes.TrimRight(text, "="), digits) && allHex(dst[:digits])
}

// IDTextOf reads an id as text: a string, or bytes as a list of numbers, which become hexadecimal digits. The result is
// valid until the next call.
//
//	[10,247,101,…]   {"0":10,"1":247,…}   {"type":"Buffer","data":[10,247,…]}
func (r *Values) IDTextOf(field string) []byte {
	switch r.Next() {
	case '[', '{':
		off := r.ValueAt()
		raw, ok := r.idBytes(field, make([]byte, 0, 16))
		if r.Err == nil && !ok {
			r.Bad(field, "an id", off)
			return nil
		}
		r.Scratch = hex.AppendEncode(r.Scratch[:0], raw)
		return r.Scratch
	}
	return r.StringOf(field)
}

// idBytes appends the bytes of an id that is a list or an object of numbers; ok is false where it is something else. No
// id has more than 16.
func (r *Values) idBytes(field string, raw []byte) (_ []byte, ok bool) {
	add := func() {
		n := r.plainInt(field)
		ok = ok && n >= -128 && n <= 255 && len(raw) < 16 // Java's bytes have a sign
		raw = append(raw[:min(len(raw), 15)], byte(n))
	}
	ok = true
	if r.Array() {
		for r.Element() {
			add()
		}
		return raw, ok
	}
	r.Object()
	for key, more := r.Key(); more; key, more = r.Key() {
		switch {
		case len(key) > 0 && jsonscan.IsDigit(key[0]):
			add()
		case string(key) == "data" && r.Array():
			for r.Element() {
				add()
			}
		}
	}
	return raw, ok
}

// Hex16 reads sixteen hexadecimal digits of either case, eight at a time.
func Hex16(text []byte) (uint64, bool) {
	_ = text[15]
	hi, ok1 := hex8(binary.BigEndian.Uint64(text))
	lo, ok2 := hex8(binary.BigEndian.Uint64(text[8:]))
	return uint64(hi)<<32 | uint64(lo), ok1 && ok2
}

// hex8 reads the eight hexadecimal digits that are the bytes of x.
func hex8(x uint64) (uint32, bool) {
	var n uint32
	bad := int8(0)
	for shift := 56; shift >= 0; shift -= 8 {
		d := jsonscan.HexDigit[byte(x>>shift)]
		bad |= d
		n = n<<4 | uint32(d&0xf)
	}
	return n, bad >= 0
}

// TraceIDOf reads a trace id; mostly it is that of the span before.
func (r *Reader) TraceIDOf(field string) trace.TraceID {
	if r.Next() != '"' {
		return r.IDs.TraceID(r.IDTextOf(field))
	}
	t := r.Quoted()
	if t.Plain && bytes.Equal(t.Raw, r.idText) {
		return r.idTrace
	}
	id := r.IDs.TraceID(r.Say(t))
	if t.Plain {
		r.idText, r.idTrace = t.Raw, id
	}
	return id
}

// SpanIDOf reads a span id.
func (r *Reader) SpanIDOf(field string) trace.SpanID { return r.IDs.SpanID(r.IDTextOf(field)) }

// BytesTraceID reads an id of up to 16 raw bytes.
func BytesTraceID(raw []byte) trace.TraceID {
	var id [TraceIDLength]byte
	if len(raw) > len(id) {
		return trace.TraceID{Text: fmt.Sprintf("%x", raw)}
	}
	copy(id[len(id)-len(raw):], raw)
	return trace.TraceID{Hi: binary.BigEndian.Uint64(id[:8]), Lo: binary.BigEndian.Uint64(id[8:])}
}

// BytesSpanID reads an id of up to 8 raw bytes.
func BytesSpanID(raw []byte) trace.SpanID {
	var id [SpanIDLength]byte
	if len(raw) > len(id) {
		return trace.SpanID{Text: fmt.Sprintf("%x", raw)}
	}
	copy(id[len(id)-len(raw):], raw)
	return trace.SpanID{N: binary.BigEndian.Uint64(id[:])}
}

// How many bytes ids have.
const (
	TraceIDLength = 16
	SpanIDLength  = 8
)
