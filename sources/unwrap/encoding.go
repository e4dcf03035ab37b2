package unwrap

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding names the encoding of text whose characters have two bytes: "UTF-16LE" or "UTF-16BE", "" for any other data.
// Without a byte-order mark, text that begins with two ASCII characters, the first of them a bracket or white space, is
// recognised.
func Encoding(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")) && !bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")):
		return "UTF-16LE"
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "UTF-16BE"
	case len(data) < 4:
		return ""
	case begins(data[0]) && data[1] == 0 && plain(data[2]) && data[3] == 0:
		return "UTF-16LE"
	case data[0] == 0 && begins(data[1]) && data[2] == 0 && plain(data[3]):
		return "UTF-16BE"
	}
	return ""
}

func begins(c byte) bool {
	return c == '{' || c == '[' || c == ' ' || c == '\n' || c == '\r' || c == '\t'
}

func plain(c byte) bool { return c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t' }

// decodeChunk is how much is decoded between two calls of pause, in bytes.
const decodeChunk = 1 << 20

// Decode writes UTF-16 text of that encoding as UTF-8. Halves of characters become U+FFFD; a single byte at the end, which
// only data that was cut off has, is left out. It calls pause now and then with how far it is; an error ends it.
func Decode(w io.Writer, data []byte, encoding string, pause func(at int) error) error {
	var order binary.ByteOrder = binary.LittleEndian
	if encoding == "UTF-16BE" {
		order = binary.BigEndian
	}
	data = data[:len(data)&^1]
	out := make([]byte, 0, decodeChunk)
	for at := 0; at < len(data); {
		if err := pause(at); err != nil {
			return err
		}
		out = out[:0]
		for end := min(len(data), at+decodeChunk); at < end; { // both are even
			var r rune
			r, at = runeAt(order, data, at)
			if r != '\ufeff' || at > 2 {
				out = utf8.AppendRune(out, r)
			}
		}
		if _, err := w.Write(out); err != nil {
			return err
		}
	}
	return nil
}

// runeAt decodes the character at an offset and returns where the next one stands.
func runeAt(order binary.ByteOrder, data []byte, at int) (rune, int) {
	r := rune(order.Uint16(data[at:]))
	if utf16.IsSurrogate(r) && at+4 <= len(data) {
		if pair := utf16.DecodeRune(r, rune(order.Uint16(data[at+2:]))); pair != utf8.RuneError {
			return pair, at + 4
		}
	}
	return r, at + 2 // a lone half is no valid rune and becomes U+FFFD
}
