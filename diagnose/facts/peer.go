package facts

import (
	"net/netip"
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/sources/trace"
)

// PeerAddress returns the host name or IP address that a call went to, lower case, without port and user
// information; "" where the span names none.
func PeerAddress(c *Canonical) string {
	if text := c.Value(URLFull).Text(); strings.Contains(text, "://") {
		_, rest, _ := strings.Cut(text, "://")
		if end := strings.IndexAny(rest, "/?#"); end >= 0 {
			rest = rest[:end]
		}
		if host := bareHost(rest); host != "" {
			return host
		}
	}
	return bareHost(c.Text(PeerHost))
}

// bareHost strips an authority to its host: "user@Example.org:443" is example.org, "[::1]:80" is ::1.
func bareHost(authority string) string {
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		authority = authority[at+1:]
	}
	if addr, err := netip.ParseAddrPort(authority); err == nil {
		return addr.Addr().String()
	}
	if addr, err := netip.ParseAddr(strings.Trim(authority, "[]")); err == nil {
		return addr.String()
	}
	host, _, _ := strings.Cut(strings.ToLower(authority), ":")
	return strings.TrimSuffix(host, ".")
}

// privateLabels are last labels of names that no public DNS resolves: those reserved for private use, and what
// clusters and companies call their environments.
var privateLabels = lex.Set("local localhost internal intranet private lan corp home svc cluster consul docker kube localdomain " +
	"arpa invalid prod production staging stage stg qa dev-local test default")

// sharedSpace is what providers and clusters give to hosts behind their own routers: RFC 6598.
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// publicHost tells whether a host is reached over the public internet as far as its name can tell: a public
// address, or a DNS name that is not a cluster's, a private network's or an internal load balancer's.
func publicHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsGlobalUnicast() && !addr.IsPrivate() && !sharedSpace.Contains(addr.Unmap())
	}
	last := strings.LastIndexByte(host, '.')
	if last <= 0 || last == len(host)-1 || privateLabels[host[last+1:]] || strings.HasPrefix(host, "internal-") {
		return false
	}
	for i := last + 1; i < len(host); i++ {
		if host[i] < 'a' || host[i] > 'z' {
			return strings.HasPrefix(host[last+1:], "xn--")
		}
	}
	return len(host)-last > 2 && !strings.Contains(host, ".svc.")
}

// External tells whether a call to a host leaves what the operators of the traced services run: the host is public,
// none of the services that emitted spans has its name, and none was asked under its domain.
func (f *Facts) External(host string) bool {
	if !publicHost(host) || f.Ops.domains[domainOf(host)] {
		return false
	}
	label, _, _ := strings.Cut(host, ".")
	return !f.Ops.own[serviceName(host)] && (genericLabels[label] || !f.Ops.own[serviceName(label)])
}

// ServiceLabel returns the first label of a host that may be the name of one of our services: "payment" of
// payment.prod.svc.cluster.local, "" of api.example.org although we have a service "api".
func (f *Facts) ServiceLabel(host string) string {
	if f.External(host) {
		return ""
	}
	first, _, _ := strings.Cut(host, ".")
	return first
}

// genericLabels begin the host names of everyone's services: api.example.org is not our service "api".
var genericLabels = lex.Set("api www web app apps gateway rest graphql mail auth login oauth id accounts cdn events data eu us")

func services(set *trace.Set) map[string]bool {
	names := map[string]bool{}
	for i := range set.Resources() {
		names[serviceName(set.Resource(i).Service())] = true
	}
	return names
}

// serviceName folds the spellings of one name: "Payment_Service" and "payment-service".
func serviceName(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }
