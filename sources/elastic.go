package sources

import (
	"bytes"
	"fmt"
	"strings"
)

// isElastic recognises Jaeger's documents as Elasticsearch and OpenSearch give them: the answer of a search, a
// hit, or a span document itself, one a line between the action lines of a bulk request. A document that stands alone
// must have what makes a span: ids alone are in log lines and in other tools' flat spans too.
func isElastic(o *outline) bool {
	return o.is("hits", '{') || o.is("_source", '{') || o.is("responses", '[') || o.is("fields", '{') && o.has("_index") ||
		isJaegerSpan(o) ||
		!o.array && o.ended && len(o.keys) == 1 && (o.is("index", '{') || o.is("create", '{') || o.is("docs", '['))
}

// isJaegerSpan recognises a span of Jaeger that stands alone: by its ids, a name, a time in microseconds and a duration.
func isJaegerSpan(o *outline) bool {
	if !o.has("operationName", "duration") || o.is("duration", '{') {
		return false
	}
	if o.has("traceId", "spanId", "startTime") && o.is("process", '{') {
		return true // protobuf's own spelling
	}
	return o.has("traceID", "spanID") &&
		(o.micros("startTime") || o.has("startTimeMillis") && (o.ended && !o.has("startTime") || o.has("process")))
}

// elastic reads one document:
//
//	{"hits":{"hits":[{"_index":"jaeger-span-2026-03-02","_source":{…the span…}},…]}}
//	{"responses":[{"hits":…},…]}           the answers to several searches at once
//	{"_index":…,"_source":{…the span…}}
//	{…the span…}
//	{"index":{"_index":…}}                 before each span of a bulk request; says nothing about it
//
// or an array of them. A span is as in Jaeger's other exports, but for its process, which stands in it.
func (r *elasticReader) elastic() { r.eachObject(r.elasticDocument) }

func (r *elasticReader) elasticDocument() {
	off := r.valueAt()
	if !r.enterObject("document") {
		return
	}
	start := r.pos
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "traceID", "spanID", "traceId", "spanId":
			r.fresh, r.pos = true, start
			r.elasticFields(off)
			return
		case "responses", "docs":
			r.elasticAnswers()
		default:
			r.elasticMember(key, 0)
		}
	}
}

// elasticAnswers reads the answers to several requests, which stand in one list.
func (r *elasticReader) elasticAnswers() {
	if !r.enterArray("responses") {
		return
	}
	for r.element() {
		r.tick()
		if r.enterObject("responses") {
			for key, ok := r.key(); ok; key, ok = r.key() {
				r.elasticMember(key, 0)
			}
		}
	}
}

// innerDepth is how deep answers and hits may stand in one another: hits that were collapsed hold those of a search.
const innerDepth = 8

// elasticMember reads a member of an answer or of a hit.
func (r *elasticReader) elasticMember(key []byte, depth int) {
	if depth >= innerDepth {
		r.skip()
		return
	}
	switch string(key) {
	case "hits":
		r.elasticHits(depth)
	case "_source":
		if off := r.valueAt(); r.enterObject("_source") {
			r.elasticFields(off)
		}
	case "fields":
		if off := r.valueAt(); r.enterObject("fields") {
			r.elasticRow(off)
		}
	case "inner_hits":
		r.elasticInner(depth)
	case "timed_out":
		if off := r.valueAt(); r.next() == 't' {
			r.said(answer{who: elasticsearch, text: "the search timed out", off: off})
		}
		r.skip()
	case "_shards":
		r.elasticShards()
	case "error":
		r.said(r.answerError(answer{who: elasticsearch, off: r.valueAt()}))
	default:
		r.skip()
	}
}

// elasticHits reads {"total":…,"hits":[…]}.
func (r *elasticReader) elasticHits(depth int) {
	if !r.enterObject("hits") {
		return
	}
	off, total, got := r.pos, int64(-1), int64(0)
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch {
		case string(key) == "total":
			total = r.elasticTotal()
		case string(key) == "hits" && r.array():
			for r.element() {
				r.tick()
				r.elasticHit(depth + 1)
				got++
			}
		default:
			r.skip()
		}
	}
	if depth == 0 && r.err == nil && total >= 0 {
		r.told.hits.add(off, total, got)
	}
}

// elasticTotal reads how many documents there are: a number, or {"value":…,"relation":"eq"}.
func (r *elasticReader) elasticTotal() int64 {
	if !r.object() {
		return r.int64Of("hits.total")
	}
	total := int64(-1)
	for key, ok := r.key(); ok; key, ok = r.key() {
		if string(key) == "value" {
			total = r.int64Of("hits.total.value")
			continue
		}
		r.skip()
	}
	return total
}

// elasticHit reads a hit. Where it has its _source, the fields beside it say the same again.
func (r *elasticReader) elasticHit(depth int) {
	if !r.enterObject("hits") {
		return
	}
	fields, source := -1, false
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "fields":
			fields = r.valueAt()
			r.skip()
		case "sort", "_index", "_id", "_type", "_score", "highlight":
			r.skip()
		default:
			source = source || string(key) == "_source" || string(key) == "inner_hits"
			r.elasticMember(key, depth)
		}
	}
	if fields >= 0 && !source {
		r.readAt(fields, func() {
			if r.enterObject("fields") {
				r.elasticRow(fields)
			}
		})
	}
}

// elasticInner reads the hits that stand in a hit, by the name of each search.
func (r *elasticReader) elasticInner(depth int) {
	r.told.hits.inner = true
	if !r.enterObject("inner_hits") {
		return
	}
	for _, ok := r.key(); ok; _, ok = r.key() {
		if !r.enterObject("inner_hits") {
			continue
		}
		for key, ok := r.key(); ok; key, ok = r.key() {
			r.elasticMember(key, depth+1)
		}
	}
}

// elasticFields reads and adds the span whose object, which begins at off, is open. Spans of Zipkin lie in such
// documents too.
func (r *elasticReader) elasticFields(off int) {
	start := r.pos
	r.raw.Reset()
	x := jaegerExtra{}
	for key, ok := r.key(); ok; key, ok = r.key() {
		var read func(int)
		switch {
		case isZipkinKey(key) && r.raw.ID.IsZero():
			read = r.zipkin.zipkinFields
		case isDottedKey(key):
			read = r.elasticRow
		default:
			r.jaegerField(&x, key)
			continue
		}
		r.fresh, r.pos = true, start
		read(off)
		return
	}
	if r.err == nil && r.raw.Trace.IsZero() && r.raw.ID.IsZero() {
		r.note(NoticeSkipped, "a document of Elasticsearch that is no span of Jaeger was skipped", start)
		return
	}
	r.addJaegerSpan(nil, &x, off)
}

// isZipkinKey tells whether a key is one that spans of Zipkin have and spans of Jaeger have not.
func isZipkinKey(key []byte) bool {
	switch string(key) {
	case "localEndpoint", "remoteEndpoint", "timestamp_millis", "annotations":
		return true
	}
	return false
}

// isDottedKey tells whether a key is one of a document that was flattened.
func isDottedKey(key []byte) bool {
	for _, prefix := range [...]string{"process.", "references.", "tags.", "tag."} {
		if bytes.HasPrefix(key, []byte(prefix)) {
			return true
		}
	}
	return false
}

// elasticShards reads {"total":5,"successful":3,"failed":2,"failures":[{"reason":{"type":…,"reason":…}}]}.
func (r *elasticReader) elasticShards() {
	a := answer{who: elasticsearch, off: r.valueAt()}
	if !r.enterObject("_shards") {
		return
	}
	total, failed := int64(0), int64(0)
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "total":
			total = r.int64Of("_shards.total")
		case "failed":
			failed = r.int64Of("_shards.failed")
		case "failures":
			for _, off := range r.eachAt() {
				if a.text == "" {
					r.readAt(off, func() { a.text = r.answerError(answer{}).text })
				}
			}
		default:
			r.skip()
		}
	}
	if failed > 0 {
		a.text = strings.TrimSuffix(fmt.Sprintf("%d of %d shards failed: %s", failed, total, a.text), ": ")
		r.said(a)
	}
}

// elasticReader reads the documents in which Elasticsearch keeps spans.
type elasticReader struct {
	*jaegerReader
	zipkin *zipkinReader
}

func readElastic(r *reader) decoder {
	spans := newJaegerReader(r)
	return decoder{document: (&elasticReader{spans, &zipkinReader{jaegerReader: spans}}).elastic}
}

// elasticFormats are the documents of Elasticsearch.
func elasticFormats() []format {
	return []format{{name: "Jaeger spans of Elasticsearch", document: isElastic, open: readElastic}}
}
