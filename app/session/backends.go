package session

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tracefall/app/config"
	"tracefall/diagnose/secrets"
	"tracefall/sources/live"
	"tracefall/sources/spelling"
)

// BackendFlags are what the command line says about backends, as it was written.
type BackendFlags struct {
	Backend            string // a name of the configuration
	Jaeger, Tempo, URL string // or an address that needs none
	Headers            []string
	Since, From, To    string
	Limit              int
	All, Exact, Light  bool
}

// Backends are the servers that inputs can name. Each is opened when it is asked first, and stays open for the session.
type Backends struct {
	Scope Scope  // what is asked for beside the query
	Main  string // the backend that flags or environment name, "" for none
	Named bool   // it is named by a flag

	words    []string // the flags that name Main and say what is sent to it, nil for none
	settings *Settings
	known    []config.Backend // of several with one name the first counts

	asking sync.WaitGroup // questions under way

	mu   sync.Mutex
	open map[string]*connection
	logs map[string]*logConnection
}

// connection is a backend that was asked.
type connection struct {
	*live.Backend
	events []live.Event // the latest
	failed error        // how the latest question failed, nil where it did not
}

// mostEvents is how many requests a connection remembers.
const mostEvents = 200

// NewBackends returns the backends of the configuration and of flags.
func NewBackends(s *Settings, flags BackendFlags) (*Backends, error) {
	b := &Backends{settings: s, known: s.Config.Backends, open: map[string]*connection{}, logs: map[string]*logConnection{}}
	var err error
	if b.Scope, err = newScope(s.Clock, flags); err != nil {
		return nil, err
	}
	headers, err := parseHeaders(flags.Headers)
	if err != nil {
		return nil, err
	}
	named := 0
	for _, flag := range []struct {
		word, value, name string
		kind              live.Kind
	}{
		{"--backend", flags.Backend, flags.Backend, ""}, {"--jaeger", flags.Jaeger, "jaeger", live.Jaeger},
		{"--tempo", flags.Tempo, "tempo", live.Tempo}, {"--url", flags.URL, "backend", live.Auto},
	} {
		if flag.value == "" {
			continue
		}
		named++
		b.Main, b.Named, b.words = flag.name, true, []string{flag.word, ShellQuote(flag.value)}
		if flag.kind != "" {
			own := config.Backend{Config: live.Config{Name: flag.name, Kind: flag.kind, URL: flag.value}}
			if _, err := own.Check(); err != nil {
				return nil, fmt.Errorf("%s: %w", flag.word, err) // without the value, which may hold a secret
			}
			b.known = append([]config.Backend{own}, b.known...)
		}
	}
	b.Main = cmp.Or(b.Main, s.World.Env("TRACEFALL_BACKEND"))
	switch {
	case named > 1:
		return nil, errors.New("--backend, --jaeger, --tempo and --url name a backend each: give one of them")
	case len(headers) > 0 && !b.Named:
		return nil, errors.New("--header needs --backend, --jaeger, --tempo or --url")
	}
	for _, text := range flags.Headers {
		b.words = append(b.words, "--header", ShellQuote(text))
	}
	if main, err := b.named(b.Main); err == nil && b.Named {
		b.known = append([]config.Backend{withHeaders(main, headers)}, b.known...)
	}
	return b, nil // a name that there is not is an error where it is used
}

// Names lists the backends that can be named, sorted.
func (b *Backends) Names() []string {
	var names []string
	for _, one := range b.known {
		names = append(names, one.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// mostElsewhere is how many other backends are named for a trace that one does not know.
const mostElsewhere = 3

// elsewhere names the other backends that may know the trace of a request, as they are asked for it; "" for none.
func (b *Backends) elsewhere(r *Request) string {
	var inputs []string
	for _, name := range b.Names() {
		if other, err := b.named(name); err == nil && name != r.Backend.Name && other.URL != r.Backend.URL {
			inputs = append(inputs, name+":"+r.ID.String())
		}
	}
	switch {
	case len(inputs) == 0:
		return ""
	case len(inputs) > mostElsewhere:
		inputs = append(inputs[:mostElsewhere], "…")
	}
	return "; try: " + strings.Join(inputs, ", ")
}

// named returns the backend of a name. The error says which ones there are.
func (b *Backends) named(name string) (config.Backend, error) {
	for _, one := range b.known {
		if one.Name == name {
			return one, nil
		}
	}
	if len(b.known) == 0 {
		return config.Backend{}, fmt.Errorf("unknown backend %q: the configuration has none; add a table [backend.%s], or use --jaeger URL or --tempo URL", name, name)
	}
	return config.Backend{}, fmt.Errorf("unknown backend %q%s", name, spelling.Suggest(name, b.Names()))
}

// connect returns the connection to a backend. It opens no socket.
func (b *Backends) connect(c config.Backend) (*connection, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if open := b.open[c.Name]; open != nil {
		return open, nil
	}
	connected := &connection{}
	server, err := live.Open(c.Config, b.options(&connected.events))
	if err != nil {
		return nil, err
	}
	connected.Backend, b.open[c.Name] = server, connected
	return connected, nil
}

// options are what a connection is lent. Its requests are noted in events, which belong to the lock.
func (b *Backends) options(events *[]live.Event) live.Options {
	return live.Options{
		Version: Version(), Env: b.settings.World.Env, Reading: b.settings.World.Reading, Now: time.Now, Mask: secrets.Masked,
		Log: func(e live.Event) {
			b.mu.Lock()
			defer b.mu.Unlock()
			if *events = append(*events, e); len(*events) > mostEvents {
				*events = slices.Clone((*events)[len(*events)-mostEvents:])
			}
		},
	}
}

// ended notes how a question to a backend ended.
func (b *Backends) ended(name string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if open := b.open[name]; open != nil {
		open.failed = err
	}
}

// endedWithin is how long questions that were cancelled may take to end.
const endedWithin = time.Second

// Wait waits for questions that were cancelled: the commands that they run end with them.
func (b *Backends) Wait() {
	ended := make(chan struct{})
	go func() {
		b.asking.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(endedWithin):
	}
}

// Events are the latest requests to a backend, the oldest first.
func (b *Backends) Events(name string) []live.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	if open := b.open[name]; open != nil {
		return slices.Clone(open.events)
	}
	return nil
}

// Failed tells how the latest question to a backend failed, nil where it did not.
func (b *Backends) Failed(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if open := b.open[name]; open != nil {
		return open.failed
	}
	return nil
}

// parseHeaders reads headers as they are given on the command line, which everybody on the machine can read: no secrets.
func parseHeaders(texts []string) (map[string]string, error) {
	headers := map[string]string{}
	for _, text := range texts {
		key, value, ok := strings.Cut(text, ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || key == "" {
			return nil, fmt.Errorf("--header %q: expected 'NAME: VALUE'", text)
		}
		if err := live.CheckHeader(key, value); err != nil {
			return nil, fmt.Errorf("--header: %w", err)
		}
		if HoldsSecret(key, value) {
			return nil, fmt.Errorf("--header: %s looks like a secret, which everybody on the machine can read here: set token_command, token_file or token_env of a backend in the configuration", key)
		}
		headers[key] = value
	}
	return headers, nil
}

// withHeaders returns a backend that sends headers too.
func withHeaders(c config.Backend, more map[string]string) config.Backend {
	all := map[string]string{}
	for _, headers := range []map[string]string{c.Headers, more} {
		for key, value := range headers {
			all[key] = value
		}
	}
	c.Headers = all
	return c
}

// Listed is a backend as a list of them shows it.
type Listed struct{ Name, Kind, Place, Failed string }

// List lists the backends, by name.
func (b *Backends) List() []Listed {
	var all []Listed
	for _, name := range b.Names() {
		one, err := b.named(name)
		if err != nil {
			continue
		}
		listed := Listed{Name: name, Kind: cmp.Or(string(one.Kind), string(live.Auto)), Place: shownLink(one.URL)}
		if err := b.Failed(name); err != nil {
			listed.Failed = err.Error()
		}
		all = append(all, listed)
	}
	return all
}
