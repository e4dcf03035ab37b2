package sources

import (
	"encoding/base64"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// jsonOut writes one JSON document piece by piece. It puts the commas: every key and every element asks for
// one, and gets it unless the last byte written opens something. That works because no value ends in one of
// these bytes: a string ends in a quote.
type jsonOut struct {
	w    io.Writer
	buf  []byte
	last byte // the last byte that left buf
	err  error
}

// jsonOutSize is how many bytes are gathered before they are written, to keep system calls few.
const jsonOutSize = 64 << 10

// raw writes text as it is.
func (o *jsonOut) raw(text string) { o.buf = append(o.buf, text...) }

// next starts an element of an array or a key of an object.
func (o *jsonOut) next() {
	last := o.last
	if len(o.buf) > 0 {
		last = o.buf[len(o.buf)-1]
	}
	switch last {
	case 0, '{', '[', ':':
	default:
		o.buf = append(o.buf, ',')
	}
}

// open starts an element that is an object or an array.
func (o *jsonOut) open(bracket byte) {
	o.next()
	o.buf = append(o.buf, bracket)
}

// close ends an object or an array.
func (o *jsonOut) close(bracket byte) { o.buf = append(o.buf, bracket) }

// key writes the key of an object, which needs no escapes.
func (o *jsonOut) key(name string) {
	o.next()
	o.buf = append(o.buf, '"')
	o.buf = append(o.buf, name...)
	o.buf = append(o.buf, '"', ':')
}

// text writes a key and a string.
func (o *jsonOut) text(key, value string) {
	o.key(key)
	o.buf = appendQuoted(o.buf, value)
}

// textIf writes a key and a string unless the string is empty.
func (o *jsonOut) textIf(key, value string) {
	if value != "" {
		o.text(key, value)
	}
}

// number writes a key and an integer.
func (o *jsonOut) number(key string, value int64) {
	o.key(key)
	o.buf = strconv.AppendInt(o.buf, value, 10)
}

// numberIf writes a key and an integer unless it is zero.
func (o *jsonOut) numberIf(key string, value int) {
	if value != 0 {
		o.number(key, int64(value))
	}
}

// timeIf writes a key and nanoseconds since the epoch as a string, as OTLP has 64-bit integers, unless the
// time is not known.
func (o *jsonOut) timeIf(key string, nanos int64) {
	if nanos > 0 {
		o.key(key)
		o.buf = append(o.buf, '"')
		o.buf = strconv.AppendInt(o.buf, nanos, 10)
		o.buf = append(o.buf, '"')
	}
}

// bytes writes raw bytes in base64.
func (o *jsonOut) bytes(raw string) { o.buf = appendBase64(o.buf, []byte(raw)) }

// flush hands over what was gathered once it is enough, or all of it at the end.
func (o *jsonOut) flush(end bool) error {
	if o.err == nil && len(o.buf) > 0 && (end || len(o.buf) >= jsonOutSize) {
		o.last = o.buf[len(o.buf)-1]
		_, o.err = o.w.Write(o.buf)
		o.buf = o.buf[:0]
	}
	return o.err
}

// appendQuoted appends text as a JSON string. Bytes that are no UTF-8 become U+FFFD: JSON has no other way.
func appendQuoted[T string | []byte](dst []byte, text T) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = append(dst, text[from:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			i++
			from = i
			continue
		}
		r, size := utf8.DecodeRuneInString(string(text[i:min(i+utf8.UTFMax, len(text))]))
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, text[from:i]...)
			dst = append(dst, "\uFFFD"...)
			from = i + 1
		}
		i += size
	}
	dst = append(dst, text[from:]...)
	return append(dst, '"')
}

// appendFloat appends a floating-point number as protobuf's JSON mapping has it: what JSON has no number for
// is a string.
func appendFloat(dst []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, `"NaN"`...)
	case math.IsInf(v, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(v, -1):
		return append(dst, `"-Infinity"`...)
	}
	format := byte('f')
	// The limits are those of ECMAScript, which encoding/json and the collector use too.
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, v, format, -1, 64)
}

// appendBase64 appends raw bytes as a JSON string.
func appendBase64(dst, raw []byte) []byte {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, raw)
	return append(dst, '"')
}
