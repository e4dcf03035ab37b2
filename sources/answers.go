package sources

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// People save what a tracing backend answered, and now and then it answered something else than spans: an error, an
// error beside a part of the spans, a list of summaries or of names. What was said is passed on: in place of spans as
// the reason why the input is refused, beside spans as a notice.

// Settle ends reading: where there are spans, what was said means that they are not all.
func (r *documentReader) Settle() {
	r.Told.Hits.Settle(r.Reader)
	if r.B.Spans() == r.Before {
		return
	}
	for i := range r.Notes {
		if n := &r.Notes[i]; n.Kind == trace.NoticeAnswer && n.Cut {
			n.Subject = "partial response: " + n.Subject
		}
	}
	if r.Told.Cut {
		r.B.PartialFrom(r.Before)
	}
}

// conclude ends an input in which there were spans, and returns the notices about it.
func (r *documentReader) conclude(name string) []trace.Notice {
	r.Notes.InOrder()
	if r.NoteTruncated(); r.Cut {
		r.B.Truncated()
	}
	notices := make([]trace.Notice, len(r.Notes))
	for i := range r.Notes {
		notices[i] = r.Notes[i].Notice(name, r.Data)
	}
	return notices
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
		r.Told.Refusal = cmp.Or(r.Told.Refusal, "contains "+what+", no spans: fetch a trace by id (…/api/traces/ID)")
	}
	if !o.Ended || o.Array {
		return false
	}
	if what := listsNames(o); what != "" {
		r.Told.Refusal = cmp.Or(r.Told.Refusal, "contains "+what+", no spans: fetch a trace by id (…/api/traces/ID)")
		return false
	}
	if o.Is("partialSuccess", '{') && len(o.Keys) == 1 {
		r.Told.Refusal = cmp.Or(r.Told.Refusal, "is a collector's export response, expected the export itself")
		return false
	}
	if o.Is("status", '"') && o.Is("data", '{') {
		r.Told.Refusal = cmp.Or(r.Told.Refusal, "looks like a Prometheus or Loki response, expected a trace export")
		return false
	}
	for _, list := range [...]string{"summaries", "traces"} {
		if o.Is(list, '[') && len(o.Keys) <= len([]string{"traces", "metrics", "nextPageToken"}) {
			r.ReadAt(o.At[indexOf(o, list)], func() { r.summaries() })
			return false
		}
	}
	for _, key := range o.Keys {
		if !strings.Contains(errorKeys, " "+key+" ") {
			return false
		}
	}
	coded := o.Has("code") || o.Has("status") || o.Has("statusCode") || o.Has("reason") || o.Has("messageId") || o.Has("__type") ||
		o.Has("accessErrorId") || len(o.Keys) == 1
	if !o.Has("error") && !o.Is("errors", '[') && !o.Is("results", '{') && !(coded && (o.Has("message") || o.Has("Message") || o.Has("msg") || o.Has("detail") || o.Has("title"))) {
		return false
	}
	before := len(r.Notes)
	r.ReadAt(start, func() { r.errorDocument(start) })
	return len(r.Notes) > before || r.Told.Refusal != ""
}

func indexOf(o *decode.Outline, key string) int {
	for i, k := range o.Keys {
		if k == key {
			return i
		}
	}
	return 0
}

// errorDocument passes on an answer that is nothing but an error.
func (r *documentReader) errorDocument(start int) {
	o := &r.recognised
	if i := indexOf(o, "errors"); o.Is("errors", '[') {
		who := ""
		if bytes.Contains(head(o.Data[o.At[i]:]), []byte(`"msg"`)) {
			who = decode.JaegerBackend
		}
		r.ReadAt(o.At[i], func() { r.AnswerErrors(who) })
		return
	}
	a := decode.Answer{Off: start}
	if i := indexOf(o, "error"); o.Is("error", '{') {
		switch text := head(o.Data[o.At[i]:]); {
		case bytes.Contains(text, []byte(`"httpCode"`)), bytes.Contains(text, []byte(`"grpc_code"`)):
			a.Who = decode.JaegerBackend
		case bytes.Contains(text, []byte(`"root_cause"`)):
			a.Who = decode.Elasticsearch
		}
	}
	a = r.AnswerError(a)
	if a.Text == "" && a.Code == 0 {
		return
	}
	r.Said(a)
}

// head is as much of a value as tells whose error it is.
func head(value []byte) []byte { return value[:min(len(value), 200)] }

// listed says what a list is that Zipkin gives of what it knows; "" for another.
func listed(o *decode.Outline, start int) string {
	if o.Array && o.Ended && o.Has("parent", "child", "callCount") {
		return "the dependencies between services"
	}
	if s := (jsonscan.Scanner{Data: o.Data, Pos: start}); s.Array() && s.Element() && s.Next() == '"' {
		return "a list of names"
	}
	return ""
}

// names says what an answer is that lists names or numbers about traces; "" for none.
func listsNames(o *decode.Outline) string {
	if len(o.Keys) == 1 || len(o.Keys) == 2 && o.Is("metrics", '{') {
		for key, what := range map[string]string{
			"services": "a list of services", "operations": "a list of operations", "dependencies": "the dependencies between services",
			"tagNames": "the names of attributes", "scopes": "the names of attributes", "tagValues": "the values of an attribute",
			"series": "metrics",
		} {
			if o.Is(key, '[') {
				return what
			}
		}
	}
	if !o.Is("data", '[') || !o.Has("total") && !o.Has("errors") {
		return ""
	}
	s := jsonscan.Scanner{Data: o.Data, Pos: o.At[indexOf(o, "data")]}
	s.Array()
	s.Element()
	if s.Next() == '"' {
		return "a list of services or operations"
	}
	s.Object()
	switch key, _ := s.Key(); string(key) {
	case "parent", "child", "callCount":
		return "the dependencies between services"
	case "name", "spanKind":
		return "a list of operations"
	}
	return ""
}

// summaries refuses a list of traces without their spans, and says how to fetch the spans.
func (r *documentReader) summaries() {
	first, n := "", 0
	for r.Array(); r.Element(); {
		r.Tick()
		if !r.Object() {
			r.Skip()
			continue
		}
		n++
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			if first == "" && (string(key) == "traceID" || string(key) == "traceId") {
				first = r.IDs.TraceID(r.StringOf("traceID")).String()
				continue
			}
			r.Skip()
		}
	}
	switch {
	case n == 0:
		r.Told.None("is a search response without traces")
	case first != "":
		r.Told.Refusal = cmp.Or(r.Told.Refusal, fmt.Sprintf(
			"contains only trace summaries (%d), no spans: fetch the trace by id (…/api/traces/%s)", n, decode.Clip(first)))
	}
}

// expectedExport ends what is said of an input that no format recognises.
const expectedExport = ", expected a trace export such as OTLP, Jaeger or Zipkin JSON"

// verdict says why an input is no trace file; "" when spans were read.
func (r *documentReader) verdict() string {
	if r.B.Spans() > r.Before {
		return ""
	}
	var damaged string
	for _, n := range r.Notes {
		if n.Kind == trace.NoticeTruncated {
			n.Bytes, n.Detail = 0, "" // without a span there is no last trace that may be incomplete
		}
		if (n.Kind == decode.NoticeDamaged || n.Kind == trace.NoticeTruncated) && damaged == "" {
			damaged = n.Message()
			if place := n.First(r.Data); place != "" {
				damaged += " at " + place
			}
		}
	}
	switch {
	case r.Told.Refusal != "" && damaged == "":
		return r.Told.Refusal
	case decode.IsEmptyJSON(r.Data) && damaged == "":
		return "contains an empty JSON document (backend found no trace)"
	case !decode.StartsJSON(r.Data) || r.Known == 0 && r.Unknown == 0 && damaged == "":
		return decode.LooksLike(r.Data) + expectedExport
	case r.Known == 0 && damaged == "":
		return r.otherJSON()
	case damaged != "":
		return "no spans readable: " + damaged
	}
	for _, n := range r.Notes {
		if n.Kind == decode.NoticeSkipped {
			return "contains no spans: " + n.Subject
		}
	}
	return "contains no spans"
}

// answerProblem is the verdict on a document that a server answered: that it holds no spans is no problem.
func (r *documentReader) answerProblem() string {
	problem := r.verdict()
	damaged := slices.ContainsFunc(r.Notes, func(n decode.Note) bool {
		return n.Kind == decode.NoticeDamaged || n.Kind == trace.NoticeTruncated
	})
	switch {
	case problem == "", r.Told.Nothing:
		return ""
	case r.Told.Refusal != "":
		return problem
	case damaged:
		return problem + ": " + beginning(r.Data)
	case r.Known > 0 || decode.IsEmptyJSON(r.Data) || len(bytes.TrimSpace(r.Data)) == 0:
		return ""
	}
	return "expected spans, got: " + beginning(r.Data)
}

// beginningBytes is how much of an unrecognised answer is quoted.
const beginningBytes = 80

// beginning quotes the first bytes of a document, without what could not be shown.
func beginning(data []byte) string {
	text := strings.ToValidUTF8(string(data[:min(len(data), beginningBytes)]), "")
	text = strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return ' '
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// otherJSON says that JSON is no trace export, what it looks like and what to do, else what was expected.
func (r *documentReader) otherJSON() string {
	text := "is JSON, but not a supported trace format"
	if r.flat == nil || r.flat.Refusal == nil {
		return text + expectedExport
	}
	what, detail := r.flat.Refusal.What, r.flat.Refusal.Detail
	if what != "" {
		text += ", it looks like " + what
	}
	if detail != "" {
		text += ": " + detail
	}
	if what == "" && detail == "" {
		text += expectedExport
	}
	return text
}
