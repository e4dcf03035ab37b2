package facts

import (
	"strings"

	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Edge is a call as an edge of the graph of services.
type Edge struct {
	From, To string // services, or a peer that left no span, as they may be shown
	Server   int    // the span that served the call, -1 where there is none
	Peer     bool   // nobody but the caller tells of To: it is an address, or a database's system and namespace
}

// Edges finds the calls among the spans of one set. It serves one goroutine at a time.
type Edges struct {
	c     semconv.Canonical
	shown shownServices
	peers map[string]string // as they may be shown

	of    *Facts                // of the trace that was looked at last
	works map[trace.Symbol]bool // its services that do something besides calling others
}

// NewEdges returns what finds them.
func NewEdges() *Edges { return &Edges{shown: shownServices{}, peers: map[string]string{}} }

// Of returns the call that span i stands for; ok is false for a span that stands for none. A call is found once, at
// its caller's span where there is one, so that the self time of that span is what passes between the two.
func (e *Edges) Of(f *Facts, i int) (edge Edge, ok bool) {
	s, p := f.Trace.Span(i), f.Trace.Parent(i)
	if server := e.server(f, i); server >= 0 {
		if e.wraps(f, i, server) {
			return Edge{}, false
		}
		return Edge{From: e.shown.of(s), To: e.shown.of(f.Trace.Span(server)), Server: server}, true
	}
	if k := f.Kind(i); (k == trace.KindClient || k == trace.KindProducer) && !e.callee(f, i) {
		to := f.Peer(i, &e.c)
		ours := ""
		if class := f.Class(i); class == semconv.ClassHTTP || class == semconv.ClassRPC {
			ours = f.OurService(to)
		}
		switch {
		case to == "" || to == s.Service() || ours == s.Service() && ours != "":
		case ours != "":
			return Edge{From: e.shown.of(s), To: once(e.peers, ours, secrets.Masked), Server: -1}, true
		default:
			return Edge{From: e.shown.of(s), To: once(e.peers, to, secrets.Masked), Server: -1, Peer: true}, true
		}
	}
	if !entered(f, i) {
		return Edge{}, false
	}
	// What a client's call went through on its way is part of that call; a second request of the same client is another one.
	if server := e.server(f, p); server == i || server >= 0 && f.Kind(i) != trace.KindServer {
		return Edge{}, false
	}
	return Edge{From: e.shown.of(f.Trace.Span(p)), To: e.shown.of(s), Server: i}, true
}

// wraps reports whether the call of client i, which that span served, is that of another client of its service too, nearer
// to the server: a library that calls through another one, or a request that one span was made of. The call is the nearest.
func (e *Edges) wraps(f *Facts, i, server int) bool {
	service := f.Trace.Span(i).ServiceSymbol()
	for up := f.Trace.Parent(server); up > i; up = f.Trace.Parent(up) {
		if f.Trace.Span(up).ServiceSymbol() == service && e.server(f, up) == server {
			return true
		}
	}
	return false
}

// server returns the span that served the call of client i, -1 where there is none.
func (e *Edges) server(f *Facts, i int) int {
	if server := f.Server(i); server >= 0 || f.Kind(i) != trace.KindClient {
		return server
	}
	for c := range f.Children(i) {
		if e.callee(f, c) {
			return c
		}
	}
	return -1
}

// callee reports whether span i is a call by the name of what is called. Some tracers give a database or a cache as a
// service of its own: it is entered from another service and does nothing but make calls, each of which is one to itself.
func (e *Edges) callee(f *Facts, i int) bool {
	if !entered(f, i) {
		return false
	}
	if e.of != f {
		e.of = f
		e.works = make(map[trace.Symbol]bool, len(e.works))
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			if k := f.Kind(i); k != trace.KindClient && k != trace.KindProducer {
				e.works[f.Trace.Span(i).ServiceSymbol()] = true
			}
		}
	}
	return !e.works[f.Trace.Span(i).ServiceSymbol()]
}

// entered reports whether the parent of span i is of another service.
func entered(f *Facts, i int) bool {
	p := f.Trace.Parent(i)
	return p >= f.Trace.First() && f.Trace.Span(p).ServiceSymbol() != f.Trace.Span(i).ServiceSymbol()
}

// String writes the edge as the group of statistics that it is: "gateway → cart".
func (e Edge) String() string { return e.From + Arrow + e.To }

// Arrow is what stands between the ends of an edge.
const Arrow = " → "

// Ends takes the name of an edge apart where it is cut to fit; it is not ok where that is none.
func Ends(name string) (from, to string, ok bool) { return strings.Cut(name, Arrow) }

// shownServices are the names of services as they may be shown, by their names: looking for secrets costs more than
// remembering where there are none.
type shownServices map[string]string

func (n shownServices) of(s trace.Span) string {
	return once(n, s.Service(), secrets.Masked)
}
