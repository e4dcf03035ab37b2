package sources

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"tracefall/sources/trace"
)

// People save what a tracing backend answered, and now and then it answered something else than spans: an error, an
// error beside a part of the spans, a list of summaries or of names. What was said is passed on: in place of spans as
// the reason why the input is refused, beside spans as a notice.

// settle ends reading: where there are spans, what was said means that they are not all.
func (r *documentReader) settle() {
	r.told.hits.settle(r.reader)
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

// errorKeys are the keys of an answer that is an error. What has others too is something else, like a line of a log.
const errorKeys = " data total limit offset errors error message msg code status statusCode httpCode reason details detail title " +
	"type timestamp path traceId traceID messageId accessErrorId errorType warnings requestId request_id kind apiVersion metadata took " +
	"Message Code RequestId __type instance results accessErrorId "

// answered passes on what the JSON document that begins at start says, of which the outline holds all keys, and tells
// whether it is an answer of a backend. The position stays.
func (r *documentReader) answered(start int) bool {
	o := &r.recognised
	if what := listed(o, start); what != "" {
		r.told.refusal = cmp.Or(r.told.refusal, "holds "+what+", no spans: a trace is fetched by its id, as in …/api/traces/ID")
	}
	if !o.ended || o.array {
		return false
	}
	if what := listsNames(o); what != "" {
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
func (r *documentReader) errorDocument(start int) {
	o := &r.recognised
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
func listed(o *outline, start int) string {
	if o.array && o.ended && o.has("parent", "child", "callCount") {
		return "the dependencies between services"
	}
	if s := (scanner{data: o.data, pos: start}); s.array() && s.element() && s.next() == '"' {
		return "a list of names"
	}
	return ""
}

// names says what an answer is that lists names or numbers about traces; "" for none.
func listsNames(o *outline) string {
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
func (r *documentReader) summaries() {
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
