package main

import (
	"encoding/hex"
	"io"
	"strconv"
)

// otlpBatch writes OTLP JSON lines as pdata's marshaler spells them.
type otlpBatch struct {
	w     io.Writer
	words *words
	buf   []byte
	attrs []attr
}

func (o *otlpBatch) batch(spans []span) error {
	if o.words == nil {
		o.words = vocabulary()
	}
	b := append(o.buf[:0], `{"resourceSpans":[`...)
	for i := range spans {
		s := &spans[i]
		newResource := i == 0 || spans[i-1].service != s.service
		newScope := newResource || spans[i-1].op.scopeRank() != s.op.scopeRank()
		switch {
		case i == 0:
		case newResource:
			b = append(b, `]}],"schemaUrl":"https://opentelemetry.io/schemas/1.38.0"},`...)
		case newScope:
			b = append(b, `]},`...)
		default:
			b = append(b, ',')
		}
		if newResource {
			b = append(b, `{"resource":{"attributes":`...)
			o.attrs = o.words.resource(o.attrs[:0], s.service)
			b = append(appendAttrs(b, o.attrs), `},"scopeSpans":[`...)
		}
		if newScope {
			name, version := s.op.scope()
			b = appendQuoted(append(b, `{"scope":{"name":`...), name)
			if version != "" {
				b = appendQuoted(append(b, `,"version":`...), version)
			}
			b = append(b, `},"spans":[`...)
		}
		b = o.span(b, s)
	}
	b = append(b, "]}],\"schemaUrl\":\"https://opentelemetry.io/schemas/1.38.0\"}]}\n"...)
	o.buf = b
	_, err := o.w.Write(b)
	return err
}

func (o *otlpBatch) span(b []byte, s *span) []byte {
	b = appendHex(append(b, `{"traceId":"`...), s.trace[:])
	b = appendHex(append(b, `","spanId":"`...), s.id[:])
	if s.parent != [8]byte{} {
		b = appendHex(append(b, `","parentSpanId":"`...), s.parent[:])
	}
	b = append(b, `","flags":`...)
	b = strconv.AppendInt(b, int64(s.flags()), 10)
	b = appendQuoted(append(b, `,"name":`...), o.words.name(s))
	b = strconv.AppendInt(append(b, `,"kind":`...), int64(s.op.kind()), 10)
	b = strconv.AppendInt(append(b, `,"startTimeUnixNano":"`...), s.start, 10)
	b = strconv.AppendInt(append(b, `","endTimeUnixNano":"`...), s.end, 10)
	o.attrs = o.words.attributes(o.attrs[:0], s)
	b = appendAttrs(append(b, `","attributes":`...), o.attrs)
	b = appendEvents(b, s)
	if s.failed {
		return append(b, `,"status":{"message":"unavailable","code":2}}`...)
	}
	return append(b, `,"status":{}}`...)
}

// flags are the W3C sampled flag, and whether the parent is remote.
func (s *span) flags() uint32 {
	if s.remote {
		return 0x301
	}
	return 0x101
}

func appendEvents(b []byte, s *span) []byte {
	if !s.failed && !s.hasEvent() {
		return b
	}
	b = append(b, `,"events":[`...)
	if s.hasEvent() {
		b = strconv.AppendInt(append(b, `{"timeUnixNano":"`...), s.start+(s.end-s.start)/2, 10)
		b = append(b, `","name":"cache.miss","attributes":[{"key":"cache.name","value":{"stringValue":"local"}}]}`...)
	}
	if s.failed {
		if s.hasEvent() {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, `{"timeUnixNano":"`...), s.end, 10)
		b = append(b, `","name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"Unavailable"}},{"key":"exception.message","value":{"stringValue":`...)
		b = append(appendQuoted(b, message), `}}]}`...)
	}
	return append(b, ']')
}

func appendAttrs(b []byte, attrs []attr) []byte {
	b = append(b, '[')
	for i, a := range attrs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(append(b, `{"key":`...), a.key)
		if a.str != "" {
			b = append(appendQuoted(append(b, `,"value":{"stringValue":`...), a.str), `}}`...)
			continue
		}
		b = strconv.AppendInt(append(b, `,"value":{"intValue":"`...), a.num, 10)
		b = append(b, `"}}`...)
	}
	return append(b, ']')
}

func appendHex(b, id []byte) []byte { return hex.AppendEncode(b, id) }

// appendQuoted appends s as a JSON string; only ASCII is expected.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
