package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tracefall/sources"
	"tracefall/sources/trace"
)

// Backend is a server that is asked. Its methods may be called from several goroutines.
type Backend struct {
	config Config
	opt    Options
	api    api

	detecting chan struct{} // holds one token: the goroutine that has it detects
	mu        sync.Mutex
	found     server // nil until the first question

	learnt learnt
}

// Open returns a backend. It opens no socket; the error says what is wrong with the configuration.
func Open(cfg Config, opt Options) (*Backend, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if err := cfg.named(cfg.Check()); err != nil {
		return nil, err
	}
	c, err := newClient(cfg, opt)
	if err != nil {
		return nil, err
	}
	return &Backend{config: cfg, opt: opt, api: api{c}, detecting: make(chan struct{}, 1)}, nil
}

// Name is what messages call the backend.
func (b *Backend) Name() string { return b.config.Name }

// URL is where the backend is. It has no user info: Open refuses that.
func (b *Backend) URL() string { return b.config.URL }

func (b *Backend) known() server {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.found
}

// server is which server it is. The first call asks, and what was found is remembered; a failure is not.
func (b *Backend) server(ctx context.Context) (server, error) {
	select {
	case b.detecting <- struct{}{}:
		defer func() { <-b.detecting }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s := b.known(); s != nil {
		return s, nil
	}
	d := detection{api: b.api, now: b.opt.Now}
	s, err := d.run(ctx, b.config.Kind)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.found = s
	b.mu.Unlock()
	b.api.learnt("this is " + s.About())
	return s, nil
}

// Trace asks for one trace and adds it to a feed. A zero window is no hint.
func (b *Backend) Trace(ctx context.Context, id trace.TraceID, w Window, feed *sources.Feed) (*Answer, error) {
	began := b.opt.Now()
	ctx, asked := tallied(ctx)
	a := &Answer{Backend: b.Name(), URL: b.URL(), Window: w, Complete: w.From, Asked: []string{"trace " + id.String()}}
	defer func() {
		a.Requests, a.Bytes, a.Took = int(asked.requests.Load()), asked.bytes.Load(), b.opt.Now().Sub(began)
	}()
	s, err := b.server(ctx)
	if err != nil {
		return a, err
	}
	a.Server = s.About()
	doc, err := s.Trace(ctx, id, w)
	if err != nil {
		return a, b.failed(err, id, w)
	}
	ids, err := feed.Add(doc.name, doc.data, doc.notes...)
	if err = b.api.unread(doc, ids, err); err == nil && len(ids) == 0 {
		err = b.failed(ErrNoTrace, id, w)
	}
	return a, err
}

// failed puts in words why a trace was not had.
func (b *Backend) failed(err error, id trace.TraceID, w Window) error {
	switch {
	case errors.Is(err, ErrNoTrace) && w == Window{}:
		return &failure{fmt.Sprintf("%s: no trace %s", b.Name(), id), ErrNoTrace}
	case errors.Is(err, ErrNoTrace):
		return &failure{
			fmt.Sprintf("%s: no trace %s from %s to %s", b.Name(), id, w.From.UTC().Format(time.RFC3339), w.To.UTC().Format(time.RFC3339)), ErrNoTrace,
		}
	case errors.Is(err, errNumber):
		return fmt.Errorf("%s: no answer for trace %s: an attribute is NaN or infinite, which its JSON API cannot write", b.Name(), id)
	}
	return err
}

// missingService is what Jaeger calls the service of spans that name none.
const missingService = "missing-service-name"

// Services lists the names of the services that the backend knows, sorted.
func (b *Backend) Services(ctx context.Context) ([]string, error) {
	s, err := b.server(ctx)
	if err != nil {
		return nil, err
	}
	names, err := s.Services(ctx)
	return slices.DeleteFunc(sorted(names), func(name string) bool { return name == missingService || name == "" }), err
}

// Operations lists the names of the operations of a service, sorted.
func (b *Backend) Operations(ctx context.Context, service string) ([]string, error) {
	s, err := b.server(ctx)
	if err != nil {
		return nil, err
	}
	names, err := s.Operations(ctx, service)
	return sorted(names), err
}

// Keys lists the keys of attributes that the backend knows, as queries write them, sorted; none where the server has no
// such call.
func (b *Backend) Keys(ctx context.Context) ([]string, error) {
	s, err := b.server(ctx)
	if err != nil {
		return nil, err
	}
	t, ok := s.(*tempo)
	if !ok {
		return nil, nil
	}
	keys, err := t.keys(ctx)
	return sorted(keys), err
}

// Values lists the values that a key has in spans which a TraceQL query selects, "" for all, sorted; none where the server
// has no such call. The key is one of the query language's.
func (b *Backend) Values(ctx context.Context, key, narrowing string) ([]string, error) {
	s, err := b.server(ctx)
	if err != nil {
		return nil, err
	}
	t, ok := s.(*tempo)
	if !ok {
		return nil, nil
	}
	values, err := t.values(ctx, key, narrowing)
	return sorted(values), err
}

// sorted returns names in order, each once.
func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
