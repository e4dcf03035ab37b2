package logline

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tracefall/sources/jsonscan"
)

// What a line may hold. What is more is cut, as a line is there to be read.
const (
	mostFields = 100
	mostValue  = 64 << 10 // bytes of a text
	mostName   = 256
)

// Victoria reads an answer of VictoriaLogs: a JSON object a line, whose fields are texts. At most so many lines are read.
// Skipped is how many could not be read. The lines are sorted by time.
func Victoria(answer []byte, most int) (lines []Line, skipped int) {
	for len(answer) > 0 && len(lines) < most {
		one, rest, _ := bytes.Cut(answer, []byte("\n"))
		answer = rest
		if len(bytes.TrimSpace(one)) == 0 {
			continue
		}
		if l, ok := victoriaLine(one); ok {
			lines = append(lines, l)
		} else {
			skipped++
		}
	}
	byTime(lines)
	return lines, skipped
}

// victoriaLine reads a line of VictoriaLogs. The fields that begin with _ are its own.
func victoriaLine(one []byte) (Line, bool) {
	s := jsonscan.Scanner{Data: one}
	all, ok := object(&s)
	if !ok || !s.Ended() {
		return Line{}, false
	}
	var at int64
	var text string
	timed := false
	fields := all[:0]
	for _, f := range all {
		switch {
		case f.Name == "_time":
			at, timed = parseTime(f.Value)
		case f.Name == "_msg":
			text = f.Value
		case strings.HasPrefix(f.Name, "_stream"):
		default:
			fields = append(fields, f)
		}
	}
	return inside(at, text, fields), timed
}

// parseTime reads a time as VictoriaLogs writes it. What ns do not reach is no time.
func parseTime(text string) (int64, bool) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() < 1678 || at.Year() > 2261 {
		return 0, false
	}
	return at.UnixNano(), true
}

// Loki reads an answer of Loki: streams with their labels and lines. ok is false where it is none. At most so many lines
// are read; skipped is how many could not be. The lines are sorted by time.
func Loki(answer []byte, most int) (lines []Line, skipped int, ok bool) {
	s := jsonscan.Scanner{Data: answer}
	if !in(&s, "data") || !in(&s, "result") || s.Next() != '[' || !s.Array() {
		return nil, 0, false
	}
	for s.Element() {
		if s.Next() != '{' {
			skipped++
			continue
		}
		skipped += lokiStream(&s, most, &lines)
	}
	byTime(lines)
	return lines, skipped, s.Err == nil
}

// in goes to the value of a key of the object that comes next.
func in(s *jsonscan.Scanner, want string) bool {
	if s.Next() != '{' || !s.Object() {
		return false
	}
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		if string(key) == want {
			return true
		}
		s.Skip()
	}
	return false
}

// lokiStream reads the lines of a stream, and returns how many could not be read. Labels may stand behind the lines that
// have them.
func lokiStream(s *jsonscan.Scanner, most int, lines *[]Line) (skipped int) {
	var labels []Field
	var values []byte
	s.Object()
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		switch {
		case string(key) == "stream" && s.Next() == '{':
			labels, _ = object(s)
		case string(key) == "values" && s.Next() == '[':
			values = s.Raw()
		default:
			s.Skip()
		}
	}
	v := jsonscan.Scanner{Data: values}
	if v.Next() != '[' || !v.Array() {
		return 0
	}
	for v.Element() && len(*lines) < most {
		if l, ok := lokiLine(&v, labels); ok {
			*lines = append(*lines, l)
		} else {
			skipped++
		}
	}
	return skipped
}

// lokiLine reads a line: its time in ns as text, its text, and since Loki 3 an object of further fields.
func lokiLine(s *jsonscan.Scanner, labels []Field) (Line, bool) {
	if s.Next() != '[' || !s.Array() {
		return Line{}, false
	}
	var parts [2]string
	fields := append([]Field(nil), labels...)
	n := 0
	for ; s.Element(); n++ {
		switch {
		case n < len(parts) && s.Next() == '"':
			parts[n] = value(s)
		case n == len(parts) && s.Next() == '{':
			fields = append(fields, lokiMore(s)...)
		default:
			s.Skip()
		}
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || n < len(parts) || at <= 0 {
		return Line{}, false
	}
	return inside(at, parts[1], fields), true
}

// lokiMore reads the fields of a line: they stand in the object, or in objects of it that say where they come from.
func lokiMore(s *jsonscan.Scanner) (fields []Field) {
	s.Object()
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		name := string(key)
		if s.Next() == '{' {
			more, _ := object(s)
			fields = append(fields, more...)
		} else {
			fields = append(fields, Field{bounded(name, mostName), value(s)})
		}
	}
	return fields[:min(len(fields), mostFields)]
}

// inside makes a line of a text and its fields. A text that is a JSON object is what a logger wrote: its fields are the
// line's too, and its text is the one among them.
func inside(at int64, text string, fields []Field) Line {
	if strings.HasPrefix(text, "{") && len(text) <= mostValue {
		s := jsonscan.Scanner{Data: []byte(text)}
		if more, ok := object(&s); ok && s.Ended() && len(more) > 0 {
			l := lineOf(at, "", append(fields, more...))
			if l.Text != "" {
				return l
			}
		}
	}
	return lineOf(at, text, fields)
}

// object reads an object: its fields as texts, what is nested in them as the JSON that it is.
func object(s *jsonscan.Scanner) (fields []Field, ok bool) {
	if s.Next() != '{' || !s.Object() {
		return nil, false
	}
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		if len(fields) == mostFields {
			s.Skip()
			continue
		}
		name := bounded(string(key), mostName)
		fields = append(fields, Field{name, value(s)})
	}
	return fields, s.Err == nil
}

// value reads a value as a text.
func value(s *jsonscan.Scanner) string {
	if s.Next() != '"' {
		raw := s.Raw()
		if string(raw) == "null" {
			return ""
		}
		return bounded(string(raw), mostValue)
	}
	t := s.Str()
	raw := t.Raw
	if len(raw) > mostValue*6 { // an escape takes six bytes for one
		raw = raw[:mostValue*6]
	}
	return bounded(string(jsonscan.AppendUnescaped(nil, raw)), mostValue)
}

// bounded cuts a text that is longer than a number of bytes, between two characters, and says so.
func bounded(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.ToValidUTF8(text[:end], string(utf8.RuneError)) + "…"
}
