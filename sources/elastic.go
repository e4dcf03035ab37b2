package sources

import (
	"bytes"

	"tracefall/sources/trace"
)

// isElastic recognises Jaeger's documents as Elasticsearch and OpenSearch give them: the answer of a search, a
// hit, or a span document itself, one a line between the action lines of a bulk request.
func isElastic(o *outline) bool {
	return o.is("hits", '{') || o.is("_source", '{') ||
		o.has("traceID", "spanID") && (o.is("process", '{') || o.is("tag", '{') || o.has("startTimeMillis") || o.ended) ||
		!o.array && o.ended && len(o.keys) == 1 && (o.is("index", '{') || o.is("create", '{'))
}

// elastic reads one document:
//
//	{"hits":{"hits":[{"_index":"jaeger-span-2026-03-02","_source":{…the span…}},…]}}
//	{"_index":…,"_source":{…the span…}}
//	{…the span…}
//	{"index":{"_index":…}}                 before each span of a bulk request; says nothing about it
//
// or an array of them. A span is as in Jaeger's other exports, but for its process, which stands in it.
func (r *reader) elastic() { r.eachObject(r.elasticDocument) }

func (r *reader) elasticDocument() {
	if !r.enterObject("document") {
		return
	}
	start := r.pos
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "hits":
			r.elasticHits()
		case "_source":
			r.elasticSpan()
		case "traceID", "spanID":
			r.fresh, r.pos = true, start
			r.elasticFields()
			return
		default:
			r.skip()
		}
	}
}

// elasticHits reads {"total":…,"hits":[…]}.
func (r *reader) elasticHits() {
	if !r.enterObject("hits") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		if string(key) != "hits" || !r.array() {
			r.skip()
			continue
		}
		for r.element() {
			r.tick()
			r.elasticHit()
		}
	}
}

func (r *reader) elasticHit() {
	if !r.enterObject("hits") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		if string(key) == "_source" {
			r.elasticSpan()
			continue
		}
		r.skip()
	}
}

func (r *reader) elasticSpan() {
	if r.enterObject("_source") {
		r.elasticFields()
	}
}

// elasticFields reads and adds the span whose object is open.
func (r *reader) elasticFields() {
	start := r.pos
	r.raw.Reset()
	x := jaegerExtra{}
	for key, ok := r.key(); ok; key, ok = r.key() {
		r.jaegerField(&x, key)
	}
	if r.err == nil && r.raw.Trace.IsZero() && r.raw.ID.IsZero() {
		r.note(NoticeSkipped, "a document of Elasticsearch that is no span of Jaeger was skipped", start)
		return
	}
	r.addJaegerSpan(nil, &x, start)
}

// flatTags reads the object "tag", in which Jaeger's Elasticsearch storage keeps the tags that are to be
// searched: a key's dots are written as @.
func (r *reader) flatTags(dst []trace.Attr, x *jaegerExtra) []trace.Attr {
	if !r.enterObject("tag") {
		return dst
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		key = bytes.ReplaceAll(key, []byte("@"), []byte("."))
		t, meaning := tag{name: r.b.Symbol(key)}, tagPlain
		if x != nil {
			meaning = meanings[string(key)]
		}
		dst = r.tagValue(dst, &t, x, meaning)
	}
	return dst
}
