package report

import (
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Escaper writes JSON with an escape for what a terminal would obey or not show: C1 controls, bidirectional controls,
// zero-width characters. In JSON they only stand in strings, where the escape means the same.
type Escaper struct {
	W    io.Writer
	buf  []byte
	rest []byte // the beginning of a rune that the next write continues
}

// Write implements io.Writer.
func (e *Escaper) Write(data []byte) (int, error) {
	n := len(data)
	if len(e.rest) > 0 {
		data = append(e.rest, data...)
	}
	e.buf, e.rest = e.buf[:0], nil
	for len(data) > 0 {
		ascii := 0
		for ascii < len(data) && data[ascii] < '\x7f' {
			ascii++
		}
		e.buf, data = append(e.buf, data[:ascii]...), data[ascii:]
		if len(data) == 0 {
			break
		}
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && !utf8.FullRune(data):
			e.rest = append(e.rest, data...)
			size = len(data)
		case r != utf8.RuneError && unicode.In(r, unicode.Cc, unicode.Cf):
			e.buf = appendEscape(e.buf, r)
		default:
			e.buf = append(e.buf, data[:size]...)
		}
		data = data[size:]
	}
	if _, err := e.W.Write(e.buf); err != nil {
		return 0, err
	}
	return n, nil
}

// appendEscape appends a rune as JSON escapes it.
func appendEscape(dst []byte, r rune) []byte {
	for _, unit := range utf16.AppendRune(nil, r) {
		dst = fmt.Appendf(dst, `\u%04x`, unit)
	}
	return dst
}
