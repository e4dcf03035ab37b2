package facts

import (
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/sources/trace"
)

// sharedDomains are those under which providers host what is anybody's.
var sharedDomains = lex.Set("amazonaws.com azurewebsites.net azure.com windows.net cloudapp.net herokuapp.com vercel.app netlify.app run.app appspot.com " +
	"cloudfunctions.net cloudfront.net fly.dev onrender.com github.io googleapis.com ngrok.io ngrok.app workers.dev pages.dev")

// noteDomain remembers the public domain that a serving span was asked under: what lies in it is ours.
func (o *Ops) noteDomain(kind trace.Kind, c *Canonical) {
	if kind != trace.KindServer {
		return
	}
	authority := c.Text(PeerHost)
	if _, rest, ok := strings.Cut(c.Value(URLFull).Text(), "://"); ok {
		authority = rest
		if end := strings.IndexAny(rest, "/?#"); end >= 0 {
			authority = rest[:end]
		}
	}
	if _, known := o.asked[authority]; known {
		return
	}
	o.asked[authority] = struct{}{}
	host := bareHost(authority)
	if domain := domainOf(host); domain != "" && !sharedDomains[domain] && publicHost(host) {
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
