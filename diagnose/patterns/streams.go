package patterns

import (
	"regexp"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
)

// longByDesign are the names of calls that last because somebody listens: long polls, watches, streams.
var longByDesign = regexp.MustCompile(`(?i)(^|[/_:.?&\s-])(long-?poll(ing)?|poll|watch|stream(ing)?|subscribe|sse|websocket|ws)($|[/_:.?&=\s-])|^wss?://`)

// streamMethod are the methods of RPCs that listen.
var streamMethod = regexp.MustCompile(`(^|[/.])(Streaming|Stream|Watch|Subscribe|LongPoll|Listen|Tail|Follow)([A-Z][A-Za-z]*)?$`)

// streamBody is the size of a body, in bytes, from which a call lasts because of what it carries.
const streamBody = 1 << 20

// Streams reports whether call i is one that lasts by design: an event stream, a WebSocket, a long poll, a streaming
// RPC, or the transfer of a large body. Its duration says nothing about who was slow.
func Streams(f *facts.Facts, i int) bool {
	var c semconv.Canonical
	f.Canonical(i, &c)
	if size, ok := c.Int(semconv.BodySize); ok && size >= streamBody {
		return true
	}
	if status, ok := c.Int(semconv.HTTPStatus); ok && status == 101 {
		return true
	}
	content, stream := c.Text(semconv.ContentType), strings.ToLower(c.Text(semconv.StreamType))
	if strings.Contains(content, "event-stream") || strings.Contains(stream, "stream") {
		return true
	}
	op := f.Op(i)
	return op.Class == semconv.ClassRPC && streamMethod.MatchString(op.Template) || longByDesign.MatchString(op.Template) || longByDesign.MatchString(f.Trace.Span(i).Name()) ||
		strings.HasPrefix(c.Text(semconv.URLFull), "ws") && longByDesign.MatchString(c.Text(semconv.URLFull)) || messagesOf(f, i) > 1
}

// messagesOf counts what instrumentation of gRPC notes for each message received: more than one is a stream.
func messagesOf(f *facts.Facts, i int) int {
	n, s := 0, f.Trace.Span(i)
	for k := range s.Events() {
		e := s.Event(k)
		if e.Name() != "message" && e.Name() != "rpc.message" {
			continue
		}
		if kind := e.Attrs().Get("message.type").Text() + e.Attrs().Get("rpc.message.type").Text(); kind == "RECEIVED" {
			n++
		}
	}
	return n
}
