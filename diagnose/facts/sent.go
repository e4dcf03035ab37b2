package facts

import "regexp"

// neverSent are the messages of failures before a request left: no connection, no address, no handshake.
var neverSent = regexp.MustCompile(`(?i)connect(ion)? (ETIMEDOUT|time(d)?[ -]?out)|connect[ _.-]?time(d)?[ -]?out|dial (tcp|udp)|handshake|` +
	`ECONNREFUSED|connection refused|ENOTFOUND|EAI_AGAIN|no such host|unresolved ?address|unknown ?host|EHOSTUNREACH|ENETUNREACH`)

// NeverSent tells whether call i failed before its callee could have seen it: while connecting, or looking the name
// up. What it asked for did not happen.
func (f *Facts) NeverSent(i int) bool {
	var c Canonical
	f.Canonical(i, &c)
	if neverSent.MatchString(c.Text(ErrorType)) {
		return true
	}
	for _, text := range ErrorText(f.Trace.Span(i), &c) {
		if neverSent.MatchString(text[:min(len(text), 512)]) {
			return true
		}
	}
	return false
}
