package elastic

import (
	"bytes"
	"fmt"
	"strings"

	"tracefall/sources/decode"
	"tracefall/sources/jaeger"
	"tracefall/sources/zipkin"
)

// isElastic recognises Jaeger's documents as Elasticsearch and OpenSearch give them: the answer of a search, a
// hit, or a span document itself, one a line between the action lines of a bulk request. A document that stands alone
// must have what makes a span: ids alone are in log lines and in other tools' flat spans too.
func isElastic(o *decode.Outline) bool {
	return o.Is("hits", '{') || o.Is("_source", '{') || o.Is("responses", '[') || o.Is("fields", '{') && o.Has("_index") ||
		isJaegerSpan(o) ||
		!o.Array && o.Ended && len(o.Keys) == 1 && (o.Is("index", '{') || o.Is("create", '{') || o.Is("docs", '['))
}

// isJaegerSpan recognises a span of Jaeger that stands alone: by its ids, a name, a time in microseconds and a duration.
func isJaegerSpan(o *decode.Outline) bool {
	if !o.Has("operationName", "duration") || o.Is("duration", '{') {
		return false
	}
	if o.Has("traceId", "spanId", "startTime") && o.Is("process", '{') {
		return true // protobuf's own spelling
	}
	return o.Has("traceID", "spanID") &&
		(o.Micros("startTime") || o.Has("startTimeMillis") && (o.Ended && !o.Has("startTime") || o.Has("process")))
}

// document reads one document:
//
//	{"hits":{"hits":[{"_index":"jaeger-span-2026-03-02","_source":{…the span…}},…]}}
//	{"responses":[{"hits":…},…]}           the answers to several searches at once
//	{"_index":…,"_source":{…the span…}}
//	{…the span…}
//	{"index":{"_index":…}}                 before each span of a bulk request; says nothing about it
//
// or an array of them. A span is as in Jaeger's other exports, but for its process, which stands in it.
func (r *reader) document() { r.EachObject(r.record) }

func (r *reader) record() {
	off := r.ValueAt()
	if !r.EnterObject("document") {
		return
	}
	start := r.Pos
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "traceID", "spanID", "traceId", "spanId":
			r.Fresh, r.Pos = true, start
			r.span(off)
			return
		case "responses", "docs":
			r.answers()
		default:
			r.member(key, 0)
		}
	}
}

// answers reads the answers to several requests, which stand in one list.
func (r *reader) answers() {
	for range r.ItemsOf("responses") {
		r.Tick()
		for key, ok := r.KeyIn("responses"); ok; key, ok = r.Key() {
			r.member(key, 0)
		}
	}
}

// innerDepth is how deep answers and hits may stand in one another: hits that were collapsed hold those of a search.
const innerDepth = 8

// member reads a member of an answer or of a hit.
func (r *reader) member(key []byte, depth int) {
	if depth >= innerDepth {
		return
	}
	switch string(key) {
	case "hits":
		r.hits(depth)
	case "_source":
		if off := r.ValueAt(); r.EnterObject("_source") {
			r.span(off)
		}
	case "fields":
		if off := r.ValueAt(); r.EnterObject("fields") {
			r.row(off)
		}
	case "inner_hits":
		r.innerHits(depth)
	case "timed_out":
		if r.Next() == 't' {
			r.Said(decode.Answer{Who: decode.Elasticsearch, Text: "the search timed out", Off: r.Pos})
		}
	case "_shards":
		r.shards()
	case "error":
		r.Said(r.AnswerError(decode.Answer{Who: decode.Elasticsearch, Off: r.ValueAt()}))
	}
}

// hits reads {"total":…,"hits":[…]}.
func (r *reader) hits(depth int) {
	if !r.EnterObject("hits") {
		return
	}
	off, total, got := r.Pos, int64(-1), int64(0)
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch {
		case string(key) == "total":
			total = r.total()
		case string(key) == "hits" && r.Array():
			for r.Element() {
				r.Tick()
				r.hit(depth + 1)
				got++
			}
		}
	}
	if depth == 0 && r.Err == nil && total >= 0 {
		r.Told.Hits.Add(off, total, got)
	}
}

// total reads how many documents there are: a number, or {"value":…,"relation":"eq"}.
func (r *reader) total() int64 {
	if !r.Object() {
		return r.Int64Of("hits.total")
	}
	total := int64(-1)
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		if string(key) == "value" {
			total = r.Int64Of("hits.total.value")
		}
	}
	return total
}

// hit reads a hit. Where it has its _source, the fields beside it say the same again.
func (r *reader) hit(depth int) {
	fields, source := -1, false
	for key, ok := r.KeyIn("hits"); ok; key, ok = r.Key() {
		switch string(key) {
		case "fields":
			fields = r.Pos
		case "sort", "_index", "_id", "_type", "_score", "highlight":
		default:
			source = source || string(key) == "_source" || string(key) == "inner_hits"
			r.member(key, depth)
		}
	}
	if fields >= 0 && !source {
		r.ReadAt(fields, func() {
			if r.EnterObject("fields") {
				r.row(fields)
			}
		})
	}
}

// innerHits reads the hits that stand in a hit, by the name of each search.
func (r *reader) innerHits(depth int) {
	r.Told.Hits.Inner = true
	for _, ok := r.KeyIn("inner_hits"); ok; _, ok = r.Key() {
		for key, ok := r.KeyIn("inner_hits"); ok; key, ok = r.Key() {
			r.member(key, depth+1)
		}
	}
}

// span reads and adds the span whose object, which begins at off, is open. Spans of Zipkin lie in such
// documents too.
func (r *reader) span(off int) {
	start := r.Pos
	r.Span.Reset()
	x := jaeger.Extra{}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		var read func(int)
		switch {
		case isZipkinKey(key) && r.Span.ID.IsZero():
			read = r.zipkin.Fields
		case isDottedKey(key):
			read = r.row
		default:
			r.SpanField(&x, key)
			continue
		}
		r.Fresh, r.Pos = true, start
		read(off)
		return
	}
	if r.Err == nil && r.Span.Trace.IsZero() && r.Span.ID.IsZero() {
		r.Note(decode.NoticeSkipped, "Elasticsearch document skipped: not a Jaeger span", start)
		return
	}
	r.AddSpan(nil, &x, off)
}

// isZipkinKey reports whether a key is one that spans of Zipkin have and spans of Jaeger have not.
func isZipkinKey(key []byte) bool {
	switch string(key) {
	case "localEndpoint", "remoteEndpoint", "timestamp_millis", "annotations":
		return true
	}
	return false
}

// isDottedKey reports whether a key is one of a document that was flattened.
func isDottedKey(key []byte) bool {
	for _, prefix := range [...]string{"process.", "references.", "tags.", "tag."} {
		if bytes.HasPrefix(key, []byte(prefix)) {
			return true
		}
	}
	return false
}

// shards reads {"total":5,"successful":3,"failed":2,"failures":[{"reason":{"type":…,"reason":…}}]}.
func (r *reader) shards() {
	a := decode.Answer{Who: decode.Elasticsearch, Off: r.ValueAt()}
	total, failed := int64(0), int64(0)
	for key, ok := r.KeyIn("_shards"); ok; key, ok = r.Key() {
		switch string(key) {
		case "total":
			total = r.Int64Of("_shards.total")
		case "failed":
			failed = r.Int64Of("_shards.failed")
		case "failures":
			for _, off := range r.EachAt() {
				if a.Text == "" {
					r.ReadAt(off, func() { a.Text = r.AnswerError(decode.Answer{}).Text })
				}
			}
		}
	}
	if failed > 0 {
		a.Text = strings.TrimSuffix(fmt.Sprintf("%d of %d shards failed: %s", failed, total, a.Text), ": ")
		r.Said(a)
	}
}

// reader reads the documents in which Elasticsearch keeps spans.
type reader struct {
	*jaeger.Reader
	zipkin *zipkin.Reader
}

func open(r *decode.Reader) decode.Decoder {
	spans := jaeger.New(r)
	return decode.Decoder{Document: (&reader{spans, &zipkin.Reader{Reader: spans}}).document}
}

// Formats are the documents of Elasticsearch.
func Formats() []decode.Format {
	return []decode.Format{{Name: "Jaeger spans of Elasticsearch", Document: isElastic, Open: open}}
}
