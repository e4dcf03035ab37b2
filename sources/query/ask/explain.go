package ask

import (
	"fmt"
	"strings"

	"tracefall/sources/query"
)

// String returns the request's predicate on one line, "every trace" for none.
func (p Part) String() string {
	switch text := p.tagsText(); {
	case len(p.Filter) > 0:
		return filterText(p.Filter)
	case p.TraceQL != "":
		return p.TraceQL
	case text != "":
		return text
	}
	return "every trace"
}

// WithService returns the same request within one service, for servers that want one.
func (p Part) WithService(service string, d Dialect) Part {
	switch d {
	case Filter:
		p.Filter = inService(service, p.Filter)
	case Tags:
		if p.Service == "" {
			p.Service = service
		}
	case TraceQL: // Tempo wants none
	}
	return p
}

// Explain says in lines what a server is asked for a query, what it is not asked, and which terms it may answer too
// narrowly, with the reason.
func Explain(q *query.Query, opt Options) string {
	a := For(q, opt)
	var b strings.Builder
	line := func(label, text string) { fmt.Fprintf(&b, "%-8s%s\n", label, text) }
	line("backend", a.Dialect.String())
	if !a.ID.IsZero() {
		line("asked", "trace "+a.ID.String())
	} else {
		for i, p := range a.Parts {
			label := "asked"
			if i > 0 {
				label = "or"
			}
			line(label, p.String())
		}
	}
	for _, text := range a.Here {
		line("here", text)
	}
	for _, approx := range a.Approx {
		line("≈", approx.Term+": "+approx.Reason)
	}
	if len(a.Approx) > 0 { // as the search itself does once it has an answer
		opt.Exact = true
		wider := make([]string, 0, 1)
		for _, p := range For(q, opt).Parts {
			wider = append(wider, p.String())
		}
		line("else", strings.Join(wider, " or ")+": asked instead where the first answer lacks traces that match")
	}
	return b.String()
}
