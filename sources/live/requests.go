package live

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"

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

// request asks for a path and counts it.
func (c *client) request(ctx context.Context, path string, params url.Values) (*reply, error) {
	r, err := c.get(ctx, path, params, "")
	if t, ok := ctx.Value(tallyKey{}).(*tally); ok {
		t.requests.Add(1)
		if r != nil {
			t.bytes.Add(r.wire)
		}
	}
	return r, err
}

// expect asks for a path. An answer that is not 200 is an error: what the server refuses, or what it says.
func (c *client) expect(ctx context.Context, path string, params url.Values) (*reply, error) {
	r, err := c.request(ctx, path, params)
	switch {
	case err != nil:
		return nil, err
	case r.status == http.StatusOK:
		return r, nil
	}
	return nil, c.unexpected(r)
}

// unexpected is the error for an answer that is not 200.
func (c *client) unexpected(r *reply) error {
	if err := refused(r.status, c.message(r)); err != nil {
		return err
	}
	return c.said(r)
}

// learnt tells the diagnostics what was learnt of the server.
func (c *client) learnt(text string) { c.log(Event{At: c.now(), Text: text}) }

// document is an answer that holds spans.
func (c *client) document(r *reply) document {
	d := document{name: c.config.Name, data: r.body}
	if r.cut != "" {
		d.notes = append(d.notes, trace.Notice{Kind: NoticePartialAnswer, Input: d.name, Count: 1, Message: "PARTIAL: " + r.cut})
	}
	return d
}

// page is a page of one document.
func (c *client) page(r *reply) page {
	return page{documents: []document{c.document(r)}, partial: r.cut}
}

// notJSON is the error for an answer that is not what it should be: it shows how it begins.
func (c *client) notJSON(r *reply) error {
	return c.failed(fmt.Errorf("the answer is not the expected JSON: %s", c.clean(string(r.body[:min(len(r.body), 80)]))))
}

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
