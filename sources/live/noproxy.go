package live

import (
	"cmp"
	"net/netip"
	"net/url"
	"strings"
)

// excepted reports whether a list of names, addresses and networks, as NO_PROXY gives it, holds the host of an address: *,
// example.com and .example.com with what lies below them, 10.1.2.3, 10.0.0.0/8, each with a port behind a colon or
// without.
func excepted(u *url.URL, list string) bool {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	port := portOf(u)
	address, err := netip.ParseAddr(host)
	isAddress := err == nil
	for _, one := range strings.FieldsFunc(strings.ToLower(list), func(r rune) bool { return r == ',' || r == ' ' }) {
		if one == "*" {
			return true
		}
		if network, err := netip.ParsePrefix(one); err == nil {
			if isAddress && network.Contains(address.Unmap()) {
				return true
			}
			continue
		}
		name, onlyPort := one, ""
		if at, err := netip.ParseAddrPort(one); err == nil {
			name, onlyPort = at.Addr().String(), one[strings.LastIndex(one, ":")+1:]
		} else if strings.Count(one, ":") == 1 {
			name, onlyPort, _ = strings.Cut(one, ":")
		}
		if onlyPort != "" && onlyPort != port {
			continue
		}
		if other, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
			if isAddress && other.Unmap() == address.Unmap() {
				return true
			}
			continue
		}
		name = strings.TrimPrefix(strings.TrimPrefix(name, "*"), ".")
		if name != "" && (host == name || strings.HasSuffix(host, "."+name)) {
			return true
		}
	}
	return false
}

// portOf is the port of an address, as its scheme has it where it gives none.
func portOf(u *url.URL) string {
	return cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}
