package semconv

import (
	"net/netip"
	"strings"

	"tracefall/diagnose/lex"
)

// PeerAddress returns the host name or IP address that a call went to, lower case, without port and user
// information; "" where the span names none.
func PeerAddress(c *Canonical) string {
	if authority, ok := Authority(c.Value(URLFull).Text()); ok {
		if host := BareHost(authority); host != "" {
			return host
		}
	}
	return BareHost(c.Text(PeerHost))
}

// Authority returns what stands behind the scheme of a URL, up to its path; ok is false for a text without a scheme.
func Authority(url string) (authority string, ok bool) {
	_, rest, ok := strings.Cut(url, "://")
	return rest[:lex.Until(rest, "/?#")], ok
}

// withoutUser cuts the user information off an authority.
func withoutUser(authority string) string { return authority[strings.LastIndexByte(authority, '@')+1:] }

// BareHost strips an authority to its host: "user@Example.org:443" is example.org, "[::1]:80" is ::1.
func BareHost(authority string) string {
	authority = withoutUser(authority)
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

// PublicHost reports whether a host is reached over the public internet as far as its name can tell: a public
// address, or a DNS name that is not a cluster's, a private network's or an internal load balancer's.
func PublicHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsGlobalUnicast() && !addr.IsPrivate() && !sharedSpace.Contains(addr.Unmap())
	}
	last := strings.LastIndexByte(host, '.')
	if last <= 0 || last == len(host)-1 || privateLabels[host[last+1:]] || strings.HasPrefix(host, "internal-") {
		return false
	}
	if label := host[last+1:]; lex.Run(label, lex.Lower) < len(label) {
		return strings.HasPrefix(label, "xn--")
	}
	return len(host)-last > 2 && !strings.Contains(host, ".svc.")
}

// FoldedService folds the spellings of one name: "Payment_Service" and "payment-service".
func FoldedService(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

// PeerServiceName returns the name of the peer service; of Istio's clusters, "outbound|80||svc.ns.svc.cluster.local",
// the first label of the host.
func PeerServiceName(c *Canonical) string {
	name := c.Text(PeerService)
	if parts := strings.Split(name, "|"); len(parts) == 4 {
		name, _, _ = strings.Cut(parts[3], ".")
	}
	return name
}

// DatabasePeer returns the database that a span calls: its system and namespace, "" where the span names neither.
func DatabasePeer(c *Canonical) string {
	peer := strings.ToLower(c.Text(DBSystem))
	if ns := c.Text(DBNamespace); ns != "" {
		peer += "/" + ns
	}
	return peer
}

// CleanHost normalises the authority of a URL or an address: user information and a default port go, an IP literal
// becomes "".
func CleanHost(authority string) string {
	host := strings.ToLower(withoutUser(authority))
	if isAddress(host) {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(host, ":80"), ":443"), ".")
}

// isAddress reports whether host is an IP literal, with a port or without. A name is recognised by its first letter: that
// of an IPv6 address is in front of a colon or in brackets, and errors of netip cost memory at every URL.
func isAddress(host string) bool {
	if host == "" || (host[0] != '[' && (host[0] < '0' || host[0] > '9') && strings.Count(host, ":") < 2) {
		return false
	}
	if _, err := netip.ParseAddrPort(host); err == nil {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}
