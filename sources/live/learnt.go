package live

import (
	"maps"
	"slices"
	"sync"

	"tracefall/sources/query"
	"tracefall/sources/query/ask"
)

// mostWeaker is how often a question is put more simply because of something that the server names. Then its filter is
// given up.
const mostWeaker = 4

// learnt is what was seen of a server in this session. Its methods may be called from several goroutines.
type learnt struct {
	mu      sync.Mutex
	stay    map[string]bool // terms that it answers too narrowly
	tried   map[string]bool // terms that it was seen to answer
	refused []string        // what its filter does not serve
	weaker  int             // refusals of that kind
	level   level
	service bool  // every search needs a service
	within  bool  // a search for more than times and durations needs one
	bytes   int64 // of the traces that were read
	traces  int
	bound   int // the highest limit that it may take; 0 for the usual
}

// level is how much of a query a server is asked.
type level uint8

const (
	everything  level = iota // what its dialect can say
	tagsAlone                // its filter was refused
	nothingElse              // only the window: what it was asked was refused in every way
)

// question is what a server is asked for a query, by what was learnt of it.
func (l *learnt) question(s server, q *query.Query, exact bool) ask.Ask {
	l.mu.Lock()
	defer l.mu.Unlock()
	opt := ask.Options{Dialect: s.Dialect()}
	if p, ok := s.(particular); ok {
		opt = p.Options()
	}
	if opt.Dialect == ask.Filter && l.level > everything {
		opt.Dialect = ask.Tags
	}
	opt.Exact, opt.Stay, opt.Refused = exact, maps.Clone(l.stay), slices.Clone(l.refused)
	a := ask.Ask{Dialect: opt.Dialect, Parts: []ask.Part{{}}}
	if q == nil {
		return a
	}
	if l.level == nothingElse {
		if text := q.String(); text != "" {
			a.Here = []string{text}
		}
		return a
	}
	return ask.For(q, opt)
}

// without is the question without the terms that the server may answer too narrowly.
func (l *learnt) without(s server, q *query.Query) ask.Ask {
	return l.question(s, q, true)
}

// takes learns from a refusal, and reports whether the question can be put more simply. The dialect is that of the
// question.
func (l *learnt) takes(refused *refusedError, d ask.Dialect) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if refused.kind == refusedTerm && len(refused.names) > 0 && l.weaker < mostWeaker && l.level == everything {
		l.weaker++
		l.refused = append(l.refused, refused.names...)
		return true
	}
	switch {
	case l.level == nothingElse:
		return false
	case d == ask.Filter:
		l.level = tagsAlone
	default:
		l.level = nothingElse
	}
	return true
}

// narrow learns that a server leaves out traces that match these terms.
func (l *learnt) narrow(terms []ask.Approx) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stay == nil {
		l.stay = map[string]bool{}
	}
	for _, t := range terms {
		l.stay[t.Term] = true
	}
}

// untried reports whether one of the terms was not tried in this session.
func (l *learnt) untried(terms []ask.Approx) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(terms, func(t ask.Approx) bool { return !l.tried[t.Term] })
}

// answers learns that a server was seen to answer these terms.
func (l *learnt) answers(terms []ask.Approx) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tried == nil {
		l.tried = map[string]bool{}
	}
	for _, t := range terms {
		l.tried[t.Term] = true
	}
}

// needsService reports whether a request has to name a service and does not.
func (l *learnt) needsService(part ask.Part) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return part.Service == "" && (l.service || l.within && asksMore(part))
}

// wantsService learns that a request has to name a service, as a parameter, which a filter excludes.
func (l *learnt) wantsService(part ask.Part) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.within = true; !asksMore(part) {
		l.service = true
	}
	if len(part.Filter) > 0 {
		l.level = max(l.level, tagsAlone)
	}
}

// asksMore reports whether a request is about an operation or an attribute: Badger wants a service for that alone.
func asksMore(part ask.Part) bool {
	return part.Operation != "" || len(part.Tags) > 0 || len(part.Filter) > 0
}

// highest is the highest limit that the server may take.
func (l *learnt) highest() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bound == 0 {
		return mostAsked
	}
	return l.bound
}

// bounded learns the highest limit that the server may take.
func (l *learnt) bounded(bound int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if bound < mostAsked && (l.bound == 0 || bound < l.bound) {
		l.bound = bound
	}
}

// large is the mean size of a trace from which on rows stand for traces where they may.
const large = 256 << 10 // bytes

// weigh learns how large traces are.
func (l *learnt) weigh(bytes, traces int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bytes += int64(bytes)
	l.traces += traces
}

// heavy reports whether the mean trace is large.
func (l *learnt) heavy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bytes > int64(l.traces)*large
}
