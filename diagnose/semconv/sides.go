package semconv

import (
	"strings"

	"tracefall/sources/trace"
)

// KindOf returns the span's kind. What an export leaves open or calls internal is inferred: from what the span is, and
// from who runs around it, since a parent in one service with its child in another is a call whatever they are called.
// A service that calls every span internal says no more than one that leaves the kinds out; recorded tells that the
// span's service does better.
func KindOf(span trace.Span, c *Canonical, class Class, recorded bool) trace.Kind {
	k := span.Kind()
	if k != trace.KindUnspecified && k != trace.KindInternal {
		return k
	}
	unsaid := k == trace.KindUnspecified || !recorded
	switch class {
	case ClassSQL, ClassCache, ClassNoSQL:
		if unsaid || span.End() == span.Index()+1 {
			return trace.KindClient // one that is called internal and has spans below it wraps the call
		}
	case ClassMessage:
		if unsaid {
			return messageSide(c)
		}
	case ClassHTTP:
		return httpSide(span, c, unsaid)
	case ClassRPC:
		side := sideOf(span, class)
		if side == trace.KindInternal && unsaid && span.Parent() >= span.Trace().First() && (c.Has(PeerHost) || c.Has(PeerService)) {
			return trace.KindClient
		}
		return side
	case ClassInternal:
		return sideOf(span, class)
	default:
	}
	return trace.KindInternal
}

func messageSide(c *Canonical) trace.Kind {
	switch op := strings.ToLower(c.Text(MsgOperation)); {
	case op == "publish" || op == "send" || op == "create":
		return trace.KindProducer
	case op == "receive" || op == "process" || op == "deliver":
		return trace.KindConsumer
	}
	return trace.KindInternal
}

// httpSide tells which side of a request a span is. A path alone is what a server knows, a full URL what a caller
// does. What is called internal is so, unless services say otherwise: middleware carries the request's attributes too.
func httpSide(span trace.Span, c *Canonical, unsaid bool) trace.Kind {
	top := span.Parent() < span.Trace().First()
	path := (c.Has(Route) || c.Has(URLPath)) && (top || span.Kind() == trace.KindUnspecified)
	switch side := sideOf(span, ClassHTTP); {
	case side == trace.KindServer, unsaid && (path && !c.Has(URLFull) || isEntry(span) || asked(span, c)):
		return trace.KindServer
	case side == trace.KindClient, unsaid && c.Has(URLFull):
		return trace.KindClient
	}
	return trace.KindInternal
}

// asked reports whether a trace begins with a request for the span's own service, as its URL names it.
func asked(span trace.Span, c *Canonical) bool {
	if span.Parent() >= span.Trace().First() || span.Service() == "" {
		return false
	}
	label, _, _ := strings.Cut(PeerAddress(c), ".")
	return FoldedService(label) == FoldedService(span.Service())
}

// sideOf tells which side of a call a span is by the services around it.
//
//	gateway  GET /          the first span of its service: it was asked, whatever it calls itself
//	  gateway  charge       its only child runs in another service: the call
//	    payment  POST /     its parent runs in another service: it was served
//
// Where neither neighbour says so, it is what a sibling of its name soon after it is: an attempt that never reached the
// server is a call as much as the next one. Otherwise nothing is known.
func sideOf(span trace.Span, class Class) trace.Kind {
	const reach = 16 // siblings
	t, p := span.Trace(), span.Parent()
	if p >= t.First() && apart(t.Span(p), span) {
		if t.Span(p).Kind() == trace.KindProducer || span.FollowsFrom() {
			return trace.KindInternal // handed over, not asked for
		}
		return trace.KindServer
	}
	if calls(span, class) {
		return trace.KindClient
	}
	if p < 0 || span.End() > span.Index()+1 || class == ClassInternal && !span.Error() {
		return trace.KindInternal
	}
	for n, k := 0, span.End(); n < reach && k < t.End(p); n, k = n+1, t.End(k) {
		if s := t.Span(k); s.NameSymbol() == span.NameSymbol() && s.ServiceSymbol() == span.ServiceSymbol() && calls(s, class) {
			return trace.KindClient
		}
	}
	return trace.KindInternal
}

// calls reports whether a span that was not asked from elsewhere is the caller's side of a call: its children run in another
// service, and nothing says that it does more than call. The first span of a trace is more likely a request that somebody
// made than a call, unless the callee goes by its name; so is a function that carries nothing but a name and has several
// children.
func calls(span trace.Span, class Class) bool {
	t, first := span.Trace(), span.Index()+1
	if first >= span.End() {
		return false
	}
	asks := func(k int) bool {
		return elsewhere(span, k) && !t.Span(k).FollowsFrom() && t.Span(k).Kind() != trace.KindConsumer
	}
	alone, top := t.End(first) == span.End(), span.Parent() < t.First()
	if top || class == ClassInternal {
		return alone && asks(first) && (!top || t.Span(first).NameSymbol() == span.NameSymbol())
	}
	for k := first; k < span.End(); k = t.End(k) {
		if asks(k) {
			return true
		}
	}
	return false
}

// elsewhere reports whether child k of a span runs in another service.
func elsewhere(span trace.Span, k int) bool { return apart(span, span.Trace().Span(k)) }

// apart reports whether two spans run in different services. A span that names none may run anywhere.
func apart(a, b trace.Span) bool {
	return a.ServiceSymbol() != b.ServiceSymbol() && a.Service() != "" && b.Service() != ""
}

// isEntry reports whether a trace begins with the span and its service works beneath it: that was asked for, where a
// call would have its server beneath it or nothing.
func isEntry(span trace.Span) bool {
	t := span.Trace()
	return span.Parent() < t.First() && span.End() > span.Index()+1 && !elsewhere(span, span.Index()+1)
}

// WorksBelow reports whether a child of the span runs in the span's own service: what the span stands for is done there.
func WorksBelow(span trace.Span) bool {
	t := span.Trace()
	for k := span.Index() + 1; k < span.End(); k = t.End(k) {
		if !elsewhere(span, k) {
			return true
		}
	}
	return false
}

// KindRecorders returns the services that record the kinds of their spans.
func KindRecorders(set *trace.Set) map[trace.Symbol]bool {
	services := map[trace.Symbol]bool{}
	known := make([]bool, set.Resources())
	for n := range set.Len() {
		t := set.Trace(n)
		for i := t.First(); i < t.Len(); i++ {
			s := t.Span(i)
			if k := s.Kind(); k == trace.KindUnspecified || k == trace.KindInternal || known[s.Resource().Index()] {
				continue
			}
			known[s.Resource().Index()] = true
			services[s.ServiceSymbol()] = true
		}
	}
	return services
}

// HandedOver reports whether the parent left work for later instead of waiting for it. A synthetic root did not: what
// stands under it is a piece of the trace, whatever it follows from.
func HandedOver(parent, child trace.Span) bool {
	if parent.Synthetic() {
		return false
	}
	return parent.Kind() == trace.KindProducer && child.Kind() == trace.KindConsumer || child.FollowsFrom()
}
