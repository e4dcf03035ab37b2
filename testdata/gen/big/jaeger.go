package main

import (
	"fmt"
	"io"
	"strconv"
)

// jaegerFile writes one document, {"data":[…]}, trace by trace.
type jaegerFile struct {
	w     io.Writer
	words *words
	buf   []byte
	attrs []attr
	begun bool
}

func (j *jaegerFile) trace(spans []span) error {
	b := append(j.buf[:0], ",\n"...)
	if !j.begun {
		j.begun, j.words = true, vocabulary()
		b = append(b[:0], `{"data":[`...)
	}
	b = append(appendHex(append(b, `{"traceID":"`...), spans[0].trace[:]), `","spans":[`...)
	var used [serviceCount]bool
	for i := range spans {
		if i > 0 {
			b = append(b, ',')
		}
		used[spans[i].service] = true
		b = j.span(b, &spans[i])
		if len(b) > 1<<20 {
			if _, err := j.w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	b = append(b, `],"processes":{`...)
	first := true
	for service, is := range used {
		if !is {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		j.attrs = j.words.resource(j.attrs[:0], uint8(service))
		b = fmt.Appendf(b, `"p%d":{"serviceName":%q,"tags":`, service+1, j.attrs[0].str)
		b = append(appendTags(append(b, '['), j.attrs[1:]), `]}`...)
	}
	b = append(b, `},"warnings":null}`...)
	j.buf = b
	_, err := j.w.Write(b)
	return err
}

func (j *jaegerFile) close() error {
	_, err := io.WriteString(j.w, "],\"total\":0,\"limit\":0,\"offset\":0,\"errors\":null}\n")
	return err
}

func (j *jaegerFile) span(b []byte, s *span) []byte {
	start, end := s.start/1000, s.end/1000
	b = appendHex(append(b, `{"traceID":"`...), s.trace[:])
	b = appendHex(append(b, `","spanID":"`...), s.id[:])
	b = append(appendQuoted(append(b, `","flags":1,"operationName":`...), j.words.name(s)), `,"references":[`...)
	if s.parent != [8]byte{} {
		b = appendHex(append(b, `{"refType":"CHILD_OF","traceID":"`...), s.trace[:])
		b = append(appendHex(append(b, `","spanID":"`...), s.parent[:]), `"}`...)
	}
	b = strconv.AppendInt(append(b, `],"startTime":`...), start, 10)
	b = strconv.AppendInt(append(b, `,"duration":`...), end-start, 10)
	j.attrs = j.words.attributes(j.attrs[:0], s)
	scope, version := s.op.scope()
	j.attrs = append(j.attrs, attr{key: "otel.scope.name", str: scope})
	if version != "" {
		j.attrs = append(j.attrs, attr{key: "otel.scope.version", str: version})
	}
	j.attrs = append(j.attrs, attr{key: "span.kind", str: [...]string{"", "internal", "server", "client"}[s.op.kind()]})
	b = appendTags(append(b, `,"tags":[`...), j.attrs)
	if s.failed {
		b = append(b, `,{"key":"otel.status_code","type":"string","value":"ERROR"},{"key":"error","type":"bool","value":true},{"key":"otel.status_description","type":"string","value":"unavailable"}`...)
	}
	b = appendLogs(append(b, `],"logs":[`...), s)
	return fmt.Appendf(b, `],"processID":"p%d","warnings":null}`, s.service+1)
}

func appendLogs(b []byte, s *span) []byte {
	if s.hasEvent() {
		b = strconv.AppendInt(append(b, `{"timestamp":`...), (s.start+(s.end-s.start)/2)/1000, 10)
		b = appendTags(append(b, `,"fields":[`...), []attr{{key: "event", str: "cache.miss"}, {key: "cache.name", str: "local"}})
		b = append(b, `]}`...)
	}
	if !s.failed {
		return b
	}
	if s.hasEvent() {
		b = append(b, ',')
	}
	b = strconv.AppendInt(append(b, `{"timestamp":`...), s.end/1000, 10)
	b = appendTags(append(b, `,"fields":[`...), []attr{{key: "event", str: "exception"}, {key: "exception.type", str: "Unavailable"}, {key: "exception.message", str: message}})
	return append(b, `]}`...)
}

func appendTags(b []byte, attrs []attr) []byte {
	for i, a := range attrs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(append(b, `{"key":`...), a.key)
		if a.str != "" {
			b = append(appendQuoted(append(b, `,"type":"string","value":`...), a.str), '}')
			continue
		}
		b = append(strconv.AppendInt(append(b, `,"type":"int64","value":`...), a.num, 10), '}')
	}
	return b
}
