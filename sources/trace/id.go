package trace

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// TraceID names a trace: 128 bits, or the text as it was written where that was no hexadecimal number of at
// most 32 digits. Shorter ids are padded on the left, so that Jaeger's "abc" equals "0000…0abc".
type TraceID struct {
	Hi, Lo uint64
	Text   string // as written, when the id is not hexadecimal; Hi and Lo are 0 then
}

// SpanID names a span within its trace: 64 bits, or the text as it was written where that was no hexadecimal
// number of at most 16 digits.
type SpanID struct {
	N    uint64
	Text string
}

// IsZero reports whether the id is missing: absent, empty, or all zeros.
func (id TraceID) IsZero() bool { return id == TraceID{} }

// IsZero reports whether the id is missing: absent, empty, or all zeros.
func (id SpanID) IsZero() bool { return id == SpanID{} }

// String returns 32 lower-case hexadecimal digits, or the id as it was written.
func (id TraceID) String() string {
	if id.Text != "" {
		return id.Text
	}
	return string(appendHex(appendHex(make([]byte, 0, 32), id.Hi), id.Lo))
}

// mostShort is how many characters of an id that is no number are kept of it.
const mostShort = 32

// Short returns the first eight digits of the id, enough to tell the traces of an incident apart. Eight zeros at a time are
// padding: the id of a tracer with 64 bits has 16 digits. A zero that is a digit of the id stays, as other tools print it.
func (id TraceID) Short() string {
	if id.Text != "" {
		return shortText(id.Text)
	}
	const digits, zeros = 8, "00000000"
	text := id.String()
	for len(text) > digits && strings.HasPrefix(text, zeros) {
		text = text[digits:]
	}
	if len(text) == digits {
		return strings.TrimLeft(text, "0")
	}
	return text[:digits] + "…"
}

// shortText cuts an id that is no number.
func shortText(text string) string {
	runes := 0
	for at := range text {
		if runes++; runes > mostShort {
			return text[:at] + "…"
		}
	}
	return text
}

// String returns 16 lower-case hexadecimal digits, or the id as it was written.
func (id SpanID) String() string {
	if id.Text != "" {
		return id.Text
	}
	return string(appendHex(make([]byte, 0, 16), id.N))
}

// Compare orders ids: numbers first, by value, then texts.
func (id TraceID) Compare(other TraceID) int {
	return cmp.Or(cmp.Compare(id.Text, other.Text), cmp.Compare(id.Hi, other.Hi), cmp.Compare(id.Lo, other.Lo))
}

// Compare orders ids: numbers first, by value, then texts.
func (id SpanID) Compare(other SpanID) int {
	return cmp.Or(cmp.Compare(id.Text, other.Text), cmp.Compare(id.N, other.N))
}

// ParseTraceID reads an id as exports write it: up to 32 hexadecimal digits of either case, dashes of a UUID
// and a leading 0x ignored. Anything else is kept as written.
func ParseTraceID(text string) TraceID {
	if hi, lo, ok := parseHex(text, 32); ok {
		return TraceID{Hi: hi, Lo: lo}
	}
	return TraceID{Text: text}
}

// ParseSpanID reads an id as exports write it: up to 16 hexadecimal digits of either case, with or without a
// leading 0x. Anything else is kept as written.
func ParseSpanID(text string) SpanID {
	if _, lo, ok := parseHex(text, 16); ok {
		return SpanID{N: lo}
	}
	return SpanID{Text: text}
}

func parseHex(text string, most int) (hi, lo uint64, ok bool) {
	text = strings.TrimPrefix(text, "0x")
	digits := 0
	for i := 0; i < len(text); i++ {
		d := hexValue[text[i]]
		if d < 0 {
			if text[i] == '-' && len(text) == 36 && most == 32 {
				continue
			}
			return 0, 0, false
		}
		if digits++; digits > most {
			return 0, 0, false
		}
		hi = hi<<4 | lo>>60
		lo = lo<<4 | uint64(d)
	}
	return hi, lo, true
}

// hexValue is the value of a hexadecimal digit of either case, -1 for any other byte.
var hexValue = func() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	for i, c := range "0123456789abcdef" {
		table[c] = int8(i)
		if c >= 'a' {
			table[c-'a'+'A'] = int8(i)
		}
	}
	return table
}()

func appendHex(dst []byte, n uint64) []byte {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], n)
	return hex.AppendEncode(dst, raw[:])
}
