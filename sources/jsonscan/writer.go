package jsonscan

import (
	"encoding/base64"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// Writer writes one JSON document piece by piece. It puts the commas: every key and every element asks for
// one, and gets it unless the last byte written opens something. That works because no value ends in one of
// these bytes: a string ends in a quote.
type Writer struct {
	W    io.Writer
	Buf  []byte
	last byte // the last byte that left buf
	err  error
}

// WriterSize is how many bytes are gathered before they are written, to keep system calls few.
const WriterSize = 64 << 10

// Raw writes text as it is.
func (o *Writer) Raw(text string) { o.Buf = append(o.Buf, text...) }

// Next starts an element of an array or a key of an object.
func (o *Writer) Next() {
	last := o.last
	if len(o.Buf) > 0 {
		last = o.Buf[len(o.Buf)-1]
	}
	switch last {
	case 0, '{', '[', ':':
	default:
		o.Buf = append(o.Buf, ',')
	}
}

// Open starts an element that is an object or an array.
func (o *Writer) Open(bracket byte) {
	o.Next()
	o.Buf = append(o.Buf, bracket)
}

// Close ends an object or an array.
func (o *Writer) Close(bracket byte) { o.Buf = append(o.Buf, bracket) }

// Key writes the key of an object, which needs no escapes.
func (o *Writer) Key(name string) {
	o.Next()
	o.Buf = append(o.Buf, '"')
	o.Buf = append(o.Buf, name...)
	o.Buf = append(o.Buf, '"', ':')
}

// Text writes a key and a string.
func (o *Writer) Text(key, value string) {
	o.Key(key)
	o.Buf = AppendQuoted(o.Buf, value)
}

// TextIf writes a key and a string unless the string is empty.
func (o *Writer) TextIf(key, value string) {
	if value != "" {
		o.Text(key, value)
	}
}

// Number writes a key and an integer.
func (o *Writer) Number(key string, value int64) {
	o.Key(key)
	o.Buf = strconv.AppendInt(o.Buf, value, 10)
}

// NumberIf writes a key and an integer unless it is zero.
func (o *Writer) NumberIf(key string, value int) {
	if value != 0 {
		o.Number(key, int64(value))
	}
}

// TimeIf writes a key and nanoseconds since the epoch as a string, as OTLP has 64-bit integers, unless the
// time is not known.
func (o *Writer) TimeIf(key string, nanos int64) {
	if nanos > 0 {
		o.Key(key)
		o.Buf = append(o.Buf, '"')
		o.Buf = strconv.AppendInt(o.Buf, nanos, 10)
		o.Buf = append(o.Buf, '"')
	}
}

// Bytes writes raw bytes in base64.
func (o *Writer) Bytes(raw string) { o.Buf = AppendBase64(o.Buf, []byte(raw)) }

// Flush hands over what was gathered once it is enough, or all of it at the end.
func (o *Writer) Flush(end bool) error {
	if o.err == nil && len(o.Buf) > 0 && (end || len(o.Buf) >= WriterSize) {
		o.last = o.Buf[len(o.Buf)-1]
		_, o.err = o.W.Write(o.Buf)
		o.Buf = o.Buf[:0]
	}
	return o.err
}

// AppendQuoted appends text as a JSON string. Bytes that are no UTF-8 become U+FFFD: JSON has no other way.
func AppendQuoted[T string | []byte](dst []byte, text T) []byte {
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

// AppendFloat appends a floating-point number as protobuf's JSON mapping has it: what JSON has no number for
// is a string.
func AppendFloat(dst []byte, v float64) []byte {
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

// AppendBase64 appends raw bytes as a JSON string.
func AppendBase64(dst, raw []byte) []byte {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, raw)
	return append(dst, '"')
}
