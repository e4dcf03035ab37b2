package decode

import (
	"bytes"
	"html"
	"strings"
	"unicode/utf8"

	"tracefall/sources/jsonscan"
)

// BlankBefore returns the offset of the first byte that says anything: white space, a byte-order mark, and the NUL bytes of
// a file that was truncated under its writer may stand before it.
func BlankBefore(data []byte) int { return len(data) - len(bytes.TrimLeft(data, "\ufeff\x00 \t\r\n")) }

// StartsJSON reports whether the first byte that says anything could begin a document.
func StartsJSON(data []byte) bool {
	head := data[:min(len(data), 4096)]
	head = head[BlankBefore(head):]
	return len(head) > 0 && (head[0] == '{' || head[0] == '[' && IsList(head[1:]))
}

// IsJSONText reports whether data can only be JSON: text that begins as a document does, if need be behind white space. Of
// protobuf, such beginnings are lengths and tags, but it has other control characters soon.
func IsJSONText(data []byte) bool {
	return StartsJSON(data) && IsText(data[:min(len(data), 4<<10)])
}

// IsEmptyJSON reports whether there is nothing but brackets without anything in them, or null.
func IsEmptyJSON(data []byte) bool {
	text := bytes.TrimSpace(data[:min(len(data), 64)])
	return len(data) <= 64 && len(text) > 0 && (string(text) == "null" || len(bytes.Trim(text, "[]{} \t\r\n")) == 0)
}

// magics are the first bytes of binary files that people have lying beside their traces.
var magics = []struct{ prefix, name string }{
	{"\x89PNG\r\n", "a PNG picture"},
	{"\xff\xd8\xff", "a JPEG picture"},
	{"GIF8", "a GIF picture"},
	{"%PDF-", "a PDF document"},
	{"PK\x03\x04", "a zip archive: unpack it first"},
	{"PK\x05\x06", "an empty zip archive"},
	{"\x7fELF", "a program (ELF)"},
	{"MZ\x90", "a program (Windows)"},
	{"\xcf\xfa\xed\xfe", "a program (macOS)"},
	{"BZh", "bzip2-compressed data: unpack it first"},
	{"\xfd7zXZ\x00", "xz-compressed data: unpack it first"},
	{"\x04\x22\x4d\x18", "lz4-compressed data: unpack it first"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"},
	{"SQLite format 3\x00", "an SQLite database"},
	{"PAR1", "a Parquet file"},
	{"ARROW1", "an Arrow file"},
	{"Obj\x01", "an Avro file"},
	{"\x0a\x0d\x0d\x0a", "a packet capture (pcapng)"},
	{"\xd4\xc3\xb2\xa1", "a packet capture (pcap)"},
	{"FLR\x00", "a Java Flight Recorder file"},
	{"go 1.", "a Go execution trace: go tool trace reads it"},
}

// BinaryKind names the kind of a binary file that cannot hold JSON; "" when it may.
func BinaryKind(data []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.prefix)) {
			return m.name
		}
	}
	if len(data) > 262 && string(data[257:262]) == "ustar" {
		return "a tar archive: unpack it first"
	}
	return ""
}

// LooksLike names what an input that is no trace seems to be, as "looks like …".
func LooksLike(data []byte) string {
	if name := BinaryKind(data); name != "" {
		return "looks like " + name
	}
	head := bytes.TrimPrefix(data[:min(len(data), 64<<10)], []byte("\ufeff"))
	if len(bytes.Trim(head, "\x00")) == 0 {
		return "contains only NUL bytes"
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return "contains only white space"
	}
	if !IsText(head) {
		if head[0] == 0x0a && (bytes.Contains(head, []byte("perfetto")) || bytes.Contains(head, []byte("linux.ftrace"))) {
			return "looks like a Perfetto trace"
		}
		if len(head) > 1 && (head[0] == 0x0a || head[0] == 0x12) {
			return "looks like another protobuf format (a pprof profile?)"
		}
		return "looks like binary data"
	}
	kind := textKind(string(bytes.TrimSpace(head)))
	if kind == "" {
		return "is JSON, but not a supported trace format"
	}
	switch line := string(bytes.TrimSpace(head)); {
	case kind == "HTML" && pageSays(line) != "":
		kind += ": " + pageSays(line) + " (a login page, or a web UI instead of its API?)"
	case kind == "HTML":
		kind += " (a login page, or a web UI instead of its API?)"
	case kind == "XML" && pageSays(line) != "":
		kind += ": " + pageSays(line)
	case kind == "plain text" && len(data) <= mostSaid && !strings.Contains(line, "\n"):
		kind += ": " + line // what a backend had to say instead of giving the trace
	}
	return "looks like " + kind
}

// pageSays returns what a page of HTML or an error in XML is about: the text of its title or message; "" where there is none.
func pageSays(page string) string {
	lower := strings.ToLower(page)
	for _, element := range [...]string{"title", "message"} {
		at := strings.Index(lower, "<"+element)
		if at < 0 || len(lower) != len(page) { // a letter whose lower case has another length moves what is behind it
			continue
		}
		_, text, _ := strings.Cut(page[at:], ">")
		text, _, closed := strings.Cut(text, "<")
		if text = strings.Join(strings.Fields(text), " "); closed && text != "" {
			return Clip(html.UnescapeString(text))
		}
	}
	return ""
}

// IsText reports whether the bytes are UTF-8 without control characters, but for a character cut at the end.
func IsText(head []byte) bool {
	for i := 0; i < len(head); {
		c := head[i]
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b && c != '\f' {
			return false
		}
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 && len(head)-i >= utf8.UTFMax {
			return false
		}
		i += n
	}
	return true
}

// textKind names a kind of text, "" for JSON.
func textKind(head string) string {
	lower := strings.ToLower(head[:min(len(head), 512)])
	line, _, _ := strings.Cut(head, "\n")
	switch {
	case strings.HasPrefix(lower, "<!doctype html") || strings.HasPrefix(lower, "<html"):
		return "HTML"
	case strings.HasPrefix(lower, "<?xml") || strings.HasPrefix(head, "<"):
		return "XML"
	case StartsJSON([]byte(head[:min(len(head), 4096)])):
		return ""
	case strings.HasPrefix(head, "# HELP ") || strings.HasPrefix(head, "# TYPE "):
		return "Prometheus metrics"
	case strings.HasPrefix(head, "#!"):
		return "a script"
	case strings.HasPrefix(head, "---\n") || isYAML(head):
		return "YAML"
	case strings.Count(line, ",") >= 2 && sameCommas(head):
		return "CSV"
	case strings.Count(line, "\t") >= 2:
		return "a table with tabs"
	}
	return "plain text"
}

// isYAML reports whether the first lines are keys.
func isYAML(head string) bool {
	lines := strings.Split(head, "\n")
	keys := 0
	for _, line := range lines[:min(len(lines), 5)] {
		name, rest, ok := strings.Cut(strings.TrimLeft(line, " -"), ":")
		if ok && name != "" && !strings.ContainsAny(name, " \t{\"") && (rest == "" || rest[0] == ' ') {
			keys++
		}
	}
	return keys >= 2
}

// sameCommas reports whether the second line has as many commas as the first.
func sameCommas(head string) bool {
	lines := strings.SplitN(head, "\n", 3)
	return len(lines) < 2 || strings.Count(lines[0], ",") == strings.Count(lines[1], ",")
}

// IsList reports whether what follows a bracket can be a list, rather than "[main] INFO" or "[2026-01-01 00:00:00]".
func IsList(data []byte) bool {
	data = bytes.TrimLeft(data[:min(len(data), 64)], " \t\r\n")
	if len(data) == 0 {
		return true
	}
	switch c := data[0]; {
	case jsonscan.IsDigit(c) || c == '-':
		end := jsonscan.Digits(data, 1)
		return end == len(data) || bytes.IndexByte([]byte(",] \t\r\n.eE"), data[end]) >= 0
	case c == 't', c == 'f', c == 'n', c == 'N', c == 'I':
		for _, word := range [...]string{"true", "false", "null", "NaN", "Infinity"} {
			if bytes.HasPrefix(data, []byte(word)) {
				return true
			}
		}
		return false
	}
	return data[0] == '{' || data[0] == '[' || data[0] == '"' || data[0] == ']'
}

// NextDocument returns the offset of the next line from off on that begins with a bracket, or the end.
func NextDocument(data []byte, off int) int {
	for off < len(data) {
		i := bytes.IndexByte(data[off:], '\n')
		if i < 0 {
			break
		}
		off += i + 1
		if off < len(data) && (data[off] == '{' || data[off] == '[') {
			return off
		}
	}
	return len(data)
}
