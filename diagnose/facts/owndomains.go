package facts

import (
	"net/netip"
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// sharedDomains are those under which providers host what is anybody's.
var sharedDomains = lex.Set("amazonaws.com azurewebsites.net azure.com windows.net cloudapp.net herokuapp.com vercel.app netlify.app run.app appspot.com " +
	"cloudfunctions.net cloudfront.net fly.dev onrender.com github.io googleapis.com ngrok.io ngrok.app workers.dev pages.dev")

// noteDomain remembers the public domain that a serving span was asked under: what lies in it is ours.
func (o *Ops) noteDomain(kind trace.Kind, c *semconv.Canonical) {
	if kind != trace.KindServer {
		return
	}
	authority := c.Text(semconv.PeerHost)
	if of, ok := semconv.Authority(c.Value(semconv.URLFull).Text()); ok {
		authority = of
	}
	if _, known := o.asked[authority]; known {
		return
	}
	o.asked[authority] = struct{}{}
	host := semconv.BareHost(authority)
	if domain := domainOf(host); domain != "" && !sharedDomains[domain] && semconv.PublicHost(host) {
		o.domains[domain] = true
	}
}

// domainOf returns the last two labels of a host name, three where the last two are a country's "co.uk"; "" for a name
// without dots and for addresses.
func domainOf(host string) string {
	labels := strings.Split(host, ".")
	n := len(labels)
	if n < 2 || lex.AllDigits(labels[n-1]) || strings.Contains(host, ":") {
		return ""
	}
	keep := 2
	if n > 2 && len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 {
		keep = 3
	}
	return strings.Join(labels[n-keep:], ".")
}

// services returns the names of the services that emitted spans by their folded spellings.
func services(set *trace.Set) map[string]string {
	names := map[string]string{}
	for i := range set.Resources() {
		name := set.Resource(i).Service()
		once(names, semconv.FoldedService(name), func(string) string { return name })
	}
	return names
}

// External reports whether a call to a host leaves what the operators of the traced services run: the host is public,
// none of the services that emitted spans has its name, and none was asked under its domain.
func (f *Facts) External(host string) bool {
	if !semconv.PublicHost(host) || f.Ops.domains[domainOf(host)] {
		return false
	}
	label, _, _ := strings.Cut(host, ".")
	return f.Ops.own[semconv.FoldedService(host)] == "" && (genericLabels[label] || f.Ops.own[semconv.FoldedService(label)] == "")
}

// genericLabels begin the host names of everyone's services: api.example.org is not our service "api".
var genericLabels = lex.Set("api www web app apps gateway rest graphql mail auth login oauth id accounts cdn events data eu us")

// ServiceLabel returns the first label of a host that may be the name of one of our services: "payment" of
// payment.prod.svc.cluster.local, "" of api.example.org although we have a service "api", and of an address.
func (f *Facts) ServiceLabel(host string) string {
	if _, err := netip.ParseAddr(host); err == nil || f.External(host) {
		return ""
	}
	first, _, _ := strings.Cut(host, ".")
	return first
}

// OurService returns the service of ours that an address is one of, with a port or without: "cart" of cart:7070 where a
// service of that name emitted spans, "" for none.
func (f *Facts) OurService(address string) string {
	host := semconv.BareHost(address)
	if name := f.Ops.own[semconv.FoldedService(host)]; name != "" {
		return name
	}
	return f.Ops.own[semconv.FoldedService(f.ServiceLabel(host))]
}
