package normalize

import (
	"strings"

	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Names of spans hold ids where instrumentations put a path or an argument in them: "GET /users/alice",
// "loadUser(alice)", "find(name=alice)". There, and nowhere else in a name, many values that differ are parameters.

// nameTokens appends the tokens of a name with a path or an argument in it; as is the name without the values that their
// shape gives away. It adds none for other names.
//
//	GET /users/alice/cart   GET /users    /alice   /cart
//	loadUser(alice)         loadUser      (alice   )
func nameTokens(name, as string, list []token) []token {
	if semconv.IsRPCName(name) {
		return list
	}
	var seps string
	switch slash, paren := strings.IndexByte(name, '/'), strings.IndexByte(name, '('); {
	case slash == 0 || slash > 1 && name[slash-1] == ' ' && semconv.HTTPVerbs[name[:slash-1]]:
		seps = "/"
	case paren > 0 && strings.IndexByte(name[paren:], ')') > 1:
		seps = "(=)"
	default:
		return list
	}
	first := len(list)
	for name != "" && as != "" {
		raw, rest := partEnd(name, seps, len(list) == first), partEnd(as, seps, len(list) == first)
		list = append(list, token{name[:raw], wholeID(name[:raw], as[:rest])})
		name, as = name[raw:], as[rest:]
	}
	if name != "" || as != "" || len(list)-first < 2 {
		return list[:first]
	}
	return list
}

// wholeID takes the end off a pattern that left out dashes and underscores behind a value, which are a part of it here.
func wholeID(raw, as string) string {
	if raw != "" && strings.IndexByte("-_", raw[len(raw)-1]) >= 0 {
		if id := strings.TrimRight(as, "-_"); idKinds[bare(id)] {
			return id
		}
	}
	return as
}

// partEnd returns where the first part of a name ends: in front of the next separator; that of a path takes its first
// segment, which names a resource.
func partEnd(name, seps string, first bool) int {
	from := 1
	if first {
		if from = strings.IndexAny(name, seps); from < 0 {
			return len(name)
		}
		if seps != "/" {
			return from
		}
		from++
	}
	if n := strings.IndexAny(name[min(from, len(name)):], seps); n >= 0 {
		return from + n
	}
	return len(name)
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
	var sorts []uint8 // by symbol
	roots := map[trace.Symbol]*root{}
	names := map[named]entry{}
	var tokens []token
	for i := range set.Len() {
		t := set.Trace(i)
		for k := t.First(); k < t.Len(); k++ {
			s := t.Span(k)
			symbol := s.NameSymbol()
			for int(symbol) >= len(sorts) {
				sorts = append(sorts, make([]uint8, int(symbol)+1)...)
			}
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
			if roots[at.service] == nil {
				roots[at.service] = &root{}
			}
			tokens = nameTokens(name, e.as, tokens[:0])
			roots[at.service].learn(tokens, under(i, s))
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

// queueTokens appends the parts of the name of a queue; as is the name without the values that their shape gives away.
func queueTokens(name, as string, list []token) []token {
	const seps = ".:/"
	first := len(list)
	for name != "" && as != "" {
		raw, rest := partEnd(name, seps, false), partEnd(as, seps, false)
		list = append(list, token{name[:raw], wholeID(name[:raw], as[:rest])})
		name, as = name[raw:], as[rest:]
	}
	if name != "" || as != "" { // a value with a separator in it
		last := &list[first]
		for _, t := range list[first+1:] {
			last.raw, last.as = last.raw+t.raw, last.as+t.as
		}
		last.raw, last.as = last.raw+name, last.as+as
		list = list[:first+1]
	}
	return list
}
