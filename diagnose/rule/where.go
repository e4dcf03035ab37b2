package rule

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// whereOf returns the service and operation that a finding is about: those of its root cause, else of its first affected
// span or write, else of its anchor. What the detector set stays. The service is returned apart too.
func (a *Around) whereOf(f *Finding) (where, service string) {
	if f.Where != "" {
		if rest, ok := strings.CutPrefix(f.Where, f.Service); ok && (rest == "" || rest[0] == ' ') {
			service = f.Service
		}
		return f.Where, service
	}
	t, span := f.Trace, f.Anchor
	for _, role := range [...]Role{RoleCause, RoleOffender, RoleWrite} {
		if n := slices.IndexFunc(f.Evidence, func(e Evidence) bool { return e.Role == role }); n >= 0 {
			t, span = f.Evidence[n].Trace, f.Evidence[n].Span
			break
		}
	}
	of := a.FactsOf[t]
	if of == nil {
		return f.Service, f.Service
	}
	return Where(of, span), serving(of, span)
}

// Where names what span i does and who does it: the service that answers a call of another service, else its own.
func Where(f *facts.Facts, i int) string {
	return strings.TrimSpace(serving(f, i) + " " + Quoted(f.Op(i).Label()))
}

// serving returns the service that answers a call of another service, else that of the span itself.
func serving(f *facts.Facts, i int) string {
	op := f.Op(i)
	service := op.Service
	if f.Kind(i) == trace.KindClient && (op.Class == semconv.ClassHTTP || op.Class == semconv.ClassRPC) {
		if server := f.Server(i); server >= 0 {
			service = f.Op(server).Service
		} else if host, _, _ := strings.Cut(address(f, i), ":"); host != "" {
			service = cmp.Or(f.OurService(host), f.ServiceLabel(host), host)
		}
	}
	return service
}

// address returns whom client i calls: the peer of its operation, but not the interface of a procedure call, which is no
// name of a service.
func address(f *facts.Facts, i int) string {
	op := f.Op(i)
	if op.Class != semconv.ClassRPC {
		return op.Peer
	}
	var c semconv.Canonical
	f.Canonical(i, &c)
	return secrets.Masked(cmp.Or(semconv.PeerServiceName(&c), semconv.CleanHost(c.Text(semconv.PeerHost))))
}
