package failure

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Origins lists the spans where the failure of the trace began: from a failed first span down along spans
// that failed and were waited for, those below which nothing failed any more. Errors that somebody above survived
// are not among them.
//
//	gateway ✗ --> orders ✗ --> SELECT ✗        the origin
//	          --> cache ok --> GET ✗           survived
//
// A span without a status that only encloses a failed one, with no failed sibling, is passed through: frameworks
// leave the spans of their middleware unset.
func Origins(f *facts.Facts) []int {
	t := f.Trace
	if t.Errors() == 0 && !f.Failed(t.Root().Index()) {
		return nil
	}
	const (
		carries = 1 << iota // the failure came through here
		above               // it failed further down, and this span does not say
		below               // it came from below
		sibling             // a direct child failed
	)
	state := make([]uint8, t.Len())
	for i := t.First(); i < t.Len(); i++ {
		if p := t.Parent(i); p >= t.First() && f.Failed(i) {
			state[p] |= sibling
		}
	}
	for i := t.First(); i < t.Len(); i++ {
		p := t.Parent(i)
		top := p < t.First()
		if !top && (state[p]&(carries|above) == 0 || f.Timing.Async(i)) {
			continue
		}
		switch {
		case f.Failed(i):
			state[i] |= carries
		case !top && state[p]&sibling == 0 && f.Class(i).Bare() && t.Span(i).Status() == trace.StatusUnset:
			state[i] |= above
		}
	}
	var origins []int
	for i := t.Len() - 1; i >= t.First(); i-- {
		if state[i]&carries != 0 && state[i]&below == 0 {
			origins = append(origins, i)
		}
		if p := t.Parent(i); p >= t.First() && (state[i]&carries != 0 || state[i]&below != 0) {
			state[p] |= below
		}
	}
	slices.Reverse(origins)
	return origins
}

// PeerOf returns whom the failure of span i is about, as the texts of its error name it: "redis:6379" of
// "connect ECONNREFUSED redis:6379"; "" where they name nobody.
func PeerOf(f *facts.Facts, i int, c *semconv.Canonical) string {
	switch f.Failure(i) {
	case semconv.ErrorTimeout, semconv.ErrorRefused, semconv.ErrorReset, semconv.ErrorPool, semconv.ErrorOther:
	default:
		return ""
	}
	f.Canonical(i, c)
	for _, text := range semconv.ErrorTexts(f.Trace.Span(i), c) {
		if peer := addressIn(text); peer != "" {
			return peer
		}
	}
	return ""
}

var (
	address  = regexp.MustCompile(`([A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9])?):(\d{2,5})\b`)
	lookedUp = regexp.MustCompile(`(?i)(?:lookup|ENOTFOUND|no such host:?) ([A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9])?)`)
	sourceAt = regexp.MustCompile(`(?i)\.(go|js|ts|py|java|rb|rs|cs|cpp|c|kt|php|scala|ex|mjs|cjs)$`)
)

// addressIn finds the address that an error's message is about. Of "read tcp 10.0.0.1:53422->10.0.0.5:6379" it is
// the far end; of a failed lookup it is the name that was looked up, not the resolver.
func addressIn(text string) string {
	const most = 400 // bytes: what follows is a stack trace
	text = text[:min(len(text), most)]
	if m := lookedUp.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1])
	}
	if _, far, ok := strings.Cut(text, "->"); ok {
		text = far
	}
	for _, m := range address.FindAllStringSubmatch(text, -1) {
		host := strings.ToLower(m[1])
		if sourceAt.MatchString(host) || !isHost(host) {
			continue
		}
		return host + ":" + m[2]
	}
	return ""
}

// isHost: a name has a letter; what is digits only is a time of day unless it is an address.
func isHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyz")
}
