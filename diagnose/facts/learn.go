package facts

import (
	"strings"

	"tracefall/sources/trace"
)

// learned knows the places in URL paths that hold values although no rule of partPattern sees it: where, behind one
// method, host and prefix, many values occur and most of them once.
type learned struct {
	places map[place]*variety
}

// place is a position in a path: everything before it, already normalised.
type place struct{ method, host, prefix string }

// variety counts the values at a place.
type variety struct {
	counts     map[string]bool // value -> seen more than once
	distinct   int
	singletons int
}

// A place varies from so many distinct values on, of which so large a share occurs once.
const (
	learnDistinct = 10
	learnSingle   = 0.8
	learnMost     = 1000 // distinct values remembered a place
)

// learn reads the URLs of the set's calls that have no route, and leaves them in urls, by their text.
func learn(set *trace.Set, fields *Fields, urls map[string]URL) *learned {
	l := &learned{places: map[place]*variety{}}
	var c Canonical
	if !carriesURL(set) {
		return l
	}
	for i := range set.Len() {
		t := set.Trace(i)
		for k := t.First(); k < t.Len(); k++ {
			fields.Read(t.Span(k), &c)
			text := c.Value(URLFull).Text()
			if text == "" {
				text = c.Value(URLPath).Text()
			}
			if text == "" || c.Has(Route) {
				continue
			}
			u, known := urls[text]
			if !known {
				u = parseURL(text)
				urls[text] = u
			}
			l.add(strings.ToUpper(c.Text(HTTPMethod)), u)
		}
	}
	return l
}

func carriesURL(set *trace.Set) bool {
	for _, names := range [...]Field{URLFull, URLPath} {
		for _, name := range spellings[names] {
			if _, ok := set.Symbol(name); ok {
				return true
			}
		}
	}
	return false
}

// add counts the segments of a path but for the first: what stands there is the name of a resource.
func (l *learned) add(method string, u URL) {
	for from, to := range segments(u.Path) {
		if from == 0 {
			continue
		}
		p := place{method, u.Host, u.Path[:from]}
		v := l.places[p]
		if v == nil {
			v = &variety{counts: map[string]bool{}}
			l.places[p] = v
		}
		v.add(u.Path[from:to])
	}
}

// segments yields where each segment of a path begins, with its slash, and ends.
func segments(path string) func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		for from := 0; from < len(path); {
			to := len(path)
			if n := strings.IndexByte(path[from+1:], '/'); n >= 0 {
				to = from + 1 + n
			}
			if !yield(from, to) {
				return
			}
			from = to
		}
	}
}

func (v *variety) add(value string) {
	again, known := v.counts[value]
	switch {
	case !known && len(v.counts) < learnMost:
		v.counts[value] = false
		v.distinct++
		v.singletons++
	case known && !again:
		v.counts[value] = true
		v.singletons--
	}
}

func (v *variety) varies() bool {
	return v.distinct >= learnDistinct && float64(v.singletons) >= learnSingle*float64(v.distinct)
}

// path returns the path with the segments that vary replaced by {var}, and the hash of all values taken out.
func (l *learned) path(method string, u URL) (path string, params uint64) {
	if len(l.places) == 0 {
		return u.Path, u.Params
	}
	var b strings.Builder
	h := paramHash{u.Params}
	for from, to := range segments(u.Path) {
		segment := u.Path[from:to]
		v := l.places[place{method, u.Host, u.Path[:from]}]
		if v != nil && v.varies() && !strings.HasPrefix(segment, "/{") {
			h.add(segment)
			segment = "/{var}"
		}
		b.WriteString(segment)
	}
	return b.String(), h.sum
}

// documentKeys returns a document query with its values taken out:
// {"post_id": 17, "a": {"$gt": 3}} gives {post_id: ?, a: {$gt: ?}}.
func documentKeys(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(text))
			rest := strings.TrimLeft(text[min(end+1, len(text)):], " \t\n")
			if strings.HasPrefix(rest, ":") {
				b.WriteString(text[i+1 : end])
			} else {
				b.WriteByte('?')
			}
			i = end
		case c == '{' || c == '}' || c == '[' || c == ']':
			b.WriteByte(c)
		case c == ':':
			b.WriteString(": ")
		case c == ',':
			b.WriteString(", ")
		case isWord(c) || c == '-' || c == '.':
			for i+1 < len(text) && (isWord(text[i+1]) || text[i+1] == '.' || text[i+1] == '-' || text[i+1] == '+') {
				i++
			}
			b.WriteByte('?')
		}
	}
	keys := b.String()
	for strings.Contains(keys, "?, ?") { // lists are one whatever their length; this halves them
		keys = strings.ReplaceAll(keys, "?, ?", "?")
	}
	return keys
}
