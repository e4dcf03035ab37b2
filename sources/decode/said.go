package decode

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// Answer is what the other side said.
type Answer struct {
	Who, Text string
	Code      int64 // HTTP's or gRPC's status; 0 for none
	trace     string
	Off       int
}

// answers is what was said in an input beside spans.
type answers struct {
	Refusal string // why there are no spans, as the input's error says it
	Nothing bool   // what was said is that there are none
	Cut     bool   // what was said means that spans may be missing
	Hits    elasticCount
}

// mostSaid bounds how much of a text is passed on, in bytes.
const mostSaid = 300

// elasticCount is how many documents a search found and how many the input holds, over all its pages.
type elasticCount struct {
	total, got int64
	off        int
	any        bool // an answer with a count was read
	Inner      bool // hits were collapsed: the counts are of different things
}

// Said passes an answer on. One that is about a trace which was not found says nothing about the others.
func (r *Values) Said(a Answer) {
	text := strings.Join(strings.Fields(a.Text), " ")
	if text == "" && a.Code == 0 || r.Err != nil {
		return
	}
	if text = Clip(cmp.Or(text, "an error")); a.Code != 0 && !strings.Contains(text, strconv.FormatInt(a.Code, 10)) && a.Code != notFound {
		text += fmt.Sprintf(" (code %d)", a.Code)
	}
	if a.trace != "" && !strings.Contains(text, a.trace) {
		text += " (trace " + Clip(a.trace) + ")"
	}
	subject := cmp.Or(a.Who, anyBackend) + " says: " + text
	r.Told.Refusal = cmp.Or(r.Told.Refusal, subject)
	cut := a.Code != notFound && a.Code != grpcNotFound
	r.Told.Cut = r.Told.Cut || cut
	r.Notes.Add(Note{Kind: trace.NoticeAnswer, Subject: subject, Count: 1, Places: []int{a.Off}, Cut: cut})
}

// AnswerError adds to an answer what the error that follows says: a text, or an object of any usual form.
func (r *Values) AnswerError(a Answer) Answer {
	r.errorInto(&a, errorDepth)
	return a
}

func (r *Values) errorInto(a *Answer, depth int) {
	if r.Next() == '"' {
		a.Text = string(r.StringOf("error"))
		return
	}
	if depth == 0 || !r.Object() {
		r.Skip()
		return
	}
	kind := ""
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "message", "Message", "msg", "reason", "detail", "error", "error_description":
			inner := Answer{}
			r.errorInto(&inner, depth-1)
			if inner.Text != "" && (a.Text == "" || string(key) == "message") {
				a.Text = inner.Text
			}
			a.Code = cmp.Or(a.Code, inner.Code)
		case "results": // Grafana's, by the name of the query
			for _, ok := r.KeyIn("results"); ok; _, ok = r.Key() {
				inner := Answer{}
				r.errorInto(&inner, depth-1)
				a.Text, a.Code = cmp.Or(a.Text, inner.Text), cmp.Or(a.Code, inner.Code)
			}
		case "code", "httpCode", "http_code", "status", "statusCode":
			if c := r.Next(); jsonscan.IsDigit(c) {
				a.Code = r.Int64Of("code")
			}
		case "traceID", "traceId":
			a.trace = string(r.StringOf("traceID"))
		case "type", "errorType", "__type":
			kind = string(r.StringOf("type"))
		case "root_cause":
			a.Who = cmp.Or(a.Who, Elasticsearch)
		}
	}
	a.Text = cmp.Or(a.Text, kind)
}

// AnswerErrors reads the list of errors that somebody gives beside data or in place of it.
func (r *Values) AnswerErrors(who string) {
	if c := r.Next(); c == '"' || c == '{' {
		r.Said(r.AnswerError(Answer{Who: who, Off: r.ValueAt()}))
		return
	}
	if !r.Array() {
		r.Skip()
		return
	}
	for r.Element() {
		r.Said(r.AnswerError(Answer{Who: who, Off: r.ValueAt()}))
	}
}

// Clip returns as much of a text as is passed on.
func Clip(text string) string {
	if len(text) <= mostSaid {
		return text
	}
	return strings.ToValidUTF8(text[:mostSaid], "") + "…"
}

// errorDepth is how deep in an error its text may lie: {"error":{"reason":{"reason":"…"}}}.
const errorDepth = 3

// None records that the other side found nothing, in words for an input that should have held spans.
func (t *answers) None(text string) {
	t.Nothing = t.Nothing || t.Refusal == ""
	t.Refusal = cmp.Or(t.Refusal, text)
}

// take adds what another worker was told.
func (t *answers) take(o *answers) {
	t.Nothing = t.Nothing || t.Refusal == "" && o.Nothing
	t.Refusal, t.Cut = cmp.Or(t.Refusal, o.Refusal), t.Cut || o.Cut
	t.Hits.total, t.Hits.got = max(t.Hits.total, o.Hits.total), t.Hits.got+o.Hits.got
	t.Hits.Inner, t.Hits.any = t.Hits.Inner || o.Hits.Inner, t.Hits.any || o.Hits.any
	if t.Hits.off == 0 {
		t.Hits.off = o.Hits.off
	}
}

func (c *elasticCount) Add(off int, total, got int64) {
	if c.off == 0 {
		c.off = off
	}
	c.total, c.got, c.any = max(c.total, total), c.got+got, true
}

func (c *elasticCount) Settle(r *Reader) {
	if c.any && c.total == 0 && c.got == 0 {
		r.Told.None("is a search response without results")
	}
	if c.total > c.got && c.got > 0 && !c.Inner {
		r.Told.Cut = true
		r.Notes.Add(Note{Kind: trace.NoticeAnswer, Count: 1, Places: []int{c.off}, Cut: true, Subject: fmt.Sprintf(
			"contains %s of %s search results: fetch the rest with size, search_after or scroll",
			trace.Grouped(int(c.got)), trace.Grouped(int(c.total)))})
	}
}

// Who answers, where that can be told.
const (
	JaegerBackend = "Jaeger"
	Elasticsearch = "Elasticsearch"
	tempoBackend  = "Tempo"
	anyBackend    = "the backend"
)

// The status by which HTTP and gRPC say that something was not found.
const (
	notFound     = 404
	grpcNotFound = 5
)
