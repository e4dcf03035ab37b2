package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tracefall/sources/query/ask"
)

// detection finds out which server a backend is, by what it answers: the content type is no evidence, and neither is the
// status, since Jaeger's interface answers every path that it does not know with a web page.
//
//	/api/v3/capabilities       Jaeger C
//	/api/v3/trace-summaries    Jaeger B
//	/api/v3/services           Jaeger A
//	/api/services              J: Jaeger 1, VictoriaTraces and what else has Jaeger's JSON API
//	/api/echo                  Tempo
type detection struct {
	api
	now    func() time.Time
	odd    error    // a web page, or a path that is forbidden: others may be served; nil for none
	victor bool     // the texts are those of VictoriaTraces
	heard  []*reply // the answers that did not say which server it is
}

// run asks until one step is sure. A step that only fails is an error at once: the next ones would fail alike.
func (d *detection) run(ctx context.Context, kind Kind) (server, error) {
	steps := []func(context.Context) (server, error){d.capabilities, d.summaries, d.services, d.older, d.echo}
	if kind == Jaeger {
		steps = steps[:4]
	}
	if kind == Tempo {
		steps = steps[4:]
	}
	for _, step := range steps {
		s, err := step(ctx)
		if s != nil || err != nil {
			return s, err
		}
	}
	err := d.unknown(kind)
	var server *ServerError
	if errors.As(err, &server) {
		return nil, err
	}
	if other := d.other(ctx, kind); other != "" {
		return nil, d.failed(fmt.Errorf("%s answers as %s does, not as %s: name it with --%[2]s, or kind = \"%[2]s\" in the configuration", d.config.URL, other, kind))
	}
	return nil, err
}

// other is the kind of server that it is, where one of another kind was named; "" where it is neither.
func (d *detection) other(ctx context.Context, kind Kind) Kind {
	var steps []func(context.Context) (server, error)
	var other Kind
	switch kind {
	case Jaeger:
		steps, other = append(steps, d.echo), Tempo
	case Tempo:
		steps, other = append(steps, d.services, d.older), Jaeger
	default: // each was tried
	}
	for _, step := range steps {
		if s, err := step(ctx); s != nil && err == nil {
			return other
		}
	}
	return ""
}

// unknown is the error where no step was sure: what the server says where it only fails, else what was expected of it.
func (d *detection) unknown(kind Kind) error {
	if d.odd != nil {
		return d.odd
	}
	failing := func(r *reply) bool { return r.status >= http.StatusInternalServerError }
	if len(d.heard) > 0 && !slices.ContainsFunc(d.heard, func(r *reply) bool { return !failing(r) }) {
		return d.said(d.heard[0])
	}
	api, where := "API of Jaeger or Tempo", "Jaeger's query service (port 16686 by default) or of Tempo (3200)"
	switch kind {
	case Jaeger:
		api, where = "Jaeger API", "Jaeger's query service (port 16686 by default)"
	case Tempo:
		api, where = "Tempo API", "Tempo (port 3200 by default)"
	default: // either
	}
	var statuses []string
	for _, r := range d.heard {
		statuses = append(statuses, strconv.Itoa(r.status))
	}
	slices.Sort(statuses)
	return d.failed(fmt.Errorf("%s has no %s (%s answered %s): expected the address of %s, with its base path",
		d.config.URL, api, countPaths(len(d.heard)), strings.Join(slices.Compact(statuses), " and "), where))
}

func countPaths(n int) string {
	if n == 1 {
		return "1 path"
	}
	return strconv.Itoa(n) + " paths"
}

// ask asks for a path. The reply is nil where others may be served although this one is not.
func (d *detection) ask(ctx context.Context, path string, params url.Values) (*reply, error) {
	r, err := d.request(ctx, path, params)
	var server *ServerError
	switch {
	case errors.Is(err, errWebPage), errors.As(err, &server) && server.Status == http.StatusForbidden:
		d.odd = err
		return nil, nil
	case err != nil:
		return nil, err
	}
	d.heard = append(d.heard, r)
	if r.header.Get("X-Server-Hostname") != "" || strings.HasPrefix(string(r.body), "unsupported path requested") {
		d.victor = true
	}
	return r, nil
}

// apiV3 reports whether an error comes from a path of api_v3 that exists.
func apiV3(r *reply) bool {
	return r.status >= 400 && r.status != http.StatusNotFound && r.errorCode() != 0
}

func (d *detection) capabilities(ctx context.Context) (server, error) {
	r, err := d.ask(ctx, "/api/v3/capabilities", nil)
	if r == nil || r.status != http.StatusOK {
		return nil, err
	}
	var said struct {
		Search *struct {
			WithoutServiceName, Paginated, SpanSearch bool
			Filter                                    struct{ Levels, Operators []string }
		}
	}
	if !r.decode(&said) || said.Search == nil {
		return nil, nil // something else has this path
	}
	return &jaeger{api: d.api, params: camelCase, about: "Jaeger (api_v3 with capabilities)", declared: &ask.Capabilities{
		Levels: said.Search.Filter.Levels, Operators: said.Search.Filter.Operators,
		WithoutService: said.Search.WithoutServiceName, Paginated: said.Search.Paginated, SpanSearch: said.Search.SpanSearch,
	}}, nil
}

func (d *detection) summaries(ctx context.Context) (server, error) {
	to := d.now()
	params := url.Values{}
	setTime(params, camelCase.from, to.Add(-time.Minute))
	setTime(params, camelCase.to, to)
	params.Set(camelCase.limit, "1")
	r, err := d.ask(ctx, "/api/v3/trace-summaries", params)
	if r == nil || !(r.status == http.StatusOK && r.has("summaries")) && !apiV3(r) {
		return nil, err
	}
	return &jaeger{api: d.api, params: camelCase, about: "Jaeger 2.19 or later (api_v3)"}, nil
}

func (d *detection) services(ctx context.Context) (server, error) {
	r, err := d.ask(ctx, "/api/v3/services", nil)
	switch {
	case r == nil:
		return nil, err
	case r.status == http.StatusOK && (r.has("services") || string(bytes.TrimSpace(r.body)) == "{}"): // before the first span came
		return &jaeger{api: d.api, params: snakeCase, about: "Jaeger 1.76 or 2.0 to 2.18 (api_v3)", older: newOlder(d.api, false)}, nil
	case apiV3(r):
		return nil, d.said(r)
	}
	return nil, nil
}

func (d *detection) older(ctx context.Context) (server, error) {
	r, err := d.ask(ctx, "/api/services", nil)
	if r == nil || r.status != http.StatusOK {
		return nil, err
	}
	var said struct{ Data []string }
	if !r.decode(&said) || !r.has("data") {
		return nil, nil // something else has this path
	}
	return newOlder(d.api, d.victor), nil
}

func (d *detection) echo(ctx context.Context) (server, error) {
	r, err := d.ask(ctx, "/api/echo", nil)
	if r == nil || r.status != http.StatusOK || strings.TrimSpace(string(r.body)) != "echo" {
		return nil, err
	}
	return newTempo(d.api, d.now), nil
}
