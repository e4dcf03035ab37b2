package sources

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"tracefall/sources/trace"
)

// answer is what the other side said.
type answer struct {
	who, text string
	code      int64 // HTTP's or gRPC's status; 0 for none
	trace     string
	off       int
}

// answers is what was said in an input beside spans.
type answers struct {
	refusal string // why there are no spans, as the input's error says it
	cut     bool   // what was said means that spans may be missing
	hits    elasticCount
}

// mostSaid bounds how much of a text is passed on, in bytes.
const mostSaid = 300

// elasticCount is how many documents a search found and how many the input holds, over all its pages.
type elasticCount struct {
	total, got int64
	off        int
	any        bool // an answer with a count was read
	inner      bool // hits were collapsed: the counts are of different things
}

// said passes an answer on. One that is about a trace which was not found says nothing about the others.
func (r *valueReader) said(a answer) {
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

// answerError adds to an answer what the error that follows says: a text, or an object of any usual form.
func (r *valueReader) answerError(a answer) answer {
	r.errorInto(&a, errorDepth)
	return a
}

func (r *valueReader) errorInto(a *answer, depth int) {
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
func (r *valueReader) answerErrors(who string) {
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

func clip(text string) string {
	if len(text) <= mostSaid {
		return text
	}
	return strings.ToValidUTF8(text[:mostSaid], "") + "…"
}

// errorDepth is how deep in an error its text may lie: {"error":{"reason":{"reason":"…"}}}.
const errorDepth = 3

// take adds what another worker was told.
func (t *answers) take(o *answers) {
	t.refusal, t.cut = cmp.Or(t.refusal, o.refusal), t.cut || o.cut
	t.hits.total, t.hits.got = max(t.hits.total, o.hits.total), t.hits.got+o.hits.got
	t.hits.inner, t.hits.any = t.hits.inner || o.hits.inner, t.hits.any || o.hits.any
	if t.hits.off == 0 {
		t.hits.off = o.hits.off
	}
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

// Who answers, where that can be told.
const (
	jaegerBackend = "Jaeger"
	elasticsearch = "Elasticsearch"
	tempoBackend  = "Tempo"
	anyBackend    = "the backend"
)

// The status by which HTTP and gRPC say that something was not found.
const (
	notFound     = 404
	grpcNotFound = 5
)
