package normalize

import (
	"cmp"
	"strings"

	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Learned knows what stands at the places of the paths and cache keys of a set.
type Learned struct {
	paths map[string]*root // by host, or by the service that knows none
	keys  map[string]*root // by database system and namespace

	queues map[string]*root // by messaging system
	names  map[named]string // what the names of spans become, as far as what stands beside them tells
}

// root is where paths or keys begin.
type root struct {
	position
	changes bool // some token becomes another
}

// Learn reads the URLs of the set's calls that have no route and the keys of its caches, and leaves the URLs in urls, by
// their text.
func Learn(set *trace.Set, urls map[string]URL) *Learned {
	l := &Learned{paths: map[string]*root{}, keys: map[string]*root{}, queues: map[string]*root{}, names: map[named]string{}}
	l.learnNames(set)
	if !semconv.Carries(set, semconv.URLFull, semconv.URLPath, semconv.DBSystem, semconv.MsgDestination) {
		return l
	}
	fields := semconv.NewFields(set, semconv.HTTPMethod, semconv.URLFull, semconv.URLPath, semconv.Route, semconv.DBSystem, semconv.DBQuery, semconv.DBNamespace, semconv.MsgSystem, semconv.MsgDestination)
	var c semconv.Canonical
	var tokens []token
	known := map[[2]string]uint8{} // commands by peer and text: how often they were learned
	for i := range set.Len() {
		t := set.Trace(i)
		for k := t.First(); k < t.Len(); k++ {
			s := t.Span(k)
			fields.ReadOwn(s, &c)
			switch {
			case (c.Has(semconv.URLFull) || c.Has(semconv.URLPath)) && !c.Has(semconv.Route):
				tokens = l.learnURL(s, &c, urls, tokens[:0], under(i, s))
			case c.Has(semconv.DBSystem) && semconv.Caches[strings.ToLower(c.Text(semconv.DBSystem))]:
				text := cmp.Or(c.Value(semconv.DBQuery).Text(), s.Name())
				at := [2]string{semconv.DatabasePeer(&c), text}
				if known[at] < 2 {
					known[at]++
					_, _, key := splitCommand(text)
					tokens = keyTokensOf(key, tokens[:0])
					rootOf(l.keys, at[0]).learn(tokens, under(i, s))
				}
			case c.Has(semconv.MsgDestination):
				at := [2]string{"\x00" + c.Text(semconv.MsgSystem), c.Text(semconv.MsgDestination)}
				if known[at] < 2 {
					known[at]++
					tokens = queueTokens(at[1], Name(at[1]), tokens[:0])
					r := rootOf(l.queues, c.Text(semconv.MsgSystem))
					r.named = true
					r.learn(tokens, under(i, s))
				}
			}
		}
	}
	for _, roots := range [...]map[string]*root{l.paths, l.keys, l.queues} {
		for _, r := range roots {
			r.changes = r.settle()
		}
	}
	return l
}

// under numbers the parent of a span of trace n, as far as spans of one set can be told apart by it.
func under(n int, s trace.Span) int64 { return int64(n)<<32 | int64(uint32(s.Parent()+1)) }

func (l *Learned) learnURL(s trace.Span, c *semconv.Canonical, urls map[string]URL, tokens []token, under int64) []token {
	text := cmp.Or(c.Value(semconv.URLFull).Text(), c.Value(semconv.URLPath).Text())
	if text == "" {
		return tokens
	}
	u, known := urls[text]
	if !known {
		u = ParseURL(text)
	}
	if u.Host != "" {
		if u.learned >= 2 {
			return tokens
		}
		u.learned++
		urls[text] = u
	} else if !known {
		urls[text] = u
	}
	tokens = u.tokens(text, tokens)
	rootOf(l.paths, pathRoot(s, u)).learn(tokens, under)
	return tokens
}

// pathRoot names where a URL's path begins. Paths of different services have nothing to do with each other where no host
// keeps them apart.
func pathRoot(s trace.Span, u URL) string {
	if u.Host == "" {
		return "\x00" + s.Service()
	}
	return u.Host
}

func rootOf[K comparable](roots map[K]*root, name K) *root {
	r := roots[name]
	if r == nil {
		r = &root{}
		roots[name] = r
	}
	return r
}

func keyTokensOf(key string, tokens []token) []token {
	if key != "" {
		keyTokens(key, func(raw, as string) { tokens = append(tokens, token{raw, as}) })
	}
	return tokens
}

// Path returns the path of the URL that text gave without its values, and the hash of all values taken out.
func (l *Learned) Path(s trace.Span, text string, u URL) (path string, params uint64) {
	r := l.paths[pathRoot(s, u)]
	if r == nil || !r.changes {
		return u.Path, u.Params
	}
	h := Params{u.Params}
	path = r.apply(u.tokens(text, nil), &h)
	return path, h.Sum
}

// Command returns a cache command without the values in its key.
func (l *Learned) Command(peer, text, pattern string) string {
	r := l.keys[peer]
	if r == nil || !r.changes {
		return pattern
	}
	pipeline, verb, key := splitCommand(text)
	if key == "" {
		return pattern
	}
	var h Params
	key = r.apply(keyTokensOf(key, nil), &h)
	return pipeline + verb + " " + key
}

// named is a name of a service's spans.
type named struct{ service, name trace.Symbol }

// learnNames finds the names of a set that become others by what stands beside them.
func (l *Learned) learnNames(set *trace.Set) {
	const (
		unknown = iota
		plain
		valued
	)
	type entry struct {
		as   string
		seen uint8
	}
	sorts := make([]uint8, set.Symbols())
	roots := map[trace.Symbol]*root{}
	names := map[named]entry{}
	var tokens []token
	for i := range set.Len() {
		t := set.Trace(i)
		for k := t.First(); k < t.Len(); k++ {
			s := t.Span(k)
			symbol := s.NameSymbol()
			if sorts[symbol] == plain {
				continue
			}
			at, name := named{s.ServiceSymbol(), symbol}, s.Name()
			if sorts[symbol] == unknown {
				if sorts[symbol] = plain; len(nameTokens(name, name, tokens[:0])) == 0 {
					continue
				}
				sorts[symbol] = valued
			}
			e := names[at]
			switch e.seen {
			case 0:
				e.as = Name(name)
			case 2:
				continue
			}
			e.seen++
			names[at] = e
			tokens = nameTokens(name, e.as, tokens[:0])
			rootOf(roots, at.service).learn(tokens, under(i, s))
		}
	}
	for _, r := range roots {
		r.changes = r.settle()
	}
	for at, e := range names {
		l.names[at] = e.as
		if tokens = nameTokens(set.Text(at.name), e.as, tokens[:0]); len(tokens) > 0 {
			l.names[at] = roots[at.service].apply(tokens, &Params{})
		}
	}
}

// Name returns the name of a span without the values in it.
func (l *Learned) Name(s trace.Span) string {
	if len(l.names) > 0 {
		if as, ok := l.names[named{s.ServiceSymbol(), s.NameSymbol()}]; ok {
			return as
		}
	}
	return Name(s.Name())
}

// Destination returns the name of a queue or topic without the ids in it. Words stay however many there are: every queue
// has work of its own.
func (l *Learned) Destination(system, name string) string {
	as := Name(name)
	r := l.queues[system]
	if r == nil || !r.changes {
		return as
	}
	return r.apply(queueTokens(name, as, nil), &Params{})
}
