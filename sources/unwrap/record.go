package unwrap

import (
	"bytes"
	"encoding/json"
	"strconv"

	"tracefall/sources/jsonscan"
)

// record is a line of a log in which what was logged is a field.
type record struct {
	text   []byte
	source string // what tells the writers of one log apart, such as "stdout"
	kind   string // what the record is, for people
	more   bool   // the text goes on in the next record of the source

	certain bool // nothing but a log has such records
}

// messageKeys are the fields that hold what was logged, by who writes them so.
var messageKeys = map[string]string{
	"log":         "Docker log records",
	"MESSAGE":     "journald records",
	"message":     "JSON log lines",
	"msg":         "JSON log lines",
	"Message":     "JSON log lines",
	"@message":    "JSON log lines",
	"@m":          "JSON log lines",
	"line":        "JSON log lines",
	"textPayload": "JSON log lines",
	"body":        "JSON log lines",
}

// sourceKeys are the fields that tell writers apart.
var sourceKeys = map[string]bool{
	"stream": true, "source": true, "container": true, "container_name": true, "container_id": true, "containerName": true,
	"pod": true, "pod_name": true, "podName": true, "service": true,
	"_PID": true, "_SYSTEMD_UNIT": true, "SYSLOG_IDENTIFIER": true, "CONTAINER_NAME": true, "pid": true,
}

// dockerPart is how much Docker and containerd put into one record, in bytes; a longer line is several.
const dockerPart = 16 << 10

// jsonRecord reads a line that is one JSON object as a record of a log. One that looks like a span is none. ended tells
// that the records of the log end with a line feed where they are whole. The text may be in scratch.
func jsonRecord(line []byte, ended bool, scratch []byte) (rec record, ok bool) {
	var ids, times, fields int
	best := ""
	for i := 1; ; {
		key, value, next := member(line, i)
		if next < 0 {
			break
		}
		i = next
		switch name := string(key); {
		case messageKeys[name] != "" && (best == "" || name == "log" || name == "MESSAGE"):
			if text, isText := textOf(value, scratch); isText {
				rec.text, rec.kind, best = text, messageKeys[name], name
			}
		case sourceKeys[name]:
			rec.source += "\x00" + string(value)
			if name != "stream" {
				fields++
			}
		case name == "traceId" || name == "trace_id" || name == "traceID" || name == "TraceId":
			ids++
		case bytes.Contains(bytes.ToLower(key), []byte("duration")) || bytes.HasPrefix(bytes.ToLower(key), []byte("end")):
			times++
		case name == "partial_message":
			rec.more = bytes.Contains(value, []byte("true"))
		case name != "time" && name != "attrs":
			fields++
		}
	}
	if best == "" || ids > 0 && times > 0 {
		return rec, false
	}
	rec.certain = best == "log" || best == "MESSAGE"
	if best == "log" && !bytes.HasSuffix(rec.text, []byte("\n")) {
		rec.more = rec.more || ended && fields == 0 || len(rec.text) >= dockerPart
	}
	return rec, true
}

// member returns the next member of an object from an offset behind its bracket or the member before, and where that one
// ends; next is -1 behind the last.
func member(line []byte, i int) (key, value []byte, next int) {
	for i < len(line) && (line[i] <= ' ' || line[i] == ',') {
		i++
	}
	if i >= len(line) || line[i] != '"' {
		return nil, nil, -1
	}
	end := stringEnd(line, i)
	if end >= len(line) {
		return nil, nil, -1
	}
	key = line[i+1 : end]
	for i = end + 1; i < len(line) && (line[i] <= ' ' || line[i] == ':'); i++ {
	}
	if i >= len(line) {
		return nil, nil, -1
	}
	start := i
	switch line[i] {
	case '"':
		i = stringEnd(line, i) + 1
	case '{', '[':
		var b brackets
		n := b.through(line[i:])
		if n < 0 {
			return nil, nil, -1
		}
		i += n
	default:
		for i < len(line) && line[i] != ',' && line[i] != '}' {
			i++
		}
	}
	return key, line[start:min(i, len(line))], min(i, len(line))
}

// textOf returns the text of a JSON string, or of a list of bytes, as journald writes text with control characters.
func textOf(value, scratch []byte) ([]byte, bool) {
	if len(value) > 1 && value[0] == '"' {
		return unquoted(value, scratch), true
	}
	var numbers []int
	if len(value) < 2 || value[0] != '[' || json.Unmarshal(value, &numbers) != nil {
		return nil, false
	}
	text := make([]byte, len(numbers))
	for i, n := range numbers {
		text[i] = byte(n)
	}
	return text, true
}

// unquoted returns what a string in quotes says: JSON's escapes, or Go's. What is neither stays as it is. Where
// there are escapes the result is in scratch, or in memory of its own.
func unquoted(quoted, scratch []byte) []byte {
	inner := quoted[1:max(len(quoted)-1, 1)]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	if text, ok := appendUnescaped(scratch[:0], inner); ok {
		return text
	}
	if text, err := strconv.Unquote(string(quoted)); err == nil {
		return []byte(text)
	}
	return inner
}

// appendUnescaped appends what a JSON string says; ok is false where it has escapes that JSON does not have.
func appendUnescaped(dst, text []byte) (_ []byte, ok bool) {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return append(dst, text...), true
		}
		var size int
		if dst, size = jsonscan.AppendEscape(append(dst, text[:i]...), text[i:]); size == 0 {
			return dst, false
		}
		text = text[i+size:]
	}
}

// criRecord reads a line of containerd, CRI-O or Podman: a time, the stream, whether the line goes on, and its text.
//
//	2026-01-01T00:00:00.000000000Z stdout F {"resourceSpans":…}
func criRecord(line []byte) (rec record, ok bool) {
	n := timeAt(line, 0)
	if n == 0 || n+10 > len(line) || line[n] != ' ' {
		return rec, false
	}
	stream := string(line[n+1 : n+7])
	rest := line[n+7:]
	if stream != "stdout" && stream != "stderr" || rest[0] != ' ' || rest[1] != 'P' && rest[1] != 'F' {
		return rec, false
	}
	rec = record{source: stream, kind: "CRI log lines", certain: true, more: rest[1] == 'P'}
	switch tags, text, found := bytes.Cut(rest[1:], []byte(" ")); {
	case found:
		rec.text = text
	case len(tags) != 1: // an empty line has no space at its end
		return rec, false
	}
	return rec, true
}

// quotedDocument finds a document that stands in a line as a string in quotes: msg="{\"resourceSpans\":…}".
func quotedDocument(line []byte) []byte {
	for at := 0; at < min(len(line), prefixMost); at++ {
		i := bytes.IndexByte(line[at:min(len(line), prefixMost)], '"')
		if i < 0 {
			return nil
		}
		if at += i; !quotedOpens(line[at+1:]) {
			continue
		}
		if end := stringEnd(line, at); end < len(line) {
			return unquoted(line[at:end+1], nil)
		}
		return nil
	}
	return nil
}

// quotedOpens reports whether text within quotes begins as a document, with the quote of its first key escaped.
func quotedOpens(text []byte) bool {
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	for i := 1; i+1 < min(len(text), 256); i++ {
		switch c := text[i]; {
		case c == ' ' || c == '{':
		case c == '\\' && (text[i+1] == 'n' || text[i+1] == 'r' || text[i+1] == 't'):
			i++
		default:
			return c == '\\' && text[i+1] == '"'
		}
	}
	return false
}
