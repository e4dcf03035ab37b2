package facts

import (
	"strings"
	"tracefall/diagnose/semconv"
)

// RouteFit says how the operation of a call and that of a server go together.
type RouteFit uint8

// The fits.
const (
	RouteUnknown RouteFit = iota // one of them names no method and no path
	RouteSame
	RouteOther
)

// Fits reports whether a server's operation can be what a call asked for: the same method, and a path that the
// server's route covers. "/users/{int}" of a caller and "/users/:id" of a server do.
func (o *Ops) Fits(call, server int32) RouteFit {
	a, b := o.Op(call), o.Op(server)
	if a.Class != b.Class || a.Class == semconv.ClassHTTP && a.Name != "" && b.Name != "" && a.Name != b.Name {
		return RouteOther
	}
	if o.Detail(call).Coarse || o.Detail(server).Coarse || a.Template == "" || b.Template == "" {
		return RouteUnknown
	}
	if a.Class == semconv.ClassHTTP && routeCovers(b.Template, a.Template) || a.Template == b.Template {
		return RouteSame
	}
	return RouteOther
}

// routeCovers reports whether a path is one of a route's: segment by segment, with placeholders for anything, and a
// star at the end for any rest. Queries do not count.
func routeCovers(route, path string) bool {
	route, _, _ = strings.Cut(route, "?")
	path, _, _ = strings.Cut(path, "?")
	want, got := strings.Split(strings.Trim(route, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for n, segment := range want {
		if strings.HasPrefix(segment, "*") && n == len(want)-1 || strings.HasPrefix(segment, "{") && strings.Contains(segment, "*") {
			return true
		}
		if n >= len(got) || segment != got[n] && !anySegment(segment) && !anySegment(got[n]) {
			return false
		}
	}
	return len(want) == len(got)
}

// anySegment: {id}, :id, <id>, *.
func anySegment(segment string) bool {
	return len(segment) > 0 && strings.IndexByte("{:<*[", segment[0]) >= 0
}
