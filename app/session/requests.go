package session

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"tracefall/app/config"
	"tracefall/sources/live"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Request is an input that a backend answers, and its answer.
type Request struct {
	Input   string
	Backend config.Backend
	ID      trace.TraceID // of the one trace that is asked for; zero for a window
	Query   string
	Window  live.Window // zero where one trace is asked for without a hint
	Limit   int         // traces that match, 0 for all
	Goal    int         // how many of them are asked for at first: Limit, or as many as were there before

	Watch  func(live.Progress) // called while it is asked, from another goroutine; may be nil
	Answer *live.Answer        // when it was asked; nil where nothing was answered
	Halted bool                // it was halted before the end
	Failed bool                // asking ended with an error, which says what came

	server *live.Backend // once it is asked
	search *live.Search
	halt   context.Context
	Halt   context.CancelFunc // ends asking; what came stays
}

// Inputs reads the arguments of a command that are no flags: inputs, and where a backend is named a trace id or a query
// alone. It returns the inputs, and the query: the one that is given together with that of a search of Jaeger's UI. Where
// there are none the backend that a flag names is the input; that of the environment only for a command that needs one, or
// where flags say what is asked of it.
func (b *Backends) Inputs(args []string, where string, need bool) (inputs []string, text string, err error) {
	asked, backend := false, false
	for _, arg := range args {
		_, is, err := b.request(arg)
		backend = backend || is
		switch {
		case err != nil:
			return nil, "", err
		case is && isLink(arg):
			l, err := parseLink(arg)
			if err != nil {
				return nil, "", err
			}
			inputs, where = append(inputs, arg), bothQueries(l.query, where)
		case b.Main == "" && !is && readsAsQuery(arg):
			return nil, "", fmt.Errorf("%s: no such file or directory; a query is the first argument of tracefall query, or follows --where", draw.Clean(strconv.Quote(arg)))
		case is || b.Main == "" || isFile(arg):
			inputs = append(inputs, arg)
		case isTraceID(arg):
			inputs, backend = append(inputs, b.Main+":"+arg), true
		case len(arg) > 32 && strings.Trim(arg, "0123456789abcdefABCDEF") == "":
			return nil, "", fmt.Errorf("%s is no trace id: it has %d hexadecimal digits, expected up to 32", arg, len(arg))
		case !asked && where == "" && !strings.ContainsAny(arg, "*?[") && CheckQuery(arg) == nil:
			where, asked = arg, true
		default:
			inputs = append(inputs, arg)
		}
	}
	flags := b.Scope.flags()
	if len(inputs) == 0 && b.Main != "" && (b.Named || asked || need || flags != "") {
		if _, err := b.named(b.Main); err != nil {
			return nil, "", err
		}
		inputs, backend = []string{b.Main + ":"}, true
	}
	if flags != "" && !backend {
		return nil, "", fmt.Errorf("%s: for backends only, and no input is one: add --backend, --jaeger, --tempo or --url", flags)
	}
	return inputs, where, nil
}

// OfTrace returns inputs of which one trace is shown: a backend is asked for the trace itself, not for a window. A text that
// is no trace id by itself is looked for in what the inputs hold.
func (b *Backends) OfTrace(inputs []string, id string) []string {
	inputs = slices.Clone(inputs)
	for i, input := range inputs {
		if r, is, err := b.request(input); err == nil && is && r.ID.IsZero() && !isLink(input) && isTraceID(id) {
			inputs[i] = input + id
		}
	}
	return inputs
}

// bothQueries is a query for what two ask for.
func bothQueries(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return "(" + a + ") (" + b + ")"
}

// isFile reports whether an input is there as a file.
func isFile(input string) bool {
	_, err := os.Stat(input)
	return input == "-" || err == nil
}

// readsAsQuery reports whether an input that is not there as a file can only be meant as a query: it compares, or is empty.
func readsAsQuery(input string) bool {
	return input == "" || strings.ContainsAny(input, "=<>{") && !isFile(input) && CheckQuery(input) == nil
}

// isTraceID reports whether a text can be nothing but the id of a trace.
func isTraceID(text string) bool {
	id := trace.ParseTraceID(text)
	return len(text) >= 16 && !id.IsZero() && id.Text == ""
}

// Requests returns what of some inputs backends answer, and what they are asked.
func (b *Backends) Requests(inputs []string, where string) ([]*Request, error) {
	var all []*Request
	for _, input := range inputs {
		r, is, err := b.request(input)
		if err != nil {
			return nil, err
		}
		if !is {
			continue
		}
		r.Query = where
		r.Resume()
		all = append(all, r)
	}
	return all, nil
}

// Resume lets a request be asked on that was halted.
func (r *Request) Resume() { r.halt, r.Halt = context.WithCancel(context.Background()) }

// Whole reports whether nothing is left to be asked of a window.
func (r *Request) Whole() bool {
	return !r.ID.IsZero() || r.Answer != nil && !r.Answer.Complete.After(r.Answer.Window.From)
}

// request reads an input that a backend answers: NAME:TRACEID, NAME: or a link into Jaeger's UI. A file of such a name
// comes before it, and a single letter is a drive.
func (b *Backends) request(input string) (r *Request, is bool, err error) {
	if isFile(input) {
		return nil, false, nil
	}
	if isLink(input) {
		r, err := b.linked(input)
		if err != nil {
			err = fmt.Errorf("%s: %w", shownLink(input), err)
		}
		return r, err == nil, err
	}
	name, id, ok := strings.Cut(input, ":")
	if !ok || !isBackendName(name) {
		return nil, false, nil
	}
	traceID := trace.ParseTraceID(id)
	isID := id == "" || !traceID.IsZero() && traceID.Text == ""
	if !isID && !slices.Contains(b.Names(), name) {
		return nil, false, nil // a file with a colon in its name that is not there
	}
	backend, err := b.named(name)
	switch {
	case err != nil:
		return nil, false, err
	case !isID:
		return nil, false, fmt.Errorf("%s: expected %s:TRACEID, up to 32 hexadecimal digits, or %s: for the traces of a window", draw.Clean(input), name, name)
	}
	r = &Request{Input: input, Backend: backend, ID: traceID}
	r.within(b.Scope)
	return r, true, nil
}

// isBackendName reports whether a text can name a backend: letters, digits and -_. from two characters on.
func isBackendName(name string) bool {
	other := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r))
	}
	return len(name) > 1 && strings.IndexFunc(name, other) < 0
}

// linked reads a link into Jaeger's UI. The backend is the configured one of that address, whose credentials are used;
// else one that is named after its host.
func (b *Backends) linked(input string) (*Request, error) {
	l, err := parseLink(input)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(l.base)
	if err != nil {
		return nil, err
	}
	backend := config.Backend{Config: live.Config{Name: u.Host, Kind: live.Jaeger, URL: l.base}}
	for _, one := range b.known {
		if strings.TrimRight(one.URL, "/") == l.base {
			backend = one
			break
		}
	}
	r := &Request{Input: input, Backend: backend, ID: l.id}
	scope := b.Scope
	if scope.From.IsZero() && scope.To.IsZero() && scope.Since == 0 {
		scope.From, scope.To, scope.Since = l.scope.From, l.scope.To, l.scope.Since
	}
	if scope.Limit == 0 && !scope.All {
		scope.Limit = l.scope.Limit
	}
	r.within(scope)
	return r, nil
}

// within sets window and limit. For one trace a window is a hint, which only a person gives.
func (r *Request) within(s Scope) {
	if r.ID.IsZero() || !s.From.IsZero() {
		r.Window = s.window(r.Backend.Since, time.Now())
	}
	r.Limit = s.limit(r.Backend.Limit)
	r.Goal = r.Limit
}

// Title names the backend and its host.
func (r *Request) Title() string {
	if host := r.host(); host != r.Backend.Name {
		return r.Backend.Name + " · " + host
	}
	return r.Backend.Name
}

func (r *Request) host() string {
	u, err := url.Parse(r.Backend.URL)
	if err != nil || u.Host == "" {
		return r.Backend.Name
	}
	return u.Host
}

// Place is where the backend is, without what may be a secret.
func (r *Request) Place() string { return shownLink(r.Backend.URL) }

// Words are the words of a command line that ask the same again, at any later time: flags, and the inputs that are left.
func (b *Backends) Words(requests []*Request, inputs []string) (flags, rest []string) {
	if len(requests) == 0 {
		return nil, inputs
	}
	flags = slices.Clone(b.words)
	alone := len(inputs) == 1 && isBackendName(strings.TrimSuffix(inputs[0], ":")) && strings.HasSuffix(inputs[0], ":")
	switch {
	case alone && inputs[0] == b.Main+":" && b.Named:
		inputs = nil
	case alone: // one of the configuration
		flags, inputs = []string{"--backend", ShellQuote(strings.TrimSuffix(inputs[0], ":"))}, nil
	}
	for _, r := range requests {
		if r.ID.IsZero() {
			flags = append(flags, "--from", r.Window.From.UTC().Format(time.RFC3339), "--to", r.Window.To.Add(time.Second-1).UTC().Format(time.RFC3339))
			break
		}
	}
	switch {
	case b.Scope.All:
		flags = append(flags, "--all")
	case b.Scope.Limit > 0:
		flags = append(flags, "--limit", strconv.Itoa(b.Scope.Limit))
	}
	if b.Scope.Light {
		flags = append(flags, "--light")
	}
	return flags, inputs
}
