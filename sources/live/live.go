package live

import (
	"context"
	"time"

	"tracefall/sources"
	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// Kind is which API a backend is asked by.
type Kind string

// The kinds that a configuration names.
const (
	Auto   Kind = "auto" // found out by asking
	Jaeger Kind = "jaeger"
	Tempo  Kind = "tempo"
)

// Config is a backend as the configuration or the command line names it.
type Config struct {
	Name      string // what messages call it
	Kind      Kind
	URL       string            // http, https or unix; its path is kept and ours are appended
	Tenant    string            // X-Scope-OrgID; for VictoriaTraces "12:3" is AccountID and ProjectID
	Headers   map[string]string // none of them a secret
	Timeout   time.Duration     // to the first byte of an answer
	MaxAnswer int64             // bytes of one answer, decompressed
	Parallel  int               // requests at a time
	Plain     bool              // credentials may go over plain http
	Auth      Auth
	TLS       TLS
}

// Auth names the commands, files and environment variables that credentials come from. No field holds a secret.
type Auth struct {
	TokenCommand []string
	TokenFile    string
	TokenEnv     string
	TokenHeader  string // "" for Authorization

	User            string // of basic authentication
	PasswordFile    string
	PasswordEnv     string
	PasswordCommand []string
}

// TLS says how a server is verified, and the client to it.
type TLS struct {
	CAFile, CertFile, KeyFile, ServerName string
}

// Options are what the program lends to a backend.
type Options struct {
	Version string // of the program, for User-Agent
	Env     func(string) string
	Reading sources.Options
	Now     func() time.Time
	Mask    func(string) string // hides what looks like a secret in the text of a server; may be nil
	Log     func(Event)         // each request, retry and refusal, for the diagnostics; may be nil; called from any goroutine
}

// Event is something that happened on the connection, without any secret.
type Event struct {
	At      time.Time
	Request string        // method, path and parameters
	Status  int           // of HTTP; 0 where none came
	Bytes   int64         // of the answer
	Took    time.Duration // to its last byte
	Text    string        // what went wrong, or was learnt; "" for nothing
}

// Window is the time window of a question: spans that start from From to before To.
type Window struct{ From, To time.Time }

// Question is what Find is asked.
type Question struct {
	Query  *query.Query
	Window Window
	Limit  int   // traces that match, 0 for all
	Exact  bool  // terms that a server may answer too narrowly stay here
	Light  Light // whether rows may stand for traces

	// Match tells which traces of a set match the whole query; nil where every trace does. Find calls it from its goroutine.
	Match func(context.Context, *trace.Set) (func(trace.TraceID) bool, error)

	// OnlyMatching lets go of the traces that came and do not match: a server may answer with more than was asked for, and what
	// it answered more is no sample of anything. Where none matches and nothing else is there, they stay: so it is seen what
	// nearly matches.
	OnlyMatching bool
}

// Progress is how far Find is.
type Progress struct {
	Requests int
	Bytes    int64
	Traces   int       // that came
	Rows     int       // of traces that were not read
	Matching int       // of these
	Down     time.Time // what is newer than this is complete
}

// Answer says who answered which part of a question, and whether anything may be missing.
type Answer struct {
	Backend  string // its name
	Server   string // which server it is, in words
	URL      string // without user info
	Window   Window
	Complete time.Time // what started from here on is complete; the start of the window where nothing is missing
	Asked    []string  // what the server was asked, in its own language, a line a request
	Terms    []string  // terms of the query that the server was asked
	Here     []string  // terms that are answered here
	Approx   []ask.Approx
	Cut      []Window // slices that no limit could be raised for
	Requests int
	Bytes    int64
	Took     time.Duration
	Notices  []trace.Notice
	Rest     *Rest // what was not read; nil where everything was
}

// Whole reports whether nothing can be missing: every slice came whole, to the start of the window.
func (a *Answer) Whole() bool { return len(a.Cut) == 0 && !a.Complete.After(a.Window.From) }
