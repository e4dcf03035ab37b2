package report

import (
	"strings"

	"tracefall/app/session"
	"tracefall/sources/trace"
)

// answeredJSON says in a document which backends answered: Backend where it is one, Backends where there are several,
// nothing where all inputs are files.
type answeredJSON struct {
	Backend  *backendJSON  `json:"backend,omitempty"`
	Backends []backendJSON `json:"backends,omitempty"`
}

// backendJSON is who answered what of a question. What is older than Complete may be missing.
type backendJSON struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"` // as it is configured: jaeger, tempo or auto
	Server   string `json:"server"`
	URL      string `json:"url"`
	Input    string `json:"input"`
	From     string `json:"from_unix_nano"` // "" where one trace was asked for without a window
	To       string `json:"to_unix_nano"`
	Complete string `json:"complete_from_unix_nano"`
	Requests int    `json:"requests"`
	Bytes    int64  `json:"bytes"`
	Asked    string `json:"asked"` // in the server's language, a line a request
	Here     string `json:"here"`  // the terms that were evaluated here
}

// answered fills in which backends answered what the document is about, and adds what they are to be noticed for.
func (p *Printer) answered(doc *answeredJSON, notices *[]noticeJSON) {
	var all []backendJSON
	for _, r := range p.Answered {
		if r.Answer == nil {
			continue
		}
		all = append(all, newBackendJSON(r))
		*notices = append(*notices, listOf(r.Answer.Notices, func(n trace.Notice) noticeJSON {
			return noticeJSON{n.Kind, r.Input, n.Count, n.Message}
		})...)
	}
	switch len(all) {
	case 0:
	case 1:
		doc.Backend = &all[0]
	default:
		doc.Backends = all
	}
}

func newBackendJSON(r *session.Request) backendJSON {
	a := r.Answer
	one := backendJSON{
		Name: r.Backend.Name, Kind: string(r.Backend.Kind), Server: a.Server, URL: a.URL, Input: r.Input,
		Requests: a.Requests, Bytes: a.Bytes, Asked: strings.Join(a.Asked, "\n"), Here: strings.Join(a.Here, " "),
	}
	if !a.Window.From.IsZero() {
		one.From, one.To, one.Complete = nanos(a.Window.From.UnixNano()), nanos(a.Window.To.UnixNano()), nanos(a.Complete.UnixNano())
	}
	return one
}
