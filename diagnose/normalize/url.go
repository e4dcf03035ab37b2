package normalize

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/diagnose/semconv"
)

// URL is what is left of a URL when the values in it are taken out.
type URL struct {
	Host     string // lower case, without a default port; "" for an IP literal, so that replicas are one host
	Path     string // segments normalised, "/" at least where there was a URL
	Query    string // the keys in order: "?id=*&limit=*", "" for none
	Redacted bool   // a segment or a value was masked by the exporter: equal URLs may differ
	learned  uint8  // how often its path was learned, at most twice
	Params   uint64 // hash of the values taken out of path and query, 0 for none
}

// Template returns path and query keys.
func (u URL) Template() string { return u.Path + u.Query }

// ParseURL normalises a full URL, or a path with a query. Every text gives a result.
func ParseURL(text string) URL {
	var u URL
	h := Params{}
	host, path, query := splitURL(text)
	if host != "" {
		u.Host = semconv.CleanHost(host)
	}
	u.Path = u.cutPath(path, &h)
	if query != "" {
		u.Query = u.cutQuery(query, &h)
	}
	u.Params = h.Sum
	return u
}

// splitURL cuts a URL into its authority, path and query; the fragment is left out.
func splitURL(text string) (authority, path, query string) {
	rest := text
	if scheme := strings.Index(rest, "://"); scheme >= 0 && scheme < 12 {
		rest = rest[scheme+3:]
		end := lex.Until(rest, "/?#")
		authority, rest = rest[:end], rest[end:]
	}
	rest, _, _ = strings.Cut(rest, "#")
	path, query, _ = strings.Cut(rest, "?")
	return authority, path, query
}

func (u *URL) cutPath(path string, h *Params) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, values, ok := strings.Cut(part, ";"); ok { // matrix parameters, such as ;jsessionid=
			h.Add(values)
			part, parts[i] = name, name
		}
		as := pathPart(part)
		u.Redacted = u.Redacted || as == "{redacted}"
		if as != part {
			h.Add(part)
		}
		parts[i] = as
	}
	return cmp.Or(strings.Join(parts, "/"), "/")
}

// tokens appends the segments of the path of a URL that text gave, each with the slash in front of it.
func (u URL) tokens(text string, list []token) []token {
	_, raw, _ := splitURL(text)
	as := u.Path
	for raw != "" && as != "" {
		r, a := partEnd(raw, "/", false), partEnd(as, "/", false)
		name, ending := extension(raw[:r], as[:a])
		list = append(list, token{raw[:r-ending], as[:name]})
		if ending > 0 {
			list = append(list, token{as[name:a], as[name:a]})
		}
		raw, as = raw[r:], as[a:]
	}
	if as != "" { // the root of a URL without a path
		list = append(list, token{as, as})
	}
	return list
}

// extension tells where the extension of a file's name begins in a segment without its value, and how long it is; 0 for none.
func extension(raw, as string) (name, length int) {
	dot := strings.LastIndexByte(as, '.')
	if dot < 2 || len(as)-dot > 6 || strings.ContainsAny(as[dot:], "{}") || !strings.HasSuffix(raw, as[dot:]) || len(raw) <= len(as)-dot {
		return len(as), 0
	}
	return dot, len(as) - dot
}

// pathPart is partPattern, but a file name with an extension stays unless the name is an id: what is behind report2024.pdf
// is one document, what is behind 42.json is one of many. Parts of which several are joined are taken one by one.
func pathPart(part string) string {
	if strings.IndexByte(part, '%') >= 0 {
		if plain, err := url.PathUnescape(part); err == nil && !strings.ContainsAny(plain, "/%") {
			if as := pathPart(plain); as != plain {
				return as
			}
		}
		return part
	}
	if dot := strings.LastIndexByte(part, '.'); dot > 0 && len(part)-dot <= 6 && !lex.AllDigits(part[dot+1:]) && !strings.Contains(part, "@") {
		if as := partPattern(part[:dot]); idKinds[as] {
			return as + part[dot:]
		}
		return part
	}
	if as := partPattern(part); as != part || !strings.ContainsAny(part, joiners) {
		return as
	}
	var b strings.Builder
	for part != "" {
		end := lex.Until(part, joiners)
		next := min(end+1, len(part))
		b.WriteString(partPattern(part[:end]) + part[end:next])
		part = part[next:]
	}
	return b.String()
}

// joiners join several values in one segment: user:42, 52.52,13.4, id=7.
const joiners = ":,=~|!"

func (u *URL) cutQuery(query string, h *Params) string {
	var keys []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key == "" {
			continue
		}
		u.Redacted = u.Redacted || hiddenValue(value)
		h.Add(value)
		keys = append(keys, partPattern(key)+"=*")
	}
	if len(keys) == 0 {
		return ""
	}
	slices.Sort(keys)
	return "?" + strings.Join(slices.Compact(keys), "&")
}

// hiddenValue reports whether the value of a query was masked by the exporter: OpenTelemetry writes REDACTED.
func hiddenValue(value string) bool {
	return value == "REDACTED" || value == "[Filtered]" || value == "%5BFiltered%5D" || value != "" && strings.Trim(value, "*") == ""
}
