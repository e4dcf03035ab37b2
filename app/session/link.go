package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// link is what a link into Jaeger's UI asks for.
type link struct {
	base  string        // the address of the server, with its base path
	id    trace.TraceID // of the one trace; zero for a search
	query string        // of the search
	scope Scope         // of the search: window and limit
}

// isLink reports whether an input is an address.
func isLink(input string) bool {
	return strings.HasPrefix(input, "http://") || strings.HasPrefix(input, "https://")
}

// parseLink reads a link that was copied from Jaeger's UI: …/trace/ID, or …/search?….
func parseLink(text string) (link, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return link{}, errors.New("is no valid URL")
	}
	if u.User != nil {
		return link{}, errors.New("a URL with a password is not used: set user and password_file of a backend in the configuration")
	}
	server := url.URL{Scheme: u.Scheme, Host: u.Host}
	path := strings.TrimRight(u.Path, "/")
	if at := strings.LastIndex(path, "/trace/"); at >= 0 {
		id := trace.ParseTraceID(path[at+len("/trace/"):])
		if id.IsZero() || id.Text != "" {
			return link{}, errors.New("has no trace id after /trace/")
		}
		server.Path = path[:at]
		return link{base: server.String(), id: id}, nil
	}
	base, ok := strings.CutSuffix(path, "/search")
	if !ok {
		return link{}, errors.New("is no link to a trace or a search of Jaeger's UI (…/trace/ID, …/search?…); --jaeger URL, --tempo URL and --url URL name a server")
	}
	server.Path = base
	l := link{base: server.String()}
	return l, l.search(u.Query())
}

// shownLink writes a link for a message: without what may be a secret in it.
func shownLink(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "the link"
	}
	return draw.Clean((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String())
}

// search reads the parameters of a search.
func (l *link) search(values url.Values) error {
	var terms []string
	add := func(key, value string) {
		if value != "" {
			terms = append(terms, query.Equals(key, value))
		}
	}
	add("service", values.Get("service"))
	if operation := values.Get("operation"); operation != "all" {
		add("name", operation)
	}
	for _, bound := range []struct{ name, op string }{{"minDuration", ">="}, {"maxDuration", "<="}} {
		text := values.Get(bound.name)
		if text == "" {
			continue
		}
		if _, err := time.ParseDuration(text); err != nil {
			return fmt.Errorf("%s=%q: expected a duration such as 1.2s", bound.name, text)
		}
		terms = append(terms, "duration"+bound.op+text)
	}
	tags, err := linkTags(values)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		add(key, tags[key])
	}
	l.query = strings.Join(terms, " ")
	if _, err := query.Parse(l.query); err != nil {
		return fmt.Errorf("the search cannot be read as a query (%s): %w", l.query, err)
	}
	return l.times(values)
}

// linkTags reads the tags of a search: a JSON object, or key:value each.
func linkTags(values url.Values) (map[string]string, error) {
	tags := map[string]string{}
	if text := values.Get("tags"); text != "" {
		if err := json.Unmarshal([]byte(text), &tags); err != nil {
			return nil, fmt.Errorf("tags=%s: expected a JSON object of texts", text)
		}
	}
	for _, text := range values["tag"] {
		key, value, ok := strings.Cut(text, ":")
		if !ok || key == "" {
			return nil, fmt.Errorf("tag=%s: expected key:value", text)
		}
		tags[key] = value
	}
	return tags, nil
}

// times reads window and limit of a search. Its absolute times come before how far it looks back.
func (l *link) times(values url.Values) error {
	for _, one := range []struct {
		name string
		at   *time.Time
	}{{"start", &l.scope.From}, {"end", &l.scope.To}} {
		text := values.Get(one.name)
		if text == "" {
			continue
		}
		micros, err := strconv.ParseInt(text, 10, 64)
		if err != nil || micros <= 0 {
			return fmt.Errorf("%s=%s: expected microseconds since 1970", one.name, text)
		}
		*one.at = time.UnixMicro(micros)
	}
	if text := values.Get("lookback"); l.scope.From.IsZero() && text != "" && text != "custom" {
		since, err := ParseSince(text)
		if err != nil {
			return fmt.Errorf("lookback=%w", err)
		}
		l.scope.Since = since
	}
	if !l.scope.From.IsZero() && !l.scope.To.IsZero() && !l.scope.From.Before(l.scope.To) {
		return errors.New("its search ends before it starts")
	}
	if text := values.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n <= 0 {
			return fmt.Errorf("limit=%s: expected a number of traces", text)
		}
		l.scope.Limit = n
	}
	return nil
}
