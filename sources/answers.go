package sources

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"tracefall/sources/trace"
)

// People save what a tracing backend answered, and now and then it answered something else than spans: an error, an
// error beside a part of the spans, a list of summaries or of names. What was said is passed on: in place of spans as
// the reason why the input is refused, beside spans as a notice.

// answer is what the other side said.
type answer struct {
	who, text string
	code      int64 // HTTP's or gRPC's status; 0 for none
	trace     string
	off       int
}

// Who answers, where that can be told.
const (
	jaegerBackend = "Jaeger"
	elasticsearch = "Elasticsearch"
	tempoBackend  = "Tempo"
	anyBackend    = "the backend"
)

// answers is what was said in an input beside spans.
type answers struct {
	refusal string // why there are no spans, as the input's error says it
	cut     bool   // what was said means that spans may be missing
	hits    elasticCount
}

// mostSaid bounds how much of a text is passed on, in bytes.
const mostSaid = 300

// said passes an answer on. One that is about a trace which was not found says nothing about the others.
func (r *reader) said(a answer) {
	text := strings.Join(strings.Fields(a.text), " ")
	if text == "" && a.code == 0 || r.err != nil {
		return
	}
	if text = clip(cmp.Or(text, "an error")); a.code != 0 && !strings.Contains(text, strconv.FormatInt(a.code, 10)) && a.code != notFound {
		text += fmt.Sprintf(" (code %d)", a.code)
	}
	if a.trace != "" && !strings.Contains(text, a.trace) {
		text += " (trace " + clip(a.trace) + ")"
	}
	subject := cmp.Or(a.who, anyBackend) + " says: " + text
	r.told.refusal = cmp.Or(r.told.refusal, subject)
	cut := a.code != notFound && a.code != grpcNotFound
	r.told.cut = r.told.cut || cut
	r.notes.add(note{kind: trace.NoticeAnswer, subject: subject, count: 1, places: []int{a.off}, cut: cut})
}

// The status by which HTTP and gRPC say that something was not found.
const (
	notFound     = 404
	grpcNotFound = 5
)

func clip(text string) string {
	if len(text) <= mostSaid {
		return text
	}
	return strings.ToValidUTF8(text[:mostSaid], "") + "…"
}

// settle ends reading: where there are spans, what was said means that they are not all.
func (r *reader) settle() {
	r.told.hits.settle(r)
	if r.b.Spans() == r.before {
		return
	}
	for i := range r.notes {
		if n := &r.notes[i]; n.kind == trace.NoticeAnswer && n.cut {
			n.subject = "the answer is partial: " + n.subject
		}
	}
	if r.told.cut {
		r.b.PartialFrom(r.before)
	}
}

// take adds what another worker was told.
func (t *answers) take(o *answers) {
	t.refusal, t.cut = cmp.Or(t.refusal, o.refusal), t.cut || o.cut
	t.hits.total, t.hits.got = max(t.hits.total, o.hits.total), t.hits.got+o.hits.got
	t.hits.inner, t.hits.any = t.hits.inner || o.hits.inner, t.hits.any || o.hits.any
	if t.hits.off == 0 {
		t.hits.off = o.hits.off
	}
}

// elasticCount is how many documents a search found and how many the input holds, over all its pages.
type elasticCount struct {
	total, got int64
	off        int
	any        bool // an answer with a count was read
	inner      bool // hits were collapsed: the counts are of different things
}

func (c *elasticCount) add(off int, total, got int64) {
	if c.off == 0 {
		c.off = off
	}
	c.total, c.got, c.any = max(c.total, total), c.got+got, true
}

func (c *elasticCount) settle(r *reader) {
	if c.any && c.total == 0 && c.got == 0 {
		r.told.refusal = cmp.Or(r.told.refusal, "is the answer to a search that found nothing")
	}
	if c.total > c.got && c.got > 0 && !c.inner {
		r.told.cut = true
		r.notes.add(note{kind: trace.NoticeAnswer, count: 1, places: []int{c.off}, cut: true, subject: fmt.Sprintf(
			"%s of the %s documents that the search found are in it; ask for the rest with size, search_after or scroll",
			trace.Grouped(int(c.got)), trace.Grouped(int(c.total)))})
	}
}

// elasticShards reads {"total":5,"successful":3,"failed":2,"failures":[{"reason":{"type":…,"reason":…}}]}.
func (r *reader) elasticShards() {
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

// errorDepth is how deep in an error its text may lie: {"error":{"reason":{"reason":"…"}}}.
const errorDepth = 3

// answerError adds to an answer what the error that follows says: a text, or an object of any usual form.
func (r *reader) answerError(a answer) answer {
	r.errorInto(&a, errorDepth)
	return a
}

func (r *reader) errorInto(a *answer, depth int) {
	switch c := r.next(); {
	case c == '"':
		a.text = string(r.stringOf("error"))
		return
	case c != '{' || depth == 0:
		r.skip()
		return
	}
	r.object()
	kind := ""
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "message", "Message", "msg", "reason", "detail", "error", "error_description":
			inner := answer{}
			r.errorInto(&inner, depth-1)
			if inner.text != "" && (a.text == "" || string(key) == "message") {
				a.text = inner.text
			}
			a.code = cmp.Or(a.code, inner.code)
		case "results": // Grafana's, by the name of the query
			if r.enterObject("results") {
				for _, ok := r.key(); ok; _, ok = r.key() {
					inner := answer{}
					r.errorInto(&inner, depth-1)
					a.text, a.code = cmp.Or(a.text, inner.text), cmp.Or(a.code, inner.code)
				}
			}
		case "code", "httpCode", "http_code", "status", "statusCode":
			if c := r.next(); isDigit(c) {
				a.code = r.int64Of("code")
				continue
			}
			r.skip()
		case "traceID", "traceId":
			a.trace = string(r.stringOf("traceID"))
		case "type", "errorType", "__type":
			kind = string(r.stringOf("type"))
		case "root_cause":
			a.who = cmp.Or(a.who, elasticsearch)
			r.skip()
		default:
			r.skip()
		}
	}
	a.text = cmp.Or(a.text, kind)
}

// answerErrors reads the list of errors that somebody gives beside data or in place of it.
func (r *reader) answerErrors(who string) {
	if c := r.next(); c == '"' || c == '{' {
		r.said(r.answerError(answer{who: who, off: r.valueAt()}))
		return
	}
	if !r.array() {
		r.skip()
		return
	}
	for r.element() {
		r.said(r.answerError(answer{who: who, off: r.valueAt()}))
	}
}

// errorKeys are the keys of an answer that is an error. What has others too is something else, like a line of a log.
const errorKeys = " data total limit offset errors error message msg code status statusCode httpCode reason details detail title " +
	"type timestamp path traceId traceID messageId accessErrorId errorType warnings requestId request_id kind apiVersion metadata took " +
	"Message Code RequestId __type instance results accessErrorId "

// answered passes on what the JSON document that begins at start says, of which the outline holds all keys, and tells
// whether it is an answer of a backend. The position stays.
func (r *reader) answered(start int) bool {
	o := &r.seen
	if what := o.listed(start); what != "" {
		r.told.refusal = cmp.Or(r.told.refusal, "holds "+what+", no spans: a trace is fetched by its id, as in …/api/traces/ID")
	}
	if !o.ended || o.array {
		return false
	}
	if what := o.names(); what != "" {
		r.told.refusal = cmp.Or(r.told.refusal, "holds "+what+", no spans: a trace is fetched by its id, as in …/api/traces/ID")
		return false
	}
	if o.is("partialSuccess", '{') && len(o.keys) == 1 {
		r.told.refusal = cmp.Or(r.told.refusal, "is what a collector answers to an export, expected the export itself")
		return false
	}
	if o.is("status", '"') && o.is("data", '{') {
		r.told.refusal = cmp.Or(r.told.refusal, "looks like an answer of Prometheus or Loki, expected a trace export")
		return false
	}
	for _, list := range [...]string{"summaries", "traces"} {
		if o.is(list, '[') && len(o.keys) <= len([]string{"traces", "metrics", "nextPageToken"}) {
			r.readAt(o.at[indexOf(o, list)], func() { r.summaries() })
			return false
		}
	}
	for _, key := range o.keys {
		if !strings.Contains(errorKeys, " "+key+" ") {
			return false
		}
	}
	coded := o.has("code") || o.has("status") || o.has("statusCode") || o.has("reason") || o.has("messageId") || o.has("__type") ||
		o.has("accessErrorId") || len(o.keys) == 1
	if !o.has("error") && !o.is("errors", '[') && !o.is("results", '{') && !(coded && (o.has("message") || o.has("Message") || o.has("msg") || o.has("detail") || o.has("title"))) {
		return false
	}
	before := len(r.notes)
	r.readAt(start, func() { r.errorDocument(start) })
	return len(r.notes) > before || r.told.refusal != ""
}

func indexOf(o *outline, key string) int {
	for i, k := range o.keys {
		if k == key {
			return i
		}
	}
	return 0
}

// errorDocument passes on an answer that is nothing but an error.
func (r *reader) errorDocument(start int) {
	o := &r.seen
	if i := indexOf(o, "errors"); o.is("errors", '[') {
		who := ""
		if bytes.Contains(head(o.data[o.at[i]:]), []byte(`"msg"`)) {
			who = jaegerBackend
		}
		r.readAt(o.at[i], func() { r.answerErrors(who) })
		return
	}
	a := answer{off: start}
	if i := indexOf(o, "error"); o.is("error", '{') {
		switch text := head(o.data[o.at[i]:]); {
		case bytes.Contains(text, []byte(`"httpCode"`)), bytes.Contains(text, []byte(`"grpc_code"`)):
			a.who = jaegerBackend
		case bytes.Contains(text, []byte(`"root_cause"`)):
			a.who = elasticsearch
		}
	}
	a = r.answerError(a)
	if a.text == "" && a.code == 0 {
		return
	}
	r.said(a)
}

// head is as much of a value as tells whose error it is.
func head(value []byte) []byte { return value[:min(len(value), 200)] }

// listed says what a list is that Zipkin gives of what it knows; "" for another.
func (o *outline) listed(start int) string {
	if o.array && o.ended && o.has("parent", "child", "callCount") {
		return "the dependencies between services"
	}
	if s := (scanner{data: o.data, pos: start}); s.array() && s.element() && s.next() == '"' {
		return "a list of names"
	}
	return ""
}

// names says what an answer is that lists names or numbers about traces; "" for none.
func (o *outline) names() string {
	if len(o.keys) == 1 || len(o.keys) == 2 && o.is("metrics", '{') {
		for key, what := range map[string]string{
			"services": "a list of services", "operations": "a list of operations", "dependencies": "the dependencies between services",
			"tagNames": "the names of attributes", "scopes": "the names of attributes", "tagValues": "the values of an attribute",
			"series": "metrics",
		} {
			if o.is(key, '[') {
				return what
			}
		}
	}
	if !o.is("data", '[') || !o.has("total") && !o.has("errors") {
		return ""
	}
	s := scanner{data: o.data, pos: o.at[indexOf(o, "data")]}
	s.array()
	s.element()
	if s.next() == '"' {
		return "a list of services or operations"
	}
	s.object()
	switch key, _ := s.key(); string(key) {
	case "parent", "child", "callCount":
		return "the dependencies between services"
	case "name", "spanKind":
		return "a list of operations"
	}
	return ""
}

// summaries refuses a list of traces without their spans, and says how they are had.
func (r *reader) summaries() {
	first, n := "", 0
	for r.array(); r.element(); {
		r.tick()
		if !r.object() {
			r.skip()
			continue
		}
		n++
		for key, ok := r.key(); ok; key, ok = r.key() {
			if first == "" && (string(key) == "traceID" || string(key) == "traceId") {
				first = r.ids.traceID(r.stringOf("traceID")).String()
				continue
			}
			r.skip()
		}
	}
	switch {
	case n == 0:
		r.told.refusal = cmp.Or(r.told.refusal, "is the answer to a search that found no trace")
	case first != "":
		r.told.refusal = cmp.Or(r.told.refusal, fmt.Sprintf(
			"these are summaries, without spans (%d): fetch the trace by its id, as in …/api/traces/%s, and open that", n, clip(first)))
	}
}
