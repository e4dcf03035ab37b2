package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"tracefall/sources"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// tally counts what answering a question took.
type tally struct {
	requests, bytes atomic.Int64
}

type tallyKey struct{}

// tallied returns a context whose requests are counted.
func tallied(ctx context.Context) (context.Context, *tally) {
	t := &tally{}
	return context.WithValue(ctx, tallyKey{}, t), t
}

// api is what the calls of all servers have in common.
type api struct{ *client }

// request asks for a path and counts it.
func (a api) request(ctx context.Context, path string, params url.Values) (*reply, error) {
	return a.requestAs(ctx, "", path, params)
}

// requestAs is request for an answer in a format, "" for JSON.
func (a api) requestAs(ctx context.Context, format, path string, params url.Values) (*reply, error) {
	r, err := a.get(ctx, path, params, format)
	if t, ok := ctx.Value(tallyKey{}).(*tally); ok {
		t.requests.Add(1)
		if r != nil {
			t.bytes.Add(r.wire)
		}
	}
	return r, err
}

// expect asks for a path. An answer that is not 200 is an error: what the server refuses, or what it says.
func (a api) expect(ctx context.Context, path string, params url.Values) (*reply, error) {
	r, err := a.request(ctx, path, params)
	switch {
	case err != nil:
		return nil, err
	case r.status == http.StatusOK:
		return r, nil
	}
	return nil, a.unexpected(r)
}

// unexpected is the error for an answer that is not 200.
func (a api) unexpected(r *reply) error {
	if err := simpler(r.status, a.message(r)); err != nil {
		return err
	}
	return a.said(r)
}

// learnt tells the diagnostics what was learnt of the server.
func (a api) learnt(text string) { a.log(Event{At: a.now(), Text: text}) }

// document is an answer that holds spans.
func (a api) document(r *reply) document {
	d := document{name: a.config.Name, data: r.body, cut: r.cut}
	if r.cut != "" {
		d.notes = append(d.notes, trace.Notice{Kind: NoticePartialAnswer, Input: d.name, Count: 1, Message: "PARTIAL: " + r.cut})
	}
	return d
}

// errTooLittle is the error for an answer of which nothing can be read, and why it is not whole.
func errTooLittle(cut string) error { return fmt.Errorf("%s, too little to read", cut) }

// unread is the error for a document of which these traces were read, and this is what went wrong: what it says itself,
// cleaned. What is wrong with one that is not whole is where it ends.
func (a api) unread(d document, ids []trace.TraceID, err error) error {
	var problem *sources.InputError
	unreadable := errors.As(err, &problem)
	switch {
	case d.cut != "" && (unreadable || err == nil && len(ids) == 0):
		return a.failed(errTooLittle(d.cut))
	case !unreadable:
		return err
	}
	return a.failed(errors.New(problem.Problem))
}

// page is a page of one document.
func (a api) page(r *reply) page {
	return page{documents: []document{a.document(r)}, partial: r.cut}
}

// notJSON is the error for an answer that is not what it should be: it shows how it begins, or why its end is missing.
func (a api) notJSON(r *reply) error {
	if r.cut != "" {
		return a.failed(errTooLittle(r.cut))
	}
	return a.failed(fmt.Errorf("the answer is not the expected JSON: %s", a.clean(string(r.body[:min(len(r.body), 80)]))))
}

// decode reads an answer of no great length.
func (r *reply) decode(into any) bool { return json.Unmarshal(r.body, into) == nil }

// has reports whether an answer is a JSON object with a key.
func (r *reply) has(key string) bool {
	s := jsonscan.Scanner{Data: r.body}
	return s.Next() == '{' && s.Object() && seek(&s, key)
}

// holds reports whether a list in an answer has an element. The path names the keys of objects that lead to it.
func (r *reply) holds(path ...string) bool {
	s := jsonscan.Scanner{Data: r.body}
	for _, want := range path {
		if s.Next() != '{' || !s.Object() || !seek(&s, want) {
			return false
		}
	}
	return s.Next() == '[' && s.Array() && s.Element()
}

// seek goes to the value of a key of the object that s is in.
func seek(s *jsonscan.Scanner, want string) bool {
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		if string(key) == want {
			return true
		}
		s.Skip()
	}
	return false
}

// escaped is an id as an element of a path. One that is no number may hold anything.
func escaped(id trace.TraceID) string { return url.PathEscape(id.String()) }

// setTime sets a parameter of api_v3 to a time.
func setTime(params url.Values, name string, t time.Time) {
	params.Set(name, t.UTC().Format(time.RFC3339Nano))
}

// setIf sets a parameter to a text that is not empty.
func setIf(params url.Values, name, text string) {
	if text != "" {
		params.Set(name, text)
	}
}

// setDuration sets a parameter to a duration that is given.
func setDuration(params url.Values, name string, d time.Duration) {
	if d > 0 {
		params.Set(name, d.String())
	}
}

// tagsJSON is tags as a JSON object, with its keys in order.
func tagsJSON(tags map[string]string) string {
	text, err := json.Marshal(tags)
	if err != nil { // which a map of texts cannot give
		return "{}"
	}
	return string(text)
}

// operation is one of a service, of which the kind does not matter here.
type operation struct{ Name string }

func names(operations []operation) []string {
	list := make([]string, len(operations))
	for i, o := range operations {
		list[i] = o.Name
	}
	return list
}
